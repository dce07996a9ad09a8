/** A block of a request with where it comes from, and the one walk over such blocks. */
import type Anthropic from '@anthropic-ai/sdk';
import type { ChangeEntry, Entry, UserBlock } from '../record/record';

type Block = Anthropic.ContentBlockParam;

/** A block of a request, and where it comes from. */
export interface PlacedBlock {
  readonly block: Block;
  /** null where a request is looked at without its record. */
  readonly entry: Entry | null;
  /** What the user attached that it stands for. */
  readonly attached?: UserBlock;
  /** What stands for it in digests (prefix.ts), where its bytes are many. */
  readonly digested?: string;
  /** Of a tool's result: the images and documents that its content begins with, each with what stands for it. */
  readonly media?: readonly Pick<PlacedBlock, 'attached' | 'digested'>[];
  /** Of a tool's result: the changes that are told in it, each a part at its end. */
  readonly changes?: readonly ChangeEntry[];
}

/** Each block, and behind a tool's result each part of it. */
export function* walk(blocks: Iterable<PlacedBlock>): Generator<PlacedBlock> {
  for (const placed of blocks) {
    yield placed;
    const { block, entry, media = [], changes = [] } = placed;
    if (block.type !== 'tool_result' || !Array.isArray(block.content)) continue;
    const own = block.content.length - changes.length;
    for (const [index, part] of block.content.entries())
      yield { ...media[index], block: part as Block, entry: changes[index - own] ?? entry };
  }
}
