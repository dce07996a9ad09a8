/** What answers cost once they are asked for: their words, and what the further requests of a tool loop read and write. */
import { addKnown } from '../../shared/tokenUsage';
import type { Effort } from '../base/settings';
import { inputTokens, isInputUnknown, usdOf } from '../models/cost';
import type { Model } from '../models/models';
import type { AssistantEntry, Entry } from '../record/record';

/** What one turn cost beyond the input of its first request. */
export interface AnswerCost {
  /** Tokens of all that the turn's answers said. */
  readonly output: number;
  /** US dollars for the input of every request but the turn's first; null when the price is unknown. */
  readonly stepsUsd: number | null;
  /** Tokens of that input. */
  readonly stepsTokens: number;
}

/** Answers that the likely one is the median of, at most. */
export const answersKept = 10;
/** Turns of the conversation itself that are enough to go by. */
const enough = 3;

/** The answers of a path's last turns by this model with this effort, the oldest first. */
export function answersOf(path: readonly Entry[], model: Model, effort: Effort | null): readonly AnswerCost[] {
  const found: AnswerCost[] = [];
  let turn: AssistantEntry[] = [];
  for (let at = path.length - 1; at >= 0 && found.length < answersKept; at -= 1) {
    const entry = path[at];
    if (entry?.kind === 'assistant') turn.push(entry);
    else if (entry?.kind === 'user') {
      const cost = turnCost(turn.reverse(), model, effort);
      if (cost !== null) found.push(cost);
      turn = [];
    } else if (entry?.kind === 'end') turn = [];
  }
  return found.reverse();
}

function turnCost(turn: readonly AssistantEntry[], model: Model, effort: Effort | null): AnswerCost | null {
  const same = turn.every((one) => one.model === model.id && (one.effort === undefined || one.effort === effort));
  const output = turn.reduce<number | null>((sum, { usage }) => addKnown(sum, usage.output), 0);
  // What is unknown teaches nothing.
  if (!same || output === null || output === 0 || turn.some(({ usage }) => isInputUnknown(usage))) return null;
  let stepsUsd: number | null = 0;
  let stepsTokens = 0;
  for (const { usage } of turn.slice(1)) {
    const usd = usdOf(model, { ...usage, output: 0, searches: 0 });
    stepsUsd = stepsUsd === null || usd === null ? null : stepsUsd + usd;
    stepsTokens += inputTokens(usage);
  }
  return { output, stepsUsd, stepsTokens };
}

/**
 * The likely next answer: the median by price of the last ten, of this conversation when it has a few, else of the
 * store's (`kept`); null where there is none to go by.
 */
export function likelyAnswer(own: readonly AnswerCost[], kept: readonly AnswerCost[], model: Model): AnswerCost | null {
  const from = own.length >= enough || kept.length < own.length ? own : kept;
  const usd = (one: AnswerCost): number =>
    (one.output * (model.prices?.output ?? 25)) / 1_000_000 + (one.stepsUsd ?? 0);
  const sorted = from.slice(-answersKept).sort((a, b) => usd(a) - usd(b));
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}
