/**
 * The record as the panel shows it. `eventsOf` gives, for a stored entry, the events that lead to the same state as
 * the live events of the turn that wrote it.
 */
import type Anthropic from '@anthropic-ai/sdk';
import {
  type ChatEvent,
  type ChatState,
  type CompactionItem,
  emptyChat,
  type Outcome,
  type Part,
  type TextPart,
} from '../../shared/chat';
import type { EditedFile } from '../../shared/edits';
import { reduceAll } from '../../shared/reduce';
import { remedyOf } from '../api/failures';
import type { JsonObject } from '../base/doorValues';
import { inputJson } from '../base/inputJson';
import { coreStrings } from '../base/strings';
import { contextLines, snapshotLines } from '../context/context';
import { inputTokens, isInputUnknown } from '../models/cost';
import { attachmentOf } from '../prompt/attachments';
import { refusesMedia } from '../prompt/refusedMedia';
import { type Beside, branchesOf, nothingBeside, paidOn } from '../record/branches';
import type { CompactionEntry, Entry, ToolResultEntry, TurnFile, UserEntry } from '../record/record';
import {
  answeredCall,
  cancelledCalls,
  isServerCall,
  maxShownOutput,
  outputPreview,
  type ServerCalls,
  serverBlock,
  serverEvents,
} from './serverLines';
import { citationsOf, resultText } from './serverResult';

/** The key of a content block's part. */
export function partKey(entry: string, index: number): string {
  return `${entry}:${index}`;
}

/** Where each tool_use of a path is shown: tool_use id → part key. */
type ToolKeys = Map<string, string>;

/** What precedes an entry and decides how it is shown. */
export interface ReplayCursor {
  /** The id of the running answer; null between turns. */
  answer: string | null;
  /** What the running answer was asked, until something of it is there; null else. */
  question: UserEntry | null;
  readonly tools: ToolKeys;
  /** Calls of the API's own tools that wait for their results. */
  readonly serverCalls: ServerCalls;
}

/** The cursor before the first entry of a path. */
export function replayStart(): ReplayCursor {
  return { answer: null, question: null, tools: new Map(), serverCalls: new Map() };
}

/**
 * The state of a stored path; an entry that cannot be shown is a line that says so. `shown` is left as the path's end
 * leaves it. `beside`: what is in the record besides the path.
 */
export function stateOf(
  conversation: string,
  title: string,
  path: readonly Entry[],
  shown: ReplayCursor = replayStart(),
  { left, copied }: Beside = nothingBeside,
): ChatState {
  const empty = { ...emptyChat(conversation), title, branches: branchesOf(path, left) };
  const begun = { ...reduceAll(empty, pathEvents(path.slice(0, copied), shown)), ...paidOn(left) };
  return reduceAll(begun, pathEvents(path.slice(copied), shown));
}

function* pathEvents(path: readonly Entry[], shown: ReplayCursor): Generator<ChatEvent> {
  for (const entry of path) yield* eventsOf(entry, shown);
}

/** The events of one entry. Updates `shown`: call it for the entries of a path in order. */
export function eventsOf(entry: Entry, shown: ReplayCursor): readonly ChatEvent[] {
  try {
    return [...entryEvents(entry, shown)];
  } catch {
    // What is stored came from outside once: one entry that is not what it should be never takes the others.
    const { id, at } = (entry ?? {}) as Partial<Record<keyof Entry, unknown>>;
    return [{ type: 'item', item: unreadable(String(id), Number(at)) }];
  }
}

function unreadable(id: string, at: number): Extract<ChatState['items'][number], { type: 'context' }> {
  const lines = [{ change: 'unreadable', path: '', linesAdded: 0, linesRemoved: 0 }] as const;
  return { type: 'context', id, at: Number.isFinite(at) ? at : 0, lines };
}

function* entryEvents(entry: Entry, shown: ReplayCursor): Generator<ChatEvent> {
  switch (entry.kind) {
    case 'snapshot': {
      const lines = snapshotLines(entry);
      if (lines.length > 0) yield { type: 'item', item: { type: 'context', id: entry.id, at: entry.at, lines } };
      return;
    }
    case 'change': {
      const lines = contextLines(entry.changes);
      if (lines.length === 0) return;
      if (shown.answer !== null) {
        yield { type: 'partStarted', answer: shown.answer, part: { type: 'context', key: entry.id, lines } };
      } else {
        yield { type: 'item', item: { type: 'context', id: entry.id, at: entry.at, lines } };
      }
      return;
    }
    case 'user':
      // Only where the end of the turn before is lost.
      if (shown.answer !== null) {
        yield* cancelledCalls(shown.serverCalls, shown.answer);
        yield { type: 'answerEnded', answer: shown.answer, at: entry.at, outcome: { kind: 'interrupted' } };
      }
      shown.answer = entry.id;
      shown.question = entry;
      yield { type: 'item', item: userItem(entry) };
      yield { type: 'answerStarted', id: entry.id, at: entry.at, model: entry.model };
      return;
    case 'assistant': {
      // Only where the words that it answers are lost.
      if (shown.answer === null) yield { type: 'answerStarted', id: entry.id, at: entry.at, model: entry.model };
      const answer = shown.answer ?? entry.id;
      const asked = shown.question?.model ?? entry.model;
      shown.question = null;
      shown.answer = answer;
      for (const [index, block] of entry.content.entries()) {
        const key = partKey(entry.id, index);
        const served = serverBlock(block);
        if (served !== null) yield serverEvents(served, key, answer, shown.serverCalls);
        const part = partOf(block, key, entry.durations[index] ?? null, entry.stopReason === 'tool_use');
        if (part === null) continue;
        if (part.type === 'tool') shown.tools.set(part.id, key);
        yield { type: 'partStarted', answer, part };
      }
      yield {
        type: 'usage',
        answer,
        usage: entry.usage,
        usd: entry.usd,
        ...(asked === entry.model ? {} : { model: entry.model }),
        ...(entry.cacheMiss === undefined ? {} : { cacheMiss: entry.cacheMiss }),
      };
      return;
    }
    case 'toolResult': {
      const key = shown.tools.get(entry.toolUseId);
      if (shown.answer !== null && key !== undefined) yield toolEvent(shown.answer, key, entry);
      return;
    }
    case 'edits':
      yield { type: 'edits', answer: entry.turn, files: entry.files.map(shownFile) };
      return;
    case 'notice':
      for (const [index, words] of entry.words.entries()) {
        if (shown.answer === null) return;
        yield {
          type: 'partStarted',
          answer: shown.answer,
          part: { type: 'notice', key: partKey(entry.id, index), words },
        };
      }
      return;
    case 'leaveOut':
      yield { type: 'excluded', target: entry.target, out: entry.out };
      return;
    case 'compaction':
      yield { type: 'compaction', item: compactionItem(entry) };
      return;
    case 'warmUp': {
      const { id, at, usage, usd, model, stopped } = entry;
      const times = inputTokens(usage) > 0 || isInputUnknown(usage) ? 1 : 0;
      yield { type: 'warmed', id, at, warm: { times, usd, model, stopped }, usage };
      return;
    }
    case 'unreadable': {
      const { id, at, was } = entry;
      // The words were lost, not what answers them.
      if (was === 'user') shown.answer = null;
      const lines = [{ change: 'unreadable', path: '', linesAdded: 0, linesRemoved: 0 }] as const;
      if (shown.answer === null) yield { type: 'item', item: { type: 'context', id, at, lines } };
      else yield { type: 'partStarted', answer: shown.answer, part: { type: 'context', key: id, lines } };
      if (was === 'user') {
        shown.answer = id;
        yield { type: 'answerStarted', id, at, model: '' };
      } else if (was === 'end' && shown.answer !== null) {
        yield* cancelledCalls(shown.serverCalls, shown.answer);
        yield { type: 'answerEnded', answer: shown.answer, at, outcome: { kind: 'done' } };
        shown.answer = null;
      }
      return;
    }
    case 'end':
      if (shown.answer !== null) {
        yield* cancelledCalls(shown.serverCalls, shown.answer);
        yield { type: 'answerEnded', answer: shown.answer, at: entry.at, outcome: withRemedy(entry.outcome) };
      }
      // It does not go out again (refusedMedia.ts).
      if (shown.question !== null && refusesMedia(entry.outcome, shown.question)) {
        yield { type: 'attachmentsRefused', item: shown.question.id };
      }
      shown.question = null;
      shown.answer = null;
      return;
    default:
      entry satisfies never;
  }
}

/** Without what only the host needs. */
function shownFile({ from: _, base: __, current: ___, ...file }: TurnFile): EditedFile {
  return file;
}

/** A failure with what can be done about it. */
function withRemedy(outcome: Outcome): Outcome {
  if (outcome.kind !== 'failed') return outcome;
  const remedy = remedyOf(outcome.failure);
  return remedy === null ? outcome : { kind: 'failed', failure: { ...outcome.failure, remedy } };
}

function compactionItem(entry: CompactionEntry): CompactionItem {
  const { kind, parent: _, effort: __, requestId: ___, ...said } = entry;
  return { ...said, type: kind, outcome: withRemedy(entry.outcome) };
}

function userItem(entry: UserEntry): Extract<ChatState['items'][number], { type: 'user' }> {
  const text = entry.content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('\n\n');
  const attachments = entry.content.flatMap((block) => (block.type === 'text' ? [] : [attachmentOf(block)]));
  const auto = entry.auto === undefined ? {} : { auto: entry.auto };
  return { type: 'user', id: entry.id, at: entry.at, text, attachments, ...auto };
}

/** What a finished content block looks like; null for those of the API's own tools (serverLines.ts). */
export function partOf(
  block: Anthropic.ContentBlock,
  key: string,
  durationMs: number | null,
  willRun: boolean,
): Part | null {
  switch (block.type) {
    case 'text':
      return { type: 'text', key, text: block.text, open: false, ...cited(block.citations) };
    case 'thinking':
      return { type: 'thinking', key, text: block.thinking, open: false, durationMs };
    case 'redacted_thinking':
      return { type: 'thinking', key, text: '', open: false, durationMs };
    case 'tool_use':
      return {
        type: 'tool',
        key,
        id: block.id,
        name: block.name,
        status: willRun ? 'preparing' : 'cancelled',
        label: coreStrings.preparing(block.name),
        summary: null,
        input: inputJson(block.input),
        output: null,
      };
    default:
      return null;
  }
}

function cited(said: unknown): Pick<TextPart, 'citations'> {
  const citations = citationsOf(said);
  return citations.length === 0 ? {} : { citations };
}

/** What a result changes in its tool's line. */
export function toolEvent(answer: string, key: string, entry: ToolResultEntry): ChatEvent {
  const whole = shownOutput(entry);
  const { length } = whole;
  return {
    type: 'tool',
    answer,
    key,
    status: entry.cancelled ? 'cancelled' : entry.isError ? 'failed' : 'done',
    label: entry.label,
    summary: entry.summary,
    ...(typeof entry.absentServer === 'string' ? { absentServer: entry.absentServer } : {}),
    ...(length > outputPreview ? { output: whole.slice(0, outputPreview), outputLength: length } : { output: whole }),
  };
}

/** What is shown of the result that a path holds for a tool's part; null where it has none. */
export function toolOutput(path: readonly Entry[], key: string): string | null {
  const call = path.findIndex(({ kind, id }) => kind === 'assistant' && key.startsWith(`${id}:`));
  const entry = path[call];
  const at = entry?.kind === 'assistant' ? entry.content.findIndex((_, index) => partKey(entry.id, index) === key) : -1;
  const block = entry?.kind === 'assistant' ? entry.content[at] : undefined;
  if (block === undefined) return null;
  const served = serverBlock(block);
  if (served !== null) return serverOutput(path.slice(call), served);
  if (block.type !== 'tool_use') return null;
  const result = path.find(
    (other, index) => index > call && other.kind === 'toolResult' && other.toolUseId === block.id,
  );
  return result?.kind === 'toolResult' ? shownOutput(result) : null;
}

/** Of a call the result that comes behind it, of any other block the block itself. */
function serverOutput(path: readonly Entry[], block: JsonObject): string | null {
  if (!isServerCall(block)) return resultText(block, maxShownOutput);
  for (const entry of path) {
    if (entry.kind !== 'assistant') continue;
    const result = entry.content.map(serverBlock).find((one) => one !== null && answeredCall(one) === block['id']);
    if (result != null) return resultText(result, maxShownOutput);
  }
  return null;
}

function shownOutput({ content }: ToolResultEntry): string {
  return content.length > maxShownOutput ? `${content.slice(0, maxShownOutput)}…` : content;
}
