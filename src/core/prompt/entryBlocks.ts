/** The blocks that entries are sent as, each with where it comes from. */
import type Anthropic from '@anthropic-ai/sdk';
import { visible } from '../../shared/visible';
import { Memo } from '../base/memo';
import { changesText } from '../context/context';
import type { Entry, ToolResultEntry } from '../record/record';
import type { Blobs } from './blobs';
import type { PlacedBlock } from './placedBlock';
import { sentBlocks } from './sentBlocks';
import { resultMediaBlock, userBlocks } from './userContent';

/** What an entry is sent as where nothing keeps it out; images and documents are without their bytes. */
export function blocksOf(entry: Entry, memo = new Memo()): readonly PlacedBlock[] {
  switch (entry.kind) {
    case 'user':
      return userBlocks(entry, null, false, new Set(), memo);
    case 'assistant':
      return sentBlocks(entry.content, memo).map(({ block }) => ({ block, entry }));
    case 'toolResult':
      return [resultBlock(entry, { id: entry.toolUseId, stubbed: false }, memo)];
    case 'change':
      return [{ block: textOf(entry, () => changesText(entry.changes), memo), entry }];
    case 'compaction':
      return [{ block: textOf(entry, () => summaryText(entry.summary), memo), entry }];
    case 'unreadable':
      return [{ block: { type: 'text', text: unreadableText }, entry }];
    case 'snapshot':
    case 'end':
    case 'leaveOut':
    case 'warmUp':
    case 'notice':
    case 'edits':
      return [];
    default:
      entry satisfies never;
      return [];
  }
}

/** Stands for a tool's result that the user left out. */
export const excludedResult = '[The user left this result out. Run the tool again if it is needed.]';

/** Stands for words of the user's that can no longer be read from the disk: the answer to them is still there. */
const unreadableText = '[A message of the user could not be read from the disk.]';

/** What is sent in place of everything before a compaction. */
export function summaryText(summary: string): string {
  const text = visible(summary).replaceAll('</conversation_summary>', '<\\/conversation_summary>');
  return `The conversation before this was replaced by your summary of it:\n<conversation_summary>\n${text}\n</conversation_summary>`;
}

/** A block that stays the same from one request to the next. */
function textOf(entry: Entry, words: () => string, memo: Memo): Anthropic.TextBlockParam {
  return memo.get(entry, 'text', () => ({ type: 'text' as const, text: words() }));
}

/** How the images and documents of a result go out. */
interface ResultMedia {
  /** null where their bytes do not matter. */
  readonly blobs: Blobs | null;
  /** True where the API refused them. */
  readonly refused: boolean;
  /** False where the model takes no images. */
  readonly images: boolean;
}

const bytesApart: ResultMedia = { blobs: null, refused: false, images: true };

/**
 * The result of a call, under the id that it is sent with: the same block each time, unless it holds media. `stubbed`: the
 * user left it out.
 */
export function resultBlock(
  entry: ToolResultEntry,
  { id, stubbed }: { readonly id: string; readonly stubbed: boolean },
  memo: Memo,
  media: ResultMedia = bytesApart,
): PlacedBlock {
  if (stubbed) {
    const content = [{ type: 'text' as const, text: excludedResult }];
    return { block: { type: 'tool_result', tool_use_id: id, content }, entry };
  }
  if ((entry.media ?? []).length > 0) return mediaResult(entry, id, memo, media);
  const made = (): PlacedBlock => ({ block: resultOf(entry, id, words(entry, memo)), entry });
  return id === entry.toolUseId ? memo.get(entry, 'result', made) : made();
}

function mediaResult(
  entry: ToolResultEntry,
  id: string,
  memo: Memo,
  { blobs, refused, images }: ResultMedia,
): PlacedBlock {
  const media = (entry.media ?? []).map((attached) => ({
    attached,
    ...resultMediaBlock(attached, blobs, !refused && (images || attached.type !== 'image')),
  }));
  const content = [...media.map(({ block }) => block), ...words(entry, memo)] as ResultContent;
  return { block: resultOf(entry, id, content), entry, media: media.map(({ block: _, ...rest }) => rest) };
}

type ResultContent = NonNullable<Anthropic.ToolResultBlockParam['content']>;

function resultOf({ isError }: ToolResultEntry, id: string, content: ResultContent): Anthropic.ToolResultBlockParam {
  return { type: 'tool_result', tool_use_id: id, content, ...(isError === true ? { is_error: true } : {}) };
}

function words(entry: ToolResultEntry, memo: Memo): Anthropic.TextBlockParam[] {
  // An is_error result without content is refused.
  const said = entry.content.trim() === '' && entry.isError ? 'It failed without saying why.' : entry.content;
  return said.trim() === '' ? [] : [textOf(entry, () => said.toWellFormed(), memo)];
}
