/** How what was learnt of each model is kept: the factor of tokens by model, answers by model and effort. */
import * as z from 'zod/mini';
import type { Learnt } from '../models/tokens';
import type { AnswerCost } from './answerCosts';

const sum = z.number().check(z.nonnegative());
/** How a `Learnt` is stored: two sums of tokens. */
export const learntShape = z.object({ expected: sum, billed: sum });
const answerShape = z.object({ output: z.number(), stepsUsd: z.nullable(z.number()), stepsTokens: z.number() });
/** Each part by itself: of what earlier versions learnt (`learnt`, by four variables) only the answers are of use. */
const calibrationShape = z.object({
  factors: z.catch(z.record(z.string(), learntShape), {}),
  answers: z.catch(z.record(z.string(), z.array(answerShape)), {}),
});

/** What was learnt of models: `factors` by model id, the last `answers` by model id and effort. */
export interface TokenCalibration {
  readonly factors: Readonly<Record<string, Learnt>>;
  readonly answers: Readonly<Record<string, readonly AnswerCost[]>>;
}

/** Before anything was learnt. */
export const emptyCalibration: TokenCalibration = { factors: {}, answers: {} };

/** The stored book; an empty one when nothing is stored or it cannot be read. */
export function parseCalibration(value: string | null): TokenCalibration {
  if (value === null) return emptyCalibration;
  try {
    return calibrationShape.safeParse(JSON.parse(value)).data ?? emptyCalibration;
  } catch {
    return emptyCalibration;
  }
}
