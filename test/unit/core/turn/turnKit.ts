/** A turn without a network: responses from a script, time that a test moves, a store in memory. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { TransformStream } from 'node:stream/web';
import * as z from 'zod/mini';
import type { ApiAccess } from '../../../../src/core/api/access';
import type { KnownLimits } from '../../../../src/core/api/addressBook';
import { noLimitsKnown } from '../../../../src/core/api/addressLimits';
import type { Request } from '../../../../src/core/api/requestBody';
import type { Clock, Ids, Log } from '../../../../src/core/base/ports';
import type { ContextNow } from '../../../../src/core/context/editorContext';
import type { SpendGuard } from '../../../../src/core/cost/spend';
import { modelOf } from '../../../../src/core/models/models';
import { checkpointOf } from '../../../../src/core/record/checkpointPieces';
import { ConversationLog } from '../../../../src/core/record/conversationLog';
import type { CheckpointPiece, Entry } from '../../../../src/core/record/record';
import type { Checkpoint, Store } from '../../../../src/core/record/store';
import type { Tool } from '../../../../src/core/tools/tool';
import type { ToolPorts } from '../../../../src/core/tools/workspace';
import { replayStart, stateOf } from '../../../../src/core/transcript/transcript';
import { runTurn } from '../../../../src/core/turn/turn';
import type { StopCause, TurnInput } from '../../../../src/core/turn/turnInput';
import type { ChatEvent, ChatState } from '../../../../src/shared/chat';
import { reduce } from '../../../../src/shared/reduce';
import { settled } from '../../../fakeClaude/windowClock';
import { blobs, checkStrictly, opus, PathMaker, requestOf, settings } from '../prompt/paths';
import { memoryApprovals } from './approvalsKit';

/** Lets everything that is ready run. */
export const settle = (): Promise<void> => settled(12);

interface Timer {
  at: number;
  readonly every: number | null;
  readonly fire: () => void;
}

export class ManualClock implements Clock {
  private time = Date.UTC(2026, 10, 22, 12, 0, 0);
  private readonly timers = new Set<Timer>();

  now(): number {
    return this.time;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const timer: Timer = { at: this.time + ms, every: null, fire: resolve };
      this.timers.add(timer);
      signal.addEventListener('abort', () => {
        this.timers.delete(timer);
        reject(signal.reason);
      });
    });
  }

  every(ms: number, callback: () => void): () => void {
    const timer: Timer = { at: this.time + ms, every: ms, fire: callback };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  /** Timers that wait. */
  get waiting(): number {
    return this.timers.size;
  }

  /** Time passes; timers go off at their moments. */
  async advance(ms: number): Promise<void> {
    const end = this.time + ms;
    for (;;) {
      const next = [...this.timers].filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.time = Math.max(this.time, next.at);
      this.fire(next);
      await settle();
    }
    this.time = end;
  }

  /** The machine sleeps: time has passed, and each timer that was due goes off once, late. */
  async sleepMachine(ms: number): Promise<void> {
    this.time += ms;
    for (const timer of [...this.timers]) if (timer.at <= this.time) this.fire(timer);
    await settle();
  }

  private fire(timer: Timer): void {
    if (timer.every === null) this.timers.delete(timer);
    else timer.at = this.time + timer.every;
    timer.fire();
  }
}

export function countingIds(): Ids {
  let last = 0;
  return {
    next: () => {
      last += 1;
      return `id${String(last).padStart(4, '0')}`;
    },
  };
}

/** What of the Store port a turn uses; the rest throws. */
export class MemoryStore {
  readonly entries: Entry[] = [];
  /** What was kept of partial answers: each piece, and what it makes with those before it. */
  readonly pieces: CheckpointPiece[] = [];
  readonly checkpoints: Checkpoint[] = [];
  head: string | null = null;
  readonly texts = new Map<string, string>();
  /** Thrown by the next append, once. */
  failNext: Error | null = null;
  /** What was kept beside the record; null where that is refused too. */
  rescued: Entry[] | null = null;
  /** Resolves before an append is done. */
  gate: Promise<void> = Promise.resolve();
  readonly order: string[] = [];

  async append(_conversation: string, entries: readonly Entry[]): Promise<void> {
    this.order.push(`append ${entries.map((entry) => entry.kind).join()}`);
    await this.gate;
    const fail = this.failNext;
    this.failNext = null;
    if (fail !== null) throw fail;
    // As on disk: nothing is shared.
    this.entries.push(...(JSON.parse(JSON.stringify(entries)) as Entry[]));
    this.head = entries.at(-1)?.id ?? this.head;
  }

  async rescue(_conversation: string, entries: readonly Entry[]): Promise<void> {
    if (this.rescued === null) throw new Error('the folder refuses');
    this.rescued.push(...entries);
  }

  async setHead(_conversation: string, head: string | null): Promise<void> {
    this.head = head;
  }

  async checkpoint(_conversation: string, piece: CheckpointPiece | null): Promise<boolean> {
    this.order.push('checkpoint');
    if (piece === null) return false;
    this.pieces.push(JSON.parse(JSON.stringify(piece)) as CheckpointPiece);
    const whole = checkpointOf(this.pieces.filter(({ entry }) => entry === piece.entry));
    if (whole !== null) this.checkpoints.push(whole);
    return true;
  }

  async keepText(digest: string, text: string): Promise<void> {
    this.texts.set(digest, text);
  }

  get port(): Store {
    return this as unknown as Store;
  }
}

export const start = {
  type: 'message_start',
  message: {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: opus,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: 40, cache_read_input_tokens: 1000, cache_creation_input_tokens: 60, output_tokens: 1 },
  },
};

export type Frame = { readonly type: string; readonly [key: string]: unknown };

/** The frames of whole blocks: a string is text, the rest as it says. */
export function blockFrames(index: number, block: Frame | string): readonly Frame[] {
  const stop = { type: 'content_block_stop', index };
  if (typeof block === 'string') {
    const open = { type: 'content_block_start', index, content_block: { type: 'text', text: '' } };
    return [open, { type: 'content_block_delta', index, delta: { type: 'text_delta', text: block } }, stop];
  }
  if (block.type === 'tool_use') {
    const json = JSON.stringify(block['input']);
    const open = { type: 'content_block_start', index, content_block: { ...block, input: {} } };
    const delta = { type: 'input_json_delta', partial_json: json };
    return [open, { type: 'content_block_delta', index, delta }, stop];
  }
  return [{ type: 'content_block_start', index, content_block: block }, stop];
}

export function tool(id: string, name = 'read_file', input: unknown = { path: 'a.ts' }): Frame {
  return { type: 'tool_use', id, name, input };
}

export function endFrames(stopReason: string | null, details: object | null = null): readonly Frame[] {
  const delta = { stop_reason: stopReason, stop_sequence: null, stop_details: details };
  return [{ type: 'message_delta', delta, usage: { output_tokens: 25 } }, { type: 'message_stop' }];
}

/** A whole streamed answer. */
export function answer(stopReason: string | null, ...blocks: readonly (Frame | string)[]): () => Response {
  const frames = [start, ...blocks.flatMap((block, index) => blockFrames(index, block)), ...endFrames(stopReason)];
  return () => new Response(frames.map(sse).join(''), { headers: eventStream });
}

export function refusal(category: string | null, ...blocks: readonly string[]): () => Response {
  const details = { type: 'refusal', category, explanation: 'No.' };
  const said = blocks.flatMap((block, index) => blockFrames(index, block));
  return () =>
    new Response([start, ...said, ...endFrames('refusal', details)].map(sse).join(''), { headers: eventStream });
}

export function failure(status: number, type: string, headers: Record<string, string> = {}): () => Response {
  return () => Response.json({ type: 'error', error: { type, message: type } }, { status, headers });
}

const eventStream = { 'content-type': 'text/event-stream', 'request-id': 'req_1' };

function sse(frame: Frame): string {
  return `event: ${frame.type}\ndata: ${JSON.stringify(frame)}\n\n`;
}

/** A streamed answer that a test pushes along. */
export class LiveAnswer {
  private readonly pipe = new TransformStream<Uint8Array, Uint8Array>();
  private readonly writer = this.pipe.writable.getWriter();

  constructor() {
    this.push(start);
  }

  /** As a real socket does, it breaks when the request is aborted. */
  readonly reply = (signal: AbortSignal): Response => {
    const abort = (): void => void this.writer.abort(signal.reason).catch(() => undefined);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort);
    return new Response(this.pipe.readable as ReadableStream<Uint8Array>, { headers: eventStream });
  };

  push(...frames: readonly Frame[]): void {
    const bytes = new TextEncoder().encode(frames.map(sse).join(''));
    this.writer.write(bytes).catch(() => undefined);
  }

  /** Ends the answer as the API does. */
  finish(stopReason: string): void {
    this.push(...endFrames(stopReason));
    this.writer.close().catch(() => undefined);
  }

  cut(): void {
    this.writer.abort(new TypeError('terminated')).catch(() => undefined);
  }
}

export interface TurnOptions {
  readonly replies: readonly ((signal: AbortSignal) => Response | Promise<Response>)[];
  readonly tools?: readonly Tool[];
  readonly path?: readonly Entry[];
  readonly access?: ApiAccess | null;
  readonly editors?: (uris: readonly string[]) => Promise<ContextNow['files']>;
  readonly store?: MemoryStore;
  readonly spend?: (clock: Clock) => SpendGuard;
  readonly model?: string;
  readonly addresses?: KnownLimits;
}

/** A turn that runs. */
export class Played {
  readonly clock = new ManualClock();
  readonly store: MemoryStore;
  readonly log: ConversationLog;
  readonly events: ChatEvent[] = [];
  readonly requests: Request[] = [];
  readonly logged: string[] = [];
  readonly signals: AbortSignal[] = [];
  tryNow: () => void = () => undefined;
  private readonly abort = new AbortController();
  private readonly before: ChatState;
  readonly done: Promise<void>;

  constructor(private readonly options: TurnOptions) {
    const path = options.path ?? new PathMaker().snapshot().user('Why?').entries;
    this.store = options.store ?? new MemoryStore();
    const ids = countingIds();
    this.log = new ConversationLog('c', path, { store: this.store.port, clock: this.clock, ids });
    const shown = replayStart();
    this.before = stateOf('c', '', path, shown);
    const note = (message: string): unknown => this.logged.push(message);
    const input: TurnInput = {
      log: this.log,
      shown,
      store: this.store.port,
      api: {
        access: async () =>
          options.access === undefined ? { apiKey: 'sk', baseUrl: 'http://127.0.0.1:9', headers: {} } : options.access,
      },
      addresses: options.addresses ?? { of: async () => noLimitsKnown, add: async () => undefined },
      clock: this.clock,
      ids,
      diagnostics: { info: note, warn: note, error: note } satisfies Log,
      context: {
        current: async () => ({ project: [], files: [], selection: null }),
        read: async (uris) => (options.editors ? options.editors(uris) : uris.map(() => null)),
        readAdded: async (uris) => uris.map(() => null),
      },
      tools: options.tools ?? [],
      ports: {} as ToolPorts,
      approvals: memoryApprovals(),
      settings,
      model: modelOf(options.model ?? settings.model),
      ...(options.spend === undefined ? {} : { spend: options.spend(this.clock) }),
      fetch: (url, init) => this.fetch(url, init),
      blobs,
      pauseHistogram: { short: 0, middle: 0, long: 0 },
      tryNow: () =>
        new Promise((resolve) => {
          this.tryNow = resolve;
        }),
      handOver: () => false,
    };
    this.done = this.run(input);
  }

  stop(cause: StopCause = 'stopped'): void {
    this.abort.abort(cause);
  }

  get outcome(): Extract<ChatEvent, { type: 'answerEnded' }>['outcome'] | undefined {
    const last = this.events.at(-1);
    return last?.type === 'answerEnded' ? last.outcome : undefined;
  }

  /** What the panel shows, from the live events. */
  get shown(): ChatState {
    return this.events.reduce(reduce, this.before);
  }

  /** What the panel shows after a reload. */
  get stored(): ChatState {
    return stateOf('c', '', this.log.path);
  }

  get retries(): readonly Extract<ChatEvent, { type: 'activity' }>['activity'][] {
    return this.events.flatMap((event) =>
      event.type === 'activity' && event.activity?.kind === 'retrying' ? [event.activity] : [],
    );
  }

  kinds(): readonly string[] {
    return this.log.path.map((entry) => entry.kind);
  }

  private async run(input: TurnInput): Promise<void> {
    for await (const event of runTurn(input, this.abort.signal)) this.events.push(event);
  }

  private async fetch(_url: unknown, init: RequestInit | undefined): Promise<Response> {
    const reply = this.options.replies[this.requests.length];
    this.requests.push(JSON.parse(String(init?.body)) as Request);
    const signal = init?.signal ?? new AbortController().signal;
    this.signals.push(signal);
    if (reply === undefined) throw new Error('the script has no more replies');
    return reply(signal);
  }
}

/** ms of the real clock; a turn waits on a clock of its own for whatever it waits for. */
const playMs = 15_000;

/** Plays a turn to its end. */
export async function play(options: TurnOptions): Promise<Played> {
  const played = new Played(options);
  const late = once(AbortSignal.timeout(playMs), 'abort');
  const ended = await Promise.race([played.done.then(() => true), late.then(() => false)]);
  assert.ok(ended, `the turn has not ended: ${JSON.stringify(played.shown.activity)}`);
  return played;
}

/** A tool that finds something at once. */
export const readFile: Tool = {
  name: 'read_file',
  description: 'Reads.',
  schema: z.object({ path: z.string() }),
  readOnly: true,
  describe: () => ({ asked: { text: 'Read' }, running: { text: 'Reading' }, done: { text: 'Read' } }),
  run: async () => ({ content: 'the text', summary: { text: '1 line' } }),
};

/** Whatever happened: the next request is valid, and a reload shows what was shown live. */
export function checkAfter(played: Played): void {
  assert.deepEqual(played.stored, { ...played.shown, activity: null });
  const next = [...played.log.path];
  const parent = next.at(-1)?.id ?? null;
  const content = [{ type: 'text' as const, text: 'And now?' }];
  checkStrictly(requestOf([...next, { kind: 'user', id: 'next', parent, at: 1, content, model: 'claude-opus-4-8' }]));
  assert.deepEqual(played.store.entries, played.log.path.slice(-played.store.entries.length));
  assert.equal(played.clock.waiting, 0, 'no timer is left');
}
