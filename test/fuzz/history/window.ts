/** One window of a history: an extension host's worth of chat that can sleep, die, and have its store fail. */

import { StoreError } from '../../../src/core/base/errors';
import type { Store } from '../../../src/core/record/store';
import type { HostEditing } from '../../../src/host/workspace/edits/editing';
import type { FakeClaude } from '../../fakeClaude/server';
import type { SharedTime, WindowClock } from '../../fakeClaude/windowClock';
import { type Chat, closeChat, type FakeEditors, FakeView, openChat } from '../../unit/core/kit';
import type { MemoryStore } from '../localStore';

export interface WindowParts {
  readonly fake: FakeClaude;
  readonly folder: string;
  readonly editors: FakeEditors;
  readonly time: SharedTime;
  readonly model: () => string;
  /** Owners whose process is there. */
  readonly living: Set<string>;
  /** The record; null where it is on the disk, in a worker thread, and requests go over HTTP, as in VS Code. */
  readonly memory: MemoryStore | null;
  /** What changes the files of a window. */
  readonly editing?: (window: Window, store: Store) => HostEditing;
  /** Told of each call of a window's store before it is made. */
  readonly asked?: (window: Window, name: string, args: readonly unknown[]) => Promise<void>;
}

/** What a failing store still does: closing, and giving a lease back, must always be possible to try. */
const neverFail: ReadonlySet<string | symbol> = new Set(['close', 'open']);

let owners = 0;

export class Window {
  chat!: Chat;
  view!: FakeView;
  readonly clock: WindowClock;
  readonly owner: string;
  readonly #parts: WindowParts;
  #dead = false;
  #failure: { readonly code: StoreError['code']; left: number } | null = null;

  private constructor(parts: WindowParts) {
    this.#parts = parts;
    this.clock = parts.time.clock();
    owners += 1;
    this.owner = `host-${owners}`;
  }

  static async open(parts: WindowParts): Promise<Window> {
    const window = new Window(parts);
    parts.living.add(window.owner);
    const { fake, folder, editors, model, memory, editing } = parts;
    window.chat = await openChat({
      url: fake.url,
      folder,
      editors,
      clock: window.clock,
      owner: window.owner,
      settings: () => ({ model: model() }),
      isAlive: (other) => parts.living.has(other),
      wrap: (store) => window.#wrap(store),
      fetch: window.#fetch(memory === null ? globalThis.fetch : fake.fetch),
      ...(memory === null ? {} : { startWorker: memory.startWorker }),
      ...(editing === undefined ? {} : { editing: (store) => editing(window, store) }),
    });
    const first = window.chat.conversations.current().catch((error: unknown) => {
      if (window.#failure === null) throw error;
      // Retry, once the store works again.
      window.healStore();
      return window.chat.conversations.current();
    });
    window.view = new FakeView(await first, memory !== null);
    return window;
  }

  /** True while the panel is there. */
  get isShown(): boolean {
    return this.view.controller.isShown;
  }

  /** The panel is hidden, or its page has died: nobody is told anything any more. */
  hide(): void {
    this.view.detach();
  }

  /** The panel shows the window's conversation anew. */
  async show(): Promise<void> {
    this.view.detach();
    this.view = new FakeView(await this.chat.conversations.current(), this.#parts.memory !== null);
  }

  /** The next calls of the store fail. */
  failStore(code: StoreError['code'], calls: number): void {
    this.#failure = { code, left: calls };
  }

  healStore(): void {
    this.#failure = null;
  }

  async close(): Promise<void> {
    this.clock.wake();
    this.healStore();
    await closeChat(this.chat);
    this.#gone();
  }

  /** True once its process is gone. */
  get isDead(): boolean {
    return this.#dead;
  }

  /** Its process is gone in the middle of what it does; `kill` clears up after it. */
  die(): void {
    this.#dead = true;
  }

  /** The process is killed: its sockets are closed, and nothing that it had not committed is there. */
  async kill(): Promise<void> {
    this.#dead = true;
    this.view.controller.handle({ type: 'stop', conversation: this.view.controller.conversation });
    this.clock.wake();
    await this.chat.opened.close();
    this.#gone();
  }

  #gone(): void {
    this.#parts.living.delete(this.owner);
    this.#parts.time.end(this.clock);
  }

  #wrap(store: Store): Store {
    const call = async (member: (...args: unknown[]) => unknown, name: string | symbol, args: unknown[]) => {
      await this.#parts.asked?.(this, String(name), args);
      await this.#alive();
      const failure = this.#failure;
      if (failure !== null && failure.left > 0 && !neverFail.has(name)) {
        failure.left -= 1;
        throw new StoreError(failure.code, `the store fails as the history wants it: ${failure.code}`);
      }
      const result: unknown = await Reflect.apply(member, store, args);
      await this.#alive();
      return result;
    };
    return new Proxy(store, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function') return member;
        return (...args: unknown[]) => call(member as (...args: unknown[]) => unknown, name, args);
      },
    });
  }

  /** A dead window is never answered, a sleeping one when it is awake. */
  async #alive(): Promise<void> {
    if (this.clock.isAsleep) await this.clock.awake();
    if (this.#dead) await new Promise(() => undefined);
  }

  /** The network of a sleeping window stands still. */
  #fetch(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
    return async (input, init) => {
      await this.#alive();
      const response = await fetch(input, init);
      const reader = response.body?.getReader();
      const body =
        reader &&
        new ReadableStream<Uint8Array>({
          pull: async (controller) => {
            const { done, value } = await reader.read();
            await this.#alive();
            if (done) controller.close();
            else controller.enqueue(value);
          },
          cancel: (reason) => reader.cancel(reason),
        });
      const { status, statusText, headers } = response;
      return new Response(body ?? null, { status, statusText, headers });
    };
  }
}
