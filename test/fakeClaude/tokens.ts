/**
 * Token counts by profiles that the client does not know. A client that assumes characters per token is caught out:
 * prose, code and CJK differ, and the newer tokenizer makes about 30 % more tokens (API-FACTS §7.3).
 */
import { createHash } from 'node:crypto';
import { imageTokens, sniffImage, sniffPdf } from './images';
import type { Model } from './models';
import { type Block, blocksOf, type Message, type RequestBody, sourceOf, type ToolDefinition } from './wire';

/** Characters per token on the older tokenizer; the newer one is taken as `newer` times that, never below 2.4. */
export interface TokenProfile {
  readonly prose: number;
  readonly code: number;
  readonly cjk: number;
  readonly newer: number;
}

export const profiles = {
  light: { prose: 4.2, code: 3.4, cjk: 2.6, newer: 0.77 },
  middle: { prose: 3.8, code: 3.1, cjk: 2.4, newer: 0.77 },
  dense: { prose: 3.2, code: 2.6, cjk: 2.4, newer: 0.8 },
} as const satisfies Record<string, TokenProfile>;

export type ProfileName = keyof typeof profiles;

const cjk = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]/g;
const codeMarks = /[{}()[\];=<>|&$#_/\\*+"'`@:]/g;

/** Tokens of a text: lines rich in punctuation or indentation count as code, CJK characters apart. Empty text is 0. */
export function textTokens(text: string, profile: TokenProfile, newTokenizer: boolean): number {
  if (text === '') return 0;
  const rate = (charsPerToken: number): number =>
    newTokenizer ? Math.max(charsPerToken * profile.newer, 2.4) : charsPerToken;
  let tokens = 0;
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf('\n', from);
    const to = end === -1 ? text.length : end + 1;
    const line = text.slice(from, to);
    const wide = line.match(cjk)?.length ?? 0;
    const narrow = line.length - wide;
    const marks = line.match(codeMarks)?.length ?? 0;
    const isCode = /^(\t| {2,})\S/.test(line) || marks * 12 > narrow;
    tokens += wide / rate(profile.cjk) + narrow / rate(isCode ? profile.code : profile.prose);
    from = to;
  }
  return Math.max(1, Math.ceil(tokens));
}

/** Tokens around every message: role and separators. */
const messageFrame = 4;
const blockFrame = 1;
const toolUseFrame = 12;
const toolResultFrame = 10;
const pageText = 2_000;
const page = { width: 1075, height: 1520 };

/** Tools and instructions are in every prompt, and a machine starts the fake thousands of times: they are counted once. */
const longTexts = new WeakMap<TokenProfile, Map<string, number>>();
const longText = 400;

/** Counts the parts of a request for one model. Remembers what it has counted, since prompts grow by their tail. */
export class TokenCounter {
  readonly #profile: TokenProfile;
  readonly #known = new Map<string, number>();
  /** By their characters: whatever is counted of each model. */
  readonly #long: Map<string, number>;

  constructor(profile: TokenProfile) {
    this.#profile = profile;
    this.#long = longTexts.get(profile) ?? new Map();
    longTexts.set(profile, this.#long);
  }

  /** Tokens of a plain text for this model. */
  text(text: string, { newTokenizer }: Model): number {
    if (text.length < longText) return textTokens(text, this.#profile, newTokenizer);
    const key = `${newTokenizer} ${text}`;
    const known = this.#long.get(key) ?? textTokens(text, this.#profile, newTokenizer);
    if (this.#long.size > 200) this.#long.clear();
    this.#long.set(key, known);
    return known;
  }

  /** Tokens of one content block, nested content included. */
  block(block: Block, model: Model): number {
    const key = `${model.id} ${digest(JSON.stringify(block))}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const counted = this.#count(block, model);
    if (this.#known.size > 50_000) this.#known.clear();
    this.#known.set(key, counted);
    return counted;
  }

  /** Tokens of a tool's definition. */
  tool(tool: ToolDefinition, model: Model): number {
    const { cache_control: _mark, ...rest } = tool;
    return this.text(JSON.stringify(rest), model) + toolUseFrame;
  }

  /** Tokens the API adds to the prompt as soon as tools are offered (API-FACTS §8.3). */
  toolOverhead(body: RequestBody, model: Model): number {
    if ((body.tools ?? []).length === 0) return 0;
    const forced = body.tool_choice?.type === 'any' || body.tool_choice?.type === 'tool';
    return model.toolOverhead[forced ? 1 : 0];
  }

  /** Tokens of the frame of a message, counted with its first block. */
  frame(_message: Message): number {
    return messageFrame;
  }

  #count(block: Block, model: Model): number {
    const inner = (): number => blocksOf(block.content).reduce((sum, part) => sum + this.block(part, model), 0);
    switch (block.type) {
      case 'text':
        return this.text(block.text ?? '', model) + blockFrame;
      case 'thinking':
        // The signature carries the whole of an omitted thought; what is billed is the thought, not the ciphertext.
        return Math.ceil(this.text(block.thinking ?? '', model) + (block.signature?.length ?? 0) / 8);
      case 'redacted_thinking':
        return Math.ceil((block.data?.length ?? 0) / 8);
      case 'image':
        return this.#image(block, model);
      case 'document':
        return this.#document(block, model) + this.text(`${block.title ?? ''}${block.context ?? ''}`, model);
      case 'tool_use':
      case 'server_tool_use':
        return this.text(`${block.name ?? ''}${JSON.stringify(block.input ?? {})}`, model) + toolUseFrame;
      case 'tool_result':
        return inner() + toolResultFrame;
      default: {
        const { type: _type, cache_control: _mark, ...rest } = block;
        return this.text(JSON.stringify(rest), model) + blockFrame;
      }
    }
  }

  #image(block: Block, model: Model): number {
    const source = sourceOf(block);
    const size = source?.type === 'base64' ? sniffImage(Buffer.from(source.data ?? '', 'base64')) : undefined;
    return imageTokens(size ?? { width: 1024, height: 1024 }, model.highResImages);
  }

  #document(block: Block, model: Model): number {
    const source = sourceOf(block);
    if (source?.type === 'text') return this.text(source.data ?? '', model);
    if (source?.type === 'content') {
      return blocksOf(source.content).reduce((sum, part) => sum + this.block(part, model), 0);
    }
    const pages = sniffPdf(Buffer.from(source?.data ?? '', 'base64'))?.pages ?? 1;
    return pages * (pageText + imageTokens(page, model.highResImages));
  }
}

/** A short digest of exact bytes. */
export function digest(text: string): string {
  return createHash('sha1').update(text).digest('base64url');
}
