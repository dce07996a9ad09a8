/** Whole chats that are summed up, against the strict API. */
import assert from 'node:assert/strict';
import { StoreError } from '../../../../src/core/base/errors';
import { excludedResult } from '../../../../src/core/prompt/entryBlocks';
import type { Store } from '../../../../src/core/record/store';
import { reply } from '../../../fakeClaude/script';
import { ask, closeChat, FakeView, openChat, until } from '../../core/kit';
import { FilledChat, tooLong } from './filledChat';

describe('A conversation that fills its window', () => {
  let world: FilledChat;

  beforeEach(async () => {
    world = await FilledChat.start();
  });
  afterEach(() => world.end());

  const read = reply.toolUse('read_file', { path: 'a.ts' });

  it('is summed up by a request that reads the cache, and goes on from the summary and fresh files (L17)', async () => {
    await world.twoTurns();
    const before = world.fake.messages.at(-1);
    const held = world.fake.hold();
    world.act({ type: 'compact' });
    await held.push('We **looked**');
    await until('the summary to be shown', () => world.compactions()[0]?.summary === 'We **looked**');
    assert.equal(world.compactions()[0]?.outcome, null);
    await held.push(' at a.ts.');
    await held.end();
    await world.idle();
    const request = world.fake.messages.at(-1);
    assert.deepEqual(world.said().slice(-3), ['user: second', 'assistant: Two.', 'user: SUM UP']);
    assert.deepEqual(request?.body.tools, before?.body.tools);
    assert.deepEqual(request?.body.thinking, before?.body.thinking);
    assert.deepEqual(request?.body.output_config, before?.body.output_config);
    const wrote = world.usage(1);
    assert.ok(wrote !== undefined && (world.usage()?.cache_read_input_tokens ?? 0) >= wrote.cache_read_input_tokens);
    assert.ok((world.usage()?.cache_read_input_tokens ?? 0) > 10 * (world.usage()?.cache_creation_input_tokens ?? 0));
    const [done] = world.compactions();
    assert.equal(done?.outcome?.kind, 'done');
    assert.equal(done.summary, 'We **looked** at a.ts.');
    assert.ok(done.tokensBefore > done.tokensAfter && done.usd !== null && done.usd > 0);
    assert.equal(world.view.state.activity, null);

    world.editors.files.set('a.ts', 'export const a = 2;\n');
    await ask(world.view, 'third');
    assert.deepEqual(world.said(), ['user: We **looked** at a.ts. | second', 'assistant: Two.', 'user: third']);
    const system = JSON.stringify(world.fake.messages.at(-1)?.body.system);
    assert.match(system, /export const a = 2/);
    assert.doesNotMatch(system, /a long file/);
    assert.deepEqual(world.shown(), ['first', '→ done', 'second', '→ done', 'compaction done', 'third', '→ done']);
  });

  it('sends everything again once the compaction is undone, and the summary once it is redone (L17)', async () => {
    await world.twoTurns();
    const whole = world.said();
    world.fake.enqueue(reply.text('A summary.'));
    await world.compact();
    const [item] = world.compactions();
    const target = { what: 'compaction', entry: item?.id ?? '', index: 0 } as const;
    world.act({ type: 'exclude', target, out: true });
    await until('it to be undone', () => world.view.state.excluded.length === 1);
    await world.idle();
    await ask(world.view, 'third');
    assert.deepEqual(world.said(), [...whole, 'assistant: Two.', 'user: third']);
    world.act({ type: 'exclude', target, out: false });
    await until('it to be redone', () => world.view.state.excluded.length === 0);
    await world.idle();
    await ask(world.view, 'fourth');
    assert.match(world.said()[0] ?? '', /^user: A summary\. \| second$/);
    assert.match(world.said()[2] ?? '', /^user: (?:.* \| )?third$/);
    assert.equal(world.said().length, 5);
  });

  it('is summed up again together with its summary', async () => {
    await world.twoTurns();
    world.fake.enqueue(reply.text('First summary.'), reply.text('Three.'), reply.text('Second summary.'));
    await world.compact();
    await ask(world.view, 'third');
    await world.compact();
    const three = ['assistant: Three.', 'user: SUM UP'];
    assert.deepEqual(world.said(), ['user: First summary. | second', 'assistant: Two.', 'user: third', ...three]);
    await ask(world.view, 'fourth');
    assert.deepEqual(world.said(), ['user: Second summary. | third', 'assistant: Three.', 'user: fourth']);
    // What was not answered since cannot be summed up once more.
    const count = world.fake.messages.length;
    world.fake.enqueue(reply.text('Third summary.'));
    await world.compact();
    await world.compact();
    assert.equal(world.fake.messages.length, count + 1);
  });

  it('runs nothing that the model asks for while it sums up', async () => {
    await world.twoTurns();
    world.fake.enqueue(reply.text('First a look.').toolUse('read_file', { path: 'a.ts' }), reply.text('The summary.'));
    await world.compact();
    assert.deepEqual(world.said().slice(-3), [
      'user: SUM UP',
      'assistant: First a look. | tool_use',
      'user: tool_result',
    ]);
    const result = world.messages().at(-1)?.content[0];
    assert.ok(typeof result === 'object' && result.type === 'tool_result' && result.is_error === true);
    assert.deepEqual(
      world.compactions().map(({ summary }) => summary),
      ['The summary.'],
    );
    world.fake.enqueue(read, read, read, read);
    await ask(world.view, 'third');
    world.fake.enqueue(read, read, read, read);
    await world.compact();
    assert.equal(world.compactions().at(-1)?.outcome?.kind, 'stepLimit');
  });

  it('loses nothing by a stop in the middle, and keeps what it cost', async () => {
    await world.twoTurns();
    const whole = world.said();
    const held = world.fake.hold();
    world.act({ type: 'compact' });
    await held.push('Half a');
    await until('half of it', () => world.compactions()[0]?.summary === 'Half a');
    world.act({ type: 'stop' });
    await world.idle();
    const [item] = world.compactions();
    assert.equal(item?.outcome?.kind, 'stopped');
    assert.ok((item.usd ?? 0) > 0);
    await ask(world.view, 'third');
    assert.deepEqual(world.said(), [...whole, 'assistant: Two.', 'user: third']);
  });

  it('is as if nothing had been when it is stopped before anything came', async () => {
    await world.twoTurns();
    const before = world.shown();
    world.fake.hold();
    world.act({ type: 'compact' });
    await until('it to run', () => world.compactions().length === 1);
    world.act({ type: 'stop' });
    await world.idle();
    assert.deepEqual(world.shown(), before);
  });

  it('stays as it was when the summary fails, is refused, is cut off or is empty', async () => {
    await world.twoTurns();
    const whole = world.said();
    const ways = [
      [reply.text('Half').cut(), 'failed'],
      [reply.text('I begin').refuse('cyber', 'No.'), 'refusal'],
      [reply.text('Cut').stop('max_tokens'), 'maxTokens'],
      [reply.stop('end_turn'), 'empty'],
      [reply.error(401, 'authentication_error', 'invalid x-api-key'), 'failed'],
    ] as const;
    for (const [way, kind] of ways) {
      world.fake.enqueue(way);
      await world.compact();
      assert.equal(world.compactions().at(-1)?.outcome?.kind, kind);
    }
    assert.equal(world.compactions()[1]?.summary, '', 'what a refusal had begun to say');
    await ask(world.view, 'third');
    assert.deepEqual(world.said(), [...whole, 'assistant: Two.', 'user: third']);
  });

  it('says so when the summary cannot be stored, and sends everything as before', async () => {
    await world.twoTurns();
    const whole = world.said();
    await closeChat(world.chat);
    let full = false;
    const wrap = (store: Store): Store =>
      new Proxy(store, {
        get(target, name) {
          const member: unknown = Reflect.get(target, name, target);
          if (typeof member !== 'function') return member;
          return (...args: unknown[]): unknown => {
            if (full && (name === 'append' || name === 'rescue')) throw new StoreError('full', 'The disk is full.');
            return Reflect.apply(member, target, args);
          };
        },
      });
    await world.open({ wrap });
    full = true;
    world.fake.enqueue(reply.text('The summary.'));
    await world.compact();
    full = false;
    const [item] = world.compactions();
    assert.ok(item?.outcome?.kind === 'failed' && item.outcome.failure.code === 'storeLost');
    await ask(world.view, 'third');
    assert.deepEqual(world.said(), [...whole, 'assistant: Two.', 'user: third']);
    assert.match(world.chat.errors.join(), /The disk is full/);
    await closeChat(world.chat);
    await world.open();
    assert.deepEqual(world.compactions(), []);
  });

  it('L44 goes without a field that is refused for the summary after one click, and asks for the summary again', async () => {
    await world.twoTurns();
    world.fake.enqueue(
      reply.error(400, 'invalid_request_error', 'thinking.display: Extra inputs are not permitted'),
      reply.text('The summary.'),
    );
    await world.compact();
    const [item] = world.compactions();
    const failure = item?.outcome?.kind === 'failed' ? item.outcome.failure : null;
    assert.deepEqual(failure?.remedy, { kind: 'leaveOut', fields: ['thinking.display', 'thinking'] });
    const count = world.fake.messages.length;
    world.act({ type: 'mend' });
    await until('the summary', () => world.compactions().at(-1)?.outcome?.kind === 'done');
    await world.idle();
    assert.equal(world.fake.messages.length, count + 1, 'the answered turn is not asked again');
    assert.deepEqual(world.fake.messages.at(-1)?.body.thinking, { type: 'adaptive' });
    await ask(world.view, 'third');
    assert.deepEqual(world.said(), ['user: The summary. | second', 'assistant: Two.', 'user: third']);
    assert.deepEqual(world.fake.messages.at(-1)?.body.thinking, { type: 'adaptive' });
  });

  it('waits and tries again where the API is overloaded', async () => {
    await world.twoTurns();
    world.fake.enqueue(reply.overloaded(), reply.text('The summary.'));
    await world.compact();
    assert.equal(world.compactions()[0]?.summary, 'The summary.');
    assert.ok(
      world.view.messages.some(
        (message) =>
          message.type === 'events' &&
          message.events.some((event) => event.type === 'activity' && event.activity?.kind === 'retrying'),
      ),
    );
  });

  it('survives a reload in the middle of its summary', async () => {
    await world.twoTurns();
    const whole = world.said();
    const held = world.fake.hold();
    world.act({ type: 'compact' });
    await held.push('Half a');
    await until('half of it', () => world.compactions()[0]?.summary === 'Half a');
    await closeChat(world.chat);
    await world.open();
    assert.deepEqual(world.shown(), ['first', '→ done', 'second', '→ done', 'compaction interrupted']);
    await ask(world.view, 'third');
    assert.deepEqual(world.said(), [...whole, 'assistant: Two.', 'user: third']);
  });

  it('asks a question that was too long again behind the summary', async () => {
    await world.twoTurns();
    world.fake.enqueue(tooLong);
    await ask(world.view, 'third');
    assert.deepEqual(world.shown().slice(-2), ['third', '→ failed']);
    world.fake.enqueue(reply.text('The summary.'), reply.text('Three.'));
    await world.compact();
    assert.deepEqual(world.shown(), ['first', '→ done', 'second', '→ done', 'compaction done', 'third', '→ done']);
    assert.deepEqual(world.said(1).slice(-2), ['assistant: Two.', 'user: SUM UP']);
    assert.deepEqual(world.said(), ['user: The summary. | second', 'assistant: Two.', 'user: third']);
  });

  it('leaves results out of the request for the summary when the whole does not fit any more', async () => {
    await world.twoTurns();
    world.fake.enqueue(tooLong, reply.text('The summary.'));
    await world.compact();
    assert.equal(world.compactions()[0]?.outcome?.kind, 'done');
    assert.ok(!JSON.stringify(world.messages(1)).includes(excludedResult));
    assert.ok(JSON.stringify(world.messages()).includes(excludedResult));
  });

  it('has nothing to sum up before the first answer', async () => {
    await world.compact();
    world.fake.enqueue(tooLong);
    await ask(world.view, 'first');
    await world.compact();
    assert.equal(world.fake.messages.length, 1);
  });

  it('is whole again on a branch from before the summary', async () => {
    await world.twoTurns();
    world.fake.enqueue(reply.text('The summary.'), reply.text('Three.'), reply.text('Other.'));
    await world.compact();
    await ask(world.view, 'third');
    const second = world.view.state.items.find((item) => item.type === 'user' && item.text === 'second');
    world.act({ type: 'editMessage', id: second?.id ?? '', text: 'second, otherwise' });
    await until('the branch', () => world.shown().includes('second, otherwise'));
    await world.idle();
    assert.deepEqual(world.shown(), ['first', '→ done', 'second, otherwise', '→ done']);
    assert.deepEqual(world.said().slice(-2), ['assistant: One.', 'user: second, otherwise']);
  });

  it('sends what waits behind the summary', async () => {
    await world.twoTurns();
    const held = world.fake.hold();
    world.act({ type: 'compact' });
    await held.push('The summary.');
    world.act({ type: 'send', text: 'third' });
    await until('it to wait', () => world.view.composer?.queued.length === 1);
    await held.end();
    await world.idle();
    assert.deepEqual(world.said(), ['user: The summary. | second', 'assistant: Two.', 'user: third']);
  });

  it('is gone on with after an answer that the window had cut', async () => {
    world.fake.enqueue(reply.text('As far as').stop('model_context_window_exceeded'), reply.text('The summary.'));
    await ask(world.view, 'first');
    await world.compact();
    world.act({ type: 'continue' });
    await until('it to go on', () => world.shown().includes('(continue)'));
    await world.idle();
    assert.equal(world.said().length, 1);
    assert.match(world.said()[0] ?? '', /^user: The summary\. \| Please go on with the task/);
  });

  it('keeps the last turn word for word, with those that it goes on with, unless it is long itself', async () => {
    world.fake.enqueue(reply.text('One.'), reply.text('As far').stop('max_tokens'), reply.text(' as here.'));
    await ask(world.view, 'first');
    await ask(world.view, 'second');
    world.act({ type: 'continue' });
    await until('it to go on', () => world.shown().at(-2) === '(continue)');
    await world.idle();
    world.fake.enqueue(reply.text('The summary.'), reply.text('x'.repeat(9000)), reply.text('All of it.'));
    await world.compact();
    assert.match(JSON.stringify(world.messages()), /word for word, behind your summary/);
    await ask(world.view, 'third');
    assert.equal(world.said()[0], 'user: The summary. | second');
    assert.deepEqual([world.said()[1], world.said().length], ['assistant: As far', 5]);
    await closeChat(world.chat);
    await world.open({ modelFacts: () => ({ window: 12_000 }) });
    await world.compact();
    assert.doesNotMatch(JSON.stringify(world.messages()), /word for word, behind your summary/);
    await ask(world.view, 'fourth');
    assert.deepEqual(world.said(), ['user: All of it. | fourth']);
  });

  it('keeps no turn word for word that does not go out, and sums up the one before it', async () => {
    await world.twoTurns();
    const last = world.view.state.items.findLast((item) => item.type === 'user');
    world.act({ type: 'exclude', target: { what: 'turn', entry: last?.id ?? '', index: 0 }, out: true });
    await until('it to be excluded', () => world.view.state.excluded.length === 1);
    await world.idle();
    world.fake.enqueue(reply.text('The summary.'));
    await world.compact();
    assert.doesNotMatch(JSON.stringify(world.messages()), /word for word, behind your summary/);
    await ask(world.view, 'third');
    assert.deepEqual(world.said(), ['user: The summary. | third']);
  });

  it('is seen as it is by a second window', async () => {
    await world.twoTurns();
    const other = await openChat({
      url: world.fake.url,
      folder: world.folder.path,
      editors: world.editors,
      owner: 'host-2',
    });
    const controller = await other.conversations.chats.get(world.view.controller.conversation);
    assert.ok(controller !== null);
    const second = new FakeView(controller);
    const held = world.fake.hold();
    world.act({ type: 'compact' });
    await held.push('The');
    // What the other window is asked meanwhile waits for the user there, and nothing is lost.
    second.controller.handle({ type: 'compact', conversation: world.view.controller.conversation });
    await held.push(' summary.');
    await held.end();
    await world.idle();
    await until('it to be seen', () => second.state.items.some((item) => item.type === 'compaction'));
    await until('it to be let go', () => second.state.activity === null);
    assert.deepEqual(second.state.items.length, world.view.state.items.length);
    while ((await world.chat.store.getLease(controller.conversation)) !== null);
    await ask(second, 'third');
    await until('the answer', () => second.state.items.at(-1)?.type === 'answer');
    assert.equal(world.said().length, 3);
    await until('it to be seen here', () => world.shown().includes('third') && world.shown().at(-1) === '→ done');
    await closeChat(other);
  });
});
