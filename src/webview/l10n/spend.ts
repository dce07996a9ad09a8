/** What the spend guard says when it pauses a turn. */
import type { SpendPause } from '../../shared/spendPause';
import { dollars, sentences } from './format';
import { plural, t } from './language';

/** What a paused turn has cost, and which limit it met. */
export const spendStrings = {
  longTurn: () => t('This turn is long, and its price is unknown. It pauses from time to time.'),
  today: (spent: string) => t('{0} spent today.', spent),
  spent: (steps: number, spent: string) => plural(steps, '{1} spent in {0} step.', '{1} spent in {0} steps.', spent),
  dayLimit: (limit: string) => t('The limit for a day is {0}.', limit),
  turnLimit: (limit: string) => t('The limit for a turn is {0}.', limit),
  nextOverDay: (next: string, limit: string) =>
    t('The next step costs about {0} and would cross the limit of {1} for a day.', next, limit),
  nextOverTurn: (next: string, limit: string) =>
    t('The next step costs about {0} and would cross the limit of {1} for a turn.', next, limit),
  unpriced: (steps: number) =>
    plural(
      steps,
      '{0} step is not counted: its price is unknown.',
      '{0} steps are not counted: their price is unknown.',
    ),
} as const;

/** "$1.98 spent in 31 steps. The next one would cross the limit of $2.00 for a turn. Continue allows $2.00 more." */
export function spendText(pause: SpendPause): string {
  if (pause.tokens !== undefined) return spendStrings.longTurn();
  const { per, limitUsd, spentUsd, nextUsd, steps, unpriced } = pause;
  const spent = dollars(spentUsd);
  const limit = dollars(limitUsd);
  const parts: string[] = [];
  if (per === 'day') parts.push(spendStrings.today(spent));
  else if (steps > 0) parts.push(spendStrings.spent(steps, spent));
  if (spentUsd > limitUsd) {
    parts.push(per === 'day' ? spendStrings.dayLimit(limit) : spendStrings.turnLimit(limit));
  } else if (nextUsd !== null) {
    const next = dollars(nextUsd);
    parts.push(per === 'day' ? spendStrings.nextOverDay(next, limit) : spendStrings.nextOverTurn(next, limit));
  }
  if (unpriced > 0) {
    parts.push(spendStrings.unpriced(unpriced));
  }
  return sentences(parts);
}
