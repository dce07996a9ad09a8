/** What a command in a terminal has left: offered, added as an attachment, let be; a key in it never goes. */
import assert from 'node:assert/strict';
import { type FakeClaude, startFakeClaude } from '../../../fakeClaude/server';
import { type Chat, closeChat, FakeEditors, FakeView, openChat, temporaryFolder, until } from '../../core/kit';
import { privateKey } from '../../tools/secretTexts';

describe('The output of a command that was inserted in a terminal', () => {
  let fake: FakeClaude;
  let chat: Chat;
  let view: FakeView;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;

  beforeEach(async () => {
    fake = await startFakeClaude();
    folder = await temporaryFolder();
    chat = await openChat({ url: fake.url, folder: folder.path, editors: new FakeEditors() });
    view = new FakeView(await chat.conversations.current());
  });
  afterEach(async () => {
    await closeChat(chat);
    await fake.close();
    folder.remove();
  });

  const offered = () => view.composer?.outputs ?? [];
  const offer = async (raw: string, command = 'npm test', exitCode: number | null = 1): Promise<string> => {
    const session = await chat.conversations.current();
    session.offerOutput({ command, exitCode, raw });
    await until('it is offered', () => offered().some((one) => one.command === command));
    return offered().at(-1)?.id ?? '';
  };
  const say = async (type: 'addOutput' | 'dismissOutput', id: string) => {
    const session = await chat.conversations.current();
    return await session.handle({ type, conversation: session.conversation, id });
  };

  it('is offered with its exit code and tokens, and nothing is sent', async () => {
    await offer('\u001b[31mfail\u001b[0m\r\n'.repeat(100));
    const [one] = offered();
    assert.deepEqual([one?.command, one?.exitCode, view.composer?.attachments], ['npm test', 1, []]);
    assert.ok((one?.tokens ?? 0) > 50, `${one?.tokens}`);
    assert.equal(fake.requests.length, 0);
  });

  it('goes along once it is added, named so', async () => {
    const id = await offer('\u001b[31mfail\u001b[0m\r\n');
    assert.equal((await say('addOutput', id)).ok, true);
    assert.deepEqual(
      (view.composer?.attachments ?? []).map(({ label }) => label),
      ['npm test · exit 1'],
    );
    assert.deepEqual(offered(), []);
    assert.equal(fake.requests.length, 0);
    const session = await chat.conversations.current();
    await session.handle({ type: 'send', conversation: session.conversation, text: 'Why?' });
    await until('it is sent', () => fake.messages.length > 0);
    assert.match(fake.messages[0]?.raw ?? '', /\$ npm test\\nfail\\n\[exit code 1\]/);
  });

  it('is let be for good, and the same command again takes its place', async () => {
    const id = await offer('one');
    const second = await offer('two');
    assert.deepEqual(
      offered().map((one) => one.id),
      [second],
    );
    assert.equal((await say('dismissOutput', id)).ok, false);
    assert.equal((await say('dismissOutput', second)).ok, true);
    assert.deepEqual(offered(), []);
    assert.equal((await say('addOutput', second)).ok, false);
  });

  it('with a key in it is not attached, with the reason (L32)', async () => {
    const id = await offer(`${privateKey}\r\n`, 'env', 0);
    await say('addOutput', id);
    assert.deepEqual(view.composer?.attachments, []);
    assert.ok(view.messages.some(({ type }) => type === 'attachRefused'));
  });
});
