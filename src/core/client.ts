/** The one place that talks to the API: the official SDK, with everything it could pick up from outside switched off. */
import Anthropic from '@anthropic-ai/sdk';
import type { MessageStream } from '@anthropic-ai/sdk/lib/MessageStream';
import { guardedFetch } from './guardedFetch';
import type { ApiAccess } from './ports';

export interface StreamOptions {
  readonly access: ApiAccess;
  readonly fetch: typeof globalThis.fetch;
  readonly signal: AbortSignal;
  /** Called for every chunk of bytes, pings included: the SDK swallows those (API-FACTS §3.3). */
  readonly onActivity: () => void;
}

/** Starts a streamed request. Retries are ours (visible, with a countdown), so the SDK makes none. */
export function openStream(params: Anthropic.MessageStreamParams, options: StreamOptions): MessageStream {
  const { access, fetch, signal, onActivity } = options;
  return connect(access, watched(fetch, onActivity)).messages.stream(params, { signal });
}

/** A client of the API for one purpose, which asks once and never by itself again. */
export function connect(access: ApiAccess, fetch: typeof globalThis.fetch): Anthropic {
  return withoutShellHeaders(
    () =>
      new Anthropic({
        apiKey: access.apiKey,
        baseURL: access.baseUrl,
        defaultHeaders: access.headers,
        maxRetries: 0,
        logLevel: 'off',
        openTelemetry: false,
        fetch: guardedFetch(fetch, access),
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

/** `fetch` that reports each chunk of a response's body as it passes. */
function watched(fetch: typeof globalThis.fetch, onActivity: () => void): typeof globalThis.fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    onActivity();
    if (response.body === null) return response;
    const body = response.body.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          onActivity();
          controller.enqueue(chunk);
        },
      }),
    );
    return new Response(body, { status: response.status, statusText: response.statusText, headers: response.headers });
  };
}
