/**
 * How much text there is, by kinds that differ in tokens per character: prose, code, and wide (CJK) characters. What a
 * measure weighs in tokens depends on the model's rates (tokenRates.ts).
 */

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

/** Texts from this length on are remembered: counting them again is what costs. */
const rememberFrom = 256;
/** Characters of remembered texts, at most. */
const rememberAtMost = 4_000_000;
const known = new Map<string, TextStats>();
let remembered = 0;

/** Measures a text, without a block around it. Linear in its length; a long text is measured once. */
export function measureText(text: string): TextStats {
  if (text.length < rememberFrom) return count(text);
  const before = known.get(text);
  if (before !== undefined) return before;
  if (remembered + text.length > rememberAtMost) {
    known.clear();
    remembered = 0;
  }
  const measured = count(text);
  known.set(text, measured);
  remembered += text.length;
  return measured;
}

function count(text: string): TextStats {
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
