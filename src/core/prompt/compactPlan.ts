/** What a compaction stands for, and what is asked again behind it: a pure function of the path. */
import type { Model } from '../models/models';
import { firstFactor, sumOf, tokensOf } from '../models/tokens';
import { compactionAt, lastSaid, openingAt, sentOf } from '../record/excluded';
import type { Entry, UserEntry } from '../record/record';
import { isOpen } from '../record/repair';
import { entryStats } from './blockStats';
import { messagesOf } from './messages';

interface CompactionPlan {
  /** What is summed up, root first. */
  readonly path: readonly Entry[];
  /** The question that was too long behind it: asked again once there is room. null when there is none. */
  readonly again: UserEntry | null;
  /** The last turn of `path`, which stays word for word behind the summary; null where that stands for everything. */
  readonly keeps: UserEntry | null;
}

/** The share of the model's window that a turn may fill to stay word for word. */
const keptShare = 0.25;

/** What did not fit. */
const tooLong: readonly string[] = ['promptTooLong', 'requestTooLarge'];

/** null while a turn is open, and when nothing was answered since the last summary: there is nothing to sum up. */
export function compactionPlan(path: readonly Entry[], model: Model): CompactionPlan | null {
  if (isOpen(path)) return null;
  const again = unsent(path);
  const said = again === null ? path : path.slice(0, openingAt(path, path.indexOf(again)));
  const since = said.slice(compactionAt(said) + 1);
  return hasAnswer(since, model) ? { path: said, again, keeps: keptTurn(said, model) } : null;
}

/**
 * The last turn, with those that it only goes on with; null where it does not go out, as one that is excluded or was
 * refused, where nothing that goes out was answered before it, and where it is long itself.
 */
function keptTurn(path: readonly Entry[], model: Model): UserEntry | null {
  const { said } = sentOf(path);
  const from = said.findLastIndex((entry) => entry.kind === 'user' && entry.auto !== 'continue');
  const user = said[from];
  if (user?.kind !== 'user') return null;
  const messages = messagesOf(path, model);
  const at = messages.findIndex(({ blocks }) => blocks.some(({ entry }) => entry?.id === user.id));
  if (!messages.slice(0, Math.max(0, at)).some(({ role }) => role === 'assistant')) return null;
  const stats = sumOf(said.slice(openingAt(said, from)).map((entry) => entryStats(entry, model)));
  return tokensOf(stats, firstFactor(model.id)) <= keptShare * model.window ? user : null;
}

/** Images and documents do not matter here. */
function hasAnswer(path: readonly Entry[], model: Model): boolean {
  return messagesOf(path, model).some(({ role }) => role === 'assistant');
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
