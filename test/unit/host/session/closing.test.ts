/** What is asked in the moment in which a conversation is closed, as by a reload: nothing that was typed is lost. */

import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { StoreError } from '../../../../src/core/base/errors';
import type { Clock } from '../../../../src/core/base/ports';
import { systemClock } from '../../../../src/host/base/clock';
import { InFlight } from '../../../../src/host/base/inFlight';
import { refusals } from '../../../../src/host/base/plainStrings';
import type { HostToView } from '../../../../src/shared/protocol';
import { reply } from '../../../fakeClaude/script';
import { ask, FakeView, quickClock, until } from '../../core/kit';
import { ManualClock, settle } from '../../core/turn/turnKit';
import { failingStore, type StoreFaults } from './failingStore';
import { blindClock, send, shown, Windows } from './fenceKit';

const full = (): never => {
  throw new StoreError('full', 'The disk is full.');
};

/** A call that is held until it is let go. */
function gate(): { readonly hold: () => Promise<void>; readonly reached: Promise<void>; open(): void } {
  let open = (): void => undefined;
  let reach = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const reached = new Promise<void>((resolve) => {
    reach = resolve;
  });
  const hold = (): Promise<void> => {
    reach();
    return opened;
  };
  return { hold, reached, open };
}

describe('In the moment of a reload (L2)', () => {
  const windows = new Windows();
  let faults: StoreFaults;
  let view: FakeView;

  beforeEach(async () => {
    await windows.begin();
    faults = {};
    view = await open({ ...quickClock, sleep: systemClock.sleep });
  });
  afterEach(() => windows.end());

  const open = async (clock: Clock): Promise<FakeView> =>
    windows.viewOf(await windows.open('one', { clock, wrap: (store) => failingStore(store, () => faults) }));

  const begunIn = ({ messages }: FakeView): unknown =>
    messages.findLast((one): one is Extract<HostToView, { type: 'snapshot' }> => one.type === 'snapshot')?.begun;

  /** What a window that is opened next begins with. */
  const next = async (): Promise<FakeView> => windows.viewOf(await windows.open('two'));

  it('words that wait for an attachment are in the draft, and so is what is attached', async () => {
    const { conversation } = view.controller;
    const { hold, reached, open } = gate();
    faults = { putBlob: hold };
    const data = Buffer.from('notes').toString('base64');
    void view.controller.handle({ type: 'attach', conversation, name: 'notes.txt', mediaType: 'text/plain', data });
    send(view, 'Read this');
    await reached;
    const closed = windows.closeAll();
    await delay(20);
    open();
    await closed;
    const { draft, composer } = await next();
    assert.deepEqual([draft, composer?.attachments.map(({ label }) => label)], ['Read this', ['notes.txt']]);
  });

  it('words with which messages are written anew are kept beside the draft, whatever is sent meanwhile', async () => {
    const { controller } = view;
    const { conversation } = controller;
    const keep = (id: string, text: string | null): Promise<unknown> =>
      controller.handle({
        ...{ type: 'keepEdit', conversation, id },
        edit: text === null ? null : { kind: 'message', id, text },
      });
    await ask(view, 'First');
    for (const [id, text] of [
      ['u1', 'one'],
      ['u2', 'two'],
      ['u1', 'one, anew'],
      ['u3', 'three'],
      ['u3', null],
    ] as const) {
      await keep(id, text);
    }
    await ask(view, 'Second');
    const begun = [
      { kind: 'message', id: 'u1', text: 'one, anew' },
      { kind: 'message', id: 'u2', text: 'two' },
    ];
    assert.deepEqual(begunIn(new FakeView(controller)), begun, 'another view of this window');
    const beside = await next();
    assert.deepEqual([beside.draft, begunIn(beside)], ['', begun], 'another window');
    await windows.closeAll();
    const later = await next();
    assert.deepEqual([later.draft, begunIn(later)], ['', begun]);
  });

  it('words that are typed in one view stand in the others: none has an older draft to put in their place', async () => {
    const { controller } = view;
    const { conversation } = controller;
    const other = new FakeView(controller);
    await controller.handle({ type: 'draft', conversation, text: 'Typed in the first' });
    assert.equal(other.draft, 'Typed in the first');
    await controller.handle({ type: 'draft', conversation, text: 'Typed in the first, and on' });
    assert.deepEqual([other.draft, view.draft], ['Typed in the first, and on', 'Typed in the first, and on']);
    other.detach();
    await controller.handle({ type: 'draft', conversation, text: '' });
    assert.ok(view.messages.filter(({ type }) => type === 'setDraft').length === 2, 'one alone is told nothing');
  });

  it('words that were to wait for the running answer and are refused are in the draft', async () => {
    const held = windows.fake.hold();
    send(view, 'First');
    await held.push('Words');
    await until('the words', () => shown(view).includes('Words'));
    const { hold, reached, open } = gate();
    let first = true;
    faults = {
      setDraft: async () => {
        if (!first) return;
        first = false;
        await hold();
        full();
      },
    };
    send(view, 'Second');
    await reached;
    const closed = windows.closeAll();
    // Long enough for the turn to be stopped.
    await delay(200);
    open();
    await closed;
    assert.equal((await next()).draft, 'Second');
  });

  it('what is asked meanwhile is done, and what that leads to', async () => {
    const { conversation } = view.controller;
    const one = gate();
    const two = gate();
    faults = { putBlob: one.hold };
    const attach = (name: string): void => {
      const data = Buffer.from(name).toString('base64');
      void view.controller.handle({ type: 'attach', conversation, name, mediaType: 'text/plain', data });
    };
    attach('one.txt');
    await one.reached;
    const closed = windows.closeAll();
    // It waits for the first by then.
    await delay(200);
    faults = { putBlob: two.hold };
    attach('two.txt');
    one.open();
    await two.reached;
    await delay(20);
    two.open();
    await closed;
    assert.deepEqual(
      (await next()).composer?.attachments.map(({ label }) => label),
      ['one.txt', 'two.txt'],
    );
  });

  it('a message that is in the record, or waits, is in no draft, also when the window is killed right then', async () => {
    const { conversation } = view.controller;
    const held = windows.fake.hold();
    let isIn = false;
    const arrives = (): void => {
      isIn = true;
    };
    // From there on it is dead.
    faults = { append: arrives, setQueued: arrives, setDraft: () => (isIn ? full() : undefined) };
    send(view, 'First');
    await held.push('Words');
    await until('the words', () => shown(view).includes('Words'));
    const { store } = await windows.open('two');
    assert.equal((await store.load(conversation))?.draft, '');
    isIn = false;
    send(view, 'Second');
    await until('the row', () => isIn);
    await view.controller.handle({ type: 'resync', conversation });
    const stored = await store.load(conversation);
    assert.deepEqual([stored?.draft, stored?.queued.length], ['', 1]);
    await held.end();
  });

  it('what is typed while a message goes into the record is stored behind it, and without its words', async () => {
    const { conversation } = view.controller;
    const { hold, reached, open } = gate();
    const drafts: unknown[] = [];
    faults = {
      append: hold,
      setDraft: (_, draft) => {
        drafts.push(draft);
      },
    };
    const held = windows.fake.hold();
    send(view, 'First');
    await reached;
    drafts.length = 0;
    void view.controller.handle({ type: 'draft', conversation, text: 'Second' });
    await delay(50);
    assert.deepEqual(drafts, []);
    open();
    await until('the draft', () => drafts.length > 0);
    await held.end();
    await until('the turn to end', () => !view.controller.isRunning);
    assert.deepEqual([...new Set(drafts)], ['Second']);
  });

  it('words that came back while nobody looked are in the draft, whatever another window has sent since', async () => {
    const { conversation } = view.controller;
    windows.fake.enqueue(reply.text('One.'));
    await ask(view, 'First');
    const two = await windows.viewOf(await windows.open('two'), conversation);
    const held = windows.fake.hold();
    send(two, 'Second');
    await held.push('Words');
    view.detach();
    await view.controller.handle({ type: 'send', conversation, text: 'Third' });
    await held.end();
    await until('the turn to end', () => !two.controller.isRunning);
    windows.fake.enqueue(reply.text('Four.'));
    await ask(two, 'Fourth');
    await windows.closeAll();
    const { draft } = await windows.viewOf(await windows.open('three'), conversation);
    assert.equal(draft, 'Third');
  });

  it('words that are in the composer stay in the draft, though another window has sent a moment before', async () => {
    const { conversation } = view.controller;
    windows.fake.enqueue(reply.text('One.'));
    await ask(view, 'First');
    const blind = await windows.viewOf(await windows.open('two', { clock: blindClock }), conversation);
    await blind.controller.handle({ type: 'draft', conversation, text: 'Typed in the second' });
    windows.fake.enqueue(reply.text('Two.'));
    await ask(view, 'Second');
    await windows.closeAll();
    const { draft } = await windows.viewOf(await windows.open('three'), conversation);
    assert.equal(draft, 'Typed in the second');
  });

  it('a draft of a new conversation is stored once: what another window has stored there since stays', async () => {
    const { conversation } = view.controller;
    let stored = 0;
    faults = {
      setDraft: () => {
        stored += 1;
      },
    };
    await view.controller.handle({ type: 'draft', conversation, text: 'Of the first' });
    // It looks at what others do meanwhile.
    await delay(200);
    assert.equal(stored, 1);
  });

  it('words of two windows are both in the draft, those that nobody changed once', async () => {
    const { conversation } = view.controller;
    await view.controller.handle({ type: 'draft', conversation, text: 'Of the first' });
    const two = await windows.viewOf(await windows.open('two', { clock: blindClock }), conversation);
    await two.controller.handle({ type: 'draft', conversation, text: 'Of the second' });
    const three = await windows.viewOf(await windows.open('three', { clock: blindClock }), conversation);
    assert.equal(three.draft, 'Of the second');
    await windows.closeAll();
    const { draft } = await windows.viewOf(await windows.open('four'), conversation);
    assert.equal(draft, 'Of the second\n\nOf the first');
  });

  it('new words for a message that waits are stored, when the store takes them', async () => {
    const { conversation } = view.controller;
    const held = windows.fake.hold();
    send(view, 'First');
    await held.push('Words');
    send(view, 'Second');
    await until('the row', () => view.composer?.queued.length === 1);
    await view.controller.handle({ type: 'resync', conversation });
    const id = view.composer?.queued[0]?.id ?? '';
    let refusals = 2;
    faults = {
      setQueued: () => {
        refusals -= 1;
        if (refusals >= 0) full();
      },
    };
    const answer = await view.controller.handle({ type: 'editQueued', conversation, id, text: 'Second, better' });
    assert.equal(answer.ok, false);
    await windows.closeAll();
    assert.deepEqual(
      (await next()).composer?.queued.map(({ text }) => text),
      ['Second, better'],
    );
  });

  it('a conversation that is closed takes nothing any more, and says so', async () => {
    const { controller } = view;
    const { conversation } = controller;
    await Promise.all([controller.dispose(), controller.dispose()]);
    const reason = refusals.closing();
    for (const intent of [
      { type: 'send', conversation, text: 'Too late' },
      { type: 'draft', conversation, text: 'Too late' },
    ] as const) {
      assert.deepEqual(await controller.handle(intent), { ok: false, reason });
    }
    await assert.rejects(controller.commandQuestions.keep([{ type: 'text', text: 'Too late' }]), { reason });
    assert.equal(windows.fake.messages.length, 0);
  });

  it('what never ends holds nothing up for long', async () => {
    await windows.closeAll();
    view = await open(quickClock);
    const { conversation } = view.controller;
    const { hold, reached } = gate();
    faults = { putBlob: hold };
    void view.controller.handle({ type: 'draft', conversation, text: 'half a thought' });
    const data = Buffer.from('notes').toString('base64');
    void view.controller.handle({ type: 'attach', conversation, name: 'notes.txt', mediaType: 'text/plain', data });
    await reached;
    await windows.closeAll();
    assert.equal((await next()).draft, 'half a thought');
  });
});

describe('What is being done when a conversation is closed', () => {
  /** True once a close has ended that may take a second. */
  async function isClosed(
    before: (inFlight: InFlight) => void,
    after: (inFlight: InFlight, clock: ManualClock) => unknown,
  ): Promise<boolean> {
    const clock = new ManualClock();
    const inFlight = new InFlight(clock);
    const first = inFlight.run(() => new Promise<void>((resolve) => setImmediate(resolve)));
    before(inFlight);
    let closed = false;
    void inFlight.close(1000).then(() => {
      closed = true;
    });
    await after(inFlight, clock);
    await first;
    await settle();
    return closed;
  }

  const begin = (inFlight: InFlight): void => void inFlight.run(() => new Promise<void>(() => undefined));
  const nothing = (): void => undefined;

  it('is waited for, and so is what is begun meanwhile', async () => {
    assert.equal(await isClosed(nothing, nothing), true);
    assert.equal(await isClosed(nothing, begin), false);
  });

  it('is waited for no longer than it may take', async () => {
    assert.equal(await isClosed(begin, nothing), false);
    assert.equal(await isClosed(begin, (_, clock) => clock.advance(1000)), true);
  });
});
