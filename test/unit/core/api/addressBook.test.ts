/** What an address does not take is remembered for it, and left out of what goes there (LESSONS L44). */
import assert from 'node:assert/strict';
import { AddressBook } from '../../../../src/core/api/addressBook';
import {
  type AddressLimit,
  type AddressLimits,
  limitKey,
  noLimitsKnown,
  type OptionalField,
  optionalFields,
} from '../../../../src/core/api/addressLimits';
import type { Request } from '../../../../src/core/api/requestBody';
import type { Log } from '../../../../src/core/base/ports';
import { modelOf } from '../../../../src/core/models/models';
import { planRequest } from '../../../../src/core/prompt/request';
import type { UserBlock } from '../../../../src/core/record/record';
import { PathMaker, settings } from '../prompt/paths';

const document: UserBlock = {
  type: 'document',
  blob: 'a'.repeat(64),
  name: 'plan.pdf',
  mediaType: 'application/pdf',
  bytes: 4,
};
const tools = [
  { name: 'read_file', description: 'Reads.', input_schema: { type: 'object' as const } },
  { type: 'web_search_20250305' as const, name: 'web_search' as const, max_uses: 5 },
];

function request(limits: AddressLimits, plan?: { readonly ttl: '5m' | '1h'; readonly longLived: null }): Request {
  const path = new PathMaker().user('Look '.repeat(4000), document).entries;
  return planRequest({
    path,
    model: modelOf('claude-opus-4-8'),
    settings: { ...settings, effort: 'low', cacheTtl: '1h' },
    tools,
    blobs: new Map([['a'.repeat(64), 'JVBERg==']]),
    diagnosis: true,
    limits,
    ...(plan === undefined ? {} : { plan }),
  }).request;
}

const without = (field: OptionalField): AddressLimits => [{ kind: 'field', field, turn: null }];

/** Where a field stands in a request. */
const present: Readonly<Record<OptionalField, (request: Request) => boolean>> = {
  'thinking.display': ({ thinking }) => thinking?.type === 'adaptive' && thinking.display !== undefined,
  thinking: ({ thinking }) => thinking !== undefined,
  'output_config.effort': ({ output_config }) => output_config !== undefined,
  'cache_control.ttl': (all) => JSON.stringify(all).includes('"ttl"'),
  cache_control: (all) => JSON.stringify(all).includes('"cache_control"'),
  diagnostics: ({ diagnostics }) => diagnostics !== undefined,
  'document.title': ({ messages }) => JSON.stringify(messages).includes('"title"'),
  'tools.server': ({ tools: offered }) => offered?.some((tool) => !('input_schema' in tool)) === true,
  tools: (all) => all.tools !== undefined,
};

describe('L44 a request to an address that does not take all of it', () => {
  for (const field of optionalFields) {
    it(`goes without ${field}, and with all else`, () => {
      const whole = request(noLimitsKnown);
      const limited = request(without(field));
      assert.equal(present[field](whole), true);
      assert.equal(present[field](limited), false);
      for (const other of optionalFields) {
        if (other.startsWith(field) || field.startsWith(other)) continue;
        assert.equal(present[other](limited), true, `${other} went too`);
      }
      assert.equal(limited.messages.length, whole.messages.length);
    });
  }

  it('asks for no hour of the cache, also where the lives of the marks are given', () => {
    const again = request(without('cache_control.ttl'), { ttl: '1h', longLived: null });
    assert.equal(JSON.stringify(again).includes('"ttl"'), false);
    assert.equal(JSON.stringify(again).includes('"cache_control"'), true);
  });

  it('has at most the max_tokens of the address for its model', () => {
    const limit = (model: string, tokens: number): AddressLimits => [{ kind: 'maxTokens', model, tokens, turn: null }];
    assert.equal(request(limit('claude-opus-4-8', 8192)).max_tokens, 8192);
    assert.equal(request(limit('claude-opus-4-8', 500_000)).max_tokens, 32_000);
    assert.equal(request(limit('claude-haiku-4-5', 8192)).max_tokens, 32_000);
  });
});

describe('L44 what an address does not take', () => {
  const quiet: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const display: AddressLimit = { kind: 'field', field: 'thinking.display', turn: 'turn-1' };
  const cap: AddressLimit = { kind: 'maxTokens', model: 'm', tokens: 4096, turn: null };

  function stored(): { readonly values: Map<string, string>; readonly book: () => AddressBook; fail: boolean } {
    const values = new Map<string, string>();
    const world = {
      values,
      fail: false,
      book: () => new AddressBook(store, quiet),
    };
    const store = {
      getValue: async (key: string) => {
        if (world.fail) throw new Error('busy');
        return values.get(key) ?? null;
      },
      setValue: async (key: string, value: string | null) => {
        if (value === null) values.delete(key);
        else values.set(key, value);
      },
    };
    return world;
  }

  it('is remembered for that address alone, in every window, until it is taken back', async () => {
    const world = stored();
    const book = world.book();
    let told = 0;
    book.onDidChange(() => {
      told += 1;
    });
    await Promise.all([book.add('https://a.example', display), book.add('https://a.example', cap)]);
    await book.add('https://a.example', { ...cap, tokens: 2048 } as AddressLimit);
    assert.equal(told, 3);
    const other = world.book();
    assert.deepEqual(await other.of('https://a.example'), [display, { ...cap, tokens: 2048 }]);
    assert.deepEqual(await other.of('https://b.example'), []);
    await other.remove('https://a.example', limitKey(display));
    assert.deepEqual(await book.of('https://a.example'), [{ ...cap, tokens: 2048 }]);
    await book.remove('https://a.example', limitKey(cap));
    assert.equal(world.values.size, 0);
  });

  it('counts as nothing where it cannot be read, and keeps what was known while the store is busy', async () => {
    const world = stored();
    const book = world.book();
    await book.add('https://a.example', display);
    const [name] = [...world.values.keys()];
    world.fail = true;
    assert.deepEqual(await book.of('https://a.example'), [display]);
    assert.deepEqual(await world.book().of('https://a.example'), []);
    world.fail = false;
    for (const broken of ['', '{', 'null', '{"a":1}', '[1,null,{"kind":"x"},{"kind":"field","field":"model"}]']) {
      world.values.set(name ?? '', broken);
      assert.deepEqual(await book.of('https://a.example'), [], broken);
    }
    world.values.set(name ?? '', JSON.stringify([{ kind: 'later' }, display, { ...display, turn: 3 }]));
    assert.deepEqual(await book.of('https://a.example'), [display, { ...display, turn: null }]);
  });
});
