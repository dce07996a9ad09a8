/** Reads `[…]` of a regular expression: characters, ranges, escapes and the named classes of POSIX; no sets within sets. */
import { type Member, type Node, type Range, RegexError, type RegexReader, readEscape } from './syntax';

/** ASCII, as in Rust: the first and last of each range. */
const named: Readonly<Record<string, string>> = {
  alnum: '09AZaz',
  alpha: 'AZaz',
  blank: '\t\t  ',
  digit: '09',
  graph: '!~',
  lower: 'az',
  print: ' ~',
  punct: '!/:@[`{~',
  upper: 'AZ',
  word: '09AZaz__',
  xdigit: '09AFaf',
};

/** Reads on behind the opening bracket. Throws a RegexError. */
export function readClass(reader: RegexReader): Node {
  const negated = reader.take('^');
  if (reader.startsWith(']')) throw new RegexError('a class begins with ]: write it as \\]');
  const members: Member[] = [];
  while (!reader.take(']')) {
    if (reader.atEnd) throw new RegexError('unclosed character class: a [ is not closed');
    if (reader.match(/&&|--|~~/y) !== null) throw new RegexError('sets within classes are not supported');
    members.push(...(reader.take('[') ? readNamed(reader) : [readRange(reader)]));
  }
  return { type: 'class', negated, members };
}

function readNamed(reader: RegexReader): readonly Member[] {
  const ends = named[reader.match(/:([a-z]+):\]/y)?.[1] ?? ''];
  if (ends === undefined) throw new RegexError('a [ within a class has to be written as \\[');
  const ranges: Member[] = [];
  for (let at = 0; at < ends.length; at += 2) ranges.push({ from: ends.charCodeAt(at), to: ends.charCodeAt(at + 1) });
  return ranges;
}

function readRange(reader: RegexReader): Member {
  const first = readOne(reader);
  if (!('from' in first) || !reader.startsWith('-') || reader.startsWith('-]') || reader.startsWith('--')) return first;
  reader.take('-');
  const last = readOne(reader);
  if (!('from' in last)) throw new RegexError('a range ends with what is no character');
  if (last.from < first.from) throw new RegexError('a range is the wrong way round');
  return { from: first.from, to: last.from };
}

function readOne(reader: RegexReader): Member {
  if (reader.take('\\')) return readEscape(reader);
  const point = reader.next();
  return { from: point, to: point } satisfies Range;
}
