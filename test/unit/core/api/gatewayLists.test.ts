/** Lists of models as gateways give them, and addresses that change meanwhile (L46, L48). */
import assert from 'node:assert/strict';
import type { ApiAccess } from '../../../../src/core/api/access';
import { type CatalogParts, ModelCatalog } from '../../../../src/core/api/modelList';
import { modelTable } from '../../../../src/core/models/models';

const day = 24 * 3_600_000;

describe('The list of a gateway', () => {
  let now = 0;
  let chosen = '';
  let access: ApiAccess | null = null;
  let values = new Map<string, string>();

  beforeEach(() => {
    now = Date.UTC(2026, 10, 22);
    chosen = 'claude-opus-4-8';
    access = { apiKey: 'sk-test', baseUrl: 'https://gateway.example', headers: {} };
    values = new Map();
  });

  function catalog(more: Partial<CatalogParts> = {}): ModelCatalog {
    return new ModelCatalog({
      store: {
        getValue: async (key) => values.get(key) ?? null,
        setValue: async (key, value) => void values.set(key, value ?? ''),
      },
      api: { access: async () => access },
      clock: { now: () => now },
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      fetch: globalThis.fetch,
      chosen: () => chosen,
      ...more,
    });
  }

  const shapes: readonly (readonly [string, unknown, readonly string[]])[] = [
    [
      'OpenAI’s',
      { object: 'list', data: [{ id: 'a', object: 'model', created: 1, owned_by: 'me' }, { id: 'b' }] },
      ['a', 'b'],
    ],
    ['a bare array', [{ id: 'a' }], ['a']],
    ['Ollama’s name for it', { models: [{ id: 'a', name: 'A' }] }, ['a']],
    ['duplicates', { data: [{ id: 'a' }, { id: 'a' }, { id: 'b' }] }, ['a', 'b']],
    [
      'dirt among it',
      {
        data: [
          null,
          7,
          'x',
          {},
          { id: '' },
          { id: 5 },
          { id: 'x'.repeat(1000) },
          { id: 'a', display_name: {}, capabilities: 'no', max_tokens: -1 },
        ],
      },
      ['a'],
    ],
  ];
  for (const [name, body, ids] of shapes) {
    it(`L46 is read in the shape of a gateway: ${name}`, async () => {
      chosen = 'a';
      const fetch = async (): Promise<Response> => Response.json(body);
      const models = catalog({ fetch });
      await models.ask();
      assert.equal(models.state, 'live');
      assert.deepEqual(
        models.listed.map(({ model }) => model.id),
        ids,
      );
      // Kept, and read again.
      const again = catalog({ fetch });
      await again.load();
      assert.deepEqual(
        again.listed.map(({ model }) => model.id),
        ids,
      );
    });
  }

  it('L46 takes windows as gateways name them, and the family of their ids', async () => {
    const id = 'us.anthropic.claude-opus-4-8-v1:0';
    chosen = id;
    const fetch = async (): Promise<Response> =>
      Response.json({ data: [{ id, name: 'Opus here', context_length: 150_000, max_output_tokens: 5000 }] });
    const models = catalog({ fetch });
    await models.ask();
    const { window, maxOutput, prices, adaptiveThinking, name, bindsThinking } = models.of(id);
    assert.deepEqual(
      [window, maxOutput, prices, adaptiveThinking, name, bindsThinking],
      [150_000, 5000, null, true, 'Opus here', false],
    );
  });

  for (const body of ['<html>Sign in</html>', 'null', '{}', '{"data":{}}', '{"data":[]}', '[]', '7', '"models"', '{']) {
    it(`L46 stays the table where what comes is ${body}`, async () => {
      const models = catalog({
        fetch: async () =>
          new Response(body, { headers: { 'content-type': body.startsWith('<') ? 'text/html' : 'application/json' } }),
      });
      await models.ask();
      assert.equal(models.state, 'failed');
      assert.equal(models.listed.length, modelTable.length);
    });
  }

  it('L48 ends where pages never do: the same page, new pages, an endless one', async () => {
    chosen = 'm0';
    let pages = 0;
    const endless = (page: () => unknown): ModelCatalog => {
      pages = 0;
      return catalog({
        fetch: async () => {
          pages += 1;
          return Response.json(page());
        },
      });
    };
    const same = endless(() => ({ data: [{ id: 'm0' }], has_more: true, last_id: 'm0' }));
    await same.ask();
    assert.deepEqual([pages, same.listed.length], [2, 1]);
    now += 2 * day;
    const fresh = endless(() => ({ data: [{ id: `m${pages - 1}` }], has_more: true, last_id: `m${pages}` }));
    await fresh.ask();
    assert.deepEqual([pages, fresh.listed.length], [20, 20]);
    now += 2 * day;
    let sent = 0;
    const flood = catalog({
      fetch: async () =>
        new Response(
          new ReadableStream({
            pull(controller) {
              sent += 1;
              controller.enqueue(new TextEncoder().encode(`[${'1,'.repeat(500_000)}`));
            },
          }),
          { headers: { 'content-type': 'application/json' } },
        ),
    });
    await flood.ask();
    assert.equal(flood.state, 'failed');
    assert.ok(sent < 20, `${sent} megabytes`);
  });

  it('belongs to the address that is set: an answer that comes after it changed is not taken', async () => {
    const waiting: ((response: Response) => void)[] = [];
    const asked: string[] = [];
    const fetch: typeof globalThis.fetch = (input, init) => {
      asked.push(String(input));
      return new Promise((resolve, reject) => {
        waiting.push(resolve);
        init?.signal?.addEventListener('abort', () => reject(new DOMException('gone', 'AbortError')));
      });
    };
    const listOf = (id: string): Response => Response.json({ data: [{ id }], has_more: false });
    const models = catalog({ fetch });
    chosen = 'first';
    access = { apiKey: 'sk-test', baseUrl: 'https://first.example', headers: {} };
    await models.load();
    const first = models.ask();
    while (waiting.length < 1) await new Promise((resolve) => setImmediate(resolve));
    chosen = 'second';
    access = { apiKey: 'sk-test', baseUrl: 'https://second.example', headers: {} };
    await models.load();
    const second = models.ask();
    while (waiting.length < 2) await new Promise((resolve) => setImmediate(resolve));
    waiting[1]?.(listOf('second'));
    await second;
    waiting[0]?.(listOf('first'));
    await first;
    assert.deepEqual(
      models.listed.map(({ model }) => model.id),
      ['second'],
    );
    assert.deepEqual(
      asked.map((url) => new URL(url).host),
      ['first.example', 'second.example'],
    );
    const stored = JSON.parse(values.get('models') ?? '{}') as { baseUrl?: string };
    assert.equal(stored.baseUrl, 'https://second.example');
    // And the other way: the address changes while what was kept is read.
    access = { apiKey: 'sk-test', baseUrl: 'https://third.example', headers: {} };
    const third = models.load();
    access = { apiKey: 'sk-test', baseUrl: 'https://second.example', headers: {} };
    await models.load();
    await third;
    assert.deepEqual(
      models.listed.map(({ model }) => model.id),
      ['second'],
    );
  });
});
