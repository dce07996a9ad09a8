/**
 * The spend guard: before a request that would cross a limit of the user's, its turn pauses. What counts is what was
 * spent plus what the request's input is expected to cost; a price that is not known counts as nothing, and is said.
 */
import type { SpendPause } from '../shared/spendPause';
import { seenIfKnown } from './context';
import { type EstimateInput, estimateNext } from './estimate';
import { effortFor, type Model } from './models';
import type { ChatSettings, Clock, ContextNow, Store } from './ports';
import type { AssistantEntry, Entry } from './record';

/** In US dollars; null switches a limit off. */
export interface SpendLimits {
  /** For one turn, however many requests it makes. */
  readonly perTurn: number | null;
  /** For a day by this machine's clock, over all conversations and windows. */
  readonly perDay: number | null;
}

export const noLimits: SpendLimits = { perTurn: null, perDay: null };

/** Ends a turn that may be gone on with. */
export class SpendPauseError extends Error {
  override readonly name = 'SpendPauseError';

  constructor(readonly pause: SpendPause) {
    super('the spend limit is reached');
  }
}

/** What the guard needs to know of the next request. */
export interface NextRequest {
  /** Root first; it ends where the request begins. */
  readonly path: readonly Entry[];
  readonly model: Model;
  readonly settings: Pick<ChatSettings, 'effort'>;
  /** JSON of the tool definitions. */
  readonly toolsJson: string;
  /** What the life of its cache marks is chosen by: an hour's cost more. */
  readonly cache?: EstimateInput['cache'];
}

export interface SpendGuardParts {
  readonly limits: SpendLimits;
  /** What this turn may cost after "Continue"; null before. */
  readonly raisedTo: number | null;
  readonly store: Pick<Store, 'spentSince' | 'getValue'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** Watches one turn. */
export class SpendGuard {
  readonly #parts: SpendGuardParts;
  /** Of requests that broke off before anything was to be kept: they may be billed all the same. */
  #lostUsd = 0;

  constructor(parts: SpendGuardParts) {
    this.#parts = parts;
  }

  /** An attempt whose input the API had taken left nothing in the record. */
  lost(usd: number | null): void {
    this.#lostUsd += usd ?? 0;
  }

  /** Call it before each request, repeated ones included. Throws a SpendPauseError when it would cross a limit. */
  async check(next: NextRequest): Promise<void> {
    const pause = await this.#pause(next);
    if (pause !== null) throw new SpendPauseError(pause);
  }

  async #pause(next: NextRequest): Promise<SpendPause | null> {
    const { limits, raisedTo, store, clock } = this.#parts;
    if (limits.perTurn === null && limits.perDay === null) return null;
    const nextUsd = inputUsd(next, clock.now());
    const turn = turnOf(next.path);
    const about = { nextUsd, steps: turn.steps };
    if (limits.perTurn !== null) {
      const limitUsd = Math.max(limits.perTurn, raisedTo ?? 0);
      const spentUsd = turn.usd + this.#lostUsd;
      if (spentUsd + (nextUsd ?? 0) > limitUsd) {
        return { kind: 'spendLimit', per: 'turn', limitUsd, spentUsd, unpriced: turn.unpriced, ...about };
      }
    }
    if (limits.perDay === null) return null;
    const today = startOfDay(clock.now());
    const limitUsd = Math.max(limits.perDay, await raisedToday(store, today));
    const { usd, unpriced } = await store.spentSince(today);
    const spentUsd = usd + this.#lostUsd;
    return spentUsd + (nextUsd ?? 0) > limitUsd
      ? { kind: 'spendLimit', per: 'day', limitUsd, spentUsd, unpriced, ...about }
      : null;
  }
}

/** A turn that the guard paused. */
export interface PausedTurn {
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
 * of a day for today, everywhere. Resolves to what the turn may cost from now on.
 */
export async function raiseAfter(
  { pause, turnUsd }: PausedTurn,
  {
    limits: { perTurn, perDay },
    store,
    clock,
  }: { readonly limits: SpendLimits; readonly store: Pick<Store, 'setValue'>; readonly clock: Pick<Clock, 'now'> },
): Promise<number | null> {
  if (pause.per === 'turn') return perTurn === null ? null : raisedLimit(pause, perTurn);
  if (perDay !== null) {
    const value = { day: startOfDay(clock.now()), limitUsd: raisedLimit(pause, perDay) };
    await store.setValue(raisedKey, JSON.stringify(value));
  }
  // What the turn had been allowed before.
  return perTurn === null ? null : Math.ceil(turnUsd / perTurn) * perTurn;
}

function raisedLimit({ limitUsd, spentUsd, nextUsd }: SpendPause, amount: number): number {
  const needed = spentUsd + (nextUsd ?? 0);
  return limitUsd + Math.max(1, Math.ceil((needed - limitUsd) / amount)) * amount;
}

/** Where the day began, ms since the epoch, by this machine's clock. */
function startOfDay(now: number): number {
  return new Date(now).setHours(0, 0, 0, 0);
}

const raisedKey = 'spend:today';

async function raisedToday(store: Pick<Store, 'getValue'>, today: number): Promise<number> {
  const value = await store.getValue(raisedKey);
  if (value === null) return 0;
  const raised = JSON.parse(value) as { readonly day?: unknown; readonly limitUsd?: unknown };
  return raised.day === today && typeof raised.limitUsd === 'number' ? raised.limitUsd : 0;
}

/** What the last turn of the path has cost so far. */
function turnOf(path: readonly Entry[]): { readonly usd: number; readonly steps: number; readonly unpriced: number } {
  const answers = path
    .slice(path.findLastIndex((entry) => entry.kind === 'user') + 1)
    .filter((entry): entry is AssistantEntry => entry.kind === 'assistant');
  return {
    usd: answers.reduce((sum, { usd }) => sum + (usd ?? 0), 0),
    steps: answers.length,
    unpriced: answers.filter(({ usd }) => usd === null).length,
  };
}

/** US dollars of the next request's input, estimated; null when the price is unknown. */
function inputUsd({ path, model, settings, toolsJson, cache }: NextRequest, now: number): number | null {
  if (model.prices === null) return null;
  const seen = seenIfKnown(path);
  const context: ContextNow = {
    project: [...(seen?.project.values() ?? [])],
    files: [...(seen?.files.values() ?? [])],
    selection: seen?.selection ?? null,
  };
  const effort = effortFor(model, settings.effort);
  const chosen = cache === undefined ? {} : { cache };
  return estimateNext({ path, seen, model, effort, context, draft: '', toolsJson, now, ...chosen }).askUsd;
}
