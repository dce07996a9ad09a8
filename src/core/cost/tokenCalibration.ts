/** How what was learnt of each model is kept: the factor of tokens by model, answers by model and effort. */
import * as z from 'zod';
import type { Learnt } from '../models/tokens';
import type { AnswerCost } from './answerCosts';

/** How a `Learnt` is stored: two sums of tokens. */
export const learntShape = z.object({ expected: z.number().nonnegative(), billed: z.number().nonnegative() });
const answerShape = z.object({ output: z.number(), stepsUsd: z.number().nullable(), stepsTokens: z.number() });
/** Each part by itself: of what earlier versions learnt (`learnt`, by four variables) only the answers are of use. */
const calibrationShape = z.object({
  factors: z.record(z.string(), learntShape).catch({}),
  answers: z.record(z.string(), z.array(answerShape)).catch({}),
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
