/** What a compaction stands for, and what is asked again behind it: a pure function of the path. */
import type { Model } from '../models/models';
import { firstFactor, measureText, sumOf, tokensOf } from '../models/tokens';
import { compactionAt, lastSaid, openingAt, sentOf } from '../record/excluded';
import type { Entry, ToolResultEntry, UserEntry } from '../record/record';
import { isOpen } from '../record/repair';
import { entryStats } from './blockStats';
import { excludedResult } from './entryBlocks';
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
  const from = lastTurnAt(said);
  const user = said[from];
  if (user?.kind !== 'user') return null;
  const messages = messagesOf(path, model);
  const at = messages.findIndex(({ blocks }) => blocks.some(({ entry }) => entry?.id === user.id));
  if (!messages.slice(0, Math.max(0, at)).some(({ role }) => role === 'assistant')) return null;
  const stats = sumOf(said.slice(openingAt(said, from)).map((entry) => entryStats(entry, model)));
  return tokensOf(stats, firstFactor(model.id)) <= keptShare * model.window ? user : null;
}

/** Where the last turn begins, with those that it only goes on with. */
function lastTurnAt(said: readonly Entry[]): number {
  return said.findLastIndex((entry) => entry.kind === 'user' && entry.auto !== 'continue');
}

/** Of a long result that is shortened for a summary: the characters that stay of its beginning and of its end. */
const stays = { start: 1500, end: 500 } as const;

/** A long result, and what is sent in its place where a shorter request for a summary costs much less. */
interface LongResult {
  readonly entry: ToolResultEntry;
  readonly short: ToolResultEntry;
}

/** The long results of tools before the last turn, the oldest first. */
export function longResults(path: readonly Entry[], model: Model): readonly LongResult[] {
  const { said } = sentOf(path);
  const last = new Set(said.slice(Math.max(0, lastTurnAt(said))).map(({ id }) => id));
  return messagesOf(path, model).flatMap(({ blocks }) =>
    blocks.flatMap(({ block, entry }): readonly LongResult[] => {
      if (block.type !== 'tool_result' || entry?.kind !== 'toolResult' || last.has(entry.id)) return [];
      const parts = typeof block.content === 'string' ? [] : (block.content ?? []);
      if (parts.some((part) => part.type === 'text' && part.text === excludedResult)) return [];
      const left = entry.content.length - stays.start - stays.end;
      if (left < stays.end) return [];
      const note = `[… ${left} characters are left out here. The tool can be run again for them. …]`;
      const content = `${entry.content.slice(0, stays.start)}\n${note}\n${entry.content.slice(-stays.end)}`;
      return [{ entry, short: { ...entry, content } }];
    }),
  );
}

/** How many of these, the oldest first, make a request so many tokens shorter; null where all of them do not. */
export function enoughOf(results: readonly LongResult[], tokens: number, factor: number): number | null {
  const sizeOf = ({ content }: ToolResultEntry): number => tokensOf(measureText(content), factor);
  let saved = 0;
  for (const [index, { entry, short }] of results.entries()) {
    saved += sizeOf(entry) - sizeOf(short);
    if (saved >= tokens) return index + 1;
  }
  return null;
}

/** The path with so many of its long results shortened, the oldest first. */
export function withShortResults(path: readonly Entry[], model: Model, count: number): readonly Entry[] {
  if (count === 0) return path;
  const short = new Map<string, Entry>();
  for (const one of longResults(path, model).slice(0, count)) short.set(one.entry.id, one.short);
  return path.map((entry) => short.get(entry.id) ?? entry);
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
