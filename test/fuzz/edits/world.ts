/** The world of a case: what is done in its windows, and what must hold whenever nothing runs. */
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { EditsEntry } from '../../../src/core/record/record';
import { stateOf } from '../../../src/core/transcript/transcript';
import type { ReviewHunk } from '../../../src/shared/edits';
import { reply } from '../../fakeClaude/script';
import type { FakeClaude } from '../../fakeClaude/server';
import { settled } from '../../fakeClaude/windowClock';
import { FakeView } from '../../unit/core/kit';
import type { Window } from '../history/window';
import type { MemoryStore } from '../localStore';
import type { Act, Plan } from './acts';
import { checkDecided, type Shown } from './decided';
import { asked } from './model';
import { checkRecord, lastWords, toldOf } from './record';
import { Stage } from './stage';
import { decoded } from './texts';

type Decide = Extract<Act, { do: 'decide' }>;
type TurnAct = Extract<Act, { do: 'turn' }>;

export class World {
  readonly #stage: Stage;
  #files = 0;
  #turns = 0;
  #reloaded = false;

  constructor(
    private readonly fake: FakeClaude,
    folder: string,
    private readonly plan: Plan,
    memory: MemoryStore,
  ) {
    this.#stage = new Stage(fake, folder, plan, memory);
  }

  /** Plays the acts. What it throws says what the record has of the files. */
  async play(): Promise<void> {
    try {
      await this.#play();
    } catch (error) {
      const [window] = this.#stage.open;
      const stored = await window?.chat.opened.load(window.view.controller.conversation);
      if (error instanceof Error) error.message += `\n${toldOf(stored?.path ?? [])}`;
      throw error;
    }
  }

  async #play(): Promise<void> {
    const stage = this.#stage;
    // Both windows show this conversation.
    const { controller } = (await stage.at(0)).view;
    this.fake.enqueue(reply.text('Hello.'));
    await controller.handle({ type: 'send', conversation: controller.conversation, text: 'Hello.' });
    await stage.settle();
    for (const act of this.plan.acts) {
      // A branch that was begun and left again is known by its time: nobody does two things in one millisecond.
      await stage.pass(1);
      await this.#do(act);
      // In the middle of a write there are new bytes in front of old ones.
      if (!stage.isWriting) stage.truth.check();
      if (act.do === 'settle' || act.do === 'decide' || act.do === 'reload') await this.#check();
    }
    stage.disarm();
    await this.#check();
    for (const index of [0, 1] as const) await stage.close(index);
    this.#reloaded = true;
    const window = await stage.at(0);
    await this.#check();
    await this.#undoAll(window);
    await stage.close(0);
  }

  async #do(act: Act): Promise<void> {
    const stage = this.#stage;
    const window = await stage.at(act.window);
    const { controller } = window.view;
    const { conversation } = controller;
    switch (act.do) {
      case 'turn':
        return this.#turn(window, act);
      case 'answer':
        return stage.answer(window, act.which, act.how);
      case 'stop':
        await settled(act.rounds);
        void controller.handle({ type: 'stop', conversation });
        return settled();
      case 'settle':
        return stage.settle();
      case 'reload':
        await stage.settle();
        await stage.close(act.window);
        await stage.at(act.window);
        return;
      case 'kill':
        await stage.kill(act.window);
        await stage.at(act.window);
        return;
      case 'retry':
        await stage.settle();
        void (await stage.at(act.window)).view.controller.handle({ type: 'retry', conversation });
        return settled();
      case 'walk':
        if (act.settled) await stage.settle();
        return this.#walk(await stage.at(act.window), act.which);
      case 'decide':
        await stage.settle();
        return this.#decide(await stage.at(act.window), act);
      case 'meanwhile':
      case 'dieAt':
      case 'storeFails':
        return stage.arm(act);
      case 'formatter':
        stage.editors[act.window].format = act.on ? (text) => text.replace(/[ \t]+(?=\r?$)/gm, '') : (text) => text;
        return;
      default:
        // Nobody can see what comes between a look and the write behind it: that is tried where both wait (`meanwhile`).
        for (let left = 30; left > 0 && stage.isWriting; left -= 1) await delay(1);
        stage.byHand(stage.editors[act.window], act);
    }
  }

  async #turn(window: Window, act: TurnAct): Promise<void> {
    const { controller } = window.view;
    const { conversation } = controller;
    const { desk, truth } = this.#stage;
    const editors = this.#stage.editorsOf(window);
    const texts = new Map(
      desk.names.map((name) => [name, editors.unsaved(name) ?? decoded(desk.bytes(name) ?? Buffer.of())]),
    );
    const next = {
      line: () => this.#stage.tag('m'),
      file: () => {
        this.#files += 1;
        return `n${this.#files}.txt`;
      },
    };
    const { replies, taken, deleted } = asked(act.steps, texts, next);
    if (!controller.isRunning) this.fake.enqueue(...replies);
    truth.asks(taken, deleted);
    await controller.handle({ type: 'setReview', conversation, atEnd: act.atEnd });
    this.#turns += 1;
    const text = `Change it ${this.#turns}.`;
    const users = window.view.state.items.filter(({ type }) => type === 'user');
    const user = act.instead === null ? undefined : users.at(-1 - act.instead);
    if (user === undefined) void controller.handle({ type: 'send', conversation, text });
    else {
      truth.unknown(await this.#settledFrom(window, user.id));
      void controller.handle({ type: 'editMessage', conversation, id: user.id, text });
    }
    await settled(act.rounds);
    await delay(act.rounds % 4);
  }

  async #walk(window: Window, which: number): Promise<void> {
    const { controller, state } = window.view;
    const { conversation } = controller;
    const ways = state.branches.flatMap(({ previous, next }) => [previous, next]).filter((to) => to !== null);
    const to = ways[which % Math.max(1, ways.length)];
    if (to === undefined) return;
    const { truth } = this.#stage;
    const before = (await window.chat.opened.load(conversation))?.path ?? [];
    await this.#stage.ask(window, { type: 'walk', conversation, to });
    const after = (await window.chat.opened.load(conversation))?.path ?? [];
    const shown = new Set(after.map(({ id }) => id));
    // As where turns are cut off: what was kept of those that are left stays, and nobody tells.
    truth.unknown(this.#settledNames(lastWords(before.filter(({ id }) => !shown.has(id)))));
  }

  /** Files of which this turn and those behind it left nothing to decide: what was kept stays when they are cut off, and nobody tells. */
  async #settledFrom(window: Window, turn: string): Promise<readonly string[]> {
    const path = (await window.chat.opened.load(window.view.controller.conversation))?.path ?? [];
    const cut = new Set(path.slice(path.findIndex(({ id }) => id === turn)).map(({ id }) => id));
    return this.#settledNames(lastWords(path).filter(({ turn }) => cut.has(turn)));
  }

  #settledNames(words: readonly EditsEntry[]): readonly string[] {
    const files = words.flatMap((word) => word.files);
    const uris = files.flatMap(({ uri, from = uri, open }) => (open === 0 ? [uri, from] : []));
    return uris.map((uri) => this.#stage.desk.nameOf(uri));
  }

  async #decide(window: Window, act: Decide): Promise<void> {
    const stage = this.#stage;
    const { conversation } = window.view.controller;
    const words = lastWords((await window.chat.opened.load(conversation))?.path ?? []);
    const said = words.at(-1 - act.turn);
    if (said === undefined) return;
    const { turn, files } = said;
    const file = act.file === null ? null : (files[act.file % Math.max(1, files.length)] ?? null);
    const meant = (file === null ? files : [file]).filter(({ open }) => open > 0);
    const before: Shown[] = [];
    for (const one of meant) {
      const { uri } = one;
      const hunks = await stage.ask<readonly ReviewHunk[]>(window, {
        type: 'editHunks',
        conversation,
        answer: turn,
        uri,
      });
      if (hunks === null) return;
      const name = stage.desk.nameOf(uri);
      const from = one.from === undefined ? null : stage.desk.nameOf(one.from);
      before.push({ name, from, file: one, content: stage.content(window, name), hunks: hunks.ok ? hunks.value : [] });
    }
    const hunk =
      file === null || act.hunk === null
        ? null
        : (before[0]?.hunks[act.hunk % Math.max(1, before[0].hunks.length)] ?? null);
    const names = before.flatMap(({ name, from }) => (from === null ? [name] : [name, from]));
    if (act.keep) for (const name of names) stage.truth.settle(name);
    const foreign = stage.foreign;
    const decision = {
      type: 'decideEdits',
      conversation,
      answer: turn,
      uri: file?.uri ?? null,
      hunk: hunk?.id ?? null,
      keep: act.keep,
    } as const;
    const answer = await stage.ask(window, decision);
    if (answer === null || !answer.ok) for (const name of names) stage.truth.settle(name);
    // What the store was not told of, or a window that died has done.
    if (answer === null || this.plan.failingStore) stage.truth.unknown(names);
    if (answer === null || stage.foreign !== foreign) return;
    const done = { hunk, keep: act.keep, ok: answer.ok };
    for (const one of before) {
      const contentOf = (name: string): Buffer | null => stage.content(window, name);
      checkDecided(one, done, contentOf, (name) => stage.desk.bytes(name));
    }
    if (hunk === null || !answer.ok || file === null) return;
    const { uri } = file;
    const left = await stage.ask<readonly ReviewHunk[]>(window, { type: 'editHunks', conversation, answer: turn, uri });
    if (left === null || !left.ok || stage.foreign !== foreign) return;
    const idsOf = (hunks: readonly ReviewHunk[]): readonly string[] => hunks.map(({ id }) => id);
    const rest = before[0]?.hunks.filter((one) => one !== hunk) ?? [];
    assert.deepEqual(idsOf(left.value), idsOf(rest), 'what was decided of one hunk decides another');
  }

  /** Holds whenever nothing runs. */
  async #check(): Promise<void> {
    const stage = this.#stage;
    for (const window of stage.open) window.healStore();
    if (this.plan.failingStore) await stage.pass(5000);
    await stage.settle();
    if (stage.open.length > 1) {
      await stage.pass(20_000);
      await stage.settle();
    }
    stage.truth.check();
    stage.truth.rests();
    const refused = this.fake.refusals.map((request) => request.response?.error);
    assert.deepEqual(refused, [], 'a request was refused');
    for (const window of stage.open) await this.#checkWindow(window);
  }

  async #checkWindow(window: Window): Promise<void> {
    const { view, chat } = window;
    if (!this.plan.failingStore) assert.deepEqual(chat.errors, [], 'something was logged');
    if (this.plan.failingStore && !this.#reloaded) return;
    const stored = await chat.opened.load(view.controller.conversation);
    if (stored === null) return;
    const fresh = new FakeView(view.controller, true);
    const shown = await fresh.whole();
    fresh.detach();
    const items = shown.items.filter(({ id }) => this.plan.windows === 1 || !id.startsWith('unsaved-'));
    // What is summed in another order may be another number at its end.
    const rounded = (key: string, value: unknown): unknown =>
      key === 'usd' && typeof value === 'number' ? Number(value.toFixed(9)) : value;
    const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value, rounded));
    const rebuilt = stateOf(stored.meta.id, stored.meta.title, stored.path, undefined, stored.beside);
    assert.deepEqual(plain({ ...shown, items }), plain(rebuilt), 'what is shown is not what is stored');
    await checkRecord(stored, chat.opened, this.#stage);
  }

  /** The turns, the last one first. */
  async #undoAll(window: Window): Promise<void> {
    const { conversation } = window.view.controller;
    const turns = lastWords((await window.chat.opened.load(conversation))?.path ?? []).length;
    for (let turn = 0; turn < turns; turn += 1) {
      await this.#decide(window, { do: 'decide', window: 0, turn, file: null, hunk: null, keep: false });
      await this.#stage.settle();
    }
    await this.#check();
    this.#stage.truth.checkUndone();
  }
}
