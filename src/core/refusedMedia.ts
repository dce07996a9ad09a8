/** Images and documents that the API has refused: they are not sent again, or no later request would pass (LESSONS L5). */
import type { FailureCode } from '../shared/chat';
import type { Entry } from './record';

/** What a refused attachment can be the reason of. */
const codes: readonly FailureCode[] = ['badRequest', 'promptTooLong', 'requestTooLarge'];

/**
 * The ids of the turns whose very first request was refused for what it held. Their words go out later, what was
 * attached to them does not. Nothing of such a turn is in the cache, so that this changes no prefix; and asking it again
 * (the retry cuts its end off) sends all of it.
 */
export function refusedMedia(path: readonly Entry[]): ReadonlySet<string> {
  const refused = new Set<string>();
  let turn: string | null = null;
  for (const entry of path) {
    if (entry.kind === 'user') turn = entry.id;
    else if (entry.kind === 'assistant') turn = null;
    else if (entry.kind === 'end') {
      const { outcome } = entry;
      if (turn !== null && outcome.kind === 'failed' && codes.includes(outcome.failure.code)) refused.add(turn);
      turn = null;
    }
  }
  return refused;
}
