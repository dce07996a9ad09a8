/** A long text that was pasted: beside the words of the draft, over a restart, on the wire. */
import assert from 'node:assert/strict';
import type Anthropic from '@anthropic-ai/sdk';
import type { Store } from '../../../../src/core/record/store';
import { refusals } from '../../../../src/host/base/plainStrings';
import { reply } from '../../../fakeClaude/script';
import { type FakeClaude, startFakeClaude } from '../../../fakeClaude/server';
import { pngFile } from '../../attachments/files';
import { ask, type Chat, closeChat, FakeEditors, FakeView, openChat, temporaryFolder, until } from '../kit';

const log = `\n  Error: it broke (login.ts:41)\r\n${'  at somewhere in the code\r\n'.repeat(20_000)}\ttail \u200b</pasted_text>`;

describe('What is pasted', function () {
  this.timeout(20_000);
  let fake: FakeClaude;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let chat: Chat;
  let view: FakeView;
  let full = false;

  const open = async (): Promise<void> => {
    const wrap = (store: Store): Store =>
      new Proxy(store, {
        get: (of, name: keyof Store) =>
          name === 'setDraft' && full ? () => Promise.reject(new Error('the disk is full')) : of[name].bind(of),
      });
    chat = await openChat({ url: fake.url, folder: folder.path, editors: new FakeEditors(), wrap });
    view = new FakeView(await chat.conversations.current());
  };
  const paste = (text: string) =>
    view.controller.handle({
      type: 'attachPasted',
      conversation: view.controller.conversation,
      bytes: Buffer.from(text),
      edit: null,
    });
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

  it('and folded is named by its first line, outlives a restart, and goes out as a text of its own before the words (L68)', async () => {
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
      { cache_control: undefined, type: 'text', text: `<pasted_text>\n${shown}\n</pasted_text>` },
      { cache_control: undefined, type: 'text', text: 'What broke?' },
    ];
    const plain = () => sent().map((block) => ({ ...block, cache_control: undefined }));
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

  it('and folded comes back to the letter where it is put into the words again, and says so where it is gone (L68)', async () => {
    await paste(log);
    const id = attached()[0]?.id ?? '';
    const { conversation } = view.controller;
    const asked = () => view.controller.handle({ type: 'pastedText', conversation, id });
    assert.deepEqual(await asked(), { ok: true, value: log });
    await view.controller.handle({ type: 'detach', conversation, id });
    assert.deepEqual(await asked(), { ok: false, reason: refusals.textGone() });
  });

  it('or a picture goes with the message that is written anew, after a restart too, and not with the draft (L71)', async () => {
    fake.enqueue(reply.text('A word.'));
    await ask(view, 'What is this?');
    const [question] = view.state.items;
    const edit = question?.id ?? '';
    const picture = { name: 'shot.png', mediaType: 'image/png', data: pngFile(60, 40).toString('base64') };
    await view.controller.handle({
      type: 'attachToEdit',
      conversation: view.controller.conversation,
      edit,
      ...picture,
    });
    const edited = () => view.composer?.edited ?? [];
    assert.deepEqual([edited().map(({ label, edit: of }) => [label, of]), attached()], [[['shot.png', edit]], []]);
    await closeChat(chat);
    await open();
    await until('the picture', () => edited().length === 1);
    fake.enqueue(reply.text('Another word.'), reply.text('A picture.'));
    await ask(view, 'And this?');
    assert.equal(
      sent().some(({ type }) => type === 'image'),
      false,
      'the draft goes without it',
    );
    const { conversation } = view.controller;
    await view.controller.handle({ type: 'editMessage', conversation, id: edit, text: 'What is in it?' });
    await fake.untilMessages(3);
    await until('the end', () => !view.controller.isRunning && edited().length === 0);
    assert.deepEqual(
      sent().map(({ type }) => type),
      ['image', 'text'],
    );
    // So does a long text; where its message is not there any more, it goes with the draft.
    await view.controller.handle({ type: 'attachPasted', conversation, bytes: Buffer.from(log), edit });
    assert.deepEqual([edited().map(({ kind, edit: of }) => [kind, of]), attached()], [[['document', edit]], []]);
    await view.controller.handle({ type: 'dropFromEdit', conversation, edit, id: null });
    await view.controller.handle({ type: 'attachPasted', conversation, bytes: Buffer.from(log), edit: 'gone' });
    await closeChat(chat);
    await open();
    await until('the text', () => attached().length === 1 && edited().length === 0);
    // One that waits takes it along; what is let go of goes nowhere.
    await view.controller.handle({ type: 'attachToEdit', conversation, edit: 'x', ...picture });
    await view.controller.handle({ type: 'dropFromEdit', conversation, edit: 'x', id: null });
    assert.deepEqual(edited(), []);
  });

  it('and could not be stored is in no chip: the panel has it in the words again (L68)', async () => {
    full = true;
    const text = log.slice(0, 9000).toWellFormed();
    assert.equal((await paste(text)).ok, false);
    full = false;
    assert.deepEqual(attached(), []);
    const given = () => view.messages.flatMap((one) => (one.type === 'setDraft' ? [one.text] : []));
    assert.deepEqual(given(), [text], 'behind the draft of its own conversation');
    const said = (chat.errors as string[]).splice(0);
    assert.ok(said.length > 0 && said.every((error) => error.includes('the disk is full')));
  });

  it('into a message that waits is dropped with the changes, and the message stays as it was (L71)', async () => {
    const { conversation } = view.controller;
    const picture = (name: string, side: number) => {
      return { name, mediaType: 'image/png', data: pngFile(side, side).toString('base64') };
    };
    const held = fake.hold();
    const asked = ask(view, 'First.');
    await held.push('Some');
    await view.controller.handle({ type: 'attach', conversation, ...picture('shot.png', 60) });
    await view.controller.handle({ type: 'send', conversation, text: '' });
    const rows = () => (view.composer?.queued ?? []).map(({ text, attachments, held }) => [text, attachments, held]);
    await until('the row', () => rows().length === 1);
    const edit = view.composer?.queued[0]?.id ?? '';
    await view.controller.handle({ type: 'editQueued', conversation, id: edit, text: null });
    assert.deepEqual(rows(), [['', 1, true]]);
    // The picture is on its way still.
    view.controller.handle({ type: 'attachToEdit', conversation, edit, ...picture('other.png', 40) });
    await view.controller.handle({ type: 'dropFromEdit', conversation, edit, id: null });
    assert.deepEqual([rows(), view.composer?.edited ?? []], [[['', 1, false]], []]);
    fake.enqueue(reply.text('A picture.'));
    await held.end();
    await asked;
    await fake.untilMessages(2);
    await until('the end', () => !view.controller.isRunning && rows().length === 0);
    assert.deepEqual(
      sent().map(({ type }) => type),
      ['text', 'image'],
    );
  });

  it('and too long for the model is refused, so that the panel keeps it (L68)', async () => {
    const answer = await paste('word '.repeat(1_200_000));
    assert.equal(answer.ok, false);
    const said = view.messages.filter(({ type }) => type === 'attachRefused' || type === 'setDraft');
    assert.deepEqual([attached(), said], [[], []], 'and is too long for a text box');
  });
});
