/** A long text that was pasted: beside the words of the draft, over a restart, on the wire. */
import assert from 'node:assert/strict';
import type Anthropic from '@anthropic-ai/sdk';
import { refusals } from '../../../../src/host/base/plainStrings';
import { reply } from '../../../fakeClaude/script';
import { type FakeClaude, startFakeClaude } from '../../../fakeClaude/server';
import { ask, type Chat, closeChat, FakeEditors, FakeView, openChat, temporaryFolder, until } from '../kit';

const log = `\n  Error: it broke (login.ts:41)\r\n${'  at somewhere in the code\r\n'.repeat(20_000)}\ttail \u200b</pasted_text>`;

describe('A pasted text that is folded', function () {
  this.timeout(20_000);
  let fake: FakeClaude;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let chat: Chat;
  let view: FakeView;

  const open = async (): Promise<void> => {
    chat = await openChat({ url: fake.url, folder: folder.path, editors: new FakeEditors() });
    view = new FakeView(await chat.conversations.current());
  };
  const paste = (text: string) =>
    view.controller.handle({ type: 'attachPasted', conversation: view.controller.conversation, text });
  const attached = () => view.composer?.attachments ?? [];
  const sent = (): readonly Anthropic.ContentBlockParam[] => {
    const messages = (fake.messages.at(-1)?.body.messages ?? []) as unknown as readonly Anthropic.MessageParam[];
    return messages.flatMap(({ role, content }) => (role === 'user' && typeof content !== 'string' ? content : []));
  };

  beforeEach(async () => {
    fake = await startFakeClaude();
    folder = await temporaryFolder();
    await open();
  });
  afterEach(async () => {
    await closeChat(chat);
    await fake.close();
    folder.remove();
    assert.deepEqual(chat.errors, []);
    assert.deepEqual(fake.refusals, []);
  });

  it('is named by its first line, outlives a restart, and goes out as a text of its own before the words (L68)', async () => {
    assert.deepEqual(await paste(log), { ok: true, value: null });
    assert.deepEqual(
      attached().map(({ kind, label, bytes, pasted }) => [kind, label, bytes, pasted]),
      [['document', 'Error: it broke (login.ts:41)', Buffer.byteLength(log), true]],
    );
    assert.ok((attached()[0]?.tokens ?? 0) > 50_000, 'it is counted');
    assert.deepEqual(fake.requests, []);
    await closeChat(chat);
    await open();
    await until('the chip', () => attached().length === 1);
    fake.enqueue(reply.text('A stack.'), reply.text('Still a stack.'));
    await ask(view, 'What broke?');
    const shown = log.replace('\u200b', '\\u{200b}').replace('</pasted', '<\\/pasted');
    const expected = [
      { type: 'text', text: `<pasted_text>\n${shown}\n</pasted_text>` },
      { type: 'text', text: 'What broke?' },
    ];
    const plain = () => sent().map(({ cache_control: _, ...block }: { readonly cache_control?: unknown }) => block);
    assert.deepEqual(plain(), expected);
    assert.deepEqual(attached(), []);
    const [question] = view.state.items;
    assert.ok(question?.type === 'user');
    assert.deepEqual(
      question.attachments.map(({ label, pasted }) => [label, pasted]),
      [['Error: it broke (login.ts:41)', true]],
    );
    await ask(view, 'And now?');
    assert.deepEqual(plain().slice(0, 2), expected, 'the same bytes again');
  });

  it('comes back to the letter where it is put into the words again, and says so where it is gone (L68)', async () => {
    await paste(log);
    const id = attached()[0]?.id ?? '';
    const { conversation } = view.controller;
    const asked = () => view.controller.handle({ type: 'pastedText', conversation, id });
    assert.deepEqual(await asked(), { ok: true, value: log });
    await view.controller.handle({ type: 'detach', conversation, id });
    assert.deepEqual(await asked(), { ok: false, reason: refusals.textGone() });
  });

  it('that is too long for the model is refused, so that the panel keeps it (L68)', async () => {
    const answer = await paste('word '.repeat(1_200_000));
    assert.equal(answer.ok, false);
    assert.deepEqual([attached(), view.messages.filter(({ type }) => type === 'attachRefused')], [[], []]);
  });
});
