/** One valid POST /v1/messages while it is being answered, by a Reply or step by step from a test. */
import type { ServerResponse } from 'node:http';
import { type AnswerSetting, AnswerWriter } from './answer';
import { type ErrorBody, envelope, sendWhole } from './http';
import type { LedgerPass } from './ledger';
import { OddWire, type WireFault } from './oddWire';
import type { OpenRecord } from './record';
import { Disconnected, SseStream, type WireStyle } from './sse';
import type { TokenCounter } from './tokens';
import type { Json, RequestBody } from './wire';

export interface ExchangeSetting {
  readonly record: OpenRecord;
  readonly body: RequestBody;
  readonly response: ServerResponse;
  readonly pass: LedgerPass;
  readonly counter: TokenCounter;
  readonly headers: Readonly<Record<string, string>>;
  readonly binding: AnswerSetting['binding'];
  readonly diagnostics: Json | undefined;
  readonly wire: WireStyle;
  /** What is wrong with how the answer comes. */
  readonly odd: WireFault | undefined;
  /** The client has gone, or the server closes. */
  readonly gone: AbortSignal;
}

export class Exchange {
  readonly record: OpenRecord;
  readonly body: RequestBody;
  readonly pass: LedgerPass;
  readonly gone: AbortSignal;
  readonly writer: AnswerWriter;
  /** Whether an answer (not an error) began: only then is anything billed or cached. */
  began = false;
  /** Events sent, pings not counted. */
  events = 0;
  /** Destroy the socket once that many events were sent. */
  cutAfter = Number.POSITIVE_INFINITY;
  readonly #setting: ExchangeSetting;
  readonly #sse: SseStream | OddWire;

  constructor(setting: ExchangeSetting) {
    this.#setting = setting;
    this.record = setting.record;
    this.body = setting.body;
    this.pass = setting.pass;
    this.gone = setting.gone;
    const sse = new SseStream(setting.response, setting.wire);
    const whole = (): readonly unknown[] => this.writer.message.content;
    const end = (): unknown => setting.response.end();
    this.#sse = setting.odd === undefined ? sse : new OddWire(setting.odd, sse, whole, end);
    this.writer = new AnswerWriter({
      body: setting.body,
      model: setting.pass.model,
      counter: setting.counter,
      input: setting.pass.usage,
      promptTokens: setting.pass.promptTokens,
      binding: setting.binding,
      diagnostics: setting.diagnostics,
      send: (name, data) => this.send(name, data),
    });
  }

  get streams(): boolean {
    return this.body.stream === true && this.#setting.odd !== 'unstreamed';
  }

  /** Sends one event of a stream; the first opens the response. Without streaming nothing is sent before the end. */
  async send(name: string, data: unknown): Promise<void> {
    if (this.gone.aborted) throw new Disconnected();
    this.#begin();
    if (!this.streams) return;
    await this.#sse.send(name, data);
    if (name !== 'ping') this.events += 1;
    if (this.events >= this.cutAfter) {
      this.destroy();
      throw new Disconnected();
    }
  }

  /** Ends the response: the stream as it is, or the whole Message. */
  end(): void {
    const { response, headers } = this.#setting;
    if (this.streams) response.end();
    else sendWhole(response, 200, headers, JSON.stringify(this.writer.message));
  }

  /** An HTTP error before the answer began, an `error` event after it. Ends the response. */
  async fail(status: number, error: ErrorBody, extra: Readonly<Record<string, string>> = {}): Promise<void> {
    const { response, headers, record } = this.#setting;
    if (this.began && this.streams) {
      await this.send('error', { type: 'error', error, request_id: record.id });
      response.end();
      return;
    }
    record.response = { status, headers: { ...headers, ...extra }, error: error.message };
    sendWhole(response, status, { ...headers, ...extra }, envelope(error, record.id));
  }

  /** A response that is not the API's. */
  page(status: number, body: string, extra: Readonly<Record<string, string>>): void {
    const { response, record } = this.#setting;
    record.response = { status, headers: extra, error: body };
    sendWhole(response, status, extra, body);
  }

  /** Closes the socket without ending the response; what was sent before still arrives. */
  destroy(): void {
    this.#setting.response.destroy();
  }

  #begin(): void {
    if (this.began) return;
    this.began = true;
    const { response, headers, pass, record } = this.#setting;
    pass.began();
    record.response = { status: 200, headers };
    if (!this.streams) return;
    response.writeHead(200, {
      ...headers,
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache',
    });
    response.flushHeaders();
  }
}
