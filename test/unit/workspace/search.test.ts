import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as fc from 'fast-check';
import type { SearchQuery } from '../../../src/core/ports';
import { runTool } from '../../../src/core/tools/all';
import { byteLength } from '../../../src/core/tools/text';
import { findRipgrep, ripgrepPlaces, runRipgrep } from '../../../src/host/workspace/ripgrep';
import { around, SearchOutput } from '../../../src/host/workspace/searchOutput';
import { hostRipgrep, never, type TempWorkspace, tempWorkspace, tool } from './tempWorkspace';

const query = (rest: Partial<SearchQuery>): SearchQuery => ({
  query: 'needle',
  isRegex: false,
  caseSensitive: false,
  include: null,
  maxMatches: 100,
  ...rest,
});

const files = {
  '.gitignore': 'dist/\n*.log\n',
  '.github/ci.yml': 'needle',
  '.env': 'needle=1',
  '.git/config': 'needle',
  'src/a.ts': 'const x = 1;\nconst Needle = 2;\r\nneedle.needle();\n',
  'src/b.md': 'a needle in hay',
  'dist/a.js': 'needle',
  'x.log': 'needle',
  'out/gen.ts': 'needle',
  'bin.dat': Buffer.from('needle\n\0\0needle'),
  'z.txt': 'nothing here',
};

async function matchesOf(temp: TempWorkspace, rest: Partial<SearchQuery> = {}): Promise<readonly string[]> {
  const { matches } = await temp.workspace.searchText(query(rest), never);
  return matches.map(({ path, line, text }) => `${path}:${line}:${text}`);
}

const searchers: readonly (readonly [string, () => Promise<string | null>])[] = [
  ['ripgrep', hostRipgrep],
  ['JavaScript', async () => null],
];

for (const [name, ripgrep] of searchers) {
  describe(`Searching with ${name}`, () => {
    let temp: TempWorkspace;
    let rg: string | null;
    before(async function () {
      this.timeout(600_000);
      rg = await ripgrep();
    });
    afterEach(() => temp.remove());

    it('finds lines in visible files only, sorted by path', async () => {
      temp = tempWorkspace({ files, ripgrep: rg });
      temp.facts.excluded = ['out'];
      const expected = [
        '.github/ci.yml:1:needle',
        'src/a.ts:2:const Needle = 2;',
        'src/a.ts:3:needle.needle();',
        'src/b.md:1:a needle in hay',
      ];
      assert.deepEqual(await matchesOf(temp), expected);
      assert.deepEqual(await matchesOf(temp, { caseSensitive: true }), expected.toSpliced(1, 1));
    });

    it('reads a line of megabytes that matches at every character once', async () => {
      temp = tempWorkspace({
        files: { 'long.json': `{"text":"${'x'.repeat(4 * 1024 * 1024)}"}`, 'short.ts': 'const x = 1;\n' },
        ripgrep: rg,
      });
      const { matches, truncated } = await temp.workspace.searchText(query({ query: 'y|x', isRegex: true }), never);
      assert.deepEqual(
        matches.map(({ path }) => path),
        ['long.json', 'short.ts'],
      );
      assert.equal(truncated, false);
      assert.ok(matches.every(({ text }) => byteLength(text) < 500));
    });

    it('is limited by an include, which brings no ignored file back', async () => {
      temp = tempWorkspace({ files, ripgrep: rg });
      const paths = async (include: string) => [
        ...new Set((await temp.workspace.searchText(query({ include }), never)).matches.map(({ path }) => path)),
      ];
      assert.deepEqual(await paths('*.ts'), ['out/gen.ts', 'src/a.ts']);
      assert.deepEqual(await paths('src/**/*.{ts,md}'), ['src/a.ts', 'src/b.md']);
      assert.deepEqual(await paths('src/'), ['src/a.ts', 'src/b.md']);
      assert.deepEqual(await paths('dist/**'), []);
      assert.deepEqual(await paths('*.log'), []);
      assert.deepEqual(await paths('**/*'), ['.github/ci.yml', 'out/gen.ts', 'src/a.ts', 'src/b.md']);
      assert.deepEqual(await paths('.env'), []);
      assert.deepEqual(
        readdirSync(tmpdir()).filter((entry) => entry.startsWith('prelude-search-')),
        [],
      );
    });

    it('takes regular expressions, and says what is wrong with one', async () => {
      temp = tempWorkspace({ files: { 'a.ts': 'foo(1)\nfoo[2]\nbar\n' }, ripgrep: rg });
      assert.deepEqual(await matchesOf(temp, { query: '^foo\\W\\d', isRegex: true }), [
        'a.ts:1:foo(1)',
        'a.ts:2:foo[2]',
      ]);
      assert.deepEqual(await matchesOf(temp, { query: 'bar$', isRegex: true }), ['a.ts:3:bar']);
      assert.deepEqual(await matchesOf(temp, { query: 'foo(' }), ['a.ts:1:foo(1)']);
      assert.deepEqual(await matchesOf(temp, { query: '-v' }), []);
      await assert.rejects(
        matchesOf(temp, { query: 'foo(', isRegex: true }),
        /(unclosed group|Unterminated group)[\s\S]*is_regex/,
      );
    });

    it('bounds a catastrophic regular expression', async function () {
      this.timeout(15_000);
      temp = tempWorkspace({ files: { 'a.txt': `${'a'.repeat(200)}!` }, ripgrep: rg });
      const started = Date.now();
      const searching = matchesOf(temp, { query: '^(a+)+$', isRegex: true });
      if (rg === null) await assert.rejects(searching, /takes too long/);
      else assert.deepEqual(await searching, []);
      assert.ok(Date.now() - started < 6_000);
    });

    it('sees unsaved editors and not what they replace', async () => {
      temp = tempWorkspace({ files: { 'a.ts': 'needle on disk', 'b.ts': 'x', '.gitignore': 'c.ts' }, ripgrep: rg });
      const open = (path: string, text: string) =>
        temp.facts.documents.push({ uri: pathToFileURL(join(temp.folder, path)).href, dirty: true, text: () => text });
      open('a.ts', 'changed');
      open('b.ts', 'one\nnew needle');
      open('c.ts', 'ignored needle');
      open('../outside.ts', 'needle outside');
      assert.deepEqual(await matchesOf(temp), ['b.ts:2:new needle']);
    });

    it('counts what it returns and says when there is more', async () => {
      const many = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`f${10 + i}.txt`, 'needle\nneedle\n']));
      temp = tempWorkspace({ files: many, ripgrep: rg });
      const some = await temp.workspace.searchText(query({ maxMatches: 5 }), never);
      assert.deepEqual([some.matches.length, some.files, some.truncated], [5, 3, true]);
      assert.equal(some.matches[0]?.path, 'f10.txt');
      const all = await temp.workspace.searchText(query({ maxMatches: 60 }), never);
      assert.deepEqual([all.matches.length, all.files, all.truncated], [60, 30, false]);
      const { content } = await runTool(tool('search_text'), { query: 'needle', max_results: 1 }, temp.ports, never);
      assert.match(content, /^The first 1 match in 1 file\n\nf10\.txt\n1: needle\n\[There are more/);
    });

    it('cuts a match in a line of megabytes (L36)', async () => {
      temp = tempWorkspace({ ripgrep: rg });
      temp.write('min.js', `a\n${'x'.repeat(7 * 1024 * 1024)}needle${'y'.repeat(64)}\nneedle\n`);
      const found = await matchesOf(temp);
      assert.equal(found.length, 2);
      assert.match(found[0] ?? '', /^min\.js:2:…/);
      assert.match(found[0] ?? '', /needle/);
      assert.equal(found[1], 'min.js:3:needle');
      assert.ok(found.every((match) => match.length < 500));
    });

    it('finds files by pattern, sorted, ignored ones left out', async () => {
      temp = tempWorkspace({ files, ripgrep: rg });
      symlinkSync('/etc', join(temp.folder, 'etc'));
      const found = async (pattern: string, limit = 100) => await temp.workspace.findFiles(pattern, limit, never);
      assert.deepEqual(await found('*.ts'), { paths: ['out/gen.ts', 'src/a.ts'], truncated: false });
      assert.deepEqual(await found('*.ts', 1), { paths: ['out/gen.ts'], truncated: true });
      assert.deepEqual((await found('src/**')).paths, ['src/a.ts', 'src/b.md']);
      assert.deepEqual((await found('dist/**')).paths, []);
      assert.deepEqual((await found('hosts')).paths, []);
      assert.deepEqual((await found('../**')).paths, []);
      temp.facts.excluded = ['**/src'];
      assert.deepEqual((await found('**/*.{ts,md}')).paths, ['out/gen.ts']);
    });

    it('goes on beside an exclude that cannot be read, and says so (L54)', async () => {
      temp = tempWorkspace({ files, ripgrep: rg });
      temp.facts.excluded = ['{a', '**/src', '[z-a]', 'x\\', '{a,b}'.repeat(20), '[', '{out,nowhere}'];
      const found = await temp.workspace.findFiles('*.{ts,md,yml}', 9, never);
      assert.deepEqual(found.paths, ['.github/ci.yml']);
      assert.equal(found.notes?.length, 4);
      assert.match(found.notes?.[0] ?? '', /excludes "\{a", which cannot be used: a \{ is not closed/);
      assert.equal(temp.facts.warnings.length, 4);
      assert.deepEqual(await matchesOf(temp), ['.github/ci.yml:1:needle']);
      assert.equal(temp.facts.warnings.length, 4);
      const { content } = await runTool(tool('find_files'), { pattern: '*.ts' }, temp.ports, never);
      assert.match(content, /^No file matches[\s\S]*\n\[The user's setting excludes/);
    });

    it('takes hostile rules, names and patterns without holding up anything (L54)', async () => {
      temp = tempWorkspace({
        files: { '.gitignore': '*a*a*a*a*b\n{a\n', ['a'.repeat(200)]: 'needle', 'x.ts': 'needle' },
        ripgrep: rg,
      });
      const found = await temp.workspace.findFiles('*a*a*a*a*b', 9, never);
      assert.deepEqual(found, { paths: [], truncated: false });
      assert.equal((await matchesOf(temp)).length, 2);
      assert.deepEqual(await matchesOf(temp, { include: '*a*a*a*a*b' }), []);
      assert.deepEqual(temp.facts.warnings, ['Line 2 of .gitignore is left out: a { is not closed.']);
      await assert.rejects(temp.workspace.findFiles('{a,b}'.repeat(20), 9, never), /pattern is not a glob .*braces/);
      await assert.rejects(matchesOf(temp, { include: '{a' }), /include is not a glob/);
    });

    it('covers every root, and patterns that begin with its name', async () => {
      temp = tempWorkspace({
        roots: ['app', 'lib'],
        files: { 'app/src/a.ts': 'needle', 'lib/src/a.ts': 'needle', 'lib/.gitignore': 'x.ts', 'lib/x.ts': 'needle' },
        ripgrep: rg,
      });
      assert.deepEqual(await matchesOf(temp), ['app/src/a.ts:1:needle', 'lib/src/a.ts:1:needle']);
      for (const include of ['lib/**', 'lib/src/*.ts', 'l*/src/a.ts']) {
        assert.deepEqual(await matchesOf(temp, { include }), ['lib/src/a.ts:1:needle'], include);
      }
      assert.deepEqual((await temp.workspace.findFiles('src/*.ts', 9, never)).paths, ['app/src/a.ts', 'lib/src/a.ts']);
      assert.deepEqual((await temp.workspace.findFiles('lib/**', 9, never)).paths, ['lib/.gitignore', 'lib/src/a.ts']);
    });

    it('ends at once when it is aborted', async () => {
      temp = tempWorkspace({ ripgrep: rg });
      for (let i = 0; i < 300; i += 1) temp.write(`d${i % 20}/f${i}.txt`, 'a line without it\n'.repeat(5_000));
      const abort = new AbortController();
      const running = temp.workspace.searchText(query({ query: '(a|b|l)+i.*zz', isRegex: true }), abort.signal);
      setTimeout(() => abort.abort(new Error('stop')), 15);
      const started = Date.now();
      await assert.rejects(running, /stop/);
      assert.ok(Date.now() - started < 500);
    });
  });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('ripgrep', () => {
  let rg: string;
  before(async function () {
    this.timeout(600_000);
    rg = await hostRipgrep();
  });

  it('is found at the places of old and new VS Code, a setting before and the PATH after', async () => {
    const common = { appRoot: '/app', path: '/usr/bin:/bin', platform: 'linux', arch: 'x64' } as const;
    assert.deepEqual(ripgrepPlaces({ ...common, setting: '/mine/rg' }), [
      '/mine/rg',
      '/app/node_modules/@vscode/ripgrep-universal/bin/linux-x64/rg',
      '/app/node_modules/@vscode/ripgrep/bin/rg',
      '/app/node_modules.asar.unpacked/@vscode/ripgrep-universal/bin/linux-x64/rg',
      '/app/node_modules.asar.unpacked/@vscode/ripgrep/bin/rg',
      '/usr/bin/rg',
      '/bin/rg',
    ]);
    assert.ok(ripgrepPlaces({ ...common, setting: '', platform: 'win32' })[0]?.endsWith('rg.exe'));
    assert.equal(await findRipgrep(['/nowhere/rg', '/etc/hosts', rg]), rg);
    assert.equal(await findRipgrep(['/nowhere/rg']), null);
  });

  it('leaves no process behind an aborted search', async function () {
    if (process.platform === 'win32') this.skip();
    const temp = tempWorkspace();
    try {
      const pidFile = join(temp.base, 'pid');
      const slow = temp.write('../slow-rg', `#!/bin/sh\necho $$ > '${pidFile}'\nexec sleep 60\n`);
      chmodSync(slow, 0o755);
      const abort = new AbortController();
      const running = runRipgrep(slow, [], { signal: abort.signal, timeoutMs: 60_000 });
      let pid = '';
      for (let i = 0; i < 200 && pid === ''; i += 1) {
        await new Promise((resolve) => setTimeout(resolve, 10));
        pid = execFileSync('sh', ['-c', `cat '${pidFile}' 2>/dev/null || true`], { encoding: 'utf8' }).trim();
      }
      assert.doesNotThrow(() => process.kill(Number(pid), 0));
      abort.abort(new Error('stop'));
      await assert.rejects(running, /stop/);
      for (let i = 0; i < 100 && isAlive(Number(pid)); i += 1) await new Promise((resolve) => setTimeout(resolve, 10));
      assert.ok(!isAlive(Number(pid)));

      const end = await runRipgrep(slow, [], { signal: never, timeoutMs: 50 });
      assert.deepEqual([end.timedOut, end.code], [true, null]);
    } finally {
      temp.remove();
    }
  });

  it('and the judge of ignored files agree on any rules', async function () {
    this.timeout(120_000);
    const name = fc.constantFrom('a', 'b', 'a.ts', 'b.js', '.hid');
    const glob = fc.constantFrom(
      'a',
      '/a',
      'a/',
      'b/a',
      '*.ts',
      '**/a',
      'a/**',
      '*',
      '/*',
      'b/*',
      '[ab]',
      '?',
      'a/**/b',
      '.*',
      '{a,b}.ts',
      'b.js ',
      '\\a',
      // Broken, or hostile.
      '{a',
      'a}',
      '[b-a]',
      '[',
      '[]',
      'a\\',
      '{a,{b,a.ts}}',
      '*a*a*a*a*b',
      '**/*a*/**/*',
      '[!a]*',
      '[a-b]*.[jt]s',
      '{*,a}*?{.js,.ts}',
    );
    const line = fc.tuple(fc.constantFrom('', '', '!'), glob).map(([not, text]) => not + text);
    const rules = fc.array(line, { minLength: 1, maxLength: 4 }).map((lines) => lines.join('\n'));
    const sources = fc.constantFrom(
      '.gitignore',
      '.ignore',
      'a/.gitignore',
      'b/.ignore',
      '.rgignore',
      '.git/info/exclude',
    );
    const paths = fc.array(
      fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/')),
      { minLength: 1, maxLength: 8 },
    );
    await fc.assert(
      fc.asyncProperty(paths, fc.dictionary(sources, rules, { maxKeys: 3 }), async (tree, ignores) => {
        const temp = tempWorkspace({ ripgrep: rg });
        try {
          for (const path of [...tree, ...Object.keys(ignores)]) {
            try {
              mkdirSync(join(temp.folder, path, '..'), { recursive: true });
              writeFileSync(join(temp.folder, path), ignores[path] ?? 'x');
            } catch {
              // A file is in the way of a folder, or the other way round: the tree is smaller then.
            }
          }
          const args = [
            '--files',
            '--hidden',
            '--no-require-git',
            '--no-ignore-global',
            '--no-ignore-parent',
            '-g',
            '!**/.git',
          ];
          let printed = '';
          const onOutput = (piece: Buffer) => {
            printed += piece.toString('utf8');
            return true;
          };
          await runRipgrep(rg, args, { signal: never, timeoutMs: 10_000, cwd: temp.folder, onOutput });
          const expected = printed
            .split('\n')
            .filter((path) => path !== '')
            .sort();
          temp.facts.ripgrep = async () => null;
          const { paths: found } = await temp.workspace.findFiles('**', 1_000, never);
          assert.deepEqual([...found].sort(), expected);
        } finally {
          temp.remove();
        }
      }),
      { numRuns: Number(process.env['PRELUDE_RUNS'] ?? 60) },
    );
  });
});

describe('The output of a search', () => {
  const event = (type: string, data: unknown) => `${JSON.stringify({ type, data })}\n`;

  it('is read the same however it is split', () => {
    const text =
      event('begin', { path: { text: 'a.ts' } }) +
      event('match', {
        path: { text: './a.ts' },
        lines: { text: 'é needle\n' },
        line_number: 3,
        submatches: [{ match: { text: 'é needle' }, start: 0, end: 9 }],
      }) +
      event('match', {
        path: { text: 'b' },
        lines: { bytes: 'bmVlZGxl/w==' },
        line_number: 1,
        submatches: [{ match: { text: 'needle' }, start: 0, end: 6 }],
      }) +
      event('match', {
        path: { text: 'long' },
        lines: { text: `${'"line_number":7'.repeat(40_000)}needle "after" it` },
        line_number: 9,
        absolute_offset: 0,
        submatches: [{ match: { text: `${'"line_number":7'.repeat(40_000)}needle` }, start: 0, end: 600_006 }],
      }) +
      event('match', { path: { text: 'bin' }, lines: { text: 'needle' }, line_number: 1, submatches: [] }) +
      event('end', { path: { text: 'bin' }, binary_offset: 7 });
    const bytes = Buffer.from(text);
    for (const size of [1 << 20, 65_536, 1_000, 7_919]) {
      const output = new SearchOutput(100);
      for (let at = 0; at < bytes.length; at += size) output.add(bytes.subarray(at, at + size));
      assert.deepEqual([...output.files.keys()], ['a.ts', 'b', 'long']);
      assert.deepEqual(output.files.get('a.ts'), [{ path: 'a.ts', line: 3, text: 'é needle' }]);
      assert.deepEqual(output.files.get('long')?.[0]?.line, 9);
      assert.match(
        output.files.get('long')?.[0]?.text ?? '',
        /^….{20,}needle… \[a very long line; the match ends at byte 600006\]/,
      );
    }
  });

  it('shows a line around its match', () => {
    const line = `${'x'.repeat(500)}needle${'y'.repeat(500)}`;
    const cut = around(line, 500);
    assert.ok(cut.startsWith('…x') && cut.endsWith('y…') && cut.includes('needle') && byteLength(cut) < 320);
    assert.equal(around('short', 2), 'short');
    assert.ok(around(`${'👩'.repeat(300)}needle`, 600).isWellFormed());
  });
});
