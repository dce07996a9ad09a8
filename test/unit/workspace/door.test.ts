import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import fs, { open, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { estimateTokens } from '../../../src/core/models/tokens';
import { runTool } from '../../../src/core/tools/all';
import { createEditorContextOver } from '../../../src/host/workspace/context';
import { diskOf } from '../../../src/host/workspace/files/disk';
import { DiskDoor, DiskSilent, diskDoor } from '../../../src/host/workspace/files/door';
import { never, type TempWorkspace, tempWorkspace, tool } from './tempWorkspace';

const times = { silentMs: 60, patienceMs: 250 };
const pause = (ms: number) => delay(ms);

/** Pipes whose reads hang until the test ends. */
class Pipes {
  readonly folder = mkdtempSync(join(tmpdir(), 'prelude-pipes-'));
  readonly names: string[] = [];
  readonly stuck: Promise<unknown>[] = [];
  #outstanding = 0;

  /** The path of another pipe. */
  #next(): string {
    const name = join(this.folder, `pipe${this.names.length}`);
    execFileSync('mkfifo', [name]);
    this.names.push(name);
    return name;
  }

  /** A read of another pipe, which hangs. */
  read(): Promise<unknown> {
    this.#outstanding += 1;
    const read = readFile(this.#next()).finally(() => {
      this.#outstanding -= 1;
    });
    this.stuck.push(read);
    return read;
  }

  /** What hangs ends, also what had to wait for a thread or for another read: this takes no thread of its own. */
  async free(): Promise<void> {
    do {
      for (const name of this.names) closeSync(openSync(name, 'r+'));
      await pause(1);
    } while (this.#outstanding > 0);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

describe('The door to the disks', () => {
  if (process.platform === 'win32') return;
  let pipes: Pipes;
  beforeEach(() => {
    pipes = new Pipes();
  });
  afterEach(() => pipes.free());

  /** A read that hangs, through the door. */
  function hang(door: DiskDoor, place: string, signal?: AbortSignal): Promise<unknown> {
    const reading = door.run(place, () => pipes.read(), signal);
    reading.catch(() => {});
    return reading;
  }

  it('lets two calls wait for a disk that hangs, gives up further ones at once, and leaves the threads to others', async () => {
    const door = new DiskDoor(3, times);
    const first = [hang(door, '/mnt/far'), hang(door, '/mnt/far')];
    const third = hang(door, '/mnt/far');
    await assert.rejects(
      Promise.race([third, pause(10_000).then(() => 'it waits on')]),
      (error) => error instanceof DiskSilent && /holds far does not answer/.test(error.message),
    );
    const started = performance.now();
    for (let i = 0; i < 50; i += 1) await assert.rejects(hang(door, '/mnt/far'), DiskSilent);
    assert.ok(performance.now() - started < times.silentMs * 40, 'most of them have waited for nothing');
    assert.equal(pipes.stuck.length, 2);
    for (const one of first) await assert.rejects(one, DiskSilent);

    writeFileSync(join(pipes.folder, 'other'), 'x');
    assert.equal(await readFile(join(pipes.folder, 'other'), 'utf8'), 'x');
    assert.equal(await door.run('/home', () => readFile(join(pipes.folder, 'other'), 'utf8')), 'x');
  });

  it('never has more than three calls of all disks together hang', async () => {
    const door = new DiskDoor(3, times);
    for (const place of ['/a', '/a', '/b', '/b', '/c']) void hang(door, place);
    await pause(times.silentMs * 2);
    await assert.rejects(hang(door, '/d'), DiskSilent);
    assert.equal(pipes.stuck.length, 3);
    writeFileSync(join(pipes.folder, 'other'), 'x');
    assert.equal(await readFile(join(pipes.folder, 'other'), 'utf8'), 'x');
  });

  it('asks a disk again that answers again', async () => {
    const door = new DiskDoor(3, times);
    await Promise.allSettled([hang(door, '/a'), hang(door, '/a')]);
    await assert.rejects(
      door.run('/a', async () => 1),
      DiskSilent,
    );
    const { names } = pipes;
    for (const name of names) await (await open(name, 'r+')).close();
    await Promise.allSettled(pipes.stuck);
    await pause(1);
    assert.equal(await door.run('/a', async () => 1), 1);
  });

  it('ends each wait with its signal, and begins nothing that nobody waits for', async () => {
    const door = new DiskDoor(3, { silentMs: 60_000, patienceMs: 60_000 });
    const abort = new AbortController();
    const waiting = [1, 2, 3, 4].map(() => hang(door, '/a', abort.signal));
    abort.abort(new Error('stop'));
    for (const one of waiting) await assert.rejects(one, /stop/);
    assert.equal(pipes.stuck.length, 2);
    await assert.rejects(
      door.run('/b', async () => 1, abort.signal),
      /stop/,
    );
  });

  it('has the end of a long work be that of its last answer', async () => {
    const door = new DiskDoor(3, times);
    const slow = async (alive: () => void) => {
      for (let i = 0; i < 20; i += 1) {
        await pause(times.silentMs / 4);
        alive();
      }
      return 'done';
    };
    const both = [door.run('/a', slow), door.run('/a', slow)];
    const third = door.run('/a', async () => 'third');
    assert.deepEqual(await Promise.all([...both, third]), ['done', 'done', 'third']);
  });
});

describe('A folder on a disk that hangs', () => {
  if (process.platform === 'win32') return;
  let temp: TempWorkspace;
  const usual = { ...diskDoor.times };
  const real = { stat: fs.stat, realpath: fs.realpath };
  let outstanding = 0;
  let most = 0;
  let free: (() => void)[] = [];

  beforeEach(() => {
    Object.assign(diskDoor.times, times);
    temp = tempWorkspace({ roots: ['app', 'lib'], files: { 'app/a.ts': 'needle', 'lib/b.ts': 'needle' } });
    const far = join(temp.base, 'lib');
    const hanging =
      <T>(call: (path: string) => Promise<T>) =>
      async (path: string): Promise<T> => {
        if (!path.startsWith(far)) return await call(path);
        outstanding += 1;
        most = Math.max(most, outstanding);
        await new Promise<void>((resolve) => free.push(resolve));
        outstanding -= 1;
        return await call(path);
      };
    Object.assign(fs, { stat: hanging(real.stat), realpath: hanging(real.realpath) });
  });
  afterEach(async () => {
    Object.assign(fs, real);
    Object.assign(diskDoor.times, usual);
    for (const one of free) one();
    free = [];
    await pause(5);
    temp.remove();
  });

  it('is told of as such by each tool, and the other folder is read and searched all the same', async () => {
    const run = async (name: string, input: unknown) => await runTool(tool(name), input, temp.ports, never);
    await assert.rejects(run('read_file', { path: 'lib/b.ts' }), /holds lib does not answer/);
    await assert.rejects(run('list_directory', { path: 'lib' }), /holds lib does not answer/);
    assert.match((await run('read_file', { path: 'app/a.ts' })).content, /needle/);
    assert.match((await run('search_text', { query: 'needle' })).content, /app\/a\.ts[\s\S]*\[The disk that holds lib/);
    assert.match((await run('find_files', { pattern: '*.ts' })).content, /^app\/a\.ts\n\[The disk that holds lib/);
    assert.ok(most <= 2, `${most} calls hung`);
  });

  it('keeps none of the other folder’s open files from going, and is no change of its own', async () => {
    const uri = (path: string) => pathToFileURL(join(temp.base, path)).href;
    const tabs = ['app/a.ts', 'lib/b.ts'].map(uri);
    const facts = { tabs: () => tabs, active: () => tabs[1] ?? null, recentlyUsed: () => [], selection: () => null };
    const context = createEditorContextOver({
      facts: { ...facts, isTrusted: true },
      workspace: temp.workspace,
      automatic: () => 'openFiles',
      estimate: estimateTokens,
    });
    const started = performance.now();
    const now = await context.current(never);
    assert.ok(performance.now() - started < times.patienceMs * 4);
    assert.deepEqual(
      now.files.map(({ path }) => path),
      ['app/a.ts'],
    );
    assert.ok(now.unread?.includes(uri('lib/b.ts')));
    assert.ok(most <= 2, `${most} calls hung`);
  });

  it('keeps none of the other folder’s added or seen files from going', async () => {
    const uris = ['lib/b.ts', 'app/a.ts'].map((path) => pathToFileURL(join(temp.base, path)).href);
    const facts = { tabs: () => [], active: () => null, recentlyUsed: () => [], selection: () => null };
    const context = createEditorContextOver({
      facts: { ...facts, isTrusted: true },
      workspace: temp.workspace,
      automatic: () => 'openFiles',
      estimate: estimateTokens,
    });
    for (const read of [context.readAdded(uris, never), context.read(uris, never)]) {
      await assert.doesNotReject(read);
      const [far, near] = await read;
      assert.equal(far, 'unread');
      assert.equal(near !== 'unread' && near?.text, 'needle');
    }
    const stopped = new AbortController();
    stopped.abort();
    await assert.rejects(context.readAdded(uris, stopped.signal));
    assert.ok(most <= 2, `${most} calls hung`);
  });
});

describe('What is no plain file', () => {
  if (process.platform === 'win32') return;

  it('is never opened: a pipe holds up nothing, whatever name it has', async () => {
    const temp = tempWorkspace({ files: { 'a.ts': 'needle' } });
    try {
      for (const name of ['pipe.ts', 'CLAUDE.md', '.gitignore']) execFileSync('mkfifo', [join(temp.folder, name)]);
      symlinkSync('pipe.ts', join(temp.folder, 'link.ts'));
      symlinkSync('/dev/zero', join(temp.folder, 'zero.ts'));
      await assert.rejects(temp.workspace.readLines('pipe.ts', 1, 9, 999, never), /not a plain file/);
      await assert.rejects(temp.workspace.readLines('link.ts', 1, 9, 999, never), /not a plain file/);
      await assert.rejects(temp.workspace.readLines('zero.ts', 1, 9, 999, never), /leads out/);
      const { entries } = await temp.workspace.listDirectory('.', never);
      assert.deepEqual(
        entries.map(({ name }) => name),
        ['a.ts'],
      );
      const uri = pathToFileURL(join(temp.folder, 'CLAUDE.md')).href;
      assert.equal(await temp.workspace.access().readText(uri, 999, true), null);
      assert.deepEqual((await temp.workspace.findFiles('**', 9, never)).paths, ['a.ts']);
    } finally {
      temp.remove();
    }
  });

  it('is not waited for when it takes the place of a file in between', async () => {
    const temp = tempWorkspace({ files: { 'a.ts': 'x' } });
    const { stat } = fs;
    try {
      execFileSync('mkfifo', [join(temp.folder, 'pipe')]);
      Object.assign(fs, { stat: () => stat(join(temp.folder, 'a.ts')) });
      const [root] = temp.facts.roots();
      assert.ok(root);
      const read = diskOf(root, temp.facts).read('pipe', 99);
      assert.equal(await read.catch((error: unknown) => error), null);
    } finally {
      closeSync(openSync(join(temp.folder, 'pipe'), 'r+'));
      Object.assign(fs, { stat });
      temp.remove();
    }
  });
});
