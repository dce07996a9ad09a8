import assert from 'node:assert/strict';
import { createOtherTools, type ToolHost } from '../../../../src/host/workspace/otherTools';

const never = new AbortController().signal;

type Held = ReturnType<ToolHost['tools']>[number];

function held(name: string, rest: Partial<Held> = {}): Held {
  return { name, description: `Does ${name}.`, inputSchema: { type: 'object' }, tags: ['mcp'], ...rest };
}

function contributes(id: string, names: readonly unknown[], rest: object = {}) {
  return { id, packageJSON: { ...rest, contributes: { languageModelTools: names.map((name) => ({ name })) } } };
}

function toolsOf(host: Partial<ToolHost>, chatOnly = new Set<string>()) {
  return createOtherTools(
    { tools: () => [], extensions: () => [], invoke: () => Promise.reject(new Error('not expected')), ...host },
    chatOnly,
  );
}

describe('The tools that VS Code holds', () => {
  const sources = (tools: readonly Held[], extensions: ReturnType<ToolHost['extensions']> = []) =>
    toolsOf({ tools: () => tools, extensions: () => extensions })
      .live()
      .map(({ id, source, title }) => [id, source.kind, source.id, title]);

  it('are those of MCP servers, by the name that VS Code gives, else by their own', () => {
    assert.deepEqual(
      sources([
        held('mcp_my_notes_add', { fullReferenceName: 'my notes/add' }),
        held('mcp_notes_add_note', { fullReferenceName: undefined }),
        held('odd'),
      ]),
      [
        ['mcp_my_notes_add', 'mcp', 'my notes', 'add'],
        ['mcp_notes_add_note', 'mcp', 'notes', 'add_note'],
        ['odd', 'mcp', 'odd', 'odd'],
      ],
    );
  });

  it('and those that other extensions contribute, whatever these call them', () => {
    const extension = contributes('acme.tools', ['acme_look', 'acme_mcp'], { displayName: 'Acme' });
    assert.deepEqual(sources([held('acme_look', { tags: [] }), held('acme_mcp')], [extension]), [
      ['acme_look', 'extension', 'acme.tools', 'acme_look'],
      ['acme_mcp', 'extension', 'acme.tools', 'acme_mcp'],
    ]);
  });

  it('but not VS Code’s own, its chat’s and Prelude’s', () => {
    const extensions = [
      contributes('vscode.notebooks', ['builtin_tool'], { isBuiltin: true }),
      contributes('GitHub.copilot-chat', ['copilot_search']),
      contributes('prelude.prelude', ['ours']),
      { id: 'odd.one', packageJSON: { contributes: { languageModelTools: 'all' } } },
      contributes('odd.two', [7, null]),
    ];
    const names = ['builtin_tool', 'copilot_search', 'ours', 'run_task', 'vscode_listCodeUsages'];
    assert.deepEqual(
      sources(
        names.map((name) => held(name, { tags: ['vscode'] })),
        extensions,
      ),
      [],
    );
  });
});

describe('A call through VS Code', () => {
  const answering = (content: readonly unknown[], rest: object = {}) =>
    toolsOf({ invoke: async () => ({ content, ...rest }) }).invoke('a', {}, never);

  it('gives back texts, data and the text of prompts, and leaves out what it does not know', async () => {
    const bytes = new Uint8Array([1, 2]);
    const tree = { node: { type: 1, children: [{ type: 2, text: 'one ' }, { children: [{ type: 2, text: 'two' }] }] } };
    const { parts, isError } = await answering([
      { value: 'text' },
      { mimeType: 'image/png', data: bytes },
      { value: tree },
      { value: { odd: true } },
      null,
      7,
    ]);
    assert.deepEqual(parts, [
      { type: 'text', text: 'text' },
      { type: 'data', mediaType: 'image/png', bytes },
      { type: 'text', text: 'one two' },
    ]);
    assert.equal(isError, false);
    assert.equal((await answering([], { hasError: true })).isError, true);
  });

  it('reads no deeper than it can', async () => {
    let node: unknown = { text: 'deep' };
    for (let depth = 0; depth < 50_000; depth += 1) node = { children: [node] };
    assert.deepEqual((await answering([{ value: node }])).parts, []);
  });

  it('says what went wrong in words of the tool', async () => {
    const tools = toolsOf({ invoke: () => Promise.reject(new Error('No such note.')) });
    await assert.rejects(tools.invoke('a', {}, never), { name: 'ToolError', message: 'a failed: No such note.' });
  });

  it('offers a tool no more that needs VS Code’s own chat', async () => {
    const extensions = [contributes('acme.tools', ['a'])];
    const invoke = () => Promise.reject(new Error('toolInvocationToken is required for this tool'));
    const tools = toolsOf({ tools: () => [held('a')], extensions: () => extensions, invoke });
    assert.equal(tools.live().length, 1);
    await assert.rejects(tools.invoke('a', {}, never), { name: 'ToolError', message: /VS Code’s own chat only/ });
    assert.deepEqual(tools.live(), []);
  });
});
