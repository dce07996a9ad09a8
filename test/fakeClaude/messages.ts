/** POST /v1/messages and count_tokens: validation, ledger, limits, then the script. */
import type { ServerResponse } from 'node:http';
import type { Clock } from './clock';
import { Diagnostics } from './diagnostics';
import { Exchange } from './exchange';
import { Held } from './hold';
import { envelope, sendWhole } from './http';
import type { CacheLedger } from './ledger';
import { RateLimiter, type RateLimits } from './limits';
import { findModel } from './models';
import type { WireFault } from './oddWire';
import { play } from './play';
import { bindingOf } from './positions';
import { type OpenRecord, type UsageEntry, usageEntry } from './record';
import { Refusal } from './rules';
import type { ApiVersion, Endpoint } from './schema';
import type { Reply } from './script';
import type { Answerer } from './server';
import { Disconnected, type WireStyle } from './sse';
import { validate } from './validate';
import type { Block, RequestBody } from './wire';

/** What answering needs to remember between requests. */
export interface MessagesDesk {
  readonly ledger: CacheLedger;
  readonly clock: Clock;
  readonly closing: AbortSignal;
  readonly diagnostics: Diagnostics;
  readonly limiter: RateLimiter;
  readonly scripts: (Reply | Held)[];
  readonly usageLog: UsageEntry[];
  /** Content of answers by the ids of their tool calls. */
  readonly issued: Map<string, readonly Block[]>;
  readonly wire: WireStyle;
  answer: Answerer;
}

/** A desk with nothing on it. */
export function newDesk(
  ledger: CacheLedger,
  clock: Clock,
  closing: AbortSignal,
  options: { readonly answer: Answerer; readonly wire: WireStyle; readonly rateLimits: RateLimits | undefined },
): MessagesDesk {
  return {
    ledger,
    clock,
    closing,
    diagnostics: new Diagnostics(),
    limiter: new RateLimiter(clock, options.rateLimits),
    scripts: [],
    usageLog: [],
    issued: new Map(),
    wire: options.wire,
    answer: options.answer,
  };
}

interface Call {
  readonly record: OpenRecord;
  readonly response: ServerResponse;
  readonly version: ApiVersion;
  readonly endpoint: Endpoint;
  /** What is wrong with how the answer comes. */
  readonly odd: WireFault | undefined;
}

/** Answers one call; throws a Refusal for a request that the API would answer with 400. */
export async function answerMessages(desk: MessagesDesk, call: Call): Promise<void> {
  const { record, response, endpoint, version } = call;
  const { ledger } = desk;
  const asked: unknown = record.body.model;
  if (asked === undefined) throw new Refusal('fieldRequired', { path: 'model' });
  const model = findModel(ledger.models, String(asked));
  if (model === undefined) {
    const headers = { 'request-id': record.id };
    const error = { type: 'not_found_error', message: `model: ${String(asked)}` };
    record.response = { status: 404, headers, error: error.message };
    sendWhole(response, 404, headers, envelope(error, record.id));
    return;
  }
  const body: unknown = record.body;
  validate(body, {
    model,
    version,
    endpoint,
    switches: ledger.switches,
    issued: (id) => desk.issued.get(id),
    countTokens: (request) => ledger.countTokens(request),
  });
  if (endpoint === 'count_tokens') {
    const headers = { 'request-id': record.id };
    record.response = { status: 200, headers };
    sendWhole(response, 200, headers, JSON.stringify({ input_tokens: ledger.countTokens(body) }));
    return;
  }
  await answerValid(desk, call, body);
}

async function answerValid(desk: MessagesDesk, { record, response, odd }: Call, body: RequestBody): Promise<void> {
  const { ledger, clock, limiter } = desk;
  const pass = ledger.open(body, record.at);
  const limited = limiter.take(pass.model, pass.promptTokens - pass.usage.cache_read_input_tokens);
  const headers = {
    'request-id': record.id,
    'anthropic-organization-id': '00000000-0000-4000-8000-000000000000',
    'anthropic-workspace-id': 'wrkspc_01LocalStandIn',
    ...limiter.headers(pass.model),
  };
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  desk.closing.addEventListener('abort', () => gone.abort(), { once: true, signal: gone.signal });
  const betas = String(record.headers['anthropic-beta'] ?? '');
  const compared = desk.diagnostics.compare(body, betas, pass.positions, record.at);
  const pending = ledger.switches.diagnosticsPending && compared !== undefined && compared !== null;
  const exchange = new Exchange({
    record,
    body,
    response,
    pass,
    counter: ledger.counter,
    headers,
    binding: bindingOf(body, pass.model.id),
    diagnostics: pending ? { cache_miss_reason: null } : compared,
    wire: desk.wire,
    odd,
    gone: gone.signal,
  });
  if (limited !== undefined) {
    const extra = { 'retry-after': `${limited.retryAfter}` };
    await exchange.fail(429, { type: 'rate_limit_error', message: limited.message }, extra);
    return;
  }
  try {
    const script = desk.scripts.shift() ?? (await desk.answer(record, gone.signal));
    if (script instanceof Held) await script.attach(exchange);
    else await play(exchange, script);
  } catch (error) {
    if (!(error instanceof Disconnected)) throw error;
  } finally {
    settle(desk, exchange, betas, clock.now());
  }
}

/** Books the answer, however it ended: what was said is billed even when nobody listened to the end. */
function settle(desk: MessagesDesk, exchange: Exchange, betas: string, now: number): void {
  if (!exchange.began) return;
  const { record, writer, pass, body } = exchange;
  const { message } = writer;
  record.response = { status: 200, headers: record.response?.headers ?? {}, usage: message.usage, message };
  const unbilled = message.stop_reason === 'refusal' && message.content.length === 0;
  desk.usageLog.push(usageEntry(record.id, message, pass.model, !unbilled));
  desk.limiter.spend(pass.model, message.usage.output_tokens);
  desk.diagnostics.remember(writer.id, body, betas, pass.positions, now);
  for (const block of message.content) {
    if (block.type === 'tool_use' && block.id !== undefined) desk.issued.set(block.id, message.content);
  }
}
