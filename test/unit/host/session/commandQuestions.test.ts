/** What commands ask in a conversation: at once, where it costs little, else in a row that says its price. */
import assert from 'node:assert/strict';
import type { UserBlock } from '../../../../src/core/record/record';
import type { QueuedRow } from '../../../../src/shared/protocol';
import { reply } from '../../../fakeClaude/script';
import type { FakeClaude } from '../../../fakeClaude/server';
import { strings } from '../../../texts';
import { ask, type Chat, type FakeEditors, FakeView, until } from '../../core/kit';
import { oneChat } from '../../core/oneChat';

describe('A question of a command', () => {
  let fake: FakeClaude;
  let chat: Chat;
  let view: FakeView;
  let editors: FakeEditors;
  const one = oneChat((begun) => {
    ({ fake, chat, view, editors } = begun);
  });

  const act = (intent: { readonly type: 'draft' | 'send'; readonly text: string }): Promise<unknown> =>
    view.controller.handle({ ...intent, conversation: view.controller.conversation });
  const idle = (): Promise<void> =>
    until('everything to be sent', () => {
      const goes = view.composer?.queued.some(({ held }) => !held) === true;
      return !view.controller.isRunning && !goes;
    });
  const shown = (): readonly string[] =>
    view.state.items.flatMap((item) =>
      item.type === 'user' ? [item.text] : item.type === 'answer' ? [`→ ${item.outcome?.kind ?? 'running'}`] : [],
    );

  const selection = { uri: 'file:///work/a.ts', path: 'a.ts', startLine: 1, endLine: 1, text: 'export const a = 1;' };
  const content: readonly UserBlock[] = [
    { type: 'selection', selection },
    { type: 'text', text: strings.explain('a.ts:1') },
  ];

  it('is sent at once, and the draft stays as it is (L28)', async () => {
    act({ type: 'draft', text: 'half a thought' });
    await until('the draft', () => chat.conversations !== null && view.composer !== null);
    fake.enqueue(reply.text('It is one.'));
    const controller = await chat.conversations.forQuestion('current');
    assert.equal(controller, view.controller);
    await controller.commandQuestions.ask(await controller.commandQuestions.keep(content));
    await idle();
    assert.deepEqual(shown(), [strings.explain('a.ts:1'), '→ done']);
    assert.equal((await chat.store.load(controller.conversation))?.draft, 'half a thought');
    assert.deepEqual(
      view.messages.filter(({ type }) => type === 'setDraft'),
      [],
    );
  });

  it('takes the selection and its file into a new conversation, and no other tab, which the next message takes', async () => {
    for (const [name, text] of ['b.ts', 'c.ts'].entries()) editors.files.set(text, `export const other = ${name};\n`);
    editors.open = ['a.ts', 'b.ts'];
    const { controller } = view;
    const id = await controller.commandQuestions.keep(content, { onlyFiles: [selection.uri] });
    // While it waits, here and in the store, another is opened.
    editors.open = ['c.ts', 'a.ts', 'b.ts'];
    editors.selected = { path: 'b.ts', startLine: 1, endLine: 1 };
    await one.reload();
    const again = await chat.conversations.open(controller.conversation);
    view = new FakeView(again);
    fake.enqueue(reply.text('It is one.'));
    await again.commandQuestions.ask(id);
    await idle();
    const sent = (): string => JSON.stringify(fake.messages.at(-1)?.body);
    assert.ok(sent().includes('export const a = 1;'));
    assert.ok(!sent().includes('export const other'));
    fake.enqueue(reply.text('All of them.'));
    await ask(view, 'and now?');
    assert.ok(sent().includes('export const other = 0;') && sent().includes('export const other = 1;'));
    assert.deepEqual((await chat.store.load(again.conversation))?.removedContext, []);
  });

  it('that was taken out of a new conversation leaves that as it was', async () => {
    editors.open = ['a.ts'];
    const { controller } = view;
    const id = await controller.commandQuestions.keep(content, { onlyFiles: [] });
    await controller.handle({ type: 'unqueue', conversation: controller.conversation, id });
    fake.enqueue(reply.text('One.'));
    await ask(view, 'mine');
    assert.ok(JSON.stringify(fake.messages.at(-1)?.body).includes('export const a = 1;'));
  });

  it('is priced by what was read last where the editors cannot be read, and a dear one waits', async () => {
    const { controller } = view;
    const long = { ...selection, text: 'export const a = 1;\n'.repeat(20_000) };
    const id = await controller.commandQuestions.keep([{ type: 'selection', selection: long }, ...content.slice(1)]);
    editors.current = () => Promise.reject(new Error('The disk is silent.'));
    await controller.commandQuestions.ask(id);
    assert.ok(((await controller.commandQuestions.usd(content, null)).open ?? 0) > 0);
    assert.equal(fake.messages.length, 0);
    await until('its price', () => (view.composer?.queued[0]?.usd ?? 0) > 0.25);
    assert.equal((chat.errors as string[]).splice(0).length, 2);
  });

  it('that is dear waits in its row with its price, through a reload, and is sent by a click', async () => {
    const { controller } = view;
    const { conversation } = controller;
    const long = { ...selection, text: 'export const a = 1;\n'.repeat(20_000) };
    const dear: readonly UserBlock[] = [{ type: 'selection', selection: long }, ...content.slice(1)];
    const id = await controller.commandQuestions.keep(dear);
    await controller.commandQuestions.ask(id);
    assert.equal(fake.messages.length, 0);
    const waiting = (): QueuedRow | undefined => view.composer?.queued[0];
    await until('its price', () => (waiting()?.usd ?? 0) > 0.25);
    assert.deepEqual([waiting()?.text, waiting()?.held], [strings.explain('a.ts:1'), true]);
    assert.equal(view.composer?.next.askUsd !== waiting()?.usd, true, 'the draft has its own price');

    await one.reload();
    const again = await chat.conversations.open(conversation);
    const reloaded = new FakeView(again);
    await until('its price after the reload', () => (reloaded.composer?.queued[0]?.usd ?? 0) > 0.25);
    fake.enqueue(reply.text('It is long.'));
    await again.handle({ type: 'sendQueuedNow', conversation, id: reloaded.composer?.queued[0]?.id ?? '' });
    await until('the answer', () => !again.isRunning && fake.messages.length === 1);
    assert.ok(JSON.stringify(fake.messages[0]?.body).includes(strings.explain('a.ts:1')));
  });

  it('goes to a new conversation while the open one runs, which goes on (L6, L28)', async () => {
    const held = fake.hold();
    act({ type: 'send', text: 'first' });
    await held.push('Some');
    const other = await chat.conversations.forQuestion('current');
    assert.notEqual(other, view.controller);
    assert.equal(await chat.conversations.current(), other);
    fake.enqueue(reply.text('It is one.'));
    const second = new FakeView(other);
    await other.commandQuestions.ask(await other.commandQuestions.keep(content));
    await until('the answer', () => !other.isRunning);
    assert.equal(second.state.items.length, 2);
    await held.push(' more');
    await held.end();
    await idle();
    assert.deepEqual(shown(), ['first', '→ done']);
  });

  it('goes to a new conversation while messages wait in the open one, and always when that is chosen', async () => {
    await view.controller.commandQuestions.keep(content);
    await until('the row', () => view.composer?.queued[0]?.text === strings.explain('a.ts:1'));
    const other = await chat.conversations.forQuestion('current');
    assert.notEqual(other, view.controller);
    fake.enqueue(reply.text('It is one.'));
    await other.commandQuestions.ask(await other.commandQuestions.keep(content));
    await until('the answer', () => !other.isRunning);
    assert.equal(await chat.conversations.forQuestion('current'), other);
    assert.notEqual(await chat.conversations.forQuestion('new'), other);
  });
});
