/** Which lines differ between two texts: exact to the line end, bounded in time. */
import { diffArrays } from 'diff';

/** A run of lines before, and what stands in its place after. Zero-based; the ends are not part of it. */
export interface LineChange {
  readonly oldStart: number;
  readonly oldEnd: number;
  readonly newStart: number;
  readonly newEnd: number;
}

/** Two texts as lines with their line ends, and where they differ, in order. */
export interface LineDiff {
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly changes: readonly LineChange[];
}

/** A diff that takes more edits than this is not worth its time: all between the common ends is one change. */
const maxEdits = 2000;

/** The lines of a text with their line ends (LF, CRLF, CR), which make the text again when they are joined. */
export function linesOf(text: string): readonly string[] {
  return text.match(/[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+$/g) ?? [];
}

/** A line without its line end, and that line end; '' for a last line that has none. */
export function partsOf(line: string): { readonly text: string; readonly end: string } {
  const length = line.endsWith('\r\n') ? 2 : line.endsWith('\n') || line.endsWith('\r') ? 1 : 0;
  return { text: line.slice(0, line.length - length), end: line.slice(line.length - length) };
}

/** The text of lines. A last line without a line end gets one where it has come to stand before others. */
export function joined(lines: readonly string[]): string {
  const open = lines.findIndex((line, index) => index < lines.length - 1 && partsOf(line).end === '');
  if (open < 0) return lines.join('');
  const end = lines.map((line) => partsOf(line).end).find((one) => one !== '') ?? '\n';
  return lines
    .map((line, index) => (index < lines.length - 1 && partsOf(line).end === '' ? line + end : line))
    .join('');
}

/** How two texts differ. `known`: what has become of some lines, in order; no other change reaches into them. */
export function lineDiff(before: string, after: string, known: readonly LineChange[] = []): LineDiff {
  const [old, now] = [linesOf(before), linesOf(after)];
  if (known.length === 0) return { before: old, after: now, changes: before === after ? [] : changesOf(old, now) };
  const changes: LineChange[] = [];
  let [from, to] = [0, 0];
  const between = (oldEnd: number, newEnd: number): void => {
    for (const { oldStart, newStart, ...ends } of changesOf(old.slice(from, oldEnd), now.slice(to, newEnd))) {
      changes.push({
        ...{ oldStart: from + oldStart, oldEnd: from + ends.oldEnd },
        ...{ newStart: to + newStart, newEnd: to + ends.newEnd },
      });
    }
  };
  for (const change of known) {
    between(change.oldStart, change.newStart);
    changes.push(change);
    [from, to] = [change.oldEnd, change.newEnd];
  }
  between(old.length, now.length);
  return { before: old, after: now, changes };
}

/** How two lists of lines differ. */
export function changesOf(before: readonly string[], after: readonly string[]): readonly LineChange[] {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  let same = 0;
  while (same < shorter - start && before[before.length - 1 - same] === after[after.length - 1 - same]) same += 1;
  const [oldEnd, newEnd] = [before.length - same, after.length - same];
  if (start === oldEnd && start === newEnd) return [];
  const whole: LineChange = { oldStart: start, oldEnd, newStart: start, newEnd };
  if (start === oldEnd || start === newEnd) return [whole];
  const parts = diffArrays(before.slice(start, oldEnd), after.slice(start, newEnd), { maxEditLength: maxEdits });
  if (parts === undefined) return [whole];
  const changes: LineChange[] = [];
  let [oldAt, newAt] = [start, start];
  let open: { readonly oldStart: number; readonly newStart: number } | null = null;
  for (const { added, removed, count } of parts) {
    if (added || removed) {
      open ??= { oldStart: oldAt, newStart: newAt };
      if (removed) oldAt += count;
      else newAt += count;
      continue;
    }
    if (open !== null) changes.push({ ...open, oldEnd: oldAt, newEnd: newAt });
    open = null;
    oldAt += count;
    newAt += count;
  }
  if (open !== null) changes.push({ ...open, oldEnd: oldAt, newEnd: newAt });
  return changes;
}

/** Lines that were added and removed. */
export function countChanges(changes: readonly LineChange[]): { readonly added: number; readonly removed: number } {
  return {
    added: changes.reduce((sum, { newStart, newEnd }) => sum + newEnd - newStart, 0),
    removed: changes.reduce((sum, { oldStart, oldEnd }) => sum + oldEnd - oldStart, 0),
  };
}

/** The lines of the text after that were changed, one-based; where lines are only gone, the one that stands there now. */
export function changedLines({ after, changes }: LineDiff): { readonly first: number; readonly last: number } | null {
  const [first, last] = [changes[0], changes.at(-1)];
  if (first === undefined || last === undefined || after.length === 0) return null;
  const start = Math.min(first.newStart, after.length - 1);
  return { first: start + 1, last: Math.max(start + 1, Math.min(last.newEnd, after.length)) };
}
