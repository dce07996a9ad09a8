/** One streamed answer: what comes through the door becomes events of the chat, and is known at any moment. */
import type Anthropic from '@anthropic-ai/sdk';
import type { Activity, ChatEvent, LocalizableMessage, Part } from '../../shared/chat';
import type { TokenUsage } from '../../shared/tokenUsage';
import type { ApiAccess } from '../api/access';
import { type ApiFetch, openStream } from '../api/client';
import { Door, type DoorEvent, type DroppedKind, maxBlocks } from '../api/door';
import type { OpenBlock } from '../api/doorBlocks';
import { errorOf, readBody, tooLarge } from '../api/doorBody';
import { failureOf, localFailure, stalledFailure, TurnFailureError } from '../api/failures';
import { answerForms, secretsOf } from '../api/keyEcho';
import type { Request } from '../api/requestBody';
import { isObject } from '../base/doorValues';
import { orAborted } from '../base/orAborted';
import type { Clock } from '../base/ports';
import { coreStrings, failureStrings } from '../base/strings';
import { TimeSlice } from '../base/timeSlice';
import { tokenUsage } from '../models/cost';
import {
  callEvent,
  isServerCall,
  type ServerCalls,
  serverBlock,
  serverEvents,
  type ToolEvent,
} from '../transcript/serverLines';
import { citationsOf } from '../transcript/serverResult';
import { partKey, partOf } from '../transcript/transcript';

/** ms without a byte, pings included, after which a stream counts as dead (API-FACTS §3.3). */
const stallMs = 90_000;

/** What one streamed request is made with. */
export interface AnswerStreamInput {
  readonly request: Request;
  readonly access: ApiAccess;
  readonly fetch: ApiFetch;
  /** A turn, where it is not said. */
  readonly why?: 'a summary';
  readonly clock: Clock;
  /** The id of the turn. */
  readonly answer: string;
  /** The id that the assistant entry will have. */
  readonly entry: string;
  /** Calls of the API's own tools that wait for their results since an answer before this one. */
  readonly serverCalls?: ServerCalls;
}

/** The parts of a whole answer that the turn goes on by. */
export type Whole = Pick<Anthropic.Message, 'content' | 'stop_reason' | 'stop_details'>;

/** Streams one request. After `events` ended or threw, the rest says what arrived. */
export class AnswerStream {
  /** The whole message; null until it arrived without a fault. */
  message: Whole | null = null;
  requestId: string | null = null;
  /** What the last attempt threw; the API's own error where there was one. */
  error: unknown = null;
  /** When the request started, ms since the epoch. */
  askedAt = 0;
  private readonly started: number[] = [];
  private readonly ended: (number | null)[] = [];
  private readonly door: Door;
  private readonly serverCalls: ServerCalls;
  /** What results changed, by the part of their call: its end may come after them. */
  private readonly results = new Map<string, ToolEvent>();

  constructor(private readonly input: AnswerStreamInput) {
    this.serverCalls = new Map(input.serverCalls);
    this.door = new Door(input.entry, answerForms(secretsOf(input.access)));
  }

  /** The content blocks so far; the last may be incomplete. */
  get content(): readonly Anthropic.ContentBlock[] {
    return this.door.content;
  }

  /** The same, as they came in. */
  get blocks(): readonly OpenBlock[] {
    return this.door.blocks;
  }

  /** How much of it there is: grows with each piece. */
  get size(): number {
    return this.door.size;
  }

  /** True once the API has taken the request: it may be billed. */
  get begun(): boolean {
    return this.door.begun;
  }

  /** What was used, as it was said; of an answer that broke off, as its beginning said it. */
  get usage(): TokenUsage {
    return tokenUsage(this.message === null ? this.door.usage : this.door.finalUsage);
  }

  /** Why the cache missed; undefined where the request did not ask, or nothing arrived. */
  get diagnostics(): unknown {
    return this.input.request.diagnostics === undefined ? undefined : this.door.diagnostics;
  }

  /** JSON of what was asked, as far as its size goes. */
  get sent(): string {
    const { tools, system, messages } = this.input.request;
    return JSON.stringify([tools, system, messages]);
  }

  get messageId(): string | null {
    return this.door.messageId;
  }

  /** What was left out of the answer, in words. */
  get dropped(): readonly LocalizableMessage[] {
    return [...this.door.dropped].map(([kind, count]) => droppedMessage(kind, count));
  }

  /** The inputs of calls that cannot be run, as they came: by the place of the block. */
  get broken(): ReadonlyMap<number, string> {
    return new Map(
      this.door.blocks.flatMap(({ index, broken }) => (broken === null ? [] : [[index, broken] as const])),
    );
  }

  /** The line of a call of the API's own tools, once its input is all there; nothing for any other block. */
  *callEvents(block: Anthropic.ContentBlock, key: string): Generator<ChatEvent> {
    const served = serverBlock(block);
    if (served === null || !isServerCall(served)) return;
    yield callEvent(served, key, this.input.answer, this.results.get(key));
  }

  /** Per content block, ms from first to last byte. */
  get durations(): readonly (number | null)[] {
    return this.door.blocks.map((_, index) => this.ended[index] ?? null);
  }

  /** Yields events until the answer is whole. Throws a TurnFailureError, or the signal's reason when aborted. */
  async *events(signal: AbortSignal): AsyncGenerator<ChatEvent> {
    const { clock } = this.input;
    this.askedAt = clock.now();
    const attempt = new AbortController();
    const abort = (): void => attempt.abort();
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    let lastByte = clock.now();
    let stalledFor: number | null = null;
    // Wall-clock time: after sleep the first tick sees how long nothing came, and the dead stream is closed at once.
    const stopWatching = clock.every(1000, () => {
      const quiet = clock.now() - lastByte;
      if (quiet <= stallMs || stalledFor !== null) return;
      stalledFor = quiet;
      attempt.abort();
    });
    try {
      yield* this.read(attempt.signal, () => {
        lastByte = clock.now();
      });
      signal.throwIfAborted();
    } catch (error) {
      yield* this.breakOff();
      signal.throwIfAborted();
      this.error = error;
      const failure = stalledFor === null ? failureOf(error) : stalledFailure(stalledFor);
      throw new TurnFailureError({ ...failure, partial: this.door.blocks.length > 0 }, { cause: error });
    } finally {
      // Where nobody takes the events any more.
      for (const _ of this.breakOff());
      stopWatching();
      signal.removeEventListener('abort', abort);
      if (this.message === null) attempt.abort();
    }
  }

  private *breakOff(): Generator<ChatEvent> {
    if (this.message !== null) return;
    for (const event of this.door.breakOff()) yield* this.translate(event);
  }

  private async *read(signal: AbortSignal, onActivity: () => void): AsyncGenerator<ChatEvent> {
    const { request, access, fetch, why = 'a step of a turn' } = this.input;
    const { door } = this;
    const response = await orAborted(openStream(request, { access, fetch, why, signal }), signal);
    this.requestId = response.headers.get('request-id');
    onActivity();
    const arriving = readBody(response, signal);
    const slice = new TimeSlice();
    try {
      for await (const arrived of arriving) {
        signal.throwIfAborted();
        if (arrived.kind === 'bytes') onActivity();
        else for (const event of door.take(arrived.frame)) yield* this.translate(event);
        if (door.tooMuch) throw tooLarge();
        if (door.error !== null && door.stopReason === null) throw errorOf(door.error, response.headers);
        if (door.whole) break;
        if (slice.isOver) await slice.yieldToOthers();
      }
      signal.throwIfAborted();
    } catch (error) {
      // A whole answer is one, however its connection ends.
      if (signal.aborted || door.stopReason === null || isOurs(error)) throw error;
    } finally {
      void arriving.return(undefined).catch(() => undefined);
    }
    if (!door.whole && door.stopReason === null) {
      throw new TurnFailureError(localFailure('connectionLost', failureStrings.endedEarly()));
    }
    for (const event of door.finish()) yield* this.translate(event);
    const { stopReason, stopDetails } = door;
    this.message = {
      content: [...door.content],
      stop_reason: stopReason as Anthropic.StopReason | null,
      stop_details: refusalOf(stopDetails),
    };
  }

  private *translate(event: DoorEvent): Generator<ChatEvent> {
    const { answer, entry, clock } = this.input;
    const now = clock.now();
    const key = partKey(entry, event.index);
    switch (event.kind) {
      case 'started': {
        this.started[event.index] = now;
        const block = this.door.blocks[event.index]?.block as unknown as Anthropic.ContentBlock;
        const served = serverBlock(block);
        if (served !== null) {
          const change = serverEvents(served, key, answer, this.serverCalls);
          if (change.type === 'tool') this.results.set(change.key, change);
          yield asItStreams(change);
          yield { type: 'activity', activity: { kind: 'tools', since: now } };
        }
        const part = openPart(block, key);
        if (part === null) return;
        yield { type: 'partStarted', answer, part };
        yield { type: 'activity', activity: activityOf(part, now) };
        return;
      }
      case 'delta':
        yield { type: 'delta', answer, key, text: event.text };
        return;
      case 'ended': {
        const durationMs = now - (this.started[event.index] ?? now);
        this.ended[event.index] = durationMs;
        yield { type: 'partEnded', answer, key, durationMs };
        yield* this.callEvents(this.door.blocks[event.index]?.block as unknown as Anthropic.ContentBlock, key);
        return;
      }
      case 'cited':
        yield { type: 'cited', answer, key, citations: citationsOf(this.door.blocks[event.index]?.block['citations']) };
        return;
      default:
        event satisfies never;
    }
  }
}

function isOurs(error: unknown): boolean {
  return error instanceof TurnFailureError;
}

/** Why an answer was declined, as far as it was said. */
function refusalOf(details: unknown): Anthropic.RefusalStopDetails | null {
  if (!isObject(details)) return null;
  const word = (value: unknown): string | null => (typeof value === 'string' ? value.toWellFormed() : null);
  const said = { category: word(details['category']), explanation: word(details['explanation']) };
  return { ...said, type: 'refusal' } as Anthropic.RefusalStopDetails;
}

function droppedMessage(kind: DroppedKind, count: number): LocalizableMessage {
  switch (kind) {
    case 'blocks':
    case 'frames':
      return coreStrings.partsDropped(count);
    case 'beyond':
      return coreStrings.tooManyParts(maxBlocks);
  }
}

/** As it is shown while it streams. */
function openPart(block: Anthropic.ContentBlock, key: string): Part | null {
  const part = partOf(block, key, null, true);
  if (part?.type === 'tool') return { ...part, input: '' };
  return part?.type === 'text' || part?.type === 'thinking' ? { ...part, open: true } : part;
}

/** A call's input is on its way; any other block is whole. */
function asItStreams(event: ChatEvent): ChatEvent {
  if (event.type !== 'partStarted' || event.part.type !== 'tool' || event.part.status !== 'running') return event;
  return { ...event, part: { ...event.part, status: 'preparing', input: '' } };
}

function activityOf(part: Part, since: number): Activity {
  if (part.type === 'thinking') return { kind: 'thinking', since };
  return { kind: part.type === 'tool' ? 'tools' : 'writing', since };
}
