/** When the next message costs so much more than the user's usually do that the panel says why. Pure. */
import type { NextCost } from '../../shared/nextCost';
import type { Entry } from '../record/record';

/** How many times the user's usual turn a turn costs before a reason is given, and US dollars below which none is. */
const times = 3;
const leastUsd = 0.1;

/** The middle one of some sums; null for none. */
export function medianOf(sums: readonly number[]): number | null {
  return sums.toSorted((a, b) => a - b)[Math.floor(sums.length / 2)] ?? null;
}

/**
 * When the last message came, in ms since the epoch, where the pause since then is why the next turn costs above three
 * times the usual one and above $0.10; null while it costs the usual, or for another reason. `usualUsd`: US dollars of
 * the user's turns, their median; null where there are none.
 */
export function costlyPause(
  { askUsd, answerUsd, cache }: Pick<NextCost, 'askUsd' | 'answerUsd' | 'cache'>,
  usualUsd: number | null,
  path: readonly Entry[],
): number | null {
  if (cache.kind !== 'cold' || askUsd === null || answerUsd === null || usualUsd === null) return null;
  const usd = askUsd + answerUsd;
  if (usd <= leastUsd || usd <= usualUsd * times) return null;
  return path.findLast(({ kind }) => kind === 'assistant')?.at ?? null;
}
