/** Why replacements cannot be made, in words for the model: with the lines as they are, so that it need not read again. */
import { changesOf } from './lineChanges';
import { countEnds } from './lineEnds';
import { type NearMiss, nearMisses, plainly } from './nearMisses';
import { placesOf, type Refusal } from './replacing';

/** Lines that are shown in all, those around a place, and characters of one. */
const maxLines = 24;
const around = 2;
const maxCharacters = 160;
/** Characters of all lines that are shown: the words around them have to fit, too. */
const maxShown = 2_600;
/** Places that are shown, and those whose lines are named. */
const shownPlaces = 3;
const namedPlaces = 12;
/** Characters on either side of a difference. */
const aroundDifference = 50;
/** A place that is so much alike is the one that was meant. */
const meant = 0.9;

/** `total`: how many replacements the call has. */
export function refusalWords(refusal: Refusal, path: string, total: number): string {
  const edit = total === 1 ? '' : ` of edit ${refusal.index + 1}`;
  const said = wordsFor(refusal, path, edit);
  return `${said}\nNothing was changed${total === 1 ? '' : ', by the other edits of this call neither'}.`;
}

function wordsFor(refusal: Refusal, path: string, edit: string): string {
  const { why, oldText, text } = refusal;
  switch (why) {
    case 'empty':
      return `old_text${edit} is empty, but ${path} is not. Give the lines that the new ones go before or after, in old_text and in new_text.`;
    case 'same':
      return `old_text and new_text${edit} are the same. Line ends do not count: they stay as they are in the file.`;
    case 'several':
      return several(text, oldText, path, edit);
    case 'missing':
      return missing(refusal, path, edit);
  }
}

function several(text: string, oldText: string, path: string, edit: string): string {
  const apart = placesOf(text, oldText);
  const places = apart.length > 1 ? apart : placesOf(text, oldText, 2);
  const lines = linesAt(text, places.slice(0, namedPlaces));
  const more = places.length > lines.length ? ` and ${places.length - lines.length} more` : '';
  const length = countEnds(oldText, 0, oldText.length - 1);
  const times = Math.max(places.length, 2);
  const shown = excerpts(
    text.split('\n'),
    lines.slice(0, shownPlaces).map((first) => ({ first, last: first + length })),
  );
  return `old_text${edit} stands ${times} times in ${path}, from line ${lines.join(', ')}${more}. Take lines around it into old_text and new_text until it stands once, or set replace_all to change every place.\n${shown}`;
}

function missing({ oldText, newText, text, wasThere }: Refusal, path: string, edit: string): string {
  const head = `old_text${edit} does not stand in ${path}`;
  if (wasThere) {
    return `${head} any more: an earlier edit of this call has changed it. Edits are made in their order.\n${near(text, oldText)}`;
  }
  const numbered = withoutNumbers(oldText);
  if (numbered !== null && text.includes(numbered)) {
    return `${head}: its lines begin with line numbers, which are not part of the file. Without them it stands ${whereWords(text, numbered)}.`;
  }
  const unescaped = withoutEscapes(oldText);
  if (unescaped !== oldText && text.includes(unescaped)) {
    return `${head}: it has backslashes too many. Without them it stands ${whereWords(text, unescaped)}.`;
  }
  const already =
    newText.trim().length >= 10 && text.includes(newText)
      ? `\nnew_text stands there already, ${whereWords(text, newText)}: the change may have been made.`
      : '';
  return `${head}.${already}\n${near(text, numbered ?? oldText)}`;
}

function whereWords(text: string, sought: string): string {
  const lines = linesAt(text, placesOf(text, sought, namedPlaces));
  return `at line ${lines.join(', ')}`;
}

/** The lines that are most like it, and in what the first place differs. */
function near(text: string, oldText: string): string {
  if (text === '') return 'The file is empty: an edit with an empty old_text writes into it.';
  const lines = text.split('\n');
  const found = nearMisses(text, lines, oldText);
  const [best] = found;
  if (best === undefined) {
    const count = lines.length - (text.endsWith('\n') ? 1 : 0);
    return `Nothing in its ${count === 1 ? 'line' : `${count.toLocaleString('en-US')} lines`} is like it: search_text or read_file show what there is.`;
  }
  const own = trimmedLines(oldText);
  const its = lines.slice(best.first - 1, best.last);
  const { words, line } = difference(own, its, best.first);
  const shown = best.likeness >= meant ? [best] : found;
  const place = best.first === best.last ? `line ${best.first} reads` : `lines ${best.first}-${best.last} read`;
  return `Most like it, ${place} now otherwise: ${kindOf(own.join('\n'), its.join('\n'))}. ${words}\n${excerpts(
    lines,
    shown.map((one) => (one === best ? { ...one, at: line } : one)),
  )}`;
}

function trimmedLines(text: string): readonly string[] {
  const lines = text.split('\n');
  const first = lines.findIndex((line) => line.trim() !== '');
  const last = lines.findLastIndex((line) => line.trim() !== '');
  return lines.slice(Math.max(0, first), last + 1);
}

function kindOf(own: string, its: string): string {
  if (own.replace(/\s+/g, '') === its.replace(/\s+/g, '')) return 'only blanks, tabs or line ends differ';
  if (plainly(own) === plainly(its)) return 'only quotes, dashes, blanks or invisible characters differ';
  return 'these lines were changed, or were never so';
}

/** The first line that differs, in both texts. */
function difference(
  own: readonly string[],
  its: readonly string[],
  first: number,
): { readonly words: string; readonly line: number } {
  const [change] = changesOf(own, its);
  if (change === undefined) return { words: '', line: first };
  const line = first + change.newStart;
  const [mine, other] = [own[change.oldStart], its[change.newStart]];
  const isGone = change.newStart === change.newEnd;
  if (isGone || other === undefined)
    return { words: `Before line ${line} old_text has ${quoted(mine ?? '', 0)}.`, line };
  if (change.oldStart === change.oldEnd || mine === undefined) {
    return { words: `Line ${line}, ${quoted(other, 0)}, is not in old_text.`, line };
  }
  let at = 0;
  while (at < mine.length && mine[at] === other[at]) at += 1;
  return { words: `Line ${line} has ${quoted(other, at)} where old_text has ${quoted(mine, at)}.`, line };
}

/** As JSON, so that tabs and blanks can be told; cut around a place. */
function quoted(line: string, at: number): string {
  const start = Math.max(0, at - aroundDifference);
  const end = Math.max(at + aroundDifference, start + 2 * aroundDifference);
  const cut = line.slice(start, end).toWellFormed();
  return JSON.stringify(`${start > 0 ? '…' : ''}${cut}${end < line.length ? '…' : ''}`);
}

/** Lines that were numbered as `read_file` numbers them, without the numbers; null where they are not. */
function withoutNumbers(text: string): string | null {
  const lines = text.split('\n');
  const number = /^ *\d+(?:\t| ?[|:→] ?)/;
  const isNumbered = lines.every((line, index) => number.test(line) || (line === '' && index === lines.length - 1));
  return isNumbered && text !== '' ? lines.map((line) => line.replace(number, '')).join('\n') : null;
}

function withoutEscapes(text: string): string {
  return text.replace(/\\([nt"'\\`])/g, (_, one: string) => (one === 'n' ? '\n' : one === 't' ? '\t' : one));
}

/** The lines, one-based, of places in their order. */
function linesAt(text: string, places: readonly number[]): readonly number[] {
  const lines: number[] = [];
  let [at, line] = [0, 1];
  for (const place of places) {
    line += countEnds(text, at, place);
    at = place;
    lines.push(line);
  }
  return lines;
}

/** Runs of lines with a few around, numbered, bounded in all. Of a long one those around the line `at` are shown. */
function excerpts(
  all: readonly string[],
  places: readonly (Pick<NearMiss, 'first' | 'last'> & { readonly at?: number })[],
): string {
  const count = all.length - (all.at(-1) === '' ? 1 : 0);
  const each = Math.floor(maxLines / Math.max(1, places.length));
  const runs: { from: number; to: number }[] = [];
  for (const { first, last, at = first } of places.toSorted((a, b) => a.first - b.first)) {
    const isLong = last - first + 1 + 2 * around > each;
    const from = Math.max(1, first - around, isLong ? at - Math.floor(each / 2) : 1);
    const to = Math.min(count, isLong ? from + each - 1 : last + around);
    const before = runs.at(-1);
    if (before !== undefined && from <= before.to + 1) before.to = Math.max(before.to, to);
    else runs.push({ from, to });
  }
  const characters = Math.floor(maxShown / runs.length);
  return runs.map(({ from, to }) => numberedLines(all.slice(from - 1, to), from, characters)).join('\n  …\n');
}

function numberedLines(lines: readonly string[], first: number, characters: number): string {
  const width = String(first + lines.length - 1).length + 2;
  const shown: string[] = [];
  let left = characters;
  for (const [index, line] of lines.entries()) {
    const cut = line.length > maxCharacters ? `${line.slice(0, maxCharacters).toWellFormed()}… [line cut]` : line;
    const said = `${String(first + index).padStart(width)}\t${cut}`;
    left -= said.length + 1;
    if (left < 0) break;
    shown.push(said);
  }
  return shown.join('\n');
}
