/** How what was learnt of each model is kept: tokens per character by model, answers by model and effort. */
import * as z from 'zod';
import { type Learnt, learntShape } from '../models/tokenRates';
import type { AnswerCost } from './answerCosts';

const answerShape = z.object({ output: z.number(), stepsUsd: z.number().nullable(), stepsTokens: z.number() });
const bookShape = z.object({
  learnt: z.record(z.string(), learntShape),
  answers: z.record(z.string(), z.array(answerShape)),
});

export interface TokenCalibration {
  readonly learnt: Readonly<Record<string, Learnt>>;
  readonly answers: Readonly<Record<string, readonly AnswerCost[]>>;
}

export const emptyBook: TokenCalibration = { learnt: {}, answers: {} };

/** The stored book; an empty one when nothing is stored or it cannot be read. */
export function parseBook(value: string | null): TokenCalibration {
  if (value === null) return emptyBook;
  try {
    return bookShape.safeParse(JSON.parse(value)).data ?? emptyBook;
  } catch {
    return emptyBook;
  }
}
