/** The models as the API lists them, and the table where it cannot be asked. */
import assert from 'node:assert/strict';
import type { ApiAccess } from '../../../../src/core/api/access';
import { type CatalogParts, ModelCatalog } from '../../../../src/core/api/modelList';
import { effortFor, modelOf, modelTable } from '../../../../src/core/models/models';
import { planRequest } from '../../../../src/core/prompt/request';
import type { Store } from '../../../../src/core/record/store';
import { familyStrings } from '../../../../src/host/base/plainStrings';
import { modelChoices } from '../../../../src/host/pricing/models';
import { reply } from '../../../fakeClaude/script';
import { type FakeClaude, startFakeClaude } from '../../../fakeClaude/server';
import { blobs, haiku, opus, PathMaker, settings, sonnet } from '../prompt/paths';

const day = 24 * 3_600_000;

function storeInMemory(): Pick<Store, 'getValue' | 'setValue'> & { readonly values: Map<string, string> } {
  const values = new Map<string, string>();
  return {
    values,
    getValue: async (key) => values.get(key) ?? null,
    setValue: async (key, value) => {
      if (value === null) values.delete(key);
      else values.set(key, value);
    },
  };
}

describe('The list of models', () => {
  let fake: FakeClaude;
  let now = 0;
  let chosen = opus;
  let access: ApiAccess | null = null;
  let store = storeInMemory();
  let warnings: string[] = [];

  before(async () => {
    fake = await startFakeClaude();
  });
  after(() => fake.close());
  beforeEach(() => {
    fake.requests.length = 0;
    now = Date.UTC(2026, 10, 22);
    chosen = opus;
    access = { apiKey: 'sk-test', baseUrl: fake.url, headers: { 'x-team': 'blue' } };
    store = storeInMemory();
    warnings = [];
  });

  function catalog(more: Partial<CatalogParts> = {}): ModelCatalog {
    return new ModelCatalog({
      store,
      api: { access: async () => access },
      clock: { now: () => now },
      log: { info: () => undefined, warn: (message) => warnings.push(message), error: () => undefined },
      fetch: globalThis.fetch,
      chosen: () => chosen,
      ...more,
    });
  }

  const paths = (): readonly string[] =>
    fake.requests.map(({ method, path, query }) => `${method} ${path}${query === '' ? '' : `?${query}`}`);

  /** Answers of a server in one's head: path and query → body; anything else is 404. */
  function answering(answers: Readonly<Record<string, unknown>>): {
    readonly fetch: typeof globalThis.fetch;
    readonly asked: string[];
  } {
    const asked: string[] = [];
    const fetch: typeof globalThis.fetch = async (input) => {
      const url = new URL(input instanceof Request ? input.url : input);
      const path = `${url.pathname}${url.search}`;
      asked.push(path);
      const body = answers[path];
      const missing = { type: 'error', error: { type: 'not_found_error', message: 'model: x' } };
      return Response.json(body ?? missing, { status: body === undefined ? 404 : 200 });
    };
    return { fetch, asked };
  }

  it('is the table until somebody asks, and asks for nothing by itself', async () => {
    const models = catalog();
    await models.load();
    assert.equal(models.state, 'table');
    assert.deepEqual(models.of(sonnet), modelOf(sonnet));
    assert.deepEqual(
      models.listed.map(({ model }) => model.id),
      modelTable.map(({ id }) => id),
    );
    assert.deepEqual(paths(), []);
  });

  it('takes limits and capabilities from the live answer, prices from the table', async () => {
    const models = catalog();
    const seen: string[] = [];
    models.onDidChange(() => seen.push(models.state));
    await models.ask();
    assert.deepEqual(seen, ['asking', 'live']);
    assert.deepEqual(paths(), ['GET /v1/models?limit=100']);
    assert.equal(fake.requests[0]?.headers['x-team'], 'blue');
    const live = models.of('claude-opus-4-7');
    assert.deepEqual(live.prices, modelOf('claude-opus-4-7').prices);
    assert.deepEqual(
      [live.window, live.maxOutput, live.adaptiveThinking, live.imageInput],
      [1_000_000, 128_000, true, true],
    );
    assert.deepEqual(models.of(haiku).efforts, []);
    assert.equal(models.of(haiku).adaptiveThinking, false);
    assert.deepEqual(models.of(sonnet).efforts, ['low', 'medium', 'high', 'max']);
    assert.equal(models.listed[0]?.model.id, 'claude-opus-5-5', 'newest first, as the API lists them');
  });

  it('believes the live answer where it differs from the table', async () => {
    const info = {
      id: sonnet,
      type: 'model',
      display_name: 'Claude Sonnet 4.6',
      max_input_tokens: 500_000,
      max_tokens: 99_000,
      lifecycle: 'active',
      capabilities: {
        image_input: { supported: false },
        server_tools: { supported: true, web_search: { supported: false } },
        effort: { supported: true, low: { supported: true }, high: { supported: true }, max: { supported: false } },
        thinking: { supported: true, types: { adaptive: { supported: false }, enabled: { supported: true } } },
      },
    };
    const { fetch } = answering({ '/v1/models?limit=100': { data: [info, { ...info, id: opus }], has_more: false } });
    const models = catalog({ fetch });
    await models.ask();
    const model = models.of(sonnet);
    assert.deepEqual(
      [model.window, model.maxOutput, model.adaptiveThinking, model.imageInput, model.efforts],
      [500_000, 99_000, false, false, ['low', 'high']],
    );
    assert.deepEqual([model.webSearch, model.webFetch], [false, true], 'of fetching the list says nothing');
    assert.deepEqual(model.prices, modelOf(sonnet).prices);
    // What is sent follows: no thinking, an effort that the model takes, max_tokens within its limit.
    const path = new PathMaker().snapshot().user('Why?').entries;
    const chosenSettings = { ...settings, model: sonnet, effort: 'max', maxTokens: 200_000 } as const;
    const request = planRequest({ path, model, settings: chosenSettings, tools: [], blobs }).request;
    assert.equal(request.thinking, undefined);
    assert.equal(request.output_config, undefined, 'high is its default');
    assert.equal(request.max_tokens, 99_000);
  });

  it('goes through all pages', async () => {
    const page = (ids: readonly string[], more: boolean) => ({
      data: ids.map((id) => ({ id, type: 'model', display_name: id })),
      has_more: more,
      first_id: ids[0],
      last_id: ids.at(-1),
    });
    const { fetch, asked } = answering({
      '/v1/models?limit=100': page([opus, 'a'], true),
      '/v1/models?after_id=a&limit=100': page(['b', 'c'], true),
      '/v1/models?limit=100&after_id=a': page(['b', 'c'], true),
      '/v1/models?after_id=c&limit=100': page(['d'], false),
      '/v1/models?limit=100&after_id=c': page(['d'], false),
    });
    const models = catalog({ fetch });
    await models.ask();
    assert.equal(asked.length, 3);
    assert.deepEqual(
      models.listed.map(({ model }) => model.id),
      [opus, 'a', 'b', 'c', 'd'],
    );
  });

  it('asks by id for a chosen model that the list lacks, once', async () => {
    const list = { data: [{ id: opus, type: 'model', display_name: 'Claude Opus 4.8' }], has_more: false };
    const own = { id: 'my-tuned', type: 'model', display_name: 'Tuned', max_input_tokens: 70_000, max_tokens: 4_000 };
    const { fetch, asked } = answering({ '/v1/models?limit=100': list, '/v1/models/my-tuned': own });
    chosen = 'my-tuned';
    const models = catalog({ fetch });
    await models.ask();
    assert.deepEqual(asked, ['/v1/models?limit=100', '/v1/models/my-tuned']);
    assert.deepEqual([models.of('my-tuned').window, models.of('my-tuned').maxOutput], [70_000, 4_000]);
    assert.equal(models.of('my-tuned').prices, null);
    chosen = 'nobody-knows';
    await models.ask();
    await models.ask();
    assert.deepEqual(asked.slice(2), ['/v1/models/nobody-knows'], 'an unknown one is not asked for again');
    assert.equal(models.state, 'live');
  });

  it('retrieves one from the API by its short name', async () => {
    chosen = haiku;
    const models = catalog();
    await models.ask();
    assert.deepEqual(paths(), ['GET /v1/models?limit=100'], 'the list has it by its dated id');
    assert.equal(models.of(haiku).id, haiku);
    chosen = 'claude-nobody';
    await models.ask();
    assert.equal(paths().at(-1), 'GET /v1/models/claude-nobody');
  });

  it('is kept for a day, over a restart too, and for its address only', async () => {
    await catalog().ask();
    const again = catalog();
    await again.load();
    assert.equal(again.state, 'live');
    now += day - 1;
    await again.ask();
    again.answered();
    assert.equal(paths().length, 1);
    now += 1;
    await again.ask();
    assert.equal(paths().length, 2);
    access = { apiKey: 'sk-test', baseUrl: 'https://gateway.example', headers: {} };
    await again.load();
    assert.equal(again.state, 'table');
  });

  it('never keeps the key (L33)', async () => {
    await catalog().ask();
    assert.ok(store.values.size > 0);
    assert.ok(![...store.values.values()].join().includes('sk-test'));
  });

  it('falls back to the table when the API cannot be reached, says so, and is not asked at every answer', async () => {
    fake.enqueueFault('models', reply.error(500, 'api_error', 'Internal server error'));
    const models = catalog();
    await models.ask();
    assert.equal(models.state, 'failed');
    assert.deepEqual(models.of(opus), modelOf(opus));
    assert.equal(models.listed.length, modelTable.length);
    assert.deepEqual(warnings, ['The list of models could not be had: serverError.']);
    models.answered();
    assert.equal(paths().length, 1);
    // Who opens the list asks again.
    await models.ask();
    assert.equal(models.state, 'live');
  });

  it('is left alone without a key, and damaged values in the store do no harm', async () => {
    access = null;
    const models = catalog();
    await models.ask();
    assert.equal(models.state, 'table');
    for (const damaged of ['{', '{"at":1}', 'null', '[]']) {
      store.values.set('models', damaged);
      await models.load();
      assert.equal(models.state, 'table', damaged);
    }
    assert.deepEqual(paths(), []);
  });

  it('takes a gateway’s bare ids, and nothing that is no model', async () => {
    const data = [{ id: sonnet }, { id: 'gpt-x', object: 'model' }, { name: 'no id' }, null, 'text'];
    const { fetch } = answering({ '/v1/models?limit=100': { data, has_more: false } });
    chosen = sonnet;
    const models = catalog({ fetch });
    await models.ask();
    assert.deepEqual(models.of(sonnet), modelOf(sonnet), 'the table knows what the gateway does not tell');
    assert.deepEqual(
      models.listed.map(({ model }) => model.id),
      [sonnet, 'gpt-x'],
    );
  });
});

describe('The models to choose from', () => {
  it('have name, phrase, prices and window, a price for larger prompts, and none where none is known', () => {
    const listed = [opus, 'claude-haiku-5-5', 'someone/else'].map((id) => ({ model: modelOf(id), facts: null }));
    const [first, tiered, unknown] = modelChoices(listed, modelOf(opus), 0);
    assert.deepEqual(first, {
      id: opus,
      name: 'Opus 4.8',
      phrase: familyStrings['opus']?.(),
      inputUsd: 5,
      outputUsd: 25,
      above: null,
      windowTokens: 1_000_000,
      efforts: ['low', 'medium', 'high', 'xhigh', 'max'],
      isDefault: true,
      isOlder: false,
      cheaper: null,
      retiresAt: null,
    });
    assert.deepEqual(tiered?.above, { promptTokens: 100_000, inputUsd: 0.5, outputUsd: 2.5 });
    assert.deepEqual([unknown?.inputUsd, unknown?.outputUsd], [null, null]);
  });

  it('have the chosen one among them, by its own id', () => {
    const listed = [{ model: modelOf(haiku), facts: null }];
    const ids = (chosen: string) => modelChoices(listed, modelOf(chosen), 0).map(({ id }) => id);
    assert.deepEqual(ids('my-gateway/opus'), ['my-gateway/opus', haiku]);
    assert.deepEqual(ids(haiku), [haiku]);
    assert.deepEqual(ids('claude-haiku-4-5-20251001'), ['claude-haiku-4-5-20251001']);
  });

  it('send the highest effort up to the chosen one', () => {
    assert.equal(effortFor(modelOf(opus), 'xhigh'), 'xhigh');
    assert.equal(effortFor(modelOf(sonnet), 'xhigh'), 'high');
    assert.equal(effortFor(modelOf(haiku), 'max'), null);
    assert.equal(effortFor({ ...modelOf(opus), efforts: ['medium', 'high'] }, 'max'), 'high');
    assert.equal(effortFor({ ...modelOf(opus), efforts: ['medium', 'high'] }, 'low'), 'medium');
  });
});
