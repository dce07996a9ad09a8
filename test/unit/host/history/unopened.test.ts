import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { StoreError } from '../../../../src/core/base/errors';
import type { Entry } from '../../../../src/core/record/record';
import { stateOf } from '../../../../src/core/transcript/transcript';
import { beside } from '../../../../src/host/base/beside';
import { Once } from '../../../../src/host/base/once';
import { UnopenedError } from '../../../../src/host/panel/unopened';
import { ViewLink } from '../../../../src/host/panel/viewLink';
import type { HostToView } from '../../../../src/shared/protocol';
import { reply } from '../../../fakeClaude/script';
import { type FakeClaude, startFakeClaude } from '../../../fakeClaude/server';
import { ask, type Chat, closeChat, FakeEditors, FakeView, openChat, temporaryFolder, until } from '../../core/kit';
import { panelEnvironment } from '../panel/panelParts';
import { failingStore, type StoreFaults } from '../session/failingStore';

describe('A conversation that cannot be opened', () => {
  let fake: FakeClaude;
  let folder: { readonly path: string; remove(): void };
  let chat: Chat;
  let faults: StoreFaults;

  const open = async (): Promise<void> => {
    chat = await openChat({
      url: fake.url,
      folder: folder.path,
      editors: new FakeEditors(),
      wrap: (store) => failingStore(store, () => faults),
    });
  };

  beforeEach(async () => {
    fake = await startFakeClaude();
    folder = await temporaryFolder();
    faults = {};
    await open();
  });

  afterEach(async () => {
    faults = {};
    await closeChat(chat);
    await fake.close();
    folder.remove();
  });

  const busy = (): never => {
    throw new StoreError('busy', 'The conversations are in use by another window.');
  };

  /** One stored conversation with a question and its answer, and a reload after it. */
  const stored = async (words: string): Promise<string> => {
    fake.enqueue(reply.text('Yes.'));
    const view = new FakeView(await chat.conversations.startNew());
    await ask(view, words);
    return view.controller.conversation;
  };

  /** What a view in the side bar is told. */
  const panel = () => {
    const posted: HostToView[] = [];
    const link = new ViewLink({
      post: (message) => posted.push(message),
      sessions: chat.conversations,
      environment: { current: async () => panelEnvironment, onDidChange: () => () => undefined },
      actions: {} as never,
      list: { handlers: () => ({}) as never, onDidChange: () => () => undefined },
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      takeFocus: () => undefined,
    });
    link.receive({ ask: 1, intent: { type: 'ready' } });
    const last = (): HostToView | undefined =>
      posted.findLast(({ type }) => type === 'snapshot' || type === 'unopened');
    return { link, posted, last };
  };

  it('because the store was busy at start is opened by the next attempt, and New Chat and Explain work (L73)', async () => {
    const id = await stored('Is it so?');
    await closeChat(chat);
    await open();
    faults = { getValue: busy };
    await assert.rejects(chat.conversations.current(), (error) => {
      assert.ok(error instanceof UnopenedError);
      assert.equal(error.conversation, null);
      return /in use/.test(error.message);
    });
    // While the store does not answer.
    const fresh = await chat.conversations.startNew();
    assert.ok(fresh.isBlank);
    faults = {};
    assert.equal((await chat.conversations.current()).conversation, fresh.conversation);
    assert.equal((await chat.conversations.open(id)).title, 'Is it so?');
    assert.equal((await chat.conversations.forQuestion('current')).conversation, id);
  });

  it('is tried again when it is asked for again (L73)', async () => {
    const id = await stored('Is it so?');
    await closeChat(chat);
    await open();
    faults = { load: busy };
    const asked = chat.conversations.current();
    await assert.rejects(asked, (error) => error instanceof UnopenedError && error.conversation === id);
    assert.ok((await chat.conversations.forQuestion('current')).isBlank, 'a question goes to a new one');
    faults = {};
    assert.equal((await chat.conversations.open(id)).conversation, id);
  });

  it('is named in its place and in the list, others open, and it opens once it can be read (L73)', async () => {
    const [bad, good] = [await stored('The damaged one'), await stored('The sound one')];
    await closeChat(chat);
    await open();
    faults = {
      load: (conversation) => {
        if (conversation === bad) throw new StoreError('failed', 'A part of this conversation cannot be read.');
      },
    };
    const { link, last } = panel();
    await until('the first one', () => last()?.type === 'snapshot');
    await assert.rejects(chat.conversations.open(bad));
    await until('the reason', () => last()?.type === 'unopened');
    assert.deepEqual(last(), {
      type: 'unopened',
      conversation: bad,
      title: 'The damaged one',
      reason: 'A part of this conversation cannot be read.',
    });
    assert.equal(chat.conversations.currentId, bad);
    assert.equal(chat.conversations.chats.activityOf(bad), 'unopened');
    link.receive({ ask: 2, intent: { type: 'reopen' } });
    await until('it is tried', () => last()?.type === 'unopened');
    await chat.conversations.open(good);
    await until('another', () => last()?.type === 'snapshot');
    faults = {};
    await chat.conversations.open(bad);
    await until('the mended one', () => {
      const message = last();
      return message?.type === 'snapshot' && message.conversation === bad;
    });
    assert.equal(chat.conversations.chats.activityOf(bad), 'idle');
    link.dispose();
  });

  it('at start is shown as soon as Retry finds that the store answers (L73)', async () => {
    const id = await stored('Is it so?');
    await closeChat(chat);
    await open();
    faults = { getValue: busy };
    const { link, last } = panel();
    await until('the reason', () => last()?.type === 'unopened');
    faults = {};
    link.receive({ ask: 2, intent: { type: 'reopen' } });
    await until('the conversation', () => {
      const message = last();
      return message?.type === 'snapshot' && message.conversation === id;
    });
    link.dispose();
  });

  it('no longer stands in the way of one that was asked for after it', async () => {
    const [slow, quick] = [await stored('The slow one'), await stored('The quick one')];
    await closeChat(chat);
    await open();
    let letGo = (): void => undefined;
    const wait = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    faults = { load: (conversation) => (conversation === slow ? wait : undefined) };
    const opening = chat.conversations.open(slow);
    await chat.conversations.open(quick);
    assert.equal(chat.conversations.currentId, quick);
    letGo();
    await opening;
    assert.equal(chat.conversations.currentId, quick, 'the last one that was asked for stays');
  });

  it('is shown without the one entry that is not what it should be (L73)', async () => {
    const path = [
      { kind: 'user', id: 'u', parent: null, at: 1, content: [{ type: 'text', text: 'Hello' }], model: 'm' },
      { kind: 'change', id: 'x', parent: 'u', at: 2, changes: null },
      { kind: 'assistant', id: 'y', parent: 'x', at: 3, content: 7 },
      null,
      { kind: 'end', id: 'e', parent: 'y', at: 4, outcome: { kind: 'done' } },
    ] as unknown as readonly Entry[];
    const state = stateOf('c', 'Title', path);
    assert.deepEqual(
      state.items.map((item) => (item.type === 'context' ? item.lines[0]?.change : item.type)),
      ['user', 'answer', 'unreadable', 'unreadable', 'unreadable'],
    );
    assert.equal(state.items[1]?.type === 'answer' && state.items[1].outcome?.kind, 'done');
  });
});

describe('What is made once', () => {
  it('is made once, and made again after a failure (L73)', async () => {
    let tries = 0;
    const once = new Once(async () => {
      tries += 1;
      if (tries === 1) throw new Error('not yet');
      return tries;
    });
    const [one, two] = await Promise.allSettled([once.get(), once.get()]);
    assert.equal(one.status, 'rejected');
    assert.equal(two.status, 'rejected');
    assert.equal(tries, 1, 'those that ask together share it');
    assert.equal(await once.get(), 2);
    assert.equal(await once.get(), 2);
    once.forget();
    assert.equal(await once.get(), 3);
  });
});

describe('What is only shown', () => {
  it('is waited for no longer than its time, and never fails', async () => {
    const failures: unknown[] = [];
    const failed = (error: unknown): void => void failures.push(error);
    assert.equal(await beside(async () => 'value', 'else', failed), 'value');
    assert.equal(await beside(() => Promise.reject(new Error('no')), 'else', failed), 'else');
    assert.equal(await beside(() => assert.fail('at once'), 'else', failed), 'else');
    const hangs = beside(() => new Promise<string>(() => undefined), 'else', failed, 5);
    assert.equal(await Promise.race([hangs, delay(10_000, 'it is waited for', { ref: false })]), 'else');
    assert.equal(failures.length, 3);
  });
});
