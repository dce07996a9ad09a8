/**
 * The spend guard: before a request that would cross a limit of the user's, its turn pauses. What counts is what was
 * spent plus what the request's input is expected to cost. Where a server did not say what it used, our estimate counts;
 * where the model has no price, the turn pauses by its tokens. An estimate that fails counts by the request's bytes.
 */
import type { SpendPause } from '../../shared/spendPause';
import { isObject, parseJson } from '../base/doorValues';
import { orElse, roughTokens } from '../base/orElse';
import type { Clock } from '../base/ports';
import type { ChatSettings, SpendLimits } from '../base/settings';
import { seenContext } from '../context/context';
import type { ContextNow } from '../context/editorContext';
import { inputTokens, isInputUnknown, outputTokens, ratesFor, totalTokens } from '../models/cost';
import { effortFor, type Model, modelOf } from '../models/models';
import { firstFactor, tokensOf } from '../models/tokens';
import type { AssistantEntry, Entry } from '../record/record';
import type { Store } from '../record/store';
import { ConversationCost } from './conversationCost';
import { type EstimateInput, estimateNext } from './estimate';
import { promptBreakdownOf, wholeOf } from './promptBreakdown';

/** Tokens of one turn, input and output, where their price is unknown. */
const unpricedTokens = 2_000_000;

/** Ends a turn that may be gone on with. */
export class SpendPauseError extends Error {
  override readonly name = 'SpendPauseError';

  constructor(readonly pause: SpendPause) {
    super('the spend limit is reached');
  }
}

/** What the guard needs to know of the next request. */
interface SpendRequest {
  /** Root first; it ends where the request begins. */
  readonly path: readonly Entry[];
  readonly model: Model;
  readonly settings: Pick<ChatSettings, 'effort'>;
  /** JSON of the tool definitions. */
  readonly toolsJson: string;
  /** What the life of its cache breakpoints is chosen by: an hour's cost more. */
  readonly cache?: EstimateInput['cache'];
  /** The request as it will be sent: asked for where the estimate fails. */
  readonly json?: () => string;
}

/** What a turn may use after "Continue": US dollars, or tokens where they have no price. */
export type RaisedTo = { readonly usd: number } | { readonly tokens: number };

interface SpendGuardParts {
  readonly limits: SpendLimits;
  /** What this turn may cost after "Continue"; null before. */
  readonly raisedTo: RaisedTo | null;
  readonly store: Pick<Store, 'spentSince' | 'getValue' | 'setValue'>;
  readonly clock: Pick<Clock, 'now'>;
  /** Of the conversation. */
  readonly cost?: ConversationCost;
}

/** Watches one turn. */
export class SpendGuard {
  readonly #parts: SpendGuardParts;
  readonly #cost: ConversationCost;
  /** Of requests that broke off before anything was to be kept: they may be billed all the same. */
  #lostUsd = 0;
  #lostTokens = 0;
  /** Of the request that was let through last. */
  #last: Weight = { tokens: 0, usd: null };

  constructor(parts: SpendGuardParts) {
    this.#parts = parts;
    this.#cost = parts.cost ?? new ConversationCost();
  }

  /** An attempt whose input the API had taken left nothing in the record. `usd`: null where it is unknown. */
  lost(usd: number | null): void {
    this.#lostUsd += usd ?? this.#last.usd ?? 0;
    this.#lostTokens += this.#last.tokens;
  }

  /**
   * An answer is in the record. What it does not say of its use counts for the day as our estimate of it; the turn's own
   * counts are told by its path.
   */
  async answered(path: readonly Entry[], entry: AssistantEntry): Promise<void> {
    const { limits, store, clock } = this.#parts;
    if (limits.perDay === null || entry.usd !== null) return;
    const usd = guessOf(path, entry, this.#cost).usd;
    if (usd === null) return;
    const today = startOfDay(clock.now());
    const before = await guessedToday(store, today);
    const value = { day: today, usd: before.usd + usd, requests: before.requests + 1 };
    await store.setValue(guessedKey, JSON.stringify(value));
  }

  /** Call it before each request, repeated ones included. Throws a SpendPauseError when it would cross a limit. */
  async check(next: SpendRequest): Promise<void> {
    const pause = await this.#pause(next);
    if (pause !== null) throw new SpendPauseError(pause);
  }

  async #pause(next: SpendRequest): Promise<SpendPause | null> {
    const { limits, raisedTo, store, clock } = this.#parts;
    if (limits.perTurn === null && limits.perDay === null) return null;
    const weight = weightOf(next, clock.now(), this.#cost);
    this.#last = weight;
    const { usd: nextUsd } = weight;
    const turn = turnOf(next.path, this.#cost);
    const about = { nextUsd, steps: turn.steps };
    if (next.model.prices === null) {
      const limit = raisedTo !== null && 'tokens' in raisedTo ? raisedTo.tokens : unpricedTokens;
      const spent = turn.tokens + this.#lostTokens;
      if (spent + weight.tokens > limit) {
        const tokens = { limit, spent, next: weight.tokens };
        const { usd: spentUsd, unpriced } = turn;
        return { kind: 'spendLimit', per: 'turn', limitUsd: limits.perTurn ?? 0, spentUsd, unpriced, ...about, tokens };
      }
    }
    if (limits.perTurn !== null) {
      const raised = raisedTo !== null && 'usd' in raisedTo ? raisedTo.usd : 0;
      const limitUsd = Math.max(limits.perTurn, raised);
      const spentUsd = turn.usd + this.#lostUsd;
      if (spentUsd + (nextUsd ?? 0) > limitUsd) {
        return { kind: 'spendLimit', per: 'turn', limitUsd, spentUsd, unpriced: turn.unpriced, ...about };
      }
    }
    if (limits.perDay === null) return null;
    const today = startOfDay(clock.now());
    const limitUsd = Math.max(limits.perDay, await raisedToday(store, today));
    const guessed = await guessedToday(store, today);
    const { usd, unpriced } = await store.spentSince(today);
    const spentUsd = usd + guessed.usd + this.#lostUsd;
    return spentUsd + (nextUsd ?? 0) > limitUsd
      ? {
          kind: 'spendLimit',
          per: 'day',
          limitUsd,
          spentUsd,
          unpriced: Math.max(0, unpriced - guessed.requests),
          ...about,
        }
      : null;
  }
}

/** A turn that the guard paused. */
interface PausedTurn {
  readonly pause: SpendPause;
  /** The id of the entry before the pause: the next request begins behind it. */
  readonly head: string;
  readonly turnUsd: number;
}

/** The paused turn at the end of a path; null when it did not end so, or something came since. */
export function pausedAt(path: readonly Entry[]): PausedTurn | null {
  const index = path.findLastIndex(({ kind }) => kind !== 'warmUp');
  const end = path[index];
  const head = path[index - 1];
  if (end?.kind !== 'end' || end.outcome.kind !== 'spendLimit' || head === undefined) return null;
  return { pause: end.outcome, head: head.id, turnUsd: turnOf(path).usd };
}

/**
 * "Continue": raises the limit that was reached by the user's own amount, as often as the next request needs it; that
 * of a day for today, everywhere. Resolves to what the turn may use from now on.
 */
export async function raiseAfter(
  { pause, turnUsd }: PausedTurn,
  {
    limits: { perTurn, perDay },
    store,
    clock,
  }: { readonly limits: SpendLimits; readonly store: Pick<Store, 'setValue'>; readonly clock: Pick<Clock, 'now'> },
): Promise<RaisedTo | null> {
  if (pause.tokens !== undefined) {
    const { limit, spent, next } = pause.tokens;
    return { tokens: limit + Math.max(1, Math.ceil((spent + next - limit) / unpricedTokens)) * unpricedTokens };
  }
  if (pause.per === 'turn') return perTurn === null ? null : { usd: raisedLimit(pause, perTurn) };
  if (perDay !== null) {
    const value = { day: startOfDay(clock.now()), limitUsd: raisedLimit(pause, perDay) };
    await store.setValue(raisedKey, JSON.stringify(value));
  }
  // What the turn had been allowed before.
  return perTurn === null ? null : { usd: Math.ceil(turnUsd / perTurn) * perTurn };
}

function raisedLimit({ limitUsd, spentUsd, nextUsd }: SpendPause, amount: number): number {
  const needed = spentUsd + (nextUsd ?? 0);
  return limitUsd + Math.max(1, Math.ceil((needed - limitUsd) / amount)) * amount;
}

/** Where the day began, ms since the epoch, by this machine's clock. */
export function startOfDay(now: number): number {
  return new Date(now).setHours(0, 0, 0, 0);
}

const raisedKey = 'spend:today';
const guessedKey = 'spend:guessed';

async function raisedToday(store: Pick<Store, 'getValue'>, today: number): Promise<number> {
  const { limitUsd } = await keptToday(store, raisedKey, today);
  return typeof limitUsd === 'number' ? limitUsd : 0;
}

/** What was estimated of today's answers that did not say what they used. */
async function guessedToday(
  store: Pick<Store, 'getValue'>,
  today: number,
): Promise<{ readonly usd: number; readonly requests: number }> {
  const { usd, requests } = await keptToday(store, guessedKey, today);
  return { usd: typeof usd === 'number' ? usd : 0, requests: typeof requests === 'number' ? requests : 0 };
}

async function keptToday(
  store: Pick<Store, 'getValue'>,
  key: string,
  today: number,
): Promise<Readonly<Record<string, unknown>>> {
  const value = await store.getValue(key);
  const kept = parseJson(value ?? 'null');
  return isObject(kept) && kept['day'] === today ? kept : {};
}

/** What a request weighs. */
interface Weight {
  readonly tokens: number;
  /** US dollars; null where they have no price. */
  readonly usd: number | null;
}

/** What the last turn of the path has used so far; what is not known is estimated. */
function turnOf(
  path: readonly Entry[],
  cost = new ConversationCost(),
): {
  readonly usd: number;
  readonly tokens: number;
  readonly steps: number;
  /** Answers that are in no sum of dollars. */
  readonly unpriced: number;
} {
  const sum = { usd: 0, tokens: 0, steps: 0, unpriced: 0 };
  for (const entry of path.slice(path.findLastIndex(({ kind }) => kind === 'user') + 1)) {
    if (entry.kind !== 'assistant') continue;
    sum.steps += 1;
    const { tokens, usd } =
      entry.usd === null ? guessOf(path, entry, cost) : { tokens: totalTokens(entry), usd: entry.usd };
    sum.tokens += tokens;
    if (usd === null) sum.unpriced += 1;
    else sum.usd += usd;
  }
  return sum;
}

/** What an answer's request weighs that does not say so, by what is known here. */
function guessOf(path: readonly Entry[], entry: AssistantEntry, cost: ConversationCost): Weight {
  return cost.get(entry, 'guess', () => {
    const model = modelOf(entry.model);
    const input = isInputUnknown(entry.usage)
      ? inputGuess(path.slice(0, path.indexOf(entry)), model)
      : inputTokens(entry.usage);
    const output = orElse(
      () => outputTokens(entry),
      () => 0,
    );
    const price = model.prices === null ? null : ratesFor(model.prices, input);
    const usd = price === null ? null : (input * price.input + output * price.output) / 1_000_000;
    return { tokens: input + output, usd };
  });
}

function inputGuess(path: readonly Entry[], model: Model): number {
  return orElse(
    () => tokensOf(wholeOf(promptBreakdownOf(path, model, '')), firstFactor(model.id)),
    () => roughTokens(JSON.stringify(path)),
  );
}

/** What the next request's input weighs; by its bytes where the estimate fails. */
function weightOf(next: SpendRequest, now: number, cost: ConversationCost): Weight {
  return orElse(
    () => estimated(next, now, cost),
    () => {
      const tokens = roughTokens(next.json?.() ?? JSON.stringify(next.path));
      const { prices } = next.model;
      return { tokens, usd: prices === null ? null : (tokens * ratesFor(prices, tokens).input) / 1_000_000 };
    },
  );
}

function estimated(
  { path, model, settings, toolsJson, cache }: SpendRequest,
  now: number,
  cost: ConversationCost,
): Weight {
  const seen = seenContext(path);
  const context: ContextNow = {
    project: [...(seen?.project.values() ?? [])],
    files: [...(seen?.files.values() ?? [])],
    selection: seen?.selection ?? null,
  };
  const effort = effortFor(model, settings.effort);
  const chosen = cache === undefined ? {} : { cache };
  const next = estimateNext({ path, seen, model, effort, context, draft: '', toolsJson, now, ...chosen }, cost);
  if (!Number.isFinite(next.tokens)) throw new Error('the estimate is no number');
  return { tokens: next.tokens, usd: next.askUsd };
}
