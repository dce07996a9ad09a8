import assert from 'node:assert/strict';
import Anthropic from '@anthropic-ai/sdk';
import { clientOf, hello, post, withFake } from './helpers';

const mark = { type: 'ephemeral' } as const;
const system = (words: number) => [
  { type: 'text' as const, text: 'system '.repeat(words).trim(), cache_control: mark },
];

describe('The fake API lists models and counts tokens', () => {
  it('pages through the models, newest first, and describes each', async () => {
    await withFake(async (_fake, client) => {
      const ids: string[] = [];
      for await (const model of client.models.list({ limit: 2 })) ids.push(model.id);
      assert.equal(new Set(ids).size, ids.length);
      assert.ok(ids.length > 4 && ids.includes('claude-opus-4-8'));
      const first = await client.models.list({ limit: 3 });
      assert.deepEqual(
        first.data.map(({ id }) => id),
        ids.slice(0, 3),
      );
      const before = await client.models.list({ before_id: ids[3] ?? '', limit: 2 });
      assert.deepEqual(
        before.data.map(({ id }) => id),
        ids.slice(1, 3),
      );
      const dates = (await client.models.list()).data.map(({ created_at }) => created_at);
      assert.deepEqual(dates, dates.toSorted().toReversed());
      const haiku = await client.models.retrieve('claude-haiku-4-5');
      assert.equal(haiku.id, 'claude-haiku-4-5-20251001');
      assert.equal(haiku.max_input_tokens, 200_000);
      assert.equal(haiku.capabilities?.thinking.types.adaptive.supported, false);
      assert.equal(haiku.capabilities?.effort.supported, false);
      await assert.rejects(client.models.retrieve('claude-foo'), Anthropic.NotFoundError);
      await assert.rejects(client.models.list({ limit: 0 }), Anthropic.BadRequestError);
    });
  });

  it('counts what messages then bills, caching apart', async () => {
    await withFake(async (fake, client) => {
      const body = { model: hello.model, system: system(2_000), messages: [...hello.messages] };
      const { input_tokens } = await client.messages.countTokens(body);
      const { usage } = await client.messages.create({ ...body, max_tokens: 100 });
      const billed =
        usage.input_tokens + (usage.cache_creation_input_tokens ?? 0) + (usage.cache_read_input_tokens ?? 0);
      assert.equal(billed, input_tokens);
      assert.equal(fake.usageLog.length, 1, 'count_tokens is free');
    });
  });

  it('counts differently by profile, which the client is not told', async () => {
    const counts: number[] = [];
    for (const profile of ['light', 'dense', { prose: 3, code: 3, cjk: 3, newer: 1 }] as const) {
      await withFake(
        async (_fake, client) => {
          const content = 'Some prose to be counted. '.repeat(100);
          counts.push(
            (await client.messages.countTokens({ model: 'claude-sonnet-4-6', messages: [{ role: 'user', content }] }))
              .input_tokens,
          );
        },
        { profile },
      );
    }
    assert.equal(new Set(counts).size, 3);
  });
});

describe('The cache of the fake API works over HTTP', () => {
  it('bills writes and reads, forgets on the virtual clock, and adds up the money', async () => {
    await withFake(async (fake, client) => {
      const ask = async () => (await client.messages.create({ ...hello, max_tokens: 50, system: system(2_000) })).usage;
      const first = await ask();
      assert.ok((first.cache_creation_input_tokens ?? 0) > 1_024);
      const second = await ask();
      assert.equal(second.cache_read_input_tokens, first.cache_creation_input_tokens);
      fake.clock.advance(5 * 60_000);
      assert.equal((await ask()).cache_read_input_tokens, 0);
      const bill = fake.bill();
      const input = fake.usageLog.map(
        ({ usage }) =>
          usage.input_tokens * 5 + usage.cache_creation_input_tokens * 6.25 + usage.cache_read_input_tokens * 0.5,
      );
      assert.ok(Math.abs(bill.inputUsd - input.reduce((a, b) => a + b) / 1e6) < 1e-12);
      assert.ok(bill.outputUsd > 0 && bill.totalUsd === bill.inputUsd + bill.outputUsd);
      assert.equal(bill.requests, 3);
    });
  });

  it('warms up with max_tokens 0: no content, full usage, an entry', async () => {
    await withFake(async (_fake, client) => {
      const body = { ...hello, system: system(2_000) };
      const warm = await client.messages.create({ ...body, max_tokens: 0 });
      assert.deepEqual([warm.content, warm.stop_reason, warm.usage.output_tokens], [[], 'max_tokens', 0]);
      const next = await client.messages.stream(body).finalMessage();
      assert.equal(next.usage.cache_read_input_tokens, warm.usage.cache_creation_input_tokens);
    });
  });

  it('does not let a request read what a parallel one has not begun to answer', async () => {
    await withFake(async (fake, client) => {
      const body = { ...hello, system: system(2_000) };
      const held = fake.hold();
      const slow = client.messages.stream(body);
      await held.request;
      const parallel = await client.messages.stream(body).finalMessage();
      assert.equal(parallel.usage.cache_read_input_tokens, 0);
      await held.push('x');
      await held.end();
      assert.equal((await slow.finalMessage()).usage.cache_read_input_tokens, 0);
    });
  });

  it('writes nothing for a request that failed', async () => {
    await withFake(async (fake, client) => {
      const held = fake.hold();
      const body = { ...hello, system: system(2_000) };
      const failing = client.messages.create(body);
      await held.fail(529, 'overloaded_error', 'Overloaded');
      await assert.rejects(failing, Anthropic.InternalServerError);
      assert.equal(fake.ledger.size(fake.clock.now()), 0);
      assert.equal(fake.usageLog.length, 0);
    });
  });
});

describe('Cache diagnostics tell where a prompt diverged', () => {
  it('by model, system, tools and messages, and not at all when it only grew', async () => {
    await withFake(async (fake) => {
      const tools = [{ name: 'look', input_schema: { type: 'object' } }];
      const base = { ...hello, tools, system: system(2_000), max_tokens: 50 };
      const send = async (body: object, previous: string | null) => {
        const { text } = await post(fake, { ...body, diagnostics: { previous_message_id: previous } });
        return JSON.parse(text) as {
          id: string;
          diagnostics: { cache_miss_reason: { type: string; cache_missed_input_tokens?: number } } | null;
        };
      };
      const first = await send(base, null);
      assert.equal(first.diagnostics, null);
      const grown = {
        ...base,
        messages: [...base.messages, { role: 'assistant', content: 'a' }, { role: 'user', content: 'b' }],
      };
      assert.equal((await send(grown, first.id)).diagnostics, null);
      const reasons = [
        [{ ...grown, model: 'claude-opus-4-7' }, 'model_changed'],
        [{ ...grown, system: system(2_001) }, 'system_changed'],
        [{ ...grown, tools: [{ ...tools[0], description: 'x' }] }, 'tools_changed'],
        [{ ...grown, tools: [...tools, { ...tools[0], name: 'more' }] }, 'tools_changed'],
        [{ ...grown, messages: [{ role: 'user', content: 'Bye' }] }, 'messages_changed'],
        [{ ...grown, tool_choice: { type: 'none' } }, 'unavailable'],
      ] as const;
      for (const [body, type] of reasons) {
        const { diagnostics } = await send(body, first.id);
        assert.equal(diagnostics?.cache_miss_reason.type, type);
        const tokens = diagnostics?.cache_miss_reason.cache_missed_input_tokens;
        if (type !== 'unavailable') assert.ok((tokens ?? 0) > 0, `${type} ${tokens}`);
      }
      assert.equal(
        (await send(grown, 'msg_unknown')).diagnostics?.cache_miss_reason.type,
        'previous_message_not_found',
      );
      fake.clock.advance(2 * 60 * 60_000);
      assert.equal((await send(grown, first.id)).diagnostics?.cache_miss_reason.type, 'previous_message_not_found');
    });
  });

  it('are absent unless asked for, and may be pending', async () => {
    await withFake(
      async (fake) => {
        const client = clientOf(fake);
        const first = await client.messages.create({ ...hello, diagnostics: { previous_message_id: null } });
        assert.equal(first.diagnostics, null);
        const next = await client.messages.create({ ...hello, diagnostics: { previous_message_id: 'msg_x' } });
        assert.deepEqual(next.diagnostics, { cache_miss_reason: null });
        assert.equal('diagnostics' in (await client.messages.create(hello)), false);
      },
      { switches: { diagnosticsPending: true } },
    );
  });
});
