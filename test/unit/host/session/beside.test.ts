import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { CostEstimator } from '../../../../src/host/pricing/costEstimator';
import { TokenCalibrationStore } from '../../../../src/host/pricing/tokenCalibrationStore';
import { MessageQueue } from '../../../../src/host/session/queue';
import { Screen } from '../../../../src/host/session/turns/screen';
import { reply } from '../../../fakeClaude/script';
import { type FakeClaude, startFakeClaude } from '../../../fakeClaude/server';
import { type Chat, closeChat, FakeEditors, FakeView, openChat, temporaryFolder, until } from '../../core/kit';
import { composerState } from '../panel/panelParts';
import { failingStore, type StoreFaults } from './failingStore';

const hang = (): Promise<void> => new Promise(() => undefined);
const refuse = (): never => {
  throw new Error('It cannot be read.');
};

describe('What is only shown stands in the way of nothing (L73)', () => {
  let fake: FakeClaude;
  let folder: { readonly path: string; remove(): void };
  let chat: Chat;
  let faults: StoreFaults;
  const restore: (() => void)[] = [];

  beforeEach(async () => {
    fake = await startFakeClaude();
    folder = await temporaryFolder();
    faults = {};
    chat = await openChat({
      url: fake.url,
      folder: folder.path,
      editors: new FakeEditors(),
      wrap: (store) => failingStore(store, () => faults),
    });
  });

  afterEach(async () => {
    faults = {};
    for (const undo of restore.splice(0)) undo();
    await closeChat(chat);
    await fake.close();
    folder.remove();
  });

  /** Puts something else in place of a method until the test is over. */
  const inject = <T extends object>(owner: T, method: string, instead: () => unknown): void => {
    const before = Object.getOwnPropertyDescriptor(owner, method);
    assert.ok(before !== undefined, method);
    Object.defineProperty(owner, method, { ...before, value: instead });
    restore.push(() => Object.defineProperty(owner, method, before));
  };

  /** A conversation opens, is sent to and answered within the time that a person does not notice much. */
  const assertAnswers = async (): Promise<void> => {
    fake.enqueue(reply.text('Yes.'));
    const view = new FakeView(await chat.conversations.startNew());
    const { conversation } = view.controller;
    await view.controller.handle({ type: 'draft', conversation, text: 'Is it so?' });
    const began = performance.now();
    await view.controller.handle({ type: 'send', conversation, text: 'Is it so?' });
    await until('the answer', () => view.state.items.some((item) => item.type === 'answer' && item.outcome !== null));
    await until('the end', () => !view.controller.isRunning);
    assert.ok(performance.now() - began < 3000);
    const answer = view.state.items.find((item) => item.type === 'answer');
    assert.equal(answer?.type === 'answer' && answer.outcome?.kind, 'done');
    assert.notEqual(view.composer, null);
  };

  for (const [way, fault] of [
    ['fails', refuse],
    ['hangs', hang],
  ] as const) {
    it(`the rhythm of turns that ${way}`, async () => {
      faults = { recentTurns: fault };
      await assertAnswers();
    });

    it(`a title that ${way}`, async () => {
      faults = { setTitle: fault };
      await assertAnswers();
    });

    it(`what is learnt of a turn that ${way}`, async () => {
      inject(TokenCalibrationStore.prototype, 'learnTurn', fault);
      await assertAnswers();
    });
  }

  it('an estimate that fails', async () => {
    inject(CostEstimator.prototype, 'input', refuse);
    await assertAnswers();
  });

  it('chips that fail', async () => {
    inject(CostEstimator.prototype, 'chipRates', refuse);
    await assertAnswers();
  });

  it('a view that fails, or a list that is told of it', async () => {
    const controller = await chat.conversations.startNew();
    controller.attach((message) => {
      if (message.type !== 'snapshot') refuse();
    });
    controller.watch(refuse);
    fake.enqueue(reply.text('Yes.'));
    const view = new FakeView(controller);
    await controller.handle({ type: 'send', conversation: controller.conversation, text: 'Is it so?' });
    await until('the end', () => !controller.isRunning);
    const answer = view.state.items.find((item) => item.type === 'answer');
    assert.equal(answer?.type === 'answer' && answer.outcome?.kind, 'done');
  });

  it('an event that does not fit the state', () => {
    const failures: unknown[] = [];
    const screen = new Screen('c', {
      composer: () => composerState,
      draft: () => '',
      failed: (error) => failures.push(error),
    });
    screen.emit([
      { type: 'item', item: null as never },
      { type: 'excluded', target: null as never, out: true },
    ]);
    screen.emit([{ type: 'title', title: 'Goes on' }]);
    assert.equal(screen.state.title, 'Goes on');
    assert.equal(failures.length, 1);
  });

  it('and words that were typed since Send stay when it is stored', async () => {
    const held = fake.hold();
    const view = new FakeView(await chat.conversations.startNew());
    const { conversation } = view.controller;
    await view.controller.handle({ type: 'draft', conversation, text: 'First' });
    let letGo = (): void => undefined;
    const wait = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    faults = { append: () => wait };
    const sent = view.controller.handle({ type: 'send', conversation, text: 'First' });
    await view.controller.handle({ type: 'draft', conversation, text: 'Second, typed since' });
    letGo();
    await sent;
    await held.push('Yes.');
    assert.equal((await chat.opened.load(conversation))?.draft, 'Second, typed since');
    await view.controller.handle({ type: 'stop', conversation });
    await until('the end', () => !view.controller.isRunning);
  });
});

describe('A message that waits for the user', () => {
  it('still waits when its words were changed', async () => {
    const queue = new MessageQueue({
      save: async (messages) => messages,
      newId: () => 'anew',
      changed: () => undefined,
      owed: () => undefined,
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    });
    await queue.add({ id: 'a', content: [{ type: 'text', text: 'One' }] }, true);
    await queue.edit('a', null);
    await queue.edit('a', 'Two');
    await setImmediate();
    assert.deepEqual(
      queue.rows.map(({ text, held }) => ({ text, held })),
      [{ text: 'Two', held: true }],
    );
    assert.equal(queue.next, null, 'it does not go by itself');
  });
});
