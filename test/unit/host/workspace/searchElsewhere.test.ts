/** Searches that name what is not looked at without asking: what is asked about, and what a yes opens. */
import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, relative } from 'node:path';
import { runTool } from '../../../../src/core/tools/all';
import type { Reached } from '../../../../src/core/tools/consent';
import type { Workspace } from '../../../../src/core/tools/workspace';
import { hostRipgrep, never, type TempWorkspace, tempWorkspace, tool } from '../../workspace/tempWorkspace';

const key = `-----BEGIN RSA PRIVATE KEY-----\nneedle ${'MIIEowIBAAKCAQEAq7'.repeat(4)}\n`;

const searchers: readonly (readonly [string, () => Promise<string | null>])[] = [
  ['ripgrep', hostRipgrep],
  ['JavaScript', async () => null],
];

for (const [name, ripgrep] of searchers) {
  describe(`A search that names other places, with ${name}`, () => {
    let temp: TempWorkspace;
    let outside: string;
    let rg: string | null;
    before(async function () {
      this.timeout(600_000);
      rg = await ripgrep();
    });
    beforeEach(() => {
      temp = tempWorkspace({
        ripgrep: rg,
        files: {
          '.gitignore': 'dist/\n*.log\n',
          'src/a.ts': 'needle in src',
          'lib/b.ts': 'needle in lib',
          'dist/c.js': 'needle in dist',
          'dist/deep/d.js': 'needle deep in dist',
          'dist/.env': 'needle=1',
          '.env': 'NEEDLE=1',
          'app.log': 'needle in a log',
          'config.txt': key,
        },
      });
      outside = join(temp.base, 'other');
      const files = {
        'x.ts': 'needle outside',
        'sub/y.ts': 'needle below',
        'sub/z.md': 'needle in words',
        '.env': 'needle=2',
        'key.txt': key,
        '.gitignore': 'gone/\n',
        'gone/w.ts': 'needle ignored there',
      };
      for (const [path, text] of Object.entries(files)) temp.write(`../other/${path}`, text);
      temp.write('../near/n.ts', 'needle near');
    });
    afterEach(() => temp.remove());

    const reach = async (pattern: string, what: 'names' | 'text' = 'text'): Promise<readonly Reached[]> =>
      (await temp.workspace.reachOfPattern?.(pattern, what, never)) ?? [];
    const said = async (pattern: string, what: 'names' | 'text' = 'text') =>
      (await reach(pattern, what)).map(({ path, why }) => [path, why]);
    const opened = (reads: readonly Reached[]): Workspace => temp.workspace.allowing?.(reads) ?? temp.workspace;
    const search = async (include: string, more: Readonly<Record<string, unknown>> = {}): Promise<string> => {
      const workspace = opened(await reach(include));
      const input = { query: 'needle', include, ...more };
      return (await runTool(tool('search_text'), input, { ...temp.ports, workspace }, never)).content;
    };
    const found = async (pattern: string): Promise<readonly string[]> => {
      const { paths } = await opened(await reach(pattern, 'names')).findFiles(pattern, 100, never);
      return paths;
    };

    it('asks about what a part of its pattern names or begins with, and about nothing else (L31, L32)', async () => {
      for (const pattern of [
        '*.ts',
        'src/**',
        '**/*.js',
        'src/a.ts, lib',
        '**/dist/**',
        '/src/**',
        'nothing/**',
        '*',
      ]) {
        assert.deepEqual(await said(pattern), [], pattern);
      }
      assert.deepEqual(await said('../other/*.ts'), [[`${outside}/**`, ['outside']]]);
      assert.deepEqual(await said(`${outside}/sub/**`), [[`${outside}/sub/**`, ['outside']]]);
      assert.deepEqual(await said(`file://${outside}/sub`), [[`${outside}/sub/**`, ['outside']]]);
      assert.deepEqual(await said('../other/x.ts'), [[`${outside}/x.ts`, ['outside']]]);
      assert.deepEqual(await said('src/*/../../../other/*'), [[`${outside}/**`, ['outside']]]);
      assert.deepEqual(await said('dist/**/*.js, *.ts'), [['dist/**', ['ignored']]]);
      assert.deepEqual(await said('.env, app.log, config.txt'), [
        ['.env', ['secret']],
        ['app.log', ['ignored']],
        ['config.txt', ['secret']],
      ]);
      assert.deepEqual(await said('.env, app.log, config.txt, dist, ../other/x.ts', 'names'), [
        ['dist/**', ['ignored']],
        [`${outside}/x.ts`, ['outside']],
      ]);
      symlinkSync(outside, join(temp.folder, 'link'));
      assert.deepEqual(await said('link/*.ts'), [[`${outside}/**`, ['outside']]], 'a link is where it leads');
    });

    it('takes ~ for the home folder, and has words for a share', async () => {
      const home = await reach('~/*');
      assert.deepEqual(
        home.map(({ path, why }) => [path, why]),
        [[`${homedir().replace(/\/$/, '')}/**`, ['outside']]],
      );
      const inside = `~/${relative(homedir(), temp.folder)}`;
      if (!inside.includes('..')) assert.deepEqual(await said(`${inside}/src/**`), []);
      await assert.rejects(search('\\\\server\\share\\**'), /leads out of the workspace/);
      assert.deepEqual(await said('\\\\server\\share\\**'), []);
    });

    it('looks there after a yes, by the rules of that place, secrets held back', async () => {
      const all = await search('../other/**');
      for (const line of ['needle outside', 'needle below', 'needle in words']) assert.ok(all.includes(line), all);
      assert.doesNotMatch(all, /needle=2|MIIE|ignored there|in src|near/);
      assert.match(all, /1 file that holds keys was left out/);
      assert.match(all, /Ignored, so not looked into: .*gone\//);
      assert.ok(all.includes(join(outside, 'sub/y.ts')), all);
      const some = await search('../other/**/*.ts, src', { exclude: '../other/sub' });
      assert.match(some, /needle outside/);
      assert.match(some, /in src/);
      assert.doesNotMatch(some, /below|words|in lib/);
      assert.doesNotMatch(await search('../other/*.ts'), /below/);
      assert.doesNotMatch(await search('../other/**, src', { exclude: '../other/sub/*.md' }), /in words/);
      assert.deepEqual(await found('../other/**/*.ts'), [join(outside, 'sub/y.ts'), join(outside, 'x.ts')]);
      assert.deepEqual(await found('../other/x.ts'), [join(outside, 'x.ts')]);
    });

    it('looks into an ignored folder after a yes, and does not call it ignored then', async () => {
      const text = await search('dist/**');
      assert.match(text, /needle in dist/);
      assert.match(text, /dist\/deep\/d\.js/);
      assert.doesNotMatch(text, /needle=1|Ignored|in src/);
      assert.deepEqual(await found('dist/*.js'), ['dist/c.js']);
      assert.deepEqual(await found('dist'), ['dist/.env', 'dist/c.js', 'dist/deep/d.js']);
    });

    it('searches one file that was allowed, and none beside it', async () => {
      assert.match(await search('.env', { case_sensitive: false }), /NEEDLE=1/);
      assert.match(await search('app.log'), /needle in a log/);
      assert.match(await search('config.txt'), /needle MIIE/);
      const file = await search(`${outside}/x.ts`);
      assert.match(file, /needle outside/);
      assert.doesNotMatch(file, /below|in src/);
      assert.match(await search('../other/key.txt'), /needle MIIE/);
    });

    it('sees an unsaved editor there as it is', async () => {
      const uri = `file://${outside}/x.ts`;
      temp.facts.documents.push({ uri, dirty: true, text: () => 'needle unsaved\r\n' });
      assert.match(await search('../other/*.ts'), /needle unsaved/);
    });

    it('runs no git there: nobody has said that its repository may be trusted', async () => {
      temp.write('../other/.git/config', '');
      let asked = 0;
      Object.assign(temp.facts, {
        git: async () => {
          asked += 1;
          return { kind: 'missing' };
        },
      });
      assert.match(await search('../other/**'), /needle below/);
      assert.equal(asked, 0);
    });

    it('opens for one search what was allowed for it, and nothing else', async () => {
      const open = opened(await reach('../other/sub/**'));
      const one = async (include: string): Promise<string> => {
        const input = { query: 'needle', include };
        return (await runTool(tool('search_text'), input, { ...temp.ports, workspace: open }, never)).content;
      };
      assert.match(await one('../other/sub/**'), /needle below/);
      for (const include of ['../near/**', '../other/**', 'dist/**', '.env']) {
        const text = await one(include).catch((error: Error) => error.message);
        assert.doesNotMatch(text, /needle (near|outside|below|in dist)|NEEDLE=1/, include);
      }
      const read = async (name: string) =>
        await runTool(tool('read_file'), { path: join(outside, name) }, { ...temp.ports, workspace: open }, never);
      assert.match((await read('sub/y.ts')).content, /needle below/, 'what lies in the folder');
      await assert.rejects(read('x.ts'), /leads out of the workspace/);
    });
  });
}
