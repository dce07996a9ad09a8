/**
 * What a request holds, as one rolling digest over model, tools, system and the blocks of its messages. Thinking of some
 * models is valid only behind the very prefix that it was made with (API-FACTS §5); by their digests two prefixes are
 * compared without keeping either. cache breakpoints are no part of it, and neither is what only asks for an answer (effort,
 * max_tokens).
 */
import type Anthropic from '@anthropic-ai/sdk';
import { digestOf } from '../base/digest';
import { type Memo, ofConstants } from '../base/memo';
import type { PlacedBlock } from './placedBlock';

type Block = Anthropic.ContentBlockParam;

/** Blocks stay the same objects from one request to the next: a long conversation is digested once. */
function blockDigest(block: Block, memo: Memo): string {
  return memo.get(block, 'digest', () =>
    block.type === 'tool_result' ? resultDigest(block, [], memo) : digestOf(JSON.stringify(block)),
  );
}

function resultDigest(
  { content, ...rest }: Anthropic.ToolResultBlockParam,
  media: NonNullable<PlacedBlock['media']>,
  memo: Memo,
): string {
  const digestAt = (part: unknown, index: number): string => {
    const digested = media[index]?.digested;
    return digested === undefined ? blockDigest(part as Block, memo) : digestOf(digested);
  };
  const parts = typeof content === 'string' ? [content] : (content ?? []).map(digestAt);
  return digestOf(JSON.stringify([rest, parts]));
}

/** Those of a snapshot are long, and stay the same objects. */
function textsDigest(texts: readonly string[], memo: Memo): string {
  return memo.get(texts, 'digest', () => digestOf(JSON.stringify(texts.map(digestOf))));
}

/** What comes before the messages. */
interface Head {
  readonly model: string;
  /** JSON of the tools' definitions. */
  readonly tools: string;
  readonly instructions: string;
  /** The texts of `system` behind the instructions. */
  readonly context: readonly string[];
  /** True where documents go out without their titles. */
  readonly untitled: boolean;
}

/** The digest of a constant, made once: it is asked for with every request. */
export const constantDigest = ofConstants(digestOf);

/** What a block made of the digest before it when it was last taken in: it always has the same role. */
function noStep(): { before: string; behind: string } {
  return { before: '', behind: '' };
}

/** Rolls over a request from its beginning. */
export class Prefix {
  #digest: string;

  /** `begin`: what comes before the messages, or the digest of what was taken in before. */
  constructor(
    begin: Head | string,
    private readonly memo: Memo,
  ) {
    if (typeof begin === 'string') {
      this.#digest = begin;
      return;
    }
    const { model, tools, instructions, context, untitled } = begin;
    const texts = textsDigest(context, memo);
    this.#digest = digestOf(
      JSON.stringify([model, constantDigest(tools), constantDigest(instructions), texts, untitled]),
    );
  }

  /** Of all that was taken in so far. */
  get digest(): string {
    return this.#digest;
  }

  take(role: 'user' | 'assistant', { block, digested, media = [] }: PlacedBlock): void {
    if (digested !== undefined) this.#roll(role, digestOf(digested));
    else if (block.type === 'tool_result' && media.length > 0) this.#roll(role, resultDigest(block, media, this.memo));
    else {
      const step = this.memo.get(block, 'step', noStep);
      if (step.before === this.#digest) this.#digest = step.behind;
      else {
        step.before = this.#digest;
        this.#roll(role, blockDigest(block, this.memo));
        step.behind = this.#digest;
      }
    }
  }

  #roll(role: 'user' | 'assistant', digest: string): void {
    this.#digest = digestOf(`${this.#digest} ${role} ${digest}`);
  }
}
