/** What the user said and attached, as the API takes it. */
import type Anthropic from '@anthropic-ai/sdk';
import { targetKey } from '../../shared/chat';
import { visible } from '../../shared/visible';
import { digestOf } from '../base/digest';
import type { Memo } from '../base/memo';
import { contained } from '../context/elements';
import { selectionLabel, selectionText } from '../context/selection';
import { isPasted, type MediaBlock, type UserBlock, type UserEntry } from '../record/record';
import type { Blobs } from './blobs';
import type { PlacedBlock } from './placedBlock';

/** What goes with the words of a message. */
type Attached = Exclude<UserBlock, { type: 'text' }>;

/**
 * The blocks of a message. `blobs`: null where its bytes do not matter; `refused`: its attachments were refused by the
 * API; `out`: keys of what is left out.
 */
export function userBlocks(
  entry: UserEntry,
  blobs: Blobs | null,
  refused: boolean,
  out: ReadonlySet<string>,
  memo: Memo,
): readonly PlacedBlock[] {
  // Images go before the text (API-FACTS §8.1).
  const media = entry.content
    .filter((block) => block.type !== 'text')
    .map((attached, index): PlacedBlock => {
      const isOut = out.size > 0 && out.has(targetKey({ what: 'attachment', entry: entry.id, index }));
      if (isOut) return { block: excludedNote(attached), entry };
      return refused && !isPasted(attached)
        ? { block: refusedBlock(attached), entry }
        : { ...mediaBlock(attached, blobs), entry, attached };
    });
  // What the user wrote stays the same blocks from one request to the next.
  return [...media, ...memo.get(entry, 'texts', textBlocks)];
}

function textBlocks(entry: UserEntry): readonly PlacedBlock[] {
  return entry.content.flatMap((block) =>
    block.type === 'text' && block.text.trim() !== ''
      ? [{ block: { type: 'text' as const, text: visible(block.text) }, entry }]
      : [],
  );
}

function excludedNote(block: Attached): Anthropic.TextBlockParam {
  return { type: 'text', text: `[The user left ${visible(attachedName(block))} out.]` };
}

function refusedBlock(block: Attached): Anthropic.TextBlockParam {
  if (block.type === 'selection') return { type: 'text', text: selectionText(block.selection) };
  return { type: 'text', text: `[${visible(attachedName(block))} was left out: it could not be sent.]` };
}

/** How something attached is named. */
export function attachedName(block: Attached): string {
  if (block.type === 'selection') return selectionLabel(block.selection);
  return block.type === 'imageUrl' ? block.url : block.name;
}

function mediaBlock(block: Attached, blobs: Blobs | null): Pick<PlacedBlock, 'block' | 'digested'> {
  if (block.type === 'selection') return { block: { type: 'text', text: selectionText(block.selection) } };
  if (block.type === 'imageUrl') return { block: { type: 'image', source: { type: 'url', url: block.url } } };
  const data = blobs === null ? '' : blobs.get(block.blob);
  if (block.type === 'image' && !imageTypes.includes(block.mediaType)) return { block: refusedBlock(block) };
  if (data === undefined) return { block: { type: 'text', text: `[${visible(block.name)} is no longer stored.]` } };
  const frame = isPasted(block) ? pastedBlock : bytesBlock;
  // Its bytes are named by what they are: to digest megabytes with each request would take its time.
  const digested = JSON.stringify([frame(block, ''), block.blob, textRules()]);
  return { block: frame(block, data), digested };
}

/**
 * An image or a PDF that a tool gave back. Documents go without a title, which not every server takes: the words of the
 * result name them. `seen`: false where the API refused it, or the model takes no images.
 */
export function resultMediaBlock(
  block: MediaBlock,
  blobs: Blobs | null,
  seen: boolean,
): Pick<PlacedBlock, 'block' | 'digested'> {
  const placed = seen ? mediaBlock(block, blobs) : { block: refusedBlock(block) };
  if (placed.block.type !== 'document') return placed;
  const { title: _, ...untitled } = placed.block;
  return { ...placed, block: untitled };
}

/** What was pasted is the user's own words, as far as they are words at all. */
function pastedBlock(_: MediaBlock, data: string): Anthropic.TextBlockParam {
  return { type: 'text', text: `<pasted_text>\n${contained(plainText(data))}\n</pasted_text>` };
}

function bytesBlock(
  block: Extract<Attached, { type: 'image' | 'document' }>,
  data: string,
): Anthropic.ImageBlockParam | Anthropic.DocumentBlockParam {
  if (block.type === 'image') {
    return { type: 'image', source: { type: 'base64', media_type: block.mediaType, data } };
  }
  return block.mediaType === 'application/pdf'
    ? { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data }, title: visible(block.name) }
    : {
        type: 'document',
        source: { type: 'text', media_type: 'text/plain', data: documentText(data) },
        title: visible(block.name),
      };
}

/** Without a byte-order mark, and with what cannot be seen made visible (LESSONS L37). */
function documentText(data: string): string {
  return visible(plainText(data));
}

function plainText(data: string): string {
  return Buffer.from(data, 'base64')
    .toString('utf8')
    .replace(/^\ufeff/, '');
}

/** The kinds of images that the API takes (API-FACTS §8.1). */
const imageTypes: readonly string[] = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];

let rules: string | undefined;

/**
 * A digest of how bytes become the text of a document, taken of every character that may be written otherwise: the same
 * bytes are other words to the model once that changes.
 */
function textRules(): string {
  if (rules !== undefined) return rules;
  const ranges = [
    [0xfeff, 0xfeff],
    [0, 0xd7ff],
    [0xe000, 0xffff],
    [0x1d100, 0x1d1ff],
    [0x1bca0, 0x1bcaf],
    [0xe0000, 0xe0fff],
  ] as const;
  const all = ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, index) => from + index));
  const text = all.map((code) => String.fromCodePoint(code)).join('');
  rules = digestOf(documentText(Buffer.from(text).toString('base64')));
  return rules;
}
