/** Which files are ignored: VS Code's settings decide, parents never hide the root, tracked is not ignored. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { SearchQuery } from '../../../src/core/tools/workspace';
import type { GitProgram } from '../../../src/host/workspace/files/facts';
import { excludesFileOf } from '../../../src/host/workspace/ignore/gitFiles';
import { gitPlaces } from '../../../src/host/workspace/ignore/tracked';
import { hostRipgrep, never, type TempWorkspace, tempWorkspace } from './tempWorkspace';

const needle: SearchQuery = { query: 'needle', isRegex: false, caseSensitive: false, include: null, maxMatches: 100 };

function git(folder: string, ...args: readonly string[]): void {
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', '-c', 'init.defaultBranch=main', ...args], {
    cwd: folder,
    stdio: 'ignore',
  });
}

const realGit = async (): Promise<GitProgram> => ({ kind: 'found', file: 'git' });

/** Paths that are searched, which have to be those that are found. */
async function seen(temp: TempWorkspace): Promise<readonly string[]> {
  const { paths } = await temp.workspace.findFiles('**', 1_000, never);
  const { matches } = await temp.workspace.searchText(needle, never);
  const searched = [...new Set(matches.map(({ path }) => path))];
  const holding = paths.filter((path) => readFileSync(join(temp.folder, path), 'utf8').includes('needle'));
  assert.deepEqual(searched, holding);
  return searched;
}

const searchers: readonly (readonly [string, () => Promise<string | null>])[] = [
  ['ripgrep', hostRipgrep],
  ['JavaScript', async () => null],
];

for (const [name, ripgrep] of searchers) {
  describe(`Ignored files with ${name}`, () => {
    let temp: TempWorkspace;
    let rg: string | null;
    before(async function () {
      this.timeout(600_000);
      rg = await ripgrep();
    });
    afterEach(() => temp.remove());

    it('are as the settings of the root say, and parents never hide the root (L51)', async () => {
      temp = tempWorkspace({
        files: { 'a.ts': 'needle', 'x.log': 'needle', 'b/c.tmp': 'needle', 'b/d.ts': 'needle', '.gitignore': '*.log' },
        ripgrep: rg,
      });
      temp.write('../.gitignore', '*');
      assert.deepEqual(await seen(temp), ['a.ts', 'b/c.tmp', 'b/d.ts']);
      temp.facts.settings = { parentIgnoreFiles: true };
      assert.deepEqual(await seen(temp), ['a.ts', 'b/c.tmp', 'b/d.ts']);
      temp.write('../.gitignore', '*.tmp\n/project/a.ts');
      assert.deepEqual(await seen(temp), ['b/d.ts']);
      temp.facts.settings = {};
      assert.deepEqual(await seen(temp), ['a.ts', 'b/c.tmp', 'b/d.ts']);
      temp.facts.settings = { parentIgnoreFiles: true };
      temp.write('../.ignore', '!a.ts');
      assert.deepEqual(await seen(temp), ['a.ts', 'b/d.ts']);
      temp.facts.settings = { ignoreFiles: false, parentIgnoreFiles: true };
      assert.deepEqual(await seen(temp), ['a.ts', 'b/c.tmp', 'b/d.ts', 'x.log']);
      temp.facts.excluded = ['b'];
      assert.deepEqual(await seen(temp), ['a.ts', 'x.log']);
    });

    it('are those of git’s global file when the setting says so', async () => {
      temp = tempWorkspace({ files: { 'a.ts': 'needle', 'x.swp': 'needle' }, ripgrep: rg });
      temp.write('../config/git/ignore', '*.swp');
      const before = process.env['XDG_CONFIG_HOME'];
      process.env['XDG_CONFIG_HOME'] = join(temp.base, 'config');
      try {
        assert.deepEqual(await seen(temp), ['a.ts', 'x.swp']);
        temp.facts.settings = { globalIgnoreFiles: true };
        assert.deepEqual(await seen(temp), ['a.ts']);
      } finally {
        if (before === undefined) delete process.env['XDG_CONFIG_HOME'];
        else process.env['XDG_CONFIG_HOME'] = before;
      }
    });

    it('are excluded beside a sibling where the setting has a condition', async () => {
      temp = tempWorkspace({ files: { 'a.ts': 'needle', 'a.js': 'needle', 'b.js': 'needle' }, ripgrep: rg });
      temp.facts.excluded = [{ glob: '**/*.js', when: '$(basename).ts' }];
      assert.deepEqual(await seen(temp), ['a.ts', 'b.js']);
    });

    it('are not what git tracks, whatever pattern matches it (L52)', async () => {
      temp = tempWorkspace({
        files: {
          '.gitignore': 'dist/\n*.log\n',
          'dist/kept.js': 'needle',
          'dist/deep/also.js': 'needle',
          'dist/built.js': 'needle',
          'dist/other/x.js': 'needle',
          'kept.log': 'needle',
          'x.log': 'needle',
          'vendor/v.log': 'needle',
          'a.ts': 'needle',
        },
        ripgrep: rg,
      });
      temp.facts.git = realGit;
      git(temp.folder, 'init', '-q');
      assert.deepEqual(await seen(temp), ['a.ts']);
      git(temp.folder, 'add', '-f', 'dist/kept.js', 'dist/deep', 'kept.log', 'vendor/v.log');
      assert.deepEqual(await seen(temp), ['a.ts', 'dist/deep/also.js', 'dist/kept.js', 'kept.log', 'vendor/v.log']);
      const { entries } = await temp.workspace.listDirectory('dist', never);
      assert.deepEqual(
        entries.map((entry) => entry.name),
        ['deep', 'kept.js'],
      );
      assert.ok((await temp.workspace.readLines('dist/kept.js', 1, 1, 100, never)).lines.length > 0);
      await assert.rejects(temp.workspace.readLines('dist/built.js', 1, 1, 100, never), /is ignored/);
      // An .ignore file is about searching, and the settings are the user's.
      temp.write('.ignore', 'vendor/');
      temp.facts.excluded = ['**/*.js'];
      assert.deepEqual(await seen(temp), ['a.ts', 'kept.log']);
    });

    it('are found without git, too, and it is said once that tracked ones are missing (L52)', async () => {
      temp = tempWorkspace({ files: { '.gitignore': '*.log', 'kept.log': 'needle', 'a.ts': 'needle' }, ripgrep: rg });
      git(temp.folder, 'init', '-q');
      git(temp.folder, 'add', '-f', 'kept.log');
      temp.facts.git = async () => ({ kind: 'missing' });
      const first = await temp.workspace.searchText(needle, never);
      assert.match(first.notes?.join() ?? '', /Tracked files that match an ignore pattern are left out: git was not/);
      const second = await temp.workspace.findFiles('*.log', 9, never);
      assert.deepEqual(second, { paths: [], truncated: false, notes: ['Ignored, so not looked into: kept.log.'] });
      temp.facts.git = async () => ({ kind: 'untrusted' });
      assert.match((await temp.workspace.searchText(needle, never)).notes?.join() ?? '', /not trusted/);
      temp.facts.git = async () => ({ kind: 'found', file: join(temp.base, 'nowhere') });
      assert.match((await temp.workspace.searchText(needle, never)).notes?.join() ?? '', /git could not say/);
    });

    it('honour the info/exclude of a worktree, whose .git is a file (L60)', async () => {
      temp = tempWorkspace({ files: { 'a.ts': 'needle', 'notes.txt': 'needle' }, ripgrep: rg });
      const main = join(temp.base, 'main');
      mkdirSync(main);
      git(main, 'init', '-q');
      writeFileSync(join(main, 'first'), 'x');
      git(main, 'add', '.');
      git(main, 'commit', '-qm', 'first');
      git(main, 'worktree', 'add', '-q', join(temp.base, 'tree'));
      const pointer = readFileSync(join(temp.base, 'tree', '.git'), 'utf8');
      writeFileSync(join(temp.folder, '.git'), pointer);
      assert.deepEqual(await seen(temp), ['a.ts', 'notes.txt']);
      writeFileSync(join(main, '.git', 'info', 'exclude'), 'notes.txt\n');
      assert.deepEqual(await seen(temp), ['a.ts']);
      // A submodule's folder has no common one.
      writeFileSync(join(temp.folder, '.git'), `gitdir: ../module\n`);
      temp.write('../module/info/exclude', 'a.ts\n');
      assert.deepEqual(await seen(temp), ['notes.txt']);
      for (const broken of ['gitdir: \n', 'nonsense', `gitdir: ${'x/'.repeat(5_000)}\n`, 'gitdir: //other/share\n']) {
        writeFileSync(join(temp.folder, '.git'), broken);
        assert.deepEqual(await seen(temp), ['a.ts', 'notes.txt']);
      }
    });
  });
}

describe('git', () => {
  it('runs nothing that the repository names, and writes nothing', async function () {
    if (process.platform === 'win32') this.skip();
    const temp = tempWorkspace({ files: { '.gitignore': '*.log', 'x.log': 'needle', 'a.ts': 'needle' } });
    temp.facts.git = realGit;
    try {
      git(temp.folder, 'init', '-q');
      git(temp.folder, 'add', '-f', '.');
      const hook = temp.write('hook.sh', `#!/bin/sh\ntouch '${temp.base}/ran'\n`);
      execFileSync('chmod', ['+x', hook]);
      for (const name of ['core.fsmonitor', 'core.pager', 'core.sshCommand', 'filter.x.process', 'core.editor']) {
        git(temp.folder, 'config', name, hook);
      }
      mkdirSync(join(temp.folder, '.git/hooks'), { recursive: true });
      writeFileSync(join(temp.folder, '.git/hooks/post-index-change'), readFileSync(hook), { mode: 0o755 });
      const index = readFileSync(join(temp.folder, '.git/index'));
      assert.ok((await seen(temp)).includes('x.log'));
      assert.throws(() => readFileSync(join(temp.base, 'ran')), /ENOENT/);
      assert.deepEqual(readFileSync(join(temp.folder, '.git/index')), index);
    } finally {
      temp.remove();
    }
  });

  it('is that of the settings, else one on the PATH, never one of the workspace', () => {
    assert.deepEqual(gitPlaces(['/opt/git'], `/usr/bin:.:${dirname('/bin/x')}`, 'linux'), [
      '/opt/git',
      '/usr/bin/git',
      '/bin/git',
    ]);
    assert.ok(gitPlaces([], '/x', 'win32')[0]?.endsWith('git.exe'));
  });

  it('has its global ignore file where its settings say', () => {
    assert.equal(excludesFileOf('[core]\n\tpager = x\n\texcludesFile = ~/.ignored\n'), '~/.ignored');
    assert.equal(excludesFileOf('[Core] ExcludesFile = "C:\\\\a b"\n[user]\nexcludesfile = no\n'), 'C:\\a b');
    assert.equal(excludesFileOf('[user]\nexcludesfile = no\n'), null);
  });
});
