/**
 * Plays a trace in memory: the product's own openTurn, planRequest and tools over a list of entries, priced by a ledger
 * at once. No store, no socket, no stream and no composer, so that hundreds of days are played in a minute;
 * `unit/bench/simulate` holds its requests equal to those of the real controller (player.ts).
 */
import type Anthropic from '@anthropic-ai/sdk';
import { digestOf } from '../../../src/core/base/digest';
import type { PauseHistogram } from '../../../src/core/base/pauseHistogram';
import type { ChatSettings } from '../../../src/core/base/settings';
import { changesSince, seenIfKnown } from '../../../src/core/context/context';
import type { ContextNow } from '../../../src/core/context/editorContext';
import { filesNow, withClosed } from '../../../src/core/context/seenFiles';
import { questionPlace } from '../../../src/core/cost/questionPlace';
import { tokenUsage, usdOf } from '../../../src/core/models/cost';
import { effortFor, type Model, modelOf } from '../../../src/core/models/models';
import { planRequest } from '../../../src/core/prompt/request';
import type { AssistantEntry, ContextFile, Entry, NewEntry, UserBlock } from '../../../src/core/record/record';
import type { Store } from '../../../src/core/record/store';
import { runTool, toolDefinitions, tools } from '../../../src/core/tools/all';
import { noOthers, ownToolsJson } from '../../../src/host/pricing/conversationTools';
import { freshSnapshotNow } from '../../../src/host/pricing/nextTurn';
import { openTurn } from '../../../src/host/pricing/openTurn';
import { Pauses } from '../../../src/host/pricing/pauses';
import { askedOf } from '../../../src/host/pricing/systemPrefixCache';
import type { TokenCalibrationStore } from '../../../src/host/pricing/tokenCalibrationStore';
import type { NextCost } from '../../../src/shared/nextCost';
import type { CacheLedger } from '../../fakeClaude/ledger';
import type { RequestBody } from '../../fakeClaude/wire';
import { noPorts } from '../../unit/tools/fakeLanguages';
import { ledgerOf, paidFor, type Rule, type Sent } from './bill';
import { Desk } from './desk';
import { calibrationOf, SimulatedComposer } from './simulatedComposer';
import { Turns } from './simulatedTurns';
import { type Ask, model as modelId, type Said, Teller } from './story';
import { summarized } from './summarized';
import type { StepSpec, Trace } from './trace';
import { written } from './writtenAnswer';

/** A turn that was played. */
export interface SimulatedTurn {
  readonly conversation: number;
  /** The path before it, and with all that it added. */
  readonly before: readonly Entry[];
  readonly after: readonly Entry[];
  /** When its first request started, ms. */
  readonly at: number;
  /** Of all its requests, input and output, in US dollars. */
  readonly usd: number;
  /** The same of its input alone, and of the input of its first request. */
  readonly inputUsd: number;
  readonly firstUsd: number;
  /** What the composer showed right before; null for a question of a command. */
  readonly shown: NextCost | null;
  /** Whether the cost line would have offered the summary that was made before it; null where none was. */
  readonly offered: boolean | null;
}

export interface Simulated {
  readonly requests: readonly Sent[];
  /** Input side, in tokens of base input. */
  readonly paid: number;
  readonly turns: readonly SimulatedTurn[];
}

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const never = new AbortController().signal;
const day = 24 * 3_600_000;
/** No trace begins when the world does. */
const begin = Date.UTC(2026, 0, 5, 9);

/** How a trace is played otherwise than it would be. */
export interface Ways {
  /** The user goes on from a summary wherever a message is dear. */
  readonly summarizes?: boolean;
  /** Each open tab goes along by itself whenever it was opened, and a closed one is told. */
  readonly everyTab?: boolean;
  /** A selection is explained in the open chat, and what is open goes along. */
  readonly explainsHere?: boolean;
}

/** Plays a trace, and the days before it. */
export async function simulate(trace: Trace, rule: Rule, ways: Ways = {}): Promise<Simulated> {
  const ledger = ledgerOf(rule);
  const turns = new Turns();
  let start = begin;
  for (let past = trace.daysBefore ?? 0; past > 0; past -= 1) {
    await new Simulation(trace, ledger, turns, start, ways).play();
    start += day;
  }
  return new Simulation(trace, ledger, turns, start, ways).play();
}

class Simulation {
  readonly #sent: Sent[] = [];
  readonly #played: SimulatedTurn[] = [];
  #paid = 0;
  #now: number;
  readonly #start: number;
  #path: readonly Entry[] = [];
  #composer: SimulatedComposer;
  #conversation = 0;
  readonly #blobs = new Map<string, string>();
  readonly #model: Model = modelOf(modelId);
  readonly #pauses: Pauses;
  readonly #tokens: TokenCalibrationStore;
  #settings: ChatSettings;

  constructor(
    private readonly trace: Trace,
    private readonly ledger: CacheLedger,
    /** Of all conversations, as the store has them. */
    private readonly turns: Turns,
    start: number,
    private readonly ways: Ways,
  ) {
    this.#now = start;
    this.#start = start;
    const effort = trace.effort ?? 'high';
    this.#settings = { model: modelId, thinkingDisplay: 'summarized', maxTokens: null, effort };
    const store = { recentTurns: async (limit: number) => turns.recent(limit) } as unknown as Store;
    this.#pauses = new Pauses({ store, clock: this.#clock, log: quiet });
    this.#tokens = calibrationOf(turns.values);
    this.#composer = this.#newComposer();
  }

  #newComposer(): SimulatedComposer {
    const settings = (): ChatSettings => this.#settings;
    return new SimulatedComposer({
      clock: this.#clock,
      settings,
      model: this.#model,
      tokens: this.#tokens,
      pauses: this.#pauses,
    });
  }

  readonly #clock = {
    now: () => this.#now,
    sleep: () => Promise.resolve(),
    every: () => () => undefined,
  };

  get #asked(): string {
    return askedOf(modelId, effortFor(this.#model, this.#settings.effort));
  }

  #startNew(): void {
    this.#path = [];
    this.#composer = this.#newComposer();
    this.#conversation += 1;
  }

  async play(): Promise<Simulated> {
    const { trace } = this;
    const desk = await Desk.of(trace);
    const teller = new Teller(desk);
    await this.#tokens.load();
    for (const event of trace.events) {
      switch (event.do) {
        case 'pause':
          this.#now += event.seconds * 1000;
          break;
        case 'newConversation':
          this.#startNew();
          break;
        case 'effort':
          this.#settings = { ...this.#settings, effort: event.level };
          break;
        case 'send':
        case 'explain':
          await this.#turn(event, desk, teller);
          break;
        default:
          await desk.apply(event);
      }
    }
    return { requests: this.#sent, paid: this.#paid, turns: this.#played };
  }

  async #turn(ask: Ask, desk: Desk, teller: Teller): Promise<void> {
    const content = await this.#content(ask, desk, teller);
    const onlyFiles = ask.do === 'explain' ? await this.#place(ask.file, content, desk) : undefined;
    const open = await desk.editors.current();
    const summary =
      this.ways.summarizes === true
        ? summarized(this.#path, open, this.#now, this.#model, this.#blobs, this.ledger)
        : null;
    if (summary !== null) this.#append([summary.entry]);
    const before = this.#path;
    const at = this.#now;
    const context = (): Promise<ContextNow> => this.#context(desk);
    const shown = ask.do === 'explain' ? null : await this.#shown(before, await context(), content);
    const chosen = { cost: this.#composer.cost, tools: { offered: noOthers }, now: context };
    const deps = {
      models: { of: () => this.#model } as never,
      settings: () => this.#settings,
      clock: this.#clock,
      log: quiet,
    };
    const pauseHistogram = await this.#pauses.now();
    const rule = freshSnapshotNow(before, pauseHistogram, deps, chosen);
    const warm = async (now: ContextNow): Promise<readonly ContextFile[] | null> =>
      this.#tokens.prefixes.beginning(this.#asked, ownToolsJson, now, this.#now, this.#composer.cost)?.files ?? null;
    const words = { content, auto: undefined, model: modelId, ...(onlyFiles && { onlyFiles }) };
    this.#append(await openTurn(words, before, chosen, { log: quiet }, never, rule, warm));
    this.turns.begun(this.#now, before, `${this.#start} ${this.#conversation}`);
    const offered = summary?.isOffered ?? null;
    let usd = summary?.usd ?? 0;
    let inputUsd = summary?.inputUsd ?? 0;
    let firstUsd: number | null = null;
    this.#paid += (inputUsd * 1_000_000) / (this.#model.prices?.input ?? 1);
    for (const [index, step] of ask.answer.entries()) {
      const answer = await this.#step(step, { teller, desk, pauseHistogram, isLast: index === ask.answer.length - 1 });
      usd += answer.usd ?? 0;
      const asked = usdOf(this.#model, { ...answer.usage, output: 0 }) ?? 0;
      inputUsd += asked;
      firstUsd ??= asked;
      this.turns.answered(this.#now, index, ask.answer.length, answer.usd ?? 0);
    }
    this.#append([{ kind: 'end', outcome: { kind: 'done' } }]);
    await this.#tokens.learnTurn(this.#path, this.#model, effortFor(this.#model, this.#settings.effort), ownToolsJson);
    this.#pauses.turnEnded();
    // What was learnt of the turn is there before the next begins.
    await new Promise((resolve) => setImmediate(resolve));
    this.#played.push({
      conversation: this.#conversation,
      before,
      after: this.#path,
      at,
      usd,
      inputUsd,
      firstUsd: firstUsd ?? 0,
      shown,
      offered,
    });
  }

  /** The editors as they are, with the files that were told and are closed. */
  async #context(desk: Desk): Promise<ContextNow> {
    const { whole, ...current } = await desk.editors.current();
    if (this.ways.everyTab === true) return current;
    const told = [...(seenIfKnown(this.#path)?.files.keys() ?? [])];
    return withClosed({ ...current, ...(whole === undefined ? {} : { whole }) }, told, (uris) =>
      desk.editors.read(uris),
    );
  }

  /** Where a selection is explained, as the command decides it (askAtOnce.ts): the files that go along with a new chat. */
  async #place(file: string, content: readonly UserBlock[], desk: Desk): Promise<readonly string[] | undefined> {
    if (this.ways.explainsHere === true) return undefined;
    const onlyFiles = [`file:///work/${file}`];
    if (this.#path.length === 0) return onlyFiles;
    const path = this.#path;
    const message = { path, seen: seenIfKnown(path), context: await this.#context(desk), draft: '', attached: content };
    if (questionPlace(await this.#composer.usd(message, onlyFiles)) === 'current') return undefined;
    this.#startNew();
    return onlyFiles;
  }

  #shown(path: readonly Entry[], context: ContextNow, content: readonly UserBlock[]): Promise<NextCost> {
    const attached = content.filter(({ type }) => type !== 'text');
    const words = content.find((block) => block.type === 'text');
    const draft = words?.type === 'text' ? words.text : '';
    return this.#composer.shown({ path, seen: seenIfKnown(path), context, draft, attached });
  }

  async #content(ask: Ask, desk: Desk, teller: Teller): Promise<readonly UserBlock[]> {
    if (ask.do === 'explain') {
      await desk.apply({ do: 'select', file: ask.file, from: ask.from, to: ask.to });
      const { selection } = await desk.editors.current();
      return [
        ...(selection === null ? [] : [{ type: 'selection' as const, selection }]),
        { type: 'text', text: teller.words(ask) },
      ];
    }
    const images = (ask.images ?? []).map(({ width, height }, index): UserBlock => {
      const bytes = teller.image(width, height);
      const data = bytes.toString('base64');
      const blob = digestOf(data);
      this.#blobs.set(blob, data);
      return {
        type: 'image',
        blob,
        mediaType: 'image/png',
        width,
        height,
        name: `shot${index}.png`,
        bytes: bytes.length,
      };
    });
    return [...images, { type: 'text', text: teller.words(ask) }];
  }

  async #step(
    spec: StepSpec,
    {
      teller,
      desk,
      pauseHistogram,
      isLast,
    }: {
      readonly teller: Teller;
      readonly desk: Desk;
      readonly pauseHistogram: PauseHistogram;
      readonly isLast: boolean;
    },
  ): Promise<AssistantEntry> {
    const askedAt = this.#now;
    const planned = planRequest({
      path: this.#path,
      model: this.#model,
      settings: this.#settings,
      tools: toolDefinitions(tools),
      blobs: this.#blobs,
      times: {
        now: askedAt,
        pauseHistogram,
        held: (texts) => this.#tokens.prefixes.readable(this.#asked, ownToolsJson, texts, askedAt).texts,
      },
      address: 'http://127.0.0.1',
      memo: this.#composer.cost,
    });
    // What a later request must not change is what goes over the wire.
    const body = JSON.parse(JSON.stringify({ ...planned.request, stream: true })) as RequestBody;
    const pass = this.ledger.play(body, askedAt);
    this.#sent.push({ at: askedAt, body });
    this.#paid += paidFor(pass.model, pass.usage);
    const said = teller.say(spec);
    const { message } = await written(said, body, pass, this.ledger);
    this.#now += spec.seconds * 1000;
    for (const inner of spec.meanwhile ?? []) await desk.apply(inner);
    const usage = tokenUsage(message.usage);
    const [answer] = this.#append([
      {
        kind: 'assistant',
        content: message.content as unknown as Anthropic.ContentBlock[],
        stopReason: message.stop_reason,
        partial: null,
        refusal: null,
        usage,
        usd: usdOf(this.#model, usage),
        model: modelId,
        effort: effortFor(this.#model, this.#settings.effort),
        askedAt,
        ttl: planned.ttl,
        anchor: planned.longLived,
        held: planned.held,
        messageId: message.id,
        requestId: null,
        durations: message.content.map(() => spec.seconds * 1000),
      },
    ]) as readonly [AssistantEntry];
    if (!isLast) await this.#results(said, desk);
    return answer;
  }

  async #results(said: Said, desk: Desk): Promise<void> {
    for (const { id, name, input } of said.calls) {
      const tool = tools.find((one) => one.name === name);
      if (tool === undefined) throw new Error(`there is no tool ${name}`);
      const { content } = await runTool(tool, input, { workspace: desk.editors, ...noPorts }, never);
      this.#append([
        { kind: 'toolResult', toolUseId: id, content, isError: false, cancelled: false, label: '' as never } as never,
      ]);
    }
    // As in core/turn/turn.ts: within a loop only files that the model has seen are looked at again.
    const seen = seenIfKnown(this.#path);
    if (seen === null || seen.files.size === 0) return;
    const uris = [...seen.files.keys()];
    const now = filesNow(uris, await desk.editors.read(uris));
    const context = { project: [...seen.project.values()], ...now, selection: seen.selection };
    const changes = changesSince(seen, context, this.#composer.cost);
    if (changes.length > 0) this.#append([{ kind: 'change', changes }]);
  }

  #append(news: readonly NewEntry[]): readonly Entry[] {
    const added: Entry[] = [];
    for (const entry of news) {
      const parent = (added.at(-1) ?? this.#path.at(-1))?.id ?? null;
      this.turns.entries += 1;
      added.push({ ...entry, id: `entry${this.turns.entries}`, parent, at: this.#now } as Entry);
    }
    this.#path = [...this.#path, ...added];
    return added;
  }
}
