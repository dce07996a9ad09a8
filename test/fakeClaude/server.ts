/**
 * A strict local Messages API: a real HTTP server on loopback that refuses what the API refuses, keeps a true ledger of
 * the prompt cache, records every request and answers what a test scripts (API-FACTS §10).
 *
 *     const fake = await startFakeClaude();
 *     fake.enqueue(reply.thinking('Hm.').toolUse('read_file', { path: 'a.ts' }), reply.text('Done.'));
 *     … new Anthropic({ apiKey: 'sk-test', baseURL: fake.url }) …
 *     assert.equal(fake.messages.length, 2);
 *     await fake.close();
 */

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { freshId } from './answer';
import { type Clock, VirtualClock } from './clock';
import { type Gateway, throughGateway } from './gateway';
import { Held } from './hold';
import { apiVersion, type ErrorBody, envelope, type Keys, keyFault, readBody, sendWhole } from './http';
import { CacheLedger } from './ledger';
import type { RateLimits } from './limits';
import { localFetch } from './local';
import { answerMessages, type MessagesDesk, newDesk } from './messages';
import { findModel, modelInfo, modelsPage } from './models';
import { type Bill, billOf, type OpenRecord, type RecordedRequest, type UsageEntry } from './record';
import { Refusal } from './rules';
import type { Endpoint } from './schema';
import { type Reply, reply } from './script';
import type { WireStyle } from './sse';
import type { Switches } from './switches';
import type { ProfileName, TokenProfile } from './tokens';
import { isObject, type RequestBody, textOf } from './wire';

/** Decides on an answer to a valid request that nothing was enqueued for. `signal` aborts when the client goes. */
export type Answerer = (request: RecordedRequest, signal: AbortSignal) => Reply | Promise<Reply>;

export interface FakeOptions {
  /** Default 0: any free port. */
  readonly port?: number;
  /** How text becomes tokens; the client is not told. Default `middle`. */
  readonly profile?: ProfileName | TokenProfile;
  readonly switches?: Partial<Switches>;
  /** Default a VirtualClock that stands still until it is advanced. */
  readonly clock?: VirtualClock;
  readonly answer?: Answerer;
  readonly keys?: Keys;
  /** Enforced when given; else the start tier is reported and nothing refused. */
  readonly rateLimits?: RateLimits;
  /** Default `awkward`. */
  readonly wire?: WireStyle;
}

type Route = Endpoint | 'models' | 'other';

export class FakeClaude {
  /** `http://127.0.0.1:PORT`, without `/v1`. */
  readonly url: string;
  readonly clock: VirtualClock;
  /** Reaches this server without a socket, whatever the address. */
  readonly fetch = localFetch((request, response) => void this.#handle(request, response));
  readonly ledger: CacheLedger;
  /** What stands in front of the API; nothing by default. */
  gateway: Gateway = {};
  /** Every request, in order of arrival. */
  readonly requests: RecordedRequest[] = [];
  /** Requests that came while they were forbidden. */
  readonly violations: RecordedRequest[] = [];
  /** What was billed, in order of the answers' ends. */
  readonly usageLog: readonly UsageEntry[];
  readonly #server: Server;
  readonly #desk: MessagesDesk;
  readonly #keys: Keys;
  readonly #faults: { readonly route: Route; readonly reply: Reply }[] = [];
  readonly #waiting = new Set<() => void>();
  readonly #closing = new AbortController();
  #forbidden = false;

  constructor(server: Server, options: FakeOptions, clock: VirtualClock) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    this.clock = clock;
    this.ledger = new CacheLedger({ profile: options.profile ?? 'middle', switches: options.switches ?? {} });
    this.#keys = options.keys ?? {};
    this.#desk = newDesk(this.ledger, clock, this.#closing.signal, {
      answer: options.answer ?? echo,
      wire: options.wire ?? 'awkward',
      rateLimits: options.rateLimits,
    });
    this.usageLog = this.#desk.usageLog;
    server.on('request', (request: IncomingMessage, response: ServerResponse) => void this.#handle(request, response));
  }

  /** Only POST /v1/messages, refused ones included. */
  get messages(): readonly RecordedRequest[] {
    return this.requests.filter((request) => routeOf(request.method, request.path) === 'messages');
  }

  /** POST /v1/messages and count_tokens that broke a rule (400). A test of a client wants this empty. */
  get refusals(): readonly RecordedRequest[] {
    return this.requests.filter((request) => request.response?.status === 400);
  }

  /** Scripts for the next valid POST /v1/messages, first in, first out. */
  enqueue(...replies: readonly Reply[]): void {
    this.#desk.scripts.push(...replies);
  }

  /** Scripts not used up. */
  get pending(): number {
    return this.#desk.scripts.length;
  }

  /** An HTTP fault (`error`, `html`, `drop`, `delayHeaders`) for the next call of count_tokens or models. */
  enqueueFault(route: 'count_tokens' | 'models', fault: Reply): void {
    this.#faults.push({ route, reply: fault });
  }

  /** Holds the next valid POST /v1/messages (after what is enqueued): the test answers it step by step. */
  hold(): Held {
    const held = new Held();
    this.#desk.scripts.push(held);
    return held;
  }

  /** Replaces what answers when nothing is enqueued. */
  answerWith(answer: Answerer): void {
    this.#desk.answer = answer;
  }

  /** From now on any request is a violation: recorded, and answered 500. */
  forbidRequests(): void {
    this.#forbidden = true;
  }

  allowRequests(): void {
    this.#forbidden = false;
  }

  /** As new, but for the ledger: nothing is scripted, forbidden or recorded. A test that is tried again starts so. */
  forget(): void {
    this.#desk.scripts.length = 0;
    this.#faults.length = 0;
    this.requests.length = 0;
    this.violations.length = 0;
    this.#forbidden = false;
    this.gateway = {};
  }

  /** Resolves when that many POST /v1/messages have arrived; rejects after `timeout` ms of real time. */
  async untilMessages(count: number, timeout = 10_000): Promise<readonly RecordedRequest[]> {
    const deadline = performance.now() + timeout;
    while (this.messages.length < count) {
      const left = deadline - performance.now();
      if (left <= 0)
        throw new Error(`${this.messages.length} of ${count} requests to /v1/messages arrived in ${timeout} ms`);
      await this.#arrival(left);
    }
    return this.messages;
  }

  /** What all answers so far have cost. */
  bill(): Bill {
    return billOf(this.usageLog, this.ledger.models);
  }

  /** Ends every connection and the server. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#server.closeAllConnections();
    if (!this.#server.listening) return;
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #arrival(left: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, left);
      this.#waiting.add(wake);
    });
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const record = newRecord(request, response, this.clock);
    const raw = await readBody(request);
    record.raw = raw ?? '';
    const json = parse(record.raw);
    record.body = json.value as RequestBody;
    this.requests.push(record);
    for (const wake of [...this.#waiting]) wake();
    try {
      await this.#answer(record, response, raw, json.ok);
    } catch (error) {
      if (error instanceof Refusal) {
        const details = error.details === undefined ? {} : { details: error.details };
        fail(record, response, 400, { type: 'invalid_request_error', message: error.message, ...details });
      } else {
        fail(record, response, 500, { type: 'api_error', message: `the fake failed: ${String(error)}` });
        if (!response.writableEnded) response.destroy();
      }
    }
  }

  async #answer(record: OpenRecord, response: ServerResponse, raw: string | undefined, isJson: boolean): Promise<void> {
    if (this.#forbidden) {
      this.violations.push(record);
      fail(record, response, 500, { type: 'api_error', message: 'requests are forbidden at this point of the test' });
      return;
    }
    if (raw === undefined) {
      // The limit is kept by a proxy in front of the API, whose answer is not the API's envelope (§1).
      record.response = { status: 413, headers: {}, error: 'Payload Too Large' };
      sendWhole(response, 413, { 'content-type': 'text/html' }, '<html><h1>413 Payload Too Large</h1></html>');
      return;
    }
    const route = routeOf(record.method, record.path);
    const posts = route === 'messages' || route === 'count_tokens';
    if (posts && !isJson) throw new Refusal('invalidJson');
    const keyProblem = keyFault(record.headers, this.#keys);
    if (keyProblem !== undefined) {
      fail(record, response, 401, { type: 'authentication_error', message: keyProblem });
      return;
    }
    const header = record.headers['anthropic-version'];
    const version = apiVersion(header);
    if (header === undefined) throw new Refusal('missingVersion');
    if (version === undefined) throw new Refusal('unknownVersion', { version: String(header) });
    if (throughGateway(this.gateway, record, response)) return;
    const fault = this.#faults.findIndex((entry) => entry.route === route);
    if (fault !== -1) {
      const [entry] = this.#faults.splice(fault, 1);
      if (entry !== undefined) await failAs(entry.reply, record, response);
    } else if (posts) {
      const odd = this.gateway.wire;
      await answerMessages(this.#desk, { record, response, version, endpoint: route, odd });
    } else if (route === 'models') {
      this.#models(record, response);
    } else {
      fail(record, response, 404, { type: 'not_found_error', message: 'Not found' });
    }
  }

  #models(record: OpenRecord, response: ServerResponse): void {
    const id = decodeURIComponent(record.path.slice('/v1/models'.length).replace(/^\//, ''));
    const headers = { 'request-id': record.id };
    if (id === '') {
      const page = modelsPage(this.ledger.models, new URLSearchParams(record.query));
      if (page === undefined) throw new Refusal('inputShould', { path: 'limit', what: 'from 1 to 1000' });
      record.response = { status: 200, headers };
      sendWhole(response, 200, headers, JSON.stringify(page));
      return;
    }
    const model = findModel(this.ledger.models, id);
    if (model === undefined) {
      fail(record, response, 404, { type: 'not_found_error', message: `model: ${id}` });
      return;
    }
    record.response = { status: 200, headers };
    sendWhole(response, 200, headers, JSON.stringify(modelInfo(model)));
  }
}

function routeOf(method: string, path: string): Route {
  if (method === 'POST' && path === '/v1/messages') return 'messages';
  if (method === 'POST' && path === '/v1/messages/count_tokens') return 'count_tokens';
  return method === 'GET' && /^\/v1\/models(\/[^/]+)?$/.test(path) ? 'models' : 'other';
}

function newRecord(request: IncomingMessage, response: ServerResponse, clock: Clock): OpenRecord {
  const { pathname, search } = new URL(request.url ?? '/', 'http://localhost');
  const record: OpenRecord = {
    id: freshId('req'),
    at: clock.now(),
    method: request.method ?? '',
    path: pathname,
    query: search.slice(1),
    headers: request.headers,
    body: undefined as unknown as RequestBody,
    raw: '',
    response: undefined,
    aborted: false,
    done: once(response, 'close').then(() => {}),
  };
  response.on('close', () => {
    if (!response.writableFinished) record.aborted = true;
  });
  return record;
}

function parse(raw: string): { readonly ok: boolean; readonly value?: unknown } {
  try {
    const value: unknown = JSON.parse(raw);
    return { ok: isObject(value), value };
  } catch {
    return { ok: false };
  }
}

function fail(record: OpenRecord, response: ServerResponse, status: number, error: ErrorBody): void {
  const headers = { 'request-id': record.id };
  record.response = { status, headers, error: error.message };
  sendWhole(response, status, headers, envelope(error, record.id));
}

async function failAs({ plan }: Reply, record: OpenRecord, response: ServerResponse): Promise<void> {
  if (plan.delay !== undefined) await sleep(plan.delay);
  if (plan.fault === undefined || plan.fault === 'drop') {
    response.socket?.destroy();
    return;
  }
  const { status, headers, body } = plan.fault;
  const text = typeof body === 'string' ? body : envelope(body, record.id);
  record.response = { status, headers, error: text };
  sendWhole(response, status, { 'request-id': record.id, ...headers }, text);
}

/** The default answer repeats what the user said last, so that a test sees which request it belongs to. */
function echo(request: RecordedRequest): Reply {
  return reply.text(`You said: ${textOf(request.body.messages.findLast(({ role }) => role === 'user')?.content)}`);
}

/** Starts the server on 127.0.0.1; resolves when it listens. */
export async function startFakeClaude(options: FakeOptions = {}): Promise<FakeClaude> {
  const server = createServer({ keepAliveTimeout: 60_000 });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  return new FakeClaude(server, options, options.clock ?? new VirtualClock());
}
