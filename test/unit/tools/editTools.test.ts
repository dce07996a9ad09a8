/** The tools that write: what they plan, what they do, and what the model and the user are told. */
import assert from 'node:assert/strict';
import { runTool, tools, validateInput } from '../../../src/core/tools/all';
import { decide } from '../../../src/core/tools/consent';
import { toolStrings } from '../../../src/core/tools/words/strings';
import { ToolError, type ToolPorts } from '../../../src/core/tools/workspace';
import { MemoryEditing } from '../core/tools/memoryEditing';
import { never } from '../workspace/tempWorkspace';
import { noPorts } from './fakeLanguages';

const unused = () => Promise.reject(new Error('not expected'));

function portsOf(memory: MemoryEditing | null, step = 'step'): ToolPorts {
  const workspace = {
    roots: () => [{ name: 'project', uri: 'file:///project' }],
    ...{ readLines: unused, listDirectory: unused, findFiles: unused, searchText: unused },
  };
  return { workspace, ...noPorts, ...(memory === null ? {} : { editing: memory.of({ step }) }) };
}

function toolOf(name: string) {
  return tools.find((one) => one.name === name) ?? assert.fail(`there is no ${name}`);
}

function run(name: string, input: unknown, memory: MemoryEditing) {
  return runTool(toolOf(name), input, portsOf(memory), never);
}

const login = { path: 'src/login.ts', edits: [{ old_text: 'two\n', new_text: 'zwei\ndrei\n' }] };

describe('The tools that write', () => {
  it('plan what they would do, one on the other, and do it', async () => {
    const memory = new MemoryEditing(new Map([['src/login.ts', 'one\ntwo\nthree\n']]));
    const ports = portsOf(memory);
    const second = { path: login.path, edits: [{ old_text: 'drei', new_text: 'drei!' }] };
    const tool = toolOf('edit_file');
    const planned = await tool.writes?.(login, ports, never);
    assert.deepEqual(planned?.files, [{ uri: 'file:///project/src/login.ts', path: login.path, why: [] }]);
    assert.deepEqual([planned?.proposed.kind, planned?.proposed.added, planned?.proposed.removed], ['edit', 2, 1]);
    assert.equal((await tool.writes?.(second, ports, never))?.proposed.added, 1);
    assert.equal(memory.files.get(login.path), 'one\ntwo\nthree\n');
    const { content, summary, edits } = await runTool(tool, login, ports, never);
    assert.equal(memory.files.get(login.path), 'one\nzwei\ndrei\nthree\n');
    assert.equal(
      content,
      'Edited src/login.ts: +2 −1 lines. What was changed is within lines 2-3 now.\nIt has no new problems.',
    );
    assert.deepEqual(summary, toolStrings.changedLines(2, 1));
    assert.deepEqual(
      edits?.map(({ before, after }) => [memory.kept.get(before ?? ''), memory.kept.get(after ?? '')]),
      [['one\ntwo\nthree\n', 'one\nzwei\ndrei\nthree\n']],
    );
    await runTool(tool, second, ports, never);
    assert.equal(memory.files.get(login.path), 'one\nzwei\ndrei!\nthree\n');
  });

  it('create, rename and delete', async () => {
    const memory = new MemoryEditing(new Map([['a.ts', 'a\n']]));
    const said = async (name: string, input: unknown) => (await run(name, input, memory)).content;
    assert.match(await said('create_file', { path: 'src/b.ts', content: 'b\nb\n' }), /^Created src\/b\.ts: 2 lines\./);
    assert.match(await said('rename_file', { path: 'a.ts', new_path: 'src/a.ts' }), /^Renamed a\.ts to src\/a\.ts\./);
    assert.equal(await said('delete_file', { path: 'src/b.ts' }), 'Deleted src/b.ts.');
    assert.deepEqual([...memory.files], [['src/a.ts', 'a\n']]);
    await assert.rejects(run('create_file', { path: 'src/a.ts', content: '' }, memory), /exists.*edit_file/);
  });

  it('make ten edits of one file under a formatter without a word of reading it again', async () => {
    const lines = Array.from({ length: 10 }, (_, index) => `const value${index} = ${index}`);
    const formatted = (_: string, text: string) => text.replace(/([^;\n])\n/g, '$1;\n').replace(/ +$/gm, '');
    const memory = new MemoryEditing(new Map([['a.ts', `${lines.join('\n')}\n`]]), { formatted });
    for (let index = 0; index < 10; index += 1) {
      // As the model saw it once, before anything was formatted.
      const edits = [{ old_text: `value${index} = ${index}`, new_text: `value${index} = ${index} + 1` }];
      const { content } = await run('edit_file', { path: 'a.ts', edits }, memory);
      assert.match(content, /^Edited a\.ts/);
    }
    assert.equal(memory.files.get('a.ts')?.split('\n')[9], 'const value9 = 9 + 1;');
  });

  it('tell of new problems, of what is not known, and of what saving made of it, bounded', async () => {
    const files = new Map([['src/login.ts', 'one\ntwo\n']]);
    const many = Array.from({ length: 500 }, (_, index) => `line ${index}: error\u200b of some length`);
    const problems = (_: string, text: string) => (text.includes('zwei') ? many : null);
    const memory = new MemoryEditing(files, { problems, formatted: (_, text) => `${text}// formatted\n` });
    const { content } = await run('edit_file', login, memory);
    assert.match(content, /Saving formatted the file\.\nNew problems:\nline 0: error\\u\{200b\}/);
    assert.match(content, /\d+ more: get_diagnostics lists them\./);
    assert.ok(content.length < 8_000);
    const back = { path: login.path, edits: [{ old_text: 'zwei', new_text: '2' }] };
    assert.match((await run('edit_file', back, memory)).content, /Not known yet/);
  });

  it('refuse with words to act on, and change nothing', async () => {
    const memory = new MemoryEditing(new Map([['src/login.ts', 'one\n\ttwo;\nthree\n']]));
    const wrong = {
      path: login.path,
      edits: [
        { old_text: 'one', new_text: '1' },
        { old_text: '  two;', new_text: '2' },
      ],
    };
    await assert.rejects(run('edit_file', wrong, memory), (error) => {
      assert.ok(error instanceof ToolError);
      assert.match(error.message, /old_text of edit 2 does not stand/);
      assert.match(error.message, /only blanks, tabs/);
      assert.match(error.message, /^ {2}2\t\ttwo;$/m);
      return true;
    });
    assert.equal(memory.files.get('src/login.ts'), 'one\n\ttwo;\nthree\n');
    assert.deepEqual(memory.made, []);
  });

  it('are not run where nothing can be written, and say what to do instead', async () => {
    for (const tool of tools.filter(({ readOnly }) => !readOnly)) {
      const absence = tool.absent?.(portsOf(null));
      assert.match(absence?.reason ?? '', /code block/);
      assert.equal(tool.absent?.(portsOf(new MemoryEditing(new Map()))), null);
      assert.equal(tool.readOnly, false);
    }
    await assert.rejects(runTool(toolOf('edit_file'), login, portsOf(null), never), ToolError);
  });

  it('are refused in Restricted Mode, and ask for what runs code whatever the way of review', async () => {
    const memory = new MemoryEditing(new Map([['src/login.ts', 'two\n']]), { why: () => ['runsCode'] });
    const planned = await toolOf('edit_file').writes?.(login, portsOf(memory), never);
    const facts = { kind: 'write' as const, files: planned?.files ?? [], proposed: planned?.proposed ?? null };
    const at = { trusted: true, hasFolder: true, reviewAtEnd: true };
    assert.equal(decide(facts, new Set(), { ...at, trusted: false }).kind, 'refused');
    assert.equal(decide(facts, new Set(), at).kind, 'asks');
  });

  it('say to the user what is done, by the names of files', () => {
    const words = (name: string, input: unknown) => toolOf(name).describe(input);
    assert.deepEqual(words('edit_file', login), toolStrings.edit('login.ts'));
    assert.deepEqual(words('create_file', { path: 'a/b.ts', content: '' }), toolStrings.create('b.ts'));
    assert.deepEqual(words('rename_file', { path: 'a/b.ts', new_path: 'a/c.ts' }), toolStrings.rename('b.ts', 'c.ts'));
    assert.deepEqual(
      words('rename_file', { path: 'a/b.ts', new_path: 'c/b.ts' }),
      toolStrings.rename('b.ts', 'c/b.ts'),
    );
    assert.deepEqual(words('delete_file', { path: 'a/b.ts' }), toolStrings.delete('b.ts'));
  });

  it('take no input that is not theirs', () => {
    const edit = toolOf('edit_file');
    assert.throws(() => validateInput(edit, { path: 'a', edits: [] }), ToolError);
    assert.throws(() => validateInput(edit, { path: 'a', old_text: 'a', new_text: 'b' }), /"edits" is missing/);
  });
});
