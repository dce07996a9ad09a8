/** One streamed answer: the API's events become events of the chat, and what arrived is known at any moment. */
import type Anthropic from '@anthropic-ai/sdk';
import type { Activity, ChatEvent, Part } from '../shared/chat';
import { openStream } from './client';
import { failureOf, stalledFailure, TurnFailureError } from './failures';
import type { ApiAccess, Clock } from './ports';
import type { Request } from './request';
import { partKey, preparing } from './transcript';

/** ms without a byte, pings included, after which a stream counts as dead (API-FACTS §3.3). */
export const stallMs = 90_000;

export interface AnswerStreamInput {
  readonly request: Request;
  readonly access: ApiAccess;
  readonly fetch: typeof globalThis.fetch;
  readonly clock: Clock;
  /** The id of the turn. */
  readonly answer: string;
  /** The id that the assistant entry will have. */
  readonly entry: string;
}

/** Streams one request. After `events` ended or threw, the rest says what arrived. */
export class AnswerStream {
  /** The whole message; null until it arrived without a fault. */
  message: Anthropic.Message | null = null;
  requestId: string | null = null;
  /** What the last attempt threw; the API's own error where there was one. */
  error: unknown = null;
  /** When the request started, ms since the epoch. */
  askedAt = 0;
  private readonly started: number[] = [];
  private readonly ended: (number | null)[] = [];
  private current: Anthropic.Message | undefined;

  constructor(private readonly input: AnswerStreamInput) {}

  /** The content blocks so far; the last may be incomplete. */
  get content(): readonly Anthropic.ContentBlock[] {
    return (this.message ?? this.current)?.content ?? [];
  }

  /** The usage so far: that of message_start until the answer is whole. */
  get usage(): Anthropic.Usage | null {
    return (this.message ?? this.current)?.usage ?? null;
  }

  /** Why the cache missed; undefined where the request did not ask, or nothing arrived. */
  get diagnostics(): Anthropic.Diagnostics | null | undefined {
    if (this.input.request.diagnostics === undefined) return undefined;
    return (this.message ?? this.current)?.diagnostics;
  }

  /** JSON of what was asked, as far as its size goes. */
  get sent(): string {
    const { tools, system, messages } = this.input.request;
    return JSON.stringify([tools, system, messages]);
  }

  get messageId(): string | null {
    return (this.message ?? this.current)?.id ?? null;
  }

  /** Per content block, ms from first to last byte. */
  get durations(): readonly (number | null)[] {
    return this.content.map((_, index) => this.ended[index] ?? null);
  }

  /** Yields events until the answer is whole. Throws a TurnFailureError, or the signal's reason when aborted. */
  async *events(signal: AbortSignal): AsyncGenerator<ChatEvent> {
    const { clock, request, access, fetch } = this.input;
    this.askedAt = clock.now();
    const attempt = new AbortController();
    const abort = (): void => attempt.abort();
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    let lastByte = clock.now();
    let stalledFor: number | null = null;
    // Wall-clock time: after sleep the first tick sees how long nothing came, and the dead stream is closed at once.
    const stopWatching = clock.every(1000, () => {
      const quiet = clock.now() - lastByte;
      if (quiet <= stallMs || stalledFor !== null) return;
      stalledFor = quiet;
      attempt.abort();
    });
    const onActivity = (): void => {
      lastByte = clock.now();
    };
    try {
      const stream = openStream(request, { access, fetch, signal: attempt.signal, onActivity });
      try {
        for await (const event of stream) {
          this.current = stream.currentMessage ?? this.current;
          yield* this.translate(event);
        }
        const message = await stream.finalMessage();
        signal.throwIfAborted();
        this.message = message;
      } finally {
        this.requestId = stream.request_id ?? this.requestId;
        if (!stream.ended) stream.abort();
      }
    } catch (error) {
      signal.throwIfAborted();
      this.error = error;
      const failure = stalledFor === null ? failureOf(error) : stalledFailure(stalledFor);
      throw new TurnFailureError({ ...failure, partial: this.content.length > 0 }, { cause: error });
    } finally {
      stopWatching();
      signal.removeEventListener('abort', abort);
    }
  }

  private *translate(event: Anthropic.MessageStreamEvent): Generator<ChatEvent> {
    const { answer, entry, clock } = this.input;
    const now = clock.now();
    switch (event.type) {
      case 'content_block_start': {
        this.started[event.index] = now;
        const part = openPart(event.content_block, partKey(entry, event.index));
        if (part === null) return;
        yield { type: 'partStarted', answer, part };
        yield { type: 'activity', activity: activityOf(part, now) };
        return;
      }
      case 'content_block_delta': {
        const text = deltaText(event.delta);
        if (text !== '') yield { type: 'delta', answer, key: partKey(entry, event.index), text };
        return;
      }
      case 'content_block_stop': {
        const durationMs = now - (this.started[event.index] ?? now);
        this.ended[event.index] = durationMs;
        yield { type: 'partEnded', answer, key: partKey(entry, event.index), durationMs };
        return;
      }
      default:
    }
  }
}

function openPart(block: Anthropic.ContentBlock, key: string): Part | null {
  switch (block.type) {
    case 'text':
      return { type: 'text', key, text: block.text, open: true };
    case 'thinking':
      return { type: 'thinking', key, text: block.thinking, open: true, durationMs: null };
    case 'redacted_thinking':
      return { type: 'thinking', key, text: '', open: true, durationMs: null };
    case 'tool_use':
      return {
        type: 'tool',
        key,
        id: block.id,
        name: block.name,
        status: 'preparing',
        label: preparing(block.name),
        summary: null,
        input: '',
        output: null,
      };
    default:
      return null;
  }
}

function activityOf(part: Part, since: number): Activity {
  if (part.type === 'thinking') return { kind: 'thinking', since };
  return { kind: part.type === 'tool' ? 'tools' : 'writing', since };
}

function deltaText(delta: Anthropic.RawContentBlockDelta): string {
  switch (delta.type) {
    case 'text_delta':
      return delta.text;
    case 'thinking_delta':
      return delta.thinking;
    case 'input_json_delta':
      return delta.partial_json;
    default:
      return '';
  }
}
