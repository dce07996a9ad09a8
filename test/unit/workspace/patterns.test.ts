/** Patterns as people and models write them, and what is said where they match nothing. */
import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runTool } from '../../../src/core/tools/all';
import type { SearchQuery } from '../../../src/core/tools/workspace';
import { hostRipgrep, never, type TempWorkspace, tempWorkspace, tool } from './tempWorkspace';

const needle: SearchQuery = { query: 'needle', isRegex: false, caseSensitive: false, include: null, maxMatches: 100 };

const names = [
  'app/[id]/page.tsx',
  'app/i/page.tsx',
  'pages/[[...all]].tsx',
  'app/(group)/layout.tsx',
  'src/a,b.ts',
  'src/{name}.hbs',
  'src/$user.tsx',
  'src/deep/x.ts',
  'src/deep/y.md',
  'other/deep/z.ts',
  'a b/c d.ts',
];

const searchers: readonly (readonly [string, () => Promise<string | null>])[] = [
  ['ripgrep', hostRipgrep],
  ['JavaScript', async () => null],
];

for (const [name, ripgrep] of searchers) {
  describe(`Patterns with ${name}`, () => {
    let temp: TempWorkspace;
    let rg: string | null;
    before(async function () {
      this.timeout(600_000);
      rg = await ripgrep();
    });
    afterEach(() => temp.remove());

    /** What a pattern takes, which is the same for both tools. */
    const taken = async (pattern: string): Promise<readonly string[]> => {
      const { paths } = await temp.workspace.findFiles(pattern, 100, never);
      const { matches } = await temp.workspace.searchText({ ...needle, include: pattern }, never);
      assert.deepEqual(
        matches.map(({ path }) => path),
        paths,
        pattern,
      );
      return paths;
    };
    /** What both tools say of a wrong one. */
    const refused = async (pattern: string, why: RegExp): Promise<void> => {
      await assert.rejects(temp.workspace.findFiles(pattern, 100, never), why);
      await assert.rejects(temp.workspace.searchText({ ...needle, include: pattern }, never), why);
    };
    const filled = () => Object.fromEntries(names.map((path) => [path, 'needle']));

    it('name files as they are called, brackets and all (L53)', async () => {
      temp = tempWorkspace({ files: filled(), ripgrep: rg });
      assert.deepEqual(await taken('app/[id]/page.tsx'), ['app/[id]/page.tsx', 'app/i/page.tsx']);
      assert.deepEqual(await taken('app/\\[id\\]/page.tsx'), ['app/[id]/page.tsx']);
      assert.deepEqual(await taken('app/[id]/*.tsx'), ['app/[id]/page.tsx', 'app/i/page.tsx']);
      assert.deepEqual(await taken('pages/[[...all]].tsx'), ['pages/[[...all]].tsx']);
      assert.deepEqual(await taken('[[...all]].tsx'), ['pages/[[...all]].tsx']);
      assert.deepEqual(await taken('**/[[...all]].tsx'), ['pages/[[...all]].tsx']);
      assert.deepEqual(await taken('app/(group)/**'), ['app/(group)/layout.tsx']);
      assert.deepEqual(await taken('src/{name}.hbs'), ['src/{name}.hbs']);
      assert.deepEqual(await taken('src/$user.tsx'), ['src/$user.tsx']);
      assert.deepEqual(await taken('src/a,b.ts'), ['src/a,b.ts']);
      assert.deepEqual(await taken('a b/c d.ts'), ['a b/c d.ts']);
    });

    it('may be absolute, a folder, or a list (L53)', async () => {
      temp = tempWorkspace({ files: filled(), ripgrep: rg });
      assert.deepEqual(await taken(join(temp.folder, 'src/deep/*.ts')), ['src/deep/x.ts']);
      assert.deepEqual(await taken(join(temp.folder, 'app/[id]/page.tsx')), ['app/[id]/page.tsx', 'app/i/page.tsx']);
      assert.deepEqual(await taken(pathToFileURL(join(temp.folder, 'src/deep')).href), [
        'src/deep/x.ts',
        'src/deep/y.md',
      ]);
      assert.deepEqual((await taken(temp.folder)).length, names.length);
      assert.deepEqual(await taken('src/deep'), ['src/deep/x.ts', 'src/deep/y.md']);
      assert.deepEqual(await taken('./src/deep/'), ['src/deep/x.ts', 'src/deep/y.md']);
      assert.deepEqual(await taken('src/../other/deep'), ['other/deep/z.ts']);
      assert.deepEqual(await taken('deep'), ['other/deep/z.ts', 'src/deep/x.ts', 'src/deep/y.md']);
      assert.deepEqual(await taken('src\\deep\\*.ts'), ['src/deep/x.ts']);
      assert.deepEqual(await taken('*.md, *.hbs'), ['src/deep/y.md', 'src/{name}.hbs']);
      assert.deepEqual(await taken('{src,other}/deep/*.ts,*.hbs'), [
        'other/deep/z.ts',
        'src/deep/x.ts',
        'src/{name}.hbs',
      ]);
      const other = join(temp.base, 'link');
      symlinkSync(temp.folder, other);
      await assert.rejects(taken('~/x/*.ts'), /leads out of the workspace/);
    });

    it('are errors with a hint where they are wrong, never an empty result (L53)', async () => {
      temp = tempWorkspace({ files: { 'src/a.ts': 'needle' }, ripgrep: rg });
      await refused('../x.ts', /leads out of the workspace/);
      await refused('C:\\x\\*.ts', /leads out of the workspace/);
      await refused('/etc/passwd', /there is no folder "etc"[\s\S]*list_directory/);
      await refused('source/*.ts', /there is no folder "source"/);
      await refused('.*\\.tsx$', /reads as a regular expression[\s\S]*"\*\*\/\*\.ts"/);
      await refused('src/{a', /is not a glob that can be used: a \{ is not closed/);
      await refused('!*.tsx', /excludes nothing/);
      await refused('a\0b', /NUL/);
      assert.deepEqual(await taken('src/*.tsx'), []);
      assert.deepEqual(await taken('*.tsx'), []);
    });

    it('take a name in another form of Unicode where there is only one (L57)', async () => {
      const [composed, apart] = ['caf\u00e9', 'cafe\u0301'];
      temp = tempWorkspace({ files: { [`${apart}/r\u00e9sum\u00e9.md`]: 'needle' }, ripgrep: rg });
      const path = `${apart}/r\u00e9sum\u00e9.md`;
      assert.deepEqual(await taken(`${composed}/*.md`), [path]);
      assert.deepEqual(await taken('re\u0301sume\u0301.md'), [path]);
      const read = await temp.workspace.readLines(`${composed}/re\u0301sume\u0301.md`, 1, 9, 999, never);
      assert.deepEqual([read.file.path, read.lines], [path, ['needle']]);
      assert.equal((await temp.workspace.listDirectory(composed, never)).entries.length, 1);
      temp.write(`${apart}/re\u0301sum\u00e9.md`, 'x');
      await assert.rejects(
        temp.workspace.readLines(`${composed}/re\u0301sume\u0301.md`, 1, 9, 999, never),
        /nothing at/,
      );
    });

    it('cover each root by its name', async () => {
      temp = tempWorkspace({
        files: { 'web/src/a.ts': 'needle', 'api/src/[id].ts': 'needle', 'api/b.md': 'needle' },
        roots: ['web', 'api'],
        ripgrep: rg,
      });
      assert.deepEqual(await taken('src/*.ts'), ['web/src/a.ts', 'api/src/[id].ts']);
      assert.deepEqual(await taken('api/src/[id].ts'), ['api/src/[id].ts']);
      assert.deepEqual(await taken('api/**'), ['api/b.md', 'api/src/[id].ts']);
      assert.deepEqual(await taken('api'), ['api/b.md', 'api/src/[id].ts']);
      assert.deepEqual(await taken(join(temp.base, 'api', '*.md')), ['api/b.md']);
      await assert.rejects(taken('api/lib/*.ts'), /there is no folder "api\/lib"/);
    });

    it('leave out what an exclude covers', async () => {
      temp = tempWorkspace({ files: filled(), ripgrep: rg });
      const left = async (exclude: string) =>
        (await temp.workspace.searchText({ ...needle, include: '*.ts', exclude }, never)).matches.map(
          ({ path }) => path,
        );
      assert.deepEqual(await left('deep'), ['a b/c d.ts', 'src/a,b.ts']);
      assert.deepEqual(await left('**/deep/**, *b.ts'), ['a b/c d.ts']);
      assert.deepEqual(await left('o*r'), ['a b/c d.ts', 'src/a,b.ts', 'src/deep/x.ts']);
      assert.deepEqual(await left('nowhere/**'), ['a b/c d.ts', 'other/deep/z.ts', 'src/a,b.ts', 'src/deep/x.ts']);
    });

    it('names the ignored folders that were not looked into (L52)', async () => {
      temp = tempWorkspace({
        files: {
          '.gitignore': 'dist/\n*.log',
          'dist/x.ts': 'needle',
          'packages/a/dist/x.ts': 'needle',
          'node_modules/m/x.ts': 'needle',
          'src/a.ts': 'needle',
          'src/a.log': 'needle',
        },
        ripgrep: rg,
      });
      temp.facts.excluded = ['**/node_modules'];
      const all = 'Ignored, so not looked into: dist/, node_modules/, packages/a/dist/.';
      assert.deepEqual((await temp.workspace.searchText(needle, never)).notes, [all]);
      assert.deepEqual((await temp.workspace.findFiles('*.ts', 9, never)).notes, [all]);
      const inPackages = await temp.workspace.findFiles('packages/**/*.ts', 9, never);
      assert.deepEqual(inPackages.notes, ['Ignored, so not looked into: packages/a/dist/.']);
      const log = await runTool(tool('find_files'), { pattern: 'src/a.log' }, temp.ports, never);
      assert.match(log.content, /No file matches[\s\S]*Ignored, so not looked into: src\/a\.log\./);
      assert.equal(
        (await temp.workspace.findFiles('src/**', 9, never)).notes?.join(),
        'Ignored, so not looked into: src/a.log.',
      );
    });
  });
}
