import assert from 'node:assert/strict';
import { readdirSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runTool } from '../../../src/core/tools/all';
import { byteLength } from '../../../src/core/tools/words/text';
import type { SearchQuery } from '../../../src/core/tools/workspace';
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
      assert.ok(Date.now() - started < 12_000);
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
      assert.deepEqual(await found('*.ts'), {
        paths: ['out/gen.ts', 'src/a.ts'],
        truncated: false,
        notes: ['Ignored, so not looked into: dist/.'],
      });
      assert.deepEqual(await found('*.ts', 1), { paths: ['out/gen.ts'], truncated: true });
      assert.deepEqual((await found('src/**')).paths, ['src/a.ts', 'src/b.md']);
      assert.deepEqual((await found('dist/**')).paths, []);
      assert.deepEqual((await found('hosts')).paths, []);
      await assert.rejects(found('../**'), /leads out of the workspace/);
      temp.facts.excluded = ['**/src'];
      assert.deepEqual((await found('**/*.{ts,md}')).paths, ['out/gen.ts']);
    });

    it('goes on beside an exclude that cannot be read, and says so (L54)', async () => {
      temp = tempWorkspace({ files, ripgrep: rg });
      temp.facts.excluded = ['{a', '**/src', '[z-a]', 'x\\', '{a,b}'.repeat(20), '[', '{out,nowhere}'];
      const found = await temp.workspace.findFiles('*.{ts,md,yml}', 9, never);
      assert.deepEqual(found.paths, ['.github/ci.yml']);
      assert.equal(found.notes?.filter((note) => note.includes('excludes')).length, 4);
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
      await assert.rejects(temp.workspace.findFiles('{a,b}'.repeat(20), 9, never), /pattern .* is not a glob .*braces/);
      await assert.rejects(matchesOf(temp, { include: '{a' }), /include .* is not a glob/);
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
      assert.ok(Date.now() - started < 3_000);
    });
  });
}
