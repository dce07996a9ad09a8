/** What comes over the wire where an answer should: with or without usage, in any frames, without end, or no answer at all. */

import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { maxBlocks } from '../../../../src/core/api/door';
import { StoreError } from '../../../../src/core/base/errors';
import { coreStrings } from '../../../../src/core/base/strings';
import { unknownUsage } from '../../../../src/shared/tokenUsage';
import {
  answer,
  blockFrames,
  checkAfter,
  endFrames,
  LiveAnswer,
  MemoryStore,
  Played,
  play,
  readFile,
  settle,
  start,
  tool,
} from '../turn/turnKit';
import { begin, eventStream, framed, noticesIn, pieces, said, saidIn, textIn, words } from './doorKit';

describe('An answer without its usage', () => {
  const { usage: _, ...bare } = start.message;
  const delta = { stop_reason: 'end_turn', stop_sequence: null };
  const odd: readonly unknown[] = [undefined, null, 'many', -1, [], { output_tokens: 'many' }, { output_tokens: -5 }];
  for (const usage of odd) {
    it(`is a whole answer whose cost is unknown: ${JSON.stringify(usage)} (L39, L40)`, async () => {
      const frames = [
        { type: 'message_start', message: { ...bare, usage } },
        ...blockFrames(0, 'So.'),
        { type: 'message_delta', delta, usage },
        { type: 'message_stop' },
      ];
      const played = await play({ replies: [() => new Response(framed(frames), { headers: eventStream })] });
      assert.deepEqual(played.outcome, { kind: 'done' });
      const { usage: kept, usd } = saidIn(played);
      assert.deepEqual([kept.input, kept.output, usd], [null, null, null]);
      if (typeof usage !== 'object' || usage === null) assert.deepEqual(kept, unknownUsage);
      assert.deepEqual([played.shown.usd, played.shown.requests], [null, 1]);
      checkAfter(played);
    });
  }

  it('lets its tools run where only the end has none (L40)', async () => {
    const frames = [
      start,
      ...blockFrames(0, tool('t1')),
      { type: 'message_delta', delta: { ...delta, stop_reason: 'tool_use' } },
      { type: 'message_stop' },
    ];
    const reply = (): Response => new Response(framed(frames), { headers: eventStream });
    const played = await play({ replies: [reply, answer('end_turn', 'So.')], tools: [readFile] });
    assert.deepEqual(played.outcome, { kind: 'done' });
    const { usage } = saidIn(played);
    assert.deepEqual([usage.input, usage.cacheRead, usage.output], [40, 1000, null]);
    checkAfter(played);
  });

  it('takes what the end says beyond the beginning', async () => {
    const usage = {
      ...start.message.usage,
      cache_creation: { ephemeral_5m_input_tokens: 60, ephemeral_1h_input_tokens: 0 },
    };
    const end = { output_tokens: 9, cache_creation_input_tokens: 75, input_tokens: null };
    const frames = [
      { ...start, message: { ...start.message, usage } },
      ...blockFrames(0, 'So.'),
      { type: 'message_delta', delta, usage: end },
      { type: 'message_stop' },
    ];
    const played = await play({ replies: [() => new Response(framed(frames), { headers: eventStream })] });
    assert.deepEqual(saidIn(played).usage, {
      input: 40,
      cacheRead: 1000,
      cacheWrite5m: 75,
      cacheWrite1h: 0,
      output: 9,
    });
  });
});

describe('A success that is none', () => {
  const html = '<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please.</body></html>';
  const typed = (type: string): Record<string, string> => ({ 'content-type': type });
  const rows: readonly (readonly [string, () => Response, string, RegExp])[] = [
    [
      'a web page',
      () => new Response(html, { headers: typed('text/html') }),
      'wrongAddress',
      /200 with a web page \(“Sign in”\)/,
    ],
    ['a web page that says it streams', () => new Response(html, { headers: eventStream }), 'wrongAddress', /web page/],
    [
      'an error of the API',
      () => Response.json({ type: 'error', error: { type: 'overloaded_error', message: 'Busy.' } }),
      'overloaded',
      /^Busy\.$/,
    ],
    [
      'an error of another API',
      () => Response.json({ error: { message: 'No such deployment.', code: 404 } }),
      'unknownModel',
      /No such deployment/,
    ],
    ['an error in a word', () => Response.json({ error: 'quota' }), 'unknownError', /quota/],
    ['JSON of another API', () => Response.json({ choices: [] }), 'wrongAddress', /JSON that is no message/],
    ['JSON that is a list', () => Response.json([1]), 'wrongAddress', /JSON that is no message/],
    ['an empty object', () => Response.json({}), 'wrongAddress', /JSON that is no message/],
    ['nothing', () => new Response('', { headers: typed('application/json') }), 'wrongAddress', /with nothing/],
    ['no body', () => new Response(null, { status: 204 }), 'wrongAddress', /204 with nothing/],
    [
      'half of JSON',
      () => new Response('{"type":"message","conte', { headers: typed('application/json') }),
      'wrongAddress',
      /text: /,
    ],
  ];
  for (const [name, reply, code, message] of rows) {
    it(`is said what it is, after one request: ${name} (L45)`, async () => {
      const played = await play({ replies: [reply] });
      assert.equal(played.requests.length, 1);
      assert.ok(played.outcome?.kind === 'failed', JSON.stringify(played.outcome));
      assert.equal(played.outcome.failure.code, code);
      assert.match(played.outcome.failure.message, message);
      checkAfter(played);
    });
  }

  const message = { ...start.message, content: [{ type: 'text', text: 'So.' }], stop_reason: 'end_turn' };
  const whole: readonly (readonly [string, () => Response])[] = [
    ['as JSON', () => Response.json(message)],
    [
      'as JSON that says it streams',
      () => new Response(`\ufeff \n${JSON.stringify(message)}`, { headers: eventStream }),
    ],
    ['as one event', () => new Response(`data: ${JSON.stringify(message)}\n\n`, { headers: eventStream })],
  ];
  for (const [name, reply] of whole) {
    it(`is the answer where it is a whole message ${name} (L45)`, async () => {
      const played = await play({ replies: [reply] });
      assert.equal(played.requests.length, 1);
      assert.deepEqual([played.outcome, textIn(played)], [{ kind: 'done' }, 'So.']);
      assert.equal(saidIn(played).usage.input, 40);
      checkAfter(played);
    });
  }

  it('runs the tools that a whole message asks for', async () => {
    const call = { type: 'tool_use', id: 't1', name: 'read_file', input: { path: 'a.ts' } };
    const asks = { ...message, content: [call], stop_reason: 'tool_use' };
    const played = await play({ replies: [() => Response.json(asks), answer('end_turn', 'So.')], tools: [readFile] });
    assert.deepEqual(played.outcome, { kind: 'done' });
    checkAfter(played);
  });
});

describe('Events of a stream', () => {
  const frames = [start, ...blockFrames(0, 'So it is.'), ...endFrames('end_turn')];
  const json = frames.map((frame) => JSON.stringify(frame));
  const rows: readonly (readonly [string, string])[] = [
    ['without names', json.map((one) => `data: ${one}\n\n`).join('')],
    ['without blank lines', json.map((one) => `data: ${one}\n`).join('')],
    ['with names and without blank lines', frames.map((one, at) => `event: ${one.type}\ndata: ${json[at]}\n`).join('')],
    ['with returns', framed(frames).replaceAll('\n', '\r\n')],
    ['with returns alone', framed(frames).replaceAll('\n', '\r')],
    ['without the space', framed(frames).replaceAll('data: ', 'data:')],
    ['over two lines', json.map((one) => `data: ${one.slice(0, 9)}\ndata: ${one.slice(9)}\n\n`).join('')],
    ['with comments, ids and a mark at the beginning', `\ufeff: hello\nid: 1\nretry: 5\n${framed(frames)}: bye\n`],
    ['with the end of another API', `${json.map((one) => `data: ${one}\n\n`).join('')}data: [DONE]\n\n`],
    ['without the last blank line', framed(frames).trimEnd()],
    ['with lines that are nothing', `hello\n\n${framed(frames)}`],
    ['whose names are wrong', json.map((one) => `event: message\ndata: ${one}\n\n`).join('')],
    [
      'whose data have no type',
      frames.map(({ type, ...rest }) => `event: ${type}\ndata: ${JSON.stringify(rest)}\n\n`).join(''),
    ],
  ];
  for (const [name, text] of rows) {
    it(`are read ${name}`, async () => {
      for (const size of [text.length, 5]) {
        const bytes = new TextEncoder().encode(text);
        const played = await play({ replies: [() => pieces(bytes, size)] });
        assert.deepEqual([played.outcome, textIn(played)], [{ kind: 'done' }, 'So it is.']);
        assert.equal(played.requests.length, 1);
        checkAfter(played);
      }
    });
  }

  it('that cannot be read are left out with a word, and the rest is kept', async () => {
    const text = framed(frames).replace(
      'event: content_block_stop',
      'data: {"type": "content_bl\n\nevent: content_block_stop',
    );
    const played = await play({ replies: [() => new Response(text, { headers: eventStream })] });
    assert.equal(textIn(played), 'So it is.');
    assert.equal(noticesIn(played).length, 1);
    checkAfter(played);
  });

  it('are a whole answer once the stop reason has come, however the connection ends', async () => {
    for (const last of ['', 'event: error\ndata: {"type":"error","error":{"type":"api_error","message":"x"}}\n\n']) {
      const text = framed(frames.slice(0, -1)) + last;
      const played = await play({ replies: [() => new Response(text, { headers: eventStream })] });
      assert.deepEqual([played.outcome, textIn(played)], [{ kind: 'done' }, 'So it is.']);
      checkAfter(played);
    }
  });

  it('end with the last one: a connection that stays open is not waited for', async () => {
    const open = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode(framed(frames))),
    });
    const played = await play({ replies: [() => new Response(open, { headers: eventStream })] });
    assert.deepEqual(played.outcome, { kind: 'done' });
  });
});

describe('What is more than any model writes', () => {
  it('is left out beyond so many blocks, with a word (L48)', async () => {
    const many = Array.from({ length: maxBlocks + 50 }, (_, index) => blockFrames(index, `${index}`)).flat();
    const played = await play({ replies: [said(...many)] });
    assert.equal(saidIn(played).content.length, maxBlocks);
    assert.deepEqual(noticesIn(played), [coreStrings.tooManyParts(0).text]);
    checkAfter(played);
  });

  it('of a refusal is not read to its end', async () => {
    let read = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        read += 1;
        controller.enqueue(new Uint8Array(16_384).fill(0x78));
      },
    });
    const played = await play({ replies: [() => new Response(endless, { status: 400 })] });
    assert.ok(played.outcome?.kind === 'failed' && read < 20, `${read}`);
    checkAfter(played);
  });
});

describe('A flood', () => {
  const piece = (text: string): Uint8Array => new TextEncoder().encode(text);
  const delta = { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'word ' } };
  const line = `event: content_block_delta\ndata: ${JSON.stringify(delta)}\n\n`;
  const head = framed([start, begin({ type: 'text', text: '' })]);
  const blocks = Array.from({ length: 200 }, (_, n) => framed(blockFrames(n, tool(`t${n}`)))).join('');
  const floods: readonly (readonly [string, string, string])[] = [
    ['of deltas', head, line.repeat(400)],
    ['of pings', head, 'event: ping\ndata: {"type":"ping"}\n\n'.repeat(1000)],
    ['in one line without end', `${head}data: `, 'x'.repeat(64_000)],
    ['of calls', framed([start]), blocks],
    ['of lines that are nothing', head, ':\n'.repeat(30_000)],
  ];
  for (const [name, before, again] of floods) {
    it(`${name} holds nothing up: Stop acts within 300 ms, and nobody waits for 100 ms (L48)`, async () => {
      let sent = 0;
      // In CPU time: on a busy machine this process waits for others, too.
      const cpuNow = (): number => process.cpuUsage().user / 1000;
      const began = cpuNow();
      const endless = new ReadableStream<Uint8Array>({
        pull(controller) {
          controller.enqueue(piece(sent === 0 ? before : again));
          sent += 1;
          // So that what nothing can stop is seen to be so.
          if (cpuNow() - began > 5000) controller.close();
        },
      });
      let longest = 0;
      let last = performance.now();
      let lastCpu = cpuNow();
      const watch = setInterval(() => {
        longest = Math.max(longest, Math.min(performance.now() - last - 5, cpuNow() - lastCpu));
        last = performance.now();
        lastCpu = cpuNow();
      }, 5);
      const played = new Played({ replies: [() => new Response(endless, { headers: eventStream })] });
      await delay(250);
      const stopped = cpuNow();
      played.stop();
      await played.done;
      const took = cpuNow() - stopped;
      clearInterval(watch);
      assert.ok(took < 300, `${took} ms`);
      assert.ok(longest < 100, `${longest} ms`);
      assert.ok(JSON.stringify(played.log.path).length < 12_000_000, 'bounded');
    });
  }

  it('of calls is run up to a bound, and the rest is answered that it was not (L48)', async () => {
    const calls = Array.from({ length: 300 }, (_, n) => tool(`t${n}`));
    const played = await play({
      replies: [answer('tool_use', ...calls), answer('end_turn', 'So.')],
      tools: [readFile],
    });
    const results = played.log.path.filter((entry) => entry.kind === 'toolResult');
    assert.deepEqual([results.length, results.filter(({ isError }) => !isError).length], [300, 64]);
    assert.match(results.find(({ isError }) => isError)?.content ?? '', /300 calls were made at once/);
    checkAfter(played);
  });

  it('is kept in checkpoints that together are as long as it (L48)', async () => {
    const live = new LiveAnswer();
    const played = new Played({ replies: [live.reply] });
    live.push(begin({ type: 'text', text: '' }));
    for (let second = 0; second < 100; second += 1) {
      live.push(words('x'.repeat(20_000)));
      await settle();
      await played.clock.advance(1000);
    }
    const kept = played.store.checkpoints.at(-1)?.content;
    assert.deepEqual(kept, [{ type: 'text', text: 'x'.repeat(2_000_000) }]);
    live.finish('end_turn');
    await played.done;
    const written = played.store.pieces.reduce((sum, one) => sum + JSON.stringify(one).length, 0);
    assert.equal(played.store.pieces.length, 100, 'each second');
    assert.ok(written < 1.02 * 2_000_000, `${written}`);
  });

  it('that cannot be kept while it streams is not written each second (L48)', async () => {
    const live = new LiveAnswer();
    const store = new MemoryStore();
    let written = 0;
    store.checkpoint = async (_, piece) => {
      written += JSON.stringify(piece).length;
      throw new StoreError('busy', 'VACUUM');
    };
    const played = new Played({ replies: [live.reply], store });
    live.push(begin({ type: 'text', text: '' }));
    for (let second = 0; second < 100; second += 1) {
      live.push(words('x'.repeat(20_000)));
      await settle();
      await played.clock.advance(1000);
    }
    live.finish('end_turn');
    await played.done;
    assert.ok(written > 2_000_000 && written < 8 * 2_000_000, `${written}`);
  });
});

describe('The same call that fails the same way', () => {
  it('pauses the turn after three times, and asks (L50)', async () => {
    const again = (n: number) => answer('tool_use', tool(`t${n}`, 'read_file', { file: 'a.ts' }));
    const played = await play({ replies: [1, 2, 3, 4, 5].map(again), tools: [readFile] });
    assert.equal(played.requests.length, 3);
    assert.deepEqual(played.outcome, { kind: 'sameFailure', tool: 'read_file', times: 3 });
    checkAfter(played);
  });

  it('is counted once for each step, and not with other failures', async () => {
    const ask = (n: number, file: string) => tool(`t${n}${file}`, 'read_file', { [file]: 1 });
    const replies = [1, 2].map((n) =>
      answer('tool_use', ask(n, 'a'), ask(n, 'b'), tool(`u${n}`, 'read_file', { a: 1 })),
    );
    const played = await play({ replies: [...replies, answer('end_turn', 'So.')], tools: [readFile] });
    assert.deepEqual(played.outcome, { kind: 'done' });
    checkAfter(played);
  });

  it('is no pause where it succeeds', async () => {
    const again = (n: number) => answer('tool_use', tool(`t${n}`));
    const replies = [...[1, 2, 3, 4].map(again), answer('end_turn', 'So.')];
    assert.deepEqual((await play({ replies, tools: [readFile] })).outcome, { kind: 'done' });
  });
});
