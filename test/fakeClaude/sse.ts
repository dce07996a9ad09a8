/** Server-sent events as the real API frames them (API-FACTS §4.1): named, padded at random, cut at awkward places. */
import type { ServerResponse } from 'node:http';

/** Thrown to whoever still writes after the client has gone. */
export class Disconnected extends Error {
  constructor() {
    super('the client closed the connection');
    this.name = 'Disconnected';
  }
}

/** `awkward`: each frame in two writes, cut inside a character or the JSON. `frames`: one write each, for long answers. */
export type WireStyle = 'awkward' | 'frames';

/** One frame: event name, one line of JSON, spaces before its last brace as real frames have them. */
export function frame(name: string, data: unknown, padding = 0): string {
  const json = JSON.stringify(data);
  const padded = json.endsWith('}') ? `${json.slice(0, -1)}${' '.repeat(padding)}}` : json;
  return `event: ${name}\ndata: ${padded}\n\n`;
}

/** Where to cut a frame: inside its first multi-byte character, else somewhere that changes from frame to frame. */
export function awkwardCut(bytes: Buffer, turn: number): number {
  const wide = bytes.findIndex((byte) => byte >= 0xc0);
  if (wide !== -1) return wide + 1;
  const places = [bytes.length - 1, Math.floor(bytes.length / 2), 3, bytes.indexOf(10) + 1, bytes.length - 4];
  return Math.min(Math.max(places[turn % places.length] ?? 1, 1), bytes.length - 1);
}

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export class SseStream {
  readonly #response: ServerResponse;
  readonly #style: WireStyle;
  #events = 0;

  constructor(response: ServerResponse, style: WireStyle) {
    this.#response = response;
    this.#style = style;
  }

  /** Sends one event and waits until the socket takes more. Rejects with Disconnected when the client has gone. */
  async send(name: string, data: unknown): Promise<void> {
    this.#events += 1;
    const padding = (this.#events * 7919) % 16;
    const bytes = Buffer.from(name === 'ping' ? 'event: ping\ndata: {"type": "ping"}\n\n' : frame(name, data, padding));
    if (this.#style === 'frames') {
      await this.#write(bytes);
      return;
    }
    const cut = awkwardCut(bytes, this.#events);
    await this.#write(bytes.subarray(0, cut));
    await tick();
    await this.#write(bytes.subarray(cut));
    await tick();
  }

  /** Sends text as it is. */
  async raw(text: string): Promise<void> {
    await this.#write(Buffer.from(text));
  }

  async #write(bytes: Buffer): Promise<void> {
    const response = this.#response;
    if (response.destroyed || response.socket === null || response.socket.destroyed) throw new Disconnected();
    if (response.write(bytes)) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        response.off('drain', done);
        response.off('close', done);
        resolve();
      };
      response.on('drain', done);
      response.on('close', done);
    });
  }
}
