/** A call that fails again and again: the turn pauses and asks, before it costs more (LESSONS L50). */
import type { Outcome } from '../../shared/chat';
import { inputJson } from '../base/inputJson';
import type { Entry } from '../record/record';

/** Steps in which the same call failed the same way. */
const enough = 3;

/** How the last turn of the path ends when one of its calls has failed so often; null when it goes on. */
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
            ? [[block.id, { tool: block.name, call: JSON.stringify([block.name, inputJson(block.input)]) }] as const]
            : [],
        ),
      );
    }
    if (entry.kind !== 'toolResult' || !entry.isError || entry.cancelled) continue;
    const called = calls.get(entry.toolUseId);
    const key = JSON.stringify([called?.call, entry.content]);
    // Side by side it is one failure: the model has not seen it yet.
    if (called === undefined || failed.has(key)) continue;
    failed.add(key);
    const times = (counts.get(key) ?? 0) + 1;
    counts.set(key, times);
    if (times >= enough) return { kind: 'sameFailure', tool: called.tool, times };
  }
  return null;
}
