import assert from 'node:assert/strict';
import Anthropic from '@anthropic-ai/sdk';
import { type Reply, reply } from '../../fakeClaude/script';
import { hello, withFake } from './helpers';

/** What the client makes of a scripted fault: the error, and the text that arrived before it. */
async function seenBy(fault: Reply): Promise<{ readonly error: unknown; readonly text: string }> {
  let seen: { error: unknown; text: string } = { error: undefined, text: '' };
  await withFake(async (fake, client) => {
    fake.enqueue(fault);
    const stream = client.messages.stream(hello);
    stream.on('text', (delta) => {
      seen.text += delta;
    });
    seen = { error: await stream.finalMessage().catch((error: unknown) => error), text: seen.text };
  });
  return seen;
}

describe('Faults reach the client as those of the real API do', () => {
  it('as HTTP errors of their class, with the text and headers given', async () => {
    const limited = (await seenBy(reply.rateLimited(7))).error;
    assert.ok(limited instanceof Anthropic.RateLimitError);
    assert.equal(limited.headers.get('retry-after'), '7');
    assert.equal(limited.type, 'rate_limit_error');
    const spent = (await seenBy(reply.rateLimited(undefined, { error_code: 'enforced_spend_limit_reached' }))).error;
    assert.ok(spent instanceof Anthropic.RateLimitError);
    assert.equal(spent.headers.get('retry-after'), null);
    assert.equal(spent.errorCode, 'enforced_spend_limit_reached');
    const overloaded = (await seenBy(reply.overloaded())).error;
    assert.ok(overloaded instanceof Anthropic.InternalServerError && overloaded.status === 529);
    const internal = (await seenBy(reply.error(500, 'api_error', 'Internal server error'))).error;
    assert.ok(internal instanceof Anthropic.InternalServerError);
    assert.equal(internal.apiMessage, 'Internal server error');
  });

  it('as a page of a proxy', async () => {
    const { error } = await seenBy(reply.html());
    assert.ok(error instanceof Anthropic.InternalServerError && error.status === 502);
    assert.equal(error.type, null);
    assert.match(error.message, /Bad Gateway/);
  });

  it('as a refused or closed connection', async () => {
    assert.ok((await seenBy(reply.drop())).error instanceof Anthropic.APIConnectionError);
  });

  it('as an error event in the middle of a stream', async () => {
    const { error, text } = await seenBy(reply.text('so far').midStreamError());
    assert.ok(error instanceof Anthropic.APIError);
    assert.equal(error instanceof Anthropic.InternalServerError, false);
    assert.equal(error.status, undefined);
    assert.equal(error.type, 'overloaded_error');
    assert.match(error.requestID ?? '', /^req_01/);
    assert.equal(text, 'so far');
  });

  it('as a socket that is cut, after all that was sent before', async () => {
    const { error, text } = await seenBy(reply.text('a b c', { chunks: ['a ', 'b ', 'c'] }).cutAfter(4));
    assert.ok(error instanceof Anthropic.AnthropicError);
    assert.equal(error instanceof Anthropic.APIError, false);
    assert.equal(error.message, 'terminated');
    assert.equal(text, 'a b ');
    assert.equal((await seenBy(reply.text('x').cut())).text, 'x');
  });

  it('as a stream that ends without message_stop', async () => {
    for (const fault of [reply.text('x').withoutMessageStop(), reply.text('x').close()]) {
      const { error } = await seenBy(fault);
      assert.ok(error instanceof Anthropic.AnthropicError);
      assert.match(error.message, /stream ended without producing a Message/);
    }
  });

  it('as invalid and as truncated tool input', async () => {
    const { error } = await seenBy(reply.toolJson('x', '{"a": nonsense}'));
    assert.ok(error instanceof Anthropic.AnthropicError);
    const truncated = (await seenBy(reply.toolJson('x', '{"a": "tr').stop('max_tokens'))).error;
    assert.equal((truncated as Anthropic.Message).stop_reason, 'max_tokens');
    assert.deepEqual((truncated as Anthropic.Message).content[0], {
      ...(truncated as Anthropic.Message).content[0],
      input: {},
    });
  });

  it('as unknown events and blocks, which the client tolerates', async () => {
    const strange = { type: 'hologram', data: 'x' };
    const { error: message } = await seenBy(reply.event('novelty', { type: 'novelty' }).text('x').block(strange));
    assert.equal((message as Anthropic.Message).stop_reason, 'end_turn');
    assert.equal((message as Anthropic.Message).content.length, 2);
  });

  it('as a pause, a redacted thought and an empty answer', async () => {
    const paused = (
      await seenBy(
        reply
          .block({ type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'x' } })
          .stop('pause_turn'),
      )
    ).error as Anthropic.Message;
    assert.equal(paused.stop_reason, 'pause_turn');
    assert.deepEqual(paused.content[0]?.type === 'server_tool_use' && paused.content[0].input, { query: 'x' });
    await withFake(async (fake, client) => {
      fake.enqueue(reply.redactedThinking().text('x'));
      const message = await client.messages.stream({ ...hello, thinking: { type: 'adaptive' } }).finalMessage();
      assert.equal(message.content[0]?.type, 'redacted_thinking');
    });
    assert.deepEqual(((await seenBy(reply.stop('end_turn'))).error as Anthropic.Message).content, []);
  });

  it('as silence: nothing more comes, and the connection stays until the client closes it', async () => {
    await withFake(async (fake, client) => {
      fake.enqueue(reply.text('so far').stall());
      const stream = client.messages.stream(hello);
      let heard = 0;
      stream.on('text', () => {
        heard += 1;
        setTimeout(() => stream.abort(), 60);
      });
      await assert.rejects(stream.finalMessage(), Anthropic.APIUserAbortError);
      assert.equal(heard, 1);
      await fake.messages[0]?.done;
      assert.equal(fake.messages[0]?.aborted, true);
    });
  });

  it('as headers that are late: the client times out', async () => {
    await withFake(async (fake, client) => {
      fake.enqueue(reply.delayHeaders(2_000).text('late'));
      await assert.rejects(client.messages.create(hello, { timeout: 50 }), Anthropic.APIConnectionTimeoutError);
    });
  });

  it('as retries that the client makes by itself when it is let', async () => {
    await withFake(async (fake, client) => {
      fake.enqueue(reply.error(529, 'overloaded_error', 'Overloaded', { 'retry-after-ms': '1' }), reply.text('then'));
      const message = await client.withOptions({ maxRetries: 1 }).messages.create(hello);
      assert.ok(message.content[0]?.type === 'text' && message.content[0].text === 'then');
      assert.deepEqual(
        fake.messages.map(({ headers }) => headers['x-stainless-retry-count']),
        ['0', '1'],
      );
    });
  });

  it('as rate limits that are kept when they are set', async () => {
    await withFake(
      async (fake, client) => {
        const { response } = await client.messages.create(hello).withResponse();
        assert.equal(response.headers.get('anthropic-ratelimit-requests-limit'), '1');
        assert.equal(response.headers.get('anthropic-ratelimit-requests-remaining'), '0');
        assert.match(response.headers.get('anthropic-ratelimit-tokens-reset') ?? '', /^\d{4}-\d\d-\d\dT[\d:]+Z$/);
        await assert.rejects(client.messages.create(hello), (error) => {
          assert.ok(error instanceof Anthropic.RateLimitError);
          assert.equal(error.headers.get('retry-after'), '60');
          return true;
        });
        fake.clock.advance(60_000);
        await client.messages.create(hello);
      },
      { rateLimits: { requests: 1, inputTokens: 1_000, outputTokens: 1_000 } },
    );
  });

  it('on count_tokens and models too', async () => {
    await withFake(async (fake, client) => {
      fake.enqueueFault('models', reply.overloaded());
      fake.enqueueFault('count_tokens', reply.rateLimited(1));
      await assert.rejects(client.models.list(), Anthropic.InternalServerError);
      await assert.rejects(
        client.messages.countTokens({ model: hello.model, messages: [...hello.messages] }),
        Anthropic.RateLimitError,
      );
      assert.ok((await client.models.list()).data.length > 3);
    });
  });
});
