/** Answers as servers in place of the API write them: what is the same in all of them stands in the test that asks for it. */
import { Disconnected, type SseStream } from './sse';
import { isObject } from './wire';

/**
 * - `nameless`: frames without `event:`.
 * - `noUsage`: no usage anywhere.
 * - `brokenInput`: the JSON of a tool's input breaks off.
 * - `startsWhole`: the whole content stands in `message_start`, and no block follows.
 * - `unstreamed`: one whole JSON Message where a stream was asked for.
 * - `endlessLine`: behind the content comes a line that does not end, until the connection does.
 */
export type WireFault = 'nameless' | 'noUsage' | 'brokenInput' | 'startsWhole' | 'unstreamed' | 'endlessLine';

/** Characters of a line without end. */
const endless = 6 * 1024 * 1024;

type Fields = Readonly<Record<string, unknown>>;

/** Sends the events of an answer with one fault. */
export class OddWire {
  #start: Fields = {};

  /** `whole`: the content that the answer will have, asked for at its end; `end` closes the response. */
  constructor(
    readonly fault: WireFault,
    private readonly sse: SseStream,
    private readonly whole: () => readonly unknown[],
    private readonly end: () => unknown,
  ) {}

  async send(name: string, data: unknown): Promise<void> {
    const fields = isObject(data) ? (data as Fields) : {};
    switch (this.fault) {
      case 'nameless':
        return this.sse.raw(`data: ${JSON.stringify(data)}\n\n`);
      case 'noUsage':
        return this.sse.send(name, withoutUsage(data));
      case 'brokenInput':
        // The brace that closes the input is not sent.
        if (isObject(fields['delta']) && fields['delta']['partial_json'] === '}') return;
        return this.sse.send(name, data);
      case 'startsWhole':
        return this.#sendWhole(name, fields);
      case 'endlessLine':
        if (name !== 'message_delta') return this.sse.send(name, data);
        await this.sse.raw('data: ');
        for (let sent = 0; sent < endless; sent += 65_536) await this.sse.raw('x'.repeat(65_536));
        this.end();
        throw new Disconnected();
      case 'unstreamed':
        return;
    }
  }

  async #sendWhole(name: string, fields: Fields): Promise<void> {
    if (name === 'message_start') this.#start = fields;
    else if (name === 'message_delta') {
      const message = { ...(this.#start['message'] as Fields), content: this.whole() };
      await this.sse.send('message_start', { ...this.#start, message });
      await this.sse.send(name, fields);
    } else if (!name.startsWith('content_block')) await this.sse.send(name, fields);
  }
}

function withoutUsage(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUsage);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => (name === 'usage' ? [] : [[name, withoutUsage(inner)]])),
  );
}
