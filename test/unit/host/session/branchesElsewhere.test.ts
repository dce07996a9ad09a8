/** Branches of a conversation that two windows show: one goes to another branch, and the other has not looked yet. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Store } from '../../../../src/core/record/store';
import { refusals } from '../../../../src/host/base/plainStrings';
import { createEditing, type HostEditing } from '../../../../src/host/workspace/edits/editing';
import { type Reply, reply } from '../../../fakeClaude/script';
import { type FakeClaude, startFakeClaude } from '../../../fakeClaude/server';
import { SharedTime } from '../../../fakeClaude/windowClock';
import { Desk, noProblems, WindowEditors } from '../../../fuzz/edits/desk';
import { ask, type Chat, closeChat, FakeEditors, FakeView, openChat, temporaryFolder, until } from '../../core/kit';

const done = { ok: true, value: null };

describe('Branches in two windows', () => {
  let fake: FakeClaude;
  let time: SharedTime;
  let chats: Chat[];
  let here: FakeView;
  let there: FakeView;
  let desk: Desk;
  let temporary: Awaited<ReturnType<typeof temporaryFolder>>;

  beforeEach(async () => {
    fake = await startFakeClaude();
    time = new SharedTime(fake.clock);
    temporary = await temporaryFolder();
    desk = new Desk(join(temporary.path, 'files'), false);
    for (const name of ['a.txt', 'b.txt']) desk.write(name, Buffer.from('one\ntwo\nthree\n'));
    chats = [];
    here = new FakeView(await (await opened()).conversations.current());
    await act(here, { type: 'setReview', atEnd: true });
    fake.enqueue(reply.toolUse('edit_file', change('a.txt')), reply.text('A1'));
    await ask(here, 'First');
    there = new FakeView(await (await opened()).conversations.open(here.controller.conversation));
    await act(there, { type: 'setReview', atEnd: true });
    await time.pass(1);
  });
  afterEach(async () => {
    for (const chat of chats) await closeChat(chat);
    await fake.close();
    temporary.remove();
  });

  async function opened(): Promise<Chat> {
    const { facts } = new WindowEditors(desk, () => undefined);
    const owner = `host-${chats.length + 1}`;
    const editing = (store: Store): HostEditing =>
      createEditing({
        ...{ facts: desk.facts, edits: facts, problems: noProblems },
        store: {
          putFileVersion: (conversation, bytes) => store.putFileVersion(conversation, bytes),
          notePendingEdits: (conversation, pending) => store.notePendingEdits(conversation, pending, owner),
        },
      });
    const places = { url: fake.url, folder: temporary.path, editors: new FakeEditors() };
    const chat = await openChat({ ...places, owner, clock: time.clock(), editing });
    chats.push(chat);
    return chat;
  }

  const act = ({ controller }: FakeView, intent: object): Promise<unknown> =>
    controller.handle({ conversation: controller.conversation, ...intent } as never);
  const change = (path: string) => ({ path, edits: [{ old_text: 'two', new_text: 'TWO' }] });
  const line = (name: string): string | undefined => desk.bytes(name)?.toString().split('\n')[1];
  const first = (view: FakeView): string => view.state.items[0]?.id ?? '';
  const decide = (view: FakeView, uri: string | null = null, keep = false): Promise<unknown> =>
    act(view, { type: 'decideEdits', answer: first(view), uri, hunk: null, keep });
  const open = (view: FakeView): readonly string[] =>
    view.state.items.flatMap((item) =>
      item.type === 'answer' ? (item.edits ?? []).flatMap(({ path, open }) => (open > 0 ? [path] : [])) : [],
    );

  /** The other window has the first message answered once more, and asks more behind that. */
  async function branchedThere(...replies: readonly Reply[]): Promise<void> {
    fake.enqueue(reply.text('B1'), ...replies);
    await act(there, { type: 'regenerate', answer: first(there), model: null, effort: null });
    await until('the turn to end', () => !there.controller.isRunning);
    if (replies.length > 0) await ask(there, 'Second');
  }

  const backThere = (): Promise<unknown> => act(there, { type: 'walk', to: there.state.branches[0]?.previous });

  it('decide about what their card shows, not about what its turn has got meanwhile from another branch', async () => {
    await branchedThere(reply.toolUse('edit_file', change('b.txt')), reply.text('B2'));
    assert.deepEqual(await backThere(), done);
    assert.deepEqual([open(here), open(there)], [['a.txt'], ['a.txt', 'b.txt']]);
    assert.deepEqual(await decide(here), { ok: false, reason: refusals.goneOnElsewhere() });
    assert.deepEqual([line('a.txt'), line('b.txt')], ['TWO', 'TWO']);
    assert.deepEqual(open(here), ['a.txt', 'b.txt'], 'it is shown');
    const hunks = await act(here, { type: 'editHunks', answer: first(here), uri: desk.uri('a.txt') });
    assert.equal((hunks as { readonly value: readonly unknown[] }).value.length, 1);
    // One decision behind the other is no other window's.
    const both = [decide(here, desk.uri('a.txt')), decide(here)];
    assert.deepEqual(await Promise.all(both), [done, done]);
    assert.deepEqual([line('a.txt'), line('b.txt')], ['two', 'two']);
  });

  it('decide nothing of a turn that they do not show', async () => {
    fake.enqueue(reply.toolUse('edit_file', change('b.txt')), reply.text('A2'));
    await ask(there, 'Second');
    const answer = there.state.items[2]?.id;
    const asked = { type: 'decideEdits', answer, uri: null, hunk: null, keep: false };
    assert.deepEqual(await act(here, asked), { ok: false, reason: refusals.editsGone() });
    assert.equal(line('b.txt'), 'TWO');
  });

  it('show a branch that was begun, and left again, before they looked, and what it has cost', async () => {
    await branchedThere();
    assert.deepEqual(await backThere(), done);
    await time.pass(5000);
    await until('this window to look', () => here.state.branches.length > 0);
    assert.deepEqual(
      [here.state.branches, here.state.requests, here.state.usage],
      [there.state.branches, there.state.requests, there.state.usage],
    );
  });

  it('read nothing again that they have written themselves', async () => {
    const chat = chats[0];
    assert.ok(chat);
    let loads = 0;
    const { load } = chat.store;
    chat.store.load = (...args) => {
      loads += 1;
      return Reflect.apply(load, chat.store, args);
    };
    fake.enqueue(reply.text('A2'));
    await ask(here, 'Second');
    await time.pass(5000);
    await until('the other window to look', () => there.state.items.length === 4);
    assert.equal(loads, 0);
  });

  it('go on at once with what the other window has said is done, however long its store takes', async () => {
    await branchedThere();
    await time.pass(5000);
    await until('this window to look', () => here.state.branches.length > 0);
    const store = chats[1]?.store;
    assert.ok(store);
    const { releaseLease } = store;
    store.releaseLease = async (...args) => {
      await delay(50);
      return Reflect.apply(releaseLease, store, args);
    };
    const to = here.state.branches[0]?.previous;
    assert.deepEqual(await backThere(), done);
    assert.deepEqual(await act(here, { type: 'walk', to }), done);
  });

  it('go to a branch that is shown already, since the other window has gone there', async () => {
    await branchedThere();
    await time.pass(5000);
    await until('this window to look', () => here.state.branches.length > 0);
    const to = here.state.branches[0]?.previous;
    assert.deepEqual(await backThere(), done);
    assert.deepEqual(await act(here, { type: 'walk', to }), done);
    assert.deepEqual(here.state.branches, there.state.branches);
  });
});
