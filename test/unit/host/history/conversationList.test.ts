import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../../../src/core/base/ports';
import type { WorkspaceFingerprint } from '../../../../src/core/record/store';
import { systemClock } from '../../../../src/host/base/clock';
import { workspaceIdentity } from '../../../../src/host/base/identity';
import { refusals } from '../../../../src/host/base/plainStrings';
import { ConversationList, keptMs } from '../../../../src/host/history/conversationList';
import { reply } from '../../../fakeClaude/script';
import { type FakeClaude, startFakeClaude } from '../../../fakeClaude/server';
import { saying } from '../../../texts';
import { ask, type Chat, closeChat, FakeEditors, FakeView, openChat, temporaryFolder, until } from '../../core/kit';
import { failingStore, type StoreFaults } from '../session/failingStore';

const facts: WorkspaceFingerprint = { remotes: ['example.com/me/work'], names: ['README.md', 'src'] };

/** Waits are over at once where the test says so: time stands until it moves it. */
class TestClock implements Clock {
  at = 1_000_000;
  readonly #waiting = new Set<{ readonly until: number; readonly wake: () => void }>();

  now(): number {
    return this.at;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (ms === 0) resolve();
      else this.#waiting.add({ until: this.at + ms, wake: resolve });
      signal.addEventListener('abort', () => reject(signal.reason));
    });
  }

  every(ms: number, callback: () => void): () => void {
    return systemClock.every(ms, callback);
  }

  pass(ms: number): void {
    this.at += ms;
    for (const one of this.#waiting) {
      if (one.until > this.at) continue;
      this.#waiting.delete(one);
      one.wake();
    }
  }
}

describe('The list of conversations in the host', () => {
  let fake: FakeClaude;
  let folder: { readonly path: string; remove(): void };
  let chat: Chat;
  let clock: TestClock;
  let list: ConversationList;
  let inSight: string | null;
  const open = workspaceIdentity({ name: 'work', folders: ['file:///home/me/work'], file: undefined });

  beforeEach(async () => {
    fake = await startFakeClaude();
    folder = await temporaryFolder();
    chat = await openChat({ url: fake.url, folder: folder.path, editors: new FakeEditors() });
    clock = new TestClock();
    inSight = null;
    list = makeList();
  });

  afterEach(async () => {
    list.dispose();
    await closeChat(chat);
    await fake.close();
    folder.remove();
  });

  function makeList(identity = open, store = chat.store): ConversationList {
    return new ConversationList({
      store,
      chats: chat.conversations.chats,
      identity,
      clock,
      log: { info: () => undefined, warn: () => undefined, error: (message) => assert.fail(message) },
      owner: 'host-1',
      isAlive: () => true,
      facts: async () => facts,
      areGone: async (folders) => folders.every((one) => one.includes('old')),
      home: 'file:///home/me',
      shownMark: (id, mark) => (id === inSight ? null : mark),
    });
  }

  const page = (of = list, all = true) => of.page({ query: '', all, after: null, limit: 10 }, null);

  /** A conversation with one answered question. */
  async function asked(words: string): Promise<string> {
    fake.enqueue(reply.text('Yes.'));
    const controller = await chat.conversations.startNew();
    await ask(new FakeView(controller), words);
    return controller.conversation;
  }

  it('deletes with a way back, and for good when the time is over', async () => {
    const id = await asked('Shall this stay?');
    await chat.conversations.leave(id);
    await list.delete(id);
    assert.deepEqual((await page()).rows, []);
    await list.undoDelete(id);
    assert.deepEqual(
      (await page()).rows.map(({ title }) => title),
      ['Shall this stay?'],
    );
    assert.equal((await chat.store.load(id))?.path.length, 4, 'nothing of it is lost');
    await list.delete(id);
    clock.pass(keptMs - 1);
    assert.notEqual(await chat.store.getMeta(id), null);
    clock.pass(1);
    for (let tries = 0; (await chat.store.getMeta(id)) !== null; tries += 1) assert.ok(tries < 1000, 'it is erased');
  });

  it('gives what was deleted before as long as the last one, also to a window that starts meanwhile', async () => {
    const ids = [await asked('One'), await asked('Two')] as const;
    await chat.conversations.startNew();
    await list.delete(ids[0]);
    clock.pass(keptMs - 1);
    await list.delete(ids[1]);
    clock.pass(keptMs - 1);
    const second = makeList();
    await second.start();
    second.dispose();
    await Promise.all(ids.map((id) => list.undoDelete(id)));
    assert.deepEqual((await page()).rows.map(({ title }) => title).sort(), ['One', 'Two']);
    // What was brought back is not taken along by the next one.
    await list.delete(ids[0]);
    clock.pass(keptMs);
    for (let tries = 0; (await chat.store.getMeta(ids[0])) !== null; tries += 1)
      assert.ok(tries < 1000, 'it is erased');
    assert.notEqual(await chat.store.getMeta(ids[1]), null);
  });

  it('erases at once what is deleted forever, and not what another window drives again', async () => {
    const id = await asked('Not a moment longer');
    await chat.conversations.leave(id);
    await list.delete(id);
    await list.undoDelete(id);
    const lease = { conversation: id, owner: 'host-2', expiresAt: clock.now() + 5000 };
    await chat.store.acquireLease(lease, clock.now());
    await assert.rejects(list.deleteForever(id), saying(refusals.busyToDelete().text));
    await chat.store.releaseLease(id, 'host-2');
    const deleting = list.delete(id);
    await list.deleteForever(id);
    await deleting;
    assert.equal(await chat.store.getMeta(id), null);
    assert.deepEqual((await page()).rows, []);
  });

  it('takes a deletion back that has not been carried out yet', async () => {
    const id = await asked('Shall this stay?');
    const waiting: (() => void)[] = [];
    const deleting = list.delete(id, async () => {
      await new Promise<void>((resolve) => waiting.push(resolve));
      await chat.conversations.leave(id);
    });
    await until('the deletion to begin', () => waiting.length > 0);
    const back = list.undoDelete(id);
    await delay(20);
    for (const go of waiting) go();
    await Promise.all([deleting, back]);
    assert.deepEqual(
      (await page()).rows.map(({ title }) => title),
      ['Shall this stay?'],
    );
  });

  it('erases at the next start what the closing of the window left deleted', async () => {
    const id = await asked('Deleted just before the end');
    await chat.conversations.leave(id);
    await list.delete(id);
    list.dispose();
    clock.pass(keptMs);
    list = makeList();
    await list.start();
    assert.equal(await chat.store.getMeta(id), null);
  });

  it('leaves no view before it is known to be deleted: another window may take it, or the store refuse', async () => {
    const id = await asked('In two windows');
    const other = await openChat({ url: fake.url, folder: folder.path, editors: new FakeEditors(), owner: 'host-2' });
    const theirs = await other.conversations.open(id);
    const held = fake.hold();
    let faults: StoreFaults = {
      setDeleted: async () => {
        void theirs.handle({ type: 'send', conversation: id, text: 'One more' });
        await held.push('Half');
      },
    };
    const mine = makeList(
      open,
      failingStore(chat.store, () => faults),
    );
    await assert.rejects(mine.delete(id, assert.fail), saying(refusals.busyToDelete().text));
    await held.end();
    await until('the end of their turn', () => !theirs.isRunning);
    await closeChat(other);

    faults = { setDeleted: () => Promise.reject(new Error('The disk is full.')) };
    await assert.rejects(mine.delete(id, assert.fail), /disk is full/);
    assert.equal(chat.conversations.currentId, id);
    faults = {};
    const left: string[] = [];
    await mine.delete(id, async () => void left.push(...(await page()).rows.map((row) => row.id), 'left'));
    assert.deepEqual(left, ['left']);
    mine.dispose();
  });

  it('stops what runs in a conversation that it deletes, and leaves one alone that another window drives', async () => {
    const held = fake.hold();
    const controller = await chat.conversations.current();
    const view = new FakeView(controller);
    view.controller.handle({ type: 'send', conversation: controller.conversation, text: 'Runs' });
    await held.push('Half');
    await until('the list to say so', () => chat.conversations.chats.activityOf(controller.conversation) === 'running');
    assert.equal((await page()).rows[0]?.state, 'running');
    await chat.conversations.leave(controller.conversation);
    await list.delete(controller.conversation);
    assert.equal((await held.request).aborted, true);

    const other = await asked('Driven elsewhere');
    await chat.conversations.leave(other);
    const lease = { conversation: other, owner: 'host-2', expiresAt: clock.now() + 5000 };
    assert.equal(await chat.store.acquireLease(lease, clock.now()), true);
    assert.equal((await page()).rows[0]?.state, 'elsewhere');
    await assert.rejects(list.delete(other, assert.fail), saying(refusals.busyToDelete().text));
    assert.equal((await page()).rows.length, 1);
  });

  it('says what waits for the user, here or in another window, and what nobody has seen', async () => {
    const id = await asked('Ended unseen');
    const state = async (): Promise<string | undefined> => (await page()).rows.find((one) => one.id === id)?.state;
    assert.equal(await state(), 'idle');
    for (const mark of ['unread', 'needsYou'] as const) {
      await chat.store.setMark(id, mark);
      assert.equal(await state(), mark);
    }
    inSight = id;
    assert.equal(await state(), 'idle');
    inSight = null;
    await chat.store.setMark(id, null);
    const lease = { conversation: id, owner: 'host-2', expiresAt: clock.now() + 5000 };
    await chat.store.acquireLease(lease, clock.now());
    assert.equal(await state(), 'elsewhere');
    const call = { key: 'k', label: { text: 'Read .env' }, approval: { kind: 'web', tool: 'fetch', spans: ['once'] } };
    await chat.store.noteAsking(id, 'host-2', [call as never]);
    assert.equal(await state(), 'needsYou');
  });

  it('renames what is open and what is not; a title of nothing is none', async () => {
    const id = await asked('First words');
    await list.rename(id, '  By   hand \n');
    assert.equal((await chat.conversations.current()).title, 'By hand');
    await list.rename(id, '   ');
    assert.equal((await chat.store.getMeta(id))?.title, 'By hand');
  });

  it('offers a moved folder, brings its conversations, puts them back, and stops offering when told so', async () => {
    const old = workspaceIdentity({ name: 'old', folders: ['file:///home/me/old'], file: undefined });
    await chat.store.noteWorkspace(old, facts);
    const meta = { workspace: old.key, title: 'From before', createdAt: 1, updatedAt: 1, head: null };
    for (const id of ['o1', 'o2']) await chat.store.createConversation(old, { ...meta, id });
    const offer = { key: old.key, from: '~/old', count: 2 };
    let shown = await page(list, false);
    assert.deepEqual([shown.rows.length, shown.elsewhere, shown.offer, shown.adopted], [0, 2, offer, null]);
    await list.adopt(old.key);
    shown = await page(list, false);
    assert.deepEqual([shown.rows.length, shown.elsewhere, shown.offer, shown.adopted], [2, 0, null, offer]);
    await list.putBack(old.key);
    shown = await page(list, false);
    assert.deepEqual([shown.rows.length, shown.offer, shown.adopted], [0, offer, null]);
    await list.dismiss(old.key);
    shown = await page(list, false);
    assert.deepEqual([shown.offer, shown.elsewhere], [null, 2], 'no offer any more, and nothing is lost');
  });

  it('offers a moved folder in an empty chat too, as long as the workspace has nothing of its own (L1)', async () => {
    const old = workspaceIdentity({ name: 'old', folders: ['file:///home/me/old'], file: undefined });
    const meta = { workspace: old.key, title: 'From before', createdAt: 1, updatedAt: 1, head: null };
    assert.equal(await list.emptyOffer(), null);
    await chat.store.noteWorkspace(old, facts);
    await chat.store.createConversation(old, { ...meta, id: 'o1' });
    list.changed();
    const offer = { key: old.key, from: '~/old', count: 1 };
    assert.deepEqual(await list.emptyOffer(), offer);
    await list.adopt(old.key);
    assert.equal(await list.emptyOffer(), null, 'it has that one now');
    await list.putBack(old.key);
    assert.deepEqual(await list.emptyOffer(), offer);
    const own = { ...meta, id: 'own', workspace: open.key };
    await chat.store.createConversation(open, own);
    list.changed();
    assert.equal(await list.emptyOffer(), null, 'it has one of its own; the list still offers');
    assert.deepEqual((await page(list, false)).offer, offer);
    await list.dismiss(old.key);
    assert.equal(await list.emptyOffer(), null);
  });

  it('remembers that the column was closed', async () => {
    assert.equal(await list.hasColumn(), true);
    await list.showColumn(false);
    assert.equal(await makeList().hasColumn(), false);
  });
});
