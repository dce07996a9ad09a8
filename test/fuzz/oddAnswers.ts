/** Answers as no server should send them: a stream of the API's with faults put into it. All by the seed alone. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Numbers that follow from a seed. */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = Math.imul(seed, 0x9e3779b1) >>> 0;
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  pick<T>(from: readonly [T, ...T[]]): T {
    return from[this.below(from.length)] ?? from[0];
  }

  is(share: number): boolean {
    return this.next() < share;
  }
}

type Json = unknown;

/** The frames of each stream that is recorded beside the repository; none where there is none. */
function recorded(): readonly (readonly Json[])[] {
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const found = join(folder, '..', 'shared', 'recorded');
    if (!existsSync(join(folder, 'package.json')) || !existsSync(found)) continue;
    const files = readdirSync(found).filter((name) => name.endsWith('.sse'));
    return files.toSorted().map((name) => {
      const text = readFileSync(join(found, name), 'utf8');
      return [...text.matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data ?? 'null') as Json);
    });
  }
  return [];
}

const usage = {
  input_tokens: 40,
  cache_read_input_tokens: 1000,
  cache_creation_input_tokens: 60,
  cache_creation: { ephemeral_5m_input_tokens: 60, ephemeral_1h_input_tokens: 0 },
  output_tokens: 1,
};

/** A stream with every kind of block and delta, a search of the API's own among them. `calls`: it ends with tools. */
function generated(calls: boolean): readonly Json[] {
  const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-opus-4-8', content: [], usage };
  const open = (index: number, content_block: object): Json => ({ type: 'content_block_start', index, content_block });
  const delta = (index: number, one: object): Json => ({ type: 'content_block_delta', index, delta: one });
  const stop = (index: number): Json => ({ type: 'content_block_stop', index });
  const call = (index: number, id: string, json: string, block: object): readonly Json[] => [
    open(index, { id, input: {}, caller: { type: 'direct' }, ...block }),
    delta(index, { type: 'input_json_delta', partial_json: '' }),
    delta(index, { type: 'input_json_delta', partial_json: json.slice(0, 5) }),
    delta(index, { type: 'input_json_delta', partial_json: json.slice(5) }),
    stop(index),
  ];
  const reads = { type: 'tool_use', name: 'read_file' };
  const found = { type: 'web_search_result', title: 'So', url: 'https://so.example/', encrypted_content: 'EqgB' };
  return [
    { type: 'message_start', message: { ...message, stop_reason: null, stop_sequence: null, diagnostics: null } },
    { type: 'ping' },
    open(0, { type: 'thinking', thinking: '', signature: '' }),
    delta(0, { type: 'thinking_delta', thinking: 'Hm. 日本 👩‍👩‍👧' }),
    delta(0, { type: 'signature_delta', signature: '' }),
    stop(0),
    open(1, { type: 'redacted_thinking', data: 'EmwKAh' }),
    stop(1),
    open(2, { type: 'text', text: '', citations: null }),
    delta(2, { type: 'text_delta', text: 'It is ' }),
    delta(2, { type: 'text_delta', text: 'so.' }),
    stop(2),
    ...call(3, 'srvtoolu_1', '{"query":"so"}', { type: 'server_tool_use', name: 'web_search' }),
    open(4, { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [found] }),
    stop(4),
    ...(calls
      ? [...call(5, 'toolu_1', '{"path":"a.ts"}', reads), ...call(6, 'toolu_2', '{"path":"b.ts"}', reads)]
      : []),
    { type: 'message_delta', delta: { stop_reason: calls ? 'tool_use' : 'end_turn', stop_sequence: null }, usage },
    { type: 'message_stop' },
  ];
}

let bases: readonly (readonly Json[])[] | null = null;

function base(chance: Chance): Json[] {
  bases ??= [generated(false), generated(true), generated(true), ...recorded()];
  const chosen = bases[chance.below(bases.length)] ?? [];
  return JSON.parse(JSON.stringify(chosen)) as Json[];
}

function nested(levels: number): Json {
  let value: Json = 'deep';
  for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}

/** What may stand where something else should. */
function odd(chance: Chance): Json {
  const kinds: readonly [() => Json, ...(() => Json)[]] = [
    () => null,
    () => true,
    () => -1,
    () => 0.5,
    () => 1e300,
    () => '',
    () => 'x',
    () => '\ud83d',
    () => '<script>alert(1)</script>',
    () => 'x'.repeat(200_000),
    () => [],
    () => [null, 1, 'x', {}],
    () => ({}),
    () => ({ text: 'words', type: 7 }),
    () => ({ type: 'text', text: { text: 'in it' } }),
    () => ({ type: 'tool_use', name: 'read_file', input: 'x' }),
    () => ({ __proto__: null, constructor: 1, toString: 2 }),
    () => nested(chance.below(400)),
  ];
  return chance.pick(kinds)();
}

/** Every place of a value: its holder and the name in it. */
function places(value: Json, found: [Record<string, Json>, string][] = []): [Record<string, Json>, string][] {
  if (typeof value !== 'object' || value === null) return found;
  for (const name of Object.keys(value)) {
    found.push([value as Record<string, Json>, name]);
    places((value as Record<string, Json>)[name], found);
  }
  return found;
}

/** One fault in the frames. */
function mutate(frames: Json[], chance: Chance): void {
  const at = chance.below(frames.length);
  const faults: readonly [() => void, ...(() => void)[]] = [
    () => void frames.splice(at, 1),
    () => void frames.splice(at, 0, frames[at]),
    () => void frames.splice(at, 0, ...Array.from({ length: 1 + chance.below(60) }, () => frames[at])),
    () => void frames.splice(chance.below(frames.length), 0, ...frames.splice(at, 1 + chance.below(3))),
    () => void frames.splice(at, 0, odd(chance)),
    () => void frames.splice(at),
    () => void frames.splice(at, 0, { type: 'error', error: odd(chance) }),
    () => void frames.splice(at, 0, { type: 'error', error: { type: 'overloaded_error', message: odd(chance) } }),
    () => field(frames[at], chance),
    () => field(frames[at], chance),
    () => field(frames[at], chance),
    () => field(frames[at], chance),
  ];
  chance.pick(faults)();
}

function field(frame: Json, chance: Chance): void {
  const all = places(frame);
  const [holder, name] = all[chance.below(all.length)] ?? [{}, ''];
  if (chance.is(0.2)) delete holder[name];
  else if (chance.is(0.1)) holder[name] = [holder[name], holder[name]];
  else holder[name] = odd(chance);
}

/** A frame on the wire, nearly always as the API writes it. */
function written(frame: Json, chance: Chance, style: number): string {
  const json = JSON.stringify(frame) ?? 'undefined';
  const type = (frame as { type?: unknown } | null)?.type;
  const named = typeof type === 'string' && type.isWellFormed() ? `event: ${type.slice(0, 50)}\n` : '';
  if (style === 1) return `data: ${json}\n\n`;
  if (style === 2) return `${named}data: ${json}\n`;
  if (chance.is(0.01)) return `${named}data: ${json.slice(0, chance.below(json.length))}\n\n`;
  return `${named}data: ${json}\n\n`;
}

/** The message that the frames make, about: sent whole where a stream was asked for. */
function wholeOf(frames: readonly Json[], chance: Chance): string {
  const blocks = frames.flatMap((frame) => {
    const block = (frame as { content_block?: unknown } | null)?.content_block;
    return block === undefined ? [] : [block];
  });
  const message = { type: 'message', role: 'assistant', content: blocks, stop_reason: 'end_turn', usage };
  const frame: Json[] = [message];
  if (chance.is(0.7)) field(frame[0], chance);
  return JSON.stringify(frame[0]);
}

/** An answer: bytes, their pieces, how they end, and what the response says of itself. */
export interface OddAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
  /** Bytes of each piece. */
  readonly piece: number;
  readonly end: 'close' | 'break' | 'hang';
}

/** The frames of it. */
export function oddFrames(chance: Chance): readonly unknown[] {
  const frames = base(chance);
  const times = chance.is(0.1) ? 0 : 1 + chance.below(3);
  for (let n = 0; n < times && frames.length > 0; n += 1) mutate(frames, chance);
  return frames;
}

/** The answer that a seed makes. */
export function oddAnswer(chance: Chance): OddAnswer {
  const frames = oddFrames(chance);
  const style = chance.is(0.8) ? 0 : 1 + chance.below(2);
  let text = frames.map((frame) => written(frame, chance, style)).join('');
  if (chance.is(0.08)) text = wholeOf(frames, chance);
  if (chance.is(0.04)) text = JSON.stringify(odd(chance)) ?? '';
  if (chance.is(0.03)) text = '<!doctype html><title>Sign in</title>';
  if (chance.is(0.05)) text = text.replaceAll('\n', chance.pick(['\r\n', '\r']));
  let bytes = new TextEncoder().encode(text);
  if (chance.is(0.2)) bytes = bytes.slice(0, chance.below(bytes.length + 1));
  if (chance.is(0.05) && bytes.length > 0) bytes[chance.below(bytes.length)] = chance.below(256);
  const status = chance.is(0.92) ? 200 : chance.pick([201, 204, 302, 400, 401, 404, 413, 429, 500, 503, 529]);
  return {
    status,
    headers: {
      'content-type': chance.is(0.9) ? 'text/event-stream' : chance.pick(['application/json', 'text/html', '']),
      'request-id': chance.is(0.9)
        ? 'req_1'
        : (JSON.stringify(odd(chance)) ?? '').replace(/[^\x20-\x7e]/g, '?').slice(0, 50),
      ...(status === 200 ? {} : { 'retry-after': chance.pick(['1', '-1', 'x', '']) }),
    },
    bytes,
    piece: chance.pick([bytes.length + 1, 1000, 64, 7]),
    end: chance.is(0.85) ? 'close' : chance.is(0.6) ? 'break' : 'hang',
  };
}

/** The response as `fetch` gives it. */
export function responseOf({ status, headers, bytes, piece, end }: OddAnswer, signal: AbortSignal): Response {
  if (status === 204) return new Response(null, { status, headers });
  let at = 0;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      signal.addEventListener('abort', () => controller.error(signal.reason));
    },
    pull(controller) {
      if (at < bytes.length) {
        controller.enqueue(bytes.slice(at, at + piece));
        at += piece;
      } else if (end === 'close') controller.close();
      else if (end === 'break') controller.error(new TypeError('terminated'));
      else return new Promise<void>(() => undefined);
      return;
    },
  });
  return new Response(body, { status, headers });
}
