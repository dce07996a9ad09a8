/** Measures lines before the lexer sees them, each line once: where they end that belong together, and whether they fit. */
import { cellsIn, fittedRow } from '../../shared/markdown/rows';
import { limits } from './limits';

/** Lines that always end the paragraph before them. */
const interrupting = /^ {0,3}(?:>|#{1,6}(?:\s|$)|`{3,}[^`]*$|~{3,}|(?:[*+-]|1[.)])[ \t]+[^ \t])/;
const blank = /^[ \t]*$/;

/** Lines that belong together, from the start of a source on. */
export interface Lines {
  /** Where they end, behind their last line break. */
  readonly end: number;
  readonly fit: boolean;
}

/** The lines at `start` that could be one paragraph: up to a blank line, a table, or what always ends a paragraph. */
export function paragraphAt(source: string, start: number): Lines {
  let count = 1;
  let end = lineEnd(source, start);
  while (end < source.length) {
    const next = lineEnd(source, end);
    // A letter at the start ends nothing.
    const plain = source.charCodeAt(end) > 64 && source.charCodeAt(end) !== 96 && source.charCodeAt(end) < 123;
    if (!plain) {
      const line = lineOf(source, end, next);
      if (blank.test(line) || interrupting.test(line)) break;
    }
    if (tableColumns(source, end) !== null) break;
    count += 1;
    end = next;
  }
  const length = end - start;
  return { end, fit: length <= limits.length && count * length <= limits.lineWork };
}

const delimiterRow = /^ {0,3}(?:\| *)?:?-+:? *(?:\| *:?-+:? *)*(?:\| *)?$/;

/** How many columns the table has that begins at `start`; null when none begins there. */
export function tableColumns(source: string, start: number): number | null {
  const second = lineEnd(source, start);
  if (second === start || second >= source.length || !mayDelimit(source, second)) return null;
  const delimiters = lineOf(source, second, lineEnd(source, second));
  if (!/[:|]/.test(delimiters) || !delimiterRow.test(delimiters)) return null;
  const columns = delimiters.trim().replace(/^\|/, '').replace(/\|$/, '').split('|').length;
  return cellsIn(fittedRow(lineOf(source, start, second), columns, true)) === columns ? columns : null;
}

/** Most lines are none: told by their first character. */
function mayDelimit(source: string, start: number): boolean {
  let at = start;
  while (at < start + 3 && source.charCodeAt(at) === 32) at += 1;
  const first = source.charAt(at);
  return first === '|' || first === ':' || first === '-';
}

/** The rows of the table that begins at `start`. It does not fit when it is too wide, or most of it would be filled up. */
export function tableAt(source: string, start: number, columns: number): Lines {
  let end = lineEnd(source, lineEnd(source, start));
  let missing = 0;
  while (end < source.length) {
    const next = lineEnd(source, end);
    const line = lineOf(source, end, next);
    if (blank.test(line) || interrupting.test(line)) break;
    missing += Math.max(0, columns - cellsIn(line));
    end = next;
  }
  return { end, fit: columns <= limits.columns && missing <= limits.filledCells };
}

/** Where the line that begins at `from` ends, behind its line break. */
export function lineEnd(source: string, from: number): number {
  const end = source.indexOf('\n', from);
  return end < 0 ? source.length : end + 1;
}

/** The line between these, without its line break. */
function lineOf(source: string, from: number, end: number): string {
  return source.charCodeAt(end - 1) === 10 ? source.slice(from, end - 1) : source.slice(from, end);
}

/** A text without the line breaks at its end. */
export function withoutLastBreaks(text: string): string {
  let end = text.length;
  while (text.charCodeAt(end - 1) === 10) end -= 1;
  return text.slice(0, end);
}

const bullet = /^( {0,3}(?:[*+-]|\d{1,9}[.)]))(?:([ \t]+)[^ \t]|[ \t]*$)/;
const fence = /^([ \t]*)(`{3,}|~{3,})/;
const quoteMark = /^ {0,3}>/;

/** True where a list could begin. */
export function startsList(line: string): boolean {
  return bullet.test(line);
}

/** True where a quote begins. */
export function startsQuote(line: string): boolean {
  return quoteMark.test(line);
}

/** An item, or lines behind the list, that do not fit. */
export interface OverLimit {
  readonly start: number;
  readonly end: number;
}

/**
 * The next item from the start of a source on that does not fit, for the sake of its lines that are indented less than
 * its text: at each of them all of the item is looked at. Its other lines are measured when the item is read.
 */
export function nextOverLimit(source: string): OverLimit | null {
  let start = 0;
  let indent = 0;
  let lazy = 0;
  let afterBlank = false;
  for (let at = 0; at < source.length; ) {
    let end = lineEnd(source, at);
    const line = lineOf(source, at, end);
    const marked = bullet.exec(line);
    if (marked !== null || (afterBlank && columnOf(line) < indent && !blank.test(line))) {
      start = at;
      indent = marked === null ? 0 : textColumn(marked);
      lazy = 0;
    } else if (!blank.test(line) && columnOf(line) < indent) {
      lazy += 1;
      if (lazy * (end - start) > limits.lineWork) return { start, end: overLimitEnd(source, end) };
    }
    const opened = fence.exec(line);
    if (opened !== null && marked === null) end = fenceEnd(source, end, opened[1] ?? '', opened[2] ?? '');
    afterBlank = blank.test(line);
    at = end;
  }
  return null;
}

function overLimitEnd(source: string, from: number): number {
  let at = from;
  while (at < source.length) {
    const end = lineEnd(source, at);
    const line = lineOf(source, at, end);
    if (blank.test(line) || bullet.test(line) || interrupting.test(line)) break;
    at = end;
  }
  return at;
}

/** Where the text of an item begins, as marked has it. */
function textColumn(marked: RegExpExecArray): number {
  const mark = marked[1]?.length ?? 0;
  const space = columnOf(`${' '.repeat(mark)}${marked[2] ?? ' '}x`) - mark;
  return mark + (space > 4 ? 1 : space);
}

/** The column of the first character that is no blank; tabs go to the next multiple of four. */
function columnOf(line: string): number {
  let column = 0;
  for (let index = 0; index < line.length; index += 1) {
    const code = line.charCodeAt(index);
    if (code === 9) column += 4 - (column % 4);
    else if (code === 32) column += 1;
    else break;
  }
  return column;
}

/** Where the code ends whose opening line ends at `from`: a line that is indented less is not of it. */
function fenceEnd(source: string, from: number, indent: string, marks: string): number {
  let at = from;
  while (at < source.length) {
    const end = lineEnd(source, at);
    const line = lineOf(source, at, end);
    const text = line.trim();
    if (text.length >= marks.length && text === marks.charAt(0).repeat(text.length)) return end;
    if (text !== '' && !line.startsWith(indent)) break;
    at = end;
  }
  return at;
}

/** The quote that begins a source. Where a line without its mark comes, all that follows is looked at again. */
export function quoteAt(source: string): Lines {
  let end = 0;
  let lines = 0;
  let turns = 0;
  let quoted = true;
  while (end < source.length) {
    const next = lineEnd(source, end);
    const line = lineOf(source, end, next);
    if (blank.test(line)) break;
    const is = quoteMark.test(line);
    if (is !== quoted) turns += 1;
    quoted = is;
    lines += 1;
    end = next;
  }
  return { end, fit: turns * lines <= limits.lineWork };
}
