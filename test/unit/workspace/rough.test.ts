/** Folders as nobody would make them, and changes while they are looked at. */

import assert from 'node:assert/strict';
import { appendFileSync, chmodSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { runTool } from '../../../src/core/tools/all';
import { diskOf } from '../../../src/host/workspace/files/disk';
import { runRipgrep } from '../../../src/host/workspace/search/ripgrep';
import { hostRipgrep, never, type TempWorkspace, tempWorkspace, tool } from './tempWorkspace';

const query = { query: 'needle', isRegex: false, caseSensitive: false, include: null, maxMatches: 50 };

/** The most CPU time, in ms, that `work` took in one go, in which nothing else of the process could run. */
async function longestStretch(work: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let last = process.cpuUsage();
  const look = (): void => {
    const { user, system } = process.cpuUsage(last);
    longest = Math.max(longest, (user + system) / 1_000);
    last = process.cpuUsage();
  };
  const timer = setInterval(look, 1);
  try {
    await work();
  } finally {
    clearInterval(timer);
    look();
  }
  return longest;
}

/** A folder that seems to hold very many files. */
async function crowded<T>(folder: string, count: number, work: () => Promise<T>): Promise<T> {
  const { opendir } = fs;
  const file = { isFile: () => true, isDirectory: () => false, isSymbolicLink: () => false };
  const list = (path: string, ...rest: []) => {
    if (path !== folder) return opendir(path, ...rest);
    let next = 0;
    const read = async () => (next < count ? { ...file, name: `entry${next++}.ts` } : null);
    return { read, close: async () => undefined };
  };
  Object.assign(fs, { opendir: list });
  try {
    return await work();
  } finally {
    Object.assign(fs, { opendir });
  }
}

/** Runs `work` while a file may not be opened: for root, who runs some tests, chmod takes no right away. */
async function unreadable<T>(file: string, work: () => Promise<T>): Promise<T> {
  const { open } = fs;
  const refuse = (path: string, ...rest: []) =>
    path === file ? Promise.reject(Object.assign(new Error('EACCES'), { code: 'EACCES' })) : open(path, ...rest);
  Object.assign(fs, { open: refuse });
  try {
    return await work();
  } finally {
    Object.assign(fs, { open });
  }
}

describe('A rough workspace', () => {
  let temp: TempWorkspace;
  let rg: string;
  before(async function () {
    this.timeout(600_000);
    rg = await hostRipgrep();
  });
  afterEach(() => temp.remove());

  it('may have a folder of 100,000 entries: it is listed and walked, and nothing else stands still (L54)', async function () {
    this.timeout(60_000);
    temp = tempWorkspace({ files: { '.gitignore': '*.log\n*a*a*b\nnode_modules\n', 'many/a.ts': '' } });
    await crowded(join(temp.folder, 'many'), 100_000, async () => {
      const listed = await longestStretch(async () => {
        const { entries } = await temp.workspace.listDirectory('many', never);
        assert.deepEqual([entries.length, entries[0]?.name], [100_000, 'entry0.ts']);
      });
      const walked = await longestStretch(async () => {
        const { paths } = await temp.workspace.findFiles('entry9999?.ts', 99, never);
        assert.equal(paths.length, 10);
      });
      // Some 30; without pauses it is more than 500.
      assert.ok(Math.max(listed, walked) < 250, `${listed} and ${walked} ms`);
      const abort = new AbortController();
      const running = temp.workspace.listDirectory('many', abort.signal);
      setTimeout(() => abort.abort(new Error('stop')), 20);
      await assert.rejects(running, /stop/);
    });
  });

  it('may have an ignore file of 50 MB: its first megabyte holds, with a word (L54)', async () => {
    temp = tempWorkspace({ files: { 'dist/a.ts': 'needle', 'a.ts': 'needle' } });
    temp.write('.gitignore', `dist\n${`${'x'.repeat(100)}*y\n`.repeat(500_000)}`);
    const longest = await longestStretch(async () => {
      assert.deepEqual((await temp.workspace.findFiles('*.ts', 9, never)).paths, ['a.ts']);
    });
    assert.ok(longest < 400, `${longest} ms`);
    assert.ok(temp.facts.warnings.some((text) => /\.gitignore only the first 1048576 bytes/.test(text)));
  });

  it('may have an ignore file that nobody may read: it ignores nothing, with a word', async () => {
    temp = tempWorkspace({ files: { 'a.ts': 'needle', '.gitignore': 'a.ts' } });
    const found = await unreadable(
      join(temp.folder, '.gitignore'),
      async () => await temp.workspace.findFiles('*.ts', 9, never),
    );
    assert.deepEqual(found.paths, ['a.ts']);
    assert.match(temp.facts.warnings.join(), /\.gitignore could not be read/);
  });

  it('may have links in circles, and to themselves', async () => {
    temp = tempWorkspace({ files: { 'a/b/c.ts': 'needle' } });
    symlinkSync('..', join(temp.folder, 'a/b/up'));
    symlinkSync('self', join(temp.folder, 'self'));
    symlinkSync('.', join(temp.folder, 'here'));
    for (const ripgrep of [null, rg]) {
      temp.facts.ripgrep = async () => ripgrep;
      assert.deepEqual((await temp.workspace.findFiles('**', 99, never)).paths, ['a/b/c.ts']);
      assert.equal((await temp.workspace.searchText(query, never)).matches.length, 1);
    }
    const { entries } = await temp.workspace.listDirectory('.', never);
    assert.deepEqual(
      entries.map(({ name }) => name),
      ['a', 'here'],
    );
    await assert.rejects(temp.workspace.readLines('self', 1, 9, 999, never), /nothing at/);
    const read = await temp.workspace.readLines(`a/${'b/up/'.repeat(20)}b/c.ts`, 1, 9, 999, never);
    assert.deepEqual([read.file.path, read.lines], ['a/b/c.ts', ['needle']]);
  });

  it('may have names with line breaks, and names that are no text', async function () {
    if (process.platform !== 'linux') this.skip();
    temp = tempWorkspace({ files: { 'a\nb.ts': 'needle', 'ok.ts': 'needle' } });
    const strange = Buffer.concat([
      Buffer.from(join(temp.folder, 'bad')),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('.ts'),
    ]);
    writeFileSync(strange, 'needle');
    for (const ripgrep of [null, rg]) {
      temp.facts.ripgrep = async () => ripgrep;
      const found = await runTool(tool('find_files'), { pattern: '*.ts' }, temp.ports, never);
      assert.match(found.content, /^a\?b\.ts\nbad.*\.ts\nok\.ts$/);
      const { matches } = await temp.workspace.searchText(query, never);
      assert.ok(matches.some(({ path }) => path === 'a\nb.ts') && matches.some(({ path }) => path === 'ok.ts'));
    }
    const listed = await runTool(tool('list_directory'), {}, temp.ports, never);
    assert.match(listed.content, /a\?b\.ts/);
  });

  it('may have a file that grows while it is read: it is read as far as it went', async () => {
    temp = tempWorkspace({ files: { 'log.txt': 'line\n'.repeat(200_000) } });
    const [root] = temp.facts.roots();
    assert.ok(root);
    let bytes = 0;
    const grown = await diskOf(root, temp.facts).pieces('log.txt', 0, (piece) => {
      bytes += piece.length;
      appendFileSync(join(temp.folder, 'log.txt'), 'x'.repeat(piece.length * 2));
      return true;
    });
    assert.deepEqual([grown, bytes], [true, 1_000_000]);
  });

  it('may lose a folder while it is searched, and the others are searched on', async () => {
    const files = Object.fromEntries(Array.from({ length: 400 }, (_, i) => [`d${i % 20}/f${i}.ts`, 'needle']));
    temp = tempWorkspace({ files });
    let read = 0;
    const { searchSettings } = temp.facts;
    Object.assign(temp.facts, {
      searchSettings: () => {
        read += 1;
        return searchSettings(temp.facts.roots()[0] ?? assert.fail());
      },
    });
    const searching = temp.workspace.searchText({ ...query, maxMatches: 500 }, never);
    await delay(3);
    rmSync(join(temp.folder, 'd19'), { recursive: true, force: true });
    const { matches } = await searching;
    assert.ok(read > 0 && matches.length >= 380, `${matches.length}`);
    rmSync(temp.folder, { recursive: true, force: true });
    for (const ripgrep of [null, rg]) {
      temp.facts.ripgrep = async () => ripgrep;
      await assert.rejects(temp.workspace.searchText(query, never), /"project" is not there any more/);
      await assert.rejects(temp.workspace.findFiles('*', 9, never), /"project" is not there any more/);
    }
  });

  it('may have files that nobody may read: the others are searched', async () => {
    temp = tempWorkspace({ files: { 'a.ts': 'needle', 'b.ts': 'needle' } });
    const { matches } = await unreadable(
      join(temp.folder, 'a.ts'),
      async () => await temp.workspace.searchText(query, never),
    );
    assert.deepEqual(
      matches.map(({ path }) => path),
      ['b.ts'],
    );
  });

  it('may have an ignored link to a file that is not: it is not read by that name', async () => {
    temp = tempWorkspace({ files: { 'src/a.ts': 'needle', '.gitignore': 'private\n', 'private/x.ts': 'x' } });
    symlinkSync('../src/a.ts', join(temp.folder, 'private/alias.ts'));
    symlinkSync('src', join(temp.folder, 'private-src'));
    await assert.rejects(temp.workspace.readLines('private/alias.ts', 1, 9, 999, never), /is ignored/);
    assert.deepEqual((await temp.workspace.readLines('src/a.ts', 1, 9, 999, never)).lines, ['needle']);
    assert.deepEqual((await temp.workspace.readLines('private-src/a.ts', 1, 9, 999, never)).lines, ['needle']);
    temp.write('.gitignore', 'src\n');
    await assert.rejects(temp.workspace.readLines('private-src/a.ts', 1, 9, 999, never), /is ignored/);
  });
});

describe('Many searches at once', () => {
  it('are four ripgreps at most, and one that is stopped while it waits never starts and keeps no place', async function () {
    if (process.platform === 'win32') this.skip();
    const temp = tempWorkspace();
    /** Eight that run until they are let go; calls back once four of them do. */
    const round = async (name: string, abort: AbortSignal, four: () => Promise<void>): Promise<number> => {
      const runs = join(temp.base, name);
      mkdirSync(runs);
      const go = join(temp.base, `${name}-go`);
      const slow = join(temp.base, `${name}-rg`);
      writeFileSync(slow, `#!/bin/sh\ntouch '${runs}/'$$\nwhile [ ! -e '${go}' ]; do sleep 0.05; done\n`);
      chmodSync(slow, 0o755);
      const started = Array.from({ length: 8 }, (_, i) =>
        runRipgrep(slow, [], { signal: i === 5 ? abort : never, timeoutMs: 60_000 }),
      );
      const ends = Promise.allSettled(started);
      try {
        for (let i = 0; i < 800 && readdirSync(runs).length < 4; i += 1) await delay(10);
        await delay(150);
        assert.equal(readdirSync(runs).length, 4);
        await four();
      } finally {
        writeFileSync(go, '');
        await ends;
      }
      assert.equal(readdirSync(runs).length, (await ends).filter(({ status }) => status === 'fulfilled').length);
      return readdirSync(runs).length;
    };
    try {
      const abort = new AbortController();
      const first = await round('one', abort.signal, async () => abort.abort(new Error('stop')));
      assert.equal(first, 7);
      assert.equal(await round('two', never, async () => undefined), 8);
    } finally {
      temp.remove();
    }
  });
});
