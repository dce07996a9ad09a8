/**
 * Plays a trace through the real controller, its store and its request builder, against the fake API over HTTP. Time
 * is virtual on both sides: it passes while an answer streams, and in the trace's pauses.
 */
import type { ChatSettings, Effort } from '../../../src/core/base/settings';
import { askAtOnce } from '../../../src/host/commands/askAtOnce';
import type { ChatController } from '../../../src/host/session/controller';
import type { ComposerState, HostToView } from '../../../src/shared/protocol';
import { VirtualClock } from '../../fakeClaude/clock';
import type { RecordedRequest } from '../../fakeClaude/record';
import { type Reply, reply } from '../../fakeClaude/script';
import { type FakeClaude, startFakeClaude } from '../../fakeClaude/server';
import type { ProfileName } from '../../fakeClaude/tokens';
import { PlayClock, settled } from '../../fakeClaude/windowClock';
import { type Chat, closeChat, openChat, temporaryFolder } from '../../unit/core/kit';
import { Desk } from './desk';
import { type Ask, model, type Said, Teller } from './story';
import type { StepSpec, Trace } from './trace';

export interface PlayOptions {
  readonly profile: ProfileName;
  readonly appendedImagesKeepCache: boolean;
  /** False: an entry lives no longer than those it was written onto. */
  readonly entriesLiveAlone?: boolean;
  /** True: the user asks for an exact count before each message. */
  readonly countFirst?: boolean;
  /** On top of the defaults. */
  readonly settings?: Partial<ChatSettings>;
}

type NextCost = ComposerState['next'];

/** A message that was sent from the composer. */
export interface Asked {
  /** Its place among the trace's turns. */
  readonly turn: number;
  /** Its place among the conversation's turns, counted from 0. */
  readonly inConversation: number;
  /** What the composer showed right before. */
  readonly shown: NextCost;
  /** What the first request of its turn was billed, input side, in US dollars. */
  readonly billedUsd: number;
  /** What the whole turn was billed, in US dollars. */
  readonly turnUsd: number;
}

export interface Played {
  readonly requests: readonly RecordedRequest[];
  /** Input side, in tokens of base input. */
  readonly paid: number;
  readonly asked: readonly Asked[];
  /** When each request started, ms since the trace began. */
  readonly times: readonly number[];
  /** The conversation of each turn, counted from 0. */
  readonly conversations: readonly number[];
}

/** Opus 4.8 (API-FACTS §7.3). */
export const inputUsdPerToken = 5 / 1e6;

const day = 24 * 3_600_000;
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

export async function play(trace: Trace, options: PlayOptions): Promise<Played> {
  const clock = new VirtualClock();
  const fake = await startFakeClaude({
    clock,
    profile: options.profile,
    switches: {
      appendedImagesKeepCache: options.appendedImagesKeepCache,
      entriesLiveAlone: options.entriesLiveAlone ?? true,
    },
    wire: 'frames',
  });
  const folder = await temporaryFolder();
  try {
    const player = new Player(trace, options, fake, new PlayClock(clock), folder.path);
    for (let past = trace.daysBefore ?? 0; past > 0; past -= 1) {
      const start = clock.now();
      await player.playOnce();
      await player.pass(start + day - clock.now());
    }
    return await player.playOnce();
  } finally {
    await fake.close();
    folder.remove();
  }
}

class Player {
  #chat: Chat | null = null;
  #shown: ReplayCursor | null = null;
  #desk: Desk | null = null;
  #teller: Teller | null = null;
  #effort: Effort = 'high';
  /** Conversations of this day. */
  #begun = 0;
  /** Steps that were not asked for yet. */
  #steps: StepSpec[] = [];

  constructor(
    private readonly trace: Trace,
    private readonly options: PlayOptions,
    private readonly fake: FakeClaude,
    private readonly clock: PlayClock,
    private readonly folder: string,
  ) {
    fake.answerWith(() => this.#answer());
  }

  pass(ms: number): Promise<void> {
    return this.clock.pass(ms);
  }

  /** One day: a new window on the store, and a new conversation in it. */
  async playOnce(): Promise<Played> {
    const { fake, trace, clock } = this;
    const start = clock.now();
    const before = { requests: fake.messages.length, billed: fake.usageLog.length };
    this.#desk = await Desk.of(trace);
    this.#teller = new Teller(this.#desk);
    this.#effort = trace.effort ?? 'high';
    this.#chat = await this.#open(this.#desk);
    this.#begun = 0;
    const { conversations } = this.#chat;
    this.#show(await conversations.startNew());
    const asked: Asked[] = [];
    const places: number[] = [];
    for (const event of trace.events) {
      switch (event.do) {
        case 'pause':
          await clock.pass(event.seconds * 1000);
          break;
        case 'newConversation':
          this.#show(await conversations.startNew());
          break;
        case 'effort':
          this.#effort = event.level;
          break;
        case 'send':
        case 'explain': {
          const first = fake.usageLog.length;
          const shown = await this.#ask(event);
          const billed = fake.usageLog[first];
          if (billed === undefined) throw new Error('a turn ended without a request');
          const turnUsd = fake.usageLog
            .slice(first)
            .reduce((sum, { inputUsd, outputUsd, searchUsd }) => sum + inputUsd + outputUsd + searchUsd, 0);
          const turn = places.length;
          const place = this.#begun - 1;
          const inConversation = places.filter((other) => other === place).length;
          if (shown !== null) asked.push({ turn, inConversation, shown, billedUsd: billed.inputUsd, turnUsd });
          places.push(place);
          break;
        }
        default:
          await this.#desk.apply(event);
      }
    }
    if (this.#chat.errors.length > 0) throw new Error(this.#chat.errors.join('\n'));
    await closeChat(this.#chat);
    const [refusal] = fake.refusals;
    if (refusal !== undefined) throw new Error(`the fake API refused a request: ${refusal.response?.error}`);
    const requests = fake.messages.slice(before.requests);
    const bill = fake.usageLog.slice(before.billed);
    return {
      requests,
      paid: bill.reduce((sum, { inputUsd }) => sum + inputUsd, 0) / inputUsdPerToken,
      asked,
      times: requests.map(({ at }) => at - start),
      conversations: places,
    };
  }

  async #open(desk: Desk): Promise<Chat> {
    return openChat({
      url: this.fake.url,
      folder: this.folder,
      editors: desk.editors,
      model,
      settings: () => ({ ...this.options.settings, effort: this.#effort }),
      clock: this.clock,
      fetch: (input, init) => this.#fetch(input, init),
    });
  }

  #show(controller: ChatController): void {
    this.#begun += 1;
    this.#shown?.leave();
    this.#shown = new ReplayCursor(controller);
  }

  /** Asks and waits for the turn's end. What the composer showed before; null for a question of a command. */
  async #ask(ask: Ask): Promise<NextCost | null> {
    const desk = given(this.#desk);
    const teller = given(this.#teller);
    this.#steps = [...ask.answer];
    if (ask.do === 'explain') {
      await this.#explain(ask, desk, teller);
      return null;
    }
    const shown = given(this.#shown);
    const { controller } = shown;
    const { conversation } = controller;
    for (const [index, { width, height }] of (ask.images ?? []).entries()) {
      const data = teller.image(width, height).toString('base64');
      controller.handle({ type: 'attach', conversation, name: `shot${index}.png`, mediaType: 'image/png', data });
    }
    const text = teller.words(ask);
    controller.handle({ type: 'draft', conversation, text });
    await shown.until('the attachments', () => shown.composer?.attachments.length === (ask.images ?? []).length);
    await shown.drafted(text);
    const next = this.options.countFirst === true ? await shown.counted() : await shown.refreshed();
    await shown.turn(() => controller.handle({ type: 'send', conversation, text }));
    return next;
  }

  /** As the command does, wherever it asks; what costs much waits for a click, which whoever plays this makes. */
  async #explain(ask: Extract<Ask, { do: 'explain' }>, desk: Desk, teller: Teller): Promise<void> {
    await desk.apply({ do: 'select', file: ask.file, from: ask.from, to: ask.to });
    const selected = desk.selection();
    const file = `file:///work/${ask.file}`;
    const text = teller.words(ask);
    const selection = selected === null ? [] : [{ type: 'selection' as const, selection: { uri: file, ...selected } }];
    const { conversations } = given(this.#chat);
    let ended: Promise<void> = Promise.resolve();
    let session = given(this.#shown).controller;
    const target = {
      forQuestion: async (which: 'current' | 'new') => {
        session = await conversations.forQuestion(which);
        return session;
      },
    };
    const reveal = async (): Promise<void> => {
      if (session !== given(this.#shown).controller) this.#show(session);
      ended = given(this.#shown).turn(() => undefined);
    };
    const question = { which: 'auto', content: [...selection, { type: 'text', text }], file } as const;
    const parts = { keyState: async () => ({ kind: 'saved' }) as never, setKey: async () => undefined, log: quiet };
    await askAtOnce({ target, reveal }, question, parts);
    const { conversation } = session;
    const waiting = session.commandQuestions.shown.queued.find(({ held }) => held);
    if (waiting !== undefined) void session.handle({ type: 'sendQueuedNow', conversation, id: waiting.id });
    await ended;
  }

  /** What the fake says to the next request: the next step. */
  #answer(): Reply {
    const [step] = this.#steps;
    if (step === undefined) throw new Error('more requests came than the trace has steps');
    return replyOf(given(this.#teller).say(step));
  }

  /** Answers of the API arrive in two parts, with the step's time between them. */
  async #fetch(input: Parameters<typeof fetch>[0], init: Parameters<typeof fetch>[1]): Promise<Response> {
    const response = await fetch(input, init);
    if (!response.headers.get('content-type')?.startsWith('text/event-stream')) return response;
    const step = this.#steps[0];
    this.#steps = this.#steps.slice(1);
    const text = await response.text();
    const [first, rest] = cutAfterFirstDelta(text);
    const bytes = new TextEncoder();
    const body = new ReadableStream<Uint8Array>({
      start: async (controller) => {
        controller.enqueue(bytes.encode(first));
        await settled();
        // A long answer says something now and then: no watchdog takes it for dead.
        for (let left = (step?.seconds ?? 0) * 1000; left > 0; left -= 30_000) {
          controller.enqueue(bytes.encode('event: ping\ndata: {"type": "ping"}\n\n'));
          await settled();
          await this.clock.pass(Math.min(left, 30_000));
        }
        for (const event of step?.meanwhile ?? []) await given(this.#desk).apply(event);
        controller.enqueue(bytes.encode(rest));
        controller.close();
      },
    });
    return new Response(body, { status: response.status, headers: response.headers });
  }
}

/** A view of one conversation, as much as is looked at here. */
class ReplayCursor {
  composer: ComposerState | null = null;
  #updates = 0;
  #draft = '';
  #ended = 0;
  #failure: string | null = null;
  readonly leave: () => void;

  constructor(readonly controller: ChatController) {
    this.leave = controller.attach((message) => this.#take(message));
  }

  /** Waits until these words are the draft. */
  async drafted(text: string): Promise<void> {
    await this.until('the draft', () => {
      this.controller.handle({ type: 'resync', conversation: this.controller.conversation });
      return this.#draft === text;
    });
  }

  /** The cost of the next request, after everything was read again. */
  async refreshed(): Promise<NextCost> {
    // Reads that were under way when the draft changed make one more.
    for (let round = 0; round < 2; round += 1) {
      const before = this.#updates;
      this.controller.refreshComposer();
      await this.until('the composer', () => this.#updates > before);
      await settled();
    }
    if (this.composer === null) throw new Error('nothing is shown of the composer');
    return this.composer.next;
  }

  /** The same after the API has counted it. */
  async counted(): Promise<NextCost> {
    await this.refreshed();
    const { conversation } = this.controller;
    this.controller.handle({ type: 'countExactly', conversation });
    const kind = (): string | undefined => this.composer?.next.counted.kind;
    await this.until('the exact count', () => kind() === 'exact' || kind() === 'failed');
    if (this.composer === null || kind() !== 'exact') throw new Error('the API did not count');
    return this.composer.next;
  }

  /** Begins a turn and waits for its end. */
  async turn(begin: () => void): Promise<void> {
    const before = this.#ended;
    begin();
    await this.until('the turn to end', () => this.#ended > before && !this.controller.isBusy);
    if (this.#failure !== null) throw new Error(`a turn did not end well: ${this.#failure}`);
  }

  async until(what: string, check: () => boolean): Promise<void> {
    const end = Date.now() + 20_000;
    while (!check()) {
      if (Date.now() > end) throw new Error(`waited 20 s for ${what}`);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  #take(message: HostToView): void {
    if (message.type === 'snapshot' || message.type === 'composer') {
      this.composer = message.composer;
      this.#updates += 1;
      if (message.type === 'snapshot') this.#draft = message.draft;
    } else if (message.type === 'events') {
      for (const event of message.events) {
        if (event.type !== 'answerEnded') continue;
        this.#ended += 1;
        if (event.outcome.kind !== 'done') this.#failure = JSON.stringify(event.outcome);
      }
    }
  }
}

function replyOf({ thinking, text, calls }: Said): Reply {
  const thought = thinking === null ? reply : reply.thinking(thinking);
  const half = Math.ceil((text ?? '').length / 2);
  const said = text === null ? thought : thought.text(text, { chunks: [text.slice(0, half), text.slice(half)] });
  return calls.reduce((sum, { name, input, id }) => sum.toolUse(name, input, id), said);
}

/** Up to and with the first delta, and the rest. */
function cutAfterFirstDelta(frames: string): readonly [string, string] {
  const delta = frames.indexOf('event: content_block_delta');
  const end = frames.indexOf('\n\n', delta) + 2;
  return delta === -1 ? [frames, ''] : [frames.slice(0, end), frames.slice(end)];
}

function given<T>(value: T | null): T {
  if (value === null) throw new Error('the player has not begun');
  return value;
}
