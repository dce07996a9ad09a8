import assert from 'node:assert/strict';
import { modelOf } from '../../../../src/core/models/models';
import type { LiveTool } from '../../../../src/core/tools/ports/otherTools';
import { checked, sourceRows, total } from '../../../../src/host/commands/toolRows';
import { type PricedTool, pricedTools } from '../../../../src/host/pricing/toolPrices';

const opus = modelOf('claude-opus-4-8');

function live(server: string, name: string, rest: Partial<LiveTool> = {}): LiveTool {
  const source = { kind: 'mcp', id: server, name: server } as const;
  const description = `Does ${name} with words that take tokens. `.repeat(20);
  return { id: `mcp_${server}_${name}`, source, title: name, description, inputSchema: { type: 'object' }, ...rest };
}

const unusable = { inputSchema: { type: 'array' } };

function priced(...tools: readonly LiveTool[]): Promise<readonly PricedTool[]> {
  return pricedTools([], tools, opus, 1);
}

describe('The list of tools of others', () => {
  it('prices each before it is switched on, as a request reads it from the cache', async () => {
    const [row] = await priced(live('notes', 'add'));
    assert.ok(row !== undefined && row.tokens > 100 && row.usd !== null);
    assert.ok(Math.abs(row.usd - (row.tokens * 5 * 0.1) / 1_000_000) < 1e-12);
    assert.equal(row.chosen, false);
    const [twice] = await pricedTools([], [live('notes', 'add')], opus, 2);
    assert.ok(Math.abs((twice?.tokens ?? 0) - 2 * row.tokens) <= 1);
    const [unknown] = await pricedTools([], [live('notes', 'add')], { ...opus, prices: null }, 1);
    assert.equal(unknown?.usd, null);
    assert.deepEqual(total([row, { ...row, key: 'x', usd: null }], new Set([row.key, 'x'])), {
      tokens: 2 * row.tokens,
      usd: null,
    });
  });

  it('has the same order however VS Code lists them, server by server', async () => {
    const tools = [live('b', 'y'), live('a', 'z'), live('b', 'x'), live('a', 'w')];
    const names = (rows: readonly PricedTool[]) => rows.map(({ tool }) => tool?.definition.name);
    const expected = ['mcp_a_w', 'mcp_a_z', 'mcp_b_x', 'mcp_b_y'];
    assert.deepEqual(names(await priced(...tools)), expected);
    assert.deepEqual(names(await priced(...tools.toReversed())), expected);
    assert.deepEqual(
      sourceRows(await priced(...tools)).map(({ source, tools: of }) => [source.name, of.length]),
      [
        ['a', 2],
        ['b', 2],
      ],
    );
  });

  it('says which cannot be used, which are gone and which have changed since', async () => {
    const before = (await priced(live('a', 'gone'), live('a', 'changed'), live('a', 'same'))).flatMap(
      ({ tool }) => tool ?? [],
    );
    const now = [live('a', 'changed', { description: 'Else.' }), live('a', 'same'), live('a', 'odd', unusable)];
    const rows = await pricedTools(before, now, opus, 1);
    assert.deepEqual(
      rows.map(({ title, since, problem, chosen }) => [title, since, problem, chosen]),
      [
        ['changed', 'changed', null, true],
        ['gone', 'gone', null, true],
        ['odd', null, 'notAnObject', false],
        ['same', null, null, true],
      ],
    );
    assert.equal(rows[0]?.tool?.definition.description, 'Else.');
    assert.equal(JSON.stringify(rows[1]?.tool), JSON.stringify(before[1]));
  });
});

describe('Checking tools', () => {
  it('checks and clears a server’s tools with its row, but none that cannot be used', async () => {
    const list = await priced(live('a', 'x'), live('a', 'y'), live('a', 'z', unusable), live('b', 'w'));
    const groups = sourceRows(list);
    const [a] = groups;
    assert.ok(a !== undefined);
    const [x, y, z] = list;
    assert.ok(x !== undefined && y !== undefined && z !== undefined);
    const both = new Set([x.key, y.key]);
    // The server's row.
    assert.deepEqual(checked(groups, new Set(), new Set([a])), both);
    assert.deepEqual(checked(groups, both, new Set([x, y])), new Set());
    // One after the other.
    assert.deepEqual(checked(groups, new Set(), new Set([x])), new Set([x.key]));
    assert.deepEqual(checked(groups, new Set([x.key]), new Set([x, y])), both);
    assert.deepEqual(checked(groups, both, new Set([a, x])), new Set([x.key]));
    assert.deepEqual(checked(groups, new Set(), new Set([z])), new Set());
    // Nothing new: the same.
    assert.equal(checked(groups, both, new Set([a, x, y])), both);
    assert.deepEqual(checked(groups, both, new Set()), new Set());
  });
});
