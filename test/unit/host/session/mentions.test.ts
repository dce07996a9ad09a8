/** What was mentioned goes with the next message, and nothing of it before: over a whole chat and real files. */
import assert from 'node:assert/strict';
import { pathToFileURL } from 'node:url';
import { absences } from '../../../../src/host/base/plainStrings';
import { createEditorContextOver } from '../../../../src/host/workspace/context';
import { WorkspaceMentions } from '../../../../src/host/workspace/mentions/mentions';
import type { MentionKind } from '../../../../src/shared/mentions/mentions';
import { type FakeClaude, startFakeClaude } from '../../../fakeClaude/server';
import { ask, type Chat, closeChat, FakeEditors, FakeView, openChat, temporaryFolder, until } from '../../core/kit';
import { privateKey } from '../../tools/secretTexts';
import { type TempWorkspace, tempWorkspace } from '../../workspace/tempWorkspace';

/** Editors in which nothing is open, over files of the disk. */
class FilesOfDisk extends FakeEditors {
  constructor(temp: TempWorkspace) {
    super();
    const { workspace } = temp;
    const facts = {
      tabs: () => [],
      active: () => null,
      recentlyUsed: () => [],
      selection: () => null,
      isTrusted: true,
    };
    const context = createEditorContextOver({ facts, workspace, automatic: () => 'openFiles', estimate: () => 1 });
    Object.assign(this, { readAdded: context.readAdded, read: context.read, listDirectory: workspace.listDirectory });
  }
}

describe('What was mentioned', () => {
  let fake: FakeClaude;
  let chat: Chat;
  let view: FakeView;
  let temp: TempWorkspace;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;

  beforeEach(async () => {
    fake = await startFakeClaude();
    folder = await temporaryFolder();
    const files = { 'src/login.ts': 'export const retries = 3;\n', 'src/key.ts': privateKey, 'src/x/deep.ts': '1' };
    temp = tempWorkspace({ files: { ...files, 'data.bin': new Uint8Array([0, 1, 2, 255, 254, 0]) } });
    const mentions = new WorkspaceMentions(temp.workspace, () => []);
    chat = await openChat({ url: fake.url, folder: folder.path, editors: new FilesOfDisk(temp), mentions });
    view = new FakeView(await chat.conversations.current());
  });
  afterEach(async () => {
    await closeChat(chat);
    await fake.close();
    folder.remove();
    temp.remove();
  });

  const say = async (type: 'mention' | 'unmention', kind: MentionKind, id: string) => {
    const session = await chat.conversations.current();
    return await session.handle({ type, conversation: session.conversation, kind, id });
  };
  const chips = () => (view.composer?.chips ?? []).map((chip) => chip.kind === 'file' && chip.label);
  const attached = () => (view.composer?.attachments ?? []).map(({ label }) => label);

  it('goes with Send and not before: a file as context, once, with its chip', async () => {
    assert.equal((await say('mention', 'file', 'src/login.ts')).ok, true);
    assert.equal((await say('mention', 'file', 'src/login.ts')).ok, true);
    await until('its chip', () => chips().join() === 'login.ts');
    assert.equal(fake.requests.length, 0);
    await ask(view, 'Why @src/login.ts ?');
    assert.match(JSON.stringify(fake.messages[0]?.body.system), /export const retries = 3/);
  });

  it('goes away with the mention that brought it, and only then', async () => {
    await say('mention', 'file', 'src/login.ts');
    await say('mention', 'folder', 'src');
    await until('both', () => chips().join() === 'login.ts' && attached().join() === 'src/');
    await say('unmention', 'file', 'src/login.ts');
    await say('unmention', 'folder', 'src');
    await until('neither', () => chips().length === 0 && attached().length === 0);
    await view.controller.addFile(pathToFileURL(`${temp.folder}/src/login.ts`).href);
    await say('mention', 'file', 'src/login.ts');
    await say('unmention', 'file', 'src/login.ts');
    await until('what was added by hand', () => chips().join() === 'login.ts');
  });

  it('is the listing of a folder, with nothing of what is in its files', async () => {
    await say('mention', 'folder', 'src');
    await until('its chip', () => attached().join() === 'src/');
    assert.equal(fake.requests.length, 0);
    await ask(view, 'What is in @src/ ?');
    const sent = fake.messages[0]?.raw ?? '';
    assert.match(sent, /x\/\\nkey\.ts/);
    assert.doesNotMatch(sent, /retries/);
  });

  it('is refused with the reason where it may not be sent (L32)', async () => {
    const refused = async (id: string) => {
      const answer = await say('mention', 'file', id);
      assert.ok(!answer.ok);
      return answer.reason;
    };
    assert.deepEqual(await refused('src/key.ts'), absences.secret());
    assert.deepEqual(await refused('data.bin'), absences.binary());
    assert.deepEqual(await refused('src/gone.ts'), absences.unreadable());
    assert.equal((await say('mention', 'folder', '../')).ok, false);
    assert.deepEqual([chips(), attached(), fake.requests.length], [[], [], 0]);
  });
});
