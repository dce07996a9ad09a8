/** A message that is edited cuts its turn off, and those behind it: what they did to files stays to be decided about. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Store } from '../../../../src/core/record/store';
import { createEditing, type HostEditing } from '../../../../src/host/workspace/edits/editing';
import type { AnswerItem } from '../../../../src/shared/chat';
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
import { failingStore } from './failingStore';
import { tooLong } from './filledChat';

const files = { 'a.txt': 'one\ntwo\nthree\nfour\nfive\nsix\n', 'b.txt': 'b\r\n', 'gone.txt': 'gone\n' };

describe('A message that is edited', () => {
  let fake: FakeClaude;
  let chat: Chat;
  let view: FakeView;
  let desk: Desk;
  let temporary: Awaited<ReturnType<typeof temporaryFolder>>;
  let options: ChatOptions;
  /** Another window. */
  let later: Chat | null;
  /** How many commits of entries the store has still to make; the next one hangs. */
  let commits: number;
  let isHanging: boolean;
  let release: () => void;

  beforeEach(async () => {
    fake = await startFakeClaude();
    temporary = await temporaryFolder();
    desk = new Desk(join(temporary.path, 'files'), false);
    for (const [name, text] of Object.entries(files)) desk.write(name, Buffer.from(text));
    const { facts } = new WindowEditors(desk, () => undefined);
    const editing = (store: Store): HostEditing =>
      createEditing({
        ...{ facts: desk.facts, edits: facts, problems: noProblems },
        store: {
          putFileVersion: (conversation, bytes) => store.putFileVersion(conversation, bytes),
          notePendingEdits: (conversation, pending) => store.notePendingEdits(conversation, pending, 'host-1'),
        },
      });
    [later, commits, isHanging, release] = [null, Number.POSITIVE_INFINITY, false, () => undefined];
    const gate = async (): Promise<void> => {
      commits -= 1;
      if (commits >= 0) return;
      isHanging = true;
      await new Promise<void>((resolve) => {
        release = resolve;
      });
    };
    // A window that has died renews no lease.
    const dead = async (): Promise<void> => {
      if (isHanging) await new Promise<never>(() => undefined);
    };
    options = { url: fake.url, folder: temporary.path, editors: new FakeEditors(), editing };
    chat = await openChat({
      ...options,
      wrap: (store) => failingStore(store, () => ({ append: gate, setHead: gate, acquireLease: dead })),
    });
    view = new FakeView(await chat.conversations.current());
    act({ type: 'setReview', atEnd: true });
  });
  afterEach(async () => {
    commits = Number.POSITIVE_INFINITY;
    release();
    if (later !== null) await closeChat(later);
    await closeChat(chat);
    await fake.close();
    temporary.remove();
  });

  const act = (intent: object): unknown =>
    view.controller.handle({ conversation: view.controller.conversation, ...intent } as never);
  const answer = (): AnswerItem | undefined => view.state.items.findLast((item) => item.type === 'answer');
  const all = (): Readonly<Record<string, string | undefined>> =>
    Object.fromEntries(desk.names.map((name) => [name, desk.bytes(name)?.toString()]));
  const edit = (oldText: string, newText: string) => ({
    path: 'a.txt',
    edits: [{ old_text: oldText, new_text: newText }],
  });

  /** The first message is sent with other words. */
  async function edited(text: string): Promise<void> {
    const user = view.state.items.find((item) => item.type === 'user');
    act({ type: 'editMessage', id: user?.id ?? '', text });
    await until('the edited message to be answered', () => {
      const first = view.state.items.find((item) => item.type === 'user');
      return first !== undefined && first.id !== user?.id && !view.controller.isRunning;
    });
  }

  /** Shows the conversation in another window, when this one has died behind the first commit of what it was asked for. */
  async function diedBehind(intent: object): Promise<void> {
    const { conversation } = view.controller;
    commits = 1;
    act(intent);
    await until('the next commit to hang', () => isHanging);
    later = await openChat({ ...options, owner: 'host-2', isAlive: () => false });
    view = new FakeView(await later.conversations.open(conversation));
  }

  it('is in one commit with what it cuts off, so that no review is lost with a window that dies', async () => {
    fake.enqueue(reply.toolUse('edit_file', edit('two', 'TWO')), reply.text('Done.'), reply.text('I see.'));
    await ask(view, 'Change it.');
    const user = view.state.items.find((item) => item.type === 'user');
    await diedBehind({ type: 'editMessage', id: user?.id ?? '', text: 'Change nothing.' });
    assert.deepEqual(
      view.state.items.flatMap((item) => (item.type === 'user' ? [item.text] : [])),
      ['Change nothing.'],
    );
    assert.deepEqual(
      answer()?.edits?.map(({ path, open }) => [path, open]),
      [['a.txt', 1]],
    );
    const decision = { type: 'decideEdits', answer: answer()?.id, uri: null, hunk: null, keep: false };
    assert.deepEqual(await act(decision), { ok: true, value: null });
    assert.deepEqual(all(), files);
  });

  it('that is asked again behind a summary is in one commit with it, and what was decided meanwhile stays and is told', async () => {
    fake.enqueue(reply.toolUse('edit_file', edit('two', 'TWO')), reply.text('Done.'), tooLong);
    await ask(view, 'Change it.');
    const first = answer()?.id;
    await ask(view, 'And now?');
    const decision = { type: 'decideEdits', answer: first, uri: null, hunk: null, keep: false };
    assert.deepEqual(await act(decision), { ok: true, value: null });
    fake.enqueue(reply.text('The summary.'), reply.text('I see.'));
    await diedBehind({ type: 'compact' });
    assert.deepEqual(
      view.state.items.flatMap((item) => (item.type === 'user' ? [item.text] : [])),
      ['Change it.', 'And now?'],
    );
    const edited = view.state.items.find((item) => item.type === 'answer')?.edits;
    assert.deepEqual(
      edited?.map(({ open, undone }) => [open, undone]),
      [[0, true]],
    );
    assert.match(JSON.stringify(fake.messages.at(-1)?.body.messages), /<undone path=\\"a\.txt\\">/);
  });

  it('leaves all that the turns that it cuts off did to files to be undone, to the byte', async () => {
    fake.enqueue(
      reply
        .toolUse('edit_file', edit('two', 'TWO'))
        .toolUse('rename_file', { path: 'b.txt', new_path: 'c.txt' })
        .toolUse('create_file', { path: 'new.txt', content: 'new\n' }),
      reply.text('Done.'),
      reply.toolUse('edit_file', edit('five', 'FIVE')).toolUse('delete_file', { path: 'gone.txt' }),
      reply.text('Done, too.'),
      reply.text('I see.'),
      reply.toolUse('edit_file', edit('TWO', 'Two')),
      reply.text('Changed.'),
    );
    await ask(view, 'Change it.');
    await ask(view, 'Change more.');
    assert.deepEqual(Object.keys(all()), ['a.txt', 'c.txt', 'new.txt']);
    await edited('Change nothing.');
    const shown = () => answer()?.edits?.map(({ path, to, kind, open }) => [path, to, kind, open]);
    const undecided = [
      ['a.txt', undefined, 'edit', 1],
      ['b.txt', 'c.txt', 'rename', 1],
      ['new.txt', undefined, 'create', 1],
      ['gone.txt', undefined, 'delete', 1],
    ];
    assert.deepEqual(shown(), undecided);
    // And once more, with an edit of its own.
    await edited('Change it otherwise.');
    assert.deepEqual(shown(), undecided);
    const { path } = (await chat.store.load(view.controller.conversation)) ?? { path: [] };
    const user = path.findIndex(({ kind }) => kind === 'user');
    assert.equal(path[user + 1]?.kind, 'edits', 'it is there from the beginning');
    const decision = { type: 'decideEdits', answer: answer()?.id, uri: null, hunk: null, keep: false };
    assert.deepEqual(await act(decision), { ok: true, value: null });
    assert.deepEqual(all(), files);
    assert.deepEqual(fake.refusals, []);
  });
});
