/** Whole chats that the spend guard pauses: going on with the same turn, over a reload too, and stopping. */
import assert from 'node:assert/strict';
import type Anthropic from '@anthropic-ai/sdk';
import type { SpendLimits } from '../../../../src/core/base/settings';
import type { AnswerItem } from '../../../../src/shared/chat';
import type { SpendPause } from '../../../../src/shared/spendPause';
import { reply } from '../../../fakeClaude/script';
import { type FakeClaude, startFakeClaude } from '../../../fakeClaude/server';
import { ask, type Chat, closeChat, FakeEditors, FakeView, openChat, temporaryFolder, until } from '../../core/kit';

/** About a tenth of a dollar of output with each. */
const words = 'Something to think about. '.repeat(400);
const lookUp = (id: string) => reply.text(words).toolUse('read_file', { path: 'a.ts' }, id);

describe('A turn that costs more than was allowed', () => {
  let fake: FakeClaude;
  let chat: Chat;
  let view: FakeView;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let limits: SpendLimits;

  const open = async (): Promise<void> => {
    const editors = new FakeEditors();
    editors.files.set('a.ts', 'export const a = 1;\n');
    chat = await openChat({ url: fake.url, folder: folder.path, editors, settings: () => ({ spend: limits }) });
    view = new FakeView(await chat.conversations.current());
  };
  beforeEach(async () => {
    limits = { perTurn: 0.15, perDay: null };
    fake = await startFakeClaude();
    folder = await temporaryFolder();
    await open();
  });
  afterEach(async () => {
    assert.deepEqual(
      fake.refusals.map((request) => request.response?.error),
      [],
    );
    assert.deepEqual(chat.errors, []);
    await closeChat(chat);
    await fake.close();
    folder.remove();
  });

  const act = async (type: 'continue' | 'stop' | 'retry'): Promise<void> => {
    view.controller.handle({ type, conversation: view.controller.conversation });
    await until(`${type} to have begun`, () => view.controller.isRunning || view.state.activity !== null);
    await until('the turn to end', () => !view.controller.isRunning);
  };
  const answers = (): readonly AnswerItem[] =>
    view.state.items.flatMap((item) => (item.type === 'answer' ? [item] : []));
  const paused = (): SpendPause => {
    const outcome = answers().at(-1)?.outcome;
    assert.equal(outcome?.kind, 'spendLimit');
    return outcome as SpendPause;
  };
  const roles = (): readonly string[] =>
    ((fake.messages.at(-1)?.body.messages ?? []) as unknown as Anthropic.MessageParam[]).map(({ role }) => role);

  it('goes on with the model and effort that it was regenerated with, whatever broke it off, and no longer than it has to', async () => {
    limits = { perTurn: 0.03, perDay: null };
    fake.enqueue(reply.text('Done.'));
    await ask(view, 'Look it up');
    const regenerate = { type: 'regenerate', model: 'claude-sonnet-4-6', effort: 'low' } as const;
    const conversation = view.controller.conversation;
    fake.enqueue(lookUp('toolu_1'), reply.error(401, 'authentication_error', 'no'), reply.text('B'), reply.text('C'));
    view.controller.handle({ ...regenerate, conversation, answer: answers()[0]?.id ?? '' });
    await until('the pause', () => answers()[0]?.outcome?.kind === 'spendLimit' && !view.controller.isRunning);
    limits = { perTurn: null, perDay: null };
    const reload = async (): Promise<void> => {
      await closeChat(chat);
      await open();
      await until('what was asked', () => answers().length === 1);
    };
    await reload();
    await act('continue');
    assert.equal(answers()[0]?.outcome?.kind, 'failed');
    await reload();
    await act('retry');
    assert.deepEqual(answers()[0]?.outcome, { kind: 'done' });
    await act('retry');
    assert.deepEqual(
      fake.messages.slice(1).map(({ body }) => [body.model, body.output_config]),
      [...Array(3).fill(['claude-sonnet-4-6', { effort: 'low' }]), ['claude-opus-4-8', undefined]],
    );
  });

  it('pauses, and goes on as the same turn with as much again', async () => {
    fake.enqueue(lookUp('toolu_1'), lookUp('toolu_2'), lookUp('toolu_3'), reply.text('Done.'));
    await ask(view, 'Look it up');
    const first = paused();
    assert.equal(first.limitUsd, 0.15);
    assert.ok(first.spentUsd + (first.nextUsd ?? 0) > 0.15);
    assert.equal(fake.messages.length, first.steps);
    assert.equal(view.controller.ending, 'needsYou');
    await act('continue');
    const rounds = view.state.items.length;
    assert.deepEqual([rounds, answers().length], [2, 1], 'one question, one answer');
    if (answers()[0]?.outcome?.kind === 'spendLimit') {
      assert.equal(paused().limitUsd, 0.3);
      await act('continue');
    }
    assert.deepEqual(answers()[0]?.outcome, { kind: 'done' });
    assert.deepEqual(
      roles(),
      ['user', 'assistant', 'user', 'assistant', 'user', 'assistant', 'user'],
      'nothing was said for the user',
    );
    assert.equal(fake.messages.length, 4);
    assert.equal(view.gaps, 0);
  });

  it('still waits after a reload', async () => {
    fake.enqueue(lookUp('toolu_1'), lookUp('toolu_2'), reply.text('Done.'));
    await ask(view, 'Look it up');
    const before = paused();
    await closeChat(chat);
    await open();
    assert.deepEqual(paused(), before);
    while (answers()[0]?.outcome?.kind === 'spendLimit') await act('continue');
    assert.deepEqual(answers()[0]?.outcome, { kind: 'done' });
    assert.equal(answers().length, 1);
  });

  it('is ended by Stop as a stopped one, and may be followed by other words', async () => {
    fake.enqueue(lookUp('toolu_1'), lookUp('toolu_2'));
    await ask(view, 'Look it up');
    paused();
    const sent = fake.messages.length;
    await act('stop');
    assert.deepEqual(answers().at(-1)?.outcome, { kind: 'stopped' });
    assert.equal(fake.messages.length, sent);
    assert.equal(view.controller.ending, null);
    fake.enqueue(reply.text('Fine.'));
    limits = { perTurn: 2, perDay: null };
    await ask(view, 'Never mind');
    assert.deepEqual(answers().at(-1)?.outcome, { kind: 'done' });
  });

  it('counts a day over all conversations, and Continue allows more for all of them', async () => {
    limits = { perTurn: null, perDay: 0.15 };
    fake.enqueue(reply.text(words.repeat(2)), reply.text('More.'), reply.text('Again.'));
    await ask(view, 'One');
    assert.deepEqual(answers().at(-1)?.outcome, { kind: 'done' });
    view = new FakeView(await chat.conversations.startNew());
    await ask(view, 'Two');
    const pause = paused();
    assert.deepEqual([pause.per, pause.steps], ['day', 0]);
    assert.equal(fake.messages.length, 1);
    await act('continue');
    assert.deepEqual(answers().at(-1)?.outcome, { kind: 'done' });
    view = new FakeView(await chat.conversations.startNew());
    await ask(view, 'Three');
    assert.deepEqual(answers().at(-1)?.outcome, { kind: 'done' });
    assert.equal(fake.messages.length, 3);
  });

  it('never pauses when the limits are off', async () => {
    limits = { perTurn: null, perDay: null };
    fake.enqueue(...['1', '2', '3', '4'].map((n) => lookUp(`toolu_${n}`)), reply.text('Done.'));
    await ask(view, 'Look it up');
    assert.deepEqual(answers().at(-1)?.outcome, { kind: 'done' });
    assert.equal(fake.messages.length, 5);
  });
});
