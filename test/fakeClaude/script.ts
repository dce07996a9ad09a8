/** What a test lets the server answer. A Reply is a value: every method returns a longer one. */
import type { Block, StopDetails, StopReason } from './wire';

export type Part =
  | { readonly kind: 'text'; readonly chunks: readonly string[] }
  | { readonly kind: 'citation'; readonly citation: unknown }
  | { readonly kind: 'thinking'; readonly text: string }
  | { readonly kind: 'redactedThinking'; readonly text: string }
  | { readonly kind: 'toolUse'; readonly name: string; readonly input: unknown; readonly id: string | undefined }
  | { readonly kind: 'toolJson'; readonly name: string; readonly chunks: readonly string[] }
  | { readonly kind: 'block'; readonly block: Block }
  | { readonly kind: 'web'; readonly call: WebCall }
  | { readonly kind: 'event'; readonly name: string; readonly data: unknown }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'error'; readonly type: string; readonly message: string }
  | { readonly kind: 'newBlock' }
  | { readonly kind: 'cut' }
  | { readonly kind: 'stall' }
  | { readonly kind: 'close' };

/** A page of the fake's web. */
export interface WebPage {
  readonly url: string;
  readonly title?: string;
  readonly text: string;
  readonly age?: string;
}

/** A search or a fetch that the server runs. */
export type WebCall =
  | { readonly name: 'web_search'; readonly query: string; readonly pages: readonly WebPage[] }
  /** null: there is no such page. */
  | { readonly name: 'web_fetch'; readonly url: string; readonly page: WebPage | null };

export interface HttpFault {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as JSON when an object, else as it is. */
  readonly body: string | { readonly type: string; readonly message: string; readonly details?: unknown };
}

interface Plan {
  readonly parts: readonly Part[];
  readonly stopReason?: StopReason | (string & {});
  readonly stopDetails?: StopDetails;
  readonly fault?: HttpFault | 'drop';
  /** Real milliseconds before the response headers. */
  readonly delay?: number;
  /** Output tokens per second of real time; 0 is as fast as the socket takes it. */
  readonly pace?: number;
  readonly cutAfter?: number;
  readonly messageStop?: boolean;
}

export class Reply {
  readonly plan: Plan;

  constructor(plan: Plan = { parts: [] }) {
    this.plan = plan;
  }

  /** A text block (or more text for the one that is open). Without `chunks` it is cut into deltas of a few words. */
  text(text: string, options: { readonly chunks?: readonly string[] } = {}): Reply {
    return this.#with({ kind: 'text', chunks: options.chunks ?? words(text) });
  }

  /** A citation for the open text block, or for one that begins with it. */
  citation(citation: unknown): Reply {
    return this.#with({ kind: 'citation', citation });
  }

  /** Closes the open text block: the next text begins another. */
  newBlock(): Reply {
    return this.#with({ kind: 'newBlock' });
  }

  /** A thought; left out when the request does not let the model think, shown or not as its `display` says. */
  thinking(text: string): Reply {
    return this.#with({ kind: 'thinking', text });
  }

  /** A redacted_thinking block; left out when the request does not let the model think. */
  redactedThinking(text = 'redacted'): Reply {
    return this.#with({ kind: 'redactedThinking', text });
  }

  /** A tool call. Several in one reply are parallel calls. The stop reason becomes `tool_use`. */
  toolUse(name: string, input: unknown = {}, id?: string): Reply {
    return this.#with({ kind: 'toolUse', name, input, id });
  }

  /** A tool call whose input arrives as these raw pieces of JSON: broken or truncated input. */
  toolJson(name: string, ...chunks: readonly string[]): Reply {
    return this.#with({ kind: 'toolJson', name, chunks });
  }

  /** Any block: server tools, their results, or one of an unknown type. Arrives whole in its content_block_start. */
  block(block: Block): Reply {
    return this.#with({ kind: 'block', block });
  }

  /** The server searches its web, as far as the request lets it (`web_search`, `max_uses`). */
  search(query: string, ...pages: readonly WebPage[]): Reply {
    return this.#with({ kind: 'web', call: { name: 'web_search', query, pages } });
  }

  /** The server fetches a page, whose address the conversation must hold already. */
  fetch(url: string, page: WebPage | null): Reply {
    return this.#with({ kind: 'web', call: { name: 'web_fetch', url, page } });
  }

  /** Any event, e.g. one of an unknown type. Open blocks are left as they are. */
  event(name: string, data: unknown): Reply {
    return this.#with({ kind: 'event', name, data });
  }

  /** Waits `ms` of real time at this point of the stream. */
  wait(ms: number): Reply {
    return this.#with({ kind: 'wait', ms });
  }

  /** The stop reason; default `tool_use` after tool calls, else `end_turn`. */
  stop(stopReason: StopReason | (string & {})): Reply {
    return new Reply({ ...this.plan, stopReason });
  }

  /** A refusal (HTTP 200), unbilled when nothing was said before. */
  refuse(category: string | null = null, explanation: string | null = null): Reply {
    const stopDetails = { type: 'refusal', category, explanation } as const;
    return new Reply({ ...this.plan, stopReason: 'refusal', stopDetails });
  }

  /** Output tokens per second of real time. */
  pace(tokensPerSecond: number): Reply {
    return new Reply({ ...this.plan, pace: tokensPerSecond });
  }

  /** Waits `ms` of real time before the response headers. */
  delayHeaders(ms: number): Reply {
    return new Reply({ ...this.plan, delay: ms });
  }

  /** An HTTP error with the API's envelope. */
  error(
    status: number,
    type: string,
    message: string,
    headers: Readonly<Record<string, string>> = {},
    details?: unknown,
  ): Reply {
    const body = details === undefined ? { type, message } : { type, message, details };
    return new Reply({ ...this.plan, fault: { status, headers, body } });
  }

  /** 429 `rate_limit_error`; `retryAfter` in seconds, none when omitted. */
  rateLimited(retryAfter?: number, details?: unknown): Reply {
    const headers: Record<string, string> = retryAfter === undefined ? {} : { 'retry-after': `${retryAfter}` };
    const message = "This request would exceed your organization's rate limit of 30,000 input tokens per minute.";
    return this.error(429, 'rate_limit_error', message, headers, details);
  }

  /** 529 `overloaded_error`. */
  overloaded(): Reply {
    return this.error(529, 'overloaded_error', 'Overloaded');
  }

  /** A page of a proxy in between, not the API's JSON. */
  html(status = 502, page = '<html><head><title>502 Bad Gateway</title></head><body>Bad Gateway</body></html>'): Reply {
    return new Reply({ ...this.plan, fault: { status, headers: { 'content-type': 'text/html' }, body: page } });
  }

  /** Closes the socket without an answer. */
  drop(): Reply {
    return new Reply({ ...this.plan, fault: 'drop' });
  }

  /** Destroys the socket at this point of the stream. */
  cut(): Reply {
    return this.#with({ kind: 'cut' });
  }

  /** Destroys the socket after `events` events, pings not counted (message_start is the first). */
  cutAfter(events: number): Reply {
    return new Reply({ ...this.plan, cutAfter: events });
  }

  /** An `error` event at this point of the stream. */
  midStreamError(type = 'overloaded_error', message = 'Overloaded'): Reply {
    return this.#with({ kind: 'error', type, message });
  }

  /** Sends nothing more from this point, and keeps the connection open until the client closes it. */
  stall(): Reply {
    return this.#with({ kind: 'stall' });
  }

  /** Ends the response properly at this point, without the closing events. */
  close(): Reply {
    return this.#with({ kind: 'close' });
  }

  /** Leaves out message_stop: the stream ends after message_delta. */
  withoutMessageStop(): Reply {
    return new Reply({ ...this.plan, messageStop: false });
  }

  #with(part: Part): Reply {
    return new Reply({ ...this.plan, parts: [...this.plan.parts, part] });
  }
}

/** The empty reply, from which every other is built: `reply.thinking('…').text('…').toolUse('read_file', { path })`. */
export const reply = new Reply();

/** Cuts a text into deltas of about three words, never inside a character. */
export function words(text: string): readonly string[] {
  return text.match(/\s*\S+(?:\s+\S+){0,2}|\s+$/gu) ?? (text === '' ? [] : [text]);
}

/** Cuts the text of a plan where the first stop sequence begins. Returns the sequence that was met, if any. */
export function applyStopSequences(
  parts: readonly Part[],
  sequences: readonly string[],
): { readonly parts: readonly Part[]; readonly met: string | null } {
  for (const [index, part] of parts.entries()) {
    if (part.kind !== 'text') continue;
    const text = part.chunks.join('');
    const hits = sequences
      .map((sequence) => ({ sequence, at: text.indexOf(sequence) }))
      .filter(({ at }) => at !== -1)
      .toSorted((a, b) => a.at - b.at);
    const [hit] = hits;
    if (hit === undefined) continue;
    const before = { kind: 'text', chunks: cutChunks(part.chunks, hit.at) } as const;
    return { parts: [...parts.slice(0, index), before], met: hit.sequence };
  }
  return { parts, met: null };
}

function cutChunks(chunks: readonly string[], length: number): readonly string[] {
  const kept: string[] = [];
  let left = length;
  for (const chunk of chunks) {
    if (left <= 0) break;
    kept.push(chunk.slice(0, left));
    left -= chunk.length;
  }
  return kept;
}
