/** The one place that talks to the API: the official SDK, with everything it could pick up from outside switched off. */
import type Anthropic from '@anthropic-ai/sdk';
import { BaseAnthropic } from '@anthropic-ai/sdk/client';
import { Messages } from '@anthropic-ai/sdk/resources/messages';
import { Models } from '@anthropic-ai/sdk/resources/models';
import type { ApiAccess } from './access';
import { guardedFetch } from './guardedFetch';

/** What a request is made for, as the log says it. */
type Purpose = 'a step of a turn' | 'a summary' | 'an exact count' | 'the list of models' | 'a check of the key';

/** `fetch`, which is told what each request is for; one that is no more than that takes no notice of it. */
export type ApiFetch = (
  input: Parameters<typeof globalThis.fetch>[0],
  init?: RequestInit,
  why?: Purpose,
) => Promise<Response>;

interface StreamOptions {
  readonly access: ApiAccess;
  readonly fetch: ApiFetch;
  readonly why: 'a step of a turn' | 'a summary';
  readonly signal: AbortSignal;
}

/** Bytes of the answer to any request but a streamed one. */
const maxBody = 16 * 1024 * 1024;

/**
 * Starts a streamed request; its body is for the door (answerStream.ts). Retries are ours (visible, with a countdown),
 * so the SDK makes none. Rejects with the SDK's errors.
 */
export function openStream(params: Anthropic.MessageStreamParams, options: StreamOptions): Promise<Response> {
  const { access, fetch, why, signal } = options;
  const client = connect(access, fetch, why, Number.POSITIVE_INFINITY);
  return client.messages
    .create({ ...params, stream: true } as Anthropic.MessageCreateParamsStreaming, { signal })
    .asResponse();
}

/** The SDK's client with the two resources that are used: the whole one makes some fifty of them for each request. */
class Client extends BaseAnthropic {
  readonly messages = new Messages(this);
  readonly models = new Models(this);
}

/** A client of the API for one purpose, which asks once and never by itself again. `limit`: bytes of an answer. */
export function connect(access: ApiAccess, fetch: ApiFetch, why: Purpose, limit = maxBody): Client {
  return withoutShellHeaders(
    () =>
      new Client({
        apiKey: access.apiKey,
        baseURL: access.baseUrl,
        defaultHeaders: access.headers,
        maxRetries: 0,
        logLevel: 'off',
        openTelemetry: false,
        fetch: guardedFetch(
          bounded((input, init) => fetch(input, init, why), limit),
          access,
        ),
      }),
  );
}

/** The SDK's constructor adds the headers of this variable to every request and has no option against it. */
function withoutShellHeaders<T>(make: () => T): T {
  const { ANTHROPIC_CUSTOM_HEADERS: headers } = process.env;
  if (headers === undefined) return make();
  delete process.env['ANTHROPIC_CUSTOM_HEADERS'];
  try {
    return make();
  } finally {
    process.env['ANTHROPIC_CUSTOM_HEADERS'] = headers;
  }
}

/** `fetch` whose answers have an end: the SDK reads what is no stream as a whole. */
function bounded(fetch: typeof globalThis.fetch, limit: number): typeof globalThis.fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    if (response.body === null || !response.ok || !Number.isFinite(limit)) return response;
    let bytes = 0;
    const body = response.body.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          bytes += chunk.byteLength;
          if (bytes <= limit) controller.enqueue(chunk);
          else controller.error(new TypeError(`the answer is larger than ${limit} bytes`));
        },
      }),
    );
    return new Response(body, { status: response.status, statusText: response.statusText, headers: response.headers });
  };
}
