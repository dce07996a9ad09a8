/**
 * What the user may send along with the words: checked before it enters the record, because whatever is in the record
 * goes out with every later request (LESSONS L5). Refusals say what to do.
 */
import type { Attachment, LocalizableMessage } from '../../shared/chat';
import { type ImageType, readImage } from '../../shared/images/imageHeader';
import { maxImageBytes, maxImageSide } from '../../shared/images/imageSize';
import { visible } from '../../shared/visible';
import { attachmentStrings } from '../base/strings';
import { selectionLabel, selectionPlace, selectionPlaces, selectionSource } from '../context/selection';
import type { Model } from '../models/models';
import { tokensOf } from '../models/tokens';
import { type Entry, isPasted, type MediaBlock, type UserBlock } from '../record/record';
import { attachedStats } from './blockStats';
import { messagesOf } from './messages';
import { walk } from './placedBlock';

/** Bytes of a text that is sent as a document: about 170,000 tokens. */
export const maxTextBytes = 512 * 1024;
/** Bytes of all attachments of a request, as base64: the API takes 32 MB in all (API-FACTS §8.2). */
const maxRequestBytes = 30 * 1024 * 1024;
/** Bytes of one file: what would not fit even alone. */
export const maxFileBytes = Math.floor((maxRequestBytes / 4) * 3);
/** Images and documents of a request: what every model takes (API-FACTS §8.1), so that switching models breaks nothing. */
export const maxAttachments = 100;

/** A block before its bytes are stored. */
type Unstored = MediaBlock extends infer B ? (B extends MediaBlock ? Omit<B, 'blob'> : never) : never;

type Examined =
  | { readonly kind: 'taken'; readonly block: Unstored }
  /** A sound image that has to be scaled first. */
  | { readonly kind: 'oversized'; readonly width: number; readonly height: number; readonly reason: LocalizableMessage }
  | { readonly kind: 'refused'; readonly reason: LocalizableMessage };

const typeNames: Readonly<Record<ImageType, string>> = {
  'image/png': 'PNG',
  'image/jpeg': 'JPEG',
  'image/gif': 'GIF',
  'image/webp': 'WebP',
};

/** Characters of the line by which a pasted text is named. */
const maxLabel = 80;

/** A long text that was pasted: the user's own words, named by their first line. */
export function pastedText(text: string, bytes: number): Unstored {
  const line = /\S[^\r\n]*/.exec(text)?.[0] ?? '…';
  const name = visible(line.slice(0, maxLabel).trimEnd().toWellFormed());
  return { type: 'document', mediaType: 'text/plain', name, bytes, pasted: true };
}

/** Looks at a file. `declared` is the media type that it came with, '' when none. */
export function examine(name: string, declared: string, bytes: Uint8Array): Examined {
  if (bytes.length === 0) return refused(attachmentStrings.empty(name));
  if (bytes.length > maxFileBytes) return refused(attachmentStrings.tooLarge(name));
  const said = Object.hasOwn(typeNames, declared) ? typeNames[declared as ImageType] : null;
  const image = readImage(bytes);
  if (image.kind === 'damaged') return refused(attachmentStrings[image.why](name, typeNames[image.type]));
  if (image.kind === 'image') {
    if (said !== null && declared !== image.type)
      return refused(attachmentStrings.isAnother(name, said, typeNames[image.type]));
    return examineImage(name, bytes, image);
  }
  if (isPdf(bytes, declared))
    return said === null ? examinePdf(name, bytes) : refused(attachmentStrings.isAnother(name, said, 'PDF'));
  if (said !== null || declared === 'application/pdf') {
    return refused(attachmentStrings.isNone(name, said ?? 'PDF'));
  }
  return examineText(name, bytes);
}

function examineImage(
  name: string,
  bytes: Uint8Array,
  { type, width, height }: { readonly type: ImageType; readonly width: number; readonly height: number },
): Examined {
  if (Math.max(width, height) > maxImageSide || bytes.length > maxImageBytes) {
    const reason = attachmentStrings.oversized(name, width, height, (bytes.length / 1_000_000).toFixed(1));
    return { kind: 'oversized', width, height, reason };
  }
  return { kind: 'taken', block: { type: 'image', mediaType: type, width, height, name, bytes: bytes.length } };
}

/** A text may speak of a PDF, in its first words too: what reads as text is one only with the objects of a PDF behind it. */
function isPdf(bytes: Uint8Array, declared: string): boolean {
  const at = latin1(bytes.subarray(0, 1024)).indexOf('%PDF-');
  if (at === -1) return false;
  if (declared === 'application/pdf' || textOf(bytes) === null) return true;
  const text = latin1(bytes);
  return /^(\xef\xbb\xbf)?\s*$/.test(text.slice(0, at)) && /^\d{1,9} \d{1,5} obj\b/m.test(text.slice(at));
}

/** null for what is no text. */
function textOf(bytes: Uint8Array): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.includes('\0') ? null : text;
  } catch {
    return null;
  }
}

function examinePdf(name: string, bytes: Uint8Array): Examined {
  const text = latin1(bytes);
  if (!text.slice(-2048).includes('%%EOF')) return refused(attachmentStrings.pdfCutOff(name));
  // The trailer is never compressed, so this is there to be read.
  if (/\/Encrypt\s*(?:\d+\s+\d+\s+R|<<)/.test(text)) {
    return refused(attachmentStrings.pdfLocked(name));
  }
  const pages = countPages(text);
  if (pages !== null && pages > 600) return refused(attachmentStrings.pdfPages(name, pages, 600));
  return {
    kind: 'taken',
    block: {
      type: 'document',
      mediaType: 'application/pdf',
      name,
      bytes: bytes.length,
      ...(pages === null ? {} : { pages }),
    },
  };
}

/** Pages by the page objects or the page tree; null when both are inside compressed streams. */
function countPages(text: string): number | null {
  const objects = text.match(/\/Type\s*\/Page(?![A-Za-z])/g)?.length ?? 0;
  let tree = 0;
  for (const match of text.matchAll(/\/Count\s+(\d{1,7})/g)) tree = Math.max(tree, Number(match[1]));
  const pages = objects > 0 ? objects : tree;
  return pages > 0 ? pages : null;
}

function examineText(name: string, bytes: Uint8Array): Examined {
  const text = textOf(bytes);
  if (text === null) return refused(attachmentStrings.unknownKind(name));
  if (text.trim() === '') return refused(attachmentStrings.empty(name));
  if (bytes.length > maxTextBytes) {
    return refused(attachmentStrings.textTooLong(name, maxTextBytes / 1024));
  }
  return { kind: 'taken', block: { type: 'document', mediaType: 'text/plain', name, bytes: bytes.length } };
}

function refused(reason: LocalizableMessage): Examined {
  return { kind: 'refused', reason };
}

/** The images and documents of a path that go out with its next request to this model. */
export function mediaOf(path: readonly Entry[], model: Model): readonly UserBlock[] {
  // Most conversations have none: their messages need not be made for that.
  if (!path.some(hasMedia)) return [];
  const blocks = messagesOf(path, model).flatMap((message) => [...walk(message.blocks)]);
  return blocks.flatMap(({ attached }) => (attached !== undefined && isMedia(attached) ? [attached] : []));
}

function hasMedia(entry: Entry): boolean {
  if (entry.kind === 'toolResult') return (entry.media ?? []).length > 0;
  return entry.kind === 'user' && entry.content.some(isMedia);
}

function isMedia(block: UserBlock): boolean {
  return block.type === 'image' || block.type === 'imageUrl' || (block.type === 'document' && !isPasted(block));
}

/** Why a request with these blocks would be refused by a model that takes no images; null when it would not. */
export function unseenBy(
  model: Model,
  before: readonly UserBlock[],
  adding: readonly UserBlock[],
): LocalizableMessage | null {
  const isPicture = ({ type }: UserBlock): boolean => type === 'image' || type === 'imageUrl';
  if (model.imageInput || ![...before, ...adding].some(isPicture)) return null;
  return adding.some(isPicture) ? attachmentStrings.noImages(model.name) : attachmentStrings.noImagesBefore(model.name);
}

/**
 * Why a request with all these blocks would be refused; null when it would not. `before` is what the conversation
 * holds, `tokens` what the next request has without `adding`.
 */
export function refusalOf(
  before: readonly UserBlock[],
  adding: readonly UserBlock[],
  model: Model,
  tokens: number,
): LocalizableMessage | null {
  const all = [...before, ...adding].filter(isMedia);
  const blind = unseenBy(model, before, adding);
  if (blind !== null) return blind;
  if (all.length > maxAttachments) return attachmentStrings.tooMany(maxAttachments);
  const bytes = all.reduce((sum, block) => sum + ('bytes' in block ? Math.ceil((block.bytes ?? 0) / 3) * 4 : 0), 0);
  if (bytes > maxRequestBytes) return attachmentStrings.tooManyBytes(Math.ceil(bytes / 1024 / 1024));
  const pages = all.reduce((sum, block) => sum + (block.type === 'document' ? (block.pages ?? 0) : 0), 0);
  const maxPages = model.window < 1_000_000 ? 100 : 600;
  if (pages > maxPages) return attachmentStrings.tooManyPages(pages, model.name, maxPages);
  const sum = tokens + adding.reduce((total, block) => total + blockTokens(block, model), 0);
  if (adding.length > 0 && sum > model.window) {
    return attachmentStrings.tooManyTokens(model.name);
  }
  return null;
}

/** Tokens of a block: exact for images, an estimate for the rest. */
export function blockTokens(block: UserBlock, model: Model, factor = 1): number {
  return Math.ceil(tokensOf(attachedStats(block, model), factor));
}

/** As it is shown. */
export function attachmentOf(block: Exclude<UserBlock, { type: 'text' }>): Attachment {
  if (block.type === 'selection') {
    const { selection } = block;
    const { path, startLine, cell, more } = selection;
    const place = cell === undefined && more === undefined ? startLine : selectionPlaces(selection);
    return {
      kind: 'selection',
      id: `${path}:${place}`,
      label: selectionLabel(selection),
      place: selectionPlace(selection),
      source: selectionSource(selection),
    };
  }
  if (block.type === 'imageUrl') return { kind: 'imageUrl', id: block.url, label: addressLabel(block.url) };
  const common = { id: block.blob, label: block.name, mediaType: block.mediaType };
  return block.type === 'image'
    ? { kind: 'image', ...common, width: block.width, height: block.height }
    : { kind: 'document', ...common, ...(isPasted(block) ? { pasted: true } : {}) };
}

/** How an address is named: its file and its server. */
function addressLabel(url: string): string {
  if (!URL.canParse(url)) return url;
  const { hostname, pathname } = new URL(url);
  return `${pathname.slice(pathname.lastIndexOf('/') + 1)} (${hostname})`;
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
