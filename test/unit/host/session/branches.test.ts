/** The branches of a conversation: what was edited or asked again can be gone back to, and all of it is counted. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Store } from '../../../../src/core/record/store';
import { stateOf } from '../../../../src/core/transcript/transcript';
import { refusals } from '../../../../src/host/base/plainStrings';
import { createEditing, type HostEditing } from '../../../../src/host/workspace/edits/editing';
import type { Branching, ChatState, ExcludeTarget, Item } from '../../../../src/shared/chat';
import { noUsage } from '../../../../src/shared/tokenUsage';
import { reply } from '../../../fakeClaude/script';
import { type FakeClaude, startFakeClaude } from '../../../fakeClaude/server';
import { Desk, noProblems, WindowEditors } from '../../../fuzz/edits/desk';
import {
  ask,
  type Chat,
  type ChatOptions,
  closeChat,
  FakeEditors,
  FakeView,
  openChat,
  temporaryFolder,
  until,
} from '../../core/kit';

/** One pixel. */
const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

describe('Branches of a conversation', () => {
  let fake: FakeClaude;
  let chat: Chat;
  let view: FakeView;
  let desk: Desk;
  let temporary: Awaited<ReturnType<typeof temporaryFolder>>;
  let options: ChatOptions;
  let others: Chat[];

  beforeEach(async () => {
    fake = await startFakeClaude();
    temporary = await temporaryFolder();
    desk = new Desk(join(temporary.path, 'files'), false);
    desk.write('a.txt', Buffer.from('one\ntwo\nthree\nfour\nfive\nsix\n'));
    const { facts } = new WindowEditors(desk, () => undefined);
    const editing = (store: Store): HostEditing =>
      createEditing({
        ...{ facts: desk.facts, edits: facts, problems: noProblems },
        store: {
          putFileVersion: (conversation, bytes) => store.putFileVersion(conversation, bytes),
          notePendingEdits: (conversation, pending) => store.notePendingEdits(conversation, pending, 'host-1'),
        },
      });
    options = { url: fake.url, folder: temporary.path, editors: new FakeEditors(), editing };
    chat = await openChat(options);
    view = new FakeView(await chat.conversations.current());
    others = [];
  });
  afterEach(async () => {
    for (const other of others) await closeChat(other);
    await closeChat(chat);
    await fake.close();
    temporary.remove();
  });

  const act = (intent: object): Promise<unknown> =>
    view.controller.handle({ conversation: view.controller.conversation, ...intent } as never);
  const done = { ok: true, value: null };
  const said = (state: ChatState = view.state): readonly string[] =>
    state.items.flatMap((item) => {
      if (item.type === 'user') return [item.text];
      return item.type === 'answer' ? item.parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])) : [];
    });
  const items = (type: Item['type']): readonly Item[] => view.state.items.filter((item) => item.type === type);
  const at = (one: Branching | undefined): readonly unknown[] => [one?.item.split('/')[0], one?.at, one?.of];
  const places = (): readonly unknown[] => view.state.branches.map(at);
  const ended = (): Promise<void> => until('the turn to end', () => !view.controller.isRunning);

  async function edit(index: number, text: string): Promise<void> {
    await act({ type: 'editMessage', id: items('user')[index]?.id, text });
    await ended();
  }

  async function walk(by: 'previous' | 'next', index = 0): Promise<void> {
    assert.deepEqual(await act({ type: 'walk', to: view.state.branches[index]?.[by] }), done);
  }

  /** The conversation as a window shows it that opens it now. */
  async function reopened(): Promise<ChatState> {
    const other = await openChat({ ...options, owner: `host-${others.length + 2}` });
    others.push(other);
    return new FakeView(await other.conversations.open(view.controller.conversation)).state;
  }

  it('lead back to a message that was edited, with all that followed it, and on again', async () => {
    fake.enqueue(reply.text('A1'), reply.text('A2'), reply.text('B1'));
    await ask(view, 'First');
    await ask(view, 'Second');
    assert.deepEqual(view.state.branches, []);
    await edit(0, 'Other first');
    assert.deepEqual(said(), ['Other first', 'B1']);
    assert.deepEqual(places(), [['user', 2, 2]]);
    const requests = fake.messages.length;
    const { usd, usage } = view.state;
    await walk('previous');
    assert.deepEqual(said(), ['First', 'A1', 'Second', 'A2']);
    assert.deepEqual(places(), [['user', 1, 2]]);
    assert.deepEqual(
      view.state.branches.map(({ previous }) => previous),
      [null],
    );
    await walk('next');
    assert.deepEqual(said(), ['Other first', 'B1']);
    assert.equal(fake.messages.length, requests, 'nothing is sent');
    assert.deepEqual([view.state.usd, view.state.usage], [usd, usage], 'it costs nothing');
  });

  it('count in what the conversation has cost, whichever is shown', async () => {
    fake.enqueue(reply.text('A long answer. '.repeat(50)), reply.text('B'));
    await ask(view, 'First');
    const first = view.state.usd ?? 0;
    assert.ok(first > 0);
    await edit(0, 'Other');
    const own = view.state.items.find((item) => item.type === 'answer')?.usd ?? 0;
    assert.ok(Math.abs((view.state.usd ?? 0) - first - own) < 1e-9);
    assert.equal(view.state.requests, 2);
    await walk('previous');
    assert.equal(view.state.requests, 2);
    assert.ok(Math.abs((view.state.usd ?? 0) - first - own) < 1e-9);
    const again = await reopened();
    assert.ok(Math.abs((again.usd ?? 0) - first - own) < 1e-9);
    assert.deepEqual(again.usage, view.state.usage);
  });

  it('stay where they were gone to after a reload, and other windows follow', async () => {
    fake.enqueue(reply.text('A1'), reply.text('B1'));
    await ask(view, 'First');
    await edit(0, 'Other first');
    const before = new FakeView(
      await (async () => {
        const other = await openChat({ ...options, owner: 'host-9' });
        others.push(other);
        return other.conversations.open(view.controller.conversation);
      })(),
    );
    assert.deepEqual(said(before.state), ['Other first', 'B1']);
    await walk('previous');
    await until('the other window to follow', () => said(before.state)[0] === 'First');
    assert.deepEqual(before.state.branches, view.state.branches);
    const again = await reopened();
    assert.deepEqual(said(again), ['First', 'A1']);
    assert.deepEqual(again.branches, view.state.branches);
  });

  it('keep an answer that was asked for again, and what was said behind it', async () => {
    fake.enqueue(reply.text('A1'), reply.text('A2'), reply.text('more'));
    await ask(view, 'First');
    await act({ type: 'retry' });
    await ended();
    assert.deepEqual(said(), ['First', 'A2']);
    assert.deepEqual(places(), [['answer', 2, 2]]);
    await ask(view, 'And?');
    await walk('previous');
    assert.deepEqual(said(), ['First', 'A1']);
    assert.deepEqual(places(), [['answer', 1, 2]]);
    await walk('next');
    assert.deepEqual(said(), ['First', 'A2', 'And?', 'more']);
  });

  it('hold the answer of another model and effort, which only that answer is made with', async () => {
    fake.enqueue(reply.text('A1'), reply.text('A2'), reply.text('B1'), reply.text('B2'));
    await ask(view, 'First');
    await ask(view, 'Second');
    const [first] = items('answer');
    await act({ type: 'regenerate', answer: first?.id, model: 'claude-sonnet-4-6', effort: 'low' });
    await ended();
    assert.deepEqual(said(), ['First', 'B1']);
    const asked = fake.messages.at(-1)?.body;
    assert.deepEqual([asked?.model, asked?.output_config], ['claude-sonnet-4-6', { effort: 'low' }]);
    assert.deepEqual(places(), [['answer', 2, 2]]);
    assert.deepEqual(
      items('answer').map((item) => item.type === 'answer' && item.model),
      ['claude-sonnet-4-6'],
    );
    await ask(view, 'Third');
    const after = fake.messages.at(-1)?.body;
    assert.deepEqual([after?.model, after?.output_config], ['claude-opus-4-8', undefined]);
    await walk('previous');
    assert.deepEqual(said(), ['First', 'A1', 'Second', 'A2']);
    assert.deepEqual(await act({ type: 'regenerate', answer: first?.id, model: null, effort: 'no' }), {
      ok: false,
      reason: refusals.noSuchEffort('no'),
    });
    assert.deepEqual(await act({ type: 'regenerate', answer: 'gone', model: null, effort: null }), {
      ok: false,
      reason: refusals.messageGone(),
    });
  });

  it('do not show an attempt that came to nothing, nor the same words sent again', async () => {
    const failed = reply.error(401, 'authentication_error', 'no');
    fake.enqueue(failed, failed, failed, reply.text('A1'));
    await ask(view, 'First');
    await act({ type: 'retry' });
    await ended();
    assert.deepEqual(places(), []);
    await edit(0, 'First');
    assert.deepEqual(places(), []);
    await edit(0, 'Other first');
    assert.deepEqual(said(), ['Other first', 'A1']);
    assert.deepEqual(places(), [['user', 2, 2]]);
  });

  it('are not gone to while an answer runs, and not where they are no more', async () => {
    fake.enqueue(reply.text('A1'), reply.text('B1'));
    await ask(view, 'First');
    await edit(0, 'Other');
    const to = view.state.branches[0]?.previous;
    const held = fake.hold();
    const asked = ask(view, 'Second');
    await held.push('slow');
    assert.deepEqual(await act({ type: 'walk', to }), { ok: false, reason: refusals.answering() });
    await held.end();
    await asked;
    assert.deepEqual(await act({ type: 'walk', to: 'nothing' }), { ok: false, reason: refusals.branchGone() });
    assert.deepEqual(said().slice(0, 2), ['Other', 'B1']);
  });

  it('agree on what is left out of what they have in common', async () => {
    fake.enqueue(reply.text('A1'), reply.text('A2'), reply.text('B2'));
    await ask(view, 'First');
    await ask(view, 'Second');
    await edit(1, 'Other second');
    const target: ExcludeTarget = { what: 'turn', entry: items('user')[0]?.id ?? '', index: 0 };
    await act({ type: 'exclude', target, out: true });
    assert.equal(view.state.excluded.length, 1);
    await walk('previous');
    assert.deepEqual([said()[2], view.state.excluded.length], ['Second', 1]);
    await act({ type: 'exclude', target, out: false });
    await walk('next');
    assert.deepEqual([said()[2], view.state.excluded], ['Other second', []]);
    await walk('previous');
    assert.deepEqual(view.state.excluded, []);
  });

  const change = (from: string, to: string) => ({ path: 'a.txt', edits: [{ old_text: from, new_text: to }] });
  const text = (): string | undefined => desk.bytes('a.txt')?.toString();
  const files = (index: number): readonly unknown[] => {
    const one = items('answer')[index];
    return one?.type === 'answer' ? (one.edits ?? []).map(({ path, open, undone }) => [path, open, undone]) : [];
  };
  const decide = (index: number, keep: boolean): Promise<unknown> =>
    act({ type: 'decideEdits', answer: items('answer')[index]?.id, uri: null, hunk: null, keep });

  it('tell what is in the files: what a branch that is left has changed is undone where one is', async () => {
    await act({ type: 'setReview', atEnd: true });
    fake.enqueue(reply.toolUse('edit_file', change('two', 'TWO')), reply.text('Done.'));
    await ask(view, 'Change it.');
    fake.enqueue(reply.toolUse('edit_file', change('five', 'FIVE')), reply.text('Done, too.'));
    await edit(0, 'Change another.');
    assert.deepEqual(files(0), [['a.txt', 1, false]]);
    await walk('previous');
    assert.deepEqual([said()[0], text()], ['Change it.', 'one\nTWO\nthree\nfour\nFIVE\nsix\n']);
    assert.deepEqual(files(0), [['a.txt', 1, false]], 'all that is in the files and not decided');
    assert.deepEqual(await decide(0, false), done);
    assert.equal(text(), 'one\ntwo\nthree\nfour\nfive\nsix\n');
    await walk('next');
    assert.deepEqual(files(0), [['a.txt', 0, true]], 'it does not offer what is undone');
    await walk('previous');
    assert.deepEqual(files(0), [['a.txt', 0, true]]);
    fake.enqueue(reply.text('I see.'));
    await ask(view, 'And?');
    assert.match(JSON.stringify(fake.messages.at(-1)?.body.messages), /<undone path=\\"a\.txt\\">/);
  });

  it('take what the turns that are cut off have changed with them where an earlier answer is regenerated', async () => {
    await act({ type: 'setReview', atEnd: true });
    fake.enqueue(reply.text('A1'), reply.toolUse('edit_file', change('two', 'TWO')), reply.text('Done.'));
    await ask(view, 'First');
    await ask(view, 'Change it.');
    fake.enqueue(reply.text('B1'));
    await act({ type: 'regenerate', answer: items('answer')[0]?.id, model: null, effort: null });
    await ended();
    assert.deepEqual([said(), files(0)], [['First', 'B1'], [['a.txt', 1, false]]]);
    assert.deepEqual(await decide(0, false), done);
    assert.equal(text()?.split('\n')[1], 'two');
  });

  it('agree on what was decided of a turn that they have in common', async () => {
    await act({ type: 'setReview', atEnd: true });
    fake.enqueue(reply.toolUse('edit_file', change('two', 'TWO')), reply.text('Done.'));
    await ask(view, 'Change it.');
    fake.enqueue(reply.text('A2'), reply.text('B2'));
    await ask(view, 'Second');
    await edit(1, 'Other second');
    assert.deepEqual(await decide(0, false), done);
    await walk('previous');
    assert.deepEqual([said()[2], files(0), text()?.split('\n')[1]], ['Second', [['a.txt', 0, true]], 'two']);
    fake.enqueue(reply.text('I see.'));
    await ask(view, 'And?');
    assert.match(
      JSON.stringify(fake.messages.at(-1)?.body.messages),
      /<undone path=\\"a\.txt\\">/,
      'the model is told',
    );
  });

  it('hand what is not decided on to the end of the branch that is shown, and back', async () => {
    await act({ type: 'setReview', atEnd: true });
    fake.enqueue(reply.text('A1'));
    await ask(view, 'First');
    fake.enqueue(reply.toolUse('edit_file', change('two', 'TWO')), reply.text('Done.'), reply.text('A3'));
    await ask(view, 'Change it.');
    await ask(view, 'Third');
    fake.enqueue(reply.text('B2'));
    await edit(1, 'Change nothing.');
    await walk('previous');
    assert.deepEqual([files(1), files(2)], [[['a.txt', 0, false]], [['a.txt', 1, false]]]);
    assert.match(JSON.stringify(items('answer')[1]), /"handedOn":true/);
    assert.deepEqual(await decide(2, false), done);
    assert.equal(text()?.split('\n')[1], 'two');
    await walk('next');
    assert.deepEqual(files(1), [['a.txt', 0, true]]);
  });

  it('of which a turn is forked: a conversation of its own up to its end, which costs nothing again', async () => {
    fake.enqueue(reply.text('A1'), reply.text('A2'), reply.text('B1'));
    await ask(view, 'First');
    await ask(view, 'Second');
    const spent = await chat.store.spentSince(0);
    const asked = await act({ type: 'fork', answer: items('answer')[0]?.id });
    const id = (asked as { readonly value: string }).value;
    const fork = new FakeView(await chat.conversations.open(id));
    assert.deepEqual(said(fork.state), ['First', 'A1']);
    assert.equal(fork.state.title, 'Fork of First');
    assert.deepEqual(await chat.store.spentSince(0), spent);
    assert.ok(spent.usd > 0);
    assert.deepEqual([fork.state.usd, fork.state.requests, fork.state.usage], [0, 0, noUsage]);
    await ask(fork, 'Other second');
    assert.deepEqual(said(fork.state), ['First', 'A1', 'Other second', 'B1']);
    assert.equal(fork.state.requests, 1);
    assert.match(JSON.stringify(fake.messages.at(-1)?.body.messages), /First.*A1.*Other second/);
    const last = fork.state.items.at(-1);
    assert.equal(fork.state.usd, last?.type === 'answer' ? last.usd : null);
    // An edit of a message that was copied leaves what it was paid elsewhere.
    fake.enqueue(reply.text('C1'));
    const first = fork.state.items.find((item) => item.type === 'user');
    await fork.controller.handle({ type: 'editMessage', conversation: id, id: first?.id ?? '', text: 'Other first' });
    await until('the turn to end', () => !fork.controller.isRunning);
    assert.deepEqual([said(fork.state), fork.state.requests], [['Other first', 'C1'], 2]);
    const stored = await chat.store.load(id);
    assert.equal(stateOf(id, '', stored?.path ?? [], undefined, stored?.beside).requests, 2);
    assert.deepEqual(said(), ['First', 'A1', 'Second', 'A2'], 'the one that it is made of is as it was');
  });

  it('of which a turn is forked keep its pictures and versions when the other conversation is deleted for ever', async () => {
    await act({ type: 'setReview', atEnd: true });
    await act({ type: 'attach', name: 'dot.png', mediaType: 'image/png', data: png });
    fake.enqueue(reply.toolUse('edit_file', change('two', 'TWO')), reply.text('Done.'));
    await ask(view, 'Change it.');
    const asked = await act({ type: 'fork', answer: items('answer')[0]?.id });
    const id = (asked as { readonly value: string }).value;
    const [question] = items('user');
    const blob = question?.type === 'user' ? (question.attachments[0]?.id ?? '') : '';
    assert.match(blob, /^[0-9a-f]{64}$/);
    assert.deepEqual(files(0), [['a.txt', 1, false]]);
    const old = view.controller.conversation;
    view = new FakeView(await chat.conversations.open(id));
    assert.deepEqual(files(0), [['a.txt', 0, false]], 'to be decided where it was made');
    await chat.store.deleteForever(old);
    assert.ok((await chat.store.getBlob(blob)) !== null);
    const stored = await chat.store.load(id);
    const versions = (stored?.path ?? []).flatMap((entry) =>
      entry.kind === 'toolResult' ? (entry.edits ?? []).flatMap(({ before, after }) => [before, after]) : [],
    );
    assert.equal(versions.length, 2);
    for (const version of versions) assert.ok((await chat.store.fileVersion(version ?? '')) !== null);
  });

  it('of which a turn is forked must be there, and have ended', async () => {
    const held = fake.hold();
    const asked = ask(view, 'First');
    await held.push('slow');
    assert.deepEqual(await act({ type: 'fork', answer: items('user')[0]?.id }), {
      ok: false,
      reason: refusals.waitForAnswer(),
    });
    await held.end();
    await asked;
    assert.deepEqual(await act({ type: 'fork', answer: 'gone' }), { ok: false, reason: refusals.messageGone() });
  });

  it('leave what is typed and what waits as it is', async () => {
    fake.enqueue(reply.text('A1'), reply.text('B1'));
    await ask(view, 'First');
    await edit(0, 'Other');
    await act({ type: 'draft', text: 'half a thought' });
    await walk('previous');
    const other = await openChat({ ...options, owner: 'host-8' });
    others.push(other);
    assert.equal(new FakeView(await other.conversations.open(view.controller.conversation)).draft, 'half a thought');
  });
});
