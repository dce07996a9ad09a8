/**
 * The store is a fence: a window that slept loses nothing while it is alone, and writes nothing once another has gone on
 * with its conversation; what waits is sent once.
 */

import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { StoreError } from '../../../../src/core/base/errors';
import type { Store } from '../../../../src/core/record/store';
import { refusals } from '../../../../src/host/base/plainStrings';
import type { IntentAt } from '../../../../src/shared/intents';
import { reply } from '../../../fakeClaude/script';
import { ask, type FakeView, until } from '../../core/kit';
import { around, blindClock, brings, failing, lastFailure, SleepyClock, send, shown, Windows } from './fenceKit';

describe('The store as a fence', () => {
  const windows = new Windows();

  beforeEach(() => windows.begin());
  afterEach(() => windows.end());

  /** A window that has fallen asleep in mid-answer. */
  const asleep = async () => {
    const clock = new SleepyClock();
    const chat = await windows.open('one', { clock });
    const view = await windows.viewOf(chat);
    const held = windows.fake.hold();
    send(view, 'A long story?');
    await held.push('Once upon a time');
    await until('the words', () => shown(view).includes('Once upon a time'));
    clock.fallAsleep();
    return { clock, chat, view, held };
  };

  it('lets one window that slept for ten minutes in mid-answer keep all of it', async () => {
    const { clock, chat, view } = await asleep();
    clock.wake(10 * 60_000);
    await until('the turn to end', () => !view.controller.isRunning);
    const stored = await chat.store.load(view.controller.conversation);
    assert.ok(stored !== null);
    assert.ok(JSON.stringify(stored.path).includes('Once upon a time'));
    assert.equal(stored.path.at(-1)?.kind, 'end');
    assert.ok(shown(view).includes('Once upon a time'));
    await until('the lease to be given back', () => view.state.activity === null);
    windows.fake.enqueue(reply.text('It goes on'));
    await ask(view, 'And then?');
    assert.ok(shown(view).includes('It goes on'));
    assert.deepEqual(windows.fake.refusals, []);
  });

  it('lets it store an answer that ends before it has renewed anything', async () => {
    const { clock, chat, view, held } = await asleep();
    clock.pass(10 * 60_000);
    await held.push(' there was an end.');
    await held.end();
    await until('the turn to end', () => !view.controller.isRunning);
    clock.wake(0);
    const stored = await chat.store.load(view.controller.conversation);
    assert.ok(JSON.stringify(stored?.path).includes('there was an end.'));
    assert.equal(stored?.path.at(-1)?.kind, 'end');
    assert.equal(lastFailure(view), null);
  });

  it('lets a window that was overtaken in its sleep write nothing; its words stay, and are saved as a branch', async () => {
    const { clock, chat: one, view, held } = await asleep();
    const id = view.controller.conversation;
    const later = new SleepyClock();
    later.wake(10 * 60_000);
    const two = await windows.open('two', { clock: later });
    const other = await windows.viewOf(two, id);
    await until('the repair', () => other.state.activity === null);
    windows.fake.enqueue(reply.text('Of the other window'));
    await ask(other, 'Go on here');
    const head = (await two.store.getMeta(id))?.head;
    await held.push(' there was a sleeper');
    await until('the sleeper to hear', () => shown(view).includes('there was a sleeper'));
    await held.end();
    clock.wake(10 * 60_000);
    await until('the turn to end', () => !view.controller.isRunning);
    assert.equal((await two.store.getMeta(id))?.head, head);
    assert.equal(windows.storedWith('there was a sleeper'), 0, 'nothing of it is written, on no branch');
    await until('the other window to be seen', () => shown(view).includes('Of the other window'));
    assert.ok(shown(view).includes('there was a sleeper'), 'its words stay on the screen');
    assert.equal(lastFailure(view), 'overtaken');
    assert.deepEqual(one.errors, [], 'that another window was first is no fault of the program');
    view.controller.handle({ type: 'saveAsBranch', conversation: id });
    await until('the branch', () => windows.storedWith('there was a sleeper') === 1);
    await until('the words to be there only once', () => !shown(view).includes('there was a sleeper'));
    const { rows } = await one.store.list({ workspaces: null, limit: 10 });
    const branch = rows.find((row) => row.id !== id);
    assert.ok(branch !== undefined);
    assert.equal(branch.title, 'A long story? (2)');
    const branched = await windows.viewOf(one, branch.id);
    assert.ok(shown(branched).includes('A long story?') && shown(branched).includes('there was a sleeper'));
    windows.fake.enqueue(reply.text('The branch goes on'));
    await ask(branched, 'And then?');
    assert.ok(shown(branched).includes('The branch goes on'));
    assert.deepEqual(windows.fake.refusals, []);
    const days = [0, Number.MAX_SAFE_INTEGER];
    const usage = await one.store.usageReport({ workspaces: null, days, limit: 9 });
    const counted = usage.conversations.find((one) => one.id === branch.id);
    assert.equal(counted?.spending.requests, 2, 'what was paid for is counted once');
  });

  it('saves what was overtaken as a branch when its window is closed or reloaded before anyone did (L1)', async () => {
    const { clock, view, held } = await asleep();
    const id = view.controller.conversation;
    const later = new SleepyClock();
    later.wake(10 * 60_000);
    const other = await windows.viewOf(await windows.open('two', { clock: later }), id);
    await until('the repair', () => other.state.activity === null);
    await held.push(' there was a sleeper');
    await held.end();
    clock.wake(10 * 60_000);
    await until('the turn to end', () => !view.controller.isRunning);
    assert.equal(lastFailure(view), 'overtaken');
    assert.equal(windows.storedWith('there was a sleeper'), 0);
    await windows.closeAll();
    assert.equal(windows.storedWith('there was a sleeper'), 1);
    const three = await windows.open('three', { clock: later });
    const { rows } = await three.store.list({ workspaces: null, limit: 10 });
    assert.deepEqual(rows.map(({ title }) => title).sort(), ['A long story?', 'A long story? (2)']);
    const branch = rows.find((row) => row.id !== id);
    const branched = await windows.viewOf(three, branch?.id);
    assert.ok(shown(branched).includes('Once upon a time there was a sleeper'));
  });

  for (const [what, intentOf] of [
    ['a message', (id) => ({ type: 'send', conversation: id, text: 'My own words' })],
    [
      'an edited message',
      (id, { state }) => ({
        type: 'editMessage',
        conversation: id,
        id: state.items.find(({ type }) => type === 'user')?.id ?? '',
        text: 'My own words',
      }),
    ],
  ] satisfies readonly (readonly [string, (id: string, view: FakeView) => IntentAt<'chat'>])[]) {
    it(`gives back ${what} that another window overtook on its way, and logs no error`, async () => {
      let isSlow = false;
      const later = new SleepyClock();
      later.wake(10 * 60_000);
      const two = await windows.open('two', { clock: later });
      let overtake: () => Promise<unknown> = async () => undefined;
      const wrap = around(async (name) => {
        if (!isSlow || name !== 'append') return;
        isSlow = false;
        await overtake();
      });
      const one = await windows.open('one', { wrap, clock: blindClock });
      const view = await windows.viewOf(one);
      const id = view.controller.conversation;
      windows.fake.enqueue(reply.text('The first answer.'), reply.text('Of the other window.'));
      await ask(view, 'First');
      const other = await windows.viewOf(two, id);
      overtake = () => ask(other, 'Go on here');
      isSlow = true;
      const answer = await view.controller.handle(intentOf(id, view));
      assert.equal(answer.ok, false);
      await until('the turn to end', () => !view.controller.isRunning);
      assert.equal(view.draft, 'My own words');
      assert.equal(lastFailure(view), null);
      assert.deepEqual(one.errors, []);
      const stored = await two.store.load(id);
      assert.ok(JSON.stringify(stored?.path).includes('Of the other window.'));
      assert.equal(windows.fake.messages.length, 2);
    });
  }

  it('opens a conversation whose turn ends in another window at that very moment', async () => {
    const one = await windows.open('one');
    const view = await windows.viewOf(one);
    const id = view.controller.conversation;
    const held = windows.fake.hold();
    send(view, 'First');
    await held.push('All');
    const endThere = async (name: string): Promise<void> => {
      if (name !== 'getLease' || !view.controller.isRunning) return;
      await held.push(' of it.');
      await held.end();
      await until('the turn to end', () => !view.controller.isRunning && view.state.activity === null);
      while ((await one.store.getLease(id)) !== null) await delay(2);
    };
    const two = await windows.open('two', { wrap: around(endThere), clock: blindClock });
    const other = await windows.viewOf(two, id);
    assert.ok(shown(other).includes('All of it.'));
    assert.equal(other.state.activity, null);
    assert.deepEqual(two.errors, []);
    windows.fake.enqueue(reply.text('It goes on.'));
    await ask(other, 'And then?');
    assert.ok(shown(other).includes('It goes on.'));
  });

  it('follows the window that took a conversation over while its turn was to be repaired here', async () => {
    const { clock, view } = await asleep();
    const id = view.controller.conversation;
    const awake = (): SleepyClock => {
      const later = new SleepyClock();
      later.wake(10 * 60_000);
      return later;
    };
    let isFirst = true;
    const wrap = around(async (name) => {
      if (name !== 'append' || !isFirst) return;
      isFirst = false;
      // It sleeps, too, and another one repairs the turn and goes on.
      const much = awake();
      much.wake(10 * 60_000);
      const repairing = await windows.viewOf(await windows.open('three', { clock: much }), id);
      windows.fake.enqueue(reply.text('Of the third window.'));
      await ask(repairing, 'Go on here');
    });
    const two = await windows.open('two', { wrap, clock: awake() });
    const opening = windows.viewOf(two, id);
    await assert.doesNotReject(opening);
    const other = await opening;
    await until('the other window to be seen', () => shown(other).includes('Of the third window.'));
    await until('it to be idle', () => other.state.activity === null);
    assert.deepEqual(two.errors, []);
    clock.wake(20 * 60_000);
    await until('the sleeper to end', () => !view.controller.isRunning);
  });

  it('sends a waiting message once, whichever window sends it', async () => {
    const one = await windows.open('one');
    const view = await windows.viewOf(one);
    const id = view.controller.conversation;
    const held = windows.fake.hold();
    send(view, 'First');
    await held.push('Hm');
    send(view, 'Waiting words');
    await until('the row', () => (view.composer?.queued ?? []).length === 1);
    view.controller.handle({ type: 'stop', conversation: id });
    await until('the turn to end', () => !view.controller.isRunning);
    const two = await windows.open('two');
    const other = await windows.viewOf(two, id);
    await until('the row', () => (other.composer?.queued ?? []).length === 1);
    const row = view.composer?.queued[0]?.id ?? '';
    windows.fake.enqueue(reply.text('Once.'), reply.text('Twice!'));
    view.controller.handle({ type: 'sendQueuedNow', conversation: id, id: row });
    other.controller.handle({ type: 'sendQueuedNow', conversation: id, id: row });
    await until('the answer here and there', () => shown(view).includes('Once.') && shown(other).includes('Once.'));
    await until('the rows to go', () => [view, other].every(({ composer }) => (composer?.queued ?? []).length === 0));
    await until('both to be idle', () => [view, other].every(({ state }) => state.activity === null));
    assert.equal(windows.storedWith('Waiting words'), 1);
    assert.deepEqual((await one.store.load(id))?.queued, []);
    assert.equal(windows.fake.messages.filter(({ body }) => JSON.stringify(body).includes('Waiting words')).length, 1);
  });

  it('keeps a row waiting while another window drives, which is no fault of the program', async () => {
    let isTaken = false;
    const wrap = (store: Store): Store =>
      new Proxy(store, {
        get: (target, name: keyof Store) => {
          if (name === 'acquireLease' && isTaken) return async () => false;
          const own: unknown = target[name];
          return typeof own === 'function' ? own.bind(target) : own;
        },
      });
    const one = await windows.open('one', { wrap });
    const view = await windows.viewOf(one);
    const held = windows.fake.hold();
    send(view, 'First');
    await held.push('Hm');
    send(view, 'Waiting words');
    await until('the row', () => (view.composer?.queued ?? []).length === 1);
    isTaken = true;
    await held.end();
    await until('the turn to end', () => !view.controller.isRunning);
    await until('it to be held', () => view.composer?.queued[0]?.held === true);
    assert.deepEqual(one.errors, []);
    isTaken = false;
    windows.fake.enqueue(reply.text('Once.'));
    const row = view.composer?.queued[0]?.id ?? '';
    view.controller.handle({ type: 'sendQueuedNow', conversation: view.controller.conversation, id: row });
    await until('the answer', () => shown(view).includes('Once.'));
  });

  describe('beside a turn whose end it refused', () => {
    async function leftOpen(): Promise<{ readonly view: FakeView; readonly kinds: () => Promise<unknown> }> {
      let refuses = true;
      const wrap = failing((name, args) =>
        refuses && brings('end', name, args) ? new StoreError('failed', 'Not now.') : null,
      );
      const chat = await windows.open('one', { wrap });
      const view = await windows.viewOf(chat);
      windows.fake.enqueue(reply.text('Yes.'), reply.text('Still.'));
      await ask(view, 'Is it?');
      refuses = false;
      const { conversation } = view.controller;
      return { view, kinds: async () => (await chat.store.load(conversation))?.path.map(({ kind }) => kind) };
    }

    it('ends a turn before the next message', async () => {
      const { view, kinds } = await leftOpen();
      await ask(view, 'And now?');
      const turn = ['user', 'assistant', 'end'];
      assert.deepEqual(await kinds(), ['snapshot', ...turn, ...turn]);
      assert.ok(shown(view).includes('Still.'));
    });

    for (const [what, again] of [
      ['asks a turn again', { type: 'retry' }],
      ['takes an edited message in place of a turn', { type: 'editMessage', id: '', text: 'Was it?' }],
    ] as const) {
      it(`${what}, which nobody else has gone on with`, async () => {
        const { view, kinds } = await leftOpen();
        const id = view.state.items.find(({ type }) => type === 'user')?.id ?? '';
        const { conversation } = view.controller;
        const intent = again.type === 'retry' ? { ...again, conversation } : { ...again, conversation, id };
        assert.equal((await view.controller.handle(intent)).ok, true);
        await until('the answer', () => shown(view).includes('Still.'), 3000).catch(() => assert.fail('no answer'));
        await until('its end', () => !view.controller.isRunning);
        assert.deepEqual(await kinds(), ['snapshot', 'user', 'assistant', 'end']);
      });
    }
  });

  it('tells whoever leaves a part out that this was not stored, whatever refused it', async () => {
    let code: StoreError['code'] | null = null;
    const wrap = failing((name, args) =>
      code !== null && brings('leaveOut', name, args) ? new StoreError(code, 'Not now.') : null,
    );
    const view = await windows.viewOf(await windows.open('one', { wrap }));
    windows.fake.enqueue(reply.text('Yes.'));
    await ask(view, 'Is it?');
    const entry = view.state.items.find(({ type }) => type === 'user')?.id ?? '';
    const { conversation } = view.controller;
    const target = { what: 'turn', entry, index: 0 } as const;
    const leaveOut = (): unknown => view.controller.handle({ type: 'exclude', conversation, target, out: true });
    code = 'failed';
    assert.deepEqual(await leaveOut(), { ok: false, reason: { text: 'Not now.' } });
    code = 'overtaken';
    assert.deepEqual(await leaveOut(), { ok: false, reason: refusals.goneOnElsewhere() });
    code = null;
    assert.deepEqual(await leaveOut(), { ok: true, value: null });
  });

  it('takes a waiting message from those that wait in the commit that sends it', async () => {
    const isSent = (name: string): boolean => name === 'setQueued' && windows.storedWith('Waiting words') > 0;
    const wrap = failing((name) => (isSent(name) ? new StoreError('unavailable', 'killed') : null));
    const one = await windows.open('one', { wrap });
    const view = await windows.viewOf(one);
    const id = view.controller.conversation;
    const held = windows.fake.hold();
    send(view, 'First');
    await held.push('Hm');
    send(view, 'Waiting words');
    await until('the row', () => (view.composer?.queued ?? []).length === 1);
    view.controller.handle({ type: 'stop', conversation: id });
    await until('the turn to end', () => !view.controller.isRunning);
    await until('it to be held', () => view.composer?.queued[0]?.held === true);
    windows.fake.enqueue(reply.text('Once.'));
    const row = view.composer?.queued[0]?.id ?? '';
    view.controller.handle({ type: 'sendQueuedNow', conversation: id, id: row });
    await until('the answer', () => shown(view).includes('Once.'));
    assert.deepEqual((await one.opened.load(id))?.queued, []);
  });
});
