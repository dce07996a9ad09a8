/** Whole chats in which messages are sent while a turn runs, changed, sent anew with other words, or asked by commands. */

import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type Anthropic from '@anthropic-ai/sdk';
import { textOf } from '../../../../src/core/record/branchPoint';
import type { UserBlock } from '../../../../src/core/record/record';
import type { IntentAt } from '../../../../src/shared/intents';
import type { RecordedRequest } from '../../../fakeClaude/record';
import { reply } from '../../../fakeClaude/script';
import type { FakeClaude } from '../../../fakeClaude/server';
import { ask, type Chat, type FakeView, until } from '../../core/kit';
import { oneChat } from '../../core/oneChat';

type Act =
  IntentAt<'chat'> extends infer I
    ? I extends { readonly conversation: string }
      ? Omit<I, 'conversation'>
      : never
    : never;

describe('A message that is sent while a turn runs', () => {
  let fake: FakeClaude;
  let chat: Chat;
  let view: FakeView;
  const one = oneChat((begun) => {
    ({ fake, chat, view } = begun);
  });

  const act = (intent: Act): Promise<unknown> =>
    view.controller.handle({ ...intent, conversation: view.controller.conversation } as IntentAt<'chat'>);
  const send = (text: string): Promise<unknown> => act({ type: 'send', text });
  const queued = (): readonly string[] =>
    (view.composer?.queued ?? []).map(({ text, held }) => (held ? `(${text})` : text));
  const rowId = (text: string): string => {
    const row = view.composer?.queued.find((one) => one.text === text);
    assert.ok(row, `${text} waits`);
    return row.id;
  };
  const waits = (...rows: readonly string[]): Promise<void> =>
    until(`the rows ${rows.join()}, not ${queued().join()}`, () => queued().join() === rows.join());
  const idle = (): Promise<void> =>
    until('everything to be sent', () => !isRunning() && queued().every((row) => row.startsWith('(')));
  const isRunning = (): boolean => view.controller.isRunning;
  const untilStored = async (draft: string, rows: readonly string[]): Promise<void> => {
    for (const end = Date.now() + 10_000; ; await delay(5)) {
      const stored = await chat.store.load(view.controller.conversation);
      try {
        assert.deepEqual([stored?.draft, stored?.queued.map(({ content }) => textOf(content))], [draft, rows]);
        return;
      } catch (error) {
        if (Date.now() > end) throw error;
      }
    }
  };
  const shown = (): readonly string[] =>
    view.state.items.flatMap((item) =>
      item.type === 'user' ? [item.text] : item.type === 'answer' ? [`→ ${item.outcome?.kind ?? 'running'}`] : [],
    );
  const lastMessages = (request: RecordedRequest | undefined): readonly string[] =>
    ((request?.body.messages ?? []) as unknown as Anthropic.MessageParam[]).map(({ role, content }) => {
      const blocks =
        typeof content === 'string' ? [content] : content.map((block) => ('text' in block ? block.text : block.type));
      return `${role}: ${blocks.join(' | ')}`;
    });

  it('waits in a row, and goes when the turn has ended', async () => {
    const held = fake.hold();
    fake.enqueue(reply.text('Second answer.'));
    send('first');
    await held.push('Some');
    send('second');
    await waits('second');
    await held.end();
    await idle();
    assert.deepEqual(shown(), ['first', '→ done', 'second', '→ done']);
    assert.deepEqual(lastMessages(fake.messages.at(-1)).slice(-3), ['user: first', 'assistant: Some', 'user: second']);
    assert.deepEqual(queued(), []);
    // Its row is there before it is stored as one, and what it was typed as goes after that.
    await untilStored('', []);
  });

  it('is delivered at the next step: behind the results of its tools, in one user message', async () => {
    const held = fake.hold();
    fake.enqueue(reply.text('Both at once.'));
    send('look into it');
    await held.push('I look.', { toolUse: 'read_file', input: { path: 'a.ts' }, id: 'toolu_1' });
    send('and be brief');
    await waits('and be brief');
    await held.end();
    await idle();
    assert.deepEqual(shown(), ['look into it', '→ done', 'and be brief', '→ done']);
    assert.equal(fake.messages.length, 2);
    assert.deepEqual(lastMessages(fake.messages.at(-1)).slice(-2), [
      'assistant: I look. | tool_use',
      'user: tool_result | and be brief',
    ]);
  });

  it('can be reordered, taken out and changed while it waits', async () => {
    const held = fake.hold();
    fake.enqueue(reply.text('1'), reply.text('2'));
    send('first');
    await held.push('Some');
    for (const text of ['b', 'c', 'd']) send(text);
    await waits('b', 'c', 'd');
    act({ type: 'moveQueued', id: rowId('d'), by: -2 });
    await waits('d', 'b', 'c');
    act({ type: 'moveQueued', id: rowId('d'), by: 1 });
    await waits('b', 'd', 'c');
    act({ type: 'unqueue', id: rowId('d') });
    await waits('b', 'c');
    act({ type: 'editQueued', id: rowId('b'), text: null });
    await waits('(b)', 'c');
    act({ type: 'editQueued', id: rowId('b'), text: 'better b' });
    await waits('better b', 'c');
    await held.end();
    await idle();
    assert.deepEqual(shown(), ['first', '→ done', 'better b', '→ done', 'c', '→ done']);
  });

  it('does not go while its words are being changed', async () => {
    const held = fake.hold();
    fake.enqueue(reply.text('C.'), reply.text('B.'));
    send('first');
    await held.push('Some');
    send('b');
    send('c');
    await waits('b', 'c');
    act({ type: 'editQueued', id: rowId('b'), text: null });
    await held.end();
    await idle();
    await waits('(b)');
    assert.deepEqual(shown(), ['first', '→ done', 'c', '→ done']);
    act({ type: 'editQueued', id: rowId('b'), text: 'b, changed' });
    await idle();
    assert.deepEqual(shown().slice(-2), ['b, changed', '→ done']);
  });

  it('goes at once with Send Now: what runs is stopped, and what waits behind it still goes by itself', async () => {
    const held = fake.hold();
    fake.enqueue(reply.text('C.'), reply.text('B.'));
    send('first');
    await held.push('Some');
    send('b');
    send('c');
    await waits('b', 'c');
    act({ type: 'sendQueuedNow', id: rowId('c') });
    await idle();
    assert.deepEqual(shown(), ['first', '→ stopped', 'c', '→ done', 'b', '→ done']);
    assert.equal((await held.request).aborted, true);
  });

  it('waits for the user when the turn is stopped, and stays in view', async () => {
    const held = fake.hold();
    send('first');
    await held.push('Some');
    send('b');
    await waits('b');
    act({ type: 'stop' });
    await waits('(b)');
    await until('the stop', () => !view.controller.isRunning);
    fake.enqueue(reply.text('Other.'), reply.text('B.'));
    await ask(view, 'something else');
    assert.deepEqual(queued(), ['(b)']);
    assert.deepEqual(shown(), ['first', '→ stopped', 'something else', '→ done']);
    act({ type: 'sendQueuedNow', id: rowId('b') });
    await idle();
    assert.deepEqual(shown().slice(-2), ['b', '→ done']);
  });

  it('waits for the user when the turn fails', async () => {
    const held = fake.hold();
    send('first');
    await held.push('Some');
    send('b');
    await waits('b');
    await held.cut();
    await waits('(b)');
    await until('the failure', () => !view.controller.isRunning);
    assert.deepEqual(shown(), ['first', '→ failed']);
    assert.equal(fake.messages.length, 1);
  });

  it('outlives a reload, and then waits for the user (L2)', async () => {
    const held = fake.hold();
    send('first');
    await held.push('Some');
    send('b');
    send('c');
    await waits('b', 'c');
    await one.reload();
    assert.deepEqual(queued(), ['(b)', '(c)']);
    fake.enqueue(reply.text('C.'));
    act({ type: 'sendQueuedNow', id: rowId('c') });
    await until('the answer', () => shown().at(-1) === '→ done');
    await waits('(b)');
    assert.equal(shown().at(-2), 'c');
  });

  it('is there again, and is sent once, when the store refuses it', async () => {
    const held = fake.hold();
    send('first');
    await held.push('Some');
    send('b');
    await waits('b');
    const { append } = chat.opened;
    let refuse = true;
    chat.opened.append = (id, entries, claim, queued) =>
      refuse && entries.some((entry) => entry.kind === 'user')
        ? Promise.reject(new Error('The disk is full.'))
        : append.call(chat.opened, id, entries, claim, queued);
    await held.end();
    await waits('(b)');
    refuse = false;
    fake.enqueue(reply.text('B.'));
    await until('the turn to end', () => !view.controller.isRunning);
    act({ type: 'sendQueuedNow', id: rowId('b') });
    await idle();
    assert.deepEqual(fake.messages.length, 2);
    assert.deepEqual(queued(), []);
    assert.equal(chat.errors.length, 1);
    (chat.errors as string[]).length = 0;
  });

  describe('and one that is edited', () => {
    const userId = (text: string): string => {
      const item = view.state.items.find((one) => one.type === 'user' && one.text === text);
      assert.ok(item);
      return item.id;
    };

    it('is sent anew from its place: the old branch stays in the record, and is not sent', async () => {
      fake.enqueue(reply.text('One.'), reply.text('Two.'), reply.text('Three.'), reply.text('Two anew.'));
      for (const text of ['first', 'second', 'third']) await ask(view, text);
      const before = await chat.store.load(view.controller.conversation);
      act({ type: 'editMessage', id: userId('second'), text: 'second, better' });
      await until('the answer', () => shown().at(-1) === '→ done' && shown().length === 4);
      assert.deepEqual(shown(), ['first', '→ done', 'second, better', '→ done']);
      assert.deepEqual(lastMessages(fake.messages.at(-1)), ['user: first', 'assistant: One.', 'user: second, better']);
      const after = await chat.store.load(view.controller.conversation);
      const end = before?.meta.head ?? null;
      await chat.store.setHead(view.controller.conversation, end, null);
      assert.deepEqual((await chat.store.load(view.controller.conversation))?.path, before?.path);
      await chat.store.setHead(view.controller.conversation, after?.meta.head ?? null, null);
    });

    it('keeps what was attached, and its turn may still run: that is stopped', async () => {
      const selection = {
        uri: 'file:///work/a.ts',
        path: 'a.ts',
        startLine: 1,
        endLine: 1,
        text: 'export const a = 1;',
      };
      const content: readonly UserBlock[] = [
        { type: 'selection', selection },
        { type: 'text', text: 'Explain it' },
      ];
      const held = fake.hold();
      await view.controller.commandQuestions.ask(await view.controller.commandQuestions.keep(content));
      await held.push('Some');
      fake.enqueue(reply.text('Shorter.'));
      act({ type: 'editMessage', id: userId('Explain it'), text: 'Explain it in one line' });
      await until('the answer', () => shown().join() === 'Explain it in one line,→ done');
      assert.equal((await held.request).aborted, true);
      assert.deepEqual(lastMessages(fake.messages.at(-1)), [
        'user: <selection path="a.ts" lines="1-1">\nexport const a = 1;\n</selection> | Explain it in one line',
      ]);
    });

    it('goes without a word where something is attached, and is no message with nothing', async () => {
      const selection = { uri: 'file:///work/a.ts', path: 'a.ts', startLine: 1, endLine: 1, text: 'const a = 1;' };
      fake.enqueue(reply.text('One.'), reply.text('Two.'), reply.text('Three.'));
      const content: readonly UserBlock[] = [
        { type: 'selection', selection },
        { type: 'text', text: 'Explain it' },
      ];
      await view.controller.commandQuestions.ask(await view.controller.commandQuestions.keep(content));
      await until('the answer', () => shown().join() === 'Explain it,→ done');
      act({ type: 'editMessage', id: userId('Explain it'), text: ' \n' });
      await until('the next', () => fake.messages.length === 2 && shown().join() === ',→ done');
      assert.deepEqual(lastMessages(fake.messages.at(-1)), [
        'user: <selection path="a.ts" lines="1-1">\nconst a = 1;\n</selection>',
      ]);
      await send('And?');
      await until('the last answer', () => shown().join() === ',→ done,And?,→ done');
      await view.controller.handle({
        type: 'editMessage',
        conversation: view.controller.conversation,
        id: userId('And?'),
        text: ' ',
      });
      assert.deepEqual(shown(), ['', '→ done', 'And?', '→ done']);
      assert.equal(fake.messages.length, 3);
    });

    it('leaves everything as it was, and the words in the composer, when it cannot be stored', async () => {
      fake.enqueue(reply.text('One.'));
      await ask(view, 'first');
      const { append } = chat.opened;
      chat.opened.append = () => Promise.reject(new Error('The disk is full.'));
      act({ type: 'editMessage', id: userId('first'), text: 'first, better' });
      await until('the words', () => view.draft === 'first, better');
      chat.opened.append = append;
      assert.deepEqual(shown().slice(0, 2), ['first', '→ done']);
      (chat.errors as string[]).length = 0;
    });
  });
});
