/** Whatever an answer held, the next request is one that the API takes (L41, L42). */
import assert from 'node:assert/strict';
import type Anthropic from '@anthropic-ai/sdk';
import fc from 'fast-check';
import { sentBlocks } from '../../../../src/core/prompt/sentBlocks';
import type { Entry } from '../../../../src/core/record/record';
import { cases } from '../../../short';
import { bound, planned } from '../answers';
import { checkStrictly, file, haiku, opus, PathMaker, requestOf, text, toolUse } from './paths';

type Content = readonly Anthropic.ContentBlock[];

const lone = fc.constantFrom('\ud83d', 'a\udc00b');
const ids = fc.oneof(
  fc.constantFrom('call_0', 'call_1', 'toolu_1', 'a b', '', 'srvtoolu_1', 'srvtoolu_2'),
  fc.jsonValue(),
);
const names = fc.oneof(
  fc.constantFrom('read_file', 'web_search', 'code_execution', 'x'.repeat(200), 'ü', ''),
  fc.jsonValue(),
);
const words = fc.oneof(fc.constantFrom('Hello.', '', ' ', '\n'), lone, fc.jsonValue());
const inputs = fc.oneof(
  fc.constantFrom({}, { path: 'a.ts' }, [], 'raw', null),
  fc.record({ text: lone }),
  fc.jsonValue(),
);
const callers = fc.oneof(fc.constant({ type: 'direct' }), fc.jsonValue());
const types = fc.constantFrom(
  'text',
  'thinking',
  'redacted_thinking',
  'tool_use',
  'server_tool_use',
  'web_search_tool_result',
  'code_execution_tool_result',
  'tool_result',
  'image',
  'document',
  'search_result',
  'container_upload',
  'mcp_tool_use',
  'new_block',
);

const fields = {
  text: words,
  citations: fc.oneof(fc.constantFrom(null, [], [{ type: 'char_location' }]), fc.jsonValue()),
  thinking: words,
  signature: fc.oneof(fc.constantFrom('', null, 'c2ln'), fc.jsonValue()),
  data: words,
  id: ids,
  name: names,
  input: inputs,
  caller: callers,
  tool_use_id: ids,
  content: fc.oneof(fc.constantFrom([], [{ type: 'web_search_result' }]), fc.jsonValue()),
  file_id: words,
  source: fc.jsonValue(),
  extra: fc.jsonValue(),
};

/** A block of a known type with its fields right, wrong, missing, or too many; or any JSON at all. */
const block = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(types, fc.record(fields, { requiredKeys: [] })).map(([type, more]) => ({ type, ...more })),
  },
  { weight: 1, arbitrary: fc.jsonValue() },
);
const content = fc.oneof(
  { weight: 8, arbitrary: fc.array(block, { maxLength: 6 }) },
  { weight: 1, arbitrary: fc.jsonValue() },
);
const step = fc.record({
  content,
  stopReason: fc.constantFrom('tool_use', 'end_turn', 'pause_turn', 'max_tokens', null),
  partial: fc.constantFrom(null, null, null, 'stopped' as const),
  results: fc.array(ids, { maxLength: 5 }),
  ends: fc.boolean(),
});

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function pathOf(steps: readonly Step[]): readonly Entry[] {
  const maker = new PathMaker().snapshot(file('a.ts', 'a')).user('one');
  for (const { content: said, stopReason, partial, results, ends } of steps) {
    maker.assistant([], { content: said as unknown as Content, stopReason, partial, durations: [] });
    for (const id of results) maker.result(id as string);
    if (ends) maker.end().user('and?');
  }
  return maker.user('last').entries;
}

/** Signatures that no server of ours made: whether one is valid nobody but the API can tell. */
const anySignature = { unknownSignaturesIgnored: true };

describe('An answer of any shape', () => {
  for (const model of [opus, haiku, bound, 'a-gateways-own']) {
    it(`is followed by a request that the strict API accepts (L41, L42, ${model})`, () => {
      fc.assert(
        fc.property(fc.array(step, { maxLength: 4 }), (steps) => {
          const request = requestOf(pathOf(steps), model);
          checkStrictly(model === 'a-gateways-own' ? { ...request, model: haiku } : request, anySignature);
        }),
        { numRuns: cases(150, 75) },
      );
    });
  }

  it('goes out as the very same bytes each time, in every prefix', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 4 }), (steps) => {
        const path = pathOf(steps);
        const copy = JSON.parse(JSON.stringify(path)) as readonly Entry[];
        assert.equal(JSON.stringify(requestOf(path)), JSON.stringify(requestOf(copy)));
        assert.equal(planned(path).held.digest, planned(copy).held.digest);
      }),
      { numRuns: cases(80, 40) },
    );
  });

  it('is the identity where nothing is amiss: the very same blocks', () => {
    const whole: Content = [
      { type: 'thinking', thinking: '', signature: 'c2ln' },
      text('Well.'),
      toolUse('toolu_1'),
      { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {}, caller: { type: 'direct' } },
    ];
    assert.deepEqual(
      sentBlocks(whole).map((sent) => sent.block),
      whole,
    );
    for (const [index, sent] of sentBlocks(whole).entries()) assert.equal(sent.block, whole[index]);
  });

  it('keeps what is of use: the text, the call with what it asked for, and its result (L41, L42)', () => {
    const odd = [
      { type: 'text', text: { not: 'a text' } },
      { type: 'text', text: 'I look.', citations: 'none' },
      { type: 'tool_use', id: 'call 1', name: 'read file', input: 'a.ts', index: 0 },
      { type: 'tool_use', id: 'call 1', name: 'read_file', input: null },
      { type: 'tool_use', id: 'toolu_9', name: 'read_file', input: ['a.ts'] },
    ];
    const path = new PathMaker()
      .user('one')
      .assistant(odd as unknown as Content)
      .result('call 1', 'A')
      .result('call 1', 'B')
      .result('toolu_9', 'C');
    const messages = requestOf(path.entries).messages;
    assert.deepEqual(
      messages
        .slice(1)
        .map(({ content: blocks }) =>
          (blocks as readonly object[]).map((one) => ({ ...one, cache_control: undefined })),
        ),
      [
        [
          { type: 'text', text: 'I look.' },
          { type: 'tool_use', id: 'call_1', name: 'read_file', input: { value: 'a.ts' } },
          { type: 'tool_use', id: 'call_1_2', name: 'read_file', input: {} },
          { type: 'tool_use', id: 'toolu_9', name: 'read_file', input: { value: ['a.ts'] } },
        ],
        [
          { type: 'tool_result', tool_use_id: 'call_1', content: [{ type: 'text', text: 'A' }] },
          { type: 'tool_result', tool_use_id: 'call_1_2', content: [{ type: 'text', text: 'B' }] },
          { type: 'tool_result', tool_use_id: 'toolu_9', content: [{ type: 'text', text: 'C' }] },
        ],
      ].map((blocks) => blocks.map((one) => ({ ...one, cache_control: undefined }))),
    );
    checkStrictly(requestOf(path.entries));
  });

  it('goes out without a block of a type that nobody knows (L42)', () => {
    const call = { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} };
    const result = { type: 'new_tool_result', tool_use_id: 'srvtoolu_1', content: {} };
    const odd = [call, result, { type: 'new_block' }, { type: 'text', text: 'Found.' }] as unknown as Content;
    const { messages } = requestOf(new PathMaker().user('one').assistant(odd).end().user('two').entries);
    assert.deepEqual(messages[1]?.content, [{ type: 'text', text: 'Found.' }]);
  });

  it('may count its calls anew each time, as some servers do', () => {
    const maker = new PathMaker().user('one');
    for (const name of ['a', 'b', 'c']) maker.assistant([toolUse('call_0', { path: name })]).result('call_0', name);
    const request = requestOf(maker.entries);
    checkStrictly(request);
    const sent = request.messages.flatMap(({ content: blocks }) => blocks as readonly Anthropic.ContentBlockParam[]);
    const calls = sent.flatMap((one) =>
      one.type === 'tool_use' ? [[one.id, (one.input as { path: string }).path]] : [],
    );
    const results = sent.flatMap((one) =>
      one.type === 'tool_result' ? [[one.tool_use_id, JSON.stringify(one.content).at(-4)]] : [],
    );
    assert.deepEqual(calls, [
      ['call_0', 'a'],
      ['call_0_2', 'b'],
      ['call_0_3', 'c'],
    ]);
    assert.deepEqual(results, calls);
  });

  it('may be nested deeper than the stack', () => {
    let input: unknown = 'end';
    for (let depth = 0; depth < 20_000; depth += 1) input = { input };
    const path = new PathMaker()
      .user('one')
      .assistant([text('Deep.'), toolUse('a', input)])
      .result('a').entries;
    checkStrictly(requestOf(path));
    assert.doesNotThrow(() => planned(path));
  });
});
