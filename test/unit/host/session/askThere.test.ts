/** Ask There: a question of a command goes from its new chat to the open one, once, whoever says so. */
import assert from 'node:assert/strict';
import { StoreError } from '../../../../src/core/base/errors';
import type { UserBlock } from '../../../../src/core/record/record';
import type { Store } from '../../../../src/core/record/store';
import type { DearerQuestion } from '../../../../src/shared/protocol';
import { reply } from '../../../fakeClaude/script';
import { strings } from '../../../texts';
import { ask, type Chat, FakeView, until } from '../../core/kit';
import { around, blindClock, failing, Windows } from './fenceKit';

const words = strings.explain('a.ts:1');
const content: readonly UserBlock[] = [{ type: 'text', text: words }];
const usd = 0.94;

describe('A question that the open chat was too dear for', () => {
  const windows = new Windows();
  let one: Chat;
  /** The open chat, in the first window. */
  let open: FakeView;

  beforeEach(async () => {
    await windows.begin();
    one = await windows.open('one', { clock: blindClock });
    open = await windows.viewOf(one);
    windows.fake.enqueue(reply.text('One.'));
    await ask(open, 'first');
  });
  afterEach(async () => {
    assert.deepEqual(windows.fake.refusals, []);
    await windows.end();
  });

  /** Its new chat. */
  const begun = async (): Promise<FakeView> => new FakeView(await one.conversations.startNew());
  /** The same chat in another window, which does not look at what the first one does. */
  const elsewhere = async ({ controller }: FakeView, wrap?: (store: Store) => Store): Promise<FakeView> => {
    const two = await windows.open('two', { clock: blindClock, ...(wrap && { wrap }) });
    return windows.viewOf(two, controller.conversation);
  };
  const kept = ({ controller }: FakeView, conversation = open.controller.conversation): Promise<string> =>
    controller.commandQuestions.keep(content, { instead: { conversation, usd } });
  const click = async ({ controller }: FakeView, id: string): Promise<boolean> =>
    (await controller.handle({ type: 'askThere', conversation: controller.conversation, id })).ok;
  const offer = ({ composer }: FakeView): DearerQuestion | undefined => composer?.dearer;
  /** Asked and answered in its new chat. Its id there. */
  const answered = async (view: FakeView): Promise<string> => {
    windows.fake.enqueue(reply.text('It is one.'));
    await view.controller.commandQuestions.ask(await kept(view));
    await until('the answer', () => !view.controller.isRunning && offer(view)?.state === 'asked');
    return offer(view)?.id ?? '';
  };
  const idle = (): Promise<void> => until('the answer there', () => !open.controller.isRunning);
  /** How often it stands, or waits, in the open chat. */
  const timesThere = async (): Promise<number> => {
    const stored = await one.store.load(open.controller.conversation);
    const all = [...(stored?.path ?? []), ...(stored?.queued ?? [])];
    return all.filter((message) => 'content' in message && JSON.stringify(message.content).includes(words)).length;
  };

  it('waits no more once it is asked there, by however many clicks, and not where that chat is gone', async () => {
    const view = await begun();
    const id = await kept(view);
    await until('the line', () => offer(view)?.state === 'waits');
    assert.deepEqual(offer(view), { conversation: open.controller.conversation, usd, id, state: 'waits' });
    windows.fake.enqueue(reply.text('It is one.'));
    // From two views, and Send on the row besides.
    const both = [click(view, id), click(view, id)];
    const { conversation } = view.controller;
    await view.controller.handle({ type: 'sendQueuedNow', conversation, id });
    assert.deepEqual(await Promise.all(both), [true, true]);
    await until('the request', () => windows.fake.messages.length === 2);
    await idle();
    assert.equal(await timesThere(), 1);
    assert.deepEqual([view.composer?.queued, offer(view)], [[], undefined]);
    assert.deepEqual((await one.store.load(conversation))?.queued, []);

    const last = await kept(view, 'gone');
    assert.equal(await click(view, last), false);
    assert.deepEqual(
      view.composer?.queued.map(({ id: row, held }) => [row, held]),
      [[last, true]],
    );
    assert.deepEqual(one.errors, []);
  });

  it('is asked there once by two windows, which both show it waiting', async () => {
    const view = await begun();
    const id = await kept(view);
    const other = await elsewhere(view);
    await until('the line there', () => offer(other)?.state === 'waits');
    windows.fake.enqueue(reply.text('It is one.'), reply.text('Once more.'));
    assert.deepEqual(await Promise.all([click(view, id), click(other, id)]), [true, true]);
    assert.equal(await click(other, id), true);
    await until('the request', () => windows.fake.messages.length >= 2);
    await idle();
    assert.equal(await timesThere(), 1);
    assert.equal(windows.fake.messages.length, 2);
    for (const { composer } of [view, other]) assert.deepEqual([composer?.queued, composer?.dearer], [[], undefined]);
  });

  it('is asked there once after it was answered here, which each window and each start of one says then', async () => {
    const view = await begun();
    const id = await answered(view);
    const other = await elsewhere(view);
    assert.equal(offer(other)?.state, 'asked');
    windows.fake.enqueue(reply.text('It is one.'), reply.text('Once more.'));
    assert.equal(await click(view, id), true);
    assert.equal(offer(view)?.state, 'there');
    await until('the request', () => windows.fake.messages.length === 3);
    await idle();
    assert.equal(await click(other, id), true);
    assert.equal(offer(other)?.state, 'there');
    await idle();
    assert.deepEqual([windows.fake.messages.length, await timesThere()], [3, 1]);

    const { conversation } = view.controller;
    await windows.closeAll();
    one = await windows.open('three', { clock: blindClock });
    const again = await windows.viewOf(one, conversation);
    await until('the line', () => offer(again)?.state === 'there');
  });

  it('is asked in one place where it is sent here in the moment of the click in another window', async () => {
    const view = await begun();
    const id = await kept(view);
    windows.fake.enqueue(reply.text('It is one.'));
    const sends = around(async (name) => {
      if (name !== 'handOver') return;
      await view.controller.commandQuestions.ask(id);
      await until('it to be sent', () => windows.storedWith(words) === 1);
    });
    const other = await elsewhere(view, sends);
    assert.equal(await click(other, id), false);
    await until('the answer here', () => !view.controller.isRunning && windows.fake.messages.length === 2);
    assert.equal(await timesThere(), 0);
    assert.deepEqual(other.composer?.queued, []);
  });

  it('waits there where the window is gone before it was sent, and nowhere else', async () => {
    const view = await begun();
    const id = await kept(view);
    const { conversation } = view.controller;
    // What comes after the handing over is never done.
    let isGone = false;
    const dies = failing((name) => {
      const fault = isGone ? new StoreError('unavailable', 'The window is gone.') : null;
      isGone ||= name === 'handOver';
      return fault;
    });
    const other = await elsewhere(view, dies);
    await click(other, id);
    isGone = false;
    assert.equal(await timesThere(), 1);
    const stored = await one.store.load(conversation);
    assert.deepEqual([stored?.queued, stored?.asked], [[], [id]]);
    assert.equal(windows.fake.messages.length, 1);
  });

  it('that is being answered is stopped when it is asked there, and goes on where that chat is gone', async () => {
    const view = await begun();
    const there = async (conversation: string): Promise<boolean> => {
      const held = windows.fake.hold();
      await view.controller.commandQuestions.ask(await kept(view, conversation));
      await held.push('Some');
      if (conversation !== 'gone') windows.fake.enqueue(reply.text('It is one.'));
      await until('the line', () => offer(view)?.state === 'asked' && offer(view)?.conversation === conversation);
      return click(view, offer(view)?.id ?? '');
    };
    assert.equal(await there('gone'), false);
    const { controller } = view;
    assert.equal(controller.isRunning, true);
    await controller.handle({ type: 'stop', conversation: controller.conversation });
    await until('its end', () => !controller.isRunning);
    assert.equal(await there(open.controller.conversation), true);
    await until('its end', () => !controller.isRunning);
    assert.equal(await timesThere(), 1);
  });

  it('is in a fork and in a copy a question like any other', async () => {
    const view = await begun();
    const id = await answered(view);
    const { controller } = view;
    const { conversation } = controller;
    const forked = await controller.handle({ type: 'fork', conversation, answer: id });
    assert.ok(forked.ok);
    const fork = String(forked.value);
    const stored = await one.store.load(fork);
    assert.ok(stored !== null && stored.path.length > 2 && !JSON.stringify(stored.path).includes('instead'));
    assert.equal(offer(await windows.viewOf(one, fork)), undefined);

    // As earlier versions have copied it.
    const path = (await one.store.load(conversation))?.path ?? [];
    assert.ok(JSON.stringify(path).includes('instead'));
    const copy = path.map((entry) => ({
      ...entry,
      id: `copy-${entry.id}`,
      parent: entry.parent === null ? null : `copy-${entry.parent}`,
    }));
    const meta = { ...stored.meta, id: 'copied', head: null };
    await one.store.saveBranch({ key: 'work', name: 'work', folders: [] }, meta, copy, 0);
    const copied = await windows.viewOf(one, 'copied');
    assert.deepEqual([copied.state.items.length > 1, offer(copied)], [true, undefined]);
  });
});
