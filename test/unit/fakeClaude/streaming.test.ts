import assert from 'node:assert/strict';
import Anthropic from '@anthropic-ai/sdk';
import { reply } from '../../fakeClaude/script';
import { awkwardCut, frame } from '../../fakeClaude/sse';
import { clientOf, hello, post, until, withFake } from './helpers';

const adaptive = { type: 'adaptive', display: 'summarized' } as const;

describe('The fake API streams as the real one does', () => {
  it('streams thinking, text and parallel tool calls that the client assembles', async () => {
    await withFake(async (fake, client) => {
      fake.enqueue(
        reply
          .thinking('The user greets. Let me look around.')
          .text('Grüße, 你好 👋🏽, ich schaue nach.')
          .toolUse('read_file', { path: 'src/ä.ts', start_line: 1 })
          .toolUse('list_directory'),
      );
      const stream = client.messages.stream({ ...hello, thinking: adaptive });
      const message = await stream.finalMessage();
      assert.deepEqual(
        message.content.map((block) => block.type),
        ['thinking', 'text', 'tool_use', 'tool_use'],
      );
      const [thinking, text, read, list] = message.content;
      assert.ok(thinking?.type === 'thinking' && thinking.thinking === 'The user greets. Let me look around.');
      assert.ok(thinking.signature.length > 40);
      assert.ok(text?.type === 'text' && text.text === 'Grüße, 你好 👋🏽, ich schaue nach.');
      assert.ok(read?.type === 'tool_use' && list?.type === 'tool_use');
      assert.deepEqual(read.input, { path: 'src/ä.ts', start_line: 1 });
      assert.deepEqual(list.input, {});
      assert.match(read.id, /^toolu_01[0-9A-Za-z]{22}$/);
      assert.notEqual(read.id, list.id);
      assert.equal(message.stop_reason, 'tool_use');
      assert.equal(message.stop_details, null);
      assert.ok(message.usage.output_tokens > 20);
      assert.ok((message.usage.output_tokens_details?.thinking_tokens ?? 0) > 5);
      const [record] = fake.messages;
      assert.equal(record?.response?.message?.id, message.id);
      assert.deepEqual(record?.response?.message?.content, JSON.parse(JSON.stringify(message.content)));
      assert.equal(stream.request_id, record?.id);
    });
  });

  it('omits the thought but not its signature where the model does so by default', async () => {
    await withFake(async (fake, client) => {
      fake.enqueue(reply.thinking('A long and hidden thought.').text('Hi.'), reply.thinking('Not now.').text('Hi.'));
      const message = await client.messages.stream({ ...hello, thinking: { type: 'adaptive' } }).finalMessage();
      const [thinking] = message.content;
      assert.ok(thinking?.type === 'thinking' && thinking.thinking === '' && thinking.signature !== '');
      assert.ok((message.usage.output_tokens_details?.thinking_tokens ?? 0) > 5);
      const off = await client.messages.stream(hello).finalMessage();
      assert.deepEqual(
        off.content.map((block) => block.type),
        ['text'],
      );
    });
  });

  it('sends named and padded frames, one empty input delta first, a ping, and usage at both ends', async () => {
    await withFake(async (fake) => {
      fake.enqueue(reply.toolUse('find_files', { pattern: '**/*.ts' }));
      const { text, headers } = await post(fake, { ...hello, stream: true });
      assert.equal(headers.get('content-type'), 'text/event-stream; charset=utf-8');
      const frames = text.trimEnd().split('\n\n');
      const names = frames.map((one) => /^event: (\w+)\ndata: \{.*\}$/.exec(one)?.[1]);
      assert.deepEqual(
        [...new Set(names)],
        [
          'message_start',
          'content_block_start',
          'ping',
          'content_block_delta',
          'content_block_stop',
          'message_delta',
          'message_stop',
        ],
      );
      assert.match(
        frames[1] ?? '',
        /"content_block":\{"type":"tool_use","id":"toolu_\w+","name":"find_files","input":\{\}/,
      );
      assert.match(frames[3] ?? '', /"partial_json":""/);
      assert.match(frames[0] ?? '', /"usage":\{"input_tokens":\d+,/);
      assert.match(frames.at(-2) ?? '', /"stop_details":null\},"usage":\{.*"output_tokens":\d+/);
      assert.ok(
        frames.some((one) => / {3,}\}$/.test(one)),
        'no frame is padded',
      );
      assert.equal(text.includes('[DONE]'), false);
    });
  });

  it('cuts frames inside characters and inside JSON', () => {
    const wide = Buffer.from(frame('x', { text: 'aé' }));
    assert.equal(wide.subarray(0, awkwardCut(wide, 0)).toString().includes('\ufffd'), true);
    const narrow = Buffer.from(frame('x', { text: 'plain' }));
    const cuts = [0, 1, 2, 3, 4].map((turn) => awkwardCut(narrow, turn));
    assert.equal(new Set(cuts).size, 5);
    assert.ok(cuts.every((cut) => cut > 0 && cut < narrow.length));
  });

  it('answers without streaming with the same Message', async () => {
    await withFake(async (fake, client) => {
      fake.enqueue(reply.text('One.').toolUse('a_tool', { x: [1, { y: 'z' }] }));
      const message = await client.messages.create({ ...hello, max_tokens: 1_000 });
      assert.deepEqual(JSON.parse(JSON.stringify(message)), fake.messages[0]?.response?.message);
      assert.equal(message.stop_reason, 'tool_use');
    });
  });

  it('is held and driven step by step', async () => {
    await withFake(async (fake, client) => {
      const held = fake.hold();
      const stream = client.messages.stream(hello);
      const seen: string[] = [];
      stream.on('text', (delta) => seen.push(delta));
      const record = await held.request;
      assert.equal(record.body.model, 'claude-opus-4-8');
      await held.start();
      await held.push('Hel', 'lo');
      await until(() => seen.length === 2);
      assert.equal(record.response?.message, undefined);
      await held.push({ toolUse: 'x', input: { a: 1 } });
      await held.end();
      const message = await stream.finalMessage();
      assert.deepEqual(seen, ['Hel', 'lo']);
      assert.equal(message.stop_reason, 'tool_use');
    });
  });

  it('stops when the client disconnects, and bills what was said until then', async () => {
    await withFake(async (fake, client) => {
      fake.enqueue(reply.text('word '.repeat(2_000)).pace(100));
      const stream = client.messages.stream(hello);
      stream.on('text', () => stream.abort());
      await assert.rejects(stream.finalMessage(), Anthropic.APIUserAbortError);
      const [record] = fake.messages;
      await record?.done;
      await until(() => fake.usageLog.length === 1);
      assert.equal(record?.aborted, true);
      assert.ok((record?.response?.usage?.output_tokens ?? 0) < 100);
      assert.ok(fake.bill().outputUsd > 0);
    });
  });

  it('ends with max_tokens in the middle of a text, and of the input of a tool', async () => {
    await withFake(async (fake, client) => {
      fake.enqueue(reply.text('some words '.repeat(200)), reply.toolUse('write', { text: 'some words '.repeat(200) }));
      const cut = await client.messages.stream({ ...hello, max_tokens: 50 }).finalMessage();
      assert.equal(cut.stop_reason, 'max_tokens');
      assert.ok(cut.usage.output_tokens <= 50 && cut.usage.output_tokens > 40, `${cut.usage.output_tokens}`);
      const tool = await client.messages.stream({ ...hello, max_tokens: 50 }).finalMessage();
      assert.equal(tool.stop_reason, 'max_tokens');
      const [block] = tool.content;
      assert.ok(block?.type === 'tool_use');
      assert.notDeepEqual(block.input, { text: 'some words '.repeat(200) });
    });
  });

  it('ends before a stop sequence', async () => {
    await withFake(async (fake, client) => {
      fake.enqueue(reply.text('one two STOP three'));
      const message = await client.messages.stream({ ...hello, stop_sequences: ['STOP'] }).finalMessage();
      assert.deepEqual([message.stop_reason, message.stop_sequence], ['stop_sequence', 'STOP']);
      assert.ok(message.content[0]?.type === 'text' && message.content[0].text === 'one two ');
    });
  });

  it('refuses, pauses and stops for every scripted reason', async () => {
    await withFake(async (fake, client) => {
      fake.enqueue(
        reply.refuse('cyber', 'no'),
        reply.text('Part').refuse(),
        reply.stop('end_turn'),
        reply.stop('new_reason'),
      );
      const refused = await client.messages.stream(hello).finalMessage();
      assert.deepEqual(refused.stop_details, { type: 'refusal', category: 'cyber', explanation: 'no' });
      assert.deepEqual(refused.content, []);
      assert.equal(fake.bill().requests, 0, 'a refusal before output is not billed');
      assert.equal((await client.messages.stream(hello).finalMessage()).stop_reason, 'refusal');
      assert.equal(fake.bill().requests, 1);
      assert.deepEqual((await client.messages.stream(hello).finalMessage()).content, []);
      assert.equal((await client.messages.stream(hello).finalMessage()).stop_reason, 'new_reason');
    });
  });

  it('takes a key from either header and names the header that was wrong', async () => {
    await withFake(async (fake) => {
      await assert.rejects(clientOf(fake, 'sk-bad').messages.create(hello), (error) => {
        assert.ok(error instanceof Anthropic.AuthenticationError);
        assert.equal(error.apiMessage, 'Invalid bearer token');
        assert.equal(error.requestID, fake.requests[0]?.id);
        return true;
      });
      const wrong = await post(fake, hello, { headers: { 'x-api-key': 'sk-bad' } });
      assert.equal(wrong.status, 401);
      assert.match(wrong.text, /"invalid x-api-key"/);
      assert.equal((await post(fake, hello, { headers: { 'x-api-key': 'sk-good', authorization: '' } })).status, 200);
    });
  });

  it('records a violation while requests are forbidden', async () => {
    await withFake(async (fake, client) => {
      fake.forbidRequests();
      await assert.rejects(client.messages.create(hello), Anthropic.InternalServerError);
      await assert.rejects(client.models.list(), Anthropic.InternalServerError);
      assert.equal(fake.violations.length, 2);
      fake.allowRequests();
      const echoed = await client.messages.create(hello);
      assert.ok(echoed.content[0]?.type === 'text' && echoed.content[0].text === 'You said: Hello there');
      assert.equal(fake.violations.length, 2);
    });
  });
});
