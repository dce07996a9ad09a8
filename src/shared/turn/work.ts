/**
 * What a finished turn did, and what of an answer is shown at all: the panel draws it, and the host finds no words in what
 * is not drawn.
 */
import type { ExcludeTarget, Part, ThinkingPart, ToolPart } from '../chat';
import { type ContextLine, isPriceShown } from '../contextLine';
import type { ProposedChange } from '../edits';

type ContextPart = Extract<Part, { type: 'context' }>;

/** Shorter thoughts are not shown alone. */
const shortThoughtMs = 2000;

/** True for a part that stands in the fold once its turn has finished. */
export function isWork(part: Part): part is ThinkingPart | ToolPart | ContextPart {
  switch (part.type) {
    case 'thinking':
      return true;
    case 'tool':
      return part.status !== 'failed';
    case 'context':
      return isQuiet(part.lines);
    default:
      return false;
  }
}

/** What could not be read, and what cost something by itself, is said where it is; what has no lines fails there alone. */
export function isQuiet(lines: readonly ContextLine[]): boolean {
  if (!Array.isArray(lines)) return false;
  return lines.every(
    (line: ContextLine | null) =>
      line !== null && !['unreadable', 'warmed'].includes(line.change) && !isPriceShown(line.rebase?.usd ?? null),
  );
}

/** `hasSent`: something went along with the question. False where nothing of it is shown: for a short thought alone. */
export function isWorthALine(work: readonly Part[], hasSent: boolean): boolean {
  const thoughts = work.filter((part) => part.type === 'thinking');
  return hasSent || thoughts.length < work.length || !isShort(thoughts);
}

/** True for thoughts that are not worth a word, and for none. */
export function isShort(thoughts: readonly ThinkingPart[]): boolean {
  return (thoughtFor(thoughts) ?? shortThoughtMs) < shortThoughtMs;
}

/** Of all together; null where that is not known of one. */
export function thoughtFor(thoughts: readonly ThinkingPart[]): number | null {
  let all = 0;
  for (const { durationMs } of thoughts) {
    if (durationMs === null) return null;
    all += durationMs;
  }
  return all;
}

/** The change of a call that waits for a yes: it stands on a card at the answer's end, and its line says nothing more. */
export function changeOnCard({ approval }: ToolPart): ProposedChange | null {
  return approval?.kind === 'write' ? approval.proposed : null;
}

/** What a tool gave back: a part's key names the model's message and the block of the call. */
export function resultTarget(key: string): ExcludeTarget {
  const colon = key.lastIndexOf(':');
  return { what: 'result', entry: key.slice(0, colon), index: Number(key.slice(colon + 1)) };
}
