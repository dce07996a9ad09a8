/** The world of a history: windows on one store and one workspace, and what must hold in it. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { textOf } from '../../../src/core/record/branchPoint';
import { stateOf } from '../../../src/core/transcript/transcript';
import { databaseName } from '../../../src/host/store/file/protocol';
import { type ChatState, type ExcludeTarget, targetKey } from '../../../src/shared/chat';
import type { IntentAt } from '../../../src/shared/intents';
import type { QueuedRow } from '../../../src/shared/protocol';
import type { FakeClaude } from '../../fakeClaude/server';
import { SharedTime, settled } from '../../fakeClaude/windowClock';
import { FakeEditors, FakeView } from '../../unit/core/kit';
import type { MemoryStore } from '../localStore';
import { type Act, files, type Plan, replies } from './acts';
import { Window, type WindowParts } from './window';

/** Rounds of the event loop after which nothing is on its way any more that is not waited for. */
const quietRounds = 12;
/** Virtual ms after which everything must have ended: longer than all attempts and all waits for a busy store. */
const patienceMs = 1_500_000;
/** Pauses of 5 ms that are waited after that. */
const realPatience = 2000;
/** Rounds in which a window may follow another one's turn that has ended. */
const mostLooks = 60;

export class World {
  readonly #parts: WindowParts;
  readonly #fake: FakeClaude;
  readonly #plan: Plan;
  readonly #windows: (Window | null)[] = [null, null];
  /** Each message that was sent, by the mark that makes it one of its kind; what came back is in the next one too. */
  readonly #sent: string[] = [];
  /** Those that nobody could have kept. */
  readonly #excused = new Set<number>();
  #model: string;
  #reloaded = false;
  /** What the record held when it was last looked at; it may only grow, apart from branches. */
  #known: readonly string[] = [];

  constructor(fake: FakeClaude, folder: string, plan: Plan, memory: MemoryStore | null) {
    const editors = new FakeEditors();
    for (const name of files) editors.files.set(name, `// ${name}\nexport const x = 1;\n`);
    editors.open = ['a.ts'];
    this.#fake = fake;
    this.#plan = plan;
    this.#model = 'claude-opus-4-8';
    this.#parts = {
      fake,
      folder,
      editors,
      time: new SharedTime(fake.clock),
      model: () => this.#model,
      living: new Set(),
      memory,
    };
  }

  /** Plays the acts, looks after every fifth and at the end, after a reload of every window. */
  async play(): Promise<void> {
    await this.#at(0);
    for (const [index, act] of this.#plan.acts.entries()) {
      await this.#do(act);
      if (index % 5 === 4 || act.do === 'reload' || act.do === 'kill') await this.#check();
    }
    await this.#check();
    for (const [index, window] of this.#windows.entries()) {
      if (window === null) continue;
      await window.close();
      this.#windows[index] = null;
    }
    this.#reloaded = true;
    await this.#at(0);
    await this.#check();
    await this.#windows[0]?.close();
  }

  async #at(index: 0 | 1): Promise<Window> {
    const window = this.#windows[index] ?? (await Window.open(this.#parts));
    this.#windows[index] = window;
    return window;
  }

  /** The messages in this text need not be kept any more. */
  #excuse(text: string): void {
    for (const index of this.#sent.keys()) if (text.includes(markOf(index))) this.#excused.add(index);
  }

  /** A text that no other message has, behind what it is typed behind. */
  #mark(text: string, before = ''): string {
    const marked = before + text + markOf(this.#sent.length);
    this.#sent.push(marked);
    return marked;
  }

  /** What Send takes out of a window's composer: what came back there, and what is typed behind it. */
  #compose({ view }: Window, text: string): string {
    const before = view.draft.trimEnd();
    view.draft = '';
    return this.#mark(text, before === '' ? '' : `${before}\n\n`);
  }

  async #do(act: Act): Promise<void> {
    const { editors, time } = this.#parts;
    const window = await this.#at(act.window);
    const { controller } = window.view;
    const { conversation } = controller;
    const say = async (intent: IntentAt<'chat'>, rounds = 3): Promise<void> => {
      controller.handle(intent);
      await this.#rounds(rounds);
    };
    switch (act.do) {
      case 'send':
        this.#fake.enqueue(...act.replies.map((answer) => replies[answer]));
        return say({ type: 'send', conversation, text: this.#compose(window, act.text) }, act.rounds);
      case 'stop':
        await this.#rounds(act.rounds);
        return say({ type: 'stop', conversation });
      case 'settle':
        return this.#settle();
      case 'reload':
        await window.close();
        this.#windows[act.window] = null;
        await this.#at(act.window);
        return;
      case 'kill': {
        await window.kill();
        // What was sent a moment before and had not reached the disk yet died with it.
        const disk = wordsOn(this.#parts);
        for (const index of this.#sent.keys()) if (!disk.includes(markOf(index))) this.#excused.add(index);
        this.#windows[act.window] = null;
        await this.#at(act.window);
        return;
      }
      case 'hide':
        return window.hide();
      case 'show':
        return window.show();
      case 'newChat':
        return;
      case 'pass':
        return time.pass(Math.min(act.seconds, 20) * 1000);
      case 'machineSleeps':
        time.jump(act.seconds * 1000);
        return time.pass(2000);
      case 'fallAsleep':
        return window.clock.sleepUntilWoken();
      case 'wakeUp':
        window.clock.wake();
        return settled();
      case 'storeFails':
        return window.failStore(act.code, act.calls);
      case 'model':
        this.#model = act.model;
        return;
      case 'edit':
        editors.files.set(files[act.file] ?? '', act.text);
        return;
      case 'open':
        editors.open = [...new Set([...editors.open, files[act.file] ?? ''])];
        return;
      case 'close':
        editors.open = editors.open.filter((name) => name !== files[act.file]);
        return;
      case 'select':
        editors.selected = { path: files[act.file] ?? '', startLine: 1, endLine: act.line };
        return;
      case 'draft':
        if (!window.isShown) await window.show();
        // The user writes something else in their place.
        this.#excuse(window.view.draft);
        window.view.draft = act.text;
        return say({ type: 'draft', conversation, text: act.text });
      case 'sendQueuedNow':
      case 'unqueue':
      case 'moveQueued':
      case 'editQueued':
        return this.#actOnQueued(window, act);
      case 'editMessage': {
        const users = window.view.state.items.filter((item) => item.type === 'user');
        const id = users.at(-1 - act.which)?.id;
        if (id === undefined) return;
        this.#known = [];
        return say({ type: 'editMessage', conversation, id, text: this.#mark(act.text) });
      }
      case 'compact':
        this.#fake.enqueue(replies[act.reply]);
        // A question that was too long is asked again on a branch.
        this.#known = [];
        return say({ type: 'compact', conversation });
      case 'leaveOut': {
        const target = targetsIn(window.view.state, act.what).at(-1 - act.which);
        if (target === undefined) return;
        const out = !window.view.state.excluded.includes(targetKey(target));
        return say({ type: 'exclude', conversation, target, out });
      }
      default:
        if (act.do === 'retry' || act.do === 'restorePrompt') this.#known = [];
        return say({ type: act.do, conversation });
    }
  }

  async #actOnQueued(window: Window, act: Act): Promise<void> {
    if (!('which' in act)) return;
    const { controller, composer } = window.view;
    const row = composer?.queued.at(-1 - act.which);
    if (row === undefined) return;
    const { id } = row;
    // The user takes these words back.
    if (act.do === 'unqueue' || act.do === 'editQueued') this.#excuse(row.text);
    const { which: _, window: __, do: type, ...rest } = act;
    const text = act.do === 'editQueued' ? { text: this.#mark(act.text) } : {};
    controller.handle({ type, conversation: controller.conversation, id, ...rest, ...text } as IntentAt<'chat'>);
    await settled(3);
  }

  /** Rounds of the event loop; where there are sockets and threads, as much real time as they take. */
  async #rounds(count: number): Promise<void> {
    await settled(count);
    if (this.#parts.memory === null) await delay(count);
  }

  get #open(): readonly Window[] {
    return this.#windows.filter((window) => window !== null);
  }

  /** Lets time pass until nothing runs any more and nothing is on its way. */
  async #settle(): Promise<void> {
    const { time, fake } = this.#parts;
    const until = fake.clock.now() + patienceMs;
    let late = 0;
    let looks = 0;
    for (let quiet = 0, before = ''; quiet < 2; ) {
      await this.#rounds(quietRounds);
      const now = this.#open.map((window) => pictureOf(window)).join('\n');
      const awake = this.#open.filter((window) => !window.clock.isAsleep);
      const busy = awake.some(isBusy) || (awake.some(isFollowing) && ++looks < mostLooks);
      quiet = busy || now !== before ? 0 : quiet + 1;
      before = now;
      const isLate = fake.clock.now() > until;
      // A rescue file is on a disk: that takes real time, however much virtual time has passed.
      if (isLate && late < realPatience) {
        late += 1;
        await delay(5);
      } else if (isLate) throw new Error(`nothing ends any more:\n${now}`);
      if (busy) await time.pass(fake.clock.now() > until - patienceMs + 20_000 ? 10_000 : 1000);
    }
  }

  /** Holds after every settled step. */
  async #check(): Promise<void> {
    for (const window of this.#open) {
      window.clock.wake();
      window.healStore();
    }
    // A store that refused a draft is asked again after a while.
    if (this.#plan.failingStore) await this.#parts.time.pass(5000);
    await this.#settle();
    // Long enough for one window to see what another has done, and for a lease to expire.
    if (this.#open.length > 1) {
      await this.#parts.time.pass(20_000);
      await this.#settle();
    }
    const refused = this.#fake.refusals.map((request) => request.response?.error);
    assert.deepEqual(refused, [], 'a request was refused');
    for (const window of this.#open) await this.#checkWindow(window);
    this.#checkWords();
  }

  async #checkWindow(window: Window): Promise<void> {
    const { view, chat } = window;
    if (!this.#plan.failingStore) {
      assert.deepEqual(
        chat.errors.filter((error) => !error.includes('checkpoint')),
        [],
        'something was logged',
      );
    }
    assert.equal(view.gaps, 0, 'the view missed events');
    const { isShown } = window;
    const fresh = new FakeView(view.controller, true);
    const shown = await fresh.whole();
    if (isShown) assertSame(await view.whole(), shown, 'view and host disagree');
    // What came back while nobody looked is in the draft all the same.
    else view.draft = fresh.draft;
    const composer = fresh.composer;
    fresh.detach();
    // Who looks at nothing learns of other windows when it looks again.
    if (!isShown && this.#plan.windows > 1) return;
    // What a failing store refused is on the screen only, until the window is loaded again.
    if (this.#plan.failingStore && !this.#reloaded) return;
    const stored = await chat.store.load(view.controller.conversation);
    if (stored === null) return;
    const rebuilt: ChatState = stateOf(stored.meta.id, stored.meta.title, stored.path, undefined, stored.beside);
    // An answer that another window has overtaken stays on the screen until it is saved as a branch.
    const items = shown.items.filter(({ id }) => this.#plan.windows === 1 || !id.startsWith('unsaved-'));
    assertSame({ ...shown, items }, rebuilt, 'what is shown is not what is stored');
    const ids = stored.path.map((entry) => entry.id);
    if (this.#plan.windows === 1) {
      assert.deepEqual(ids.slice(0, this.#known.length), this.#known, 'entries were lost or reordered');
      this.#known = ids;
    }
    // Another window's rows are looked at when it has gone on with the conversation.
    if (this.#plan.windows === 1 || this.#reloaded)
      assert.deepEqual(
        stored.queued.map(({ content }) => textOf(content)),
        (composer?.queued ?? []).map(({ text }) => text),
        'what waits is not what is stored',
      );
    const words = shown.items.flatMap((item) => (item.type === 'user' && item.auto === undefined ? [item.text] : []));
    for (const word of words) assert.ok(this.#sent.includes(word), `a message that nobody sent: ${word}`);
    assert.equal(new Set(words).size, words.length, `a message was sent twice: ${words}`);
    // Unless it stays where the user took it from, or two windows showed it in their drafts.
    if (this.#plan.windows > 1 || this.#plan.acts.some((act) => act.do === 'restorePrompt')) return;
    for (const mark of this.#sent.map((_, index) => markOf(index))) {
      const times = words.filter((one) => one.includes(mark)).length;
      assert.ok(times <= 1, `${mark} was sent twice: ${words}`);
    }
  }

  /** Every word that was sent is somewhere: in the record, in what waits, in a draft, or on a screen. */
  #checkWords(): void {
    const screens = this.#open.map(({ view }) => JSON.stringify([view.state, view.draft, view.composer])).join('\n');
    const missing = [...this.#sent.keys()].filter(
      (index) => !this.#excused.has(index) && !screens.includes(markOf(index)),
    );
    // The disk is looked at for what no screen has.
    const disk = missing.length === 0 ? '' : wordsOn(this.#parts);
    for (const index of missing) assert.ok(disk.includes(markOf(index)), `message ${index} is nowhere any more`);
    // Two windows on one conversation have one draft: that of the one that wrote last.
    if (this.#plan.windows > 1) for (const { view } of this.#open) this.#excuse(view.draft);
  }
}

function markOf(index: number): string {
  return `⟦${index}⟧`;
}

/** What a person would see change. */
function pictureOf({ view }: Window): string {
  const { items, activity } = view.state;
  return JSON.stringify([items.length, items.at(-1), activity?.kind, view.composer?.queued, view.draft]);
}

/** What a hidden panel was told last is no news of what waits. */
function isBusy({ view, isShown }: Window): boolean {
  const waits = (rows: readonly QueuedRow[]): boolean => rows.some(({ held }) => !held);
  return view.controller.isRunning || (isShown && waits(view.composer?.queued ?? []));
}

/** It shows a turn of another window, and looks every second whether that has ended. */
function isFollowing({ view, isShown }: Window): boolean {
  return isShown && view.state.activity?.kind === 'elsewhere';
}

/** What is shown that can be left out. */
function targetsIn(state: ChatState, what: ExcludeTarget['what']): readonly ExcludeTarget[] {
  return state.items.flatMap((item): readonly ExcludeTarget[] => {
    if (item.type === 'compaction') return what === 'compaction' ? [{ what, entry: item.id, index: 0 }] : [];
    if (item.type !== 'answer') return [];
    if (what === 'turn' || what === 'answer') return [{ what, entry: item.id, index: 0 }];
    return item.parts.flatMap((part) => {
      const [entry = '', index] = part.key.split(':');
      return what === 'result' && part.type === 'tool' ? [{ what, entry, index: Number(index) }] : [];
    });
  });
}

/** As they go over the wire. Most often they are the same in the order of their fields, too. */
function assertSame(a: ChatState, b: ChatState, otherwise: string): void {
  const [one, other] = [JSON.stringify(a), JSON.stringify(b)];
  if (one !== other) assert.deepEqual(JSON.parse(one), JSON.parse(other), otherwise);
}

/** All words that lie in the store, on whatever branch, and beside it. */
function wordsOn({ folder, memory }: WindowParts): string {
  const rescued = readdirSync(folder)
    .filter((name) => !name.startsWith(databaseName))
    .map((name) => readFileSync(join(folder, name), 'utf8'));
  const rows = memory?.rows<LocalizableMessage>(allWords) ?? wordsIn(join(folder, databaseName));
  return [...rescued, ...rows.map(({ words }) => words)].join('\n');
}

const allWords = 'SELECT body AS words FROM entries UNION ALL SELECT draft || queued FROM composers';

interface LocalizableMessage {
  readonly words: string;
}

function wordsIn(file: string): readonly LocalizableMessage[] {
  const { DatabaseSync } = require('node:sqlite') as typeof import('node:sqlite');
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    return db.prepare(allWords).all() as unknown as LocalizableMessage[];
  } finally {
    db.close();
  }
}
