/** What turns are taken to be before there are turns to go by (PANEL.md, "Cost line"). */
import type { Effort } from '../base/settings';
import type { TurnSize } from './turnSizes';

/**
 * A short, a usual and a long turn. Steps are those of small tasks, as `npm run bench -- tasks` plays them, and what a
 * step says is what recorded calls of tools took; `unit/bench/turnPrior` holds them to that. The words of an answer are a
 * guess.
 */
export const turnPrior = {
  short: { steps: 0, answer: 150 },
  usual: { steps: 2, answer: 800 },
  long: { steps: 5, answer: 2400 },
  /** Tokens that a step adds to the next request: its calls and what they give back. */
  stepTokens: 220,
  /** Tokens that a step says: its calls. */
  stepOutput: 95,
  /** How much of it is said and thought at an effort, against `high`: as the levels are described, and not measured. */
  byEffort: { low: 0.4, medium: 0.7, high: 1, xhigh: 1.6, max: 2.5 } as const satisfies Readonly<
    Record<Effort, number>
  >,
} as const;

/** The three turns at this effort, the shortest first, in tokens of this model. */
export function priorTurns(model: string, effort: Effort | null): readonly TurnSize[] {
  const { short, usual, long, stepTokens, stepOutput, byEffort } = turnPrior;
  const share = byEffort[effort ?? 'high'];
  return [short, usual, long].map(({ steps, answer }) => ({
    model,
    output: Math.round((answer + steps * stepOutput) * share),
    steps,
    added: steps * stepTokens,
  }));
}
