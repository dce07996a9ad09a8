/**
 * The lines of tools that the API runs itself, in its own turn: a call, its result, which may come with a later answer,
 * and any block that is neither text nor thinking nor a call of ours (API-FACTS §8.4).
 */
import type Anthropic from '@anthropic-ai/sdk';
import type { ChatEvent, LocalizableMessage, ToolPart } from '../../shared/chat';
import { visible } from '../../shared/visible';
import { isObject, type JsonObject } from '../base/doorValues';
import { inputJson } from '../base/inputJson';
import { serverToolStrings } from '../tools/web/strings';
import type { Doing } from '../tools/words/doing';
import { resultText, shownResult } from './serverResult';

/** A call that waits for its result. */
interface ServerCall {
  /** Of its part. */
  readonly key: string;
  readonly block: JsonObject;
}

/** What a result changes in the line of its call. */
export type ToolEvent = Extract<ChatEvent, { readonly type: 'tool' }>;

/** The calls of a turn that wait, by their ids. */
export type ServerCalls = Map<string, ServerCall>;

/** Characters of an output that go along with its line; the rest is asked for when that is opened. */
export const outputPreview = 400;

/** Output beyond this many characters is not sent to the panel. */
export const maxShownOutput = 20_000;

/** Blocks that are shown otherwise. */
const ownBlocks: readonly string[] = ['text', 'thinking', 'redacted_thinking', 'tool_use'];

/** The block of a tool that the API runs, or of a kind that is not known; null for any other. */
export function serverBlock(block: Anthropic.ContentBlock): JsonObject | null {
  const said: unknown = block;
  return isObject(said) && typeof said['type'] === 'string' && !ownBlocks.includes(said['type']) ? said : null;
}

/** True for a call, whose input may be on its way still. */
export function isServerCall(block: JsonObject): boolean {
  return String(block['type']).endsWith('_tool_use') && typeof block['id'] === 'string';
}

/** The id of the call that a block answers; null for one that answers none. */
export function answeredCall(block: JsonObject): string | null {
  const { type, tool_use_id: id } = block;
  return String(type).endsWith('_tool_result') && typeof id === 'string' ? id : null;
}

/** What a whole block changes on the screen. Notes calls in `calls`, and takes those out that are answered. */
export function serverEvents(block: JsonObject, key: string, answer: string, calls: ServerCalls): ChatEvent {
  if (isServerCall(block)) {
    const called = String(block['id']);
    const before = calls.get(called);
    // Of two with one id the first will have no result.
    if (before !== undefined) calls.set(before.key, before);
    calls.set(called, { key, block });
    return { type: 'partStarted', answer, part: callPart(block, key) };
  }
  const id = answeredCall(block);
  const call = id === null ? undefined : calls.get(id);
  const result = resultOf(block);
  if (id !== null && call !== undefined) {
    calls.delete(id);
    return { type: 'tool', answer, key: call.key, label: endLabel(call.block, result), ...result };
  }
  const kind = short(String(block['type']));
  const label = serverToolStrings.received(kind);
  const part = { type: 'tool', key, id: id ?? key, name: kind, label, input: '', server: true, ...result } as const;
  return { type: 'partStarted', answer, part };
}

/** A call once its input is there, with what its result changed if that came before. */
export function callEvent(block: JsonObject, key: string, answer: string, result?: ToolEvent): ChatEvent {
  const { status, label, summary, input, output } = callPart(block, key);
  if (result !== undefined) return { ...result, label: endLabel(block, result), input };
  return { type: 'tool', answer, key, status, label, summary, input, output };
}

/** The calls that will have no result: the turn has ended. */
export function* cancelledCalls(calls: ServerCalls, answer: string): Generator<ChatEvent> {
  for (const { key, block } of calls.values()) {
    const label = words(block).asked;
    yield { type: 'tool', answer, key, status: 'cancelled', label, summary: null, output: null };
  }
  calls.clear();
}

function callPart(block: JsonObject, key: string): ToolPart {
  return {
    type: 'tool',
    key,
    id: String(block['id']),
    name: short(String(block['name'])),
    status: 'running',
    label: words(block).running,
    summary: null,
    input: inputJson(block['input']),
    output: null,
    server: true,
  };
}

function resultOf(block: JsonObject): Pick<ToolPart, 'status' | 'summary' | 'output' | 'outputLength' | 'sources'> {
  const { failed, summary, sources } = shownResult(block);
  const whole = resultText(block, maxShownOutput);
  return {
    status: failed ? 'failed' : 'done',
    summary,
    ...(whole.length > outputPreview
      ? { output: whole.slice(0, outputPreview), outputLength: whole.length }
      : { output: whole }),
    ...(sources === undefined ? {} : { sources }),
  };
}

function endLabel(block: JsonObject, { status }: Pick<ToolPart, 'status'>): LocalizableMessage {
  const { asked, done } = words(block);
  return status === 'failed' ? asked : done;
}

/** What a call says of itself, for the user. */
function words(block: JsonObject): Doing {
  const { name, server_name: server } = block;
  const input = isObject(block['input']) ? block['input'] : {};
  switch (name) {
    case 'web_search':
      return serverToolStrings.searchWeb(said(input['query']));
    case 'web_fetch':
      return serverToolStrings.fetch(
        said(input['url'])
          .replace(/^https?:\/\/(?:www\.)?/i, '')
          .replace(/\/$/, ''),
      );
    case 'code_execution':
    case 'bash_code_execution':
      return serverToolStrings.runCode();
    case 'text_editor_code_execution':
      return serverToolStrings.editFile(said(input['path']));
    case 'tool_search_tool_regex':
    case 'tool_search_tool_bm25':
      return serverToolStrings.searchTools();
    default: {
      const tool = short(String(name));
      return serverToolStrings.other(typeof server === 'string' ? `${tool} (${short(server)})` : tool);
    }
  }
}

function said(value: unknown): string {
  return typeof value === 'string' ? short(value) : '';
}

/** In one line, with what would be invisible written out. */
function short(text: string): string {
  const line = visible(text.slice(0, 200).toWellFormed().replace(/\s+/g, ' ')).trim();
  return text.length > 200 ? `${line}…` : line;
}
