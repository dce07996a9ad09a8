import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runTool } from '../../../../src/core/tools/all';
import { toolStrings } from '../../../../src/core/tools/words/strings';
import { byteLength } from '../../../../src/core/tools/words/text';
import { createChanges } from '../../../../src/host/workspace/git/changes';
import type { GitFacts } from '../../../../src/host/workspace/git/facts';
import { filesOfPatch } from '../../../../src/host/workspace/git/patch';
import { noPorts } from '../../tools/fakeLanguages';
import { privateKey } from '../../tools/secretTexts';
import { never, type TempWorkspace, tempWorkspace, tool } from '../../workspace/tempWorkspace';
import { repositoryIn } from './gitKit';

const old = ['export const name = 1;', ...'abcdefgh'].join('\n').concat('\nexport const other = 2;\n');

describe('get_changes', () => {
  let temp: TempWorkspace;
  let folder: string;
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', ...args], {
      cwd: folder,
      encoding: 'utf8',
    });
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const facts = (rest: Partial<GitFacts> = {}): GitFacts => ({
    open: async () => ({ kind: 'on', repositories: [repositoryIn(folder)] }),
    unsaved: () => [],
    isTrusted: () => true,
    ...rest,
  });
  const run = async (input: object, given: GitFacts = facts(), ms = 20_000) =>
    await runTool(
      tool('get_changes'),
      input,
      { ...noPorts, workspace: temp.workspace, changes: createChanges(given, temp.workspace, ms) },
      never,
    );
  const changes = async (input: object, given?: GitFacts) => (await run(input, given)).content;

  beforeEach(() => {
    temp = tempWorkspace({ roots: ['project'] });
    ({ folder } = temp);
    git('init', '-q', '-b', 'main');
    write('src/a.ts', 'one\ntwo\nthree\n');
    write('src/old.ts', old);
    write('gone.ts', 'gone\n');
    write('.gitignore', 'dist\n');
    git('add', '-A');
    git('commit', '-q', '-m', 'First\n\nwith a body');
  });
  afterEach(() => temp.remove());

  it('shows all that is not committed: edited, staged, renamed, deleted, new, untracked', async () => {
    write('src/a.ts', 'one\nTWO\nthree\n');
    git('mv', 'src/old.ts', 'src/new.ts');
    rmSync(join(folder, 'gone.ts'));
    write('added.ts', 'added\n');
    git('add', 'added.ts');
    write('added.ts', 'added\nand changed\n');
    write('notes.txt', 'not tracked\n');
    write('dist/out.js', 'ignored\n');
    const { content, summary } = await run({});
    assert.equal(
      content,
      [
        'Uncommitted changes (branch main): 5 changed files',
        '',
        'added: added.ts',
        '@@ -0,0 +1,2 @@',
        '+added',
        '+and changed',
        '',
        'deleted: gone.ts',
        '@@ -1 +0,0 @@',
        '-gone',
        '',
        'untracked: notes.txt (read_file shows it)',
        '',
        'modified: src/a.ts',
        '@@ -1,3 +1,3 @@',
        ' one',
        '-two',
        '+TWO',
        ' three',
        '',
        'renamed: src/old.ts -> src/new.ts (its text is the same)',
      ].join('\n'),
    );
    assert.deepEqual(summary, toolStrings.changedFiles(5));
    const staged = await changes({ of: 'staged' });
    assert.match(
      staged,
      /^Staged changes \(branch main\): 2 changed files\n\nadded: added\.ts\n@@ -0,0 \+1 @@\n\+added\n\nrenamed: src\/old/,
    );
    const unstaged = await changes({ of: 'unstaged' });
    assert.match(
      unstaged,
      /^Unstaged changes .*3 changed files\n\nmodified: added\.ts\n@@ -1 \+1,2 @@\n added\n\+and changed/,
    );
    assert.doesNotMatch(unstaged, /notes\.txt/);
  });

  it('shows what a renamed file has besides its name, staged and not', async () => {
    git('mv', 'src/old.ts', 'src/new.ts');
    write('src/new.ts', old.replace('other = 2', 'other = 3'));
    git('add', '-A');
    write('src/new.ts', old.replace('other = 2', 'other = 3').replace('name = 1', 'name = 9'));
    const content = await changes({});
    assert.match(
      content,
      /renamed: src\/old\.ts -> src\/new\.ts\n@@[^@]*@@[^@]*\n-export const other = 2;\n\+export const other = 3;\n@@/,
    );
    assert.match(content, /\+export const name = 9;/);
  });

  it('shows a commit, the first one too, and a range since its base', async () => {
    write('src/a.ts', 'one\ntwo\nthree\nfour\n');
    git('commit', '-q', '-a', '-m', 'Second: a fourth line');
    git('checkout', '-q', '-b', 'side', 'HEAD~1');
    git('mv', 'src/old.ts', 'moved.ts');
    git('commit', '-q', '-m', 'Move');
    const second = await changes({ of: 'main' });
    assert.match(
      second,
      /^Commit [0-9a-f]{8} by Ada, 1970-01-01: Second: a fourth line \(branch main\): 1 changed file\n\nmodified: src\/a\.ts\n@@ -1,3 \+1,4 @@\n[\s\S]*\+four$/,
    );
    const first = await changes({ of: 'main~1' });
    assert.match(first, /: First .*4 changed files\n\nadded: \.gitignore\n@@ -0,0 \+1 @@\n\+dist\n\nadded: gone\.ts/);
    for (const of of ['main..side', 'main...side', 'main..']) {
      const range = await changes({ of });
      assert.match(
        range,
        /^Changes from main \([0-9a-f]{8}\) to (?:side|HEAD) .*since it left it at .*: 1 changed file\n\nrenamed: src\/old\.ts -> moved\.ts/,
      );
    }
    assert.match(await changes({ of: 'side..side' }), /no changes\.$/);
    await assert.rejects(changes({ of: 'nope' }), /Git knows no commit "nope" here/);
    await assert.rejects(changes({ of: 'main..nope' }), /Git knows no range "main\.\.nope"/);
  });

  it('gives git nothing that it could take for an option or a file', async () => {
    for (const of of [
      '--output=/tmp/x',
      '-p',
      'HEAD:.env',
      'main..--output=x',
      'a b',
      'main:src',
      '^main',
      ':/First',
      'a\0b',
    ])
      await assert.rejects(changes({ of }), /names no commit/, of);
  });

  it('is limited by a path, of what is gone, too', async () => {
    write('src/a.ts', 'one\n');
    rmSync(join(folder, 'gone.ts'));
    assert.match(await changes({ path: 'gone.ts' }), /: 1 changed file in gone\.ts\n\ndeleted: gone\.ts/);
    assert.match(await changes({ path: './src/' }), /: 1 changed file in .*\n\nmodified: src\/a\.ts/);
    assert.match(await changes({ path: 'docs' }), /: no changes in docs\.$/);
    await assert.rejects(changes({ path: '../x' }), /leads out of the workspace/);
    await assert.rejects(changes({ path: '/etc' }), /leads out of the workspace/);
  });

  it('never shows secrets, by name, by text, or by what else is in the file (L32, L59)', async () => {
    write('.env', 'KEY=hunter2\n');
    write('deep.txt', `${'x\n'.repeat(20)}${privateKey}\n`);
    git('add', '-A', '-f');
    git('commit', '-q', '-m', 'Secrets');
    const [begin = '', ...body] = privateKey.split('\n');
    write('.env', 'KEY=hunter3\n');
    write('deep.txt', `y\n${'x\n'.repeat(19)}${begin}\n${body.join('\n')}\n`);
    write('pem.txt', privateKey);
    git('add', 'pem.txt');
    git('mv', '-f', '.env', 'harmless.txt');
    for (const content of [await changes({}), await changes({ of: 'HEAD' }), await changes({ of: 'staged' })]) {
      assert.doesNotMatch(content, /hunter|PRIVATE KEY|@@/);
      assert.match(content, /\(may hold secrets: not shown\)/);
    }
    assert.match(await changes({}), /modified: deep\.txt \(may hold secrets: not shown\)/);
    assert.match(await changes({}), /(?:renamed: \.env -> harmless\.txt|deleted: \.env) \(may hold secrets/);
  });

  it('shows what holds a key once the user has allowed that very file, and says how to get there (L32)', async () => {
    const [begin = '', ...body] = privateKey.split('\n');
    for (const name of ['deep.txt', 'other.txt', 'was.txt']) write(name, `${'x\n'.repeat(20)}${privateKey}\n`);
    write('mine.txt', `${privateKey}\n`);
    git('add', '-A', '-f');
    git('commit', '-q', '-m', 'Secrets');
    write('mine.txt', `more\n${privateKey}\n`);
    for (const name of ['deep.txt', 'other.txt'])
      write(name, `y\n${'x\n'.repeat(19)}${begin}\n${body.join('\n')}\nmore\n`);
    write('was.txt', 'nothing any more\n');
    const all = await changes({});
    assert.doesNotMatch(all, /PRIVATE KEY|@@/);
    assert.match(all, /give the path of that one file/);
    const allowed = async (path: string, asked = path, of = 'working_tree'): Promise<string> => {
      const ports = { ...noPorts, workspace: temp.workspace };
      const reads = (await tool('get_changes').reach?.({ path: asked }, ports, never)) ?? [];
      const workspace = temp.workspace.allowing(reads);
      const opened = { ...noPorts, workspace, changes: createChanges(facts(), workspace) };
      return (await runTool(tool('get_changes'), { path, of }, opened, never)).content;
    };
    for (const name of ['mine.txt', 'deep.txt']) {
      const mine = await allowed(name);
      assert.match(mine, new RegExp(`modified: ${name}\\n@@[\\s\\S]*\\+more`));
      assert.doesNotMatch(mine, /not shown|other\.txt/);
    }
    assert.doesNotMatch(await allowed('other.txt', 'mine.txt'), /@@/);
    git('add', 'deep.txt');
    assert.doesNotMatch(await changes({ path: 'deep.txt', of: 'staged' }), /@@/);
    assert.match(await allowed('deep.txt', 'deep.txt', 'staged'), /modified: deep\.txt\n@@/);
    const was = await allowed('was.txt');
    assert.doesNotMatch(was, /PRIVATE KEY|@@/);
    assert.match(was, /in another version of the file/);
  });

  it('names binary files, cuts long diffs and says how to see more (L36)', async function () {
    // git is asked some hundred times, and other work may hold it up.
    this.timeout(90_000);
    writeFileSync(join(folder, 'logo.png'), Buffer.from([0x89, 0x50, 0, 0, 1]));
    write('long.txt', `${'字'.repeat(5_000)}\n${'line\n'.repeat(20_000)}`);
    for (let n = 0; n < 120; n += 1) write(`many/${n}.txt`, `${n} ${'z'.repeat(300)}\n`);
    git('add', '-A');
    const content = await changes({});
    assert.ok(byteLength(content) < 33 * 1024, `${byteLength(content)}`);
    assert.match(content, /added: logo\.png \(binary\)/);
    assert.match(content, /added: long\.txt \(\d[\d,]* lines of its diff are cut off\)/);
    assert.match(content, /added: many\/99\.txt \(diff not shown here\)/);
    assert.match(content, /\[Not all diffs are shown: ask again with the path/);
    const one = await changes({ path: 'long.txt' });
    assert.ok(byteLength(one) > byteLength(content) / 2);
  });

  it('keeps to the file whose name is a pattern to git', async () => {
    write('app/[id]/page.ts', 'id\n');
    write('app/i/page.ts', 'i\n');
    git('add', '-A');
    git('commit', '-q', '-m', 'Pages');
    write('app/[id]/page.ts', 'id changed\n');
    write('app/i/page.ts', 'hidden change\n');
    const content = await changes({ path: 'app/[id]' });
    assert.match(content, /\+id changed/);
    assert.doesNotMatch(content, /hidden/);
  });

  it('shows conflicts, and a repository without commits', async () => {
    git('checkout', '-q', '-b', 'side');
    write('src/a.ts', 'side\n');
    git('commit', '-q', '-a', '-m', 'Side');
    git('checkout', '-q', 'main');
    write('src/a.ts', 'main\n');
    git('commit', '-q', '-a', '-m', 'Main');
    assert.throws(() => git('merge', 'side'));
    assert.match(await changes({}), /conflicted: src\/a\.ts\n@@[\s\S]*<<<<<<< /);
    rmSync(join(folder, '.git'), { recursive: true });
    git('init', '-q', '-b', 'main');
    git('add', 'gone.ts');
    write('gone.ts', 'gone\nmore\n');
    assert.match(await changes({}), /added: gone\.ts\n@@ -0,0 \+1 @@\n\+gone\n@@ -1 \+1,2 @@\n gone\n\+more/);
  });

  it('says what of several repositories it shows, and asks which one has a commit', async () => {
    temp.remove();
    temp = tempWorkspace({ roots: ['shop', 'bank'] });
    const repositories = ['shop', 'bank'].map((name) => {
      folder = join(temp.base, name);
      git('init', '-q', '-b', 'main');
      write('a.ts', `${name}\n`);
      git('add', '-A');
      git('commit', '-q', '-m', 'First');
      write('a.ts', `${name} changed\n`);
      return repositoryIn(folder);
    });
    const both = facts({ open: async () => ({ kind: 'on', repositories }) });
    const all = await changes({}, both);
    assert.match(
      all,
      /\(bank, branch main\): 1 changed file\n\nmodified: bank\/a\.ts[\s\S]*\(shop, branch main\): 1 changed file\n\nmodified: shop\/a\.ts/,
    );
    const one = await changes({ path: 'shop' }, both);
    assert.match(one, /shop changed/);
    assert.doesNotMatch(one, /bank/);
    await assert.rejects(
      changes({ of: 'HEAD' }, both),
      /Several repositories have it\. Give the folder of one as path: "bank", "shop"/,
    );
    assert.match(await changes({ of: 'HEAD', path: 'bank' }, both), /First \(bank, branch main\)/);
  });

  it('counts what lies outside the workspace, and names what is unsaved', async () => {
    temp.remove();
    temp = tempWorkspace({ roots: ['app'] });
    folder = temp.base;
    git('init', '-q', '-b', 'main');
    write('app/a.ts', 'a\n');
    write('other/secret-plan.ts', 'b\n');
    git('add', '-A');
    const uri = (path: string) => pathToFileURL(join(folder, path)).href;
    const unsaved = () => [uri('app/a.ts'), uri('other/secret-plan.ts'), 'untitled:Untitled-1'];
    const content = await changes({ path: '.' }, facts({ unsaved }));
    assert.match(content, /added: a\.ts\n@@/);
    assert.match(content, /\[Unsaved in the editor, which Git does not see: a\.ts\.\]$/);
    assert.match(await changes({}, facts({ unsaved })), /\[1 changed files lie outside the workspace's folders\.\]/);
    assert.doesNotMatch(content, /secret-plan/);
    renameSync(join(folder, 'app/a.ts'), join(folder, 'app/b.ts'));
  });

  it('has a word for each way in which there is no Git, and ends when it hangs or fails', async () => {
    const open = (kind: 'missing' | 'off') => facts({ open: async () => ({ kind }) });
    await assert.rejects(
      changes({}, open('missing')),
      /Git extension is not there or disabled: what has changed cannot/,
    );
    await assert.rejects(changes({}, open('off')), /Git is switched off in the settings, or no git is installed/);
    await assert.rejects(changes({}, { ...open('missing'), isTrusted: () => false }), /Git is off in Restricted Mode/);
    const none = facts({ open: async () => ({ kind: 'on', repositories: [] }) });
    await assert.rejects(changes({}, none), /No Git repository is open in this window/);
    await assert.rejects(run({}, facts({ open: () => new Promise(() => {}) }), 50), /Git did not answer within/);
    const failing = { ...repositoryIn(folder), refresh: () => Promise.reject({ stderr: 'fatal: index.lock exists' }) };
    const broken = facts({ open: async () => ({ kind: 'on', repositories: [failing] }) });
    await assert.rejects(changes({}, broken), /Git failed: fatal: index\.lock exists/);
    write('src/a.ts', 'changed\n');
    const mute = { ...repositoryIn(folder), diffOfHead: () => Promise.reject(new Error('gone')) };
    const partly = facts({ open: async () => ({ kind: 'on', repositories: [mute] }) });
    assert.match(await changes({}, partly), /modified: src\/a\.ts \(Git did not give its diff\)/);
  });

  it('reads diffs whose lines look like headers', () => {
    const patch = 'diff --git a/x b/x\nindex 1..2\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n--- a/y\n+++ b/y\n';
    assert.deepEqual(filesOfPatch(patch), [
      { oldPath: 'x', newPath: 'x', isBinary: false, hunks: '@@ -1 +1 @@\n--- a/y\n+++ b/y' },
    ]);
  });
});
