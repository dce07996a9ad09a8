/** Blocks of tools that the API runs itself: which of a record may go out again (API-FACTS §3.2, §4.4). */
import type { Memo } from '../base/memo';
import type { Entry } from '../record/record';
import { sentBlocks } from './sentBlocks';

/** Ids that were seen. */
interface SeenIds {
  has(id: string): boolean;
  add(id: string): unknown;
}

/**
 * Calls with their results, and calls that an answer paused in: that is resent as it is. Once words of the user's side
 * came behind a call without its result, it may not go out any more, and a result goes out only behind its call.
 * `seen` holds the ids of calls before the path, and takes its own in; `isSettled`: words of the user's come next.
 */
export function serverBlocks(
  path: readonly Entry[],
  seen: SeenIds,
  isSettled: boolean,
  memo: Memo,
): ReadonlySet<object> {
  const kept = new Set<object>();
  let open = new Map<string, object>();
  for (const entry of path) {
    if (entry.kind === 'user' || entry.kind === 'change' || entry.kind === 'unreadable') open = new Map();
    if (entry.kind !== 'assistant' || entry.partial !== null) continue;
    for (const { block } of sentBlocks(entry.content, memo)) {
      if (block.type === 'server_tool_use') {
        if (seen.has(block.id)) continue;
        seen.add(block.id);
        open.set(block.id, block);
      } else if ('tool_use_id' in block && block.type !== 'tool_result') {
        const call = open.get(block.tool_use_id);
        if (call === undefined) continue;
        kept.add(call).add(block);
        open.delete(block.tool_use_id);
      }
    }
  }
  if (!isSettled) for (const call of open.values()) kept.add(call);
  return kept;
}
