/** What a conversation's draft is made of, and how the store keeps it (LESSONS L2). */
import { selectionPlaces } from '../../../core/context/selection';
import type { UserBlock } from '../../../core/record/record';
import { type BegunWords, begunWords, maxBegun } from '../../../shared/turn/editing';

/** A block that goes with the draft's words. */
export type DraftBlock = AttachedBlock & {
  /** The message that is being written anew, by its id, with which it goes instead. */
  readonly edit?: string;
};

/** A block that stands beside the words of a message. */
export type AttachedBlock = Exclude<UserBlock, { readonly type: 'text' }>;

/** As it goes into a message. */
export function sentBlock({ edit: _, ...block }: DraftBlock): AttachedBlock {
  return block;
}

/** A draft as it is kept: its words, what is attached, and the words with which messages are being written anew. */
export interface StoredDraft {
  readonly text: string;
  readonly attachments: readonly DraftBlock[];
  readonly edits: readonly BegunWords[];
}

const opening = '{"text":';

/** Words alone are stored as they are; with more beside them, or when they look like it, as JSON. */
export function encodeDraft({ text, attachments, edits }: StoredDraft): string {
  if (attachments.length + edits.length === 0 && !text.startsWith(opening)) return text;
  return JSON.stringify({ text, attachments, ...(edits.length === 0 ? {} : { edits }) });
}

/** True for one in which nothing is. */
export function isBlank({ text, attachments, edits }: StoredDraft): boolean {
  return text === '' && attachments.length + edits.length === 0;
}

/** Reads either form. Attachments of a kind that this version does not know are left out. */
export function decodeDraft(stored: string): StoredDraft {
  const words: StoredDraft = { text: stored, attachments: [], edits: [] };
  if (!stored.startsWith(opening)) return words;
  try {
    const value = JSON.parse(stored) as Readonly<Record<'text' | 'attachments' | 'edits', unknown>>;
    if (typeof value.text !== 'string' || !Array.isArray(value.attachments)) return words;
    const edits = Array.isArray(value.edits) ? value.edits.flatMap(editOf).slice(0, maxBegun) : [];
    return { text: value.text, attachments: value.attachments.filter(isDraftBlock), edits };
  } catch {
    return words;
  }
}

/** What tells one attachment of a draft from another: the same image twice is one. */
export function blockId(block: DraftBlock): string {
  switch (block.type) {
    case 'imageUrl':
      return block.url;
    case 'selection':
      return `${block.selection.uri}#${selectionPlaces(block.selection)}`;
    case 'image':
    case 'document':
      return block.blob;
  }
}

function editOf(value: unknown): readonly BegunWords[] {
  if (typeof value !== 'object' || value === null) return [];
  const edit = begunWords(value);
  return edit === undefined ? [] : [edit];
}

function isDraftBlock(value: unknown): value is DraftBlock {
  if (typeof value !== 'object' || value === null) return false;
  const block = value as Readonly<Record<string, unknown>>;
  const kind = block['type'] as DraftBlock['type'];
  switch (kind) {
    case 'image':
      return isStored(block) && isCount(block['width']) && isCount(block['height']);
    case 'document':
      return isStored(block);
    case 'imageUrl':
      return typeof block['url'] === 'string';
    case 'selection':
      return isSelection(block['selection']);
    default:
      kind satisfies never;
      return false;
  }
}

function isStored(block: Readonly<Record<string, unknown>>): boolean {
  return ['blob', 'mediaType', 'name'].every((field) => typeof block[field] === 'string');
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) > 0;
}

function isSelection(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const selection = value as Readonly<Record<string, unknown>>;
  const texts = ['uri', 'path', 'text'].every((field) => typeof selection[field] === 'string');
  return texts && isCount(selection['startLine']) && isCount(selection['endLine']);
}
