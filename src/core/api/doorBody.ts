/** The body of an answer to a streamed request: a stream of events, a whole message, or what is neither (LESSONS L45). */
import { AnthropicError, APIError } from '@anthropic-ai/sdk';
import { isObject, type JsonObject, parseJson, textOf } from '../base/doorValues';
import { failureStrings } from '../base/strings';
import { type Frame, FrameReader } from './doorFrames';
import { failureOf, localFailure, TurnFailureError } from './failures';

/** What comes in, piece by piece. */
type Arrived =
  /** A piece of a stream, or what a whole answer is. */
  | { readonly kind: 'frame'; readonly frame: Frame }
  /** Bytes came, whatever they are. */
  | { readonly kind: 'bytes' };

/** Bytes of one answer, frames and all. */
const maxBytes = 128 * 1024 * 1024;
/** Characters of an answer that is no stream. */
const maxDocument = 8 * 1024 * 1024;

/** ms that the end of the bytes is waited for behind a whole answer: the connection can be used again then. */
const drainMs = 500;

/**
 * Reads a body to its end, or until `signal` is aborted. Throws a TurnFailureError for what is no answer of the Messages API, and for one without end.
 * Rejects as the body does when the connection breaks.
 */
export async function* readBody(response: Response, signal: AbortSignal): AsyncGenerator<Arrived> {
  if (response.body === null) throw noAnswer(response, '');
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  const frames = new FrameReader();
  let head = '';
  let kind: 'unknown' | 'stream' | 'document' = 'unknown';
  let bytes = 0;
  let ended = false;
  // Whatever the body makes of the signal itself: nothing is waited for any more.
  const stop = (): void => void reader.cancel().catch(() => undefined);
  signal.addEventListener('abort', stop, { once: true });
  try {
    for (;;) {
      const { done, value } = await readOn(reader);
      signal.throwIfAborted();
      ended = done;
      bytes += value?.byteLength ?? 0;
      if (bytes > maxBytes) throw tooLarge();
      yield { kind: 'bytes' };
      const text = done ? decoder.decode() : decoder.decode(value, { stream: true });
      if (kind === 'stream') for (const frame of frames.push(text)) yield { kind: 'frame', frame };
      else {
        head += text;
        if (head.length > maxDocument) throw tooLarge();
        const first = /[^\s\ufeff]/.exec(head)?.[0];
        if (kind === 'unknown' && first !== undefined) kind = '{[<"'.includes(first) ? 'document' : 'stream';
        if (kind === 'stream') for (const frame of frames.push(head)) yield { kind: 'frame', frame };
      }
      if (done) break;
    }
    if (kind === 'stream') for (const frame of frames.end()) yield { kind: 'frame', frame };
    else if (kind === 'document' || !isEventStream(response))
      yield { kind: 'frame', frame: documentFrame(response, head) };
  } finally {
    signal.removeEventListener('abort', stop);
    if (!ended) void drain(reader, signal).catch(() => undefined);
  }
}

/** A connection that breaks is what the SDK makes of it: a bare AnthropicError (API-FACTS §3.3). */
async function readOn(
  reader: ReadableStreamDefaultReader<Uint8Array>,
): Promise<Awaited<ReturnType<typeof reader.read>>> {
  try {
    return await reader.read();
  } catch (error) {
    throw new AnthropicError(error instanceof Error ? error.message : 'terminated', { cause: error });
  }
}

/** What comes behind a whole answer is its end, or is of no use. */
async function drain(reader: ReadableStreamDefaultReader<Uint8Array>, signal: AbortSignal): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const enough = new Promise<{ readonly done: true }>((resolve) => {
    timer = setTimeout(() => resolve({ done: true }), drainMs);
    signal.addEventListener('abort', () => resolve({ done: true }), { once: true });
    if (signal.aborted) resolve({ done: true });
  });
  try {
    while (!(await Promise.race([reader.read(), enough])).done) {}
  } finally {
    clearTimeout(timer);
    await reader.cancel();
  }
}

/** A whole message as a frame; throws for anything else. */
function documentFrame(response: Response, text: string): Frame {
  const value = parseJson(text);
  if (!isObject(value) || !isMessage(value)) throw noAnswer(response, text);
  return { name: 'message', data: { ...value, type: 'message' }, size: text.length };
}

function isMessage({ type, role, content }: JsonObject): boolean {
  return type === 'message' || (type === undefined && (role === 'assistant' || Array.isArray(content)));
}

function isEventStream({ headers }: Response): boolean {
  return headers.get('content-type')?.includes('event-stream') === true;
}

/** The failure `answerTooLarge`: more came than is taken in of one answer. */
export function tooLarge(): TurnFailureError {
  return new TurnFailureError(localFailure('answerTooLarge', failureStrings.tooLarge()));
}

/** What is said of a success that is none: what it is, once. */
function noAnswer({ status, headers }: Response, text: string): TurnFailureError {
  const value = parseJson(text);
  const requestId = headers.get('request-id');
  if (isObject(value) && value['error'] !== undefined && value['error'] !== null) {
    return new TurnFailureError({ ...failureOf(errorOf(value, headers)), status });
  }
  const what = text.trim() === '' ? 'nothing' : kindOf(text, value);
  const message = failureStrings.noAnswer(status, what);
  return new TurnFailureError({ code: 'wrongAddress', status, type: null, requestId, message, partial: false });
}

function kindOf(text: string, value: unknown): string {
  if (value !== undefined) return `JSON that is no message: ${head(textOf(value) ?? text)}`;
  const title = /<title[^<>]{0,200}>([^<]{1,200})/i.exec(text.slice(0, 20_000))?.[1]?.trim();
  if (/^\s*</.test(text)) return title === undefined ? 'a web page' : `a web page (“${title}”)`;
  return `text: ${head(text)}`;
}

function head(text: string): string {
  return text.length > 300 ? `${text.slice(0, 300).toWellFormed()}…` : text;
}

/** An error that came in the place of an answer, or of its rest, as the SDK would throw it. */
export function errorOf(said: unknown, headers: Headers): APIError {
  const body = isObject(said) ? said : { error: { message: textOf(said) ?? '' } };
  return new APIError(undefined, body, undefined, headers);
}
