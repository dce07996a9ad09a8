/** What is written at a place that is run by something asks each time, however one gets there. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Change } from '../../../../../src/core/tools/edits/editing';
import { type EditKit, edit, editKit } from './editKit';

describe('A change of what is run', () => {
  let kit: EditKit;
  afterEach(() => kit.temp.remove());

  const open = (files: Readonly<Record<string, string>>): void => {
    kit = editKit({ files });
  };
  const why = async (change: Change): Promise<readonly (readonly string[])[]> =>
    (await kit.plan(change)).files.map((file) => file.why);
  const link = (target: string, path: string): void => symlinkSync(target, join(kit.temp.folder, path));
  const git = (...args: string[]): void => {
    execFileSync('git', args, { cwd: kit.temp.folder, stdio: 'ignore' });
  };
  const gitIs = (): void => {
    kit.temp.facts.git = async () => ({ kind: 'found', file: 'git' });
  };

  it('is one of a protected name: made, changed, deleted, moved to and from', async () => {
    open({ 'CLAUDE.md': 'one\n', 'a.md': 'one\n', '.vscode/tasks.json': '{}\n' });
    assert.deepEqual(await why(edit('CLAUDE.md', 'one', 'two')), [['runsCode']]);
    assert.deepEqual(await why(edit('.vscode/tasks.json', '{}', '[]')), [['runsCode']]);
    assert.deepEqual(await why({ kind: 'create', path: 'sub/.GitHub/Workflows/x.yml', text: 'x' }), [['runsCode']]);
    assert.deepEqual(await why({ kind: 'delete', path: 'CLAUDE.md' }), [['runsCode']]);
    kit.temp.write('b.md', 'one\n');
    assert.deepEqual(await why({ kind: 'rename', path: 'b.md', to: 'AGENTS.md' }), [[], ['runsCode']]);
    kit.temp.write('.mcp.json', 'one\n');
    assert.deepEqual(await why({ kind: 'rename', path: '.mcp.json', to: 'c.md' }), [['runsCode'], []]);
    assert.deepEqual(await why(edit('a.md', 'one', 'two')), [[]]);
  });

  it('is one through a link to it, and one of a file that it is a link to', async () => {
    open({ 'CLAUDE.md': 'one\n', 'notes/real.md': 'one\n', 'tools/agent/x.md': 'one\n', 'hooks/run.sh': 'one\n' });
    link('CLAUDE.md', 'notes.md');
    assert.deepEqual(await why(edit('notes.md', 'one', 'two')), [['runsCode']]);
    link('notes/real.md', 'AGENTS.md');
    assert.deepEqual(await why(edit('notes/real.md', 'one', 'two')), [['runsCode']]);
    link('tools/agent', '.claude');
    assert.deepEqual(await why(edit('tools/agent/x.md', 'one', 'two')), [['runsCode']]);
    mkdirSync(join(kit.temp.folder, '.husky'));
    link('../hooks/run.sh', '.husky/pre-commit');
    assert.deepEqual(await why(edit('hooks/run.sh', 'one', 'two')), [['runsCode']]);
    mkdirSync(join(kit.temp.folder, '.github/workflows'), { recursive: true });
    link('../../ci/build.yml', '.github/workflows/build.yml');
    assert.deepEqual(
      await why({ kind: 'create', path: 'ci/build.yml', text: 'x' }),
      [['runsCode']],
      'a link to nothing yet',
    );
    assert.deepEqual(await why({ kind: 'create', path: 'ci/other.yml', text: 'x' }), [[]]);
  });

  it('is one of a file that a hook is a link to, behind however many others', async () => {
    open({ 'hooks/run.sh': 'one\n', 'other.sh': 'one\n', '.husky/x': '', '.vscode/x': '' });
    for (let at = 0; at < 600; at += 1) kit.temp.write(`.vscode/a${at}`, '');
    for (let at = 0; at < 3_000; at += 1) kit.temp.write(`.husky/a${at}`, '');
    assert.deepEqual(await why(edit('hooks/run.sh', 'one', 'two')), [[]]);
    link('../hooks/run.sh', '.husky/pre-commit');
    assert.deepEqual(await why(edit('hooks/run.sh', 'one', 'two')), [['runsCode']]);
    assert.deepEqual(await why(edit('other.sh', 'one', 'two')), [[]]);
    // More are not looked at: any of them may be one.
    for (let at = 0; at < 2_000; at += 1) kit.temp.write(`.husky/b${at}`, '');
    assert.deepEqual(await why(edit('other.sh', 'one', 'two')), [['runsCode']]);
  });

  it('is one of a file that has a protected name as well (hard links)', async () => {
    open({ 'plain.md': 'one\n', 'twice.md': 'one\n', 'src/task.json': 'one\n', '.vscode/x.json': '' });
    const at = (path: string): string => join(kit.temp.folder, path);
    linkSync(at('plain.md'), at('CLAUDE.md'));
    linkSync(at('src/task.json'), at('.vscode/tasks.json'));
    linkSync(at('twice.md'), at('other.md'));
    assert.deepEqual(await why(edit('plain.md', 'one', 'two')), [['runsCode']]);
    assert.deepEqual(await why(edit('src/task.json', 'one', 'two')), [['runsCode']]);
    assert.deepEqual(await why(edit('twice.md', 'one', 'two')), [[]]);
  });

  it('is one in the folder that core.hooksPath names, and in a git folder of any name', async () => {
    open({ 'scripts/hooks/pre-commit': 'one\n', 'scripts/other.sh': 'one\n', 'store/config': 'one\n' });
    git('init', '-q');
    git('config', 'core.hooksPath', 'scripts/hooks');
    gitIs();
    assert.deepEqual(await why(edit('scripts/hooks/pre-commit', 'one', 'two')), [['runsCode']]);
    assert.deepEqual(await why({ kind: 'create', path: 'scripts/hooks/new/x', text: '' }), [['runsCode']]);
    assert.deepEqual(await why(edit('scripts/other.sh', 'one', 'two')), [[]]);
    for (const name of ['objects', 'refs', 'hooks']) mkdirSync(join(kit.temp.folder, 'store', name));
    kit.temp.write('store/HEAD', 'ref: refs/heads/main\n');
    assert.deepEqual(await why(edit('store/config', 'one', 'two')), [['runsCode']]);
    assert.deepEqual(await why({ kind: 'create', path: 'store/hooks/post-update', text: '' }), [['runsCode']]);
  });

  it('is one of a file that another root has a protected link to', async () => {
    kit = editKit({
      roots: ['a', 'b'],
      files: { 'a/cfg/tasks.json': '{}\n', 'a/ci/x.yml': 'one\n', 'a/c.md': 'one\n' },
    });
    const other = join(kit.temp.base, 'b');
    symlinkSync('../a/cfg', join(other, '.vscode'));
    mkdirSync(join(other, '.github'));
    symlinkSync('../../a/ci', join(other, '.github/workflows'));
    assert.deepEqual(await why(edit('a/cfg/tasks.json', '{}', '[]')), [['runsCode']]);
    assert.deepEqual(await why({ kind: 'create', path: 'a/ci/new.yml', text: 'x' }), [['runsCode']]);
    assert.deepEqual(await why(edit('a/c.md', 'one', 'two')), [[]]);
  });

  it('is one in a root that is such a folder itself', async () => {
    kit = editKit({ roots: ['.github/workflows'], files: { 'ci.yml': 'one\n' } });
    assert.deepEqual(await why(edit('ci.yml', 'one', 'two')), [['runsCode']]);
  });
});
