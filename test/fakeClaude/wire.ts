/** The shapes that travel over the wire, as loosely as a server must read them (API-FACTS §2). Validation narrows them. */

/** Anything JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export interface CacheControl {
  readonly type: 'ephemeral';
  readonly ttl?: '5m' | '1h';
}

export interface BlockSource {
  readonly type: 'base64' | 'url' | 'file' | 'text' | 'content';
  readonly media_type?: string;
  readonly data?: string;
  readonly url?: string;
  readonly file_id?: string;
  readonly content?: string | readonly Block[];
}

/** One content block of a request or a response. Which fields are present depends on `type`. */
export interface Block {
  readonly type: string;
  readonly text?: string;
  readonly thinking?: string;
  readonly signature?: string;
  readonly data?: string;
  readonly id?: string;
  readonly name?: string;
  readonly input?: unknown;
  readonly caller?: unknown;
  readonly tool_use_id?: string;
  readonly is_error?: boolean;
  readonly content?: string | readonly Block[];
  readonly source?: BlockSource | string;
  readonly title?: string | null;
  readonly context?: string | null;
  readonly citations?: unknown;
  readonly cache_control?: CacheControl | null;
  readonly transformations?: { readonly oversized_image?: 'downsize' | 'error' };
}

export interface Message {
  readonly role: 'user' | 'assistant' | 'system';
  readonly content: string | readonly Block[];
}

export interface ToolDefinition {
  readonly type?: string | null;
  readonly name: string;
  readonly description?: string;
  readonly max_uses?: number;
  readonly input_schema?: { readonly [key: string]: Json };
  readonly strict?: boolean;
  readonly defer_loading?: boolean;
  readonly eager_input_streaming?: boolean;
  readonly cache_control?: CacheControl | null;
}

export interface ToolChoice {
  readonly type: 'auto' | 'any' | 'tool' | 'none';
  readonly name?: string;
  readonly disable_parallel_tool_use?: boolean;
}

export interface ThinkingConfig {
  readonly type: 'adaptive' | 'enabled' | 'disabled' | 'between_tools';
  readonly budget_tokens?: number;
  readonly display?: 'summarized' | 'omitted' | null;
}

/** The body of POST /v1/messages and of count_tokens (which has no `max_tokens`). */
export interface RequestBody {
  readonly model: string;
  readonly max_tokens?: number;
  readonly messages: readonly Message[];
  readonly system?: string | readonly Block[];
  readonly tools?: readonly ToolDefinition[];
  readonly tool_choice?: ToolChoice;
  readonly thinking?: ThinkingConfig | null;
  readonly output_config?: { readonly effort?: string | null; readonly format?: unknown } | null;
  readonly cache_control?: CacheControl | null;
  readonly stop_sequences?: readonly string[];
  readonly stream?: boolean;
  readonly metadata?: { readonly user_id?: string | null };
  readonly speed?: 'standard' | 'fast' | null;
  readonly inference_geo?: string | null;
  readonly service_tier?: string;
  readonly diagnostics?: { readonly previous_message_id?: string | null } | null;
  readonly temperature?: number;
  readonly top_p?: number;
  readonly top_k?: number;
}

/** How the input of one request was billed (API-FACTS §6.4), in tokens. */
export interface InputUsage {
  readonly input_tokens: number;
  readonly cache_creation_input_tokens: number;
  readonly cache_read_input_tokens: number;
  readonly cache_creation: {
    readonly ephemeral_5m_input_tokens: number;
    readonly ephemeral_1h_input_tokens: number;
  };
}

/** The usage of a whole answer, in tokens. */
export interface Usage extends InputUsage {
  readonly output_tokens: number;
  readonly output_tokens_details: { readonly thinking_tokens: number };
  /** What the API's own tools did; missing where they did nothing (API-FACTS §8.4). */
  readonly server_tool_use?: { readonly web_search_requests: number; readonly web_fetch_requests: number };
}

export type StopReason =
  | 'end_turn'
  | 'max_tokens'
  | 'stop_sequence'
  | 'tool_use'
  | 'pause_turn'
  | 'refusal'
  | 'model_context_window_exceeded';

export interface StopDetails {
  readonly type: 'refusal';
  readonly category: string | null;
  readonly explanation: string | null;
}

/** The Message object of a finished (or broken off) answer. */
export interface AnswerMessage {
  readonly id: string;
  readonly type: 'message';
  readonly role: 'assistant';
  readonly model: string;
  readonly content: readonly Block[];
  readonly stop_reason: string | null;
  readonly stop_sequence: string | null;
  readonly stop_details: StopDetails | null;
  readonly usage: Usage;
  readonly diagnostics?: Json;
}

/** True for a JSON object (not null, not an array). */
export function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The blocks of a message or system field: a string counts as one text block. */
export function blocksOf(content: string | readonly Block[] | undefined): readonly Block[] {
  if (content === undefined) return [];
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content;
}

/** The source of an image or document block, when it is an object. */
export function sourceOf(block: Block): BlockSource | undefined {
  return typeof block.source === 'object' ? block.source : undefined;
}

/** Joins all text of a content field, nested tool results included. */
export function textOf(content: string | readonly Block[] | undefined): string {
  return blocksOf(content)
    .map((block) => block.text ?? textOf(block.content))
    .filter((text) => text !== '')
    .join('\n');
}
