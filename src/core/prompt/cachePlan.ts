/**
 * What the prompt cache holds of a conversation, how long the breakpoints of the next request live, and where the
 * long-lived one stands; request.ts has the layout and the others. Pure: by the record, prices, times and pauses.
 *
 * An entry is written at a breakpoint and holds everything before it (API-FACTS §6.1); only what is new since the last entry
 * is paid for (§6.4). So one breakpoint that lives an hour, put where little is new, keeps the whole conversation for an hour:
 * the long-lived breakpoint. It is moved on, to the end of the last answer, when what a pause would make be written again costs more.
 */
import { type Follows, lifeMs, type NextTurns, type PauseHistogram, pauseHistogramOf } from '../base/pauseHistogram';
import type { CacheTtl, Effort } from '../base/settings';
import { inputTokens, isInputUnknown, outputTokens, ratesFor, totalTokens } from '../models/cost';
import type { Model } from '../models/models';
import { isAside, isPromptChanged } from '../record/excluded';
import type { AssistantEntry, Entry, LongLivedBreakpoint } from '../record/record';
import { instructions } from './instructions';
import { constantDigest } from './prefix';

/** Before anything is known: one pause in six is of the middle kind, and that is worth six observations. */
const prior: PauseHistogram = { short: 4, middle: 1, long: 1 };

/** The same for long-lived breakpoints, which are bought turn after turn: where most pauses are short they would add up. */
const waryPrior: PauseHistogram = { short: 24, middle: 1, long: 1 };

/** How many times what it costs a long-lived breakpoint has to be expected to save: the cost is certain, the pause is not. */
const margin = 2;

/** How much more a pause of the conversation itself says than one of any other: people work in bursts. */
const ownWeight = 3;

/** How likely a pause is that an hour's entry outlives and a 5-minute one does not. */
export function middlePauseProbability(pauseHistogram: PauseHistogram, before: PauseHistogram = prior): number {
  const seen = pauseHistogram.short + pauseHistogram.middle + pauseHistogram.long;
  return (pauseHistogram.middle + before.middle) / (seen + before.short + before.middle + before.long);
}

/** The histogram with the pauses of this conversation, which say more about its next one. */
function weighOwnPauses(path: readonly Entry[], pauseHistogram: PauseHistogram): PauseHistogram {
  const pauses: number[] = [];
  let answered: number | null = null;
  for (const entry of path) {
    if (entry.kind === 'assistant') answered = entry.at;
    if (entry.kind !== 'user' || answered === null) continue;
    pauses.push(entry.at - answered);
    answered = null;
  }
  const own = pauseHistogramOf(pauses);
  return {
    ...pauseHistogram,
    short: pauseHistogram.short + ownWeight * own.short,
    middle: pauseHistogram.middle + ownWeight * own.middle,
    long: pauseHistogram.long + ownWeight * own.long,
  };
}

/** How likely the answer to tool results ends the turn: one in four, as if four had been seen, until more is known. */
function lastStepChance({ steps = 0, lastSteps = 0 }: PauseHistogram): number {
  return (lastSteps + 1) / (steps + 4);
}

/** What the cache is expected to hold of the last request. */
export interface CacheState {
  /** The last answer whose request's size is known; null before the first. */
  readonly last: AssistantEntry | null;
  /** Up to where an entry with an hour's life can still be read; null for none. */
  readonly longLived: LongLivedBreakpoint | null;
  /** Tokens up to there. */
  readonly longLivedTokens: number;
  /** Tokens of the conversation that can be read: the whole last request, up to the long-lived breakpoint, or none of it. */
  readonly cachedTokens: number;
  /** Until when `cachedTokens` holds, ms since the epoch; null when nothing is held. */
  readonly warmUntil: number | null;
}

/** Tokens that stand behind every breakpoint. */
const uncachedEnd = 64;

const nothing: CacheState = { last: null, longLived: null, longLivedTokens: 0, cachedTokens: 0, warmUntil: null };

/**
 * What can be read at `now` by a request to this model with this effort. Another model finds nothing; another effort
 * only tools and system, which are not counted here (API-FACTS §6.3). `tools`: JSON of the definitions that it offers;
 * without it, those of the last request.
 */
export function cacheState(
  path: readonly Entry[],
  model: Model,
  effort: Effort | null,
  now: number,
  tools?: string,
): CacheState {
  let index = path.length - 1;
  for (; index >= 0; index -= 1) {
    const entry = path[index];
    // A summary and a fresh snapshot change what requests begin with.
    if (entry?.kind === 'snapshot') return nothing;
    if (entry?.kind === 'compaction' && entry.outcome.kind === 'done') return nothing;
    // It may have been kept whole, or not at all: what is warm is unknown.
    if (entry?.kind === 'assistant' && isInputUnknown(entry.usage)) return nothing;
    if (entry?.kind === 'assistant' && inputTokens(entry.usage) > 0) break;
  }
  const last = path[index];
  if (last?.kind !== 'assistant') return nothing;
  const held = { ...nothing, last };
  // What stood behind its last breakpoint was not kept.
  const size = inputTokens(last.usage) - Math.max(0, (last.usage.input ?? 0) - uncachedEnd);
  if (isPromptChanged(path, index) || isUpdated(last, tools)) return held;
  if (last.model !== model.id || size < model.minCacheable) return held;
  if (last.effort !== undefined && last.effort !== effort) return held;
  const startedAt = startOf(last);
  if (now >= startedAt + lifeMs['1h']) return held;
  const longLived: LongLivedBreakpoint | null =
    last.ttl === '1h' ? { answer: last.id, side: 'before' } : (last.anchor ?? null);
  const longLivedTokens = tokensAt(path, longLived);
  const state = { ...held, longLived: longLivedTokens === 0 ? null : longLived, longLivedTokens };
  const until = startedAt + lifeMs[last.ttl ?? '5m'];
  if (now < until) return { ...state, cachedTokens: size, warmUntil: until };
  if (longLivedTokens === 0) return held;
  return { ...state, cachedTokens: longLivedTokens, warmUntil: startedAt + lifeMs['1h'] };
}

/** True when requests began otherwise then: an update of ours changed the instructions or the tools. */
export function isUpdated({ held }: AssistantEntry, tools: string | undefined): boolean {
  if (held === undefined) return false;
  return (
    held.instructions !== constantDigest(instructions) || (tools !== undefined && held.tools !== constantDigest(tools))
  );
}

/** Tokens of the prompt up to a long-lived breakpoint; 0 when it is not on the path. */
function tokensAt(path: readonly Entry[], breakpoint: LongLivedBreakpoint | null): number {
  if (breakpoint === null) return 0;
  const entry = path.findLast(({ id }) => id === breakpoint.answer);
  if (entry?.kind !== 'assistant') return 0;
  return breakpoint.side === 'before' ? inputTokens(entry.usage) : totalTokens(entry);
}

/** When an answer's request started; where that was not kept, what it took to say it is the least that it is older. */
export function startOf(entry: AssistantEntry): number {
  return entry.askedAt ?? entry.at - entry.durations.reduce<number>((sum, ms) => sum + (ms ?? 0), 0);
}

/** How long the breakpoints of one request live (API-FACTS §6). */
export interface CachePlan {
  /** The life that the breakpoint at the request's end asks for. */
  readonly ttl: CacheTtl;
  /** Where a breakpoint with an hour's life reads and keeps, or writes, what stands before it; null for none. */
  readonly longLived: LongLivedBreakpoint | null;
  /** How long tools and system live where what is behind them lives less; null: they are not written. Missing: 5 minutes. */
  readonly system?: CacheTtl | null;
  /** True when what is behind tools and system would be written for nothing: it carries no breakpoint then. */
  readonly skipMessageBreakpoint?: boolean;
}

interface PlanInput {
  readonly path: readonly Entry[];
  readonly model: Model;
  readonly effort: Effort | null;
  /** The setting. */
  readonly ttl: 'auto' | CacheTtl;
  readonly pauseHistogram: PauseHistogram;
  /** ms since the epoch. */
  readonly now: number;
  /** Tokens of the next request that no request before it had, estimated; all of them without a last request. */
  readonly freshTokens: number;
  /** JSON of the tools' definitions. */
  readonly tools?: string;
}

/** Decides the lives of the next request's breakpoints. */
export function planCache(input: PlanInput): CachePlan {
  const { path, model, effort, pauseHistogram, now, freshTokens } = input;
  const { last, longLived, longLivedTokens, cachedTokens } = cacheState(path, model, effort, now, input.tools);
  const image = imagesLose(path, model);
  if (image !== null)
    return { ttl: input.ttl === '1h' ? '1h' : '5m', longLived: null, skipMessageBreakpoint: image === 'again' };
  if (input.ttl === '1h') return { ttl: '1h', longLived };
  if (input.ttl === '5m') return { ttl: '5m', longLived: null };
  const before = last === null ? 0 : totalTokens(last);
  const price = model.prices === null ? standardRates : ratesFor(model.prices, before + freshTokens);
  const extra = price.write1h - price.write5m;
  const own = weighOwnPauses(path, pauseHistogram);
  const plan = (decided: CachePlan): CachePlan => ({ ...decided, ...alone(input, cachedTokens, price) });
  const middle = middlePauseProbability(own);
  // After such a pause what was lost is written again, for an hour where that pays by itself.
  const again = middle * (price.write1h - price.read) > extra ? price.write1h : price.write5m;
  const ends = path.at(-1)?.kind === 'user' ? 1 : lastStepChance(pauseHistogram);
  if (middle * ends * (again - price.read) > extra) return plan({ ttl: '1h', longLived });
  if (!longLivedHold(path)) return plan({ ttl: '5m', longLived: null });
  // An answer is what is least of all that is new: behind it, an hour for everything before costs least.
  const warm = last !== null && cachedTokens === inputTokens(last.usage);
  const saved = middlePauseProbability(own, waryPrior) * ends * (again - price.read) * (before - longLivedTokens);
  if (warm && last.partial === null && saved > margin * extra * outputTokens(last)) {
    return plan({ ttl: '5m', longLived: { answer: last.id, side: 'after' } });
  }
  return plan({ ttl: '5m', longLived });
}

/** Before anything is known, as parts of one observation: little, so that a habit shows at once. */
const priorFollows: Follows = { soonSame: 0.21, soonOther: 0.01, laterSame: 0.02, laterOther: 0.02, none: 0.07 };

/** How much of the tools' and the context's worth is left after an hour's pause: files change and are closed. */
const wear = 0.15;

/**
 * What of a request is written at all, and how long its head lives, by what will read it: this turn's next step, the next
 * turn here, or one in another conversation. What stands alone writes nothing that only it could read.
 */
function alone(
  { path, pauseHistogram }: PlanInput,
  cachedTokens: number,
  price: { readonly input: number; readonly write5m: number; readonly write1h: number; readonly read: number },
): Pick<CachePlan, 'system' | 'skipMessageBreakpoint'> {
  const { next } = pauseHistogram;
  if (next === undefined) return {};
  const turns = path.filter(({ kind }) => kind === 'user').length;
  const own = turns > 1 ? next.later : next.first;
  const again = path.at(-1)?.kind === 'user' ? toolsChance(pauseHistogram, next) : 1 - lastStepChance(pauseHistogram);
  const here = again + (1 - again) * chance(own, ({ soonSame }) => soonSame);
  const anywhere = again + (1 - again) * chance(own, ({ soonSame, soonOther }) => soonSame + soonOther);
  const pays = (read: number): boolean => read * (price.write5m - price.read) > price.write5m - price.input;
  // How many pauses an hour's entry outlives, and a 5-minute one does not, before one that neither does.
  const all = sumOf(next.first, next.later, priorFollows);
  const middle = all.laterSame + all.laterOther;
  const saved = (middle / (all.none + wear * middle)) * (price.write5m - price.read);
  const anHour = saved > margin * (price.write1h - price.write5m);
  const isSkipped = cachedTokens === 0 && !pays(here) && !wentOnSoon(path);
  return {
    ...(anHour ? { system: '1h' as const } : isSkipped ? { system: pays(anywhere) ? ('5m' as const) : null } : {}),
    ...(isSkipped ? { skipMessageBreakpoint: true } : {}),
  };
}

/** True where this turn came while what the one before it could have written was still held: so may the next one. */
function wentOnSoon(path: readonly Entry[]): boolean {
  const asked = path.findLastIndex(({ kind }) => kind === 'user');
  const answer = path.slice(0, Math.max(0, asked)).findLast(({ kind }) => kind === 'assistant');
  return answer !== undefined && (path[asked]?.at ?? 0) - answer.at < lifeMs['5m'];
}

function chance(follows: Follows, of: (follows: Follows) => number): number {
  const all = sumOf(follows, priorFollows);
  return of(all) / (all.soonSame + all.soonOther + all.laterSame + all.laterOther + all.none);
}

function sumOf(...rows: readonly Follows[]): Follows {
  const sum = (of: (row: Follows) => number): number => rows.reduce((total, row) => total + of(row), 0);
  return {
    soonSame: sum((row) => row.soonSame),
    soonOther: sum((row) => row.soonOther),
    laterSame: sum((row) => row.laterSame),
    laterOther: sum((row) => row.laterOther),
    none: sum((row) => row.none),
  };
}

/** How likely an answer to the user's words calls tools. */
function toolsChance({ lastSteps = 0 }: PauseHistogram, { first, later }: NextTurns): number {
  const { soonSame, soonOther, laterSame, laterOther, none } = sumOf(first, later);
  const turns = soonSame + soonOther + laterSame + laterOther + none;
  return Math.min(1, (lastSteps + 0.05) / (Math.max(turns, lastSteps) + 0.5));
}

/** The usual multipliers where no price is known (API-FACTS §6.2). */
const standardRates = { input: 1, write5m: 1.25, write1h: 2, read: 0.1 } as const;

/** Of an answer whose input is known. */
function readOf({ usage }: AssistantEntry): number {
  return usage.cacheRead ?? 0;
}

/**
 * False once a long-lived breakpoint was not read after a pause that it should have outlived: where an entry lives no longer than
 * those it was written onto, which is documented nowhere, it is bought for nothing.
 */
function longLivedHold(path: readonly Entry[]): boolean {
  let latest: { readonly before: AssistantEntry; readonly entry: AssistantEntry } | null = null;
  let before: AssistantEntry | null = null;
  for (const entry of path) {
    if (entry.kind === 'snapshot' || (isAside(entry) && entry.kind !== 'edits')) before = null;
    if (entry.kind !== 'assistant' || inputTokens(entry.usage) === 0) continue;
    const idle = before === null ? 0 : startOf(entry) - startOf(before);
    if (before?.anchor && before.ttl !== '1h' && idle >= lifeMs['5m'] && idle < lifeMs['1h']) {
      if (before.model === entry.model && before.effort === entry.effort) latest = { before, entry };
    }
    before = entry;
  }
  // The last such pause decides. Looked for once: a place is found by going through the path.
  return latest === null || readOf(latest.entry) >= tokensAt(path, latest.before.anchor ?? null) / 2;
}

/**
 * Whether the next request adds an image and so finds its messages gone, as is documented (API-FACTS §6.3) and until
 * this conversation has shown otherwise; `again` when the turn before did that too and was seen to lose them.
 */
function imagesLose(path: readonly Entry[], model: Model): 'once' | 'again' | null {
  let before: AssistantEntry | null = null;
  let adds = false;
  let lost: boolean | null = null;
  let turns = 0;
  for (const entry of path) {
    if (entry.kind === 'user') {
      adds = entry.content.some(({ type }) => type === 'image' || type === 'imageUrl');
      turns = adds ? turns + 1 : 0;
    }
    if (entry.kind !== 'assistant' || inputTokens(entry.usage) === 0) continue;
    const warm = before !== null && before.model === entry.model && startOf(entry) - startOf(before) < lifeMs['5m'];
    if (adds && warm && before !== null) lost = readOf(entry) < inputTokens(before.usage) / 2;
    adds = false;
    before = entry;
  }
  if (!adds || before === null || before.model !== model.id || lost === false) return null;
  return lost === true && turns > 1 ? 'again' : 'once';
}
