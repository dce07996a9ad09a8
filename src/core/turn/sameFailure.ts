/** A call that fails again and again: the turn pauses and asks, before it costs more (LESSONS L50). */
import type { Outcome } from '../../shared/chat';
import { inputJson } from '../base/inputJson';
import type { Entry } from '../record/record';

/** Steps in which the same call failed. */
const enough = 3;

/**
 * How the last turn of the path ends when one of its calls has failed so often; null when it goes on. A failure is any
 * result that is none: what the tool says, a time that was over, a no of the user's. What it says may be other words each
 * time, as servers give numbers to their errors. Once it succeeds it is counted anew.
 */
export function sameFailure(path: readonly Entry[]): Extract<Outcome, { kind: 'sameFailure' }> | null {
  const turn = path.slice(path.findLastIndex((entry) => entry.kind === 'user') + 1);
  const counts = new Map<string, number>();
  let calls = new Map<string, { readonly tool: string; readonly call: string }>();
  let failed = new Set<string>();
  for (const entry of turn) {
    if (entry.kind === 'assistant') {
      failed = new Set();
      calls = new Map(
        entry.content.flatMap((block) =>
          block.type === 'tool_use'
            ? [[block.id, { tool: block.name, call: JSON.stringify([block.name, sortedJson(block.input)]) }] as const]
            : [],
        ),
      );
    }
    if (entry.kind !== 'toolResult') continue;
    const called = calls.get(entry.toolUseId);
    if (called === undefined) continue;
    if (!entry.isError) {
      counts.delete(called.call);
      continue;
    }
    // Side by side it is one failure: the model has not seen it yet.
    if (failed.has(called.call)) continue;
    failed.add(called.call);
    const times = (counts.get(called.call) ?? 0) + 1;
    counts.set(called.call, times);
    if (times >= enough) return { kind: 'sameFailure', tool: called.tool, times };
  }
  return null;
}

/** The order of an input's fields says nothing. */
function sortedJson(input: unknown): string {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return inputJson(input);
  const fields = Object.entries(input).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return inputJson(Object.fromEntries(fields));
}
