/** What a compaction stands for, and what is asked again behind it: a pure function of the path. */
import { targetKey } from '../../shared/chat';
import type { Model } from '../models/models';
import { compactionTarget, excludedIn, lastSaid } from '../record/excluded';
import type { Entry, UserEntry } from '../record/record';
import { isOpen } from '../record/repair';
import { messagesOf } from './messages';

interface CompactionPlan {
  /** What is summed up, root first. */
  readonly path: readonly Entry[];
  /** The question that was too long behind it: asked again once there is room. null when there is none. */
  readonly again: UserEntry | null;
}

/** What did not fit. */
const tooLong: readonly string[] = ['promptTooLong', 'requestTooLarge'];

/** null while a turn is open, and when nothing was answered since the last summary: there is nothing to sum up. */
export function compactionPlan(path: readonly Entry[], model: Model): CompactionPlan | null {
  if (isOpen(path)) return null;
  const again = unsent(path);
  const plan = again === null ? { path, again } : { path: before(path, again), again };
  // Images and documents do not matter here: whether there are answers does.
  const messages = messagesOf(plan.path, model);
  return messages.some(({ role }) => role === 'assistant') ? plan : null;
}

/** The last question, when its very first request was too long. */
export function unsent(path: readonly Entry[]): UserEntry | null {
  const end = lastSaid(path);
  if (end?.kind !== 'end' || end.outcome.kind !== 'failed' || !tooLong.includes(end.outcome.failure.code)) return null;
  const index = path.findLastIndex((entry) => entry.kind === 'user');
  const user = path[index];
  const answered = path.slice(index).some((entry) => entry.kind === 'assistant');
  return user?.kind === 'user' && !answered ? user : null;
}

/** The path without a question and the context that went with it. */
function before(path: readonly Entry[], user: UserEntry): readonly Entry[] {
  let end = path.indexOf(user);
  for (let last = path[end - 1]; last?.kind === 'change' || last?.kind === 'snapshot'; last = path[end - 1]) end -= 1;
  return path.slice(0, end);
}

/** True when the user took the last summary of the path back: none is made again without being asked for. */
export function tookBack(path: readonly Entry[]): boolean {
  const last = path.findLast((entry) => entry.kind === 'compaction' && entry.outcome.kind === 'done');
  return last !== undefined && excludedIn(path).has(targetKey(compactionTarget(last.id)));
}
