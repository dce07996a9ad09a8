import assert from 'node:assert/strict';
import { type RuleId, rules } from '../../fakeClaude/rules';
import type { FakeOptions } from '../../fakeClaude/server';
import { errorText, post, withFake } from './helpers';
import { png } from './media';
import {
  assistant,
  haiku,
  hour,
  image,
  look,
  mark,
  of,
  opus48,
  result,
  search,
  sonnet,
  strict,
  text,
  use,
  user,
} from './requests';
import { cases } from './ruleCases';

describe('The fake API refuses what the API refuses', () => {
  for (const { rule, says, body, version, path, switches } of cases) {
    it(`with the text of ${rule}: ${String(says).slice(0, 80)}`, async () => {
      await withFake(
        async (fake) => {
          const base = { ...opus48, max_tokens: 4_000, messages: [user('hi')] };
          const answer = await post(fake, { ...base, ...body }, { ...(version && { version }), ...(path && { path }) });
          assert.equal(answer.status, 400, answer.text.slice(0, 300));
          const said = errorText(answer.text);
          if (typeof says === 'string') assert.equal(said, says);
          else assert.match(said, says);
          const { error, request_id } = JSON.parse(answer.text) as { error: { type: string }; request_id: string };
          assert.equal(error.type, 'invalid_request_error');
          assert.equal(request_id, answer.headers.get('request-id'));
          assert.equal(fake.refusals.length, 1);
          assert.equal(fake.usageLog.length, 0);
        },
        { ...(switches && { switches }) },
      );
    });
  }

  it('has a test for every rule, but for those tested elsewhere', () => {
    const elsewhere: readonly RuleId[] = [
      'tooManyMessages',
      'missingVersion',
      'unknownVersion',
      'invalidJson',
      'thinkingModified',
      'invalidSignature',
      'thinkingMoved',
    ];
    const tested = new Set<string>([...cases.map(({ rule }) => rule), ...elsewhere]);
    assert.deepEqual(
      Object.keys(rules).filter((rule) => !tested.has(rule)),
      [],
    );
  });

  it('checks JSON, key, version, model and shape in this order', async () => {
    await withFake(async (fake) => {
      const wrong = { authorization: 'Bearer sk-bad' };
      assert.equal((await post(fake, '{', { headers: wrong })).status, 400);
      assert.equal((await post(fake, {}, { headers: wrong, version: '1' })).status, 401);
      assert.match(errorText((await post(fake, {}, { version: '1' })).text), /anthropic-version/);
      const unknown = await post(fake, { model: 'claude-foo', nonsense: 1 });
      assert.equal(unknown.status, 404);
      assert.equal(errorText(unknown.text), 'model: claude-foo');
      const noVersion = await fetch(`${fake.url}/v1/messages`, {
        method: 'POST',
        body: '{}',
        headers: { 'x-api-key': 'sk-a' },
      });
      assert.equal(noVersion.status, 400);
    });
  });

  it('says which rule of threads it does not serve, so that a client can go on without', async () => {
    await withFake(async (fake) => {
      const { text: said } = await post(fake, {
        ...opus48,
        thread: { type: 'create' },
        messages: [user('a')],
        max_tokens: 9,
      });
      const { error } = JSON.parse(said) as { error: { details: { error_code: string } } };
      assert.equal(error.details.error_code, 'thread_unsupported_request');
    });
  });

  it('takes 100,000 messages and no more', async () => {
    await withFake(async (fake) => {
      const messages = Array.from({ length: 100_001 }, () => user('a'));
      const answer = await post(fake, { ...opus48, max_tokens: 9, messages });
      assert.equal(answer.status, 400);
      assert.match(errorText(answer.text), /100000 messages/);
    });
  });

  it('answers 413 outside of the API envelope for a body of more than 32 MB', async () => {
    await withFake(async (fake) => {
      const answer = await post(fake, { ...opus48, max_tokens: 9, messages: [user('x'.repeat(33 * 1024 * 1024))] });
      assert.equal(answer.status, 413);
      assert.throws(() => JSON.parse(answer.text));
    });
  });
});

const accepted: readonly (readonly [string, Record<string, unknown>, FakeOptions['switches']?])[] = [
  ['consecutive turns of one role', of(user('a'), user('b'), assistant('c'), assistant('d'), user('e'))],
  ['a leading assistant turn, with the switch', of(assistant('a'), user('b')), { leadingAssistantRefused: false }],
  ['a prefill on Haiku 4.5', { ...haiku, ...of(user('a'), assistant('b')) }],
  ['a paused server tool, resent as it was', of(user('a'), assistant([search]))],
  [
    'only tool results after an open server tool',
    of(user('a'), assistant([search, use('toolu_1')]), user([result('toolu_1')])),
  ],
  [
    'tool results in any order, and text after them',
    of(user('a'), assistant([use('toolu_1'), use('toolu_2')]), user([result('toolu_2'), result('toolu_1'), text('b')])),
  ],
  [
    'split tool results, with the switch',
    of(user('a'), assistant([use('toolu_1'), use('toolu_2')]), user([result('toolu_1')]), user([result('toolu_2')])),
    { splitToolResultsRefused: false },
  ],
  ['a system message after a user turn', of(user('a'), { role: 'system', content: 'b' }, assistant('c'), user('d'))],
  [
    '1h before 5m, four marks',
    { tools: [{ ...look, ...hour }], system: [text('a', hour)], ...of(user([text('b', mark), text('c', mark)])) },
  ],
  ['the automatic mark where the last block has the same one', { ...mark, ...of(user([text('a', mark)])) }],
  ['128K output of Sonnet 4.6, with the switch', { ...sonnet, max_tokens: 128_000 }, { sonnet46MaxOutput: 128_000 }],
  ['a warm-up', { max_tokens: 0, system: [text('a', mark)] }],
  [
    'a warm-up with adaptive thinking, with the switch',
    { max_tokens: 0, thinking: { type: 'adaptive' } },
    { warmUpUnderAdaptiveThinking: true },
  ],
  [
    'forced tools with adaptive thinking',
    { tools: [look], tool_choice: { type: 'any' }, thinking: { type: 'adaptive' } },
  ],
  [
    'a strict tool with a closed schema',
    {
      tools: [
        strict({ type: 'object', additionalProperties: false, properties: { a: { type: 'string' } }, required: ['a'] }),
      ],
    },
  ],
  ['more than 5 MB of image', of(user([image(Buffer.concat([png(9, 9)], 3_932_163))]))],
  ['20 images of more than 2000 px', of(user(Array.from({ length: 20 }, () => image(png(2_500, 9)))))],
  [
    'a tool result without content, and one with an image',
    of(
      user('a'),
      assistant([use('toolu_1'), use('toolu_2')]),
      user([
        { type: 'tool_result', tool_use_id: 'toolu_1', is_error: true },
        { ...result('toolu_2'), content: [image(png(9, 9))] },
      ]),
    ),
  ],
];

describe('The fake API accepts what the API accepts', () => {
  for (const [title, body, switches] of accepted) {
    it(title, async () => {
      await withFake(
        async (fake) => {
          const answer = await post(fake, { ...opus48, max_tokens: 1_000, messages: [user('hi')], ...body });
          assert.equal(answer.status, 200, answer.text.slice(0, 300));
        },
        { ...(switches && { switches }) },
      );
    });
  }

  it('takes sampling parameters under 2023-06-01 on older models, and assistant documents', async () => {
    await withFake(async (fake) => {
      const options = { version: '2023-06-01' };
      const base = { ...sonnet, max_tokens: 100, messages: [user('hi')] };
      assert.equal((await post(fake, { ...base, temperature: 0.5 }, options)).status, 200);
      const cites = text('a', { citations: [{ type: 'char_location', cited_text: 'a' }] });
      assert.equal((await post(fake, { ...base, messages: [user([cites])] }, options)).status, 200);
    });
  });
});
