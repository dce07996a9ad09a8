/** The way of a message through the whole host: from the panel's intent to the first request, over the vscode stub. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChatSettings } from '../../../src/core/base/settings';
import { textOf } from '../../../src/core/record/branchPoint';
import type { UserBlock } from '../../../src/core/record/record';
import type { Store, StoredConversation } from '../../../src/core/record/store';
import { systemClock } from '../../../src/host/base/clock';
import { CostEstimator } from '../../../src/host/pricing/costEstimator';
import { reply } from '../../fakeClaude/script';
import { type FakeClaude, startFakeClaude } from '../../fakeClaude/server';
import { ask, closeChat, FakeEditors, FakeView, openChat, until } from '../core/kit';
import { callsByName, filesEntered } from '../functionCalls';
import { failingStore, type StoreFaults } from './session/failingStore';
import { openWholeHost, showSideBar } from './wholeHost';

describe('One Send', () => {
  let fake: FakeClaude;
  let folder: string;
  let restore: (() => void) | undefined;

  beforeEach(async () => {
    calls.length = 0;
    fake = await startFakeClaude();
    folder = mkdtempSync(join(tmpdir(), 'prelude-send-'));
    writeFileSync(join(folder, 'a.ts'), 'export const a = 1;\n');
  });
  afterEach(async () => {
    restore?.();
    await fake.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('goes from the panel to the API through the whole host', async () => {
    const { host, logged, restore: undo } = await openWholeHost(fake.url, folder);
    restore = undo;
    const webview = showSideBar(host);
    webview.say({ type: 'ready' });
    await until('the snapshot', () => webview.told.some(({ type }) => type === 'snapshot'));
    const snapshot = webview.told.find((message) => message.type === 'snapshot');
    const conversation = snapshot?.state.conversation ?? '';
    // What is only shown has been read.
    await new Promise((resolve) => setTimeout(resolve, 300));

    fake.enqueue(reply.text('Hello.'));
    const files = await filesEntered(async () => {
      webview.say({ type: 'send', conversation, text: 'Hello?' }, 2);
      await until('the request', () => fake.messages.length === 1);
    });
    await host.dispose();
    if (process.env['PRELUDE_PRINT'] !== undefined)
      process.stdout.write(`${files.length} files\n${files.join('\n')}\n`);
    assert.deepEqual(fake.refusals, []);
    const bytes = Buffer.byteLength(fake.messages[0]?.raw ?? '').toLocaleString('en');
    assert.deepEqual(
      logged.filter((line) => line.startsWith('POST ')),
      [`POST ${fake.url}/v1/messages, ${bytes} bytes: a step of a turn.`],
    );
    assert.ok(files.includes('host/session/controller.js'), 'what ran was counted');
  });

  /** The names of the calls before the first request. */
  const calls: string[] = [];
  const counted = (store: Store): Store =>
    failingStore(
      store,
      () => new Proxy({}, { get: (_, name) => () => void (fake.messages.length === 0 && calls.push(String(name))) }),
    );

  it('waits for the store six times at most before the first request of a conversation', async () => {
    const editors = new FakeEditors();
    editors.files.set('a.ts', 'export const a = 1;\n');
    editors.open = ['a.ts'];
    const chat = await openChat({ url: fake.url, folder, editors, wrap: counted, clock: systemClock });
    const view = new FakeView(await chat.conversations.current());
    await until('the composer to have read what is open', () => (view.composer?.chips.length ?? 0) > 0);
    // Nothing of what it was opened for is still on its way.
    for (let before = -1; before !== calls.length; await new Promise((resolve) => setTimeout(resolve, 50)))
      before = calls.length;
    calls.length = 0;
    fake.enqueue(reply.text('Hello.'));
    await ask(view, 'Hello?');
    await closeChat(chat);
    assert.ok(calls.includes('append'), 'what was called was counted');
    assert.ok(calls.length <= 6, `${calls.length}: ${calls.join(', ')}`);
  });

  it('is not estimated on its way: what it costs is only shown', async () => {
    const chat = await openChat({ url: fake.url, folder, editors: new FakeEditors() });
    const controller = await chat.conversations.current();
    const { of } = CostEstimator.prototype;
    let estimates = 0;
    CostEstimator.prototype.of = function (...args) {
      estimates += 1;
      return of.apply(this, args);
    };
    try {
      fake.enqueue(reply.text('Hello.'));
      await controller.handle({ type: 'send', conversation: controller.conversation, text: 'Hello?' });
      await until('the answer', () => fake.messages.length === 1 && !controller.isRunning);
    } finally {
      CostEstimator.prototype.of = of;
    }
    assert.equal(estimates, 0);
    await closeChat(chat);
  });

  it('plans one request and estimates it once for the limits, and makes its messages once for each', async () => {
    const editors = new FakeEditors();
    editors.files.set('a.ts', 'export const a = 1;\n');
    editors.open = ['a.ts'];
    const settings = (): Partial<ChatSettings> => ({ spend: { perTurn: 2, perDay: 20 } });
    const chat = await openChat({ url: fake.url, folder, editors, clock: systemClock, settings });
    const view = new FakeView(await chat.conversations.current());
    for (const question of ['Why?', 'And then?']) {
      fake.enqueue(reply.text('Because.'));
      await ask(view, question);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
    fake.enqueue(reply.text('Because.').stall());
    const calls = await callsByName(async () => {
      view.controller.handle({ type: 'send', conversation: view.controller.conversation, text: 'Hello?' });
      await until('the request', () => fake.messages.length === 3);
    });
    view.controller.handle({ type: 'stop', conversation: view.controller.conversation });
    await until('the end', () => !view.controller.isRunning);
    await closeChat(chat);
    assert.equal(calls('planRequest'), 1);
    assert.equal(calls('estimateNext'), 1);
    assert.equal(calls('buildMessages'), 1);
    // For the estimate: those of the turn before, which are settled now, and of this one.
    assert.equal(calls('turnBlocks'), 2);
  });

  describe('and a question of a command', () => {
    const question: readonly UserBlock[] = [{ type: 'text', text: 'Explain a.ts:1.' }];
    const waiting = (stored: StoredConversation | null): readonly string[] =>
      stored?.queued.map(({ content }) => textOf(content)) ?? [];

    it('is written to those that wait once', async () => {
      const chat = await openChat({ url: fake.url, folder, editors: new FakeEditors(), wrap: counted });
      const controller = await chat.conversations.forQuestion('current');
      calls.length = 0;
      fake.enqueue(reply.text('It is one.'));
      await controller.commandQuestions.ask(await controller.commandQuestions.keep(question));
      await until('the answer', () => fake.messages.length === 1 && !controller.isRunning);
      assert.deepEqual(waiting(await chat.opened.load(controller.conversation)), []);
      await closeChat(chat);
      assert.equal(calls.filter((name) => name === 'setQueued').length, 1, calls.join(', '));
    });

    it('waits for the user when it could not be stored as sent, and in the store when VS Code is killed before', async () => {
      let faults: StoreFaults = { append: () => Promise.reject(new Error('The disk is full.')) };
      const wrap = (store: Store): Store => failingStore(store, () => faults);
      const chat = await openChat({ url: fake.url, folder, editors: new FakeEditors(), wrap });
      const controller = await chat.conversations.forQuestion('current');
      const view = new FakeView(controller);
      const rows = (): unknown => view.composer?.queued.map(({ text, held }) => ({ text, held }));
      const id = await controller.commandQuestions.keep(question);
      await controller.commandQuestions.ask(id);
      await until('the end', () => !controller.isRunning);
      assert.deepEqual(rows(), [{ text: 'Explain a.ts:1.', held: true }]);

      let reached = false;
      faults = {
        append: () => {
          reached = true;
          return new Promise(() => undefined);
        },
      };
      void controller.commandQuestions.ask(id);
      await until('its way into the record', () => reached);
      const other = await openChat({ url: fake.url, folder, editors: new FakeEditors(), owner: 'host-2' });
      assert.deepEqual(waiting(await other.store.load(controller.conversation)), ['Explain a.ts:1.']);
      await closeChat(other);
      await chat.opened.close();
      assert.equal(fake.messages.length, 0);
    });
  });
});
