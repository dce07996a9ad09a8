/** What a link says of itself before it is pressed. */
import { visible } from '../../shared/visible';
import { type FilePlace, linkTarget } from './links';

/** Characters of an address and of a title that a tooltip shows. */
const maxAddress = 300;
const maxTitle = 200;

/**
 * What the pointer is told of a link: where it goes, in one line that begins with the host or the path, and only then
 * the title that it was given. What cannot be seen is written out, what is very long is cut in its middle.
 */
export function linkTooltip(address: string, title: string): string {
  const target = linkTarget(address);
  const place = target === null ? address : target.kind === 'web' ? webPlace(target.url) : filePlace(target);
  const shown = title.trim() === '' || title.trim() === address ? '' : `\n“${oneLine(title, maxTitle)}”`;
  return `${oneLine(place, maxAddress)}${shown}`;
}

/** A name before the host (`https://bank.example@evil.example`) stands behind the address, not before it. */
function webPlace(address: string): string {
  const url = new URL(address);
  const { username } = url;
  url.username = '';
  url.password = '';
  return username === '' ? url.href : `${oneLine(url.href, maxAddress - 100)} (as ${oneLine(username, 80)})`;
}

/** The same of a place that code names. */
export function placeTooltip(place: FilePlace): string {
  return oneLine(filePlace(place), maxAddress);
}

function filePlace({ path, line, column, end }: FilePlace): string {
  if (line === null) return path;
  return end === null ? `${path}:${line}${column === null ? '' : `:${column}`}` : `${path}:${line}-${end}`;
}

function oneLine(text: string, length: number): string {
  const line = visible(text.slice(0, 100_000)).replace(/\s+/g, ' ').trim();
  if (line.length <= length) return line;
  const end = Math.floor(length / 3);
  return `${line.slice(0, length - end - 1).toWellFormed()}…${line.slice(-end).toWellFormed()}`;
}
