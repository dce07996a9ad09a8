/** The stage of a case: a disk, two windows over it and one store, and what is armed to happen in the middle of things. */
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { FileEdit } from '../../../src/core/record/record';
import { createEditing, type HostEditing } from '../../../src/host/workspace/edits/editing';
import type { IntentAt } from '../../../src/shared/intents';
import type { Answer } from '../../../src/shared/protocol';
import type { FakeClaude } from '../../fakeClaude/server';
import { SharedTime, settled } from '../../fakeClaude/windowClock';
import { FakeEditors, type FakeView } from '../../unit/core/kit';
import { Window, type WindowParts } from '../history/window';
import type { MemoryStore } from '../localStore';
import type { Act, Foreign, Moment, Plan } from './acts';
import { Desk, noProblems, WindowEditors } from './desk';
import { encodedLike, kinds, linesOf, originalOf, decoded as textOf } from './texts';
import { Truth } from './truth';

/** Rounds of the event loop, each with a moment of real time, after which nothing is on its way any more. */
const quietRounds = 3;
/** ms of virtual time after which everything must have ended. */
const patienceMs = 1_500_000;

/** Windows are opened when something is done in them. */
export class Stage {
  readonly desk: Desk;
  readonly truth: Truth;
  readonly editors: readonly [WindowEditors, WindowEditors];
  /** Writes of somebody else. */
  foreign = 0;
  readonly #parts: WindowParts;
  readonly #windows: (Window | null)[] = [null, null];
  /** Work on files that is on its way, by window. */
  readonly #atWork = new Map<Window, number>();
  #meanwhile: { readonly at: Moment; readonly window: 0 | 1; readonly act: Foreign } | null = null;
  #dieAt: Moment | null = null;
  #failAt: Extract<Act, { do: 'storeFails' }> | null = null;
  #lines = 0;
  #opening: 0 | 1 = 0;

  constructor(
    readonly fake: FakeClaude,
    folder: string,
    readonly plan: Plan,
    memory: MemoryStore,
  ) {
    this.desk = new Desk(folder, plan.latin1);
    for (const [index, kind] of kinds.entries()) {
      const bytes = originalOf(kind, plan.latin1, 8 + index * 2, () => this.tag('o'));
      this.desk.write(`${'abcde'[index]}.txt`, bytes);
    }
    const editors = (): WindowEditors => new WindowEditors(this.desk, () => this.#reached('editor', null));
    this.editors = [editors(), editors()];
    this.truth = new Truth(this.desk, () => this.editors);
    this.#parts = {
      ...{ fake, folder, memory, editors: new FakeEditors(), living: new Set<string>() },
      time: new SharedTime(fake.clock),
      model: () => 'claude-opus-4-8',
      editing: (window, store) => this.#editing(window, store),
      asked: async (window, name, args) => {
        if (name === 'notePendingEdits') this.#reached('noted', window);
        const told = name === 'append' && JSON.stringify(args[1]).includes('"edits"');
        if (told) this.#reached('told', window);
      },
    };
  }

  /** Something happens at a moment that is still to come. */
  arm(act: Extract<Act, { do: 'meanwhile' | 'dieAt' | 'storeFails' }>): void {
    if (act.do === 'meanwhile') this.#meanwhile = { at: act.at, window: act.window, act: act.act };
    else if (act.do === 'dieAt') this.#dieAt = act.at;
    else this.#failAt = act;
  }

  disarm(): void {
    this.#meanwhile = null;
    this.#dieAt = null;
    this.#failAt = null;
  }

  /** The name of a new line. */
  tag(kind: string): string {
    this.#lines += 1;
    return `${kind}${this.#lines}`;
  }

  /** What was armed for this moment happens. */
  #reached(at: Moment, window: Window | null): void {
    if (this.#meanwhile?.at === at) {
      const { act, window: index } = this.#meanwhile;
      this.#meanwhile = null;
      this.byHand(this.editors[index], act);
    }
    if (window !== null && this.#failAt?.at === at) {
      window.failStore(this.#failAt.code, this.#failAt.calls);
      this.#failAt = null;
    }
    if (window !== null && this.#dieAt === at) {
      this.#dieAt = null;
      window.die();
    }
  }

  #editing(window: Window, store: Window['chat']['store']): HostEditing {
    const { facts } = this.desk;
    const editors = this.editors[this.#opening];
    const port = createEditing({
      ...{ facts, edits: editors.facts, problems: noProblems },
      store: {
        putFileVersion: (conversation, bytes) => store.putFileVersion(conversation, bytes),
        notePendingEdits: async (conversation, pending) => {
          await store.notePendingEdits(conversation, pending, window.owner);
          for (const edit of pending.edits) await this.#taking(edit, store);
        },
      },
    });
    const counted = async <T>(work: () => Promise<T>): Promise<T> => {
      this.#atWork.set(window, (this.#atWork.get(window) ?? 0) + 1);
      try {
        return await work();
      } finally {
        this.#atWork.set(window, (this.#atWork.get(window) ?? 0) - 1);
      }
    };
    const { restoring } = port;
    return {
      ...port,
      restoring: {
        now: (uri) => restoring.now(uri),
        mayTell: (...args) => restoring.mayTell(...args),
        put: (...args) => counted(() => restoring.put(...args)),
        move: (...args) => counted(() => restoring.move(...args)),
      },
      of: (call) => {
        const editing = port.of(call);
        return { ...editing, apply: (...args) => counted(() => editing.apply(...args)) };
      },
    };
  }

  async #taking({ uri, before, after, to }: FileEdit, store: Window['chat']['store']): Promise<void> {
    // What renamed a file may be cut off before anybody looks at the record.
    if (to !== undefined) this.truth.moved(this.desk.nameOf(uri), this.desk.nameOf(to.uri));
    const old = before === null ? null : await store.fileVersion(before);
    const now = after === null ? null : await store.fileVersion(after);
    if (old !== null) this.truth.takes(this.desk.nameOf(uri), old, now);
  }

  async at(index: 0 | 1): Promise<Window> {
    const open = this.#windows[index] ?? null;
    if (open !== null && !open.isDead) return open;
    if (open !== null) await this.#buried(open);
    this.#opening = index;
    const window = await Window.open(this.#parts);
    this.#windows[index] = window;
    return window;
  }

  /** A dead process writes nothing more: what it had begun has either been written, or waits for its store for ever. */
  async #buried(window: Window): Promise<void> {
    window.die();
    for (let left = 20, before = -1; left > 0; left -= 1) {
      await settled(2);
      await delay(2);
      const now = this.#atWork.get(window) ?? 0;
      if (now === 0) break;
      if (now === before && left < 12) break;
      before = now;
    }
    this.#atWork.delete(window);
    await window.kill();
  }

  async close(index: 0 | 1): Promise<void> {
    const window = this.#windows[index];
    if (window === null || window === undefined) return;
    if (window.isDead) await this.#buried(window);
    else await window.close();
    this.#windows[index] = null;
  }

  async answer({ view }: Window, which: number, how: 'apply' | 'rest' | 'reject'): Promise<void> {
    const { controller } = view;
    const { conversation } = controller;
    const keys = asking(view);
    const key = keys[which % Math.max(1, keys.length)];
    if (key === undefined) return;
    if (how === 'rest') await controller.handle({ type: 'setReview', conversation, atEnd: true });
    else if (how === 'reject') await controller.handle({ type: 'deny', conversation, key, reason: '' });
    else await controller.handle({ type: 'approve', conversation, key, span: 'once' });
    await settled();
  }

  /** Somebody else writes a file of this window. */
  byHand(editors: WindowEditors, act: Foreign): void {
    const { names } = this.desk;
    const all = [...new Set([...names, ...editors.docs.keys()])].sort();
    const name = all[act.file % Math.max(1, all.length)];
    if (name === undefined) return;
    if (act.do === 'open') editors.open(name);
    else if (act.do === 'close') editors.close(name);
    else {
      this.foreign += 1;
      this.truth.byHand(name, () => this.#write(editors, name, act));
    }
  }

  #write(editors: WindowEditors, name: string, act: Foreign): void {
    if (act.do === 'save') editors.save(name, act.over);
    else if (act.do === 'revert') editors.revert(name);
    else if (act.do === 'type') {
      editors.open(name);
      editors.type(name, (lines) => {
        const line = act.at % lines.length;
        if (act.how === 'insert') lines.splice(line, 0, `${this.tag('u')} typed`);
        else if (act.how === 'change') lines[line] = `${lines[line] ?? ''} ${this.tag('u')}`;
        else lines.splice(line, 1);
      });
    } else if (act.do === 'checkout') this.#checkOut(name, act);
  }

  #checkOut(name: string, { at, how }: Extract<Foreign, { do: 'checkout' }>): void {
    const bytes = this.desk.bytes(name);
    if (bytes === null || how === 'gone') {
      this.desk.write(name, null);
      return;
    }
    const lines = [...linesOf(textOf(bytes))];
    const line = at % Math.max(1, lines.length);
    const end = /[\r\n]+$/.exec(lines[line] ?? '')?.[0] ?? '\n';
    lines.splice(line, how === 'change' ? 1 : 0, `${this.tag('g')} git${end}`);
    this.desk.write(name, encodedLike(lines.join(''), bytes, this.plan.latin1));
  }

  get open(): readonly Window[] {
    return this.#windows.filter((window) => window !== null && !window.isDead) as readonly Window[];
  }

  editorsOf(window: Window): WindowEditors {
    return this.editors[this.#windows.indexOf(window) as 0 | 1];
  }

  /** Something of ours is being written: a file may be there in part. */
  get isWriting(): boolean {
    return [...this.#atWork.values()].some((count) => count > 0);
  }

  /** Virtual ms. */
  async pass(ms: number): Promise<void> {
    await this.#parts.time.pass(ms);
  }

  /** Its process is killed, and its window opened again. */
  async kill(index: 0 | 1): Promise<void> {
    await this.#buried(await this.at(index));
    this.#windows[index] = null;
    await this.at(index);
  }

  /** Lets time pass until nothing runs any more; cards are answered with Apply. */
  async settle(): Promise<void> {
    const until = this.fake.clock.now() + patienceMs;
    for (let quiet = 0; quiet < quietRounds; ) {
      for (const [index, window] of this.#windows.entries()) if (window?.isDead) await this.at(index as 0 | 1);
      await settled(4);
      await delay(1);
      for (const window of this.open) for (const _ of asking(window.view)) await this.answer(window, 0, 'apply');
      const busy = this.open.some((window) => window.view.controller.isRunning || isWaiting(window));
      quiet = busy ? 0 : quiet + 1;
      if (this.fake.clock.now() > until)
        assert.fail(`nothing ends any more: ${JSON.stringify(this.open.map(({ view }) => view.state.items.at(-1)))}`);
      if (busy) await this.#parts.time.pass(300);
    }
  }

  async #wait<T>(promise: Promise<T>): Promise<T | null> {
    let done = false;
    const ended = promise.finally(() => {
      done = true;
    });
    for (let left = 3000; !done && left > 0; left -= 1) {
      await settled(4);
      await delay(1);
      if (this.open.length < this.#windows.filter((window) => window !== null).length) return null;
      if (left < 2950) await this.#parts.time.pass(300);
    }
    return await ended;
  }

  content(window: Window, name: string): Buffer | null {
    return this.editorsOf(window).unsavedBytes(name) ?? this.desk.bytes(name);
  }

  async ask<T>(window: Window, intent: IntentAt<'chat'>): Promise<Answer<T> | null> {
    return (await this.#wait(window.view.controller.handle(intent))) as Answer<T> | null;
  }
}

function asking({ state }: FakeView): readonly string[] {
  return state.items.flatMap((item) =>
    item.type === 'answer'
      ? item.parts.flatMap((part) => (part.type === 'tool' && part.status === 'asks' ? [part.key] : []))
      : [],
  );
}

/** It follows another window's turn, or has a row that waits. */
function isWaiting({ view }: Window): boolean {
  return view.state.activity?.kind === 'elsewhere' || (view.composer?.queued ?? []).some(({ held }) => !held);
}
