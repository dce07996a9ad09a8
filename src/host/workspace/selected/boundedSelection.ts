/** How much of a selection may be sent: cursors, and characters of all of them (LESSONS L36, L72). */
import { linesOf } from '../../../core/context/selection';
import type { ContextSelection, SelectedLines } from '../../../core/record/record';
import { wholeCharacters } from '../../../core/tools/words/text';

/** Characters of a selection, all its cursors together; whole lines beyond are left out of it, and out of its range. */
const maxSelection = 100_000;
/** Cursors of one selection that go along. */
const maxCursors = 50;

/** As many cursors, and of them as many whole lines, as may be sent; the rest is counted. */
export function boundedSelection(selection: ContextSelection): ContextSelection {
  const all = linesOf(selection);
  const taken: SelectedLines[] = [];
  let room = maxSelection;
  for (const lines of all.slice(0, maxCursors)) {
    if (taken.length > 0 && lines.text.length > room) break;
    const part = boundedLines(lines, room);
    taken.push(part);
    room -= part.text.length;
  }
  const { more: _, leftOut = 0, ...rest } = selection;
  const [first, ...more] = taken;
  const left = leftOut + all.length - taken.length;
  return {
    ...rest,
    ...first,
    ...(more.length === 0 ? {} : { more }),
    ...(left === 0 ? {} : { leftOut: left }),
  };
}

function boundedLines<T extends SelectedLines>(lines: T, room: number): T {
  if (lines.text.length <= room) return lines;
  const part = wholeCharacters(lines.text, room);
  const text = part.includes('\n') ? part.slice(0, part.lastIndexOf('\n')) : part;
  return { ...lines, endLine: lines.startLine + text.split('\n').length - 1, text };
}
