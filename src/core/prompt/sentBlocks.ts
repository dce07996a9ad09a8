/**
 * The blocks of an answer as the API takes them back, whatever was stored (LESSONS L41, API-FACTS §2, §3.2). What a
 * server sent in order goes back verbatim, the very same objects; of the rest what is of use is brought into shape, and
 * what means nothing is dropped. The same content always gives the same blocks.
 */
import type Anthropic from '@anthropic-ai/sdk';
import { isObject, type JsonObject } from '../base/doorValues';
import { Memo } from '../base/memo';

type Sent = Anthropic.ContentBlockParam;

/** A block of an answer and its place among those that were stored. */
export interface SentBlock {
  readonly block: Sent;
  /** Where it stands in the stored content. */
  readonly index: number;
  /** Of a call: its id as it was stored, which its results name. */
  readonly call?: unknown;
  /** True for thinking without a signature: only who sent it so takes it back. */
  readonly unsigned?: true;
}

/** Values nested deeper than this are not sent: nobody reads them, and walking them takes the stack. */
const deepest = 100;

/** The blocks of stored content, in their order. Total over any JSON. */
export function sentBlocks(content: unknown, memo = new Memo()): readonly SentBlock[] {
  if (typeof content === 'string') return placed([{ type: 'text', text: content }]);
  if (typeof content !== 'object' || content === null) return [];
  return memo.get(content, 'sent', placedIn);
}

function placedIn(content: object): readonly SentBlock[] {
  return placed(Array.isArray(content) ? content : [content]);
}

function placed(content: readonly unknown[]): readonly SentBlock[] {
  return content.flatMap((block, index) => {
    const sent = sentBlock(block);
    return sent === null ? [] : [{ ...sent, index }];
  });
}

function sentBlock(stored: unknown): Omit<SentBlock, 'index'> | null {
  if (typeof stored === 'string') return textBlock({ type: 'text', text: stored });
  if (!isObject(stored)) return null;
  switch (stored['type']) {
    case 'text':
      return textBlock(stored);
    case 'thinking':
      return thinkingBlock(stored);
    case 'redacted_thinking':
      return filled(stored['data']) ? whole(stored, ['data']) : null;
    case 'tool_use':
      return toolUse(stored);
    case 'server_tool_use':
      return serverCall(stored);
    case 'container_upload':
      return filled(stored['file_id']) ? whole(stored, ['file_id']) : null;
    default:
      return serverResult(stored);
  }
}

/** What of it may be said: null for nothing, since blank texts are refused. */
function textBlock(stored: JsonObject): Omit<SentBlock, 'index'> | null {
  const { text, citations } = stored;
  if (typeof text !== 'string' || text.trim() === '') return null;
  const cited =
    Array.isArray(citations) && citations.length > 0 && citations.every((one) => isObject(one) && isShallow(one));
  const hasCitations = cited || citations === undefined || citations === null;
  if (text.isWellFormed() && hasCitations && hasOnly(stored, ['text', 'citations'])) return as(stored);
  return as({ type: 'text', text: text.toWellFormed(), ...(cited ? { citations } : {}) });
}

function thinkingBlock(stored: JsonObject): Omit<SentBlock, 'index'> | null {
  const { thinking, signature } = stored;
  if (typeof thinking === 'string' && thinking.isWellFormed() && filled(signature))
    return whole(stored, ['thinking', 'signature']);
  // As it was received, or not at all (sendable by whom is known to messages.ts).
  const isSigned = signature !== undefined && signature !== null && signature !== '';
  if (typeof thinking !== 'string' || thinking === '' || isSigned || !isSendable(stored)) return null;
  return { ...as(stored), unsigned: true };
}

const callId = /^[a-zA-Z0-9_-]+$/;
const toolName = /^[a-zA-Z0-9_-]{1,128}$/;

function toolUse(stored: JsonObject): Omit<SentBlock, 'index'> {
  const { id, name, input } = stored;
  const isSound =
    typeof id === 'string' &&
    callId.test(id) &&
    typeof name === 'string' &&
    toolName.test(name) &&
    isObject(input) &&
    isSendable(input) &&
    hasOnly(stored, ['id', 'name', 'input', 'caller']) &&
    isCaller(stored['caller']);
  if (isSound) return { ...as(stored), call: id };
  const caller = stored['caller'];
  return {
    ...as({
      type: 'tool_use',
      id: cleaned(id, 'call'),
      name: cleaned(name, 'unnamed').slice(0, 128),
      input: objectOf(input),
      ...(isCaller(caller) && caller !== undefined ? { caller } : {}),
    }),
    call: id,
  };
}

function cleaned(name: unknown, otherwise: string): string {
  const clean = typeof name === 'string' ? name.slice(0, 256).replace(/[^a-zA-Z0-9_-]/g, '_') : '';
  return clean === '' ? otherwise : clean;
}

/** An input that is no object stands in one, so that the model sees what it had asked for. */
function objectOf(input: unknown): JsonObject {
  if (input === undefined || input === null || input === '') return {};
  const value = isShallow(input) ? (JSON.parse(JSON.stringify(input, wellFormed)) as unknown) : null;
  if (value === null) return {};
  return isObject(value) ? value : { value };
}

function wellFormed(_key: string, value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (!isObject(value)) return value;
  const names = Object.keys(value);
  if (names.every((name) => name.isWellFormed())) return value;
  return Object.fromEntries(names.map((name) => [name.toWellFormed(), value[name]]));
}

/** The tools that the API runs itself (API-FACTS §8.4, §10.1). */
const serverTools: readonly string[] = [
  'web_search',
  'web_fetch',
  'code_execution',
  'bash_code_execution',
  'text_editor_code_execution',
  'tool_search_tool_regex',
  'tool_search_tool_bm25',
];

function serverCall(stored: JsonObject): Omit<SentBlock, 'index'> | null {
  const { id, name, input, caller } = stored;
  const isSound =
    isServerId(id) &&
    typeof name === 'string' &&
    serverTools.includes(name) &&
    isObject(input) &&
    isSendable(input) &&
    isCaller(caller);
  return isSound ? whole(stored, ['id', 'name', 'input', 'caller']) : null;
}

const serverResults: readonly string[] = [
  'web_search_tool_result',
  'web_fetch_tool_result',
  'code_execution_tool_result',
  'bash_code_execution_tool_result',
  'text_editor_code_execution_tool_result',
  'tool_search_tool_result',
];

/** The results of such tools; null for blocks of any other type: the API refuses what it does not know. */
function serverResult(stored: JsonObject): Omit<SentBlock, 'index'> | null {
  const { type, tool_use_id: id, content, caller } = stored;
  const isSound =
    typeof type === 'string' &&
    serverResults.includes(type) &&
    isServerId(id) &&
    (Array.isArray(content) ? content.every(isObject) : isObject(content)) &&
    isSendable(content) &&
    isCaller(caller);
  return isSound ? whole(stored, ['tool_use_id', 'content', 'caller']) : null;
}

function isServerId(id: unknown): id is string {
  return typeof id === 'string' && /^srvtoolu_[a-zA-Z0-9_]+$/.test(id);
}

function isCaller(caller: unknown): boolean {
  return caller === undefined || (isObject(caller) && typeof caller['type'] === 'string' && isSendable(caller));
}

/** The block with these fields and its type alone: any other is refused (API-FACTS §3.2). */
function whole(stored: JsonObject, names: readonly string[]): Omit<SentBlock, 'index'> {
  if (hasOnly(stored, names)) return as(stored);
  const kept = ['type', ...names].flatMap((name) => (stored[name] === undefined ? [] : [[name, stored[name]]]));
  return as(Object.fromEntries(kept) as JsonObject);
}

function hasOnly(stored: JsonObject, names: readonly string[]): boolean {
  return Object.keys(stored).every((name) => name === 'type' || names.includes(name));
}

function as(block: JsonObject): { readonly block: Sent } {
  return { block: block as unknown as Sent };
}

function filled(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.isWellFormed();
}

function isShallow(value: unknown): boolean {
  return levels(value, () => true);
}

/** Neither too deep nor with half of a character in it, which is no valid JSON for the API. */
function isSendable(value: unknown): boolean {
  return levels(value, (text) => text.isWellFormed());
}

/** Walks level by level, without the stack. False for what is too deep, or has a text that does not hold. */
function levels(value: unknown, holds: (text: string) => boolean): boolean {
  let level: readonly unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > deepest) return false;
    const next: unknown[] = [];
    for (const one of level) {
      if (typeof one === 'string' && !holds(one)) return false;
      if (typeof one !== 'object' || one === null) continue;
      if (Array.isArray(one)) for (const item of one) next.push(item);
      else {
        for (const [name, item] of Object.entries(one)) {
          if (!holds(name)) return false;
          next.push(item);
        }
      }
    }
    level = next;
  }
  return true;
}
