/** The rows of the Messages API that have no face in the panel, from the user's act to the bytes on the wire. */

import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type Anthropic from '@anthropic-ai/sdk';
import type { ApiAccess } from '../../../src/core/api/access';
import type { ChatSettings } from '../../../src/core/base/settings';
import { instructions } from '../../../src/core/prompt/instructions';
import type { RecordedRequest } from '../../fakeClaude/record';
import { reply } from '../../fakeClaude/script';
import { type FakeClaude, startFakeClaude } from '../../fakeClaude/server';
import { ask, type Chat, closeChat, FakeEditors, FakeView, openChat, temporaryFolder, until } from './kit';
import { haiku, opus, sonnet } from './prompt/paths';

type Params = Anthropic.MessageCreateParams & { readonly system: readonly Anthropic.TextBlockParam[] };

describe('On the wire', () => {
  let fake: FakeClaude;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let editors: FakeEditors;
  let chat: Chat;
  let view: FakeView;
  let settings: Partial<ChatSettings>;
  let access: ApiAccess | null;

  beforeEach(async () => {
    fake = await startFakeClaude();
    folder = await temporaryFolder();
    editors = new FakeEditors();
    editors.files.set('a.ts', 'export const retry = (times: number) => times + 1;\n'.repeat(120));
    editors.open = ['a.ts'];
    settings = {};
    access = { apiKey: 'sk-test', baseUrl: fake.url, headers: { 'x-team': 'blue' } };
    chat = await openChat({
      url: fake.url,
      folder: folder.path,
      editors,
      settings: () => settings,
      access: () => access,
      liveModels: true,
    });
    view = new FakeView(await chat.conversations.current());
  });

  afterEach(async () => {
    await closeChat(chat);
    await fake.close();
    folder.remove();
  });

  const paths = (): readonly string[] => fake.requests.map(({ method, path }) => `${method} ${path}`);
  const params = (request: RecordedRequest | undefined): Params => request?.body as unknown as Params;
  const last = (): Params => params(fake.messages.at(-1));
  const outcome = () => view.state.items.findLast((item) => item.type === 'answer')?.outcome;

  it('client: the key goes to the base URL and with the headers that were set, and nowhere else', async () => {
    const gateway = await startFakeClaude();
    try {
      await ask(view, 'one');
      access = { apiKey: 'sk-gateway', baseUrl: gateway.url, headers: { 'x-tenant': '7' } };
      await ask(view, 'two');
      assert.equal(fake.messages.length, 1);
      assert.equal(gateway.messages.length, 1);
      const [first, second] = [fake.messages[0]?.headers, gateway.messages[0]?.headers];
      assert.deepEqual([first?.authorization, first?.['x-team']], ['Bearer sk-test', 'blue']);
      assert.deepEqual([second?.authorization, second?.['x-tenant']], ['Bearer sk-gateway', '7']);
      assert.equal(second?.['x-team'], undefined);
      assert.equal(second?.['anthropic-beta'], undefined, 'a gateway gets no beta fields');
    } finally {
      await gateway.close();
    }
  });

  it('client: without a key nothing is sent', async () => {
    access = null;
    await ask(view, 'one');
    assert.deepEqual(fake.requests, []);
    assert.ok(outcome()?.kind === 'failed');
  });

  it('messages and roles: the whole history is resent, assistant blocks verbatim, the first turn the user’s', async () => {
    fake.enqueue(
      reply.thinking('I think.').text('Looking.').toolUse('read_file', { path: 'a.ts', start_line: 1, end_line: 2 }),
      reply.thinking('And again.').text('One.').newBlock().text('Two.'),
      reply.text('Three.'),
    );
    await ask(view, 'first');
    await ask(view, 'second');
    const answered = fake.messages.map((request) => request.response);
    assert.ok(answered.every((response) => response?.status === 200));
    const { messages } = last();
    assert.deepEqual(
      messages.map(({ role }) => role),
      ['user', 'assistant', 'user', 'assistant', 'user'],
    );
    const stored = await chat.store.load(view.controller.conversation);
    const said = stored?.path.flatMap((entry) => (entry.kind === 'assistant' ? [entry.content] : [])) ?? [];
    // A mark for the cache may stand on any block; it is no part of it.
    const sent = messages
      .filter(({ role }) => role === 'assistant')
      .map(({ content }) =>
        JSON.parse(JSON.stringify(content), (key, value) => (key === 'cache_control' ? undefined : value)),
      );
    assert.deepEqual(sent, said.slice(0, 2), 'as they came, signatures included');
    assert.match(JSON.stringify(sent[0]), /"signature":"[^"]+"/);
    assert.match(JSON.stringify(messages[0]), /first/);
    assert.match(JSON.stringify(messages.at(-1)), /second/);
    assert.deepEqual(fake.refusals, []);
  });

  it('tool use: schemas are offered; parallel calls go back in one turn, each under its id, a failing one as an error', async () => {
    fake.enqueue(
      reply
        .text('I look at three things.')
        .toolUse('read_file', { path: 'a.ts', start_line: 1, end_line: 1 }, 'toolu_read')
        .toolUse('read_file', { path: 'gone.ts' }, 'toolu_gone')
        .toolUse('search_text', { query: 'retry' }, 'toolu_search'),
      reply.text('And again.').toolUse('no_such_tool', {}, 'toolu_none'),
      reply.text('That is all.'),
    );
    await ask(view, 'one');
    assert.equal(outcome()?.kind, 'done');
    assert.equal(fake.messages.length, 3, 'asked until the model was done');
    for (const { name, input_schema } of (params(fake.messages[0]).tools ?? []) as Anthropic.Tool[]) {
      assert.equal(input_schema.type, 'object', name);
      assert.ok(Object.keys(input_schema.properties ?? {}).length > 0, name);
    }
    const results = (request: RecordedRequest | undefined): readonly Anthropic.ToolResultBlockParam[] => {
      const { content } = params(request).messages.at(-1) ?? { content: '' };
      const blocks = typeof content === 'string' ? [] : content;
      // They stand as they came in: which of two reads is the first is chance.
      const order = ['toolu_read', 'toolu_gone', 'toolu_search', 'toolu_none'];
      return blocks
        .flatMap((one) => (one.type === 'tool_result' ? [one] : []))
        .toSorted((a, b) => order.indexOf(a.tool_use_id) - order.indexOf(b.tool_use_id));
    };
    assert.deepEqual(
      results(fake.messages[1]).map(({ tool_use_id, is_error }) => [tool_use_id, is_error === true]),
      [
        ['toolu_read', false],
        ['toolu_gone', true],
        ['toolu_search', false],
      ],
    );
    assert.match(JSON.stringify(results(fake.messages[1])[0]), /export const retry/);
    assert.deepEqual(
      results(fake.messages[2]).map(({ tool_use_id, is_error }) => [tool_use_id, is_error === true]),
      [['toolu_none', true]],
    );
    assert.deepEqual(fake.refusals, []);
  });

  it('streaming: thinking, text and tool input are shown piece by piece, and what is kept is their sum', async () => {
    const thought = 'The user asks about the retry, so I read the file in which it is.';
    const said = 'I read the file first, and then I say what it does.';
    fake.enqueue(
      reply.thinking(thought).text(said).toolJson('read_file', '{"pa', 'th": "a', '.ts"}'),
      reply.text('It adds one.'),
    );
    await ask(view, 'one');
    const events = view.messages.flatMap((message) => (message.type === 'events' ? message.events : []));
    const streamed = (kind: 'thinking' | 'text' | 'tool'): readonly string[] => {
      const begun = events.find((event) => event.type === 'partStarted' && event.part.type === kind);
      assert.ok(begun?.type === 'partStarted');
      return events.flatMap((event) => (event.type === 'delta' && event.key === begun.part.key ? [event.text] : []));
    };
    for (const [kind, whole] of [
      ['thinking', thought],
      ['text', said],
      ['tool', '{"path": "a.ts"}'],
    ] as const) {
      assert.ok(streamed(kind).length > 1, kind);
      assert.equal(streamed(kind).join(''), whole);
    }
    const stored = await chat.store.load(view.controller.conversation);
    const [first] = stored?.path.filter((entry) => entry.kind === 'assistant') ?? [];
    assert.ok(first?.kind === 'assistant');
    assert.deepEqual(
      first.content.map((block) =>
        block.type === 'thinking'
          ? block.thinking
          : block.type === 'text'
            ? block.text
            : block.type === 'tool_use' && block.input,
      ),
      [thought, said, { path: 'a.ts' }],
    );
  });

  it('system, max_tokens: instructions are top-level and never a turn; max_tokens is always there', async () => {
    await ask(view, 'one');
    settings = { maxTokens: 1234 };
    await ask(view, 'two');
    settings = { maxTokens: 9_000_000 };
    await ask(view, 'three');
    const sent = fake.messages.map(params);
    assert.deepEqual(
      sent.map(({ max_tokens }) => max_tokens),
      [32_000, 1234, 128_000],
      'the default for the model, the user’s, and never more than the model gives',
    );
    for (const { system, messages } of sent) {
      assert.equal(system[0]?.text, instructions);
      assert.ok(messages.every(({ role }) => role === 'user' || role === 'assistant'));
      assert.ok(!JSON.stringify(messages).includes(instructions.slice(0, 60)));
    }
  });

  const wanted: readonly (readonly [string, ChatSettings['effort'], string | null, boolean])[] = [
    [opus, 'low', 'low', true],
    [opus, 'medium', 'medium', true],
    // What it does anyway is not sent.
    [opus, 'high', null, true],
    [opus, 'xhigh', 'xhigh', true],
    [opus, 'max', 'max', true],
    [sonnet, 'xhigh', null, true],
    [sonnet, 'max', 'max', true],
    [haiku, 'max', null, false],
    ['claude-opus-5-5', 'medium', null, true],
    ['claude-opus-5-5', 'high', 'high', true],
  ];
  for (const [model, effort, sent, thinks] of wanted) {
    it(`thinking, effort: ${model} at ${effort} is sent ${sent ?? 'none'}`, async () => {
      settings = { model, effort };
      await ask(view, 'one');
      assert.deepEqual(fake.refusals, []);
      const { thinking, output_config } = last();
      assert.deepEqual(thinking, thinks ? { type: 'adaptive', display: 'summarized' } : undefined);
      assert.deepEqual(output_config, sent === null ? undefined : { effort: sent });
    });
  }

  it('thinking, effort: the display that was set; never temperature, top_p, top_k or budget_tokens (L16)', async () => {
    settings = { thinkingDisplay: 'omitted' };
    fake.enqueue(reply.thinking('Hidden.').toolUse('read_file', { path: 'a.ts' }), reply.text('Done.'));
    await ask(view, 'one');
    for (const model of [sonnet, haiku, 'claude-sonnet-4-5', 'claude-opus-4-6']) {
      settings = { model, thinkingDisplay: 'omitted', effort: 'max' };
      await ask(view, `for ${model}`);
    }
    assert.deepEqual(params(fake.messages[0]).thinking, { type: 'adaptive', display: 'omitted' });
    assert.equal(fake.messages.length, 6);
    for (const { raw } of fake.messages) assert.doesNotMatch(raw, /"(temperature|top_p|top_k|budget_tokens)"/);
    assert.deepEqual(fake.refusals, []);
  });

  it('models: nothing is asked before the first Send; after the first answer the list is, once', async () => {
    view.controller.handle({ type: 'draft', conversation: view.controller.conversation, text: 'not yet' });
    view.controller.refreshComposer();
    await delay(100);
    assert.deepEqual(paths(), []);
    assert.equal(chat.catalog.state, 'table');
    await ask(view, 'one');
    await until('the list', () => chat.catalog.state === 'live');
    await ask(view, 'two');
    assert.deepEqual(paths(), ['POST /v1/messages', 'GET /v1/models', 'POST /v1/messages']);
  });

  it('models: claude-opus-4-8 is what answers by default', async () => {
    await ask(view, 'one');
    assert.equal(last().model, 'claude-opus-4-8');
  });

  for (const profile of ['light', 'middle', 'dense'] as const) {
    it(`token counting: the second request is known within 15 % before it is sent (${profile} tokens)`, async () => {
      const counted = await startFakeClaude({ profile });
      access = { apiKey: 'sk-test', baseUrl: counted.url, headers: {} };
      try {
        counted.enqueue(reply.text('The retry counts its attempts, and gives up after the last of them. '.repeat(20)));
        await ask(view, 'How does the retry in a.ts work? Explain it in a few paragraphs, please.');
        const words = 'And what would you change, so that it waits longer each time?';
        const { conversation } = view.controller;
        view.controller.handle({ type: 'draft', conversation, text: words });
        await until('the cost', () => view.composer !== null && view.composer.next.cachedTokens > 0);
        const next = view.composer?.next;
        assert.ok(next);
        await ask(view, words);
        const usage = counted.usageLog.at(-1)?.usage;
        assert.ok(usage);
        const billed = usage.input_tokens + usage.cache_creation_input_tokens + usage.cache_read_input_tokens;
        assert.ok(Math.abs(next.tokens - billed) / billed < 0.15, `${next.tokens} expected, ${billed} billed`);
        const asked = next.askUsd ?? 0;
        const paid = counted.bill().inputUsd - firstInput(counted);
        assert.ok(Math.abs(asked - paid) / paid < 0.3, `${asked} dollars expected, ${paid} billed`);
        assert.ok(counted.requests.every(({ path }) => path !== '/v1/messages/count_tokens'));
      } finally {
        await counted.close();
      }
    });
  }

  it('models: a switch in mid-conversation says what it rewrites before the next send, and is right about it', async () => {
    await ask(view, 'one');
    await until('an idle composer', () => view.composer?.next.cachedTokens !== 0);
    const rewriteNow = () => view.composer?.rewrite ?? null;
    assert.equal(rewriteNow(), null);
    settings = { model: sonnet };
    view.controller.refreshComposer();
    await until('the line', () => rewriteNow() !== null);
    const rewrite = rewriteNow();
    assert.ok(rewrite);
    assert.deepEqual([rewrite.kind, rewrite.from, rewrite.to], ['model', 'Opus 4.8', 'Sonnet 4.6']);
    await ask(view, 'two');
    const written = fake.usageLog.at(-1)?.usage.cache_creation_input_tokens ?? 0;
    assert.equal(fake.usageLog.at(-1)?.usage.cache_read_input_tokens, 0);
    assert.ok(Math.abs(rewrite.tokens - written) / written < 0.4, `${rewrite.tokens} said, ${written} written`);
    await until('the line to go', () => rewriteNow() === null);
  });

  it('effort: a switch says that the messages are rewritten, and leaves tools and system in the cache', async () => {
    fake.enqueue(reply.text('A long answer about nothing in particular. '.repeat(200)));
    await ask(view, 'Please talk at length. '.repeat(100));
    settings = { effort: 'max' };
    view.controller.refreshComposer();
    await until('the line', () => view.composer?.rewrite !== null);
    const composer = view.composer;
    assert.ok(composer?.rewrite);
    assert.deepEqual([composer.rewrite.kind, composer.rewrite.from, composer.rewrite.to], ['effort', 'high', 'max']);
    assert.ok(composer.next.cachedTokens > 0 && composer.rewrite.tokens > 0);
    await ask(view, 'two');
    const usage = fake.usageLog.at(-1)?.usage;
    assert.ok(usage);
    const read = usage.cache_read_input_tokens;
    assert.ok(read > 0, 'tools and system were read');
    assert.ok(Math.abs(composer.next.cachedTokens - read) / read < 0.4, `${composer.next.cachedTokens} of ${read}`);
  });
});

function firstInput(fake: FakeClaude): number {
  return fake.usageLog.slice(0, -1).reduce((sum, { inputUsd }) => sum + inputUsd, 0);
}
