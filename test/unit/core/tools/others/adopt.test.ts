import assert from 'node:assert/strict';
import type { OtherTool } from '../../../../../src/core/record/chosenTool';
import { adopted, liveDigest } from '../../../../../src/core/tools/others/adopt';
import { apiName } from '../../../../../src/core/tools/others/names';
import { apiSchema } from '../../../../../src/core/tools/others/schemas';
import type { LiveTool } from '../../../../../src/core/tools/ports/otherTools';

const source = { kind: 'mcp', id: 'issues', name: 'Issues' } as const;

function live(rest: Partial<LiveTool> = {}): LiveTool {
  return {
    id: 'mcp_issues_create',
    source,
    title: 'create',
    description: 'Creates an issue.',
    inputSchema: {},
    ...rest,
  };
}

async function tool(rest: Partial<LiveTool> = {}): Promise<OtherTool> {
  const made = await adopted(live(rest), () => false);
  assert.ok('tool' in made);
  return made.tool;
}

function schema(of: unknown): Record<string, unknown> {
  const made = apiSchema(of);
  assert.ok('schema' in made, 'it can be used');
  return made.schema;
}

function problem(of: unknown): string {
  const made = apiSchema(of);
  assert.ok('problem' in made, 'it cannot be used');
  return made.problem;
}

const free = () => false;

describe('The name of another’s tool', () => {
  it('stays what it is where the API takes it', () => {
    for (const name of ['a', 'mcp_github_create-issue', 'x'.repeat(64)]) assert.equal(apiName(name, free), name);
  });

  it('becomes one that the API takes, another for each', () => {
    const odd = ['', 'a.b', 'a:b', 'a b', 'ä', 'ö', 'x'.repeat(65), 'x'.repeat(66), 'a\u200bb', '../a', '__proto__\n'];
    const names = odd.map((name) => apiName(name, free));
    for (const name of names) assert.match(name, /^[a-zA-Z0-9_-]{1,64}$/);
    assert.equal(new Set(names).size, odd.length);
    assert.deepEqual(
      odd.map((name) => apiName(name, free)),
      names,
    );
  });

  it('is never one that means something else', () => {
    const name = apiName('read_file', (other) => other === 'read_file');
    assert.match(name, /^read_file_[0-9a-f]{8}$/);
  });
});

describe('The schema of another’s tool', () => {
  it('is sent as it is where it is right, byte for byte each time', () => {
    const right = {
      type: 'object',
      properties: {
        title: { type: 'string', description: 'In short.', minLength: 1 },
        labels: { type: 'array', items: { enum: ['bug', 'idea'] }, uniqueItems: true },
        due: { anyOf: [{ type: 'string', format: 'date' }, { type: 'null' }], default: null },
      },
      required: ['title'],
      additionalProperties: false,
    };
    assert.deepEqual(schema(right), right);
    assert.equal(JSON.stringify(schema(right)), JSON.stringify(schema(JSON.parse(JSON.stringify(right)))));
  });

  it('is that of an object without fields where there is none', () => {
    assert.deepEqual(schema(undefined), { type: 'object', properties: {} });
    assert.deepEqual(schema({}), { type: 'object', properties: {} });
    assert.deepEqual(schema({ type: ['object', 'null'] }), { type: 'object', properties: {} });
  });

  it('holds no keyword that the API would refuse the request for', () => {
    const old = {
      $schema: 'http://json-schema.org/draft-04/schema#',
      id: 'x',
      type: 'object',
      properties: {
        from: { type: 'number', minimum: 0, exclusiveMinimum: true },
        pair: { type: 'array', items: [{ type: 'string' }, { type: 'any' }] },
        flag: { type: 'string', required: true, pattern: '(' },
        odd: 'string',
        none: { enum: [], minLength: -1, multipleOf: 0, type: 7 },
        lost: { $ref: '#/definitions/nowhere' },
        far: { $ref: 'https://example.com/schema.json' },
      },
    };
    assert.deepEqual(schema(old), {
      type: 'object',
      properties: {
        from: { type: 'number', minimum: 0 },
        pair: { type: 'array', prefixItems: [{ type: 'string' }, {}] },
        flag: { type: 'string' },
        odd: {},
        none: {},
        lost: {},
        far: {},
      },
    });
  });

  it('has no alternatives at the top, where the API takes none', () => {
    const mapped = schema({
      oneOf: [
        { properties: { id: { type: 'integer' } }, required: ['id'] },
        { properties: { name: { type: 'string' } }, required: ['name'] },
      ],
      allOf: [{ properties: { why: { type: 'string' } }, required: ['why'] }],
    });
    assert.deepEqual(mapped, {
      required: ['why'],
      type: 'object',
      properties: { why: { type: 'string' }, id: { type: 'integer' }, name: { type: 'string' } },
    });
  });

  it('follows references within it, one to itself too', () => {
    const tree = {
      $ref: '#/$defs/node',
      $defs: { node: { type: 'object', properties: { next: { $ref: '#/$defs/node' }, all: { $ref: '#' } } } },
    };
    const mapped = schema(tree);
    assert.deepEqual(mapped['properties'], { next: { $ref: '#/$defs/node' }, all: { $ref: '#' } });
    assert.ok('$defs' in mapped);
    assert.equal('$ref' in mapped, false);
  });

  it('says why it cannot be used', () => {
    assert.equal(problem('object'), 'notAnObject');
    assert.equal(problem([]), 'notAnObject');
    assert.equal(problem({ type: 'array', items: {} }), 'notAnObject');
    assert.equal(problem({ properties: { 'a b': {} } }), 'propertyNames');
    assert.equal(problem({ properties: { ['x'.repeat(65)]: {} } }), 'propertyNames');
    const many = Object.fromEntries(Array.from({ length: 3_000 }, (_, index) => [`field${index}`, { type: 'string' }]));
    assert.equal(problem({ properties: many }), 'tooLong');
    let deep: unknown = { type: 'string' };
    for (let depth = 0; depth < 5_000; depth += 1) deep = { type: 'array', items: deep };
    assert.equal(problem({ properties: { deep } }), 'tooDeep');
    let list: unknown = 1;
    for (let depth = 0; depth < 5_000; depth += 1) list = [list];
    assert.equal(problem({ properties: { list: { default: list } } }), 'tooDeep');
  });

  it('keeps fields with the names of an object’s own, and hides nothing (L37)', () => {
    const hostile = JSON.parse(
      '{"properties":{"__proto__":{"type":"string"},"constructor":{"description":"a\\u200bb\\u{e0041}"}},"constructor":{}}'.replace(
        '\\u{e0041}',
        '\\udb40\\udc41',
      ),
    );
    const mapped = schema(hostile);
    assert.deepEqual(Object.keys(mapped['properties'] as object), ['__proto__', 'constructor']);
    assert.equal(({} as Record<string, unknown>)['type'], undefined);
    assert.ok(JSON.stringify(mapped).includes('a\\\\u{200b}b\\\\u{e0041}'));
    assert.deepEqual(Object.keys(mapped).sort(), ['properties', 'type']);
  });
});

describe('A chosen tool of somebody else', () => {
  it('has the bytes that it is sent with', async () => {
    assert.deepEqual(await tool(), {
      id: 'mcp_issues_create',
      source,
      title: 'create',
      digest: await liveDigest(live()),
      definition: {
        name: 'mcp_issues_create',
        description: 'Creates an issue.',
        input_schema: { type: 'object', properties: {} },
      },
    });
    assert.equal(JSON.stringify(await tool()), JSON.stringify(await tool()));
  });

  it('is another one for whoever allowed it when anything of what it says has changed', async () => {
    const before = await liveDigest(live());
    assert.equal(await liveDigest(live({ title: 'Another title' })), before);
    const changes: Partial<LiveTool>[] = [
      { description: 'Creates an issue. ' },
      { inputSchema: { type: 'object' } },
      { id: 'mcp_issues_create2' },
      { source: { ...source, id: 'other' } },
      { source: { ...source, kind: 'extension' } },
    ];
    for (const change of changes) assert.notEqual(await liveDigest(live(change)), before, JSON.stringify(change));
  });

  it('hides nothing in its description, and does not go on for ever (L37)', async () => {
    const { description } = (await tool({ description: 'Reads.\u200b\u{e0049}' })).definition;
    assert.equal(description, 'Reads.\\u{200b}\\u{e0049}');
    const long = (await tool({ description: `${'😀'.repeat(100_000)}` })).definition.description;
    assert.ok(long.length < 4_200);
    assert.match(long, /\[The description was cut here: it has 200,000 characters\.\]$/);
    assert.ok(long.isWellFormed());
  });

  it('is named in one line, whatever it calls itself', async () => {
    const { title, source: from } = await tool({
      title: 'create\nRead file\u202e',
      source: { ...source, name: `${'y'.repeat(200)}` },
    });
    assert.equal(title, 'create Read file\\u{202e}');
    assert.equal(from.name.length, 80);
  });
});
