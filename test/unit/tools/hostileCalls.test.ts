/** Calls that no careful model makes: each is answered in words that help, and none crashes, hangs or leaks. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runTool, tools } from '../../../src/core/tools/all';
import { ToolError } from '../../../src/core/tools/workspace';
import { countHidden } from '../../../src/shared/visible';
import { hostRipgrep, type TempWorkspace, tempWorkspace } from '../workspace/tempWorkspace';

const secret = 'outside-of-the-workspace';
/** Of what goes back to the model. */
const mostBytes = 64 * 1024;
/** ms for one call, on a loaded machine. */
const most = 20_000;

/** Paths that are no file that may be read. */
const paths: readonly unknown[] = [
  '../outside.txt',
  '../../../../../../etc/passwd',
  '/etc/passwd',
  'a/../../outside.txt',
  'a\\..\\..\\outside.txt',
  '..%2foutside.txt',
  'file:///etc/passwd',
  'C:\\Windows\\win.ini',
  '\\\\server\\share\\file',
  '~/.ssh/id_rsa',
  '~',
  '$HOME/.bashrc',
  'link-out.txt',
  'folder-out/outside.txt',
  'loop/loop/loop/a.txt',
  'to-itself',
  'pipe',
  'null-device',
  '/dev/zero',
  '/dev/stdin',
  '/proc/self/environ',
  'a.txt\0.png',
  '\0',
  'a\nb',
  ' ',
  '',
  '.',
  '..',
  '/',
  '//',
  'a.txt/',
  'a.txt/b',
  'none.txt',
  `${'d/'.repeat(3000)}x`,
  'x'.repeat(100_000),
  '\ud800',
  '\u202etxt.exe',
  42,
  null,
  true,
  ['a.txt'],
  { path: 'a.txt' },
];

/** Globs that match nothing, or that a slow matcher never ends with. */
const globs: readonly unknown[] = [
  '../**',
  '/etc/**',
  '[',
  '[z-a]',
  '{a,b',
  '}',
  `${'{a,b}'.repeat(60)}`,
  `${'*a'.repeat(200)}b`,
  `${'**/'.repeat(500)}x`,
  `${'?'.repeat(10_000)}`,
  '\\',
  '!',
  '\0',
  `${'['.repeat(5000)}`,
  'a'.repeat(100_000),
  7,
  null,
];

/** Expressions that no engine takes, or that a backtracking one never ends with. */
const expressions: readonly unknown[] = [
  '(',
  ')',
  '[',
  '(a+)+$',
  '(a|aa)+$',
  '(.*)*x',
  'a{1,100000}',
  'a{99999}{99999}',
  '(?=a)',
  '(?<!a)b',
  '(\\w+)\\1',
  '\\p{Nonsense}',
  '(?P<n>a)(?P<n>b)',
  '*',
  '+',
  '\\',
  '\0',
  '(?s:.)*',
  `${'('.repeat(3000)}${')'.repeat(3000)}`,
  'x'.repeat(1001),
  'a\nb',
  '',
  3,
  null,
];

interface Hostile {
  readonly tool: string;
  readonly input: unknown;
}

const calls: readonly Hostile[] = [
  ...paths.flatMap((path) => [
    { tool: 'read_file', input: { path } },
    { tool: 'list_directory', input: { path } },
  ]),
  ...globs.flatMap((glob) => [
    { tool: 'find_files', input: { pattern: glob } },
    { tool: 'search_text', input: { query: 'a', include: glob } },
  ]),
  ...expressions.map((query) => ({ tool: 'search_text', input: { query, is_regex: true } })),
  ...[0, -1, 1.5, 1e21, Number.MAX_SAFE_INTEGER, '1', null].map((line) => ({
    tool: 'read_file',
    input: { path: 'a.txt', start_line: line },
  })),
  ...tools.flatMap(({ name }) => [null, 'a.txt', 7, [], { nonsense: 1 }].map((input) => ({ tool: name, input }))),
  { tool: 'read_file', input: { path: 'a.txt', start_line: 9, end_line: 3 } },
  { tool: 'read_file', input: { path: 'long.txt' } },
  { tool: 'read_file', input: { path: 'long.txt', start_line: 2, end_line: 2 } },
  { tool: 'search_text', input: { query: 'needle' } },
  { tool: 'search_text', input: { query: '(x+x+)+y', is_regex: true } },
  { tool: 'find_files', input: { pattern: '**' } },
];

for (const way of ['ripgrep', 'JavaScript'] as const) {
  describe(`Hostile calls, searched by ${way}`, () => {
    let workspace: TempWorkspace;

    before(async function () {
      this.timeout(120_000);
      workspace = tempWorkspace({ ripgrep: way === 'ripgrep' ? await hostRipgrep() : null });
      const { folder, base, write } = workspace;
      writeFileSync(join(base, 'outside.txt'), secret);
      write('a.txt', 'one\ntwo\n');
      write('long.txt', `${'x'.repeat(16_000_000)}needle${'x'.repeat(1000)}\nend\n`);
      symlinkSync('..', join(folder, 'folder-out'));
      symlinkSync('../outside.txt', join(folder, 'link-out.txt'));
      symlinkSync('.', join(folder, 'loop'));
      symlinkSync('to-itself', join(folder, 'to-itself'));
      if (process.platform === 'win32') return;
      symlinkSync('/dev/zero', join(folder, 'null-device'));
      execFileSync('mkfifo', [join(folder, 'pipe')]);
    });
    after(() => workspace.remove());

    const named = (input: unknown): string => JSON.stringify(input).slice(0, 60);

    for (const { tool: name, input } of calls) {
      it(`${name} ${named(input)}`, async function () {
        this.timeout(most);
        const tool = tools.find((one) => one.name === name);
        assert.ok(tool !== undefined);
        let said: string;
        try {
          const { content } = await runTool(tool, input, workspace.ports, AbortSignal.timeout(most));
          said = typeof content === 'string' ? content : JSON.stringify(content);
        } catch (error) {
          assert.ok(error instanceof ToolError, `not in words for the model: ${error}`);
          said = error.message;
          assert.match(said, /^[A-Z]|^[a-z_.]+ |^"/, 'a sentence');
        }
        assert.ok(said.trim().length > 2, 'something is said');
        assert.ok(Buffer.byteLength(said) <= mostBytes, `${Buffer.byteLength(said)} bytes`);
        assert.ok(said.isWellFormed());
        for (const leak of [secret, 'root:', '    at ', '[object', 'undefined', 'EACCES', 'ELOOP', 'ENAMETOOLONG'])
          assert.ok(!said.includes(leak), `says ${leak}: ${said.slice(0, 300)}`);
        assert.equal(countHidden(said), 0, 'nothing hidden');
      });
    }
  });
}
