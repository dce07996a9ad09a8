import assert from 'node:assert/strict';
import * as z from 'zod/mini';
import { runTool, toolDefinitions, tools, validateInput } from '../../../src/core/tools/all';
import type { Tool } from '../../../src/core/tools/tool';
import { jsonSchemaOf } from '../../../src/core/tools/words/inputSchema';
import { toolStrings } from '../../../src/core/tools/words/strings';
import { byteLength, cutLine, isCutLine } from '../../../src/core/tools/words/text';
import {
  type FileLines,
  type SearchOutcome,
  ToolError,
  type ToolPorts,
  type Workspace,
} from '../../../src/core/tools/workspace';
import { never, tool } from '../workspace/tempWorkspace';
import { noPorts } from './fakeLanguages';

function portsWith(workspace: Partial<Workspace>): ToolPorts {
  const unused = () => Promise.reject(new Error('not expected'));
  return {
    workspace: {
      roots: () => [{ name: 'project', uri: 'file:///project' }],
      readLines: unused,
      listDirectory: unused,
      findFiles: unused,
      searchText: unused,
      ...workspace,
    },
    ...noPorts,
  };
}

function reading(lines: readonly string[], rest: Partial<FileLines> = {}): ToolPorts {
  return portsWith({
    readLines: async (path, startLine) => ({
      file: { uri: `file:///project/${path}`, path },
      lines,
      startLine,
      totalLines: lines.length,
      unsaved: false,
      ...rest,
    }),
  });
}

describe('The tools that are offered', () => {
  it('keep their order and their names', () => {
    assert.deepEqual(
      tools.map(({ name }) => name),
      [
        'read_file',
        'list_directory',
        'find_files',
        'search_text',
        'get_diagnostics',
        'find_symbols',
        'go_to_definition',
        'find_references',
        'get_outline',
        'get_changes',
        'edit_file',
        'create_file',
        'rename_file',
        'delete_file',
      ],
    );
    for (const { name } of tools) assert.match(name, /^[a-z]+(?:_[a-z]+)+$/);
  });

  it('are the same bytes each time, without schema noise, and closed to other fields', () => {
    const once = JSON.stringify(toolDefinitions(tools));
    assert.equal(JSON.stringify(toolDefinitions(tools)), once);
    assert.doesNotMatch(once, /\$schema|9007199254740991/);
    const schemas = (of: readonly Tool[]) =>
      toolDefinitions(of).map((one) => ('input_schema' in one ? one.input_schema : assert.fail('run by the API')));
    for (const schema of schemas(tools)) {
      assert.equal(schema.type, 'object');
      assert.equal(schema['additionalProperties'], false);
    }
    assert.deepEqual(schemas([tool('find_files')])[0]?.['required'], ['pattern']);
  });

  it('are told as zod itself would tell them, to the byte, and no other kind of field is', () => {
    for (const { name, schema } of tools) {
      const { $schema: _, ...rest } = z.toJSONSchema(schema, {
        io: 'input',
        override: ({ jsonSchema }) => {
          if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
          if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
          if (jsonSchema.minLength === 1) delete jsonSchema.minLength;
        },
      });
      assert.equal(JSON.stringify(jsonSchemaOf(schema)), JSON.stringify(rest), name);
    }
    assert.throws(() => jsonSchemaOf(z.strictObject({ any: z.record(z.string(), z.unknown()) })), /kind record/);
  });

  it('say which field is wrong and what is expected', () => {
    const failure = (input: unknown, name = 'read_file') => {
      try {
        validateInput(tool(name), input);
      } catch (error) {
        assert.ok(error instanceof ToolError);
        return error.message;
      }
      return assert.fail('the input was taken');
    };
    assert.match(failure({}, 'find_files'), /"pattern" is missing \(string\)/);
    assert.match(failure({}), /"path": needed, unless there are "files"/);
    assert.match(failure({ path: 'a', start_line: '3' }), /"start_line".*expected number, received string/);
    assert.match(failure({ path: 'a', start_line: 0 }), /"start_line".*>=1/);
    assert.match(failure({ path: 'a', lines: 3 }), /no field "lines"/);
    assert.match(failure('a'), /the input.*expected object/);
    assert.match(failure({ path: 3 }), /Expected: \{.*"path"/s);
  });

  it('stop at once when they are aborted, whatever they are doing', async () => {
    const ports = portsWith({ readLines: () => new Promise(() => {}) });
    const abort = new AbortController();
    const running = runTool(tool('read_file'), { path: 'a' }, ports, abort.signal);
    abort.abort(new Error('stopped by the user'));
    await assert.rejects(running, /stopped by the user/);
    await assert.rejects(runTool(tool('read_file'), { path: 'a' }, ports, abort.signal), /stopped by the user/);
  });
});

describe('read_file', () => {
  it('numbers lines and names what it read', async () => {
    const output = await runTool(tool('read_file'), { path: 'src/a.ts' }, reading(['one', 'two']), never);
    assert.equal(output.content, 'src/a.ts, lines 1-2 of 2\n  1\tone\n  2\ttwo');
    assert.deepEqual(output.summary, toolStrings.lines(2));
  });

  it('speaks to the user of the range', () => {
    const place = (input: unknown) => tool('read_file').describe(input).running.args?.[0];
    assert.equal(place({ path: 'src/app.ts', start_line: 1, end_line: 80 }), 'app.ts:1-80');
    assert.equal(place({ path: 'src/app.ts' }), 'app.ts');
    assert.equal(place({ path: 'app.ts', end_line: 5 }), 'app.ts:1-5');
    assert.equal(place({ path: 'app.ts', start_line: 5 }), 'app.ts:5');
    assert.equal(tool('read_file').describe({ path: 'a' }).done.text, 'Read {0}');
  });

  it('says how to read on when there is more', async () => {
    const ports = reading(['a', 'b'], { totalLines: 900 });
    const { content } = await runTool(tool('read_file'), { path: 'a' }, ports, never);
    assert.match(content, /lines 1-2 of 900[\s\S]*start_line 3/);
    const asked = await runTool(tool('read_file'), { path: 'a', end_line: 2 }, ports, never);
    assert.doesNotMatch(asked.content, /start_line/);
  });

  it('stays within its bytes even where every character is escaped (L36)', async () => {
    const lines = Array.from({ length: 900 }, () => '\u200b'.repeat(15));
    const { content } = await runTool(tool('read_file'), { path: 'a' }, reading(lines), never);
    assert.ok(byteLength(content) < 50 * 1024, `${byteLength(content)} bytes`);
    assert.match(content, /continue with start_line \d+/);
  });

  it('shows hidden characters and says so (L37)', async () => {
    const lines = ['safe \u202e evil', 'tag \u{e0041}', 'family 👨\u200d👩'];
    const { content } = await runTool(tool('read_file'), { path: 'a' }, reading(lines), never);
    assert.match(content, /safe \\u\{202e\} evil\n {2}2\ttag \\u\{e0041\}/);
    assert.match(content, /2 invisible characters are shown escaped/);
    assert.ok(content.includes('👨\u200d👩'));
  });

  it('refuses ranges that make no sense, in words that help', async () => {
    const run = (input: unknown) => runTool(tool('read_file'), input, reading([], { totalLines: 3 }), never);
    await assert.rejects(run({ path: 'a', start_line: 9, end_line: 2 }), /end_line \(2\) must not be smaller/);
    await assert.rejects(run({ path: 'a', start_line: 9 }), /has 3 lines; start_line 9 is past its end/);
  });
});

describe('search_text', () => {
  const searching = (outcome: SearchOutcome) => portsWith({ searchText: async () => outcome });
  const match = (path: string, line: number) => ({ path, line, text: `found ${line}` });

  it('groups matches by file and counts them in words of their own', async () => {
    const two = { matches: [match('a.ts', 1), match('a.ts', 7), match('b.ts', 2)], files: 2, truncated: false };
    const output = await runTool(tool('search_text'), { query: 'found' }, searching(two), never);
    assert.equal(output.content, '3 matches in 2 files\n\na.ts\n1: found 1\n7: found 7\n\nb.ts\n2: found 2');
    assert.deepEqual(output.summary, toolStrings.matches(3, 2));
    const summary = async (outcome: SearchOutcome) =>
      (await runTool(tool('search_text'), { query: 'q' }, searching(outcome), never)).summary;
    assert.deepEqual(
      await summary({ matches: [match('a', 1)], files: 1, truncated: false }),
      toolStrings.matches(1, 1),
    );
    assert.deepEqual(await summary({ matches: [], files: 0, truncated: false }), toolStrings.noMatches());
    assert.deepEqual(await summary({ ...two, truncated: true }), toolStrings.moreMatches(3));
  });

  it('stays within 24 KB and says what it cut (L36)', async () => {
    const matches = Array.from({ length: 500 }, (_, i) => ({ path: 'a.ts', line: i, text: '字'.repeat(300) }));
    const ports = searching({ matches, files: 1, truncated: true });
    const { content } = await runTool(tool('search_text'), { query: 'q' }, ports, never);
    assert.ok(byteLength(content) < 25 * 1024);
    assert.match(content, /Cut at 24 KB[\s\S]*There are more matches/);
  });

  it('refuses a query of several lines', async () => {
    const none = searching({ matches: [], files: 0, truncated: false });
    await assert.rejects(runTool(tool('search_text'), { query: 'a\nb' }, none, never), /line breaks/);
  });
});

describe('list_directory and find_files', () => {
  it('marks secrets, ends folders with a slash and cuts long folders with a note', async () => {
    const entries = [
      { name: 'src', kind: 'directory' as const, size: null },
      { name: '.env', kind: 'file' as const, size: 12 },
      ...Array.from({ length: 1_500 }, (_, i) => ({ name: `f${i}`, kind: 'file' as const, size: 1 })),
    ];
    const ports = portsWith({ listDirectory: async () => ({ path: '', entries }) });
    const { content, summary } = await runTool(tool('list_directory'), {}, ports, never);
    assert.match(
      content,
      /^The workspace:\nsrc\/\n\.env {2}12 bytes {2}\(holds secrets: not readable\)\nf0 {2}1 bytes/,
    );
    assert.match(content, /502 more of 1,502 entries not shown/);
    assert.deepEqual(summary, toolStrings.entries(1502));
  });

  it('says when there are more paths than were asked for', async () => {
    const ports = portsWith({ findFiles: async () => ({ paths: ['a.ts', 'b.ts'], truncated: true }) });
    const { content, summary } = await runTool(tool('find_files'), { pattern: '*.ts', limit: 2 }, ports, never);
    assert.match(content, /^a\.ts\nb\.ts\n\[Only the first 2 are shown/);
    assert.deepEqual(summary, toolStrings.moreFiles(2));
  });
});

describe('Bounded text', () => {
  it('counts bytes as UTF-8 has them', () => {
    for (const text of ['', 'a', 'é', '字', '👩', 'a\u0800\u07ff👨\u200d👩']) {
      assert.equal(byteLength(text), Buffer.byteLength(text), text);
    }
  });

  it('cuts a line with its length, not through a character', () => {
    const cut = cutLine(`${'x'.repeat(3_999)}👩 and more`, 20_971_520);
    assert.ok(cut.startsWith(`${'x'.repeat(3_999)}… [line cut: it has 20,971,520 characters]`));
    assert.ok(isCutLine(cut));
    assert.ok(!isCutLine('… [line cut: it has 3 characters]'));
  });
});
