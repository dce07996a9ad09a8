/** Open files that cannot be read: not knowing is no change, and the words go all the same. */
import assert from 'node:assert/strict';
import { reply } from '../../../fakeClaude/script';
import { type FakeClaude, startFakeClaude } from '../../../fakeClaude/server';
import { ask, type Chat, closeChat, FakeEditors, FakeView, openChat, temporaryFolder } from '../../core/kit';

/** Editors whose files may not be readable. */
class FailingEditors extends FakeEditors {
  fails = false;

  override async current(): ReturnType<FakeEditors['current']> {
    if (this.fails) throw new Error('the disk is on fire');
    return await super.current();
  }

  override async read(uris: readonly string[]): ReturnType<FakeEditors['read']> {
    if (this.fails) throw new Error('the disk is on fire');
    return await super.read(uris);
  }
}

describe('Open files that cannot be read', () => {
  let fake: FakeClaude;
  let chat: Chat;
  let view: FakeView;
  let editors: FailingEditors;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;

  beforeEach(async () => {
    fake = await startFakeClaude();
    folder = await temporaryFolder();
    editors = new FailingEditors();
    editors.files.set('a.ts', 'export const first = 1;\n');
    editors.open = ['a.ts'];
    chat = await openChat({ url: fake.url, folder: folder.path, editors });
    view = new FakeView(await chat.conversations.current());
  });
  afterEach(async () => {
    await closeChat(chat);
    await fake.close();
    folder.remove();
    assert.deepEqual(fake.refusals, []);
  });

  const outcome = (): string | undefined => {
    const last = view.state.items.at(-1);
    return last?.type === 'answer' ? last.outcome?.kind : undefined;
  };
  const sent = (): string => JSON.stringify(fake.messages.at(-1)?.body);

  it('keep no first message from going', async () => {
    editors.fails = true;
    fake.enqueue(reply.text('Hello.'));
    await ask(view, 'Are you there?');
    assert.equal(outcome(), 'done');
    assert.match(sent(), /Are you there/);
    assert.match(chat.errors.join(), /the open files could not be read/);
  });

  it('are no change of what the model has seen, before a message and between the steps of a turn', async () => {
    fake.enqueue(reply.text('Hello.'));
    await ask(view, 'What is in it?');
    assert.match(sent(), /export const first/);
    const shown = view.state.items.filter(({ type }) => type === 'context').length;
    editors.fails = true;
    editors.files.set('a.ts', 'export const second = 2;\n');
    fake.enqueue(reply.toolUse('list_directory', { path: '.' }));
    fake.enqueue(reply.text('Done.'));
    await ask(view, 'And now?');
    assert.equal(outcome(), 'done');
    assert.match(sent(), /export const first/);
    // What went along at first is shown; nothing came after it.
    assert.equal(view.state.items.filter(({ type }) => type === 'context').length, shown);
    assert.doesNotMatch(sent(), /export const second/);
    editors.fails = false;
    fake.enqueue(reply.text('I see.'));
    await ask(view, 'And again?');
    assert.match(sent(), /export const second/);
  });
});
