/** Tools of the language services and of Git, asked about what is not read without asking. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runTool, validateInput } from '../../../../src/core/tools/all';
import type { Reached } from '../../../../src/core/tools/consent';
import type { ToolPorts } from '../../../../src/core/tools/workspace';
import { createLanguageServices } from '../../../../src/host/workspace/language/languageServices';
import { noPorts } from '../../tools/fakeLanguages';
import { never, type TempWorkspace, tempWorkspace, tool } from '../../workspace/tempWorkspace';

const times = { answer: 1_000, silent: 20, starting: 20, pause: 5, problems: 10 };

describe('A language tool that names other places', () => {
  let temp: TempWorkspace;
  let ports: ToolPorts;
  let outside: string;
  before(() => {
    temp = tempWorkspace({
      files: {
        'src/a.ts': 'const inside = 1;',
        '.env': 'KEY=1',
        '.gitignore': 'dist/\n',
        'dist/c.ts': 'const built = 1;',
      },
    });
    outside = temp.write('../other/x.ts', 'const far = 1;');
    const range = { start: { line: 0, character: 6 }, end: { line: 0, character: 9 } };
    const places = [outside, join(temp.folder, 'dist/c.ts')].map((path) => pathToFileURL(path).href);
    const languages = createLanguageServices(
      {
        ask: async (question) =>
          question.ask === 'outline'
            ? [{ name: 'far', kind: 12, range, selectionRange: range }]
            : 'uri' in question
              ? [{ uri: question.uri, range }]
              : [],
        reported: () =>
          places.map((uri) => [uri, [{ severity: 0, range, message: `wrong in ${uri.slice(-4)}` }]] as const),
        onReported: () => ({ dispose: () => {} }),
        isOpen: () => true,
        load: async () => 'typescript',
        textOf: async () => null,
        placeOf: (uri) => uri.replace('file://', ''),
      },
      temp.workspace,
      times,
    );
    ports = { ...noPorts, workspace: temp.workspace, languages };
  });
  after(() => temp.remove());

  const reach = async (name: string, input: unknown): Promise<readonly Reached[]> => {
    const one = tool(name);
    return (await one.reach?.(validateInput(one, input), ports, never)) ?? [];
  };
  const run = async (name: string, input: unknown, reads: readonly Reached[]): Promise<string> => {
    const opened = {
      ...ports,
      workspace: temp.workspace.allowing(reads),
      languages: ports.languages.allowing?.(reads) ?? ports.languages,
    };
    return (await runTool(tool(name), input, reads.length === 0 ? ports : opened, never)).content;
  };
  const cases = (path: string) =>
    [
      ['get_outline', { path }],
      ['go_to_definition', { path, line: 1, symbol: 'far' }],
      ['find_references', { path, line: 1, symbol: 'far' }],
      ['get_diagnostics', { path }],
    ] as const;

  it('asks as reading does, and is answered after a yes alone (L31)', async () => {
    for (const [name, input] of cases(outside)) {
      const reads = await reach(name, input);
      assert.deepEqual(
        reads.map(({ path, why }) => [path, why]),
        [[outside, ['outside']]],
        name,
      );
      await assert.rejects(run(name, input, []), /leads out of the workspace/, name);
      assert.match(await run(name, input, reads), /far|wrong in x\.ts/, name);
    }
    for (const [name, input] of cases('src/a.ts')) assert.deepEqual(await reach(name, input), [], name);
    assert.deepEqual(
      (await reach('get_outline', { path: '.env' })).map(({ why }) => why),
      [['secret']],
    );
    assert.deepEqual(
      (await reach('get_changes', { path: '.env, dist' })).map(({ path }) => path),
      ['.env'],
      'of what is ignored Git knows nothing',
    );
    assert.deepEqual(await reach('get_changes', {}), []);
    assert.deepEqual(await reach('get_diagnostics', {}), []);
  });

  it('tells the problems of a folder that was allowed, and of no other', async () => {
    const other = join(outside, '..');
    const reads = await reach('get_diagnostics', { path: other });
    assert.deepEqual(
      reads.map(({ path }) => path),
      [`${other}/**`],
    );
    const far = await run('get_diagnostics', { path: other }, reads);
    assert.match(far, /wrong in x\.ts/);
    assert.doesNotMatch(far, /c\.ts/);
    const built = await run('get_diagnostics', { path: 'dist' }, await reach('get_diagnostics', { path: 'dist' }));
    assert.match(built, /dist\/c\.ts[\s\S]*wrong in c\.ts/);
    assert.doesNotMatch(await run('get_diagnostics', {}, []), /wrong/);
  });
});
