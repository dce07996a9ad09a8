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
}

/** How turns follow each other and end, the latest first. */
export interface RecentTurns {
  /** ms between the last answer of a turn and the words of the next. */
  readonly pauses: readonly number[];
  /** Of each request that brought tool results: whether its answer ended the turn. */
  readonly lastSteps: readonly boolean[];
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
