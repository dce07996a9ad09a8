/** A request as the prompt cache sees it: one position per tool, system block and message block (API-FACTS §6.1). */
import type { Model } from './models';
import { isForeignThinking, thoughtName } from './signatures';
import type { Switches } from './switches';
import { digest, type TokenCounter } from './tokens';
import { type Block, blocksOf, type Message, type RequestBody } from './wire';

export type Section = 'tools' | 'system' | 'messages';

export interface Position {
  readonly section: Section;
  /** Where it stands in the request, e.g. `messages.3.content.0`. */
  readonly path: string;
  /** Digest of this block alone, cache breakpoints apart. */
  readonly own: string;
  /** Cumulative digest of everything up to and including this block, invalidation inputs included: the cache key. */
  readonly key: string;
  /** Tokens of the prompt up to and including this block. */
  readonly total: number;
  readonly mark: '5m' | '1h' | undefined;
  /** Whether the top-level mark may land here: thinking blocks and empty text cannot carry one. */
  readonly markable: boolean;
}

/** Flattens a valid request. Thinking that the model would not see (foreign, or stripped on older models) is left out. */
export function positionsOf(body: RequestBody, model: Model, counter: TokenCounter, switches: Switches): Position[] {
  const positions: Position[] = [];
  let key = digest(`${model.id}`);
  let total = 0;
  const seed = (value: unknown): void => {
    key = digest(`${key} seed ${JSON.stringify(value)}`);
  };
  const add = (section: Section, path: string, bytes: string, tokens: number, block: Marked): void => {
    const own = digest(bytes);
    key = digest(`${key} ${own}`);
    total += tokens;
    positions.push({ section, path, own, key, total, mark: markOf(block), markable: canCarryMark(block) });
  };

  for (const [index, tool] of (body.tools ?? []).entries()) {
    const { cache_control: _mark, ...rest } = tool;
    const overhead = index === 0 ? counter.toolOverhead(body, model) : 0;
    add('tools', `tools.${index}`, JSON.stringify(rest), counter.tool(tool, model) + overhead, tool);
  }
  seed([body.speed ?? 'standard', webSearch(body), citations(body)]);
  for (const [index, block] of blocksOf(body.system).entries()) {
    add('system', `system.${index}`, bytesOf(block), counter.block(block, model), block);
  }
  seed(messageInputs(body, model, switches));
  const stripBefore = model.keepsThinking ? 0 : lastUserWords(body.messages);
  for (const [index, message] of body.messages.entries()) {
    let framed = false;
    for (const [inner, block] of blocksOf(message.content).entries()) {
      if (isThinking(block) && (index < stripBefore || isForeignThinking(block, model.id))) continue;
      const tokens = counter.block(block, model) + (framed ? 0 : counter.frame(message));
      framed = true;
      add('messages', `messages.${index}.content.${inner}`, `${message.role} ${bytesOf(block)}`, tokens, block);
    }
  }
  return applyTopLevel(positions, body);
}

/** Tokens of the whole prompt. */
export function promptTokens(positions: readonly Position[]): number {
  return (positions.at(-1)?.total ?? 0) + 3;
}

type Marked = { readonly type?: unknown; readonly text?: string; readonly cache_control?: unknown };

function markOf(block: Marked): '5m' | '1h' | undefined {
  const own = ttlOf(block.cache_control);
  if (own !== undefined) return own;
  const nested = (block as { content?: unknown }).content;
  if (!Array.isArray(nested)) return undefined;
  return nested.map((part: Block) => ttlOf(part.cache_control)).findLast((ttl) => ttl !== undefined);
}

/** The lifetime a `cache_control` value asks for; undefined when there is no mark. */
export function ttlOf(control: unknown): '5m' | '1h' | undefined {
  if (typeof control !== 'object' || control === null) return undefined;
  return (control as { ttl?: unknown }).ttl === '1h' ? '1h' : '5m';
}

/** Whether a block may carry `cache_control` (§6.1). */
export function canCarryMark(block: Marked): boolean {
  if (block.type === 'thinking' || block.type === 'redacted_thinking') return false;
  return block.type !== 'text' || block.text !== '';
}

/** The exact bytes of a block, its own mark and the marks nested in it apart. */
export function bytesOf(block: Block): string {
  if (block.cache_control === undefined && !Array.isArray(block.content)) return JSON.stringify(block);
  return JSON.stringify(block, (name, value: unknown) => (name === 'cache_control' ? undefined : value));
}

function isThinking(block: Block): boolean {
  return block.type === 'thinking' || block.type === 'redacted_thinking';
}

/** What a thought is bound to that answers this request, on models that bind it (§5). */
export function bindingOf(body: RequestBody, model: string): { readonly prefix: string; readonly previous: string } {
  const thoughts = body.messages.flatMap(({ content }) => blocksOf(content).filter(isThinking));
  const last = thoughts.findLast((block) => !isForeignThinking(block, model));
  return {
    prefix: prefixDigests(body).at(-1)?.[0] ?? '',
    previous: last === undefined ? '' : thoughtName(last),
  };
}

/**
 * Digests of the prompt before each block, thinking blocks left out: of those the leading ones may be dropped, and each
 * of the others names the one before it. `[message][block]`; the last row is the end of the prompt.
 */
export function prefixDigests(body: RequestBody): readonly (readonly string[])[] {
  let at = digest(JSON.stringify([body.tools ?? [], blocksOf(body.system)].flat().map((part) => unmarked(part))));
  const rows: string[][] = [];
  for (const message of body.messages) {
    const row: string[] = [];
    for (const block of blocksOf(message.content)) {
      row.push(at);
      if (!isThinking(block)) at = digest(`${at} ${message.role} ${bytesOf(block)}`);
    }
    rows.push(row);
  }
  return [...rows, [at]];
}

function unmarked(part: object): object {
  return Object.fromEntries(Object.entries(part).filter(([name]) => name !== 'cache_control'));
}

function webSearch(body: RequestBody): boolean {
  return (body.tools ?? []).some((tool) => tool.type?.startsWith('web_search') === true);
}

function citations(body: RequestBody): boolean {
  return body.messages.some((message) =>
    blocksOf(message.content).some(
      (block) => block.type === 'document' && (block.citations as { enabled?: boolean } | undefined)?.enabled === true,
    ),
  );
}

/** What loses the messages cache when it changes (§6.3); an explicit default equals an omitted one. */
function messageInputs(body: RequestBody, model: Model, switches: Switches): unknown {
  const thinking = body.thinking ?? { type: model.thinksByDefault ? 'adaptive' : 'disabled' };
  return [
    body.tool_choice?.type ?? 'auto',
    body.tool_choice?.name ?? null,
    body.tool_choice?.disable_parallel_tool_use ?? false,
    thinking.type,
    thinking.budget_tokens ?? null,
    switches.effortInvalidatesMessages ? (body.output_config?.effort ?? model.defaultEffort) : null,
    switches.appendedImagesKeepCache ? null : countImages(body.messages.flatMap((m) => blocksOf(m.content))),
  ];
}

/** Images in these blocks, those inside tool results and documents included. */
export function countImages(blocks: readonly Block[]): number {
  return blocks.reduce((sum, block) => sum + (block.type === 'image' ? 1 : countImages(nestedBlocks(block))), 0);
}

function nestedBlocks(block: Block): readonly Block[] {
  if (block.type === 'document' && typeof block.source === 'object') return blocksOf(block.source.content);
  return block.type === 'tool_result' ? blocksOf(block.content) : [];
}

/** Index of the last user message that says something beyond tool results; -1 when there is none. */
function lastUserWords(messages: readonly Message[]): number {
  return messages.findLastIndex(
    (message) => message.role === 'user' && blocksOf(message.content).some((block) => block.type !== 'tool_result'),
  );
}

/** Automatic caching: the top-level mark lands on the last block that can carry one (§6.1). */
function applyTopLevel(positions: Position[], body: RequestBody): Position[] {
  const ttl = ttlOf(body.cache_control);
  if (ttl === undefined) return positions;
  const index = positions.findLastIndex((position) => position.markable);
  const target = positions[index];
  if (target === undefined || target.mark !== undefined) return positions;
  return positions.with(index, { ...target, mark: ttl });
}
