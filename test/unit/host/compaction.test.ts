/** Whole chats that are summed up, and from which things are left out, against the strict API. */
import assert from 'node:assert/strict';
import type Anthropic from '@anthropic-ai/sdk';
import type { Leavable } from '../../../src/core/leavable';
import { leftOutResult } from '../../../src/core/messages';
import { stateOf } from '../../../src/core/transcript';
import type { LeaveOutChooser } from '../../../src/host/windowCare';
import type { CompactionItem, LeaveOutTarget } from '../../../src/shared/chat';
import type { ViewToHost } from '../../../src/shared/protocol';
import { reply } from '../../fakeClaude/script';
import { type FakeClaude, startFakeClaude } from '../../fakeClaude/server';
import {
  ask,
  type Chat,
  type ChatOptions,
  closeChat,
  FakeEditors,
  FakeView,
  openChat,
  temporaryFolder,
  until,
} from '../core/kit';

type Act = ViewToHost extends infer I
  ? I extends { readonly conversation: string }
    ? Omit<I, 'conversation'>
    : never
  : never;

const tooLong = reply.error(400, 'invalid_request_error', 'prompt is too long: 1012000 tokens > 1000000 maximum');

describe('A conversation in a window that fills', () => {
  let fake: FakeClaude;
  let chat: Chat;
  let view: FakeView;
  let editors: FakeEditors;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let settings: ReturnType<NonNullable<ChatOptions['settings']>> = {};
  let offered: readonly Leavable[] = [];
  let choose: (list: readonly Leavable[]) => readonly LeaveOutTarget[] | undefined = () => undefined;
  const chooser: LeaveOutChooser = {
    choose: async (list) => {
      offered = list;
      return choose(list);
    },
  };

  const open = async (more: Partial<ChatOptions> = {}): Promise<void> => {
    const url = fake.url;
    chat = await openChat({
      url,
      folder: folder.path,
      editors,
      settings: () => settings,
      leaveOut: chooser,
      ...more,
    });
    view = new FakeView(await chat.conversations.current());
  };
  beforeEach(async () => {
    fake = await startFakeClaude();
    folder = await temporaryFolder();
    editors = new FakeEditors();
    editors.files.set('a.ts', `export const a = 1;\n// ${'a long file '.repeat(900)}\n`);
    editors.open = ['a.ts'];
    settings = {};
    choose = () => undefined;
    await open();
  });
  afterEach(async () => {
    const refused = fake.refusals.map((request) => request.response?.error ?? '');
    assert.deepEqual(
      refused.filter((error) => !error.includes('too long')),
      [],
    );
    assert.deepEqual(chat.errors, []);
    assert.equal(view.gaps, 0);
    const stored = await chat.store.load(view.controller.conversation);
    if (stored !== null) {
      const rebuilt = stateOf(stored.meta.id, stored.meta.title, stored.path);
      assert.deepEqual(JSON.parse(JSON.stringify(view.state)), JSON.parse(JSON.stringify(rebuilt)));
    }
    await closeChat(chat);
    await fake.close();
    folder.remove();
  });

  const act = (intent: Act): void =>
    view.controller.handle({ ...intent, conversation: view.controller.conversation } as ViewToHost);
  const idle = (): Promise<void> =>
    until('everything to end', () => !view.controller.isRunning && (view.composer?.queued ?? []).length === 0);
  const compact = async (): Promise<void> => {
    act({ type: 'compact' });
    await idle();
  };
  const compactions = (): readonly CompactionItem[] =>
    view.state.items.filter((item): item is CompactionItem => item.type === 'compaction');
  const shown = (): readonly string[] =>
    view.state.items.flatMap((item) => {
      if (item.type === 'user') return [item.auto === undefined ? item.text : `(${item.auto})`];
      if (item.type === 'context') return [];
      return [`${item.type === 'answer' ? '→' : 'compaction'} ${item.outcome?.kind ?? 'running'}`];
    });
  const messages = (back = 0): readonly Anthropic.MessageParam[] =>
    (fake.messages.at(-1 - back)?.body.messages ?? []) as unknown as Anthropic.MessageParam[];
  const said = (back = 0): readonly string[] =>
    messages(back).map(({ role, content }) => {
      const blocks = typeof content === 'string' ? [] : content;
      return `${role}: ${blocks.map((block) => ('text' in block ? inShort(block.text) : block.type)).join(' | ')}`;
    });
  const inShort = (text: string): string =>
    text.startsWith('The conversation has become long')
      ? 'SUM UP'
      : (/<conversation_summary>\n(.*)\n</s.exec(text)?.[1] ?? text);
  const usage = (back = 0) => fake.usageLog.at(-1 - back)?.usage;
  const read = reply.toolUse('read_file', { path: 'a.ts' });

  const twoTurns = async (): Promise<void> => {
    fake.enqueue(reply.thinking('Hm.').text('I look.').toolUse('read_file', { path: 'a.ts' }), reply.text('One.'));
    await ask(view, 'first');
    fake.enqueue(reply.text('Two.'));
    await ask(view, 'second');
  };

  it('is summed up by a request that reads the cache, and goes on from the summary and fresh files (L17)', async () => {
    await twoTurns();
    const before = fake.messages.at(-1);
    const held = fake.hold();
    act({ type: 'compact' });
    await held.push('We **looked**');
    await until('the summary to be shown', () => compactions()[0]?.summary === 'We **looked**');
    assert.equal(compactions()[0]?.outcome, null);
    await held.push(' at a.ts.');
    await held.end();
    await idle();
    const request = fake.messages.at(-1);
    assert.deepEqual(said().slice(-3), ['user: second', 'assistant: Two.', 'user: SUM UP']);
    assert.deepEqual(request?.body.tools, before?.body.tools);
    assert.deepEqual(request?.body.thinking, before?.body.thinking);
    assert.deepEqual(request?.body.output_config, before?.body.output_config);
    const wrote = usage(1);
    assert.ok(wrote !== undefined && (usage()?.cache_read_input_tokens ?? 0) >= wrote.cache_read_input_tokens);
    assert.ok((usage()?.cache_read_input_tokens ?? 0) > 10 * (usage()?.cache_creation_input_tokens ?? 0));
    const [done] = compactions();
    assert.equal(done?.outcome?.kind, 'done');
    assert.equal(done.summary, 'We **looked** at a.ts.');
    assert.ok(done.tokensBefore > done.tokensAfter && done.usd !== null && done.usd > 0);
    assert.equal(view.state.activity, null);

    editors.files.set('a.ts', 'export const a = 2;\n');
    await ask(view, 'third');
    assert.deepEqual(said(), ['user: We **looked** at a.ts. | third']);
    const system = JSON.stringify(fake.messages.at(-1)?.body.system);
    assert.match(system, /export const a = 2/);
    assert.doesNotMatch(system, /a long file/);
    assert.deepEqual(shown(), ['first', '→ done', 'second', '→ done', 'compaction done', 'third', '→ done']);
  });

  it('sends everything again once the compaction is undone, and the summary once it is redone (L17)', async () => {
    await twoTurns();
    const whole = said();
    fake.enqueue(reply.text('A summary.'));
    await compact();
    const [item] = compactions();
    const target = { what: 'compaction', entry: item?.id ?? '', index: 0 } as const;
    act({ type: 'leaveOut', target, out: true });
    await until('it to be undone', () => view.state.leftOut.length === 1);
    await idle();
    await ask(view, 'third');
    assert.deepEqual(said(), [...whole, 'assistant: Two.', 'user: third']);
    act({ type: 'leaveOut', target, out: false });
    await until('it to be redone', () => view.state.leftOut.length === 0);
    await idle();
    await ask(view, 'fourth');
    assert.match(said()[0] ?? '', /^user: A summary\. \| (?:.* \| )?third$/);
    assert.equal(said().length, 3);
  });

  it('is summed up again together with its summary', async () => {
    await twoTurns();
    fake.enqueue(reply.text('First summary.'), reply.text('Three.'), reply.text('Second summary.'));
    await compact();
    await ask(view, 'third');
    await compact();
    assert.deepEqual(said(), ['user: First summary. | third', 'assistant: Three.', 'user: SUM UP']);
    await ask(view, 'fourth');
    assert.deepEqual(said(), ['user: Second summary. | fourth']);
    // What was not answered since cannot be summed up once more.
    const count = fake.messages.length;
    fake.enqueue(reply.text('Third summary.'));
    await compact();
    await compact();
    assert.equal(fake.messages.length, count + 1);
  });

  it('runs nothing that the model asks for while it sums up', async () => {
    await twoTurns();
    fake.enqueue(reply.text('First a look.').toolUse('read_file', { path: 'a.ts' }), reply.text('The summary.'));
    await compact();
    assert.deepEqual(said().slice(-3), ['user: SUM UP', 'assistant: First a look. | tool_use', 'user: tool_result']);
    const result = messages().at(-1)?.content[0];
    assert.ok(typeof result === 'object' && result.type === 'tool_result' && result.is_error === true);
    assert.deepEqual(
      compactions().map(({ summary }) => summary),
      ['The summary.'],
    );
    fake.enqueue(read, read, read, read);
    await ask(view, 'third');
    fake.enqueue(read, read, read, read);
    await compact();
    assert.equal(compactions().at(-1)?.outcome?.kind, 'stepLimit');
  });

  it('loses nothing by a stop in the middle, and keeps what it cost', async () => {
    await twoTurns();
    const whole = said();
    const held = fake.hold();
    act({ type: 'compact' });
    await held.push('Half a');
    await until('half of it', () => compactions()[0]?.summary === 'Half a');
    act({ type: 'stop' });
    await idle();
    const [item] = compactions();
    assert.equal(item?.outcome?.kind, 'stopped');
    assert.ok((item.usd ?? 0) > 0);
    await ask(view, 'third');
    assert.deepEqual(said(), [...whole, 'assistant: Two.', 'user: third']);
  });

  it('is as if nothing had been when it is stopped before anything came', async () => {
    await twoTurns();
    const before = shown();
    fake.hold();
    act({ type: 'compact' });
    await until('it to run', () => compactions().length === 1);
    act({ type: 'stop' });
    await idle();
    assert.deepEqual(shown(), before);
  });

  it('stays as it was when the summary fails, is refused, is cut off or is empty', async () => {
    await twoTurns();
    const whole = said();
    const ways = [
      [reply.text('Half').cut(), 'failed'],
      [reply.text('I begin').refuse('cyber', 'No.'), 'refusal'],
      [reply.text('Cut').stop('max_tokens'), 'maxTokens'],
      [reply.stop('end_turn'), 'empty'],
      [reply.error(401, 'authentication_error', 'invalid x-api-key'), 'failed'],
    ] as const;
    for (const [way, kind] of ways) {
      fake.enqueue(way);
      await compact();
      assert.equal(compactions().at(-1)?.outcome?.kind, kind);
    }
    assert.equal(compactions()[1]?.summary, '', 'what a refusal had begun to say');
    await ask(view, 'third');
    assert.deepEqual(said(), [...whole, 'assistant: Two.', 'user: third']);
  });

  it('waits and tries again where the API is overloaded', async () => {
    await twoTurns();
    fake.enqueue(reply.overloaded(), reply.text('The summary.'));
    await compact();
    assert.equal(compactions()[0]?.summary, 'The summary.');
    assert.ok(
      view.messages.some(
        (message) =>
          message.type === 'events' &&
          message.events.some((event) => event.type === 'activity' && event.activity?.kind === 'retrying'),
      ),
    );
  });

  it('survives a reload in the middle of its summary', async () => {
    await twoTurns();
    const whole = said();
    const held = fake.hold();
    act({ type: 'compact' });
    await held.push('Half a');
    await until('half of it', () => compactions()[0]?.summary === 'Half a');
    await closeChat(chat);
    await open();
    assert.deepEqual(shown(), ['first', '→ done', 'second', '→ done', 'compaction interrupted']);
    await ask(view, 'third');
    assert.deepEqual(said(), [...whole, 'assistant: Two.', 'user: third']);
  });

  it('asks a question that was too long again behind the summary', async () => {
    await twoTurns();
    fake.enqueue(tooLong);
    await ask(view, 'third');
    assert.deepEqual(shown().slice(-2), ['third', '→ failed']);
    fake.enqueue(reply.text('The summary.'), reply.text('Three.'));
    await compact();
    assert.deepEqual(shown(), ['first', '→ done', 'second', '→ done', 'compaction done', 'third', '→ done']);
    assert.deepEqual(said(1).slice(-2), ['assistant: Two.', 'user: SUM UP']);
    assert.deepEqual(said(), ['user: The summary. | third']);
  });

  it('leaves results out of the request for the summary when the whole does not fit any more', async () => {
    await twoTurns();
    fake.enqueue(tooLong, reply.text('The summary.'));
    await compact();
    assert.equal(compactions()[0]?.outcome?.kind, 'done');
    assert.ok(!JSON.stringify(messages(1)).includes(leftOutResult));
    assert.ok(JSON.stringify(messages()).includes(leftOutResult));
  });

  it('has nothing to sum up before the first answer', async () => {
    await compact();
    fake.enqueue(tooLong);
    await ask(view, 'first');
    await compact();
    assert.equal(fake.messages.length, 1);
  });

  it('is whole again on a branch from before the summary', async () => {
    await twoTurns();
    fake.enqueue(reply.text('The summary.'), reply.text('Three.'), reply.text('Other.'));
    await compact();
    await ask(view, 'third');
    const second = view.state.items.find((item) => item.type === 'user' && item.text === 'second');
    act({ type: 'editMessage', id: second?.id ?? '', text: 'second, otherwise' });
    await until('the branch', () => shown().includes('second, otherwise'));
    await idle();
    assert.deepEqual(shown(), ['first', '→ done', 'second, otherwise', '→ done']);
    assert.deepEqual(said().slice(-2), ['assistant: One.', 'user: second, otherwise']);
  });

  it('sends what waits behind the summary', async () => {
    await twoTurns();
    const held = fake.hold();
    act({ type: 'compact' });
    await held.push('The summary.');
    act({ type: 'send', text: 'third' });
    await until('it to wait', () => view.composer?.queued.length === 1);
    await held.end();
    await idle();
    assert.deepEqual(said(), ['user: The summary. | third']);
  });

  it('is gone on with after an answer that the window had cut', async () => {
    fake.enqueue(reply.text('As far as').stop('model_context_window_exceeded'), reply.text('The summary.'));
    await ask(view, 'first');
    await compact();
    act({ type: 'continue' });
    await until('it to go on', () => shown().includes('(continue)'));
    await idle();
    assert.equal(said().length, 1);
    assert.match(said()[0] ?? '', /^user: The summary\. \| Please go on with the task/);
  });

  it('is summed up by itself only where the setting says so, once a turn, and never against an undo', async () => {
    await closeChat(chat);
    settings = { compactAutomatically: true };
    await open({ modelFacts: () => ({ window: 12_000 }) });
    fake.enqueue(reply.text('x'.repeat(20_000)), reply.text('The summary.'), reply.text('Two.'));
    await ask(view, 'first');
    await until('the summary', () => compactions()[0]?.outcome?.kind === 'done');
    await idle();
    assert.equal(compactions()[0]?.automatic, true);
    const entry = compactions()[0]?.id ?? '';
    act({ type: 'leaveOut', target: { what: 'compaction', entry, index: 0 }, out: true });
    await until('it to be undone', () => view.state.leftOut.length === 1);
    await idle();
    await ask(view, 'second');
    await idle();
    assert.equal(compactions().length, 1);
    settings = {};
    await chat.conversations.startNew();
    view = new FakeView(await chat.conversations.current());
    fake.enqueue(reply.text('x'.repeat(20_000)));
    await ask(view, 'first');
    await idle();
    assert.equal(compactions().length, 0);
  });

  it('leaves out what the user names, at once and after a reload, and takes it back in', async () => {
    await twoTurns();
    const answer = view.state.items.find((item) => item.type === 'answer');
    const tool = answer?.type === 'answer' ? answer.parts.find((part) => part.type === 'tool') : undefined;
    const [entry = '', index] = tool?.key.split(':') ?? [];
    const target = { what: 'result', entry, index: Number(index) } as const;
    act({ type: 'leaveOut', target, out: true });
    await until('it to be out', () => view.state.leftOut.length === 1);
    await closeChat(chat);
    await open();
    assert.equal(view.state.leftOut.length, 1);
    await ask(view, 'third');
    assert.ok(JSON.stringify(messages()).includes(leftOutResult));
    act({ type: 'leaveOut', target, out: false });
    await until('it to be in', () => view.state.leftOut.length === 0);
    await idle();
    await ask(view, 'fourth');
    assert.ok(!JSON.stringify(messages()).includes(leftOutResult));
  });

  it('ignores what is not there, and anything while a turn runs', async () => {
    await twoTurns();
    const path = async (): Promise<number> => (await chat.store.load(view.controller.conversation))?.path.length ?? 0;
    const before = await path();
    const user = view.state.items.find((item) => item.type === 'user')?.id ?? '';
    act({ type: 'leaveOut', target: { what: 'turn', entry: 'nothing', index: 0 }, out: true });
    act({ type: 'leaveOut', target: { what: 'attachment', entry: user, index: 0 }, out: true });
    act({ type: 'leaveOut', target: { what: 'turn', entry: user, index: 0 }, out: false });
    await idle();
    assert.equal(await path(), before);
    const held = fake.hold();
    act({ type: 'send', text: 'third' });
    await held.push('Some');
    act({ type: 'leaveOut', target: { what: 'turn', entry: user, index: 0 }, out: true });
    act({ type: 'compact' });
    await held.end();
    await idle();
    assert.deepEqual(view.state.leftOut, []);
    assert.deepEqual(compactions(), []);
  });

  it('lists what can be left out, the largest first, and asks what was too long again without it', async () => {
    await twoTurns();
    fake.enqueue(tooLong);
    await ask(view, 'third');
    choose = (list) => list.slice(0, 1).map(({ target }) => target);
    fake.enqueue(reply.text('Three.'));
    act({ type: 'chooseLeftOut' });
    await until('the answer', () => shown().at(-1) === '→ done' && shown().includes('third'));
    await idle();
    assert.deepEqual(
      offered.map(({ target }) => target.what),
      ['turn', 'result'],
    );
    assert.ok((offered[0]?.tokens ?? 0) >= (offered[1]?.tokens ?? 0));
    assert.deepEqual(said(), ['user: second', 'assistant: Two.', 'user: third']);
    assert.equal(view.state.leftOut.length, 1);
    // It is in the list, checked, and comes back by being unchecked.
    choose = () => [];
    act({ type: 'chooseLeftOut' });
    await until('it to be back', () => view.state.leftOut.length === 0);
    await idle();
    assert.equal(offered.filter(({ out }) => out).length, 1);
    assert.deepEqual(shown().slice(-2), ['third', '→ done']);
  });

  it('is seen as it is by a second window', async () => {
    await twoTurns();
    const other = await openChat({ url: fake.url, folder: folder.path, editors, owner: 'host-2' });
    const controller = await other.conversations.chats.get(view.controller.conversation);
    assert.ok(controller !== null);
    const second = new FakeView(controller);
    const held = fake.hold();
    act({ type: 'compact' });
    await held.push('The');
    // What the other window is asked meanwhile waits for the user there, and nothing is lost.
    second.controller.handle({ type: 'compact', conversation: view.controller.conversation });
    await held.push(' summary.');
    await held.end();
    await idle();
    await until('it to be seen', () => second.state.items.some((item) => item.type === 'compaction'));
    await until('it to be let go', () => second.state.activity === null);
    assert.deepEqual(second.state.items.length, view.state.items.length);
    await ask(second, 'third');
    await until('the answer', () => second.state.items.at(-1)?.type === 'answer');
    assert.equal(said().length, 1);
    await until('it to be seen here', () => shown().includes('third') && view.state.activity === null);
    await closeChat(other);
  });
});
