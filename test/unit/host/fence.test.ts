/**
 * The store is a fence: a window that slept loses nothing while it is alone, and writes nothing once another has gone on
 * with its conversation; what cannot be committed is kept, and what waits is sent once.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Clock, type Store, StoreError } from '../../../src/core/ports';
import type { Entry } from '../../../src/core/record';
import { databaseName } from '../../../src/host/store/protocol';
import { schemaVersion } from '../../../src/host/store/schema';
import { reply } from '../../fakeClaude/script';
import { type FakeClaude, startFakeClaude } from '../../fakeClaude/server';
import { startLocalWorker } from '../../fuzz/localStore';
import {
  ask,
  type Chat,
  type ChatOptions,
  closeChat,
  FakeEditors,
  FakeView,
  openChat,
  quickClock,
  temporaryFolder,
  until,
} from '../core/kit';

/** A machine that sleeps: the timers of its windows stand still, and then its wall clock has moved. */
class SleepyClock implements Clock {
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

  wake(ms: number): void {
    this.slept += ms;
    this.asleep = false;
  }
}

describe('The store as a fence', () => {
  let fake: FakeClaude;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  const chats: Chat[] = [];

  beforeEach(async () => {
    fake = await startFakeClaude();
    folder = await temporaryFolder();
  });
  afterEach(async () => {
    for (const chat of chats.splice(0)) await closeChat(chat);
    await fake.close();
    folder.remove();
  });

  async function open(owner: string, more: Partial<ChatOptions> = {}): Promise<Chat> {
    const editors = new FakeEditors();
    const chat = await openChat({
      url: fake.url,
      folder: folder.path,
      editors,
      owner,
      startWorker: startLocalWorker,
      ...more,
    });
    chats.push(chat);
    return chat;
  }

  async function viewOf(chat: Chat, id?: string): Promise<FakeView> {
    if (id === undefined) return new FakeView(await chat.conversations.current());
    return new FakeView(await chat.conversations.open(id));
  }

  function send(view: FakeView, text: string): void {
    view.controller.handle({ type: 'send', conversation: view.controller.conversation, text });
  }

  const shown = (view: FakeView): string => JSON.stringify(view.state.items);

  function lastFailure(view: FakeView): string | null {
    const answer = view.state.items.findLast((item) => item.type === 'answer');
    const outcome = answer?.type === 'answer' ? answer.outcome : null;
    return outcome?.kind === 'failed' ? outcome.failure.code : null;
  }

  /** How many stored entries, on whatever branch, have these words. */
  function storedWith(words: string): number {
    const db = new DatabaseSync(join(folder.path, databaseName), { readOnly: true });
    const row = db.prepare('SELECT count(*) AS n FROM entries WHERE instr(body, ?)').get(words);
    db.close();
    return Number(row?.['n']);
  }

  /** A store whose calls fail as long as `fault` names a reason for them. */
  function failing(fault: (name: string, args: readonly unknown[]) => StoreError | null): (store: Store) => Store {
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

  const brings = (kind: Entry['kind'], name: string, args: readonly unknown[]): boolean =>
    name === 'append' && (args[1] as readonly Entry[]).some((entry) => entry.kind === kind);

  const rescueFiles = (): readonly string[] => readdirSync(folder.path).filter((name) => name.startsWith('rescue-'));

  it('lets one window that slept for ten minutes in mid-answer keep all of it', async () => {
    const clock = new SleepyClock();
    const chat = await open('one', { clock });
    const view = await viewOf(chat);
    const held = fake.hold();
    send(view, 'A long story?');
    await held.push('Once upon a time');
    await until('the words', () => shown(view).includes('Once upon a time'));
    clock.fallAsleep();
    clock.wake(10 * 60_000);
    await until('the turn to end', () => !view.controller.isRunning);
    const stored = await chat.store.load(view.controller.conversation);
    assert.ok(stored !== null);
    assert.ok(JSON.stringify(stored.path).includes('Once upon a time'));
    assert.equal(stored.path.at(-1)?.kind, 'end');
    assert.ok(shown(view).includes('Once upon a time'));
    await until('the lease to be given back', () => view.state.activity === null);
    fake.enqueue(reply.text('It goes on'));
    await ask(view, 'And then?');
    assert.ok(shown(view).includes('It goes on'));
    assert.deepEqual(fake.refusals, []);
  });

  it('lets a window that was overtaken in its sleep write nothing; its words stay, and are saved as a branch', async () => {
    const clock = new SleepyClock();
    const one = await open('one', { clock });
    const view = await viewOf(one);
    const id = view.controller.conversation;
    const held = fake.hold();
    send(view, 'A long story?');
    await held.push('Once upon a time');
    await until('the words', () => shown(view).includes('Once upon a time'));
    clock.fallAsleep();
    const later = new SleepyClock();
    later.wake(10 * 60_000);
    const two = await open('two', { clock: later });
    const other = await viewOf(two, id);
    await until('the repair', () => other.state.activity === null);
    fake.enqueue(reply.text('Of the other window'));
    await ask(other, 'Go on here');
    const head = (await two.store.getMeta(id))?.head;
    await held.push(' there was a sleeper');
    await until('the sleeper to hear', () => shown(view).includes('there was a sleeper'));
    await held.end();
    clock.wake(10 * 60_000);
    await until('the turn to end', () => !view.controller.isRunning);
    assert.equal((await two.store.getMeta(id))?.head, head);
    assert.equal(storedWith('there was a sleeper'), 0, 'nothing of it is written, on no branch');
    await until('the other window to be seen', () => shown(view).includes('Of the other window'));
    assert.ok(shown(view).includes('there was a sleeper'), 'its words stay on the screen');
    assert.equal(lastFailure(view), 'overtaken');
    view.controller.handle({ type: 'saveAsBranch', conversation: id });
    await until('the branch', () => storedWith('there was a sleeper') === 1);
    await until('the words to be there only once', () => !shown(view).includes('there was a sleeper'));
    const { rows } = await one.store.list({ workspaces: null, limit: 10 });
    const branch = rows.find((row) => row.id !== id);
    assert.ok(branch !== undefined);
    assert.equal(branch.title, 'A long story? (2)');
    const branched = await viewOf(one, branch.id);
    assert.ok(shown(branched).includes('A long story?') && shown(branched).includes('there was a sleeper'));
    fake.enqueue(reply.text('The branch goes on'));
    await ask(branched, 'And then?');
    assert.ok(shown(branched).includes('The branch goes on'));
    assert.deepEqual(fake.refusals, []);
    const usage = await one.store.usageOf(branch.id);
    assert.equal(usage.requests, 2, 'what was paid for is counted once');
  });

  it('sends a waiting message once, whichever window sends it', async () => {
    const one = await open('one');
    const view = await viewOf(one);
    const id = view.controller.conversation;
    const held = fake.hold();
    send(view, 'First');
    await held.push('Hm');
    send(view, 'Waiting words');
    await until('the row', () => (view.composer?.queued ?? []).length === 1);
    view.controller.handle({ type: 'stop', conversation: id });
    await until('the turn to end', () => !view.controller.isRunning);
    const two = await open('two');
    const other = await viewOf(two, id);
    await until('the row', () => (other.composer?.queued ?? []).length === 1);
    const row = view.composer?.queued[0]?.id ?? '';
    fake.enqueue(reply.text('Once.'), reply.text('Twice!'));
    view.controller.handle({ type: 'sendQueuedNow', conversation: id, id: row });
    other.controller.handle({ type: 'sendQueuedNow', conversation: id, id: row });
    await until('the answer here and there', () => shown(view).includes('Once.') && shown(other).includes('Once.'));
    await until('the rows to go', () => [view, other].every(({ composer }) => (composer?.queued ?? []).length === 0));
    await until('both to be idle', () => [view, other].every(({ state }) => state.activity === null));
    assert.equal(storedWith('Waiting words'), 1);
    assert.deepEqual((await one.store.load(id))?.queued, []);
    assert.equal(fake.messages.filter(({ body }) => JSON.stringify(body).includes('Waiting words')).length, 1);
  });

  it('takes a waiting message from those that wait in the commit that sends it', async () => {
    const isSent = (name: string): boolean => name === 'setQueued' && storedWith('Waiting words') > 0;
    const wrap = failing((name) => (isSent(name) ? new StoreError('unavailable', 'killed') : null));
    const one = await open('one', { wrap });
    const view = await viewOf(one);
    const id = view.controller.conversation;
    const held = fake.hold();
    send(view, 'First');
    await held.push('Hm');
    send(view, 'Waiting words');
    await until('the row', () => (view.composer?.queued ?? []).length === 1);
    view.controller.handle({ type: 'stop', conversation: id });
    await until('the turn to end', () => !view.controller.isRunning);
    await until('it to be held', () => view.composer?.queued[0]?.held === true);
    fake.enqueue(reply.text('Once.'));
    const row = view.composer?.queued[0]?.id ?? '';
    view.controller.handle({ type: 'sendQueuedNow', conversation: id, id: row });
    await until('the answer', () => shown(view).includes('Once.'));
    assert.deepEqual((await one.opened.load(id))?.queued, []);
  });

  for (const code of ['full', 'readOnly', 'unavailable', 'busy'] as const) {
    it(`keeps a paid answer that cannot be committed in a file of its own, and takes it in when it can: ${code}`, async () => {
      let refuses = true;
      const fault = (name: string, args: readonly unknown[]): StoreError | null =>
        refuses && (brings('assistant', name, args) || name === 'takeIn') ? new StoreError(code, 'Not now.') : null;
      const clock = new SleepyClock();
      const chat = await open('one', { wrap: failing(fault), clock });
      const view = await viewOf(chat);
      const id = view.controller.conversation;
      fake.enqueue(reply.text('The paid answer.'));
      send(view, 'What does it say?');
      if (code === 'busy') {
        await until('it to be said', () => view.state.activity?.kind === 'saving');
        clock.wake(61_000);
      }
      await until('the turn to end', () => !view.controller.isRunning);
      assert.equal(lastFailure(view), 'storeRescued');
      assert.ok(shown(view).includes('The paid answer.'));
      const [file] = rescueFiles();
      assert.ok(file !== undefined);
      if (process.platform !== 'win32') assert.equal(statSync(join(folder.path, file)).mode & 0o777, 0o600);
      // While the record refuses, nothing is sent that would have to follow it.
      const asked = fake.messages.length;
      await ask(view, 'And more?');
      assert.equal(fake.messages.length, asked);
      assert.equal(lastFailure(view), 'storeFailed');
      refuses = false;
      fake.enqueue(reply.text('It goes on.'));
      await ask(view, 'And more?');
      assert.deepEqual(rescueFiles(), []);
      assert.ok(JSON.stringify(fake.messages.at(-1)?.body.messages).includes('The paid answer.'));
      const stored = await chat.store.load(id);
      assert.deepEqual(
        stored?.path.map(({ kind }) => kind),
        ['snapshot', 'user', 'assistant', 'end', 'user', 'assistant', 'end'],
      );
    });
  }

  /** One turn whose answer lies in the rescue file; the window is closed. */
  async function rescued(): Promise<{ readonly id: string; readonly file: string; readonly bytes: Buffer }> {
    const wrap = failing((name, args) =>
      brings('assistant', name, args) ? new StoreError('full', 'The disk is full.') : null,
    );
    const chat = await open('one', { wrap });
    const view = await viewOf(chat);
    fake.enqueue(reply.text('The paid answer.'));
    await ask(view, 'What does it say?');
    const id = view.controller.conversation;
    await closeChat(chat);
    chats.length = 0;
    const file = join(folder.path, rescueFiles()[0] ?? '');
    return { id, file, bytes: readFileSync(file) };
  }

  it('takes in what was kept when it is opened the next time, in order and once', async () => {
    const { id, file, bytes } = await rescued();
    // The machine died while a further line was written.
    writeFileSync(file, Buffer.concat([bytes, bytes.subarray(0, bytes.length / 3)]));
    let path: readonly Entry[] = [];
    for (const round of [1, 2, 3]) {
      const chat = await open('two');
      assert.deepEqual(rescueFiles(), []);
      const stored = await chat.store.load(id);
      assert.deepEqual(
        stored?.path.map(({ kind }) => kind),
        ['snapshot', 'user', 'assistant', 'end'],
      );
      if (round > 1) assert.deepEqual(stored?.path, path);
      path = stored?.path ?? [];
      assert.equal((await chat.store.list({ workspaces: null, limit: 10 })).rows.length, 1);
      await closeChat(chat);
      chats.length = 0;
      // As if it had died before the file was removed.
      writeFileSync(file, bytes);
    }
  });

  it('makes a conversation of its own of what was kept, where another window has gone on meanwhile', async () => {
    const { id, file, bytes } = await rescued();
    renameSync(file, `${file}.away`);
    const two = await open('two');
    const other = await viewOf(two, id);
    fake.enqueue(reply.text('Of the other window'));
    await ask(other, 'Go on here');
    renameSync(`${file}.away`, file);
    assert.ok(bytes.equals(readFileSync(file)));
    const head = (await two.store.getMeta(id))?.head;
    await closeChat(two);
    chats.length = 0;
    const three = await open('three');
    const { rows } = await three.store.list({ workspaces: null, limit: 10 });
    assert.equal(rows.length, 2);
    assert.equal(rows.find((row) => row.id === id)?.head, head);
    const branch = await viewOf(three, rows.find((row) => row.id !== id)?.id);
    assert.ok(shown(branch).includes('What does it say?') && shown(branch).includes('The paid answer.'));
    fake.enqueue(reply.text('It goes on.'));
    await ask(branch, 'And more?');
    assert.deepEqual(fake.refusals, []);
    assert.deepEqual(rescueFiles(), []);
  });

  it('erases what was kept with its conversation', async () => {
    const { id, file, bytes } = await rescued();
    renameSync(file, `${file}.away`);
    const chat = await open('two');
    renameSync(`${file}.away`, file);
    assert.ok(bytes.includes('The paid answer.'));
    await chat.store.deleteForever(id);
    assert.ok(!existsSync(file));
    writeFileSync(file, bytes);
    await chat.store.setDeleted(id, 1).catch(() => undefined);
    assert.equal(await chat.store.load(id), null, 'and it does not come back');
  });

  it('keeps the answer of a window that meets a database of a newer version', async () => {
    const chat = await open('one');
    const view = await viewOf(chat);
    const id = view.controller.conversation;
    const held = fake.hold();
    send(view, 'A long story?');
    await held.push('Of an older time');
    await until('the words', () => shown(view).includes('Of an older time'));
    const db = new DatabaseSync(join(folder.path, databaseName));
    db.exec(`PRAGMA user_version = ${schemaVersion + 1}`);
    await held.end();
    await until('the turn to end', () => !view.controller.isRunning);
    assert.equal(lastFailure(view), 'storeRescued');
    assert.equal(rescueFiles().length, 1);
    db.exec(`PRAGMA user_version = ${schemaVersion}`);
    db.close();
    const newer = await open('two');
    assert.ok(JSON.stringify(await newer.store.load(id)).includes('Of an older time'));
    assert.deepEqual(rescueFiles(), []);
  });
});
