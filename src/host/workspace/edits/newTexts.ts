/** What a change makes of a text, and how an editor is told of it. Pure. */
import type { Replacement } from '../../../core/tools/edits/editing';
import { lineDiff } from '../../../core/tools/edits/lineChanges';
import { refusalWords } from '../../../core/tools/edits/refusals';
import { replaced } from '../../../core/tools/edits/replacing';
import { ToolError } from '../../../core/tools/workspace';
import type { TextChange } from './facts';

/** The text after replacements. Throws a ToolError in words for the model; `isTold`: with the lines that are there. */
export function replacedText(
  text: string,
  replacements: readonly Replacement[],
  path: string,
  isTold: boolean,
): string {
  const outcome = replaced(text, replacements);
  if (outcome.done) return outcome.text;
  const { refusal } = outcome;
  if (isTold) throw new ToolError(refusalWords(refusal, path, replacements.length));
  const { index, why } = refusal;
  const said = {
    empty: 'is empty, but the file is not',
    same: 'and new_text are the same',
    missing: 'does not stand there',
    several: 'stands there more than once',
  }[why];
  throw new ToolError(
    `old_text of edit ${index + 1} ${said}. ${path} is ignored or may hold secrets, so its lines are not shown. Nothing was changed.`,
  );
}

/** What differs, in the fewest characters of each run of lines, so that cursors elsewhere stay where they are. */
export function textChanges(before: string, after: string): readonly TextChange[] {
  const diff = lineDiff(before, after);
  const starts = offsets(diff.before);
  return diff.changes.map(({ oldStart, oldEnd, newStart, newEnd }) => {
    const old = diff.before.slice(oldStart, oldEnd).join('');
    const now = diff.after.slice(newStart, newEnd).join('');
    const shorter = Math.min(old.length, now.length);
    let head = 0;
    while (head < shorter && old[head] === now[head]) head += 1;
    let tail = 0;
    while (tail < shorter - head && old[old.length - 1 - tail] === now[now.length - 1 - tail]) tail += 1;
    // Never between the two characters of a line end, nor of a pair.
    while (head > 0 && isInside(old, now, head, 0)) head -= 1;
    while (tail > 0 && isInside(old, now, 0, tail)) tail -= 1;
    const start = starts[oldStart] ?? before.length;
    return { start: start + head, end: start + old.length - tail, text: now.slice(head, now.length - tail) };
  });
}

function isInside(old: string, now: string, head: number, tail: number): boolean {
  return [old, now].some((text) => {
    const at = tail > 0 ? text.length - tail : head;
    const pair = text.slice(at - 1, at + 1);
    return pair === '\r\n' || /^[\ud800-\udbff][\udc00-\udfff]$/.test(pair);
  });
}

function offsets(lines: readonly string[]): readonly number[] {
  const starts: number[] = [];
  let at = 0;
  for (const line of lines) {
    starts.push(at);
    at += line.length;
  }
  return starts;
}

/** The text of a new file, with one kind of line ends. */
export function withLineEnds(text: string, end: '\n' | '\r\n'): string {
  const plain = text.replace(/\r\n?/g, '\n');
  return end === '\n' ? plain : plain.replaceAll('\n', end);
}
