/**
 * The one estimator of tokens, so that nothing has to be asked of the API before Send. A text is counted by kinds that
 * differ in tokens per character (prose, code, CJK), each kind has a fixed weight, and one factor per model, learnt from
 * what was billed, brings that to the model's own scale. The tokenizer is not public: models from Opus 4.7 on use about
 * 2.8–3 characters a token, older ones about 30 % fewer tokens (API-FACTS §7.3).
 */
import { ofConstants } from '../base/memo';
import { undated } from './models';

/** How much text there is, by kinds. */
export interface TextStats {
  /** Characters. */
  readonly prose: number;
  readonly code: number;
  readonly wide: number;
  /** Content blocks: the API puts a few tokens around each. */
  readonly blocks: number;
  /** Tokens that are known without a rate: images, and what the API adds for tools. */
  readonly tokens: number;
  /** Tokens that are no more than a guess, such as those of a PDF's pages: nothing can be learnt from them. */
  readonly guessed: number;
}

/** The sum of no texts. */
export const nothingMeasured: TextStats = { prose: 0, code: 0, wide: 0, blocks: 0, tokens: 0, guessed: 0 };

/** Characters from here on are wide, but for the surrogates of emoji, which are as narrow as two. */
const wideFrom = 0x2e80;
const isSurrogate = (code: number): boolean => code >= 0xd800 && code <= 0xdfff;

/** Marks that code is rich in and prose is not. */
const marks = new Uint8Array(128);
for (const mark of '{}()[];=<>|&$#_/\\*+^~%@:"`') marks[mark.charCodeAt(0)] = 1;
/** One mark in so many characters makes a line code. */
const marksShare = 10;

const newline = 10;
const tab = 9;
const space = 32;

/** Measures a text, without a block around it. Linear in its length. */
export function measureText(text: string): TextStats {
  let prose = 0;
  let code = 0;
  let wide = 0;
  let narrow = 0;
  let marked = 0;
  let start = 0;
  const end = text.length;
  for (let at = 0; at < end; at += 1) {
    const character = text.charCodeAt(at);
    if (character >= wideFrom && !isSurrogate(character)) wide += 1;
    else {
      narrow += 1;
      if (character < 128) marked += marks[character] ?? 0;
    }
    if (character !== newline && at !== end - 1) continue;
    if (isIndented(text, start) || marked * marksShare >= narrow + marksShare) code += narrow;
    else prose += narrow;
    narrow = 0;
    marked = 0;
    start = at + 1;
  }
  return { ...nothingMeasured, prose, code, wide };
}

function isIndented(text: string, start: number): boolean {
  const first = text.charCodeAt(start);
  return first === tab || (first === space && text.charCodeAt(start + 1) === space);
}

/** A text as a content block of its own. */
export function measureBlock(text: string): TextStats {
  return { ...measureText(text), blocks: 1 };
}

/** Measures a constant once: it is asked for with each key that is typed. Without a block around it. */
export const measureConstant = ofConstants(measureText);

/** Adds measures up, field by field. */
export function sumOf(measures: Iterable<TextStats>): TextStats {
  let prose = 0;
  let code = 0;
  let wide = 0;
  let blocks = 0;
  let tokens = 0;
  let guessed = 0;
  for (const one of measures) {
    prose += one.prose;
    code += one.code;
    wide += one.wide;
    blocks += one.blocks;
    tokens += one.tokens;
    guessed += one.guessed;
  }
  return { prose, code, wide, blocks, tokens, guessed };
}

/** Tokens for one character of each kind, at the factor 1, and for the frame around a block. */
const weights = { prose: 1 / 3, code: 0.39, wide: 0.42, block: 4 } as const;

/** Models that count as the older ones do. */
const olderTokenizer: readonly string[] = [
  'claude-sonnet-4-6',
  'claude-haiku-4-5',
  'claude-opus-4-6',
  'claude-opus-4-5',
  'claude-sonnet-4-5',
];

/** The factor of a model that nothing was learnt of. */
export function firstFactor(model: string): number {
  return olderTokenizer.includes(undated(model)) ? 1 / 1.3 : 1;
}

/** Tokens of what was measured. */
export function tokensOf(stats: TextStats, factor: number): number {
  return factor * textWeight(stats) + stats.blocks * weights.block + stats.tokens + stats.guessed;
}

function textWeight({ prose, code, wide }: TextStats): number {
  return prose * weights.prose + code * weights.code + wide * weights.wide;
}

/** Tokens of a text without a block around it, at least 0: of a newer model, or by its factor. */
export function estimateTokens(text: string, factor = 1): number {
  return Math.ceil(tokensOf(measureText(text), factor));
}

/** The same of a text that hardly ever changes: measured once. */
export function estimateConstant(text: string): number {
  return Math.ceil(tokensOf(measureConstant(text), 1));
}

/** What requests have taught of a model: both grow no further than `remembered` however much is learnt. */
export interface Learnt {
  /** Tokens of text as they were expected at the factor 1. */
  readonly expected: number;
  /** Tokens of the same as they were billed. */
  readonly billed: number;
}

/** A model that has not answered yet: its factor is the first guess. */
export const nothingLearnt: Learnt = { expected: 0, billed: 0 };

/** A part of a request whose tokens are known. */
export interface CalibrationSample {
  readonly stats: TextStats;
  /** As billed. */
  readonly tokens: number;
}

/** Expected tokens that are remembered: what is older fades. */
const rememberedTokens = 40_000;
/** Expected tokens that the documented factor is worth. */
const priorTokens = 200;
/** Beyond this ratio it is not the factor that is wrong: something else was in the request. */
const implausible = 2.5;
/** Tokens below which rounding and frames are all there is to see. */
const leastTokens = 20;

/** Takes a request's usage in. */
export function learn(before: Learnt, { stats, tokens }: CalibrationSample, model: string): Learnt {
  const billed = tokens - tokensOf(stats, 0);
  const expected = textWeight(stats);
  if (stats.guessed !== 0 || billed < leastTokens || expected <= 0) return before;
  const ratio = billed / (expected * firstFactor(model));
  if (ratio > implausible || ratio * implausible < 1) return before;
  const all = before.expected + expected;
  const kept = Math.min(1, rememberedTokens / all);
  return { expected: all * kept, billed: (before.billed + billed) * kept };
}

/** The model's factor by what was learnt. */
export function factorOf({ expected, billed }: Learnt, model: string): number {
  return (priorTokens * firstFactor(model) + billed) / (priorTokens + expected);
}
