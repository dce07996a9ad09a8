/** Messages that begin with a command: they ask what it asks, and what begins with none is sent as it is. */
import assert from 'node:assert/strict';
import { refused } from '../../../../src/host/base/refused';
import type { Slashed } from '../../../../src/shared/slashCommands';
import { slashed } from '../../../../src/shared/slashCommands';
import { reply } from '../../../fakeClaude/script';
import { type FakeClaude, startFakeClaude } from '../../../fakeClaude/server';
import { type Chat, closeChat, FakeEditors, FakeView, openChat, temporaryFolder, until } from '../../core/kit';

describe('A message that begins with a command', () => {
  let fake: FakeClaude;
  let chat: Chat;
  let view: FakeView;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let asked: Slashed[];
  let refuse: boolean;

  beforeEach(async () => {
    asked = [];
    refuse = false;
    fake = await startFakeClaude();
    folder = await temporaryFolder();
    const slash = async (command: Slashed) => {
      asked.push(command);
      if (refuse) throw refused({ text: 'Nothing to fix.' });
      return [{ type: 'text' as const, text: `Fix it. ${command.rest}` }];
    };
    chat = await openChat({ url: fake.url, folder: folder.path, editors: new FakeEditors(), slash });
    view = new FakeView(await chat.conversations.current());
  });
  afterEach(async () => {
    await closeChat(chat);
    await fake.close();
    folder.remove();
  });

  const send = async (text: string) => {
    const session = await chat.conversations.current();
    return await session.handle({ type: 'send', conversation: session.conversation, text });
  };

  it('asks what the command asks, with the words behind it', async () => {
    assert.equal((await send('/fix and the types\n')).ok, true);
    await until('it is sent', () => fake.messages.length > 0);
    assert.deepEqual(asked, [{ command: 'fix', rest: 'and the types' }]);
    assert.match(fake.messages[0]?.raw ?? '', /"Fix it\. and the types"/);
  });

  it('comes back into the composer when there is nothing that it could be about, and nothing is sent', async () => {
    refuse = true;
    const answer = await send('/fix');
    assert.deepEqual([answer.ok, !answer.ok && answer.reason.text], [false, 'Nothing to fix.']);
    assert.ok(view.messages.some((one) => one.type === 'setDraft' && one.text === '/fix'));
    assert.equal(fake.requests.length, 0);
  });

  it('is none where it compacts the conversation: that is done, or it comes back with why not', async () => {
    const answer = await send('/compact');
    assert.deepEqual([answer.ok, asked, fake.requests], [false, [], []]);
    assert.ok(view.messages.some((one) => one.type === 'setDraft' && one.text === '/compact'));
    fake.enqueue(reply.text('An answer.'), reply.text('A summary of it.'));
    await send('Hello');
    await until('the answer', () => !view.controller.isRunning && fake.messages.length === 1);
    assert.equal((await send('/compact ')).ok, true);
    await until('the summary', () => !view.controller.isRunning && view.state.items.at(-1)?.type === 'compaction');
    assert.ok(!(fake.messages.at(-1)?.raw ?? '').includes('/compact'));
    await send('/compact what is above');
    assert.deepEqual(asked, [{ command: 'compact', rest: 'what is above' }]);
  });

  it('that nobody knows is sent as it is', async () => {
    await send('/etc/hosts is wrong');
    await until('it is sent', () => fake.messages.length > 0);
    assert.deepEqual(asked, []);
    assert.match(fake.messages[0]?.raw ?? '', /"\/etc\/hosts is wrong"/);
  });

  it('is told from words: the whole name, at the very beginning, in the letters of the name', () => {
    assert.deepEqual(slashed('/fix'), { command: 'fix', rest: '' });
    assert.deepEqual(slashed('/fix\n  a\nb '), { command: 'fix', rest: 'a\nb' });
    for (const words of [
      '/fixed',
      '/FIX',
      'fix',
      'a /fix',
      '/',
      '//fix',
      '/constructor',
      '/fix/a',
      '\uff0ffix',
      '/toString x',
    ])
      assert.equal(slashed(words), null, words);
  });
});
