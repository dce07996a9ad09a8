/** How what was learnt is kept: the factor of tokens by model, the sizes of turns by effort. */
import * as z from 'zod/mini';
import type { Learnt } from '../models/tokens';
import { turnPrior } from './turnPrior';
import type { TurnSize } from './turnSizes';

const sum = z.number().check(z.nonnegative());
/** How a `Learnt` is stored: two sums of tokens. */
export const learntShape = z.object({ expected: sum, billed: sum });
const turnShape = z.object({ model: z.string(), output: sum, steps: sum, added: sum, searches: z.optional(sum) });
/** As earlier versions kept it, by model and effort: how many steps there were was not said. */
const answerShape = z.object({ output: sum, stepsTokens: sum });
const calibrationShape = z.object({
  factors: z.catch(z.record(z.string(), learntShape), {}),
  turns: z.catch(z.record(z.string(), z.array(turnShape)), {}),
  answers: z.catch(z.record(z.string(), z.array(answerShape)), {}),
  account: z.catch(z.optional(z.string()), undefined),
});

/** What was learnt: `factors` by model id, the last `turns` by effort. */
export interface TokenCalibration {
  readonly factors: Readonly<Record<string, Learnt>>;
  readonly turns: Readonly<Record<string, readonly TurnSize[]>>;
  /** A few digits of a digest of address and key that the last request went out with: enough to notice another one. */
  readonly account?: string | undefined;
}

/** Before anything was learnt. */
export const emptyCalibration: TokenCalibration = { factors: {}, turns: {} };

/** The stored book; an empty one when nothing is stored or it cannot be read. */
export function parseCalibration(value: string | null): TokenCalibration {
  if (value === null) return emptyCalibration;
  try {
    const { data } = calibrationShape.safeParse(JSON.parse(value));
    if (data === undefined) return emptyCalibration;
    const { factors, turns, answers, account } = data;
    return { factors, turns: { ...turnsOfAnswers(answers), ...turns }, account };
  } catch {
    return emptyCalibration;
  }
}

/** What an earlier version learnt of answers: those that took steps are taken to have had the usual ones. */
function turnsOfAnswers(
  answers: Readonly<Record<string, readonly z.infer<typeof answerShape>[]>>,
): TokenCalibration['turns'] {
  const turns: Record<string, TurnSize[]> = {};
  for (const [key, some] of Object.entries(answers)) {
    const space = key.lastIndexOf(' ');
    const effort = key.slice(space + 1);
    for (const { output, stepsTokens } of some) {
      const steps = stepsTokens === 0 ? 0 : turnPrior.usual.steps;
      turns[effort] = [
        ...(turns[effort] ?? []),
        { model: key.slice(0, space), output, steps, added: steps * turnPrior.stepTokens },
      ];
    }
  }
  return turns;
}
