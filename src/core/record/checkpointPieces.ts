/**
 * A partial answer is kept in pieces, each with what is new since the one before: what has been written once of a long
 * answer is not written again each second.
 */
import type { OpenBlock } from '../api/doorBlocks';
import { isObject } from '../base/doorValues';
import type { BlockDiff, CheckpointPiece, HeldRequest } from './record';
import type { Checkpoint } from './store';

/** How much of a block is in the pieces. */
interface Seen {
  /** Characters of its text. */
  readonly text: number;
  readonly citations: number;
  readonly changes: number;
}

/** What only grows while a block streams. */
const growing: ReadonlySet<string> = new Set(['text', 'thinking', 'citations']);

/** Tells what is new of an answer since the last piece that was kept. */
export class CheckpointDiff {
  private before = 0;
  private kept: readonly Seen[] = [];
  private taken: readonly Seen[] = [];

  /** null when nothing is. */
  take(blocks: readonly OpenBlock[]): Pick<CheckpointPiece, 'before' | 'news'> | null {
    const { before } = this;
    const news = blocks.flatMap((open, index) => newsOf(open, index, this.kept[index]));
    this.taken = blocks.map(seenOf);
    return news.length === 0 ? null : { before, news };
  }

  /** Says what became of the piece that was taken last; without a word it may or may not have been kept. */
  settle(isKept: boolean): void {
    this.before = isKept ? this.before + 1 : 0;
    this.kept = isKept ? this.taken : [];
  }
}

function seenOf({ block, changes }: OpenBlock): Seen {
  const { citations } = block;
  return { text: grownText(block).length, citations: Array.isArray(citations) ? citations.length : 0, changes };
}

function newsOf(open: OpenBlock, index: number, before: Seen | undefined): readonly BlockDiff[] {
  const { block, changes } = open;
  if (before === undefined) return [{ index, set: block }];
  const now = seenOf(open);
  const fields = Object.entries(block).filter(([name]) => !growing.has(name));
  const news: BlockDiff = {
    index,
    ...(changes > before.changes ? { set: Object.fromEntries(fields) } : {}),
    ...(now.text > before.text ? { text: grownText(block).slice(before.text) } : {}),
    ...(now.citations > before.citations ? { citations: citationsOf(block).slice(before.citations) } : {}),
  };
  return Object.keys(news).length === 1 ? [] : [news];
}

function textField(block: Record<string, unknown>): 'text' | 'thinking' {
  return block['type'] === 'thinking' ? 'thinking' : 'text';
}

function grownText(block: Record<string, unknown>): string {
  const text = block[textField(block)];
  return typeof text === 'string' ? text : '';
}

function citationsOf({ citations }: Record<string, unknown>): readonly unknown[] {
  return Array.isArray(citations) ? citations : [];
}

/**
 * The partial answer that pieces make, in their order; null for none. Takes any JSON, and what is behind a piece that
 * cannot be read is as if it had not been kept. The first may be a whole Checkpoint, as earlier versions kept it.
 */
export function checkpointOf(pieces: readonly unknown[]): Checkpoint | null {
  let whole: Checkpoint | null = null;
  for (const piece of pieces) {
    const next = grown(whole, piece);
    if (next === null) break;
    whole = next;
  }
  return whole;
}

function grown(whole: Checkpoint | null, piece: unknown): Checkpoint | null {
  if (!isObject(piece)) return null;
  const { entry, parent, model, at } = piece;
  if (typeof entry !== 'string' || typeof parent !== 'string' || typeof model !== 'string') return null;
  if (whole !== null && whole.entry !== entry) return null;
  const blocks = [...((whole?.content ?? []) as unknown as readonly Record<string, unknown>[])];
  for (const one of newsIn(piece)) {
    const next = isObject(one) ? grownBlock(blocks, one) : null;
    if (next === null) return null;
    blocks[next.index] = next.block;
  }
  const content = blocks as unknown as Checkpoint['content'];
  const held = whole?.held ?? heldIn(piece);
  return { entry, parent, model, at: typeof at === 'number' ? at : 0, ...(held === null ? {} : { held }), content };
}

/** Not known where it is not whole. */
function heldIn({ held }: Record<string, unknown>): HeldRequest | null {
  if (!isObject(held)) return null;
  const { digest, tools, instructions, address, bare } = held;
  const isWhole = [digest, tools, instructions, address].every((one) => typeof one === 'string');
  return isWhole && typeof bare === 'boolean' ? (held as unknown as HeldRequest) : null;
}

function newsIn({ news, content }: Record<string, unknown>): readonly unknown[] {
  if (Array.isArray(news)) return news;
  return Array.isArray(content) ? content.map((set, index) => ({ index, set: set as unknown })) : [null];
}

function grownBlock(
  blocks: readonly Record<string, unknown>[],
  { index, set, text, citations }: Record<string, unknown>,
): { index: number; block: Record<string, unknown> } | null {
  if (typeof index !== 'number' || !(index in blocks || index === blocks.length)) return null;
  if (set !== undefined && !isObject(set)) return null;
  const block = { ...blocks[index], ...set };
  if (typeof block['type'] !== 'string') return null;
  if (typeof text === 'string') block[textField(block)] = `${grownText(block)}${text}`;
  if (Array.isArray(citations)) block['citations'] = [...citationsOf(block), ...(citations as readonly unknown[])];
  return { index, block };
}
