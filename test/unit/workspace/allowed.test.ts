/** What is not read without asking, and what a yes opens: that very place, for the reasons that were named. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runTool } from '../../../src/core/tools/all';
import type { Reached } from '../../../src/core/tools/consent';
import { parseNotebook } from '../../../src/core/tools/words/notebook';
import type { Workspace } from '../../../src/core/tools/workspace';
import { never, type TempWorkspace, tempWorkspace, tool } from './tempWorkspace';

const key = `-----BEGIN RSA PRIVATE KEY-----\n${'MIIEowIBAAKCAQEAq7'.repeat(4)}\n`;

describe('What a call reaches', () => {
  let temp: TempWorkspace;
  let elsewhere: string;

  beforeEach(() => {
    elsewhere = mkdtempSync(join(tmpdir(), 'prelude-outside-'));
    writeFileSync(join(elsewhere, 'notes.txt'), 'from outside');
    writeFileSync(join(elsewhere, 'id_rsa'), 'key');
    temp = tempWorkspace({
      files: {
        '.gitignore': 'dist/\n*.log\n',
        '.env': 'KEY=1',
        'src/a.ts': 'inside',
        'src/b.ts': 'also inside',
        'dist/a.js': 'built',
        'dist/.env': 'KEY=2',
        'app.log': 'logged',
        'config.txt': key,
      },
    });
    symlinkSync(join(elsewhere, 'notes.txt'), join(temp.folder, 'link.txt'));
  });
  afterEach(() => {
    temp.remove();
    rmSync(elsewhere, { recursive: true, force: true });
  });

  const reach = async (...paths: string[]): Promise<readonly Reached[]> =>
    (await temp.workspace.reach?.(paths, never)) ?? [];
  const said = async (...paths: string[]) => (await reach(...paths)).map(({ path, why }) => [path, why]);
  const opened = (reads: readonly Reached[]): Workspace => temp.workspace.allowing?.(reads) ?? temp.workspace;
  const read = async (workspace: Workspace, path: string): Promise<string> =>
    (await runTool(tool('read_file'), { path }, { ...temp.ports, workspace }, never)).content;

  it('is nothing inside the workspace, nor what leads nowhere', async () => {
    assert.deepEqual(await said('src/a.ts', 'src', '.', 'gone.ts', '/nowhere/at/all', '~/x', 'https://a.b/c', ''), []);
  });

  it('has its reasons: ignored, secret by name or by content, outside (L31, L32)', async () => {
    const outside = join(elsewhere, 'notes.txt');
    assert.deepEqual(await said('.env', 'dist/a.js', 'dist', 'app.log', 'dist/.env', 'config.txt'), [
      ['.env', ['secret']],
      ['dist/a.js', ['ignored']],
      ['dist', ['ignored']],
      ['app.log', ['ignored']],
      ['dist/.env', ['ignored', 'secret']],
      ['config.txt', ['secret']],
    ]);
    assert.deepEqual(await said(outside, 'link.txt', `../../${outside}`), [[outside, ['outside']]]);
    assert.deepEqual(await said(join(elsewhere, 'id_rsa')), [[join(elsewhere, 'id_rsa'), ['outside', 'secret']]]);
    assert.deepEqual(await said('/dev/null', '/dev/zero'), [], 'what is no plain file is read by nobody');
  });

  it('is read after a yes, and nothing else is', async () => {
    const outside = join(elsewhere, 'notes.txt');
    for (const [path, text] of [
      ['.env', /KEY=1/],
      ['dist/a.js', /built/],
      ['config.txt', /PRIVATE KEY/],
      ['dist/.env', /KEY=2/],
      [outside, /from outside/],
      ['link.txt', /from outside/],
    ] as const) {
      const open = opened(await reach(path));
      assert.match(await read(open, path), text);
      await assert.rejects(
        read(temp.workspace, path),
        /not read|refused|contains a private key/,
        'the next call asks again',
      );
      for (const other of ['.env', 'app.log', join(elsewhere, 'id_rsa')]) {
        if (other !== path) await assert.rejects(read(open, other), /not read|refused/, `${other} by ${path}`);
      }
    }
  });

  it('is refused when it has another reason by then than the one that was allowed', async () => {
    const reads = await reach('dist/a.js');
    writeFileSync(join(temp.folder, 'dist/a.js'), key);
    await assert.rejects(read(opened(reads), 'dist/a.js'), /contains a private key/);
  });

  it('is refused when the path leads elsewhere by then', async () => {
    const reads = await reach('link.txt');
    unlinkSync(join(temp.folder, 'link.txt'));
    symlinkSync(join(elsewhere, 'id_rsa'), join(temp.folder, 'link.txt'));
    await assert.rejects(read(opened(reads), 'link.txt'), /leads out of the workspace/);
    const ignored = await reach('app.log');
    unlinkSync(join(temp.folder, 'app.log'));
    symlinkSync(join(temp.folder, '.env'), join(temp.folder, 'app.log'));
    await assert.rejects(read(opened(ignored), 'app.log'), /may hold secrets/);
  });

  it('is a notebook whose key stands in the lines of its cells, too', async () => {
    const source = key.split(/(?<=\n)/);
    const cells = [{ cell_type: 'code', source, outputs: [], execution_count: null, metadata: {} }];
    temp.write('work.ipynb', JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }));
    assert.deepEqual(await said('work.ipynb'), [['work.ipynb', ['secret']]]);
    assert.match(await read(opened(await reach('work.ipynb')), 'work.ipynb'), /PRIVATE KEY/);
    await assert.rejects(read(temp.workspace, 'work.ipynb'), /contains a private key/);
    const notebook = parseNotebook(JSON.stringify({ cells })) ?? assert.fail();
    const uri = pathToFileURL(join(temp.folder, 'open.ipynb')).href;
    temp.write('open.ipynb', JSON.stringify({ cells: [], metadata: {} }));
    assert.deepEqual(await said('open.ipynb'), []);
    Object.assign(temp.facts, { openNotebooks: () => [{ uri, dirty: true, notebook: () => notebook }] });
    assert.deepEqual(await said('open.ipynb'), [['open.ipynb', ['secret']]], 'as it is in its editor');
  });

  it('lists an ignored folder that was allowed, and no other', async () => {
    const open = opened(await reach('dist'));
    const names = (await open.listDirectory('dist', never)).entries.map(({ name }) => name);
    assert.deepEqual(names, ['.env', 'a.js']);
    await assert.rejects(read(open, 'dist/a.js'), /is ignored/, 'its files are another question');
    await assert.rejects(temp.workspace.listDirectory('dist', never), /is ignored/);
  });
});
