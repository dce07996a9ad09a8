/**
 * What the prompt cache holds of a conversation, and where the next request's marks go and how long they ask to live.
 * Pure: by the record, prices, times and the user's rhythm.
 *
 * An entry is written at a mark and holds everything before it (API-FACTS §6.1); only what is new since the last entry
 * is paid for (§6.4). So one mark that lives an hour, put where little is new, keeps the whole conversation for an hour:
 * the anchor. It is moved on when what would have to be written again after a pause costs more than moving it.
 */
import type { TokenUsage } from '../shared/chat';
import { inputTokens, ratesFor } from './cost';
import { isAside } from './leftOut';
import type { Effort, Model } from './models';
import type { AssistantEntry, CacheTtl, Entry } from './record';

const minute = 60_000;

/** ms that an entry lives after the start of the request that wrote or read it last (API-FACTS §6.1). */
export const lifeMs: Readonly<Record<CacheTtl, number>> = { '5m': 5 * minute, '1h': 60 * minute };

/** How long the user waited between a turn's last request and the next turn, counted in three kinds. */
export interface Rhythm {
  /** At most 5 minutes: any entry lives. */
  readonly short: number;
  /** Up to an hour: only entries with an hour's life do. */
  readonly middle: number;
  /** Longer: none does. */
  readonly long: number;
}

/** Before anything is known: one pause in six is of the middle kind, and that is worth six observations. */
const prior: Rhythm = { short: 4, middle: 1, long: 1 };

/** Counts pauses, given in ms. */
export function rhythmOf(pauses: readonly number[]): Rhythm {
  const count = (from: number, to: number): number => pauses.filter((ms) => ms >= from && ms < to).length;
  return {
    short: count(Number.NEGATIVE_INFINITY, lifeMs['5m']),
    middle: count(lifeMs['5m'], lifeMs['1h']),
    long: count(lifeMs['1h'], Number.POSITIVE_INFINITY),
  };
}

/** How likely a pause is that an hour's entry outlives and a 5-minute one does not. */
export function middleChance(rhythm: Rhythm): number {
  const seen = rhythm.short + rhythm.middle + rhythm.long;
  return (rhythm.middle + prior.middle) / (seen + prior.short + prior.middle + prior.long);
}

/** What the cache is expected to hold of the last request. */
export interface CacheState {
  /** The last answer whose request's size is known; null before the first. */
  readonly last: AssistantEntry | null;
  /** The last answer whose request asked for an hour and can still be read; null when there is none. */
  readonly anchor: AssistantEntry | null;
  /** Tokens of the conversation that can be read: the whole last request, up to the anchor, or none of it. */
  readonly cachedTokens: number;
  /** Until when `cachedTokens` holds, ms since the epoch; null when nothing is held. */
  readonly warmUntil: number | null;
}

const nothing: CacheState = { last: null, anchor: null, cachedTokens: 0, warmUntil: null };

/**
 * What can be read at `now` by a request to this model with this effort. Another model finds nothing; another effort
 * only tools and system, which are not counted here (API-FACTS §6.3).
 */
export function cacheState(path: readonly Entry[], model: Model, effort: Effort | null, now: number): CacheState {
  const epoch = path.findLastIndex((entry) => entry.kind === 'snapshot');
  let state: CacheState & { readonly changed?: boolean } = nothing;
  let anchorAt = 0;
  for (const entry of path.slice(epoch + 1)) {
    // What is left out, or stands for what came before, changes what requests begin with.
    if (isAside(entry)) state = { ...nothing, last: entry.kind === 'leaveOut' ? state.last : null, changed: true };
    if (entry.kind !== 'assistant' || inputTokens(entry.usage) === 0) continue;
    const same = entry.model === model.id && (entry.effort === undefined || entry.effort === effort);
    const at = startOf(entry);
    // Each request reads the anchor and so keeps it alive; one that found it gone did not.
    const alive = same && state.anchor !== null && at - anchorAt < lifeMs['1h'];
    const anchor = same && entry.ttl === '1h' ? entry : alive ? state.anchor : null;
    anchorAt = at;
    state = { last: entry, anchor, cachedTokens: 0, warmUntil: null };
  }
  const { last } = state;
  if (last === null || last.model !== model.id || (last.effort !== undefined && last.effort !== effort)) {
    return { ...state, anchor: null };
  }
  const known = inputTokens(last.usage);
  if (known < model.minCacheable || state.changed === true) return { ...state, anchor: null };
  const idle = now - startOf(last);
  const until = startOf(last) + lifeMs[last.ttl ?? '5m'];
  if (now < until) return { ...state, cachedTokens: known, warmUntil: until };
  if (state.anchor === null || idle >= lifeMs['1h']) return { ...state, anchor: null };
  return {
    ...state,
    cachedTokens: inputTokens(state.anchor.usage),
    warmUntil: startOf(last) + lifeMs['1h'],
  };
}

/** When an answer's request started; where that was not kept, what it took to say it is the least that it is older. */
export function startOf(entry: AssistantEntry): number {
  return entry.askedAt ?? entry.at - entry.durations.reduce<number>((sum, ms) => sum + (ms ?? 0), 0);
}

export interface CachePlan {
  /** The life that the mark at the request's end asks for: this request becomes the anchor when it is an hour. */
  readonly ttl: CacheTtl;
  /** The answer before which the anchor stands, where a mark reads and keeps it; null for none. */
  readonly anchor: string | null;
}

export interface PlanInput {
  readonly path: readonly Entry[];
  readonly model: Model;
  readonly effort: Effort | null;
  /** The setting. */
  readonly ttl: 'auto' | CacheTtl;
  readonly rhythm: Rhythm;
  /** ms since the epoch. */
  readonly now: number;
  /** Tokens of the next request that no request before it had, estimated; all of them without a last request. */
  readonly freshTokens: number;
}

/** How likely it is that a request within a tool loop is the turn's last one, before the user pauses. */
const lastStepChance = 0.25;

/** Decides the lives of the next request's marks. */
export function planCache(input: PlanInput): CachePlan {
  const { path, model, effort, rhythm, now, freshTokens } = input;
  const { last, anchor, cachedTokens } = cacheState(path, model, effort, now);
  const kept = anchor?.id ?? null;
  if (input.ttl !== 'auto') return { ttl: input.ttl, anchor: kept };
  const total = (last === null ? 0 : known(last.usage)) + freshTokens;
  const price = model.prices === null ? standardRates : ratesFor(model.prices, total);
  const opensTurn = path.at(-1)?.kind === 'user';
  const chance = middleChance(rhythm) * (opensTurn ? 1 : lastStepChance);
  // Nothing is held: the whole is written, and would be written anew, for an hour then, after a middle pause.
  const written = total - cachedTokens;
  const extra = (price.write1h - price.write5m) * written;
  // Behind the anchor is what a middle pause would cost again.
  const atStake = total - (anchor === null ? 0 : inputTokens(anchor.usage));
  const again = cachedTokens === 0 ? price.write1h : price.write5m;
  const saved = chance * (again - price.read) * atStake;
  return { ttl: saved > extra ? '1h' : '5m', anchor: kept };
}

/** The usual multipliers where no price is known (API-FACTS §6.2). */
const standardRates = { write5m: 1.25, write1h: 2, read: 0.1 } as const;

function known(usage: TokenUsage): number {
  return inputTokens(usage) + usage.output;
}
