/** How what was learnt of each model is kept: the factor of tokens by model, answers by model and effort. */
import * as z from 'zod';
import { type Learnt, learntShape } from '../models/tokens';
import type { AnswerCost } from './answerCosts';

const answerShape = z.object({ output: z.number(), stepsUsd: z.number().nullable(), stepsTokens: z.number() });
/** Each part by itself: of what earlier versions learnt (`learnt`, by four variables) only the answers are of use. */
const bookShape = z.object({
  factors: z.record(z.string(), learntShape).catch({}),
  answers: z.record(z.string(), z.array(answerShape)).catch({}),
});

export interface TokenCalibration {
  readonly factors: Readonly<Record<string, Learnt>>;
  readonly answers: Readonly<Record<string, readonly AnswerCost[]>>;
}

export const emptyBook: TokenCalibration = { factors: {}, answers: {} };

/** The stored book; an empty one when nothing is stored or it cannot be read. */
export function parseBook(value: string | null): TokenCalibration {
  if (value === null) return emptyBook;
  try {
    return bookShape.safeParse(JSON.parse(value)).data ?? emptyBook;
  } catch {
    return emptyBook;
  }
}
