/** Images and documents that the API has refused: they are not sent again, or no later request would pass (LESSONS L5). */
import type { Outcome } from '../../shared/chat';
import { complaintOf } from '../api/complaints';
import { type Entry, isPasted, type ToolResultEntry, type UserEntry } from '../record/record';

/** Bytes of attachments that are most of what a request may be: 32 MB as base64 (API-FACTS §1). */
const largeBytes = 12 * 1024 * 1024;

/**
 * The ids of the turns whose very first request was refused for what was attached to it, by an error that is about that,
 * and of the tools' results whose images and documents were refused so. Their words go out later, the attachments do not.
 * Nothing of them is in the cache, so that this changes no prefix; and asking again (the retry cuts the end off) sends
 * all of it.
 */
export function refusedMedia(path: readonly Entry[]): ReadonlySet<string> {
  const refused = new Set<string>();
  /** What the next request is the first one with. */
  let fresh: (UserEntry | ToolResultEntry)[] = [];
  for (const entry of path) {
    if (entry.kind === 'user') fresh = [entry];
    else if (entry.kind === 'toolResult') fresh.push(entry);
    else if (entry.kind === 'assistant') fresh = [];
    else if (entry.kind === 'end') {
      for (const one of fresh) if (refusesMedia(entry.outcome, one)) refused.add(one.id);
      fresh = [];
    }
  }
  return refused;
}

/** True where a request ended so because of what was attached to one of the entries that were new in it. */
export function refusesMedia(outcome: Outcome, entry: UserEntry | ToolResultEntry): boolean {
  if (outcome.kind !== 'failed') return false;
  const { code, message } = outcome.failure;
  const blocks = entry.kind === 'user' ? entry.content : (entry.media ?? []);
  const media = blocks.filter((block) => block.type !== 'text' && block.type !== 'selection' && !isPasted(block));
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
