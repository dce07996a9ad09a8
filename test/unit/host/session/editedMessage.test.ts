/** A message that is edited cuts its turn off, and those behind it: what they did to files stays to be decided about. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Store } from '../../../../src/core/record/store';
import { createEditing, type HostEditing } from '../../../../src/host/workspace/edits/editing';
import type { AnswerItem } from '../../../../src/shared/chat';
import { reply } from '../../../fakeClaude/script';
import { type FakeClaude, startFakeClaude } from '../../../fakeClaude/server';
import { Desk, noProblems, WindowEditors } from '../../../fuzz/edits/desk';
import { ask, type Chat, closeChat, FakeEditors, FakeView, openChat, temporaryFolder, until } from '../../core/kit';

const files = { 'a.txt': 'one\ntwo\nthree\nfour\nfive\nsix\n', 'b.txt': 'b\r\n', 'gone.txt': 'gone\n' };

describe('A message that is edited', () => {
  let fake: FakeClaude;
  let chat: Chat;
  let view: FakeView;
  let desk: Desk;
  let temporary: Awaited<ReturnType<typeof temporaryFolder>>;

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
    chat = await openChat({ url: fake.url, folder: temporary.path, editors: new FakeEditors(), editing });
    view = new FakeView(await chat.conversations.current());
    act({ type: 'setReview', atEnd: true });
  });
  afterEach(async () => {
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
