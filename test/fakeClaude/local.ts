/**
 * The fake API without sockets: a `fetch` that hands each request to the server's own handler. For machines that run
 * thousands of chats; whatever is about the network itself is tried over HTTP.
 */
import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** What the fake uses of a ServerResponse, over the body of a fetch's Response. */
class LocalResponse extends EventEmitter {
  headersSent = false;
  writableEnded = false;
  writableFinished = false;
  destroyed = false;
  readonly socket = { destroyed: false, destroy: (): LocalResponse => this.destroy() };
  readonly #answer: (response: Response) => void;
  readonly #fail: (error: Error) => void;
  #body: ReadableStreamDefaultController<Uint8Array> | null = null;

  constructor(answer: (response: Response) => void, fail: (error: Error) => void) {
    super();
    this.#answer = answer;
    this.#fail = fail;
  }

  writeHead(status: number, headers: Readonly<Record<string, string>>): this {
    this.headersSent = true;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#body = controller as ReadableStreamDefaultController<Uint8Array>;
      },
      cancel: () => {
        this.destroy();
      },
    });
    const empty = status === 204 || status === 304;
    this.#answer(new Response(empty ? null : body, { status, headers: { ...headers } }));
    return this;
  }

  flushHeaders(): void {
    if (!this.headersSent) this.writeHead(200, {});
  }

  write(bytes: Uint8Array | string): boolean {
    if (this.destroyed || this.writableEnded) return false;
    this.flushHeaders();
    this.#body?.enqueue(typeof bytes === 'string' ? Buffer.from(bytes) : bytes);
    return true;
  }

  end(bytes?: Uint8Array | string): this {
    if (bytes !== undefined) this.write(bytes);
    this.flushHeaders();
    if (this.destroyed || this.writableEnded) return this;
    this.writableEnded = true;
    this.writableFinished = true;
    this.#body?.close();
    queueMicrotask(() => this.emit('close'));
    return this;
  }

  /** As a socket that is gone: what was written arrives, then the body breaks. */
  destroy(): this {
    if (this.destroyed) return this;
    this.destroyed = true;
    this.socket.destroyed = true;
    if (!this.writableEnded) {
      const error = new TypeError('terminated');
      if (this.#body === null) this.#fail(new TypeError('fetch failed'));
      else this.#break(this.#body, error);
    }
    queueMicrotask(() => this.emit('close'));
    return this;
  }

  #break(body: ReadableStreamDefaultController<Uint8Array>, error: Error): void {
    // Erroring a stream drops what waits in it: the reader gets that first.
    const wait = (): void => {
      if ((body.desiredSize ?? 0) < 1) setImmediate(wait);
      else body.error(error);
    };
    if ((body.desiredSize ?? 1) < 1) setImmediate(wait);
    else body.error(error);
  }
}

/** A `fetch` that reaches only the given handler. */
export function localFetch(handle: Handler): typeof globalThis.fetch {
  return async (input, init) => {
    const { url, method, headers, body, signal } = await partsOf(input, init);
    signal?.throwIfAborted();
    const { pathname, search } = new URL(url);
    const incoming = Object.assign(Readable.from(body === '' ? [] : [Buffer.from(body)]), {
      method,
      url: pathname + search,
      headers: Object.fromEntries(headers),
    });
    return new Promise<Response>((resolve, reject) => {
      const response = new LocalResponse(resolve, reject);
      signal?.addEventListener('abort', () => {
        reject(signal.reason);
        response.destroy();
      });
      handle(incoming as unknown as IncomingMessage, response as unknown as ServerResponse);
    });
  };
}

interface RequestParts {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body: string;
  readonly signal: AbortSignal | null;
}

/** A text to an address is most often all there is: to make a Request of it takes longer than to answer it. */
async function partsOf(...[input, init]: Parameters<typeof globalThis.fetch>): Promise<RequestParts> {
  if (typeof input === 'string' && typeof init?.body === 'string') {
    const { method = 'GET', body, signal = null } = init;
    return { url: input, method: method.toUpperCase(), headers: new Headers(init.headers), body, signal };
  }
  const request = new Request(input, init);
  const body = request.body === null ? '' : await request.text();
  return { url: request.url, method: request.method, headers: request.headers, body, signal: request.signal };
}
