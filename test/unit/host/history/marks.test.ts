/** Marks, badge and notifications: over real chats in two windows of one store. */
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { Reached } from '../../../../src/core/tools/consent';
import { refusals } from '../../../../src/host/base/plainStrings';
import { Marks, type Noteworthy } from '../../../../src/host/history/marks';
import type { LocalizableMessage } from '../../../../src/shared/chat';
import { reply } from '../../../fakeClaude/script';
import { type Chat, type ChatOptions, FakeEditors, FakeView, until } from '../../core/kit';
import { send, Windows } from '../session/fenceKit';

/** Reading `.env` asks. */
class Guarded extends FakeEditors {
  async reach(paths: readonly string[]): Promise<readonly Reached[]> {
    return paths
      .filter((path) => path === '.env')
      .map((path) => ({ uri: `file:///work/${path}`, path, why: ['secret'] }));
  }
}

interface Watched {
  readonly chat: Chat;
  readonly marks: Marks;
  focused: boolean;
  wantsToSee: boolean;
  /** What is waited for until the user has read what is told. */
  reads: Promise<void>;
  /** What is waited for before an end is told. */
  waits: Promise<void>;
  readonly told: (readonly [Noteworthy, string])[];
  readonly shown: string[];
  readonly said: LocalizableMessage[];
}

describe('What has come to its end while nobody looked', () => {
  const windows = new Windows();
  let mine: Watched;
  const all: Watched[] = [];

  beforeEach(async () => {
    await windows.begin();
    mine = await watched('one');
  });
  afterEach(async () => {
    for (const { marks } of all.splice(0)) marks.dispose();
    await windows.end();
  });

  async function watched(owner: string, more: Partial<ChatOptions> = {}): Promise<Watched> {
    const editors = new Guarded();
    editors.files.set('.env', 'KEY=1\n');
    const chat = await windows.open(owner, { editors, ...more });
    const waits = Promise.resolve();
    const one: Watched = {
      chat,
      focused: true,
      wantsToSee: false,
      waits,
      reads: waits,
      told: [],
      shown: [],
      said: [],
      marks: undefined as never,
    };
    const marks = new Marks({
      store: chat.store,
      chats: chat.conversations.chats,
      log: { info: () => undefined, warn: () => undefined, error: (message) => assert.fail(message) },
      clock: { sleep: () => one.waits, now: () => Date.now() },
      isAlive: (name) => name !== 'gone',
      workspaces: async () => ['work'],
      isFocused: () => one.focused,
      notify: async (what, title) => {
        one.told.push([what, title]);
        await one.reads;
        return one.wantsToSee;
      },
      show: async (id) => {
        await chat.conversations.open(id);
        one.shown.push(id);
      },
      say: (message) => void one.said.push(message),
      changed: () => void marks.refresh(),
    });
    Object.assign(one, { marks });
    all.push(one);
    return one;
  }

  /** What the list has of a conversation. */
  const marked = async (id: string): Promise<string | null | undefined> =>
    (await mine.chat.store.list({ workspaces: ['work'], limit: 9 })).rows.find((row) => row.id === id)?.mark;
  const markedAs = async (id: string, mark: string | null): Promise<void> => {
    for (let tries = 0; (await marked(id)) !== mark; tries += 1) assert.ok(tries < 500, `${mark} in time`);
  };

  /** Asks, and looks at another conversation before the answer has ended. */
  async function leftAlone(
    words: string,
    of = mine,
  ): Promise<{ readonly id: string; readonly held: ReturnType<typeof windows.fake.hold> }> {
    const held = windows.fake.hold();
    const view = new FakeView(await of.chat.conversations.startNew());
    send(view, words);
    await held.push('Half ');
    view.detach();
    await of.chat.conversations.startNew();
    return { id: view.controller.conversation, held };
  }

  it('is marked until it is seen, in whichever window', async () => {
    const { id, held } = await leftAlone('Why?');
    await held.push('and all.');
    await held.end();
    await markedAs(id, 'unread');
    assert.deepEqual([mine.marks.count, mine.told], [0, []], 'nothing waits, and the window has the focus');
    assert.equal(mine.marks.shown(id, 'unread'), 'unread');
    const other = await watched('two');
    const view = new FakeView(await other.chat.conversations.open(id));
    await markedAs(id, null);
    view.detach();
  });

  it('is seen, and not told, where another window shows it while it runs', async () => {
    const { id, held } = await leftAlone('Who looks?');
    mine.focused = false;
    let said = (): void => undefined;
    mine.waits = new Promise((resolve) => {
      said = resolve;
    });
    const other = await watched('two');
    const view = new FakeView(await other.chat.conversations.open(id));
    await until('the turn to be shown there', () => view.controller.isActive);
    await held.push('all.');
    await held.end();
    await until('its end there', () => !view.controller.isActive);
    await delay(300);
    assert.equal(await marked(id), null);
    said();
    await delay(100);
    assert.deepEqual(mine.told, []);
    view.detach();
  });

  it('waits for the user where the window is closed while it runs out of sight', async () => {
    const { id } = await leftAlone('Broken off');
    const inSight = new FakeView(await mine.chat.conversations.startNew());
    const held = windows.fake.hold();
    send(inSight, 'Looked at');
    await held.push('Half ');
    mine.marks.dispose();
    await markedAs(id, 'needsYou');
    assert.deepEqual([await marked(inSight.controller.conversation), mine.told], [null, []]);
  });

  it('waits for the user where the window that ran it is gone, and not while that may go on', async () => {
    const { store } = mine.chat;
    const broken = async (id: string, owner: string, expired: number, ended = false): Promise<void> => {
      const work = { key: 'work', name: 'work', folders: ['file:///work'] };
      await store.createConversation(work, {
        ...{ id, workspace: 'work', title: id, createdAt: 1, updatedAt: 1, head: null },
      });
      const user = { id: `${id}q`, parent: null, at: 1, kind: 'user', model: 'm', content: [] } as const;
      const end = { id: `${id}e`, parent: `${id}q`, at: 1, kind: 'end', outcome: { kind: 'done' } } as const;
      await store.append(id, ended ? [user, end] : [user], null);
      await store.acquireLease({ conversation: id, owner, expiresAt: Date.now() - expired }, Date.now());
    };
    await broken('crashed', 'gone', -60_000);
    await broken('lost', 'elsewhere', 120_000);
    await broken('asleep', 'elsewhere', 1_000);
    await broken('ended', 'gone', 120_000, true);
    await mine.marks.refresh();
    const marks = [];
    for (const id of ['crashed', 'lost', 'asleep', 'ended']) marks.push(await marked(id));
    assert.deepEqual(marks, ['needsYou', 'needsYou', null, null]);
    assert.equal(mine.marks.count, 2);
    const view = new FakeView(await mine.chat.conversations.open('lost'));
    await markedAs('lost', null);
    await mine.marks.refresh();
    assert.deepEqual([await marked('lost'), mine.marks.count], [null, 1], 'it was repaired, and seen');
    view.detach();
  });

  it('leaves no trace where it was seen, so that what waits at the same place later is marked', async () => {
    const { store } = mine.chat;
    const view = new FakeView(await mine.chat.conversations.startNew());
    const id = view.controller.conversation;
    windows.fake.enqueue(reply.text('Yes.'));
    send(view, 'In sight');
    await until('the end', () => view.controller.ending === 'unread' && !view.controller.isRunning);
    await delay(100);
    await store.setMark(id, 'needsYou');
    assert.equal(await marked(id), 'needsYou', 'by the window that ran it');
    await store.setMark(id, 'seen');
    await store.setMark(id, null);
    await store.setMark(id, 'needsYou');
    assert.equal(await marked(id), 'needsYou', 'by another one, before it went on');
    view.detach();
  });

  it('keeps what was seen for as long as nothing is added: no other window marks for it', async () => {
    const { store } = mine.chat;
    const { id, held } = await leftAlone('Twice');
    await held.end();
    await markedAs(id, 'unread');
    await store.setMark(id, 'seen');
    await store.setMark(id, 'unread');
    assert.equal(await marked(id), null);
    const controller = await mine.chat.conversations.chats.get(id);
    assert.ok(controller !== null);
    windows.fake.enqueue(reply.text('Yes.'));
    await controller.handle({ type: 'send', conversation: id, text: 'And now?' });
    await markedAs(id, 'unread');
  });

  it('is counted where it waits for the user, and no more once it was seen or deleted', async () => {
    const [first, second] = [await leftAlone('Fails'), await leftAlone('Fails, too')];
    for (const { held } of [first, second]) await held.cut();
    await until('the count of both', () => mine.marks.count === 2);
    assert.equal(await marked(first.id), 'needsYou');
    const other = await watched('two');
    await other.marks.refresh();
    assert.equal(other.marks.count, 2, 'another window counts them, too');
    new FakeView(await mine.chat.conversations.open(first.id)).detach();
    await until('one', () => mine.marks.count === 1);
    await mine.chat.store.setDeleted(second.id, { owner: 'one', at: Date.now() });
    await other.marks.refresh();
    assert.equal(other.marks.count, 0);
    await mine.chat.store.deleteForever(second.id);
    assert.equal(await marked(first.id), null);
  });

  it('tells once what ends or asks while the window has no focus, shows it when asked to, and takes back what is seen then', async () => {
    mine.focused = false;
    mine.wantsToSee = true;
    const view = new FakeView(await mine.chat.conversations.startNew());
    const id = view.controller.conversation;
    windows.fake.enqueue(reply.toolUse('read_file', { path: '.env' }), reply.text('It is empty.'));
    send(view, 'Read it');
    await until('a word about the card', () => mine.shown.length === 1);
    assert.deepEqual([mine.told, mine.shown], [[['asks', 'Read it']], [id]]);
    assert.equal(mine.marks.count, 1);
    const part = view.state.items
      .flatMap((item) => (item.type === 'answer' ? item.parts : []))
      .find(({ type }) => type === 'tool');
    assert.ok(part?.type === 'tool' && part.status === 'asks', 'nothing is allowed by it');
    await view.controller.handle({ type: 'approve', conversation: id, key: part.key, span: 'once' });
    await until('the end', () => mine.told.length === 2);
    assert.deepEqual(mine.told.at(-1), ['unread', 'Read it']);
    await markedAs(id, 'unread');
    mine.focused = true;
    mine.marks.focusChanged();
    await markedAs(id, null);
    view.detach();
  });

  it('says so where what was told of is gone, or was answered, when the user comes to it', async () => {
    mine.focused = false;
    mine.wantsToSee = true;
    let comes = (): void => undefined;
    mine.reads = new Promise((resolve) => {
      comes = resolve;
    });
    const { id, held } = await leftAlone('Deleted');
    await held.end();
    const view = new FakeView(await mine.chat.conversations.startNew());
    const { conversation } = view.controller;
    windows.fake.enqueue(reply.toolUse('read_file', { path: '.env' }), reply.text('It is empty.'));
    send(view, 'Answered');
    await until('both', () => mine.told.length === 2);
    mine.focused = true;
    await mine.chat.conversations.chats.close(id);
    await mine.chat.store.setDeleted(id, { owner: 'one', at: Date.now() });
    const [part] = view.state.items.flatMap((item) =>
      item.type === 'answer' ? item.parts.filter(({ type }) => type === 'tool') : [],
    );
    assert.ok(part?.type === 'tool');
    await view.controller.handle({ type: 'approve', conversation, key: part.key, span: 'once' });
    await until('the answer', () => view.controller.waiting === 0);
    comes();
    await until('a word of each', () => mine.said.length === 2);
    assert.deepEqual(new Set(mine.said), new Set([refusals.notStored(), refusals.answeredAlready()]));
    assert.deepEqual(mine.shown, [conversation]);
    view.detach();
  });

  it('is nothing for what is in sight in a focused window, and for what was stopped', async () => {
    const view = new FakeView(await mine.chat.conversations.startNew());
    const id = view.controller.conversation;
    windows.fake.enqueue(reply.text('Yes.'));
    send(view, 'In sight');
    await until('the end', () => view.controller.ending === 'unread' && !view.controller.isRunning);
    view.detach();
    mine.focused = false;
    const { id: stopped, held } = await leftAlone('Stopped');
    const controller = await mine.chat.conversations.chats.get(stopped);
    await controller?.handle({ type: 'stop', conversation: stopped });
    await until('the stop', () => controller?.isRunning === false);
    assert.deepEqual([await marked(id), await marked(stopped), mine.told], [null, null, []]);
    assert.equal((await held.request).aborted, true);
  });
});
