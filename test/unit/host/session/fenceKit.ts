/** Windows over one store that sleep, fail and overtake each other. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { StoreError } from '../../../../src/core/base/errors';
import type { Clock } from '../../../../src/core/base/ports';
import type { Entry } from '../../../../src/core/record/record';
import type { Store } from '../../../../src/core/record/store';
import { databaseName } from '../../../../src/host/store/file/protocol';
import { type FakeClaude, startFakeClaude } from '../../../fakeClaude/server';
import { startLocalWorker } from '../../../fuzz/localStore';
import {
  type Chat,
  type ChatOptions,
  closeChat,
  FakeEditors,
  FakeView,
  openChat,
  quickClock,
  temporaryFolder,
} from '../../core/kit';

/** A machine that sleeps: the timers of its windows stand still, and then its wall clock has moved. */
export class SleepyClock implements Clock {
  private slept = 0;
  private readonly timers = new Set<() => void>();
  private asleep = false;

  now(): number {
    return Date.now() + this.slept;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return quickClock.sleep(ms, signal);
  }

  every(ms: number, callback: () => void): () => void {
    const tick = (): void => {
      if (!this.asleep) callback();
    };
    this.timers.add(tick);
    const stop = quickClock.every(ms, tick);
    return () => {
      this.timers.delete(tick);
      stop();
    };
  }

  fallAsleep(): void {
    this.asleep = true;
  }

  /** The wall clock has moved, and no timer has run yet. */
  pass(ms: number): void {
    this.slept += ms;
  }

  wake(ms: number): void {
    this.slept += ms;
    this.asleep = false;
  }
}

/** The windows of one test. */
export class Windows {
  fake!: FakeClaude;
  folder!: Awaited<ReturnType<typeof temporaryFolder>>;
  private readonly chats: Chat[] = [];

  async begin(): Promise<void> {
    this.fake = await startFakeClaude();
    this.folder = await temporaryFolder();
  }

  async end(): Promise<void> {
    await this.closeAll();
    await this.fake.close();
    this.folder.remove();
  }

  async closeAll(): Promise<void> {
    for (const chat of this.chats.splice(0)) await closeChat(chat);
  }

  async open(owner: string, more: Partial<ChatOptions> = {}): Promise<Chat> {
    const chat = await openChat({
      url: this.fake.url,
      folder: this.folder.path,
      editors: new FakeEditors(),
      owner,
      startWorker: startLocalWorker,
      ...more,
    });
    this.chats.push(chat);
    return chat;
  }

  /** Of a window whose store has a thread of its own, as in VS Code. */
  async openThreaded(clock: Clock): Promise<Chat> {
    const { url } = this.fake;
    const chat = await openChat({ url, folder: this.folder.path, editors: new FakeEditors(), clock });
    this.chats.push(chat);
    return chat;
  }

  async viewOf(chat: Chat, id?: string): Promise<FakeView> {
    return new FakeView(await (id === undefined ? chat.conversations.current() : chat.conversations.open(id)));
  }

  /** How many stored entries, on whatever branch, have these words. */
  storedWith(words: string): number {
    const db = new DatabaseSync(join(this.folder.path, databaseName), { readOnly: true });
    const row = db.prepare('SELECT count(*) AS n FROM entries WHERE instr(body, ?)').get(words);
    db.close();
    return Number(row?.['n']);
  }

  rescueFiles(): readonly string[] {
    return readdirSync(this.folder.path).filter((name) => name.startsWith('rescue-') && name.endsWith('.jsonl'));
  }
}

export function send(view: FakeView, text: string): void {
  view.controller.handle({ type: 'send', conversation: view.controller.conversation, text });
}

export function shown(view: FakeView): string {
  return JSON.stringify(view.state.items);
}

/** The code of the failure that the last answer ended with. */
export function lastFailure(view: FakeView): string | null {
  const answer = view.state.items.findLast((item) => item.type === 'answer');
  const outcome = answer?.type === 'answer' ? answer.outcome : null;
  return outcome?.kind === 'failed' ? outcome.failure.code : null;
}

/** A store whose calls fail as long as `fault` names a reason for them. */
export function failing(fault: (name: string, args: readonly unknown[]) => StoreError | null): (store: Store) => Store {
  return (store) =>
    new Proxy(store, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function') return member;
        return async (...args: unknown[]): Promise<unknown> => {
          const error = fault(String(name), args);
          if (error !== null) throw error;
          return Reflect.apply(member, target, args);
        };
      },
    });
}

/** True for a commit that brings an entry of this kind. */
export function brings(kind: Entry['kind'], name: string, args: readonly unknown[]): boolean {
  return name === 'append' && (args[1] as readonly Entry[]).some((entry) => entry.kind === kind);
}

/** A window that never looks at what others do. */
export const blindClock: Clock = { ...quickClock, every: () => () => undefined };

/** A store whose calls wait for what this gives. */
export function around(before: (name: string) => Promise<void>): (store: Store) => Store {
  return (store) =>
    new Proxy(store, {
      get(target, member) {
        const method: unknown = Reflect.get(target, member, target);
        if (typeof method !== 'function') return method;
        return async (...args: unknown[]): Promise<unknown> => {
          await before(String(member));
          return Reflect.apply(method, target, args);
        };
      },
    });
}
