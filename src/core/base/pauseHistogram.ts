/** How long an entry of the prompt cache lives, and how long the user pauses between turns. */
import type { CacheTtl } from './settings';

const minute = 60_000;

/** ms that an entry lives after the start of the request that wrote or read it last (API-FACTS §6.1). */
export const lifeMs: Readonly<Record<CacheTtl, number>> = { '5m': 5 * minute, '1h': 60 * minute };

/**
 * How long the user waited between a turn's last request and the next turn, counted in three kinds, and how often a
 * request that brought tool results was its turn's last.
 */
export interface PauseHistogram {
  /** At most 5 minutes: any entry lives. */
  readonly short: number;
  /** Up to an hour: only entries with an hour's life do. */
  readonly middle: number;
  /** Longer: none does. */
  readonly long: number;
  /** Requests that brought tool results; missing where nobody counted. */
  readonly steps?: number;
  /** Those of them whose answer ended the turn. */
  readonly lastSteps?: number;
  /** What comes after a turn; missing where nobody counted. */
  readonly next?: NextTurns;
}

/** A turn that follows another, in whatever conversation. */
export interface Follow {
  /** From the last answer before it, ms. */
  readonly ms: number;
  /** Whether that was in the same conversation. */
  readonly same: boolean;
  /** Whether that was the first turn of its conversation. */
  readonly first: boolean;
}

/** How often a turn was followed within 5 minutes, within an hour, or later, in its own conversation or in another. */
export interface Follows {
  readonly soonSame: number;
  readonly soonOther: number;
  readonly laterSame: number;
  readonly laterOther: number;
  readonly none: number;
}

/** The same for the first turn of a conversation, and for those behind it. */
export interface NextTurns {
  readonly first: Follows;
  readonly later: Follows;
}

/** How turns follow each other and end, the latest first. */
export interface RecentTurns {
  /** ms between the last answer of a turn and the words of the next. */
  readonly pauses: readonly number[];
  /** Of each request that brought tool results: whether its answer ended the turn. */
  readonly lastSteps: readonly boolean[];
  /** How turns follow each other in all conversations; missing where nobody looked. */
  readonly follows?: readonly Follow[];
  /** When the last answer of all came, and whether its turn was the first of its conversation; null without one. */
  readonly last?: { readonly at: number; readonly first: boolean } | null;
  /** US dollars of each turn whose price is known. */
  readonly usd: readonly number[];
  /** US dollars of all requests of today, those without a known price left out. */
  readonly todayUsd: number;
}

/** Counts pauses, given in ms; `steps`: of each request that brought tool results, whether its answer ended the turn. */
export function pauseHistogramOf(pauses: readonly number[], steps: readonly boolean[] = []): PauseHistogram {
  const count = (from: number, to: number): number => pauses.filter((ms) => ms >= from && ms < to).length;
  return {
    short: count(Number.NEGATIVE_INFINITY, lifeMs['5m']),
    middle: count(lifeMs['5m'], lifeMs['1h']),
    long: count(lifeMs['1h'], Number.POSITIVE_INFINITY),
    steps: steps.length,
    lastSteps: steps.filter((last) => last).length,
  };
}

/**
 * Counts what came after turns. `open`: how long nothing has come since the last one, which says something, too, once the
 * shorter-lived entries are gone: the turn that ends this pause is planned by it.
 */
export function nextTurnsOf(
  follows: readonly Follow[],
  open: { readonly ms: number; readonly first: boolean } | null,
): NextTurns {
  const waited = open === null || open.ms < lifeMs['5m'] ? [] : [{ ...open, same: false }];
  // Before what they follow: the clock was set back, or they come from elsewhere.
  const all = [...follows, ...waited].filter(({ ms }) => ms >= 0);
  return { first: followsOf(all.filter(({ first }) => first)), later: followsOf(all.filter(({ first }) => !first)) };
}

function followsOf(follows: readonly Follow[]): Follows {
  const count = (from: number, to: number, same: boolean): number =>
    follows.filter((one) => one.ms >= from && one.ms < to && one.same === same).length;
  const { '5m': soon, '1h': later } = lifeMs;
  return {
    soonSame: count(Number.NEGATIVE_INFINITY, soon, true),
    soonOther: count(Number.NEGATIVE_INFINITY, soon, false),
    laterSame: count(soon, later, true),
    laterOther: count(soon, later, false),
    none: follows.filter(({ ms }) => ms >= later).length,
  };
}
