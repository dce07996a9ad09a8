/** What is open at the end of an answer: a list, a table or a fence that may still grow. */
import type { Token, Tokens } from 'marked';

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

/** Code whose closing line has not come. */
export interface OpenFence {
  readonly kind: 'fence';
  readonly lang: string;
  readonly indent: number;
  /** Of the opening line. */
  readonly marks: string;
  readonly chunks: string[];
  linesInChunk: number;
  source: string;
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

/** Takes a whole line of code. */
export function addLine(fence: OpenFence, line: string): void {
  if (fence.linesInChunk === linesPerChunk) {
    fence.chunks.push('');
    fence.linesInChunk = 0;
  }
  fence.chunks[fence.chunks.length - 1] += dedent(line, fence.indent);
  fence.linesInChunk += 1;
}

function dedent(line: string, indent: number): string {
  const spaces = /^\s*/.exec(line)?.[0].replace(/\n/g, '').length ?? 0;
  return line.slice(Math.min(spaces, indent));
}

/** The code so far; `partial` is the line that is still being written. */
export function openCode(fence: OpenFence, partial: string): OpenCode {
  // A line that is about to close the fence is not shown as code.
  const closes = partial.trim() !== '' && [...partial.trim()].every((char) => char === fence.marks.charAt(0));
  const chunks = fence.chunks.slice();
  if (!closes) chunks[chunks.length - 1] += dedent(partial, fence.indent);
  return { type: 'openCode', raw: '', lang: fence.lang, chunks };
}
