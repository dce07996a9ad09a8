/** Refuses what the API would refuse, in its order: shape, meaning, limits (API-FACTS §3.2, §10.3). */

import type { Model } from './models';
import { countImages, ttlOf } from './positions';
import { Refusal } from './rules';
import { type ApiVersion, checkShape, type Endpoint } from './schema';
import type { Switches } from './switches';
import { checkMedia } from './validateMedia';
import { checkToolDefinitions } from './validateTools';
import { checkTurns, type IssuedTurns } from './validateTurns';
import { type Block, blocksOf, isObject, type RequestBody } from './wire';

export interface Rulebook {
  readonly model: Model;
  readonly version: ApiVersion;
  readonly endpoint: Endpoint;
  readonly switches: Switches;
  /** Answers the server gave, to compare thinking blocks with. */
  readonly issued: IssuedTurns;
  /** Tokens of the prompt; asked last. */
  readonly countTokens: (body: RequestBody) => number;
}

/** Throws a Refusal for the first rule that the body breaks; otherwise the body is a request the API would answer. */
export function validate(body: unknown, book: Rulebook): asserts body is RequestBody {
  // A schema would call `thread` an extra input; the API tells threads apart (§9.3).
  if (isObject(body) && body['thread'] !== undefined && body['thread'] !== null) {
    throw new Refusal('threads', {}, { error_code: 'thread_unsupported_request', unsupported: [] });
  }
  checkText(body);
  checkShape(body, book.endpoint, book.version);
  const request = body as RequestBody;
  checkSettings(request, book);
  checkToolDefinitions(request);
  checkMarks(request);
  checkTurns(request, book);
  checkMedia(request, book);
  const tokens = book.countTokens(request);
  const { window } = book.model;
  if (tokens > window) throw new Refusal('promptTooLong', { tokens, window });
}

/** Half of a surrogate pair is no text: the API's JSON parser refuses it wherever it stands. */
function checkText(body: unknown): void {
  const open: unknown[] = [body];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value === 'string' && !value.isWellFormed()) throw new Refusal('loneSurrogate');
    if (typeof value !== 'object' || value === null) continue;
    for (const [name, item] of Object.entries(value)) open.push(name, item);
  }
}

function checkSettings(body: RequestBody, { model, version, endpoint, switches }: Rulebook): void {
  if (version === '2023-06-01' && (model.id === 'claude-opus-4-8' || model.id === 'claude-opus-4-7')) {
    for (const path of ['temperature', 'top_p', 'top_k'] as const) {
      if (body[path] !== undefined) throw new Refusal('samplingDeprecated', { path });
    }
  }
  const asked = body.max_tokens ?? 1;
  if (asked > model.maxOutput) {
    throw new Refusal('maxTokens', { asked, limit: model.maxOutput, model: body.model });
  }
  if ((body.stop_sequences ?? []).some((stop) => stop.trim() === '')) throw new Refusal('stopSequence');
  checkThinkingConfig(body, model);
  checkEffort(body, model);
  const forced = body.tool_choice?.type === 'any' || body.tool_choice?.type === 'tool';
  const { thinking } = body;
  if (forced && (thinking?.type === 'enabled' || (model.boundThinking && thinking?.type !== 'disabled'))) {
    throw new Refusal('forcedWithThinking');
  }
  if (endpoint === 'messages' && asked === 0) {
    const thinks = (thinking?.type ?? (model.thinksByDefault ? 'adaptive' : 'disabled')) !== 'disabled';
    const allowed = thinking?.type !== 'enabled' && switches.warmUpUnderAdaptiveThinking;
    if (body.stream === true) throw new Refusal('warmUp', { with: 'stream: true' });
    if (thinks && !allowed) throw new Refusal('warmUp', { with: 'thinking' });
    if (isObject(body.output_config?.format)) throw new Refusal('warmUp', { with: 'output_config.format' });
    if (forced) throw new Refusal('warmUp', { with: `tool_choice.type '${body.tool_choice?.type}'` });
  }
}

function checkThinkingConfig(body: RequestBody, model: Model): void {
  const { thinking } = body;
  if (thinking === undefined || thinking === null) return;
  const { type } = thinking;
  if (!model.thinking.includes(type)) {
    if (type === 'enabled') throw new Refusal('enabledUnsupported');
    if (type === 'adaptive') throw new Refusal('adaptiveUnsupported');
    throw new Refusal('thinkingUnsupported', { type });
  }
  if (type === 'disabled' && thinking.display !== undefined && thinking.display !== null) {
    throw new Refusal('displayDisabled');
  }
  if (type === 'enabled') {
    const budget = thinking.budget_tokens ?? 0;
    if (budget < 1_024) throw new Refusal('budgetTooSmall');
    if (body.max_tokens !== undefined && budget >= body.max_tokens) throw new Refusal('budgetTooLarge');
  }
}

function checkEffort(body: RequestBody, model: Model): void {
  const effort = body.output_config?.effort;
  if (effort === undefined || effort === null) return;
  if (model.efforts.length === 0) throw new Refusal('effortUnsupported');
  if (!model.efforts.includes(effort)) {
    throw new Refusal('effortLevel', { effort, levels: model.efforts.toSorted().join(', ') });
  }
}

interface Mark {
  readonly path: string;
  readonly ttl: '5m' | '1h';
}

function marksOf(path: string, block: { readonly cache_control?: unknown; readonly content?: unknown }): Mark[] {
  const nested = Array.isArray(block.content)
    ? block.content.flatMap((part: Block, index) => marksOf(`${path}.content.${index}`, part))
    : [];
  const ttl = ttlOf(block.cache_control);
  return ttl === undefined ? nested : [...nested, { path, ttl }];
}

/** At most 4 marks, the automatic one included; 1h before 5m (§6.1). */
function checkMarks(body: RequestBody): void {
  const blocks: { readonly path: string; readonly block: Block }[] = [
    ...blocksOf(body.system).map((block, index) => ({ path: `system.${index}`, block })),
    ...body.messages.flatMap((message, at) =>
      blocksOf(message.content).map((block, index) => ({ path: `messages.${at}.content.${index}`, block })),
    ),
  ];
  for (const { path, block } of blocks) {
    if (block.type === 'text' && block.text === '' && ttlOf(block.cache_control) !== undefined) {
      throw new Refusal('emptyMarked', { path });
    }
  }
  const marks = [
    ...(body.tools ?? []).flatMap((tool, index) => marksOf(`tools.${index}`, { cache_control: tool.cache_control })),
    ...blocks.flatMap(({ path, block }) => marksOf(path, block)),
  ];
  if (marks.length > 4) throw new Refusal('tooManyMarks', { count: marks.length });
  const automatic = ttlOf(body.cache_control);
  const ttls: Mark[] = [...marks];
  if (automatic !== undefined) {
    const last = blocks.at(-1);
    const lastTtl = last === undefined ? undefined : ttlOf(last.block.cache_control);
    if (lastTtl !== undefined && lastTtl !== automatic) throw new Refusal('automaticTtl');
    if (lastTtl === undefined && marks.length === 4) throw new Refusal('tooManyMarksAutomatic');
    if (lastTtl === undefined && last !== undefined) ttls.push({ path: last.path, ttl: automatic });
  }
  const firstFive = ttls.findIndex((mark) => mark.ttl === '5m');
  const late = firstFive === -1 ? undefined : ttls.slice(firstFive).find((mark) => mark.ttl === '1h');
  if (late !== undefined) throw new Refusal('hourAfterFive', { path: late.path });
}

/** Images of the whole request, those in tool results included. */
export function imagesIn(body: RequestBody): number {
  return countImages(body.messages.flatMap((message) => blocksOf(message.content)));
}
