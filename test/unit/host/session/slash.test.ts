/** Messages that begin with a command: they ask what it asks, and what begins with none is sent as it is. */
import assert from 'node:assert/strict';
import { refusals } from '../../../../src/host/base/plainStrings';
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

  it('is a message that was sent, too, when it is written anew: but for the one that compacts', async () => {
    fake.enqueue(reply.text('An answer.'), reply.text('Another.'));
    await send('Hello');
    await until('the answer', () => !view.controller.isRunning && fake.messages.length === 1);
    const edit = async (text: string) => {
      const [first] = view.state.items;
      const { conversation } = view.controller;
      return await view.controller.handle({ type: 'editMessage', conversation, id: first?.id ?? '', text });
    };
    const none = await edit('/compact');
    assert.deepEqual(!none.ok && none.reason, refusals.compactEdited());
    assert.ok(view.messages.some((one) => one.type === 'setDraft' && one.text === '/compact'));
    refuse = true;
    assert.equal((await edit('/fix')).ok, false);
    assert.ok(view.messages.some((one) => one.type === 'setDraft' && one.text === '/fix'));
    assert.equal(fake.messages.length, 1);
    refuse = false;
    assert.equal((await edit('/fix and the types')).ok, true);
    await until('it is sent', () => fake.messages.length === 2);
    const sent = JSON.stringify(fake.messages[1]?.body.messages);
    assert.match(sent, /"Fix it\. and the types"/);
    assert.ok(!sent.includes('Hello'));
  });

  it('is a message that waits, too, when it is written anew', async () => {
    const held = fake.hold();
    fake.enqueue(reply.text('Another.'));
    const session = await chat.conversations.current();
    const { conversation } = session;
    void send('Hello');
    await held.push('Some');
    await send('and more');
    const id = () => view.composer?.queued[0]?.id ?? '';
    await until('the row', () => id() !== '');
    await session.handle({ type: 'editQueued', conversation, id: id(), text: null });
    refuse = true;
    assert.equal((await session.handle({ type: 'editQueued', conversation, id: id(), text: '/fix' })).ok, false);
    assert.ok(view.messages.some((one) => one.type === 'setDraft' && one.text === '/fix'));
    assert.equal(view.composer?.queued[0]?.text, 'and more', 'it waits for the user');
    refuse = false;
    assert.equal((await session.handle({ type: 'editQueued', conversation, id: id(), text: '/fix it' })).ok, true);
    await held.end();
    await until('it is sent', () => fake.messages.length === 2);
    assert.match(JSON.stringify(fake.messages[1]?.body.messages), /"Fix it\. it"/);
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
