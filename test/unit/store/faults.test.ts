import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import type { StoreError } from '../../../src/core/base/errors';
import { databaseName } from '../../../src/host/store/file/protocol';
import { schemaVersion } from '../../../src/host/store/file/schema';
import { storeStrings } from '../../../src/host/store/file/strings';
import { filled } from '../../../src/shared/phrase';
import { chain, home, meta, user } from './fixtures';
import { Bench, bundle } from './kit';

describe('the store: a disk that refuses', () => {
  const bench = new Bench();

  before(async function () {
    this.timeout(60_000);
    await bundle();
  });
  afterEach(() => bench.dispose());

  it('says that the disk is full, keeps what was committed, and goes on when there is room', async () => {
    const folder = bench.folder();
    const store = await bench.openFaulty(folder, 'full');
    await store.createConversation(home, meta('c1'));
    const entries = chain('a', 200, () => 'lorem ipsum '.repeat(300));
    let committed = 0;
    await assert.rejects(
      async () => {
        for (const entry of entries) {
          await store.append('c1', [entry], null);
          committed += 1;
        }
      },
      (error: StoreError) => {
        assert.deepEqual([error.name, error.code], ['StoreError', 'full']);
        // In another language, too: the sentence is one of the table, what the system said a value.
        assert.deepEqual(error.said.args?.[0], storeStrings.diskFull());
        assert.equal(error.message, filled(error.said.text, error.said.args ?? []));
        return true;
      },
    );
    assert.ok(committed > 5);
    assert.deepEqual((await store.load('c1'))?.path, entries.slice(0, committed));
    await store.close();
    const roomy = await bench.open(folder);
    await roomy.append('c1', entries.slice(committed), null);
    assert.deepEqual((await roomy.load('c1'))?.path, entries);
    assert.deepEqual(bench.notices, []);
  });

  it('says that a database is read-only, and still reads it', async () => {
    const folder = bench.folder();
    const writable = await bench.open(folder);
    await writable.createConversation(home, meta('c1'));
    await writable.close();
    const store = await bench.openFaulty(folder, 'readOnly');
    await assert.rejects(store.setTitle('c1', 'x'), { name: 'StoreError', code: 'readOnly' });
    assert.equal((await store.load('c1'))?.meta.title, 'title of c1');
  });

  it('says that a folder may not be written', async function () {
    this.timeout(20_000);
    // Rights bind neither root nor, in this way, Windows: there a folder stands where the file should be.
    if (process.platform === 'win32') {
      const folder = bench.folder();
      mkdirSync(join(folder, databaseName));
      await assert.rejects(bench.open(folder), { name: 'StoreError', code: 'unavailable' });
      return;
    }
    const { folder: bundled } = await bundle();
    chmodSync(bundled, 0o755);
    const empty = bench.folder();
    const filled = bench.folder();
    const store = await bench.open(filled);
    await store.createConversation(home, meta('c1'));
    await store.close();
    chmodSync(join(filled, databaseName), 0o444);
    for (const folder of [empty, filled, join(empty, 'below')]) {
      chmodSync(folder === filled ? filled : empty, 0o555);
      const child = await bench.child('withoutRights', folder);
      assert.ok(child.stdout);
      assert.equal((await text(child.stdout)).trim(), 'readOnly', folder);
    }
    chmodSync(filled, 0o755);
    chmodSync(empty, 0o755);
  });

  it('says that another window holds the lock', async () => {
    const folder = bench.folder();
    const store = await bench.openFaulty(folder, 'impatient');
    await store.createConversation(home, meta('c1'));
    const db = new DatabaseSync(join(folder, databaseName));
    db.exec('BEGIN IMMEDIATE');
    await assert.rejects(store.setTitle('c1', 'x'), { name: 'StoreError', code: 'busy' });
    assert.equal((await store.load('c1'))?.meta.title, 'title of c1', 'reading goes on meanwhile');
    db.exec('ROLLBACK');
    db.close();
    await store.setTitle('c1', 'x');
  });

  it('waits for a lock that is held for a moment', async () => {
    const folder = bench.folder();
    const store = await bench.open(folder);
    await store.createConversation(home, meta('c1'));
    const db = new DatabaseSync(join(folder, databaseName));
    db.exec('BEGIN IMMEDIATE');
    const writing = store.setTitle('c1', 'patient');
    await delay(300);
    db.exec('COMMIT');
    db.close();
    await writing;
    assert.equal((await store.load('c1'))?.meta.title, 'patient');
  });

  it('waits for another window that is creating the database', async () => {
    const folder = bench.folder();
    const db = new DatabaseSync(join(folder, databaseName));
    db.exec('CREATE TABLE begun (x); BEGIN IMMEDIATE');
    const opening = bench.open(folder);
    await delay(400);
    db.exec('COMMIT');
    db.close();
    const store = await opening;
    await store.createConversation(home, meta('c1'));
    assert.ok(existsSync(join(folder, `${databaseName}-wal`)));
  });

  it('leaves a database of a newer version untouched', async () => {
    const folder = bench.folder();
    const file = join(folder, databaseName);
    const store = await bench.open(folder);
    await store.createConversation(home, meta('c1'));
    await store.close();
    const db = new DatabaseSync(file);
    db.exec(`PRAGMA user_version = ${schemaVersion + 1}`);
    db.close();
    const before = readFileSync(file);
    await assert.rejects(bench.open(folder), { name: 'StoreError', code: 'newerVersion', message: /newer version/ });
    assert.ok(before.equals(readFileSync(file)));
    assert.deepEqual(bench.notices, []);
  });

  it('stops writing when another window brings the open database to a newer version', async () => {
    const folder = bench.folder();
    const store = await bench.open(folder);
    await store.createConversation(home, meta('c1'));
    const db = new DatabaseSync(join(folder, databaseName));
    db.exec(`PRAGMA user_version = ${schemaVersion + 1}`);
    await assert.rejects(store.setTitle('c1', 'x'), { name: 'StoreError', code: 'newerVersion' });
    assert.deepEqual({ ...db.prepare('SELECT title FROM conversations').get() }, { title: 'title of c1' });
    db.close();
  });

  it('uses a rollback journal where memory cannot be shared', async () => {
    const folder = bench.folder();
    // With a folder in the place of the shared memory, WAL cannot work.
    mkdirSync(join(folder, `${databaseName}-shm`));
    const store = await bench.open(folder);
    const second = await bench.open(folder);
    await store.createConversation(home, meta('c1'));
    const entries = chain('a', 20, String);
    for (const entry of entries)
      await (Number(entry.id.slice(1)) % 2 === 0 ? store : second).append('c1', [entry], null);
    assert.deepEqual((await store.load('c1'))?.path, entries);
    assert.ok(!existsSync(join(folder, `${databaseName}-wal`)));
    await store.deleteForever('c1');
    assert.equal(await second.load('c1'), null);
    await store.close();
    await second.close();
    // And the other way round: made with WAL, opened where it cannot be had.
    rmSync(join(folder, `${databaseName}-shm`), { recursive: true });
    rmSync(join(folder, databaseName));
    rmSync(join(folder, `${databaseName}.name`));
    const shared = await bench.open(folder);
    await shared.createConversation(home, meta('c2'));
    assert.ok(existsSync(join(folder, `${databaseName}-wal`)), 'elsewhere WAL is used');
    await shared.close();
    mkdirSync(join(folder, `${databaseName}-shm`));
    assert.equal((await (await bench.open(folder)).load('c2'))?.meta.id, 'c2');
    assert.deepEqual(bench.notices, []);
  });

  it('works without FTS5, says so, and finds everything once it is there', async () => {
    const folder = bench.folder();
    const store = await bench.openFaulty(folder, 'noFullText');
    await store.createConversation(home, meta('c1'));
    await store.append('c1', [user('a', null, 'xylophone')], null);
    assert.ok(bench.logged.some((line) => line.includes('FTS5')));
    const query = { workspaces: null, query: 'xylophone', limit: 5 };
    assert.deepEqual((await store.list(query)).rows, []);
    await store.close();
    const full = await bench.open(folder);
    assert.equal((await full.list(query)).rows.length, 1);
  });

  it('rejects what is pending when the worker dies, and works again at the next call', async () => {
    const folder = bench.folder();
    const store = await bench.openFaulty(folder, 'dies');
    await store.createConversation(home, meta('c1'));
    const before = store.append('c1', [user('a', null, 'kept')], null);
    const dying = store.setValue('die', 'now');
    const after = store.setTitle('c1', 'never');
    await before;
    await assert.rejects(dying, { name: 'StoreError', code: 'unavailable' });
    await assert.rejects(after, { name: 'StoreError', code: 'unavailable' });
    assert.equal((await store.load('c1'))?.meta.head, 'a');
    assert.equal(await store.getValue('die'), null, 'its transaction was undone');
    await store.append('c1', [user('b', 'a', 'and on')], null);
    assert.equal((await store.load('c1'))?.path.length, 2);
  });

  it('says when the worker cannot be started', async () => {
    const missing = join(bench.folder(), 'missing.js');
    await assert.rejects(bench.open(bench.folder(), missing), { name: 'StoreError', code: 'unavailable' });
    const broken = join(bench.folder(), 'broken.js');
    writeFileSync(broken, 'throw new Error("boom")');
    await assert.rejects(bench.open(bench.folder(), broken), { code: 'unavailable', message: /boom/ });
  });

  it('says when a file is in the way of its folder', async () => {
    const folder = join(bench.folder(), 'file');
    writeFileSync(folder, 'x');
    await assert.rejects(bench.open(folder), { name: 'StoreError', code: 'unavailable' });
  });

  it('keeps the process alive no longer than until it is closed', async () => {
    const child = await bench.child('openAndClose', bench.folder());
    const [code] = (await once(child, 'exit')) as [number | null];
    assert.equal(code, 0);
  });
});
