/**
 * Tokens per character, learnt from the usage that comes back. The tokenizer is not public and differs between models
 * and kinds of text, so each model has rates of its own: what is documented to begin with (API-FACTS §7.3), then the
 * fit to what was sent and what was billed, weighted least squares with the beginning as a prior. Pure.
 */
import * as z from 'zod';
import { undated } from './models';
import type { TextStats } from './textStats';

/** Tokens for one character of each kind, and for the frame around a block. */
export interface TokenRates {
  readonly prose: number;
  readonly code: number;
  readonly wide: number;
  readonly block: number;
}

/** Models that count as the older ones do: 3.5 to 4 characters a token; all later ones take 2.8 to 3. */
const olderTokenizer: readonly string[] = [
  'claude-sonnet-4-6',
  'claude-haiku-4-5',
  'claude-opus-4-6',
  'claude-opus-4-5',
  'claude-sonnet-4-5',
];

/** The rates of a model that nothing was learnt of. Code is denser than prose; a wide character is about a token. */
export function firstRates(model: string): TokenRates {
  const prose = olderTokenizer.includes(undated(model)) ? 3.8 : 3;
  return { prose: 1 / prose, code: 1 / (prose * 0.9), wide: 0.8, block: 4 };
}

/** Tokens of what was measured. */
export function tokensOf(measure: TextStats, rates: TokenRates): number {
  const { prose, code, wide, blocks, tokens, guessed } = measure;
  return prose * rates.prose + code * rates.code + wide * rates.wide + blocks * rates.block + tokens + guessed;
}

/** What requests have taught: the sums of the least squares, which grow no further however much is learnt. */
export interface Learnt {
  /** The upper triangle of Σ x·xᵀ, row by row. */
  readonly squares: readonly number[];
  /** Σ x·y. */
  readonly products: readonly number[];
}

export const learntShape = z.object({
  squares: z.array(z.number()).length(10),
  products: z.array(z.number()).length(4),
});

export const nothingLearnt: Learnt = { squares: Array<number>(10).fill(0), products: Array<number>(4).fill(0) };

/** A part of a request whose tokens are known. */
export interface CalibrationSample {
  readonly measure: TextStats;
  /** As billed. */
  readonly tokens: number;
}

/** How far the first rates may be off, as a part of each. */
const priorDeviation = { prose: 0.3, code: 0.3, wide: 0.6, block: 0.7 };
/** How far a request is off the rates' line: a part of it, and a few tokens. */
const relativeNoise = 0.03;
const absoluteNoise = 10;
/** What of older requests is left with each new one: their files and tools are not those of today. */
const memory = 0.97;
/** Beyond this factor it is not the rates that are wrong: something else was in the request. */
const implausible = 2.5;
/** Tokens below which rounding and frames are all there is to see. */
const leastTokens = 20;

/** Takes a request's usage in. */
export function learn(before: Learnt, { measure, tokens }: CalibrationSample, rates: TokenRates): Learnt {
  const text = tokens - measure.tokens;
  const expected = tokensOf(measure, rates) - measure.tokens;
  if (measure.guessed !== 0 || text < leastTokens || expected <= 0) return before;
  if (text > expected * implausible || text * implausible < expected) return before;
  const weight = 1 / ((relativeNoise * text) ** 2 + absoluteNoise ** 2);
  const x = [measure.prose, measure.code, measure.wide, measure.blocks];
  const squares = pairs.map(([i, j], at) => memory * (before.squares[at] ?? 0) + weight * (x[i] ?? 0) * (x[j] ?? 0));
  const products = x.map((value, i) => memory * (before.products[i] ?? 0) + weight * value * text);
  return { squares, products };
}

/** The model's rates by what was learnt, within what can be. */
export function ratesOf(learnt: Learnt, model: string): TokenRates {
  const first = firstRates(model);
  const prior = [first.prose, first.code, first.wide, first.block];
  const deviation = [priorDeviation.prose, priorDeviation.code, priorDeviation.wide, priorDeviation.block];
  const matrix = prior.map((_, row) => prior.map((__, column) => squareAt(learnt, row, column)));
  const right = [...learnt.products];
  for (const [index, value] of prior.entries()) {
    const sureness = 1 / (value * (deviation[index] ?? 1)) ** 2;
    const row = matrix[index];
    if (row !== undefined) row[index] = (row[index] ?? 0) + sureness;
    right[index] = (right[index] ?? 0) + sureness * value;
  }
  const [prose, code, wide, block] = solve(matrix, right);
  return {
    prose: within(prose, 1 / 8, 1, first.prose),
    code: within(code, 1 / 8, 1, first.code),
    wide: within(wide, 0.2, 3, first.wide),
    block: within(block, 0, 40, first.block),
  };
}

/** Places of the upper triangle. */
const pairs: readonly (readonly [number, number])[] = [0, 1, 2, 3].flatMap((i) =>
  [0, 1, 2, 3].slice(i).map((j) => [i, j] as const),
);

function squareAt({ squares }: Learnt, row: number, column: number): number {
  const [i, j] = row <= column ? [row, column] : [column, row];
  return squares[pairs.findIndex(([a, b]) => a === i && b === j)] ?? 0;
}

/** Solves a symmetric positive system by elimination; the prior on its diagonal keeps it solvable. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): readonly number[] {
  const rows = matrix.map((row, index) => [...row, right[index] ?? 0]);
  const size = rows.length;
  for (const [at, pivot] of rows.entries()) {
    for (const row of rows.slice(at + 1)) {
      const factor = (row[at] ?? 0) / (pivot[at] ?? 1);
      for (let column = at; column <= size; column += 1)
        row[column] = (row[column] ?? 0) - factor * (pivot[column] ?? 0);
    }
  }
  const result = Array<number>(size).fill(0);
  for (let at = size - 1; at >= 0; at -= 1) {
    const row = rows[at] ?? [];
    let rest = row[size] ?? 0;
    for (let column = at + 1; column < size; column += 1) rest -= (row[column] ?? 0) * (result[column] ?? 0);
    result[at] = rest / (row[at] ?? 1);
  }
  return result;
}

function within(value: number | undefined, low: number, high: number, fallback: number): number {
  return value === undefined || !Number.isFinite(value) ? fallback : Math.min(high, Math.max(low, value));
}
