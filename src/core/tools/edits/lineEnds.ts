/** A text with one kind of line end inside, and what its line ends really are, so that what is not changed stays. */
import { changesOf } from './lineChanges';

/** Line ends as LF. `ends`: the one that all lines have; one for each line where they differ; null where there is none. */
export interface Evened {
  readonly text: string;
  readonly ends: string | readonly string[] | null;
}

const anyEnd = /\r\n|\n|\r/g;

/** With LF for CRLF and CR. */
export function withLf(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}

/** What a text is with LF, and its own line ends. */
export function evened(raw: string): Evened {
  if (!raw.includes('\r')) return { text: raw, ends: raw.includes('\n') ? '\n' : null };
  const ends = raw.match(anyEnd) ?? [];
  const [first = '\n'] = ends;
  return { text: withLf(raw), ends: ends.every((end) => end === first) ? first : ends };
}

/** The text with its own line ends again. */
export function uneven({ text, ends }: Evened): string {
  if (ends === null || ends === '\n') return text;
  if (typeof ends === 'string') return text.replaceAll('\n', ends);
  let line = 0;
  let last = -1;
  return text.replace(/\n/g, (_, at: number) => {
    const end = ends[line] ?? '\n';
    // A CR and the LF of an empty line behind it would be one line end.
    const isOne = end === '\n' && ends[line - 1] === '\r' && last === at - 1;
    line += 1;
    last = at;
    return isOne ? '\r' : end;
  });
}

/** A run of the text, and what comes in its place (line ends as LF). */
export interface Patch {
  readonly start: number;
  readonly end: number;
  readonly fresh: string;
}

/** The text with patches, which are in order and apart. New lines have the line ends of those in whose place they stand. */
export function patched({ text, ends }: Evened, patches: readonly Patch[], given: string): Evened {
  const pieces: string[] = [];
  let at = 0;
  for (const { start, end, fresh } of patches) {
    pieces.push(text.slice(at, start), fresh);
    at = end;
  }
  pieces.push(text.slice(at));
  const result = pieces.join('');
  if (ends === null) return { text: result, ends: result.includes('\n') ? endOf(given) : null };
  return { text: result, ends: typeof ends === 'string' ? ends : patchedEnds(text, ends, patches) };
}

/** The line end of a text that has one kind; LF where it has none, or several. */
function endOf(text: string): string {
  const { ends } = evened(text);
  return typeof ends === 'string' ? ends : '\n';
}

function patchedEnds(text: string, ends: readonly string[], patches: readonly Patch[]): readonly string[] {
  const pieces: (readonly string[])[] = [];
  let [at, line, taken] = [0, 0, 0];
  for (const { start, end, fresh } of patches) {
    line += countEnds(text, at, start);
    const old = text.slice(start, end);
    const count = countEnds(text, start, end);
    pieces.push(
      ends.slice(taken, line),
      endsOf(fresh, old, ends.slice(line, line + count), ends[line] ?? ends.at(-1) ?? '\n'),
    );
    line += count;
    taken = line;
    at = end;
  }
  return [...pieces, ends.slice(taken)].flat();
}

/** The ends of the new lines: those of the old ones that stay, of those they replace, or that of the line they stand in. */
function endsOf(fresh: string, old: string, oldEnds: readonly string[], own: string): readonly string[] {
  const count = countEnds(fresh, 0, fresh.length);
  if (new Set([...oldEnds, own]).size === 1) return new Array<string>(count).fill(own);
  const found: string[] = [];
  let from = 0;
  for (const { oldStart, oldEnd, newStart, newEnd } of changesOf(old.split('\n'), fresh.split('\n'))) {
    while (found.length < newStart) found.push(oldEnds[from++] ?? own);
    const replaced = oldEnds.slice(oldStart, oldEnd);
    const last = replaced.at(-1) ?? oldEnds[oldStart - 1] ?? own;
    for (let line = newStart; line < newEnd; line += 1) found.push(replaced[line - newStart] ?? last);
    from = oldEnd;
  }
  while (found.length < count) found.push(oldEnds[from++] ?? own);
  return found.slice(0, count);
}

/** LFs between two places. */
export function countEnds(text: string, start: number, end: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', start); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
