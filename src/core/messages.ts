/**
 * The messages of a request, from any record: whatever happened (stops, kills, refusals, answers that broke off), what
 * comes out is valid (LESSONS L4). A turn that was sent stays as it was sent, so that the cache keeps its prefix.
 */
import type Anthropic from '@anthropic-ai/sdk';
import { targetKey } from '../shared/chat';
import { visible } from '../shared/visible';
import { changesText, selectionLabel, selectionText } from './context';
import { compactionAt, isAside, leftOutOf, movedAnswers } from './leftOut';
import type { Model } from './models';
import type { AssistantEntry, ChangeEntry, Entry, ToolResultEntry, UserBlock, UserEntry } from './record';
import { refusedMedia } from './refusedMedia';

export type Message = { readonly role: 'user' | 'assistant'; readonly content: Anthropic.ContentBlockParam[] };

/** What goes with the words of a message. */
type Attached = Exclude<UserBlock, { type: 'text' }>;

/** Base64 of the blobs that the path's images and documents name. A missing one is sent as a note in words. */
export type Blobs = ReadonlyMap<string, string>;

/** Said for the user when an answer is to go on (API-FACTS §4.5: partial answers cannot be prefilled). */
export const continueText =
  'Your previous response was cut off. Continue exactly where it ended, without repeating what is already there.';

/** Stands for a tool's result that the user left out. */
export const leftOutResult = '[The user left this result out. Run the tool again if it is needed.]';

/** Stands for an answer that the user left out: without a word of the assistant's the question would be open still. */
export const leftOutAnswer = '[The user left this answer out of the conversation.]';

/** Stands for words of the user's that can no longer be read from the disk: the answer to them is still there. */
const unreadableText = '[A message of the user could not be read from the disk.]';

/** What cannot be read is not sent, but for the user's words, whose place in the order is kept. */
function isSkipped(entry: Entry): boolean {
  return entry.kind === 'unreadable' && entry.was !== 'user';
}

/** What is sent in place of everything before a compaction. */
export function summaryText(summary: string): string {
  const text = visible(summary).replaceAll('</conversation_summary>', '<\\/conversation_summary>');
  return `The conversation before this was replaced by your summary of it:\n<conversation_summary>\n${text}\n</conversation_summary>`;
}

/**
 * The messages that a path makes; changes from before its last snapshot are left out, since that holds what they said,
 * and so is what the user left out. A summary stands for everything before it. Linear in the number of entries.
 * `ends` takes, for each answer, the index of the message that its request ended with.
 */
export function messagesOf(
  path: readonly Entry[],
  model: Model,
  blobs: Blobs,
  ends: Map<string, number> = new Map(),
): readonly Message[] {
  const out = leftOutOf(path);
  const from = compactionAt(path, out);
  const summary = path[from];
  const said = path.slice(from + 1).filter((entry) => !isAside(entry) && !isSkipped(entry));
  const moved = model.bindsThinking ? movedAnswers(path) : new Set<string>();
  const epoch = said.findLastIndex((entry) => entry.kind === 'snapshot');
  const refused = refusedTurns(said);
  const openCalls = openServerCalls(said);
  const refusedOnes = refusedMedia(said);
  const messages: Message[] = [];
  if (summary?.kind === 'compaction') add(messages, 'user', [{ type: 'text', text: summaryText(summary.summary) }]);
  let turn: string | null = null;
  let previous: Entry | null = null;
  let unanswered = new Set<string>();
  let stubbed = new Set<string>();
  /** True once the left-out answer of the turn has its stub. */
  let answered = false;

  for (const [index, entry] of said.entries()) {
    if (entry.kind === 'user' || entry.kind === 'unreadable') {
      turn = entry.id;
      answered = false;
    }
    const isOut = (what: 'turn' | 'answer'): boolean =>
      turn !== null && out.size > 0 && out.has(targetKey({ what, entry: turn, index: 0 }));
    const dropped = turn !== null && (refused.has(turn) || isOut('turn'));
    const silent = !dropped && isOut('answer');
    switch (entry.kind) {
      case 'user':
        if (!dropped) add(messages, 'user', userBlocks(entry, blobs, refusedOnes.has(entry.id), out));
        break;
      case 'assistant': {
        if (silent) {
          if (!answered) answered = add(messages, 'assistant', [{ type: 'text', text: leftOutAnswer }]);
          unanswered = new Set();
          break;
        }
        const sendable = (id: string): boolean => !openCalls.has(id);
        const stale = index < epoch || moved.has(entry.id);
        const blocks = dropped ? [] : assistantBlocks(entry, model, resultsAfter(said, index), sendable, stale);
        if (messages.at(-1)?.role === 'user') ends.set(entry.id, messages.length - 1);
        // Results go out only with the calls that they answer.
        unanswered = add(messages, 'assistant', blocks) ? toolUses(blocks) : new Set();
        stubbed = leftOutCalls(entry, out);
        break;
      }
      case 'toolResult':
        if (unanswered.delete(entry.toolUseId)) {
          add(messages, 'user', [toolResultBlock(entry, stubbed.has(entry.toolUseId))]);
        }
        break;
      case 'unreadable':
        add(messages, 'user', [{ type: 'text', text: unreadableText }]);
        break;
      case 'change':
        if (index > epoch) addChange(messages, entry, previous, dropped || silent);
        break;
      default:
    }
    previous = entry;
  }
  return messages;
}

/** Turns that ended in a refusal are not sent again (API-FACTS §4.4). */
function refusedTurns(path: readonly Entry[]): ReadonlySet<string> {
  const refused = new Set<string>();
  let turn: string | null = null;
  for (const entry of path) {
    if (entry.kind === 'user') turn = entry.id;
    else if (entry.kind === 'assistant' && entry.stopReason === 'refusal' && turn !== null) refused.add(turn);
  }
  return refused;
}

/** The tool_use ids with a result right behind their answer: one that comes later could not be sent in its place. */
function resultsAfter(path: readonly Entry[], answer: number): ReadonlySet<string> {
  const ids = new Set<string>();
  for (let index = answer + 1; index < path.length; index += 1) {
    const entry = path[index];
    if (entry?.kind !== 'toolResult') break;
    ids.add(entry.toolUseId);
  }
  return ids;
}

function toolUses(blocks: readonly Anthropic.ContentBlockParam[]): Set<string> {
  return new Set(blocks.flatMap((block) => (block.type === 'tool_use' ? [block.id] : [])));
}

/**
 * Calls that the API was to run itself and whose result never came. An answer that paused in one is resent as it is;
 * once words of the user's side came behind it, it may not go out any more (API-FACTS §3.2, §4.4).
 */
function openServerCalls(path: readonly Entry[]): ReadonlySet<string> {
  const left = new Set<string>();
  let open = new Set<string>();
  for (const entry of path) {
    if (entry.kind === 'user' || entry.kind === 'change') {
      for (const id of open) left.add(id);
      open = new Set();
    }
    if (entry.kind !== 'assistant' || entry.partial !== null) continue;
    for (const block of entry.content) {
      if (block.type === 'server_tool_use') open.add(block.id);
      else if ('tool_use_id' in block) open.delete(block.tool_use_id);
    }
  }
  return left;
}

/**
 * Consecutive blocks of one role make one message: the API merges them anyway (API-FACTS C7). False when there was
 * nothing to add.
 */
function add(messages: Message[], role: Message['role'], blocks: readonly Anthropic.ContentBlockParam[]): boolean {
  const last = messages.at(-1);
  // The first message is the user's (API-FACTS §3.2).
  if (blocks.length === 0 || (last === undefined && role === 'assistant')) return false;
  if (last?.role === role) last.content.push(...blocks);
  else messages.push({ role, content: [...blocks] });
  return true;
}

/** The ids of the calls whose results the user left out. */
function leftOutCalls({ id, content }: AssistantEntry, out: ReadonlySet<string>): Set<string> {
  if (out.size === 0) return new Set();
  return new Set(
    content.flatMap((block, index) =>
      block.type === 'tool_use' && out.has(targetKey({ what: 'result', entry: id, index })) ? [block.id] : [],
    ),
  );
}

function userBlocks(
  entry: UserEntry,
  blobs: Blobs,
  refused: boolean,
  out: ReadonlySet<string>,
): readonly Anthropic.ContentBlockParam[] {
  // Images go before the text (API-FACTS §8.1).
  const media = entry.content
    .filter((block) => block.type !== 'text')
    .map((block, index) => {
      if (out.size > 0 && out.has(targetKey({ what: 'attachment', entry: entry.id, index }))) return leftOutNote(block);
      return refused ? refusedBlock(block) : mediaBlock(block, blobs);
    });
  const text = entry.content.flatMap((block) =>
    block.type === 'text' && block.text.trim() !== '' ? [{ type: 'text' as const, text: visible(block.text) }] : [],
  );
  return [...media, ...text];
}

function leftOutNote(block: Attached): Anthropic.TextBlockParam {
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

function mediaBlock(block: Attached, blobs: Blobs): Anthropic.ContentBlockParam {
  if (block.type === 'selection') return { type: 'text', text: selectionText(block.selection) };
  if (block.type === 'imageUrl') return { type: 'image', source: { type: 'url', url: block.url } };
  const data = blobs.get(block.blob);
  if (data === undefined) return { type: 'text', text: `[${visible(block.name)} is no longer stored.]` };
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
  return visible(
    Buffer.from(data, 'base64')
      .toString('utf8')
      .replace(/^\ufeff/, ''),
  );
}

function assistantBlocks(
  entry: AssistantEntry,
  model: Model,
  answered: ReadonlySet<string>,
  sendable: (serverCall: string) => boolean,
  /** True when what was before it is no longer what it was made with. */
  stale: boolean,
): readonly Anthropic.ContentBlockParam[] {
  // Signatures belong to the model that made them, and with some models to the prefix too (API-FACTS §5).
  const keepThinking = entry.model === model.id && !(stale && model.bindsThinking);
  const blocks = entry.content.filter((block) => {
    switch (block.type) {
      case 'thinking':
        return keepThinking && block.signature !== '';
      case 'redacted_thinking':
        return keepThinking;
      case 'text':
        return block.text.trim() !== '';
      case 'tool_use':
        return answered.has(block.id);
      case 'server_tool_use':
        return entry.partial === null && sendable(block.id);
      default:
        return entry.partial === null && (!('tool_use_id' in block) || sendable(block.tool_use_id));
    }
  });
  // Thinking alone says nothing without what it led to.
  const speaks = blocks.some((block) => block.type !== 'thinking' && block.type !== 'redacted_thinking');
  return speaks ? (blocks as Anthropic.ContentBlockParam[]) : [];
}

function toolResultBlock(entry: ToolResultEntry, leftOut: boolean): Anthropic.ToolResultBlockParam {
  if (leftOut) {
    return { type: 'tool_result', tool_use_id: entry.toolUseId, content: [{ type: 'text', text: leftOutResult }] };
  }
  // An is_error result without content is refused.
  const words = entry.content.trim() === '' && entry.isError ? 'It failed without saying why.' : entry.content;
  const content = words.trim() === '' ? [] : [{ type: 'text' as const, text: words }];
  return { type: 'tool_result', tool_use_id: entry.toolUseId, content, ...(entry.isError ? { is_error: true } : {}) };
}

/**
 * In a tool loop a change goes inside the last tool_result, where it was sent; before the user's own words it is a
 * text of its own. Which of the two follows from the entry before it.
 */
function addChange(messages: Message[], entry: ChangeEntry, previous: Entry | null, dropped: boolean): void {
  const block: Anthropic.TextBlockParam = { type: 'text', text: changesText(entry.changes) };
  const result = previous?.kind === 'toolResult' && !dropped ? messages.at(-1)?.content.at(-1) : undefined;
  if (result?.type === 'tool_result' && Array.isArray(result.content)) result.content.push(block);
  else add(messages, 'user', [block]);
}
