import assert from 'node:assert/strict';
import { type OtherTool, readOtherTools } from '../../../../../src/core/record/chosenTool';
import { runTool, toolDefinitions, tools } from '../../../../../src/core/tools/all';
import { adopted, liveDigest } from '../../../../../src/core/tools/others/adopt';
import { boundNow, isOwnName, offeredTools } from '../../../../../src/core/tools/others/offered';
import type { LiveTool, OtherTools } from '../../../../../src/core/tools/ports/otherTools';
import type { ToolPorts } from '../../../../../src/core/tools/workspace';
import { noPorts } from '../../../tools/fakeLanguages';
import { never } from '../../../workspace/tempWorkspace';

const source = { kind: 'mcp', id: 'issues', name: 'Issues' } as const;

function live(id: string, rest: Partial<LiveTool> = {}): LiveTool {
  return { id, source, title: id, description: `Does ${id}.`, inputSchema: { type: 'object' }, ...rest };
}

async function chosen(...all: readonly LiveTool[]): Promise<readonly OtherTool[]> {
  const made = await Promise.all(all.map((one) => adopted(one, (name) => isOwnName(tools, name))));
  return made.flatMap((one) => ('tool' in one ? [one.tool] : []));
}

function portsWith(others?: Partial<OtherTools>): ToolPorts {
  const refuse = () => Promise.reject(new Error('not expected'));
  const port = others === undefined ? {} : { others: { live: () => [], invoke: refuse, ...others } };
  return { ...noPorts, workspace: {} as ToolPorts['workspace'], ...port };
}

const text = (value: string) => [{ type: 'text', text: value }] as const;

describe('The tools of a conversation that has chosen others', () => {
  it('are Prelude’s own first, and the same bytes whatever VS Code holds by then', async () => {
    const two = await chosen(live('b'), live('a'));
    const definitions = toolDefinitions(offeredTools(tools, two));
    assert.deepEqual(
      definitions.map(({ name }) => name),
      [...tools.map(({ name }) => name), 'b', 'a'],
    );
    const again = readOtherTools(JSON.parse(JSON.stringify(two)));
    assert.equal(JSON.stringify(toolDefinitions(offeredTools(tools, again))), JSON.stringify(definitions));
    assert.equal(JSON.stringify(definitions.slice(0, tools.length)), JSON.stringify(toolDefinitions(tools)));
    assert.equal(offeredTools(tools, []), tools);
  });

  it('have each name once, whatever others call theirs (L49)', async () => {
    const [own] = await chosen(live('read_file'), live('web_search'));
    assert.match(own?.definition.name ?? '', /^read_file_[0-9a-f]{8}$/);
    const [one] = await chosen(live('later_tool'));
    assert.ok(one !== undefined);
    const updated = [...tools, { ...tools[0], name: 'later_tool' } as (typeof tools)[number]];
    const names = offeredTools(updated, [one, one]).map(({ name }) => name);
    assert.deepEqual(names, [...tools.map(({ name }) => name), 'later_tool']);
    assert.deepEqual(offeredTools(tools, [one, one]).length, tools.length + 1);
  });

  it('are read as far as they are right', async () => {
    const [one] = await chosen(live('a'));
    const broken = [null, 7, {}, { ...one, source: null }, { ...one, definition: { ...one?.definition, name: 'a b' } }];
    assert.deepEqual(readOtherTools([...broken, one, { ...one, digest: 1 }]), [one]);
    for (const nothing of [null, {}, 'x']) assert.deepEqual(readOtherTools(nothing), []);
  });

  it('ask before they run, whatever they say of reading only', async () => {
    const [one] = offeredTools([], await chosen(live('a')));
    assert.equal(one?.readOnly, false);
    assert.deepEqual(one?.foreign, { tool: live('a').title, source: 'Issues', digest: await liveDigest(live('a')) });
  });
});

describe('A call of another’s tool', () => {
  async function offered(of: LiveTool, port: Partial<OtherTools>) {
    const all = await chosen(of);
    const ports = portsWith(port);
    const [one] = offeredTools([], all, await boundNow(all, ports.others));
    assert.ok(one !== undefined);
    return { tool: one, run: (input: unknown = {}) => runTool(one, input, ports, never) };
  }

  it('goes to VS Code with its input as it came, and gives the texts back', async () => {
    const calls: unknown[] = [];
    const { run } = await offered(live('a'), {
      live: () => [live('a')],
      invoke: async (...call) => {
        calls.push(call.slice(0, 2));
        return { parts: text('done\u200b'), isError: false };
      },
    });
    const { content } = await run({ deep: { list: [1] } });
    assert.deepEqual(calls, [['a', { deep: { list: [1] } }]]);
    assert.match(content, /^done\\u\{200b\}\n\[/);
  });

  it('fails with what the tool says, and tells the model when its server is not there', async () => {
    const failing = await offered(live('a'), {
      live: () => [live('a')],
      invoke: async () => ({ parts: text('No such issue.'), isError: true }),
    });
    await assert.rejects(failing.run(), { name: 'ToolError', message: 'No such issue.' });
    for (const there of [[], [live('a', { source: { ...source, id: 'evil' } })], [live('b')]]) {
      const { run } = await offered(live('a'), { live: () => there });
      await assert.rejects(run(), { name: 'ToolError', message: /MCP server Issues is not running/ });
    }
  });

  it('is bound to what the tool says now, and is not run when that changes behind the user’s back', async () => {
    let now = live('a', { description: 'Changed.' });
    let ran = 0;
    const { tool, run } = await offered(live('a'), {
      live: () => [now],
      invoke: async () => {
        ran += 1;
        return { parts: [], isError: false };
      },
    });
    assert.equal(tool.foreign?.digest, await liveDigest(now));
    assert.equal(tool.description, 'Does a.');
    await run();
    now = live('a', { description: 'Changed again.' });
    await assert.rejects(run(), { name: 'ToolError', message: /has changed since/ });
    assert.equal(ran, 1);
  });

  it('takes any object as its input, and nothing else', async () => {
    const { run } = await offered(live('a'), { live: () => [live('a')] });
    for (const wrong of [null, [], 'text', 7]) await assert.rejects(run(wrong), { name: 'ToolError' });
  });
});
