/** A request that a test answers step by step. */
import type { Exchange } from './exchange';
import { jsonPieces } from './play';
import type { RecordedRequest } from './record';
import { words } from './script';
import { Disconnected } from './sse';
import type { Block } from './wire';

/** What can be pushed: a string is a text delta. */
export type HeldPiece =
  | string
  | { readonly thinking: string }
  | { readonly toolUse: string; readonly input?: unknown; readonly id?: string }
  | { readonly block: Block }
  | { readonly event: string; readonly data: unknown };

export class Held {
  /** Resolves when the request has arrived and was found valid. */
  readonly request: Promise<RecordedRequest>;
  readonly #exchange: Promise<Exchange>;
  #attach: (exchange: Exchange) => void = () => {};
  #release: () => void = () => {};
  readonly #finished: Promise<void>;
  #callsTools = false;

  constructor() {
    this.#exchange = new Promise((resolve) => {
      this.#attach = resolve;
    });
    this.#finished = new Promise((resolve) => {
      this.#release = resolve;
    });
    this.request = this.#exchange.then((exchange) => exchange.record);
  }

  /** The server hands over the request; resolves when the test has ended it or the client has gone. */
  async attach(exchange: Exchange): Promise<void> {
    exchange.gone.addEventListener('abort', () => this.#release(), { once: true });
    this.#attach(exchange);
    await this.#finished;
  }

  /** Sends the response headers and message_start. Waits for the request, as all steps do. */
  async start(): Promise<void> {
    await this.#step((exchange) => exchange.writer.start());
  }

  /** Sends pieces in order (starting the answer when it has not begun); each is on the wire when this resolves. */
  async push(...pieces: readonly HeldPiece[]): Promise<void> {
    await this.#step(async (exchange) => {
      for (const piece of pieces) await this.#say(exchange, piece);
    });
  }

  /** Closes the open block and ends the answer; default stop reason as for a scripted reply. */
  async end(stopReason?: string): Promise<void> {
    await this.#step(async (exchange) => {
      await exchange.writer.finish(stopReason ?? (this.#callsTools ? 'tool_use' : 'end_turn'));
      exchange.end();
    });
    this.#release();
  }

  /** Ends the stream properly, without its closing events. */
  async close(): Promise<void> {
    await this.#step(async (exchange) => exchange.end());
    this.#release();
  }

  /** An HTTP error before the answer began, an `error` event after. */
  async fail(
    status: number,
    type: string,
    message: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    await this.#step((exchange) => exchange.fail(status, { type, message }, headers));
    this.#release();
  }

  /** Destroys the socket. */
  async cut(): Promise<void> {
    await this.#step(async (exchange) => exchange.destroy());
    this.#release();
  }

  async #say(exchange: Exchange, piece: HeldPiece): Promise<void> {
    const { writer } = exchange;
    if (typeof piece === 'string') await writer.text(piece);
    else if ('thinking' in piece) await writer.thinking(piece.thinking, words(piece.thinking));
    else if ('toolUse' in piece) {
      this.#callsTools = true;
      await writer.toolUse(piece.toolUse, jsonPieces(piece.input ?? {}), piece.id);
    } else if ('block' in piece) await writer.block(piece.block);
    else await exchange.send(piece.event, piece.data);
  }

  /** A step after the client has gone does nothing: the test asks `(await held.request).aborted`. */
  async #step(act: (exchange: Exchange) => Promise<void>): Promise<void> {
    const exchange = await this.#exchange;
    try {
      await act(exchange);
    } catch (error) {
      if (!(error instanceof Disconnected)) throw error;
    }
  }
}
