/** What is sent while a turn that another window has left is being repaired, and when another window comes in between. */
import assert from 'node:assert/strict';
import { StoreError } from '../../../../src/core/base/errors';
import type { Store } from '../../../../src/core/record/store';
import { refusals } from '../../../../src/host/base/plainStrings';
import { Refused } from '../../../../src/host/base/refused';
import { LastTurn } from '../../../../src/host/session/turns/lastTurn';
import type { Turns } from '../../../../src/host/session/turns/turns';
import type { IntentAt } from '../../../../src/shared/intents';
import type { Answer } from '../../../../src/shared/protocol';
import { reply } from '../../../fakeClaude/script';
import { filled } from '../../../texts';
import { ask, type FakeView, until } from '../../core/kit';
import { PathMaker, toolUse } from '../../core/prompt/paths';
import { SleepyClock, send, shown, Windows } from './fenceKit';

describe('Beside another window', () => {
  const windows = new Windows();

  beforeEach(() => windows.begin());
  afterEach(() => windows.end());

  /** Appends wait until the gate is opened. */
  function gated(): {
    readonly wrap: (store: Store) => Store;
    readonly waiting: () => number;
    readonly open: () => void;
  } {
    let open: () => void = () => undefined;
    let waiting = 0;
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    const wrap = (store: Store): Store =>
      new Proxy(store, {
        get(target, name) {
          const member: unknown = Reflect.get(target, name, target);
          if (typeof member !== 'function') return member;
          return async (...args: unknown[]): Promise<unknown> => {
            if (name === 'append') {
              waiting += 1;
              await opened;
            }
            return Reflect.apply(member, target, args);
          };
        },
      });
    return { wrap, waiting: () => waiting, open };
  }

  it('a message and a leave-out that come while its turn is repaired here go behind the repair, in their order', async () => {
    const clock = new SleepyClock();
    const one = await windows.open('one', { clock });
    const view = await windows.viewOf(one);
    const id = view.controller.conversation;
    windows.fake.enqueue(reply.text('The first answer.'));
    await ask(view, 'First');
    const held = windows.fake.hold();
    send(view, 'A long story?');
    await held.push('Once upon a time');
    const mine = new SleepyClock();
    const gate = gated();
    const two = await windows.open('two', { clock: mine, wrap: gate.wrap });
    const other = await windows.viewOf(two, id);
    await until('it to be followed', () => other.state.activity?.kind === 'elsewhere');
    clock.fallAsleep();
    mine.wake(10 * 60_000);
    await until('the repair', () => gate.waiting() > 0);
    windows.fake.enqueue(reply.text('It goes on.'), reply.text('And ends.'));
    const target = { what: 'turn', entry: other.state.items[0]?.id ?? '', index: 0 } as const;
    const said = [
      other.controller.handle({ type: 'exclude', conversation: id, target, out: true }),
      other.controller.handle({ type: 'send', conversation: id, text: 'And then?' }),
      other.controller.handle({ type: 'send', conversation: id, text: 'And at last?' }),
    ];
    gate.open();
    assert.deepEqual(
      (await Promise.all(said)).map(({ ok }) => ok),
      [true, true, true],
    );
    await until('both answers', () => shown(other).includes('And ends.'));
    await until('it to be idle', () => other.state.activity === null);
    const asked = windows.fake.messages.slice(-2).map(({ body }) => JSON.stringify(body.messages));
    assert.deepEqual(
      asked.map((text) => [text.includes('And then?'), text.includes('And at last?')]),
      [
        [true, false],
        [true, true],
      ],
    );
    assert.equal(other.composer?.queued.length, 0);
    assert.equal(draftOf(other), '');
    assert.equal(other.state.excluded.length, 1);
    assert.deepEqual(windows.fake.refusals, []);
  });

  it('a lease that could not be given back behind a repair keeps no conversation from being opened', async () => {
    const clock = new SleepyClock();
    const one = await windows.open('one', { clock });
    const view = await windows.viewOf(one);
    const held = windows.fake.hold();
    send(view, 'A long story?');
    await held.push('Once upon a time');
    clock.fallAsleep();
    let refused = 0;
    const wrap = (store: Store): Store =>
      new Proxy(store, {
        get(target, name) {
          const member: unknown = Reflect.get(target, name, target);
          if (name !== 'releaseLease' || typeof member !== 'function') return member;
          return async (conversation: string, owner: string): Promise<unknown> => {
            if (owner !== 'two' || refused === 1) return Reflect.apply(member, target, [conversation, owner]);
            refused += 1;
            throw new StoreError('full', 'the disk is full');
          };
        },
      });
    const two = await windows.open('two', { wrap, isAlive: (owner) => owner !== 'one' });
    const other = await windows.viewOf(two, view.controller.conversation);
    assert.match(shown(other), /A long story/);
    assert.equal(refused, 1);
    windows.fake.enqueue(reply.text('It goes on.'));
    await ask(other, 'And then?');
    assert.match(shown(other), /It goes on/);
  });

  const acts = ['retry', 'continue', 'send', 'exclude'] as const;
  for (const act of acts) {
    it(`${act} says so when another window comes in between, and no words are lost`, async () => {
      const one = await windows.open('one');
      const view = await windows.viewOf(one);
      const id = view.controller.conversation;
      windows.fake.enqueue(reply.error(401, 'authentication_error', 'invalid x-api-key'));
      await ask(view, 'First');
      const clock = new SleepyClock();
      const two = await windows.open('two', { clock });
      const other = await windows.viewOf(two, id);
      await until('both to be idle', () => [view, other].every(({ state }) => state.activity === null));
      // It does not see the other window yet.
      clock.fallAsleep();
      const held = windows.fake.hold();
      view.controller.handle({ type: 'retry', conversation: id });
      await held.push('Half of');
      const target = { what: 'turn', entry: other.state.items.at(-1)?.id ?? '', index: 0 } as const;
      const intent: IntentAt<'chat'> =
        act === 'send'
          ? { type: act, conversation: id, text: 'Mine' }
          : act === 'exclude'
            ? { type: act, conversation: id, target, out: true }
            : { type: act, conversation: id };
      assert.equal(reasonOf(await other.controller.handle(intent)), filled(refusals.busyElsewhere()));
      assert.equal(draftOf(other), act === 'send' ? 'Mine' : '');
      clock.wake(0);
      await held.push(' it.');
      await held.end();
      await until('the answer here too', () => shown(other).includes('Half of it.'));
    });
  }
});

describe('A turn that is left open', () => {
  it('is closed, and nothing begins beside what has begun meanwhile', async () => {
    const maker = new PathMaker().user('First').assistant([toolUse('call')]);
    for (const act of ['retry', 'continue', 'restorePrompt'] as const) {
      const begun: string[] = [];
      const begin = (what: string) => async () => void begun.push(what);
      const turns = {
        ...{ path: maker.entries, mayStart: true, isRunning: false },
        ...{ runFrom: begin('runFrom'), send: begin('send'), branch: begin('branch') },
        close: async () => Object.assign(turns, { mayStart: false, isRunning: true }),
      };
      const { handlers } = new LastTurn({ turns } as never);
      await assert.rejects(handlers[act](), Refused);
      assert.deepEqual(begun, [], act);
    }
  });

  it('is one of one: what runs already lets nothing begin, and words come back', async () => {
    const windows = new Windows();
    await windows.begin();
    try {
      const view = await windows.viewOf(await windows.open('one'));
      windows.fake.enqueue(reply.text('An answer.'));
      await ask(view, 'First');
      const { turns } = view.controller as unknown as { readonly turns: Turns };
      const held = Promise.withResolvers<void>();
      const running = turns.work(() => held.promise);
      await until('it to run', () => turns.isRunning);
      const back: string[] = [];
      const second: string[] = [];
      const sent = { content: [{ type: 'text', text: 'Second' }], committed: async () => undefined } as const;
      await assert.rejects(
        turns.work(async () => void second.push('work')),
        Refused,
      );
      await assert.rejects(turns.send({ ...sent, refused: () => back.push('Second') }), Refused);
      held.resolve();
      await running;
      assert.deepEqual([second, back, windows.fake.messages.length], [[], ['Second'], 1]);
    } finally {
      await windows.end();
    }
  });
});

function reasonOf(answer: Answer): string {
  return answer.ok ? 'done' : answer.reason.text;
}

/** What the host has put into the composer. */
function draftOf(view: FakeView): string {
  return view.messages.flatMap((message) => (message.type === 'setDraft' ? [message.text] : [])).join('|');
}
