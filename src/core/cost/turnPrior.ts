/** What a turn is taken to be before there are turns to go by (PANEL.md, "Cost line"). */
import type { Rates } from '../models/models';
import type { AnswerCost } from './answerCosts';

/**
 * Steps are those of small tasks, as `npm run bench -- tasks` plays them; `unit/bench/turnPrior` holds them to that. The
 * words of an answer are a guess.
 */
export const turnPrior = {
  /** Tokens of all that the turn's answers say. */
  output: 800,
  /** Requests behind the first one. */
  steps: 2,
  /** Tokens that a step adds to the next request: its calls and what they give back. */
  stepTokens: 220,
} as const;

/** The request that a turn begins with. */
interface First {
  readonly tokens: number;
  /** What is sent is written to the cache, and read by the next request. */
  readonly kept: boolean;
  readonly hasTools: boolean;
}

/** What such a turn costs beyond the input of its first request; `price` null: it is unknown. */
export function priorAnswer({ tokens, kept, hasTools }: First, price: Rates | null): AnswerCost {
  const { output, steps, stepTokens } = turnPrior;
  if (!hasTools) return { output, stepsUsd: 0, stepsTokens: 0 };
  // Each step reads all that was sent before it.
  const before = steps * tokens + ((steps * (steps - 1)) / 2) * stepTokens;
  const added = steps * stepTokens;
  const [held, fresh] = price === null ? [0, 0] : kept ? [price.read, price.write5m] : [price.input, price.input];
  return {
    output,
    stepsUsd: price === null ? null : (before * held + added * fresh) / 1_000_000,
    stepsTokens: before + added,
  };
}
