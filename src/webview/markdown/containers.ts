/** What is open at the end of an answer: a list, a table or a fence that may still grow. */
import type { Token, Tokens } from 'marked';
import { lineEnd } from './measure';
import type { NextLine } from './openEnd';

/** Code whose fence is still open: its text in chunks of whole lines, so that only the last one changes. */
export interface OpenCode {
  readonly type: 'openCode';
  readonly raw: string;
  readonly lang: string;
  readonly chunks: readonly string[];
}

/** A list: settled items, and what tells how the rest is to be read. */
export interface OpenList {
  readonly kind: 'list';
  readonly start: Tokens.List;
  readonly items: Tokens.ListItem[];
  loose: boolean;
  source: string;
  readonly linksVersion: number;
}

/** A table: settled rows. */
export interface OpenTable {
  readonly kind: 'table';
  /** Header and delimiter row: what remains of the source is lexed below them. */
  readonly head: string;
  readonly rows: Tokens.TableCell[][];
  source: string;
  readonly linksVersion: number;
}

/** Code whose closing line has not come. What comes is looked at once, however long the line or the code is. */
export interface OpenFence {
  readonly kind: 'fence';
  readonly lang: string;
  readonly indent: number;
  /** Of the opening line. */
  readonly marks: string;
  readonly chunks: string[];
  linesInChunk: number;
  source: string;
  line: OpenLine;
}

/** The line of code that is being written. */
interface OpenLine {
  /** What the line is up to here, if it closes the fence; `code` when it does not. */
  part: 'indent' | 'marks' | 'behind' | 'code';
  /** The line, as long as it may close the fence. */
  held: string;
  /** Characters of its indent and its marks, while it may close the fence. */
  spaces: number;
  marks: number;
  /** White space that is taken off it yet. */
  dedent: number;
}

const linesPerChunk = 40;

/** What the container holds already, with what its open end was lexed to; null when that is not its continuation. */
export function merge(container: OpenList | OpenTable | OpenFence, token: Token): Token | null {
  if (container.kind === 'list') {
    if (token.type !== 'list') return null;
    const tail = token as Tokens.List;
    if (tail.ordered !== container.start.ordered) return null;
    return {
      ...tail,
      raw: container.source + tail.raw,
      start: container.start.start,
      loose: container.loose || tail.loose,
      items: [...container.items, ...tail.items],
    };
  }
  if (container.kind !== 'table' || token.type !== 'table') return null;
  const tail = token as Tokens.Table;
  return {
    ...tail,
    raw: container.source + tail.raw.slice(container.head.length),
    rows: [...container.rows, ...tail.rows],
  };
}

interface Grown<T> {
  readonly container: T;
  /** The source that is still open. */
  readonly tail: string;
}

type Container = OpenList | OpenTable | OpenFence;

/** Settles all items but the last ones. `tail` begins where the open items do; `version` is that of the links. */
export function growList(
  before: Container | null,
  list: Tokens.List,
  tail: string,
  lines: number,
  version: number,
): Grown<OpenList> {
  const container: OpenList =
    before?.kind === 'list'
      ? before
      : { kind: 'list', start: list, items: [], loose: false, source: '', linksVersion: version };
  let length = 0;
  for (const item of list.items.slice(container.items.length, -lines)) {
    container.items.push(item);
    length += item.raw.length;
  }
  container.loose = list.loose;
  container.source += tail.slice(0, length);
  return { container, tail: tail.slice(length) };
}

/** Settles all rows but the last ones. `tail` begins where the open rows do, or with the header of a new table. */
export function growTable(
  before: Container | null,
  table: Tokens.Table,
  tail: string,
  lines: number,
  version: number,
): Grown<OpenTable> {
  const headEnd = before?.kind === 'table' ? 0 : lineEnd(tail, lineEnd(tail, 0));
  const head = tail.slice(0, headEnd);
  const container: OpenTable =
    before?.kind === 'table' ? before : { kind: 'table', head, rows: [], source: head, linksVersion: version };
  let to = headEnd;
  for (const row of table.rows.slice(container.rows.length, -lines)) {
    container.rows.push(row);
    to = lineEnd(tail, to);
  }
  container.source += tail.slice(headEnd, to);
  return { container, tail: tail.slice(to) };
}

/**
 * What is before a new line of the list or table is settled. `held` begins with the line break before it and ends the
 * tail; the tail from the new line on is what stays open.
 */
export function settleLine(container: Container, token: Token, next: NextLine, tail: string, held: string): string {
  let length = tail.length - held.length;
  if (next.kind === 'row' && container.kind === 'table') {
    container.rows.push(...(token as Tokens.Table).rows.slice(-1));
    length += 1;
  } else if (next.kind === 'item' && next.depth === 0 && container.kind === 'list') {
    container.items.push(...(token as Tokens.List).items.slice(-1));
    container.loose ||= next.loose;
    length += next.lead;
  } else return tail;
  container.source += tail.slice(0, length);
  return tail.slice(length);
}

/** Code without a line yet, below this opening line. */
export function openFence(opening: string, lang: string, indent: number, marks: string): OpenFence {
  const line = startOfLine(indent);
  return { kind: 'fence', lang, indent, marks, chunks: [''], linesInChunk: 0, source: opening, line };
}

function startOfLine(indent: number): OpenLine {
  return { part: 'indent', held: '', spaces: 0, marks: 0, dedent: indent };
}

/** Takes a piece of a line, without its line break. */
export function addPiece(fence: OpenFence, piece: string): void {
  const { line } = fence;
  let at = 0;
  while (line.part !== 'code' && at < piece.length) {
    if (!mayCloseBehind(fence, piece.charAt(at))) line.part = 'code';
    at += 1;
  }
  if (line.part !== 'code') line.held += piece;
  else {
    addCode(fence, line.held + piece);
    line.held = '';
  }
}

/** Ends the line. True when it closes the fence: then it is no code. */
export function endLine(fence: OpenFence): boolean {
  const { line } = fence;
  if (line.part !== 'code') {
    if (line.marks >= fence.marks.length) return true;
    addCode(fence, line.held);
  }
  addCode(fence, '\n');
  fence.linesInChunk += 1;
  fence.line = startOfLine(fence.indent);
  return false;
}

/** True when the line may still close the fence behind this character: an indent of up to three, marks, spaces. */
function mayCloseBehind({ line, marks }: OpenFence, char: string): boolean {
  if (line.part === 'indent' && char === ' ') {
    line.spaces += 1;
    return line.spaces <= 3;
  }
  if (line.part !== 'behind' && char === marks.charAt(0)) {
    line.part = 'marks';
    line.marks += 1;
    return true;
  }
  if (line.marks < marks.length || char !== ' ') return false;
  line.part = 'behind';
  return true;
}

function addCode(fence: OpenFence, text: string): void {
  if (text === '') return;
  if (fence.linesInChunk === linesPerChunk) {
    fence.chunks.push('');
    fence.linesInChunk = 0;
  }
  const { line } = fence;
  let at = 0;
  while (line.dedent > 0 && at < text.length) {
    if (!/[^\S\n]/.test(text.charAt(at))) line.dedent = 0;
    else {
      line.dedent -= 1;
      at += 1;
    }
  }
  fence.chunks[fence.chunks.length - 1] += text.slice(at);
}

/** The code so far. A line that may still close the fence is not shown as code. */
export function openCode(fence: OpenFence): OpenCode {
  return { type: 'openCode', raw: '', lang: fence.lang, chunks: fence.chunks.slice() };
}
