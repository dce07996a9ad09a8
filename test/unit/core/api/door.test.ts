/** Whatever a server says becomes an answer that can be shown, stored, priced and sent again; nothing of use is lost. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Anthropic from '@anthropic-ai/sdk';
import { coreStrings } from '../../../../src/core/base/strings';
import { filled } from '../../../texts';
import { answer, blockFrames, checkAfter, endFrames, type Frame, play, readFile, start } from '../turn/turnKit';
import {
  begin,
  eventStream,
  framed,
  noticesIn,
  piece,
  pieces,
  question,
  said,
  saidIn,
  stop,
  textIn,
  through,
  words,
} from './doorKit';

/** What the SDK makes of the same bytes. */
async function bySdk(bytes: Uint8Array): Promise<Anthropic.Message> {
  const client = new Anthropic({ apiKey: 'sk', maxRetries: 0, fetch: async () => pieces(bytes, bytes.length) });
  return client.messages.stream(question).finalMessage();
}

function recordedStreams(): readonly string[] {
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const found = join(folder, '..', 'shared', 'recorded');
    if (!existsSync(join(folder, 'package.json')) || !existsSync(found)) continue;
    return readdirSync(found)
      .filter((name) => name.endsWith('.sse'))
      .map((name) => join(found, name));
  }
  return [];
}

/** Everything that the API streams, and some that it does not yet. */
const everything = framed([
  start,
  { type: 'ping' },
  { type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '', signature: '', novel: 1 } },
  { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'Let me see: ' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: '日本 👩‍👩‍👧' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'signature_delta', signature: 'EqQBCg==' } },
  { type: 'content_block_stop', index: 0 },
  { type: 'content_block_start', index: 1, content_block: { type: 'redacted_thinking', data: 'EmwKAh' } },
  { type: 'content_block_stop', index: 1 },
  { type: 'content_block_start', index: 2, content_block: { type: 'text', text: '', citations: [] } },
  { type: 'content_block_delta', index: 2, delta: { type: 'text_delta', text: 'It is ' } },
  {
    type: 'content_block_delta',
    index: 2,
    delta: { type: 'citations_delta', citation: { type: 'novel', cited_text: 'x' } },
  },
  { type: 'content_block_delta', index: 2, delta: { type: 'text_delta', text: 'so.' } },
  { type: 'content_block_stop', index: 2 },
  {
    type: 'content_block_start',
    index: 3,
    content_block: { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} },
  },
  { type: 'content_block_delta', index: 3, delta: { type: 'input_json_delta', partial_json: '{"query":' } },
  { type: 'content_block_delta', index: 3, delta: { type: 'input_json_delta', partial_json: ' "x"}' } },
  { type: 'content_block_stop', index: 3 },
  {
    type: 'content_block_start',
    index: 4,
    content_block: {
      type: 'web_search_tool_result',
      tool_use_id: 'srvtoolu_1',
      content: [{ type: 'web_search_result', url: 'u', title: 't', encrypted_content: 'e', page_age: null }],
    },
  },
  { type: 'content_block_stop', index: 4 },
  {
    type: 'content_block_start',
    index: 5,
    content_block: { type: 'a_block_of_tomorrow', deep: { list: [1, null, 'x'] } },
  },
  { type: 'content_block_stop', index: 5 },
  { type: 'an_event_of_tomorrow', with: ['anything'] },
  {
    type: 'content_block_start',
    index: 6,
    content_block: { type: 'tool_use', id: 'toolu_1', name: 'read_file', input: {}, caller: { type: 'direct' } },
  },
  { type: 'content_block_delta', index: 6, delta: { type: 'input_json_delta', partial_json: '' } },
  { type: 'content_block_delta', index: 6, delta: { type: 'input_json_delta', partial_json: '{"path": "a.ts"}' } },
  { type: 'content_block_stop', index: 6 },
  {
    type: 'content_block_start',
    index: 7,
    content_block: { type: 'tool_use', id: 'toolu_2', name: 'read_file', input: {} },
  },
  { type: 'content_block_delta', index: 7, delta: { type: 'input_json_delta', partial_json: '' } },
  { type: 'content_block_stop', index: 7 },
  ...endFrames('tool_use'),
]);

describe('The door changes nothing of what the API sends', () => {
  const streams = [
    ['a stream with everything', new TextEncoder().encode(everything)] as const,
    ...recordedStreams().map(
      (file) => [file.slice(file.lastIndexOf('/') + 1), new Uint8Array(readFileSync(file))] as const,
    ),
  ];
  for (const [name, bytes] of streams) {
    it(`${name} is what the SDK makes of it, however it is cut`, async () => {
      const expected = await bySdk(bytes);
      for (const size of [bytes.length, 997, 7]) {
        const stream = await through(bytes, size);
        assert.deepEqual(JSON.parse(JSON.stringify(stream.content)), JSON.parse(JSON.stringify(expected.content)));
        assert.deepEqual([stream.message?.stop_reason, stream.messageId], [expected.stop_reason, expected.id]);
        assert.deepEqual(stream.dropped, []);
        assert.equal(stream.usage.output, expected.usage.output_tokens);
        assert.equal(stream.usage.input, expected.usage.input_tokens);
      }
    });
  }
});

describe('What of an answer can be used is kept (L42)', () => {
  const rows: readonly (readonly [string, () => Response, string, number])[] = [
    ['text that is an object', said(begin({ type: 'text', text: { text: 'So.' } }), stop()), 'So.', 0],
    ['text that is a list of parts', said(begin({ type: 'text', text: ['S', { value: 'o.' }] }), stop()), 'So.', 0],
    ['text that is a number', said(begin({ type: 'text', text: 7 }), stop()), '7', 0],
    [
      'deltas whose text is an object',
      said(begin({ type: 'text', text: '' }), words({ content: 'So.' }), stop()),
      'So.',
      0,
    ],
    ['deltas without text', said(begin({ type: 'text', text: '' }), words(null), words('So.'), stop()), 'So.', 1],
    ['a block that is a string', said(begin('So.'), stop()), 'So.', 0],
    ['a block without a type', said(begin({ text: 'So.' }), stop()), 'So.', 0],
    ['a block that is null, with text behind it', said(begin(null), words('So.'), stop()), 'So.', 0],
    ['a block that is null', said(begin(null), stop(), ...blockFrames(1, 'So.')), 'So.', 1],
    ['a block that is a list', said(begin([1, 2]), stop(), ...blockFrames(1, 'So.')), 'So.', 1],
    [
      'text that is nothing of the kind',
      said(begin({ type: 'text', text: {} }), stop(), ...blockFrames(1, 'So.')),
      'So.',
      1,
    ],
    [
      'a redacted thought without data',
      said(begin({ type: 'redacted_thinking' }), stop(), ...blockFrames(1, 'So.')),
      'So.',
      1,
    ],
    ['deltas without a block', said(words('So.')), 'So.', 0],
    [
      'no index at all',
      said(
        begin({ type: 'text', text: '' }, undefined),
        piece({ type: 'text_delta', text: 'So.' }, undefined),
        stop(undefined),
      ),
      'So.',
      0,
    ],
    [
      'indices that are words',
      said(begin({ type: 'text', text: '' }, 'x'), piece({ type: 'text_delta', text: 'So.' }, 'x')),
      'So.',
      0,
    ],
    ['the same index twice', said(...blockFrames(0, 'a'), ...blockFrames(0, 'b')), 'a|b', 0],
    [
      'the same index twice, never stopped',
      said(begin({ type: 'text', text: 'a' }), begin({ type: 'text', text: 'b' }), words('!')),
      'a|b!',
      0,
    ],
    ['indices out of order', said(...blockFrames(5, 'a'), ...blockFrames(2, 'b')), 'a|b', 0],
    ['a block that never stops', said(begin({ type: 'text', text: '' }), words('So.')), 'So.', 0],
    ['text behind the stop', said(begin({ type: 'text', text: '' }), words('S'), stop(), words('o.')), 'So.', 0],
    [
      'text within a thought',
      said(begin({ type: 'thinking', thinking: '', signature: '' }), words('So.'), stop()),
      '|So.',
      0,
    ],
    ['stops of blocks that never were', said(stop(9), ...blockFrames(0, 'So.'), stop(9)), 'So.', 0],
    ['frames that are no objects', said(7, null, 'x', [], ...blockFrames(0, 'So.')), 'So.', 4],
    ['a delta that is null', said(begin({ type: 'text', text: 'So.' }), piece(null), stop()), 'So.', 1],
    ['two beginnings', said(start, ...blockFrames(0, 'So.')), 'So.', 0],
    [
      'half of a character, and its other half',
      said(begin({ type: 'text', text: '' }), words('a\ud83d'), words('\ude00'), stop()),
      'a😀',
      0,
    ],
    [
      'half of a character in the middle',
      said(begin({ type: 'text', text: '' }), words('a\ud83db'), stop()),
      'a\ufffdb',
      0,
    ],
    ['half of a character', said(begin({ type: 'text', text: '' }), words('a\ud83d'), stop()), 'a\ufffd', 0],
    [
      'citations that are none',
      said(begin({ type: 'text', text: 'So.', citations: 'x' }), piece({ type: 'citations_delta', citation: 7 })),
      'So.',
      1,
    ],
  ];
  for (const [name, reply, text, leftOut] of rows) {
    it(name, async () => {
      const played = await play({ replies: [reply] });
      assert.equal(textIn(played), text);
      assert.deepEqual(played.outcome, { kind: 'done' });
      const counted = played.log.path.flatMap((entry) => (entry.kind === 'notice' ? entry.words : []));
      const sum = counted.reduce((all, { args }) => all + Number(args?.[0] ?? 1), 0);
      assert.equal(sum, leftOut, JSON.stringify(counted));
      checkAfter(played);
    });
  }

  it('says on the screen what was left out, after a reload too', async () => {
    const played = await play({ replies: [said(begin(null), stop(), ...blockFrames(1, 'So.'))] });
    const item = played.shown.items.at(-1);
    assert.ok(item?.type === 'answer');
    assert.deepEqual(
      item.parts.map(({ type }) => type),
      ['text', 'notice'],
    );
    assert.deepEqual(noticesIn(played), [filled(coreStrings.partsDropped(1))]);
    checkAfter(played);
  });

  it('shows what stands in the beginning of a message as what comes after it', async () => {
    const call = { type: 'tool_use', id: 't1', name: 'read_file', input: { path: 'a.ts' } };
    const content = [{ type: 'text', text: 'I look.' }, call];
    const whole = { ...start, message: { ...start.message, content } };
    const reply = (): Response => new Response(framed([whole, ...endFrames('tool_use')]), { headers: eventStream });
    const played = await play({ replies: [reply, answer('end_turn', 'So.')], tools: [readFile] });
    assert.deepEqual(played.kinds(), ['snapshot', 'user', 'assistant', 'toolResult', 'assistant', 'end']);
    assert.deepEqual(saidIn(played).content, content);
    checkAfter(played);
  });
});

describe('A call whose input is none', () => {
  const broken: readonly (readonly [string, readonly Frame[]])[] = [
    ['broken JSON', [piece({ type: 'input_json_delta', partial_json: '{"path": "a' }, 1)]],
    ['JSON that is a list', [piece({ type: 'input_json_delta', partial_json: '[1]' }, 1)]],
    ['JSON that is a word', [piece({ type: 'input_json_delta', partial_json: '"a.ts"' }, 1)]],
    [
      'JSON nested without end',
      [piece({ type: 'input_json_delta', partial_json: `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}` }, 1)],
    ],
    ['JSON twice', [piece({ type: 'input_json_delta', partial_json: '{"path":"a"}{"path":"b"}' }, 1)]],
  ];
  for (const [name, pieces] of broken) {
    it(`is answered with an error, the text before it is kept and the turn goes on: ${name} (L41)`, async () => {
      const call = begin({ type: 'tool_use', id: 't1', name: 'read_file', input: {} }, 1);
      const frames = [start, ...blockFrames(0, 'I look.'), call, ...pieces, stop(1), ...endFrames('tool_use')];
      const reply = (): Response => new Response(framed(frames), { headers: eventStream });
      const played = await play({ replies: [reply, answer('end_turn', 'So.')], tools: [readFile] });
      assert.deepEqual(played.kinds(), ['snapshot', 'user', 'assistant', 'toolResult', 'assistant', 'end']);
      assert.match(textIn(played), /^I look\./);
      const result = played.log.path.find((entry) => entry.kind === 'toolResult');
      assert.ok(result?.kind === 'toolResult' && result.isError);
      assert.match(result.content, /not a JSON object/);
      checkAfter(played);
    });
  }

  for (const input of [[1], 'a.ts', 7, true]) {
    it(`is answered with an error where the block itself has ${JSON.stringify(input)} (L41)`, async () => {
      const call = { type: 'tool_use', id: 't1', name: 'read_file', input };
      const frames = [start, begin(call), stop(), ...endFrames('tool_use')];
      const reply = (): Response => new Response(framed(frames), { headers: eventStream });
      const played = await play({ replies: [reply, answer('end_turn', 'So.')], tools: [readFile] });
      assert.match(JSON.stringify(played.log.path), /not a JSON object/);
      checkAfter(played);
    });
  }

  it('is taken where it is an object in other clothes, and ids are made where there are none', async () => {
    const frames = [
      start,
      begin({ type: 'tool_use', id: null, name: 'read_file', input: '{"path":"a.ts"}' }),
      begin({ type: 'tool_use', id: 'same', name: 'read_file', input: {} }, 1),
      piece({ type: 'input_json_delta', partial_json: { path: 'b.ts' } }, 1),
      begin({ type: 'tool_use', id: 'same', name: 'read_file', input: { path: 'c.ts' } }, 2),
      ...endFrames('tool_use'),
    ];
    const reply = (): Response => new Response(framed(frames), { headers: eventStream });
    const played = await play({ replies: [reply, answer('end_turn', 'So.')], tools: [readFile] });
    const calls = saidIn(played).content.flatMap((block) => (block.type === 'tool_use' ? [block] : []));
    assert.deepEqual(
      calls.map(({ input }) => input),
      [{ path: 'a.ts' }, { path: 'b.ts' }, { path: 'c.ts' }],
    );
    assert.equal(new Set(calls.map(({ id }) => id)).size, 3);
    const results = played.log.path.filter((entry) => entry.kind === 'toolResult');
    assert.deepEqual(
      results.map(({ isError }) => isError),
      [false, false, false],
    );
    checkAfter(played);
  });
});
