/** What windows hold, for how long, and what they let go of: leases, conversations in memory, what is followed. */

import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { Checkpoint, Store, StoredConversation } from '../../../../src/core/record/store';
import { LeaseKeeper } from '../../../../src/host/session/turns/lease';
import { OtherWindowTurn } from '../../../../src/host/session/turns/otherWindow';
import { reply } from '../../../fakeClaude/script';
import { ask, FakeView, until } from '../../core/kit';
import { ManualClock, settle } from '../../core/turn/turnKit';
import { around, blindClock, send, shown, Windows } from './fenceKit';

describe('What a window holds', () => {
  const windows = new Windows();

  beforeEach(() => windows.begin());
  afterEach(() => windows.end());

  it('is a lease without a gap: no other gets it while it lives', async () => {
    const { store } = await windows.open('any');
    const clock = new ManualClock();
    const log = { info() {}, warn() {}, error() {} };
    const keeper = (owner: string) => new LeaseKeeper('c', { store, clock, log, owner, isAlive: () => true });
    const one = keeper('one');
    assert.equal(await one.acquire(), true);
    for (let second = 1; second <= 120; second += 1) {
      await clock.advance(1000);
      await store.getLease('c');
      await settle();
      const lease = await store.getLease('c');
      assert.ok(lease !== null && lease.expiresAt > clock.now(), `after ${second} s`);
      assert.equal(await keeper('two').acquire(), false, `after ${second} s`);
    }
    await one.release();
  });

  it('is given back before its next turn begins: a late release takes nothing away', async () => {
    const calls: string[] = [];
    let letGo: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const one = await windows.open('one', {
      wrap: around(async (name) => {
        calls.push(name);
        if (name === 'releaseLease') await gate;
      }),
    });
    const view = await windows.viewOf(one);
    const { conversation } = view.controller;
    windows.fake.enqueue(reply.text('One.'));
    await ask(view, 'First');
    assert.ok(calls.includes('releaseLease'));
    const held = windows.fake.hold();
    send(view, 'Second');
    // The store answers in order: whatever went on without the release has asked by then.
    for (let call = 0; call < 50; call += 1) await one.store.getMeta(conversation);
    assert.ok(!calls.slice(calls.lastIndexOf('releaseLease')).includes('acquireLease'));
    letGo();
    await held.push('Two');
    await until('the words', () => shown(view).includes('Two'));
    assert.equal((await one.store.getLease(conversation))?.owner, 'one');
    await held.end();
    await until('the turn to end', () => !view.controller.isRunning);
  });

  it('begins with what other windows have written: it is in the next request', async () => {
    const one = await windows.open('one', { clock: blindClock });
    const view = await windows.viewOf(one);
    windows.fake.enqueue(reply.text('One.'));
    await ask(view, 'First');
    const two = await windows.open('two', { clock: blindClock });
    const other = await windows.viewOf(two, view.controller.conversation);
    windows.fake.enqueue(reply.text('Of the other window.'));
    await ask(other, 'Second');
    windows.fake.enqueue(reply.text('Three.'));
    await ask(view, 'Third');
    const sent = JSON.stringify(windows.fake.messages.at(-1)?.body.messages);
    for (const words of ['First', 'Second', 'Of the other window.', 'Third']) assert.ok(sent.includes(words), words);
    assert.ok(shown(view).includes('Of the other window.'));
  });

  for (const [what, act] of [
    ['Retry', (view) => view.controller.handle({ type: 'retry', conversation: view.controller.conversation })],
    [
      'the prompt',
      (view) => view.controller.handle({ type: 'restorePrompt', conversation: view.controller.conversation }),
    ],
    [
      'an edited message',
      (view) => {
        const id = view.state.items.find(({ type }) => type === 'user')?.id ?? '';
        return view.controller.handle({
          type: 'editMessage',
          conversation: view.controller.conversation,
          id,
          text: 'Anew',
        });
      },
    ],
  ] satisfies readonly (readonly [string, (view: FakeView) => Promise<unknown>])[]) {
    it(`is not cut off unseen where another window has gone on: ${what}`, async () => {
      const one = await windows.open('one', { clock: blindClock });
      const view = await windows.viewOf(one);
      windows.fake.enqueue(reply.overloaded());
      send(view, 'First');
      await until('the countdown', () => view.state.activity?.kind === 'retrying');
      view.controller.handle({ type: 'stop', conversation: view.controller.conversation });
      await until('the turn to end', () => !view.controller.isRunning);
      const two = await windows.open('two', { clock: blindClock });
      const other = await windows.viewOf(two, view.controller.conversation);
      windows.fake.enqueue(reply.text('Of the other window.'));
      await ask(other, 'Second');
      await act(view);
      await until('the end', () => !view.controller.isRunning && view.state.activity === null);
      const stored = JSON.stringify((await two.store.load(view.controller.conversation))?.path);
      for (const words of ['Second', 'Of the other window.']) assert.ok(stored.includes(words), words);
      assert.ok(shown(view).includes('Of the other window.'));
      if (what === 'an edited message') assert.equal(view.draft, 'Anew');
      assert.deepEqual(one.errors, []);
    });
  }

  it('is let go of when nothing shows it and nothing runs', async () => {
    const one = await windows.open('one');
    const { conversations } = one;
    const first = await conversations.current();
    windows.fake.enqueue(reply.text('One.'));
    await ask(new FakeView(first), 'First');
    await conversations.startNew();
    await delay(50);
    const again = await conversations.chats.get(first.conversation);
    assert.ok(again !== null && again !== first);
  });

  it('is loaded again only when what was left is stored', async () => {
    const one = await windows.open('one', {
      wrap: around(async (name) => {
        if (name === 'setDraft') await delay(200);
      }),
    });
    const { conversations } = one;
    const first = await conversations.current();
    windows.fake.enqueue(reply.text('One.'));
    await ask(new FakeView(first), 'First');
    first.handle({ type: 'draft', conversation: first.conversation, text: 'half a thought' });
    await delay(20);
    await conversations.startNew();
    const again = await conversations.open(first.conversation);
    assert.equal(new FakeView(again).draft, 'half a thought');
  });
});

describe('A turn of another window', () => {
  it('shows what arrives behind what is known here, and nothing of another place', async () => {
    const clock = new ManualClock();
    const path = [{ id: 'h' }];
    let checkpoint: Partial<Checkpoint> = { entry: 'a', parent: 'other', content: [] };
    const store = {
      getMeta: async () => ({ head: 'h' }),
      getCheckpoint: async () => checkpoint,
      askingIn: async () => [],
      load: async () => ({ path }) as unknown as StoredConversation,
    } as unknown as Store;
    const lease = { acquire: async () => false, release: async () => undefined } as unknown as LeaseKeeper;
    const seen: (string | undefined)[] = [];
    const log = { info() {}, warn() {}, error() {} };
    const foreign = new OtherWindowTurn('c', { store, clock, log }, lease, () => true, {
      head: () => 'h',
      isKnown: ({ head }) => head === 'h',
      isWatching: () => true,
      changed: async () => undefined,
      seen: async () => undefined,
      partial: ({ parent }) => seen.push(parent),
      asking: () => undefined,
      ours: async () => true,
      ended: () => undefined,
    });
    foreign.follow();
    await clock.advance(2000);
    assert.deepEqual(seen, []);
    checkpoint = { ...checkpoint, parent: 'h' };
    await clock.advance(1000);
    assert.deepEqual(seen, ['h']);
    foreign.end();
  });
});
