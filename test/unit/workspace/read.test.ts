import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, symlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runTool } from '../../../src/core/tools/all';
import { byteLength } from '../../../src/core/tools/words/text';
import { createWorkspace } from '../../../src/host/workspace/workspace';
import { cpuClock } from '../cpuClock';
import { noPorts } from '../tools/fakeLanguages';
import { defaultSettings, never, type TempWorkspace, tempWorkspace, tool, virtualWorkspace } from './tempWorkspace';

const read = async (temp: TempWorkspace, input: unknown) =>
  (await runTool(tool('read_file'), input, temp.ports, never)).content;

describe('Reading the workspace', () => {
  let temp: TempWorkspace;
  afterEach(() => temp.remove());

  it('gives lines by range, whatever their ends', async () => {
    temp = tempWorkspace({ files: { 'a.txt': 'one\r\ntwo\nthree\n\nfive' } });
    assert.equal(
      await read(temp, { path: 'a.txt' }),
      'a.txt, lines 1-5 of 5\n  1\tone\n  2\ttwo\n  3\tthree\n  4\t\n  5\tfive',
    );
    assert.equal(
      await read(temp, { path: 'a.txt', start_line: 2, end_line: 3 }),
      'a.txt, lines 2-3 of 5\n  2\ttwo\n  3\tthree',
    );
    await assert.rejects(read(temp, { path: 'a.txt', start_line: 6 }), /has 5 lines/);
    temp.write('empty.txt', '');
    assert.equal(await read(temp, { path: 'empty.txt' }), 'empty.txt is empty.');
  });

  it('sees an unsaved editor before the disk', async () => {
    temp = tempWorkspace({ files: { 'a.ts': 'on disk' } });
    temp.facts.documents.push({
      uri: pathToFileURL(join(temp.folder, 'a.ts')).href,
      dirty: true,
      text: () => 'in editor',
    });
    assert.match(await read(temp, { path: 'a.ts' }), /\(unsaved changes in the editor\)\n {2}1\tin editor$/);
    temp.facts.documents.push({
      uri: pathToFileURL(join(temp.folder, 'gone.ts')).href,
      dirty: true,
      text: () => 'kept',
    });
    assert.match(await read(temp, { path: 'gone.ts' }), /1\tkept/);
  });

  it('stays inside through symlinks, and follows those that stay inside (L31)', async () => {
    temp = tempWorkspace({ files: { 'real/a.ts': 'inside', '.env': 'KEY=1' } });
    symlinkSync('/etc', join(temp.folder, 'etc'));
    symlinkSync('/etc/hosts', join(temp.folder, 'hosts.txt'));
    symlinkSync(join(temp.folder, 'real'), join(temp.folder, 'link'));
    symlinkSync(join(temp.folder, '.env'), join(temp.folder, 'notes.txt'));
    symlinkSync('loop', join(temp.folder, 'loop'));
    await assert.rejects(read(temp, { path: 'etc/hosts' }), /leads out of the workspace/);
    await assert.rejects(read(temp, { path: 'hosts.txt' }), /leads out of the workspace/);
    await assert.rejects(read(temp, { path: 'notes.txt' }), /\.env may hold secrets/);
    await assert.rejects(read(temp, { path: 'loop' }), /nothing at "loop"/);
    assert.match(await read(temp, { path: 'link/a.ts' }), /^real\/a\.ts, line 1 of 1\n {2}1\tinside/);
    await assert.rejects(read(temp, { path: `${temp.base}/other` }), /leads out of the workspace/);
    const listed = await temp.workspace.listDirectory('.', never);
    assert.deepEqual(
      listed.entries.map(({ name }) => name),
      ['link', 'real', '.env', 'notes.txt'],
    );
  });

  it('refuses secrets and ignored files with words that help (L32)', async () => {
    temp = tempWorkspace({
      files: {
        '.gitignore': 'dist/\n*.log\n!keep.log\n',
        '.env': 'KEY=1',
        '.env.example': 'KEY=',
        'dist/a.js': '1',
        'b.log': '1',
        'keep.log': 'kept',
        'node_modules/x/a.js': '1',
        'proj-1a2b.json':
          '{"type":"service_account","private_key":"-----BEGIN PRIVATE KEY-----\\nMIIEvQIBADANBgkqhkiG9w0B\\n"}',
      },
    });
    temp.facts.excluded = ['**/node_modules'];
    await assert.rejects(read(temp, { path: '.env' }), /may hold secrets.*ask the user to attach it/);
    await assert.rejects(read(temp, { path: 'dist/a.js' }), /is ignored.*ask the user to attach it/);
    await assert.rejects(read(temp, { path: 'b.log' }), /is ignored/);
    await assert.rejects(read(temp, { path: 'node_modules/x/a.js' }), /is ignored/);
    await assert.rejects(read(temp, { path: 'proj-1a2b.json' }), /contains a private key/);
    assert.match(await read(temp, { path: 'keep.log' }), /kept/);
    assert.match(await read(temp, { path: '.env.example' }), /KEY=/);
    await assert.rejects(runTool(tool('list_directory'), { path: 'dist' }, temp.ports, never), /is ignored/);
  });

  it('honours the ignore files of the folders above where the settings say so', async () => {
    temp = tempWorkspace({ files: { 'app/a.txt': 'a', 'app/private.txt': 'p', '.gitignore': '/app/private.txt\n' } });
    mkdirSync(join(temp.folder, '.git'));
    const inner = tempWorkspace();
    let settings = defaultSettings;
    const folder = join(temp.folder, 'app');
    const root = { name: 'app', uri: pathToFileURL(folder).href, folder };
    const ports = {
      ...noPorts,
      workspace: createWorkspace({ ...inner.facts, roots: () => [root], searchSettings: () => settings }),
    };
    inner.remove();
    assert.match((await runTool(tool('read_file'), { path: 'private.txt' }, ports, never)).content, /1\tp$/);
    settings = { ...defaultSettings, parentIgnoreFiles: true };
    await assert.rejects(runTool(tool('read_file'), { path: 'private.txt' }, ports, never), /is ignored/);
    assert.match((await runTool(tool('read_file'), { path: 'a.txt' }, ports, never)).content, /1\ta$/);
  });

  it('cuts a line of 20 MB, and reads what follows it (L36)', async () => {
    temp = tempWorkspace();
    temp.write('min.js', `first\n${'x'.repeat(20 * 1024 * 1024)}\nlast`);
    const before = process.memoryUsage().arrayBuffers;
    const content = await read(temp, { path: 'min.js' });
    assert.ok(process.memoryUsage().arrayBuffers - before < 10 * 1024 * 1024);
    assert.ok(byteLength(content) < 8_000);
    assert.match(
      content,
      /1\tfirst\n {2}2\tx{4000}… \[line cut: it has 20,971,520 characters\]\n {2}3\tlast\n\[Long lines were cut/,
    );
  });

  it('reads the start of a file of gigabytes at once', async () => {
    temp = tempWorkspace();
    const file = openSync(temp.write('huge.log', ''), 'w');
    const line = Buffer.from(`${'y'.repeat(99)}\n`.repeat(1_000));
    for (let i = 0; i < 20; i += 1) writeSync(file, line);
    // Sparse: what follows costs no disk, and reading it all would take seconds.
    writeSync(file, Buffer.from('end\n'), 0, 4, 3 * 1024 ** 3);
    closeSync(file);
    // It is too large to be looked through for keys: the user was asked.
    const reads = await temp.workspace.reach?.(['huge.log'], never);
    const workspace = temp.workspace.allowing?.(reads ?? []) ?? temp.workspace;
    const cpu = cpuClock();
    const { content } = await runTool(
      tool('read_file'),
      { path: 'huge.log', end_line: 3 },
      { ...temp.ports, workspace },
      never,
    );
    assert.match(content, /lines 1-3 of many/);
    assert.ok(cpu() < 1_000);
  });

  it('ends a read as soon as it is aborted', async () => {
    temp = tempWorkspace();
    temp.write('big.txt', 'a\n'.repeat(20_000_000));
    const abort = new AbortController();
    const running = runTool(tool('read_file'), { path: 'big.txt', start_line: 19_999_999 }, temp.ports, abort.signal);
    setTimeout(() => abort.abort(new Error('stop')), 20);
    const cpu = cpuClock();
    await assert.rejects(running, /stop/);
    assert.ok(cpu() < 300);
  });

  it('refuses binary files with their type and size, and images with a way', async () => {
    temp = tempWorkspace({
      files: {
        'a.bin': Buffer.from([1, 2, 0, 3]),
        'a.txt': Buffer.from('\x89PNG\r\n\x1a\n....', 'latin1'),
        'a.pdf': '%PDF-1.7\n',
      },
    });
    await assert.rejects(read(temp, { path: 'a.bin' }), /binary file, 4 bytes/);
    await assert.rejects(read(temp, { path: 'a.txt' }), /PNG image, 12 bytes.*The user can attach it/);
    await assert.rejects(read(temp, { path: 'a.pdf' }), /PDF document/);
    await assert.rejects(read(temp, { path: '.' }), /is a folder: list_directory/);
    await assert.rejects(
      read(temp, { path: 'src/nope.ts' }),
      /nothing at "src\/nope\.ts"\. find_files with "nope\.ts"/,
    );
    if (process.platform !== 'win32') {
      execFileSync('mkfifo', [join(temp.folder, 'pipe')]);
      await assert.rejects(read(temp, { path: 'pipe' }), /not a plain file/);
    }
  });

  it('decodes what files are written in', async () => {
    const text = 'naïve 字 👩\nzwei';
    const swapped = Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
    temp = tempWorkspace({
      files: {
        'le.txt': Buffer.from(`\ufeff${text}`, 'utf16le'),
        'be.txt': swapped,
        'bom.txt': `\ufeff${text}`,
      },
    });
    for (const path of ['le.txt', 'be.txt', 'bom.txt']) {
      assert.equal(await read(temp, { path }), `${path}, lines 1-2 of 2\n  1\tnaïve 字 👩\n  2\tzwei`);
    }
  });

  it('names files with their root where there are several, and finds both', async () => {
    temp = tempWorkspace({ roots: ['app', 'lib'], files: { 'app/a.ts': 'A', 'lib/a.ts': 'L', 'lib/only.ts': 'O' } });
    assert.match(await read(temp, { path: 'lib/a.ts' }), /^lib\/a\.ts, .*\n.*L$/);
    assert.match(await read(temp, { path: 'only.ts' }), /^lib\/only\.ts/);
    assert.match(await read(temp, { path: `${temp.base}/lib/a.ts` }), /L$/);
    await assert.rejects(read(temp, { path: 'app/../../etc' }), /is refused/);
    const { content } = await runTool(tool('list_directory'), {}, temp.ports, never);
    assert.equal(content, 'The workspace:\napp/\nlib/');
  });

  it('lists folders first, sorted, with sizes, and a folder of 100,000 in bounded bytes', async () => {
    temp = tempWorkspace({ files: { 'b.txt': '12', 'A.txt': '1', 'z/x': '', 'Y/x': '' } });
    const listed = await temp.workspace.listDirectory('.', never);
    assert.deepEqual(
      listed.entries.map(({ name, size }) => `${name} ${size}`),
      ['Y null', 'z null', 'A.txt 1', 'b.txt 2'],
    );
    const entries = Array.from({ length: 100_000 }, (_, i) => [`file-${i}`, 'file'] as const);
    const workspace = createWorkspace({
      ...temp.facts,
      roots: () => [{ name: 'many', uri: 'memory:/many', folder: null }],
      virtual: {
        stat: async (uri) => (uri.endsWith('/many/') ? { kind: 'directory', size: 0 } : null),
        read: async () => new Uint8Array(),
        list: async () => entries,
      },
      uriOf: (root, relative) => `${root.uri}/${relative}`,
    });
    const { content, summary } = await runTool(tool('list_directory'), {}, { workspace, ...noPorts }, never);
    assert.ok(byteLength(content) < 25 * 1024);
    assert.match(content, /more of 100,000 entries not shown/);
    assert.deepEqual(summary.args, [100_000]);
  });
});

describe('Reading another scheme', () => {
  it('goes through its file system and follows no links', async () => {
    const workspace = virtualWorkspace({ 'src/a.ts': 'remote', '.gitignore': 'out\n', 'out/b': 'x', '.env': 'K' }, [
      'link',
    ]);
    const content = async (path: string) =>
      (await runTool(tool('read_file'), { path }, { workspace, ...noPorts }, never)).content;
    assert.match(await content('src/a.ts'), /1\tremote/);
    await assert.rejects(content('link/a.ts'), /symbolic link/);
    await assert.rejects(content('out/b'), /is ignored/);
    await assert.rejects(content('.env'), /secrets/);
    await assert.rejects(content('../x'), /is refused/);
    const found = await workspace.findFiles('**', 10, never);
    assert.deepEqual(found.paths, ['.env', '.gitignore', 'src/a.ts']);
  });
});
