/** Images and documents that the API has refused: they are not sent again, or no later request would pass (LESSONS L5). */
import type { Outcome } from '../../shared/chat';
import { complaintOf } from '../api/complaints';
import type { Entry, UserEntry } from '../record/record';

/** Bytes of attachments that are most of what a request may be: 32 MB as base64 (API-FACTS §1). */
const largeBytes = 12 * 1024 * 1024;

/**
 * The ids of the turns whose very first request was refused for what was attached to it, by an error that is about that.
 * Their words go out later, the attachments do not. Nothing of such a turn is in the cache, so that this changes no prefix;
 * and asking it again (the retry cuts its end off) sends all of it.
 */
export function refusedMedia(path: readonly Entry[]): ReadonlySet<string> {
  const refused = new Set<string>();
  let turn: UserEntry | null = null;
  for (const entry of path) {
    if (entry.kind === 'user') turn = entry;
    else if (entry.kind === 'assistant') turn = null;
    else if (entry.kind === 'end') {
      if (turn !== null && refusesMedia(entry.outcome, turn)) refused.add(turn.id);
      turn = null;
    }
  }
  return refused;
}

/** True where the first request of a turn ended so because of what was attached to it. */
export function refusesMedia(outcome: Outcome, turn: UserEntry): boolean {
  if (outcome.kind !== 'failed') return false;
  const { code, message } = outcome.failure;
  const media = turn.content.filter(({ type }) => type !== 'text' && type !== 'selection');
  if (media.length === 0) return false;
  switch (code) {
    case 'mediaRefused':
      return true;
    case 'requestTooLarge':
      return media.reduce((sum, block) => sum + ('bytes' in block ? (block.bytes ?? 0) : 0), 0) >= largeBytes;
    case 'badRequest':
      // As earlier versions have stored it.
      return complaintOf({ message, kinds: [], field: null })?.kind === 'media';
    default:
      return false;
  }
}
