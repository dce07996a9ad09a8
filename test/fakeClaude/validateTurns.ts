/** The order of turns, the pairing of tool calls and results, thinking that comes back (API-FACTS §2, §3.2, §5, §8.3). */
import type { Model } from './models';
import { prefixDigests } from './positions';
import { Refusal } from './rules';
import type { ApiVersion } from './schema';
import { checkThinking, isForeignThinking, thoughtName } from './signatures';
import type { Switches } from './switches';
import { type Block, blocksOf, type Message, type RequestBody } from './wire';

/** Looks up the content of an answer this server gave, by the id of one of its tool calls. */
export type IssuedTurns = (toolUseId: string) => readonly Block[] | undefined;

interface Book {
  readonly model: Model;
  readonly version: ApiVersion;
  readonly switches: Switches;
  readonly issued: IssuedTurns;
}

/** A block with where it stood in the request, before turns of the same role were merged. */
interface Placed {
  readonly block: Block;
  readonly path: string;
  readonly message: number;
  readonly index: number;
}

interface Turn {
  readonly role: Message['role'];
  readonly blocks: readonly Placed[];
  readonly last: number;
}

const isThought = (block: Block): boolean => block.type === 'thinking' || block.type === 'redacted_thinking';
const isServerResult = (block: Block): boolean => block.type.endsWith('_tool_result');

/** Throws a Refusal for the first rule about turns that the request breaks. */
export function checkTurns(body: RequestBody, book: Book): void {
  const { messages } = body;
  const [first] = messages;
  if (first === undefined) throw new Refusal('noMessages');
  if (messages.length > 100_000) throw new Refusal('tooManyMessages');
  if (first.role === 'system') throw new Refusal('systemFirst', { path: 'messages.0' });
  if (first.role !== 'user' && book.switches.leadingAssistantRefused) throw new Refusal('firstRole');
  for (const block of blocksOf(body.system)) checkText(block, 'system');
  for (const [index, message] of messages.entries()) checkMessage(message, index, messages, book);
  const turns = merge(messages);
  checkEnd(turns, book.model);
  checkToolPairs(turns, messages, book.switches);
  checkThoughts(body, turns, book);
}

function checkText(block: Block, at: string): void {
  if (block.type !== 'text') return;
  if (block.text === '') throw new Refusal('emptyText', { at });
  if (block.text?.trim() === '') throw new Refusal('blankText', { at });
}

function checkMessage(message: Message, index: number, messages: readonly Message[], book: Book): void {
  const path = `messages.${index}`;
  const blocks = blocksOf(message.content);
  const optional = index === messages.length - 1 && message.role === 'assistant';
  if ((blocks.length === 0 || message.content === '') && !optional) throw new Refusal('emptyMessage', { path });
  if (message.role === 'system') checkSystemMessage(index, messages, book.model);
  for (const [inner, block] of blocks.entries()) {
    if (message.content !== '') checkText(block, 'messages');
    const at = `${path}.content.${inner}`;
    if (isThought(block) || block.type === 'tool_use' || block.type === 'server_tool_use') {
      if (message.role !== 'assistant') throw new Refusal('wrongRole', { path, type: block.type, role: 'assistant' });
    }
    if (block.type === 'tool_result' || block.type === 'image') {
      if (message.role !== 'user') throw new Refusal('wrongRole', { path, type: block.type, role: 'user' });
    }
    if (block.type === 'tool_use' && !/^[a-zA-Z0-9_-]+$/.test(block.id ?? '')) {
      throw new Refusal('toolUseId', { path: `${at}.tool_use.id` });
    }
    if (block.type === 'tool_use' && !/^[a-zA-Z0-9_-]{1,128}$/.test(block.name ?? '')) {
      throw new Refusal('toolName', { path: `${at}.tool_use.name` });
    }
    if (block.type === 'server_tool_use' && !/^srvtoolu_[a-zA-Z0-9_]+$/.test(block.id ?? '')) {
      throw new Refusal('serverToolUseId', { path: `${at}.server_tool_use.id` });
    }
    if (book.version === '2023-06-01') continue;
    if (block.type === 'document' && message.role === 'assistant') throw new Refusal('assistantDocument', { path: at });
    if (message.role === 'user') {
      const texts = block.type === 'search_result' ? blocksOf(block.content) : [block];
      const cited = texts.find(
        (part) => part.type === 'text' && Array.isArray(part.citations) && part.citations.length,
      );
      if (cited !== undefined) throw new Refusal('userCitations', { path: `${at}.text` });
    }
  }
}

/** Mid-conversation system messages (§2.2). */
function checkSystemMessage(index: number, messages: readonly Message[], model: Model): void {
  const path = `messages.${index}`;
  if (!model.systemMessages) throw new Refusal('systemRole', { path });
  const previous = messages[index - 1];
  const lastBlock = blocksOf(previous?.content).at(-1);
  const afterServerTool = previous?.role === 'assistant' && lastBlock !== undefined && isServerResult(lastBlock);
  if (previous?.role !== 'user' && !afterServerTool) throw new Refusal('systemFirst', { path });
  const next = messages[index + 1];
  if (next !== undefined && next.role !== 'assistant') throw new Refusal('systemPlace', { path });
}

function merge(messages: readonly Message[]): readonly Turn[] {
  const turns: Turn[] = [];
  for (const [message, { role, content }] of messages.entries()) {
    const placed = blocksOf(content).map((block, index) => ({
      block,
      path: `messages.${message}.content.${index}`,
      message,
      index,
    }));
    const previous = turns.at(-1);
    if (previous?.role === role) {
      turns[turns.length - 1] = { role, blocks: [...previous.blocks, ...placed], last: message };
    } else {
      turns.push({ role, blocks: placed, last: message });
    }
  }
  return turns;
}

/** A paused server tool loop is resent as it was (§4.4); other than that only prefilling models end with `assistant`. */
function checkEnd(turns: readonly Turn[], model: Model): void {
  const turn = turns.at(-1);
  if (turn?.role !== 'assistant') return;
  const blocks = turn.blocks.map(({ block }) => block);
  const last = blocks.at(-1);
  if (unresolved(blocks) !== undefined || (last !== undefined && isServerResult(last))) return;
  if (!model.prefill) throw new Refusal('prefill');
  if (last?.type === 'text' && /\s$/.test(last.text ?? '')) throw new Refusal('trailingWhitespace');
}

function unresolved(blocks: readonly Block[]): Block | undefined {
  const answered = new Set(blocks.filter(isServerResult).map((block) => block.tool_use_id));
  return blocks.find((block) => block.type === 'server_tool_use' && !answered.has(block.id));
}

function checkToolPairs(turns: readonly Turn[], messages: readonly Message[], switches: Switches): void {
  const used = new Set<string>();
  const server = new Set<string>();
  for (const [index, turn] of turns.entries()) {
    const calls = turn.role === 'assistant' ? turn.blocks.filter(({ block }) => block.type === 'tool_use') : [];
    for (const { block, path } of calls) {
      if (used.has(block.id ?? '')) throw new Refusal('duplicateToolUse', { path });
      used.add(block.id ?? '');
    }
    const next = turns[index + 1];
    checkServerResults(turn, server);
    checkServerCalls(turn, next);
    if (turn.role === 'user') checkOrphans(turn, turns[index - 1]);
    if (calls.length === 0) continue;
    const answers = leadingResults(next, messages, switches);
    const missing = calls.map(({ block }) => block.id ?? '').filter((id) => !answers.includes(id));
    if (missing.length > 0) {
      const path = `messages.${calls.at(-1)?.message ?? turn.last}`;
      throw new Refusal('unansweredToolUse', { path, ids: missing.join(', ') });
    }
  }
}

/** Ids of the tool results a user turn starts with. Results split over several messages count only when merged. */
function leadingResults(turn: Turn | undefined, messages: readonly Message[], switches: Switches): readonly string[] {
  if (turn?.role !== 'user') return [];
  const [first] = turn.blocks;
  const blocks = switches.splitToolResultsRefused
    ? blocksOf(messages[first?.message ?? 0]?.content)
    : turn.blocks.map(({ block }) => block);
  const end = blocks.findIndex((block) => block.type !== 'tool_result');
  return blocks.slice(0, end === -1 ? blocks.length : end).map((block) => block.tool_use_id ?? '');
}

function checkOrphans(turn: Turn, previous: Turn | undefined): void {
  const asked = new Set(
    previous?.role === 'assistant'
      ? previous.blocks.filter(({ block }) => block.type === 'tool_use').map(({ block }) => block.id)
      : [],
  );
  const seen = new Set<string>();
  for (const { block, path } of turn.blocks) {
    if (block.type !== 'tool_result') continue;
    const ids = block.tool_use_id ?? '';
    if (!asked.has(ids)) throw new Refusal('orphanResult', { path, ids });
    if (seen.has(ids)) throw new Refusal('duplicateResult', { path, ids });
    seen.add(ids);
  }
}

/** A result of the API's own tools stands behind its call, at most one turn of tool results later. */
function checkServerResults(turn: Turn, open: Set<string>): void {
  if (turn.role === 'user' && turn.blocks.some(({ block }) => block.type !== 'tool_result')) open.clear();
  for (const { block, path } of turn.blocks) {
    if (block.type === 'server_tool_use') open.add(block.id ?? '');
    if (block.type === 'tool_result' || !isServerResult(block)) continue;
    const ids = block.tool_use_id ?? '';
    if (!open.delete(ids)) throw new Refusal('orphanServerResult', { path, type: block.type, ids });
  }
}

/** An open server tool call is allowed at the end (paused) and when the next turn answers only client tools (§4.4). */
function checkServerCalls(turn: Turn, next: Turn | undefined): void {
  if (turn.role !== 'assistant' || next === undefined) return;
  const open = unresolved(turn.blocks.map(({ block }) => block));
  if (open === undefined || next.blocks.every(({ block }) => block.type === 'tool_result')) return;
  throw new Refusal('unresolvedServerTool', { name: open.name ?? '', ids: open.id ?? '' });
}

function checkThoughts(body: RequestBody, turns: readonly Turn[], book: Book): void {
  const assistants = turns.filter((turn) => turn.role === 'assistant');
  const latest = assistants.at(-1);
  const inLoop = latest !== undefined && turns.at(-2) === latest && hasCalls(latest);
  const bound = book.model.boundThinking || book.switches.thinkingBoundToPrefix;
  if (inLoop) checkLatest(latest, book, bound);
  const prefixes = bound ? prefixDigests(body) : [];
  let before: Block | null = null;
  for (const turn of assistants) {
    const [start] = turn.blocks;
    for (const { block, path, message, index } of turn.blocks) {
      if (!isThought(block)) continue;
      const check = checkThinking(block);
      if (check.kind === 'unknown' && book.switches.unknownSignaturesIgnored) continue;
      if (check.kind === 'unknown') throw new Refusal('invalidSignature', { path });
      // Thoughts of another model are ignored, or refused by models that bind them (§5).
      const foreign = check.signed.model !== book.model.id;
      if (foreign && !bound) continue;
      if (check.kind === 'altered') throw new Refusal('invalidSignature', { path });
      if (!bound) continue;
      // An answer that paused goes on in the same turn: its thought may stand anywhere from there up to here.
      const known = prefixes
        .slice(start?.message, message + 1)
        .flatMap((row, at) => (at + (start?.message ?? 0) === message ? row.slice(0, index + 1) : row));
      const { prefix, previous } = check.signed;
      const follows = before === null || previous === undefined || previous === thoughtName(before);
      if (foreign || !known.includes(prefix) || !follows) throw new Refusal('thinkingMoved', { path });
      before = block;
    }
  }
}

const hasCalls = (turn: Turn): boolean => turn.blocks.some(({ block }) => block.type === 'tool_use');

/**
 * Within a tool loop the latest answer's thoughts come back complete, unmodified and in place (§5, §10.5). Where they are
 * bound to what was before them they may be left out, all of them: that is what their refusal asks for, and the API
 * keeps no answers to tell by. Those of another model may be left out, too.
 */
function checkLatest(turn: Turn, book: Book, bound: boolean): void {
  const call = turn.blocks.find(({ block }) => block.type === 'tool_use');
  const issued = book.issued(call?.block.id ?? '');
  const thoughts = turn.blocks.filter(({ block }) => isThought(block));
  for (const { block, path } of thoughts) {
    if (checkThinking(block).kind === 'altered') throw new Refusal('thinkingModified', { path });
  }
  if (issued === undefined) return;
  const foreign = issued.some((block) => isThought(block) && isForeignThinking(block, book.model.id));
  if (thoughts.length === 0 && (bound || foreign)) return;
  const was = issued.filter(isThought).map(bytes);
  const is = thoughts.map(({ block }) => bytes(block));
  const at = was.findIndex((block, index) => block !== is[index]);
  const wrong = at === -1 && is.length > was.length ? was.length : at;
  const firstOwn = turn.blocks.findIndex(({ message }) => message === call?.message);
  const place = thoughts[wrong]?.path ?? turn.blocks[Math.max(firstOwn, 0)]?.path ?? '';
  if (wrong !== -1) throw new Refusal('thinkingModified', { path: place });
  const order = (blocks: readonly Block[]): string =>
    blocks
      .filter((b) => isThought(b) || b.type === 'tool_use')
      .map((b) => b.id ?? bytes(b))
      .join();
  if (order(issued) !== order(turn.blocks.map(({ block }) => block))) {
    throw new Refusal('thinkingModified', { path: thoughts[0]?.path ?? place });
  }
}

function bytes(block: Block): string {
  return JSON.stringify([block.type, block.thinking ?? null, block.signature ?? null, block.data ?? null]);
}
