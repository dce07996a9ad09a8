/** Says an answer event by event, keeps its Message, and stops where max_tokens or the window ends (API-FACTS §4). */
import { randomBytes } from 'node:crypto';
import type { Model } from './models';
import { type Signed, sealRedacted, signThinking, thoughtName } from './signatures';
import type { TokenCounter } from './tokens';
import type { AnswerMessage, Block, InputUsage, Json, RequestBody, StopDetails, Usage } from './wire';

/** A fresh id of the API's shape: `msg_01` and 22 base62 characters. */
export function freshId(prefix: 'msg' | 'toolu' | 'req' | 'srvtoolu'): string {
  const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  const tail = [...randomBytes(22)].map((byte) => letters[byte % letters.length]).join('');
  return `${prefix}_01${tail}`;
}

/** Thrown when the answer has used up its tokens; the writer has already cut the block it was in. */
export class OutOfTokens extends Error {
  readonly reason: 'max_tokens' | 'model_context_window_exceeded';

  constructor(reason: 'max_tokens' | 'model_context_window_exceeded') {
    super(reason);
    this.reason = reason;
  }
}

export interface AnswerSetting {
  readonly body: RequestBody;
  readonly model: Model;
  readonly counter: TokenCounter;
  readonly input: InputUsage;
  readonly promptTokens: number;
  /** What the first thought is bound to: the prompt, and the thought before it. */
  readonly binding: { readonly prefix: string; readonly previous: string };
  readonly diagnostics: Json | undefined;
  /** Sends one event; a request without streaming drops them. */
  readonly send: (name: string, data: unknown) => Promise<void>;
}

interface OpenBlock {
  readonly type: 'text' | 'thinking' | 'tool_use';
  readonly block: Block;
  text: string;
  readonly citations: unknown[];
}

export class AnswerWriter {
  readonly id = freshId('msg');
  readonly #setting: AnswerSetting;
  readonly #content: Block[] = [];
  #open: OpenBlock | undefined;
  #closedTokens = 0;
  #thinkingTokens = 0;
  readonly #web = { searches: 0, fetches: 0, tokens: 0 };
  #stopReason: string | null = null;
  #stopSequence: string | null = null;
  #stopDetails: StopDetails | null = null;
  #pinged = false;
  started = false;

  constructor(setting: AnswerSetting) {
    this.#setting = setting;
  }

  /** Whether the request lets the model think at all (§5). */
  get thinks(): boolean {
    const { body, model } = this.#setting;
    return (body.thinking?.type ?? (model.thinksByDefault ? 'adaptive' : 'disabled')) !== 'disabled';
  }

  /** Output tokens said so far, thoughts included. */
  get outputTokens(): number {
    return this.#closedTokens + (this.#open === undefined ? 0 : this.#tokens(this.#open.text));
  }

  /** The usage so far: the input as billed, the output said. */
  get usage(): Usage {
    const { searches, fetches, tokens } = this.#web;
    const { input } = this.#setting;
    const used = { web_search_requests: searches, web_fetch_requests: fetches };
    return {
      ...input,
      // What was found is read by the model before it goes on.
      input_tokens: input.input_tokens + tokens,
      output_tokens: this.outputTokens,
      output_tokens_details: { thinking_tokens: this.#thinkingTokens },
      ...(searches + fetches === 0 ? {} : { server_tool_use: used }),
    };
  }

  /** How often a tool of the server ran in this answer. */
  uses(name: 'web_search' | 'web_fetch'): number {
    return name === 'web_search' ? this.#web.searches : this.#web.fetches;
  }

  /** A tool of the server ran, and `text` is what the model reads of it. */
  countUse(name: 'web_search' | 'web_fetch', text: string): void {
    if (name === 'web_search') this.#web.searches += 1;
    else this.#web.fetches += 1;
    this.#web.tokens += this.#tokens(text);
  }

  /** The Message so far; final once `finish` was called. */
  get message(): AnswerMessage {
    const { body, diagnostics } = this.#setting;
    const open = this.#open === undefined ? [] : [closed(this.#open)];
    return {
      id: this.id,
      type: 'message',
      role: 'assistant',
      model: body.model,
      content: [...this.#content, ...open],
      stop_reason: this.#stopReason,
      stop_sequence: this.#stopSequence,
      stop_details: this.#stopDetails,
      ...(diagnostics === undefined ? {} : { diagnostics }),
      usage: { ...this.usage, ...extras },
    };
  }

  /** message_start, with the input's usage. */
  async start(): Promise<void> {
    if (this.started) return;
    this.started = true;
    const { input } = this.#setting;
    const usage = { ...input, output_tokens: 1, ...extras };
    await this.#setting.send('message_start', { type: 'message_start', message: { ...this.message, usage } });
  }

  /** More text, in the open text block or a new one. */
  async text(chunk: string): Promise<void> {
    if (this.#open?.type !== 'text') await this.#begin('text', { type: 'text', text: '' });
    await this.#say(chunk, (text) => ({ type: 'text_delta', text }));
  }

  /** A citation of the open text block, or of a new one. */
  async citation(citation: unknown): Promise<void> {
    if (this.#open?.type !== 'text') await this.#begin('text', { type: 'text', text: '' });
    this.#open?.citations.push(citation);
    await this.#delta({ type: 'citations_delta', citation });
  }

  /** A whole thought: summarized in deltas or omitted, then its signature once, as the last delta. */
  async thinking(
    text: string,
    chunks: readonly string[],
    said: (chunk: string) => Promise<void> = async () => {},
  ): Promise<void> {
    if (!this.thinks) return;
    const { body, model } = this.#setting;
    const omitted = (body.thinking?.display ?? model.display) === 'omitted';
    await this.#begin('thinking', { type: 'thinking', thinking: '', signature: '' });
    const open = this.#open;
    if (open === undefined) return;
    // An omitted thought takes as long and costs as much as one that is shown.
    if (omitted) this.#closedTokens += this.#count(text);
    for (const chunk of chunks) {
      if (!omitted) await this.#say(chunk, (thinking) => ({ type: 'thinking_delta', thinking }));
      await said(chunk);
    }
    this.#thinkingTokens += this.#count(text);
    const shown = omitted ? '' : open.text;
    const signature = signThinking(shown, text, this.#signed());
    await this.#delta({ type: 'signature_delta', signature });
    await this.#end({ type: 'thinking', thinking: shown, signature });
  }

  /** What a thought is signed with: one that another went before in this answer names that. */
  #signed(): Signed {
    const { model, binding } = this.#setting;
    const before = this.#content.findLast(({ type }) => type === 'thinking' || type === 'redacted_thinking');
    return { ...binding, model: model.id, ...(before === undefined ? {} : { previous: thoughtName(before) }) };
  }

  /** A redacted thought: no deltas. */
  async redactedThinking(text: string): Promise<void> {
    if (!this.thinks) return;
    this.#closedTokens += this.#count(text);
    this.#thinkingTokens += this.#count(text);
    await this.block({ type: 'redacted_thinking', data: sealRedacted(text, this.#signed()) });
  }

  /** A tool call; `pieces` are the raw JSON of its input, preceded by one empty delta. */
  async toolUse(name: string, pieces: readonly string[], id?: string): Promise<void> {
    const block = { type: 'tool_use', id: id ?? freshId('toolu'), name, input: {}, caller: { type: 'direct' } };
    await this.#begin('tool_use', block);
    await this.#delta({ type: 'input_json_delta', partial_json: '' });
    for (const piece of pieces) await this.#say(piece, (partial_json) => ({ type: 'input_json_delta', partial_json }));
    await this.endBlock();
  }

  /** Any block, whole. Server tool calls stream their input like client ones. */
  async block(block: Block): Promise<void> {
    const streams = block.type === 'server_tool_use';
    await this.#begin(undefined, streams ? { ...block, input: {} } : block);
    if (streams) await this.#delta({ type: 'input_json_delta', partial_json: JSON.stringify(block.input ?? {}) });
    await this.#stop(block);
  }

  /** Closes the open block, if any. */
  async endBlock(): Promise<void> {
    if (this.#open !== undefined) await this.#end(closed(this.#open));
  }

  /** Closes what is open and sends message_delta and (unless told not to) message_stop. */
  async finish(
    stopReason: string,
    options: { readonly sequence?: string | null; readonly details?: StopDetails | null; readonly stop?: boolean } = {},
  ): Promise<void> {
    await this.start();
    await this.endBlock();
    this.#stopReason = stopReason;
    this.#stopSequence = options.sequence ?? null;
    this.#stopDetails = options.details ?? null;
    const { cache_creation: _split, ...usage } = this.usage;
    await this.#setting.send('message_delta', {
      type: 'message_delta',
      delta: { stop_reason: stopReason, stop_sequence: this.#stopSequence, stop_details: this.#stopDetails },
      usage,
    });
    if (options.stop !== false) await this.#setting.send('message_stop', { type: 'message_stop' });
  }

  async #begin(type: OpenBlock['type'] | undefined, block: Block): Promise<void> {
    await this.start();
    await this.endBlock();
    const index = this.#content.length;
    const { text, ...bare } = block;
    const content_block = type === 'text' ? { ...bare, text } : block;
    await this.#setting.send('content_block_start', { type: 'content_block_start', index, content_block });
    if (type !== undefined) this.#open = { type, block, text: '', citations: [] };
    if (!this.#pinged) await this.#setting.send('ping', { type: 'ping' });
    this.#pinged = true;
  }

  /** Says a piece of the open block, as far as the tokens last. */
  async #say(chunk: string, delta: (text: string) => unknown): Promise<void> {
    const open = this.#open;
    if (open === undefined || chunk === '') return;
    const allowed = this.#allowed(open.text, chunk);
    open.text += allowed;
    if (allowed !== '') await this.#delta(delta(allowed));
    if (allowed.length < chunk.length) {
      if (open.type !== 'thinking') await this.endBlock();
      throw new OutOfTokens(this.#limit().reason);
    }
  }

  #limit(): { readonly tokens: number; readonly reason: OutOfTokens['reason'] } {
    const { body, model, promptTokens } = this.#setting;
    const most = body.max_tokens ?? model.maxOutput;
    const room = Math.max(model.window - promptTokens, 1);
    return room < most
      ? { tokens: room, reason: 'model_context_window_exceeded' }
      : { tokens: most, reason: 'max_tokens' };
  }

  #allowed(before: string, chunk: string): string {
    const left = this.#limit().tokens - this.#closedTokens;
    // No text has more than one token per 2.4 characters; only near the limit is it worth counting.
    if ((before.length + chunk.length) / 2.4 + (before + chunk).split('\n', 50).length < left) return chunk;
    const characters = [...chunk];
    let low = 0;
    let high = characters.length;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.#tokens(before + characters.slice(0, middle).join('')) <= left) low = middle;
      else high = middle - 1;
    }
    return characters.slice(0, low).join('');
  }

  async #delta(delta: unknown): Promise<void> {
    const index = this.#content.length;
    await this.#setting.send('content_block_delta', { type: 'content_block_delta', index, delta });
  }

  async #end(block: Block): Promise<void> {
    this.#closedTokens += this.#tokens(this.#open?.text ?? '');
    this.#open = undefined;
    await this.#stop(block);
  }

  async #stop(block: Block): Promise<void> {
    const index = this.#content.length;
    this.#content.push(block);
    await this.#setting.send('content_block_stop', { type: 'content_block_stop', index });
  }

  #tokens(text: string): number {
    return text === '' ? 0 : this.#count(text);
  }

  #count(text: string): number {
    return this.#setting.counter.text(text, this.#setting.model);
  }
}

const extras = { service_tier: 'standard', inference_geo: 'global' } as const;

function closed(open: OpenBlock): Block {
  if (open.type === 'text') {
    const { citations, text } = open;
    return { ...open.block, text, ...(citations.length > 0 ? { citations } : {}) };
  }
  if (open.type === 'thinking') return { ...open.block, thinking: open.text };
  return { ...open.block, input: parsed(open.text) };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json === '' ? '{}' : json);
  } catch {
    return {};
  }
}
