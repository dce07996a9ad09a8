/** Models, prices and tokens. */
import assert from 'node:assert/strict';
import type Anthropic from '@anthropic-ai/sdk';
import { inputTokens, ratesFor, tokenUsage, usdOf } from '../../../../src/core/models/cost';
import { behindGateway, defaultMaxTokens, modelOf, modelTable, undated } from '../../../../src/core/models/models';
import { addUsage, noUsage, type TokenUsage } from '../../../../src/shared/tokenUsage';
import { haiku, opus, sonnet } from '../prompt/paths';

describe('The table of models', () => {
  /** As published, in US dollars per million tokens: input, output, 5-minute write, 1-hour write, read (API-FACTS §7.3). */
  const published: readonly (readonly [string, number, number, number, number, number, number, number])[] = [
    ['claude-opus-4-8', 1_000_000, 128_000, 5, 25, 6.25, 10, 0.5],
    ['claude-sonnet-4-6', 1_000_000, 64_000, 3, 15, 3.75, 6, 0.3],
    ['claude-haiku-4-5', 200_000, 64_000, 1, 5, 1.25, 2, 0.1],
    ['claude-haiku-4-5-20251001', 200_000, 64_000, 1, 5, 1.25, 2, 0.1],
    ['claude-opus-5', 1_000_000, 128_000, 5, 25, 6.25, 10, 0.5],
    ['claude-opus-4-7', 1_000_000, 128_000, 5, 25, 6.25, 10, 0.5],
    ['claude-opus-4-6', 1_000_000, 128_000, 5, 25, 6.25, 10, 0.5],
    ['claude-opus-4-5-20251101', 200_000, 64_000, 5, 25, 6.25, 10, 0.5],
    ['claude-sonnet-4-5-20250929', 200_000, 64_000, 3, 15, 3.75, 6, 0.3],
    ['claude-sonnet-5', 1_000_000, 128_000, 2, 10, 2.5, 4, 0.2],
    ['claude-sonnet-5-5', 1_000_000, 128_000, 2, 10, 2.5, 4, 0.1],
    ['claude-haiku-5-5', 1_000_000, 128_000, 0.1, 0.5, 0.125, 0.2, 0.01],
    ['claude-fable-5-2', 1_000_000, 128_000, 8, 40, 10, 16, 0.2],
    ['claude-opus-5-5', 1_000_000, 128_000, 4, 20, 5, 8, 0.2],
    ['claude-fable-5', 1_000_000, 128_000, 10, 50, 12.5, 20, 1],
    ['claude-mythos-5', 1_000_000, 128_000, 10, 50, 12.5, 20, 1],
    ['claude-fable-5-1', 1_000_000, 128_000, 10, 50, 12.5, 20, 0.25],
    ['claude-mythos-5-1', 1_000_000, 128_000, 10, 50, 12.5, 20, 0.25],
  ];
  it('holds nothing that is not published', () => {
    const known = published.map(([id]) => undated(id));
    assert.deepEqual(
      modelTable.map(({ id }) => id).filter((id) => !known.includes(id)),
      [],
    );
  });

  for (const [id, window, maxOutput, input, output, write5m, write1h, read] of published) {
    it(`has the published limits and prices of ${id}`, () => {
      const model = modelOf(id);
      assert.equal(model.id, id);
      assert.deepEqual([model.window, model.maxOutput], [window, maxOutput]);
      const prices = model.prices;
      assert.ok(prices);
      const expected = { input, output, write5m, write1h, read };
      for (const [name, usd] of Object.entries(expected)) {
        assert.ok(Math.abs(prices[name as keyof typeof expected] - usd) < 1e-9, name);
      }
    });
  }

  it('has the smallest cacheable prefix of each model (API-FACTS §6.1)', () => {
    const expected = { [opus]: 1024, [sonnet]: 1024, [haiku]: 4096, 'claude-opus-4-7': 2048, 'claude-opus-4-6': 4096 };
    for (const [id, tokens] of Object.entries(expected)) assert.equal(modelOf(id).minCacheable, tokens, id);
    for (const id of ['claude-opus-5', 'claude-fable-5', 'claude-opus-5-5', 'claude-sonnet-5-5']) {
      assert.equal(modelOf(id).minCacheable, 512, id);
    }
  });

  it('knows who takes thinking and which efforts (API-FACTS §5)', () => {
    assert.deepEqual(modelOf(opus).efforts, ['low', 'medium', 'high', 'xhigh', 'max']);
    assert.deepEqual(modelOf(sonnet).efforts, ['low', 'medium', 'high', 'max']);
    assert.deepEqual(modelOf(haiku).efforts, []);
    assert.equal(modelOf(haiku).adaptiveThinking, false);
    assert.equal(modelOf(sonnet).adaptiveThinking, true);
    const bound = modelTable.filter((model) => model.bindsThinking).map((model) => model.id);
    assert.deepEqual(bound, [
      'claude-opus-5-5',
      'claude-sonnet-5-5',
      'claude-haiku-5-5',
      'claude-fable-5-2',
      'claude-fable-5-1',
      'claude-mythos-5-1',
    ]);
    const haiku55 = modelOf('claude-haiku-5-5');
    assert.deepEqual([haiku55.adaptiveThinking, haiku55.efforts], [true, ['low', 'medium', 'high', 'max']]);
    assert.deepEqual([haiku55.defaultEffort, modelOf('claude-opus-5-5').defaultEffort], ['medium', 'medium']);
    assert.deepEqual([modelOf(opus).defaultEffort, modelOf(haiku).defaultEffort], ['high', null]);
  });

  it('takes an unknown model for a careful one without a price', () => {
    for (const id of ['claude-haiku-9-9', 'my-gateway/opus', 'claude-opus-4-8-turbo', 'claude-opus-4-80']) {
      const model = modelOf(id);
      assert.deepEqual([model.id, model.name, model.prices], [id, id, null]);
      assert.deepEqual([model.adaptiveThinking, model.efforts, model.maxOutput], [false, [], 64_000]);
    }
  });

  const behind: readonly (readonly [string, string, number?])[] = [
    ['us.anthropic.claude-opus-4-8-v1:0', 'claude-opus-4-8'],
    ['global.anthropic.claude-sonnet-4-6-20260217-v1:0', 'claude-sonnet-4-6'],
    ['anthropic.claude-haiku-4-5-20251001-v1:0', 'claude-haiku-4-5'],
    ['bedrock/eu.anthropic.claude-opus-5-v1', 'claude-opus-5'],
    ['arn:aws:bedrock:us-east-1:1:inference-profile/us.anthropic.claude-opus-4-8-v1:0', 'claude-opus-4-8'],
    ['claude-sonnet-4-6@20260217', 'claude-sonnet-4-6'],
    ['vertex_ai/claude-haiku-4-5@20251001', 'claude-haiku-4-5'],
    ['claude-opus-4-8@default', 'claude-opus-4-8'],
    ['anthropic/claude-opus-4.8', 'claude-opus-4-8'],
    ['openrouter/anthropic/claude-fable-5.2:thinking', 'claude-fable-5-2'],
    ['claude-opus-4.8', 'claude-opus-4-8'],
    ['claude-4.5-sonnet', 'claude-sonnet-4-5'],
    ['databricks-claude-sonnet-5', 'claude-sonnet-5'],
    ['Anthropic/Claude-Opus-5-5', 'claude-opus-5-5'],
    ['gemini-claude-sonnet-4-6-thinking', 'claude-sonnet-4-6'],
    ['claude-sonnet-4-6-latest', 'claude-sonnet-4-6'],
    ['claude-opus-4-8[1m]', 'claude-opus-4-8'],
    ['claude-sonnet-4-5[1m]', 'claude-sonnet-4-5', 1_000_000],
    ['anthropic.claude-sonnet-4-5-20250929-v1:0:1m', 'claude-sonnet-4-5', 1_000_000],
  ];
  for (const [id, same, window] of behind) {
    it(`L46 knows ${id} for ${same}, without a price`, () => {
      const model = modelOf(id);
      const known = modelOf(same);
      assert.deepEqual(model, { ...known, id, name: id, prices: null, window: window ?? known.window });
      assert.equal(usdOf(model, { input: 1, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, output: 1 }), null);
    });
  }

  it('L46 knows nothing of what is only like one', () => {
    const others = [
      'claude-3-5-sonnet-20241022',
      'anthropic/claude-opus-9',
      'notclaude-opus-4-8',
      'claude-opus-4-8-turbo',
      'claude',
      '',
    ];
    for (const id of others) assert.equal(behindGateway(id), null, id);
    const long = `${'a-'.repeat(50_000)}claude-opus-4-8`;
    assert.equal(behindGateway(long)?.id, 'claude-opus-4-8');
  });

  it('begins with the default and gives room for long answers within the limit', () => {
    assert.equal(modelTable[0]?.id, opus);
    assert.equal(new Set(modelTable.map((model) => model.id)).size, modelTable.length);
    for (const model of modelTable) {
      assert.ok(defaultMaxTokens(model) <= model.maxOutput && defaultMaxTokens(model) >= 32_000);
    }
  });
});

describe('The cost of an answer', () => {
  const usage: TokenUsage = { input: 100, cacheRead: 20_000, cacheWrite5m: 3_000, cacheWrite1h: 400, output: 800 };

  it('is that of its four kinds of input and of its output (L12)', () => {
    const usd = (100 * 5 + 20_000 * 0.5 + 3_000 * 6.25 + 400 * 10 + 800 * 25) / 1e6;
    assert.ok(Math.abs((usdOf(modelOf(opus), usage) ?? 0) - usd) < 1e-12);
    assert.equal(inputTokens(usage), 23_500);
  });

  it('has a cent for each search of the web, whatever else is said of them', () => {
    const said = {
      input_tokens: 100,
      output_tokens: 10,
      server_tool_use: { web_search_requests: 2, web_fetch_requests: 9 },
    };
    const searched = tokenUsage(said);
    const { searches, ...rest } = searched;
    assert.equal(searches, 2);
    const opusModel = modelOf(opus);
    assert.ok(Math.abs((usdOf(opusModel, searched) ?? 0) - (usdOf(opusModel, rest) ?? 0) - 0.02) < 1e-12);
    assert.equal(addUsage(addUsage(searched, rest), searched).searches, 4);
    for (const odd of [
      null,
      'two',
      {},
      { web_search_requests: -1 },
      { web_search_requests: 'x' },
      { web_search_requests: 0 },
    ]) {
      assert.equal('searches' in tokenUsage({ ...said, server_tool_use: odd }), false);
    }
    assert.equal(usdOf(modelOf('someone/else'), searched), null);
  });

  it('is unknown, not zero, where the price is', () => {
    assert.equal(usdOf(modelOf('someone/else'), usage), null);
  });

  it('is that of the prompt’s size where larger prompts cost more', () => {
    const tiered = modelOf('claude-haiku-5-5');
    const small: TokenUsage = { ...usage, cacheRead: 100_000 - 3_500, output: 1000 };
    assert.equal(inputTokens(small), 100_000);
    const low = (100 * 0.1 + 96_500 * 0.01 + 3_000 * 0.125 + 400 * 0.2 + 1000 * 0.5) / 1e6;
    assert.ok(Math.abs((usdOf(tiered, small) ?? 0) - low) < 1e-12);
    // One token more: the whole request is billed at the higher rates.
    const large = { ...small, input: 101 };
    const high = (101 * 0.5 + 96_500 * 0.05 + 3_000 * 0.625 + 400 * 1 + 1000 * 2.5) / 1e6;
    assert.ok(Math.abs((usdOf(tiered, large) ?? 0) - high) < 1e-12);
    const opusPrices = modelOf(opus).prices;
    assert.ok(opusPrices);
    assert.equal(ratesFor(opusPrices, 900_000), opusPrices, 'one rate where there is one');
  });

  it('comes from the usage of the API, whichever of its fields are there', () => {
    const wire = { input_tokens: 10, output_tokens: 5 } as Anthropic.Usage;
    const none = { input: 10, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, output: 5 };
    assert.deepEqual(tokenUsage(wire), none);
    const total = { ...wire, cache_creation_input_tokens: 70, cache_read_input_tokens: 30 };
    assert.deepEqual(tokenUsage(total), { ...none, cacheRead: 30, cacheWrite5m: 70 });
    const parts = { ephemeral_5m_input_tokens: 20, ephemeral_1h_input_tokens: 50 };
    const split = { ...total, cache_creation: parts };
    assert.deepEqual(tokenUsage(split), { ...none, cacheRead: 30, cacheWrite5m: 20, cacheWrite1h: 50 });
    const nulls = { ...wire, cache_creation: null, cache_creation_input_tokens: null, cache_read_input_tokens: null };
    assert.deepEqual(tokenUsage(nulls), none);
  });

  it('is unknown in each field that is no count of tokens, and so is the whole (L39)', () => {
    const wire = { input_tokens: 10, output_tokens: 5, cache_read_input_tokens: 30, cache_creation_input_tokens: 70 };
    const known = { input: 10, cacheRead: 30, cacheWrite5m: 70, cacheWrite1h: 0, output: 5 };
    const odd = [-1, 1.5, '12', true, {}, [], Number.NaN, 2 ** 60];
    for (const value of odd) {
      assert.deepEqual(tokenUsage({ ...wire, input_tokens: value }), { ...known, input: null });
      assert.deepEqual(tokenUsage({ ...wire, output_tokens: value }), { ...known, output: null });
      assert.deepEqual(tokenUsage({ ...wire, cache_read_input_tokens: value }), { ...known, cacheRead: null });
      const written = tokenUsage({ ...wire, cache_creation_input_tokens: value });
      assert.deepEqual(written, { ...known, cacheWrite5m: null });
      assert.equal(usdOf(modelOf(opus), written), null);
    }
    for (const value of [null, undefined]) {
      assert.equal(tokenUsage({ ...wire, input_tokens: value }).input, null);
      assert.equal(tokenUsage({ ...wire, output_tokens: value }).output, null);
    }
    for (const value of [undefined, null, 7, 'usage', []]) {
      assert.deepEqual(Object.values(tokenUsage(value)), [null, null, null, null, null], JSON.stringify(value));
    }
    assert.equal(tokenUsage({ ...wire, cache_creation: 'x' }).cacheWrite1h, null);
  });

  it('takes what was written beyond the breakdown of message_start as written for five minutes', () => {
    const split = { ephemeral_5m_input_tokens: 3000, ephemeral_1h_input_tokens: 68 };
    const usage = { input_tokens: 1, output_tokens: 1, cache_creation: split };
    const { cacheWrite5m, cacheWrite1h } = tokenUsage({ ...usage, cache_creation_input_tokens: 3337 });
    assert.deepEqual([cacheWrite5m, cacheWrite1h], [3269, 68]);
    assert.deepEqual([tokenUsage(usage).cacheWrite5m, tokenUsage(usage).cacheWrite1h], [3000, 68]);
  });

  it('stays unknown in every sum', () => {
    const unsaid: TokenUsage = { ...usage, output: null };
    assert.deepEqual(addUsage(usage, unsaid), { ...addUsage(usage, usage), output: null });
    assert.deepEqual(addUsage(unsaid, noUsage), unsaid);
  });
});
