/** Nothing that is only estimated stands in the way of sending or opening, whatever the record holds (L38). */
import assert from 'node:assert/strict';
import type { AssistantEntry, Entry } from '../../../../src/core/record/record';
import { noUsage } from '../../../../src/shared/tokenUsage';
import { type FakeClaude, startFakeClaude } from '../../../fakeClaude/server';
import { startLocalWorker } from '../../../fuzz/localStore';
import { ask, type Chat, closeChat, FakeEditors, FakeView, openChat, temporaryFolder, until } from '../../core/kit';

/** As versions before the door stored what gateways sent. */
const blocks: readonly (readonly [string, object])[] = [
  ['a thought without signature', { type: 'thinking', thinking: 'Hm.' }],
  ['a thought that is null', { type: 'thinking', thinking: null, signature: 7 }],
  ['a redacted thought without data', { type: 'redacted_thinking' }],
  ['text that is an object', { type: 'text', text: { text: 'So.' } }],
  ['a call without input', { type: 'tool_use', id: 't1', name: 'read_file' }],
  ['a call without a name', { type: 'tool_use', id: 't1', input: 7 }],
];

describe('A record that holds what cannot be estimated', () => {
  let fake: FakeClaude;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let chat: Chat;

  const open = async (): Promise<Chat> =>
    openChat({ url: fake.url, folder: folder.path, editors: new FakeEditors(), startWorker: startLocalWorker });
  beforeEach(async () => {
    fake = await startFakeClaude();
    folder = await temporaryFolder();
    chat = await open();
  });
  afterEach(async () => {
    await closeChat(chat);
    await fake.close();
    folder.remove();
  });

  for (const [name, block] of blocks) {
    it(`opens, and its next message goes out: ${name} (L38)`, async () => {
      const first = await chat.conversations.current();
      const view = new FakeView(first);
      await ask(view, 'One?');
      const { conversation } = first;
      const stored = await chat.store.load(conversation);
      const head = stored?.meta.head ?? null;
      const at = Date.now();
      const user: Entry = {
        kind: 'user',
        id: 'zz-1',
        parent: head,
        at,
        content: [{ type: 'text', text: 'Two?' }],
        model: 'claude-opus-4-8',
      };
      const said = {
        ...{ kind: 'assistant', id: 'zz-2', parent: 'zz-1', at, content: [block, { type: 'text', text: 'Yes.' }] },
        ...{ stopReason: 'end_turn', partial: null, refusal: null, usage: noUsage, usd: 0, model: 'claude-opus-4-8' },
        ...{ messageId: null, requestId: null, durations: [null, null] },
      } as unknown as AssistantEntry;
      const end: Entry = { kind: 'end', id: 'zz-3', parent: 'zz-2', at, outcome: { kind: 'done' } };
      await closeChat(chat);
      chat = await open();
      await chat.store.append(conversation, [user, said, end], null);
      await closeChat(chat);
      chat = await open();
      const again = await chat.conversations.open(conversation);
      assert.ok(again !== null);
      const opened = new FakeView(again);
      await until('the snapshot', () => opened.state.items.length > 0);
      assert.match(JSON.stringify(opened.state.items), /Yes\./);
      assert.ok((opened.composer?.next.tokens ?? 0) > 0, 'the cost line has something to say');
      const before = fake.messages.length;
      await ask(opened, 'Three?');
      assert.equal(fake.messages.length, before + 1);
      const last = opened.state.items.at(-1);
      assert.ok(last?.type === 'answer' && last.outcome?.kind === 'done', JSON.stringify(last));
    });
  }
});
