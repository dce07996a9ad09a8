/** What is written at a place that is run by something asks each time, however one gets there. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
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

  it('is one of what the instructions import, by whichever name, there or not', async () => {
    open({ 'docs/style.md': 'one\n', 'real.md': 'one\n', 'docs/other.md': 'one\n' });
    link('../real.md', 'docs/link.md');
    const imported = ['docs/style.md', 'docs/gone.md', 'docs/link.md'].map((path) => kit.uri(path));
    Object.assign(kit.temp.facts, {
      isInstruction: (uri: string, path: string) => imported.includes(uri) || path === 'real.md',
    });
    for (const path of ['docs/style.md', 'docs/link.md', 'real.md'])
      assert.deepEqual(await why(edit(path, 'one', 'two')), [['runsCode']], path);
    assert.deepEqual(await why({ kind: 'create', path: 'docs/gone.md', text: 'x' }), [['runsCode']]);
    assert.deepEqual(await why({ kind: 'delete', path: 'docs/style.md' }), [['runsCode']]);
    assert.deepEqual(await why(edit('docs/other.md', 'one', 'two')), [[]]);
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

  it('is one of a file that a protected name anywhere in the repository is a link to', async () => {
    open({
      ...{ 'docs/notes.md': 'one\n', 'docs/more.md': 'one\n', 'docs/plain.md': 'one\n', 'tools/agent/x.md': 'one\n' },
      ...{ 'packages/app/a.ts': '', 'sub/inner.md': 'one\n', 'sub/other.md': 'one\n' },
    });
    git('init', '-q');
    git('init', '-q', 'sub');
    link('../../docs/notes.md', 'packages/app/CLAUDE.md');
    link('../../tools/agent', 'packages/app/.claude');
    link('../../docs/plain.md', 'packages/app/plain.md');
    link('../../sub/inner.md', 'packages/app/AGENTS.md');
    link('../../docs/new.md', 'packages/app/GEMINI.md');
    git('add', 'packages');
    const notes = edit('docs/notes.md', 'one', 'two');
    assert.deepEqual(await why(notes), [[]], 'without git it is not known');
    gitIs();
    assert.deepEqual(await why(notes), [['runsCode']]);
    assert.deepEqual(await why({ kind: 'create', path: 'tools/agent/deep/y.md', text: 'x' }), [['runsCode']]);
    assert.deepEqual(
      await why({ kind: 'create', path: 'docs/new.md', text: 'x' }),
      [['runsCode']],
      'there is none yet',
    );
    assert.deepEqual(await why(edit('sub/inner.md', 'one', 'two')), [['runsCode']], 'of the repository around its own');
    for (const path of ['docs/plain.md', 'docs/more.md', 'sub/other.md'])
      assert.deepEqual(await why(edit(path, 'one', 'two')), [[]], path);
  });

  it('is known by the links as they are now, and git is asked again only when its index has changed', async () => {
    open({ 'docs/notes.md': 'one\n', 'docs/more.md': 'one\n', 'packages/app/a.ts': '' });
    const [notes, more] = [edit('docs/notes.md', 'one', 'two'), edit('docs/more.md', 'one', 'two')];
    const [log, counting] = [join(kit.temp.base, 'asked'), join(kit.temp.base, 'counting')];
    writeFileSync(counting, `#!/bin/sh\necho "$*" >> '${log}'\nexec git "$@"\n`, { mode: 0o755 });
    const asked = (): number =>
      readFileSync(log, 'utf8')
        .split('\n')
        .filter((line) => line.includes('--stage')).length;
    kit.temp.facts.git = async () => ({ kind: 'found', file: counting });
    git('init', '-q');
    link('../../docs/notes.md', 'packages/app/CLAUDE.md');
    git('add', 'packages');
    assert.deepEqual([await why(notes), await why(more), asked()], [[['runsCode']], [[]], 1]);
    const at = join(kit.temp.folder, 'packages/app/CLAUDE.md');
    rmSync(at);
    link('../../docs/more.md', 'packages/app/CLAUDE.md');
    assert.deepEqual([await why(notes), await why(more), asked()], [[[]], [['runsCode']], 1]);
    link('../../docs/notes.md', 'packages/app/AGENTS.md');
    git('add', 'packages');
    assert.deepEqual([await why(notes), await why(more), asked()], [[['runsCode']], [['runsCode']], 2]);
  });

  it('is one of any file where git keeps more links with protected names than are looked at', async () => {
    open({ 'a.md': 'one\n', 'b.md': 'one\n', 'rules/x': '' });
    git('init', '-q');
    gitIs();
    mkdirSync(join(kit.temp.folder, 'deep/.claude'), { recursive: true });
    for (let at = 0; at <= 500; at += 1) link('../../b.md', `deep/.claude/${at}.md`);
    git('add', 'deep/.claude/0.md');
    assert.deepEqual(await why(edit('a.md', 'one', 'two')), [[]]);
    git('add', 'deep');
    assert.deepEqual(await why(edit('a.md', 'one', 'two')), [['runsCode']]);
  });

  /** Git, that a script stands before; its words are in "$*". */
  const gitBehind = (script: string): void => {
    const file = join(kit.temp.base, 'before');
    writeFileSync(file, `#!/bin/sh\n${script}\nexec git "$@"\n`, { mode: 0o755 });
    kit.temp.facts.git = async () => ({ kind: 'found', file });
  };

  it('is one where git does not say what it keeps, and none where it says that there is nothing', async () => {
    open({ 'a.md': 'one\n', 'lost/a.md': 'one\n', 'lost/.git': 'gitdir: /nowhere/at/all\n' });
    git('init', '-q');
    git('add', 'a.md');
    const [a, lost] = [edit('a.md', 'one', 'two'), edit('lost/a.md', 'one', 'two')];
    gitBehind('case "$*" in *--stage*) exit 1;; esac');
    assert.deepEqual(await why(a), [['runsCode']], 'its list ended badly');
    gitIs();
    assert.deepEqual([await why(a), await why(lost)], [[[]], [[]]]);
    gitBehind('export GIT_TEST_ASSUME_DIFFERENT_OWNER=1 GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1');
    assert.deepEqual(await why(a), [['runsCode']], 'the repository belongs to somebody else');
    gitBehind('case "$*" in *rev-parse*) kill -9 $$;; esac');
    assert.deepEqual(await why(a), [['runsCode']], 'it was killed');
  });

  it('is one of a file that a link behind megabytes of other links leads to', async () => {
    open({ 'a.md': 'one\n', 'b.md': 'one\n', 'z/x': '' });
    git('init', '-q');
    gitIs();
    link('../b.md', 'z/CLAUDE.md');
    git('add', 'z');
    const name = 'n'.repeat(200);
    const links = Array.from({ length: 40_000 }, (_, at) => `120000 ${'1'.repeat(40)}\tlinks/${name}${at}\n`);
    const input = links.join('');
    execFileSync('git', ['update-index', '--index-info'], { cwd: kit.temp.folder, input });
    assert.deepEqual(await why(edit('b.md', 'one', 'two')), [['runsCode']]);
    assert.deepEqual(await why(edit('a.md', 'one', 'two')), [[]]);
  });

  it('is one of a file that a name which is no UTF-8 leads to', async function () {
    if (process.platform !== 'linux') this.skip();
    open({ 'a.md': 'one\n', 'b.md': 'one\n', 'c.md': 'one\n', '.claude/x.md': '' });
    const at = (path: string): Buffer => Buffer.from(join(kit.temp.folder, path), 'latin1');
    mkdirSync(at('caf\xe9'));
    symlinkSync('../a.md', at('caf\xe9/CLAUDE.md'));
    git('init', '-q');
    git('add', '.');
    gitIs();
    assert.deepEqual(await why(edit('a.md', 'one', 'two')), [['runsCode']]);
    assert.deepEqual(await why(edit('c.md', 'one', 'two')), [[]]);
    symlinkSync('../b.md', at('.claude/\xe9.md'));
    assert.deepEqual(await why(edit('b.md', 'one', 'two')), [['runsCode']]);
  });

  it('is one of a file that is still to be made, through every link that will lead to it', async () => {
    open({ 'sub/x': '', 'scripts/x': '', 'a/x': '', 'ring/x': '' });
    link('../scripts', 'sub/d');
    link('d/run.sh', 'sub/.envrc');
    link('b', 'a/.envrc');
    link('c', 'a/b');
    link('CLAUDE.md', 'ring/AGENTS.md');
    link('AGENTS.md', 'ring/CLAUDE.md');
    git('init', '-q');
    git('add', '.');
    gitIs();
    const made = (path: string) => why({ kind: 'create', path, text: 'x' });
    assert.deepEqual(await made('scripts/run.sh'), [['runsCode']]);
    assert.deepEqual(await made('a/c'), [['runsCode']]);
    assert.deepEqual([await made('scripts/other.sh'), await made('a/d')], [[[]], [[]]]);
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
