/** Who writes a summary: over whole chats, against the strict API. */
import assert from 'node:assert/strict';
import { inspection, type RequestFacts, shortened } from '../../../../src/core/cost/inspection';
import { modelOf } from '../../../../src/core/models/models';
import { excludedIn } from '../../../../src/core/record/excluded';
import { reply } from '../../../fakeClaude/script';
import { ask, closeChat, FakeView, openChat, until } from '../../core/kit';
import { readInspection } from '../pricing/readInspection';
import { FilledChat } from './filledChat';

const opus = 'claude-opus-4-8';
const sonnet = 'claude-sonnet-4-6';
const haiku = 'claude-haiku-4-5';

describe('A conversation that goes on from a summary', () => {
  let world: FilledChat;

  beforeEach(async () => {
    world = await FilledChat.start();
    await closeChat(world.chat);
    await world.open({ available: [opus, sonnet, haiku] });
  });
  afterEach(() => world.end());

  /** Another model is chosen: the cache holds nothing for that. */
  async function cold(): Promise<void> {
    await world.twoTurns();
    world.settings = { model: sonnet };
  }

  const modelAt = (back = 0): string | undefined => world.fake.messages.at(-1 - back)?.body.model;

  it('has it from the cheapest model that the account has while the cache does not hold it, and goes on with its own', async () => {
    await cold();
    const before = world.messages();
    world.fake.enqueue(reply.text('The summary.'), reply.text('Three.'));
    await world.compact();
    const request = world.fake.messages.at(-1)?.body;
    assert.equal(request?.model, haiku);
    assert.doesNotMatch(
      JSON.stringify(request),
      /cache_control|"thinking":"/,
      'nothing is kept, no thought of another model',
    );
    assert.deepEqual(world.said().slice(-2), ['assistant: Two.', 'user: SUM UP']);
    assert.equal(world.usage()?.cache_creation_input_tokens, 0);
    const [item] = world.compactions();
    assert.deepEqual([item?.model, item?.outcome?.kind], [haiku, 'done']);
    assert.ok((item?.usd ?? 1) < 0.02, String(item?.usd));
    await ask(world.view, 'third');
    assert.equal(modelAt(), sonnet);
    assert.deepEqual(world.said(), ['user: The summary. | second', 'assistant: Two.', 'user: third']);
    world.act({ type: 'exclude', target: { what: 'compaction', entry: item?.id ?? '', index: 0 }, out: true });
    await until('it to be undone', () => world.view.state.excluded.length === 1);
    await world.idle();
    await ask(world.view, 'fourth');
    assert.equal(world.messages().length, before.length + 4, 'all of it goes out again');
  });

  it('has it from its own model while the cache holds it, and where the account lists no other', async () => {
    await world.twoTurns();
    await world.compact();
    assert.equal(modelAt(), opus);
    await closeChat(world.chat);
    await world.open();
    await ask(world.view, 'third');
    world.settings = { model: sonnet };
    await world.compact();
    assert.equal(modelAt(), sonnet);
  });

  it('stays as it was where the other model fails or refuses, and has it from its own when that is asked for', async () => {
    await cold();
    const whole = world.said();
    const ways = [
      [reply.error(404, 'not_found_error', `model: ${haiku}`), 'failed'],
      [reply.text('I begin').refuse('cyber', 'No.'), 'refusal'],
    ] as const;
    for (const [way, kind] of ways) {
      const count = world.fake.messages.length;
      world.fake.enqueue(way);
      await world.compact();
      const item = world.compactions().at(-1);
      assert.deepEqual([item?.model, item?.outcome?.kind], [haiku, kind]);
      assert.equal(world.fake.messages.length, count + 1, 'nothing dearer is asked by itself');
    }
    world.fake.enqueue(reply.text('By its own.'));
    world.act({ type: 'compactByOwn' });
    await world.idle();
    assert.equal(modelAt(), sonnet);
    assert.equal(world.said().length, whole.length + 2, 'the whole conversation was asked about');
    assert.deepEqual(world.compactions().at(-1)?.summary, 'By its own.');
  });

  it('has old long results of tools shortened where that costs a fifth, says so in their place, and keeps them whole in the record', async () => {
    world.editors.files.set('b.ts', `// begin\n${'const b = 1;\n'.repeat(800)}// end\n`);
    for (const turn of [1, 2, 3, 4]) {
      world.fake.enqueue(reply.toolUse('read_file', { path: 'b.ts' }), reply.text(`Answer ${turn}.`));
      await ask(world.view, `question ${turn}`);
    }
    const tokens = world.view.composer?.next.tokens ?? 0;
    await closeChat(world.chat);
    const prices = (times: number) => ({
      input: times,
      output: 5 * times,
      write5m: times,
      write1h: times,
      read: times,
    });
    // Its tokens are fewer; the price is five times as high from a little below their number on.
    const above = { promptTokens: Math.round(0.65 * tokens), rates: prices(0.5) };
    world.settings = { model: sonnet };
    const inspected: RequestFacts[] = [];
    await world.open({
      available: [haiku],
      modelFacts: (id) => (id === haiku ? { prices: { ...prices(0.1), above } } : { window: Math.round(0.9 * tokens) }),
      showRequest: async (_, facts) => void inspected.push(facts),
    });
    const resultsIn = (): readonly string[] =>
      world
        .messages()
        .flatMap(({ content }) =>
          typeof content === 'string'
            ? []
            : content.flatMap((block) => (block.type === 'tool_result' ? [JSON.stringify(block.content)] : [])),
        );
    const count = world.fake.requests.length;
    world.act({ type: 'inspectRequest' });
    await until('the request to be shown', () => inspected.length === 1);
    assert.equal(world.fake.requests.length, count, 'nothing is sent for it');
    const [facts] = inspected;
    assert.ok(facts?.summary);
    assert.ok(facts.summary.shortened > 0 && facts.summary.usd !== null);
    const shown = inspection({ ...facts, t: (words) => words, number: String, usd: String });
    const behind = shown.indexOf(`# The request for a summary: ${modelOf(haiku).name}`);
    assert.ok(behind > 0);
    world.fake.enqueue(reply.text('The summary.'));
    await world.compact();
    assert.equal(modelAt(), haiku);
    const wire: unknown = JSON.parse(world.fake.messages.at(-1)?.raw ?? '');
    assert.deepEqual(readInspection(shown.slice(behind)), shortened(wire), 'to the byte');
    const results = resultsIn();
    const isShort = results.map((text) => text.includes('characters are left out here'));
    assert.deepEqual([results.length, isShort[0], isShort.at(-1)], [4, true, false]);
    assert.deepEqual(isShort, isShort.toSorted().toReversed(), 'the oldest first');
    for (const text of results) assert.match(text, /begin.*end/);
    assert.ok((world.usage()?.input_tokens ?? 0) < above.promptTokens);
    const [made] = world.compactions();
    assert.equal(made?.shortened, isShort.filter((short) => short).length, 'the card says so');
    world.act({ type: 'exclude', target: { what: 'compaction', entry: made?.id ?? '', index: 0 }, out: true });
    await until('it to be undone', () => world.view.state.excluded.length === 1);
    await world.idle();
    await ask(world.view, 'question 5');
    assert.doesNotMatch(resultsIn().join(), /left out here/);
  });

  it('does not send what is excluded to the other model', async () => {
    await cold();
    const turn = world.view.state.items.find((item) => item.type === 'user');
    world.act({ type: 'exclude', target: { what: 'turn', entry: turn?.id ?? '', index: 0 }, out: true });
    await until('it to be excluded', () => world.view.state.excluded.length === 1);
    await world.idle();
    await world.compact();
    assert.equal(modelAt(), haiku);
    assert.doesNotMatch(JSON.stringify(world.messages()), /"first"|One\./);
    assert.equal(excludedIn((await world.chat.store.load(world.view.controller.conversation))?.path ?? []).size, 1);
  });

  it('counts it for the limits: it pauses before it would cross one, and nothing is asked', async () => {
    await cold();
    world.settings = { model: sonnet, spend: { perTurn: null, perDay: 0.000_001 } };
    const count = world.fake.messages.length;
    await world.compact();
    assert.equal(world.compactions().at(-1)?.outcome?.kind, 'spendLimit');
    assert.equal(world.fake.messages.length, count);
  });

  it('is seen in another window while it is written by the other model, and survives a reload there', async () => {
    await cold();
    const held = world.fake.hold();
    world.act({ type: 'compact' });
    await held.push('Half');
    await until('half of it', () => world.compactions()[0]?.summary === 'Half');
    assert.equal(world.compactions()[0]?.model, haiku);
    await closeChat(world.chat);
    const { url } = world.fake;
    const { editors, folder } = world;
    await world.open({ available: [haiku] });
    assert.deepEqual(
      world.compactions().map(({ model, outcome }) => [model, outcome?.kind]),
      [[haiku, 'interrupted']],
    );
    const other = await openChat({ url, folder: folder.path, editors, owner: 'host-2' });
    const controller = await other.conversations.chats.get(world.view.controller.conversation);
    assert.ok(controller !== null);
    const second = new FakeView(controller);
    await world.compact();
    const seen = () =>
      second.state.items.flatMap((item) => (item.type === 'compaction' ? [[item.model, item.outcome?.kind]] : []));
    await until('it to be seen', () => seen().length === 2);
    assert.deepEqual(seen()[0], [haiku, 'interrupted']);
    assert.deepEqual(
      second.state.items.filter(({ type }) => type === 'compaction'),
      world.compactions(),
    );
    assert.deepEqual([seen()[1]?.[1], world.compactions()[1]?.summary.trim() === ''], ['done', false]);
    await closeChat(other);
  });
});
