import assert from 'node:assert/strict';
import { once } from 'node:events';
import {
  appendFileSync,
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { DatabaseSync, type DatabaseSyncOptions, type StatementSync } from 'node:sqlite';
import type { Store } from '../../../src/core/record/store';
import { setAside } from '../../../src/host/store/file/damage';
import { identityOf } from '../../../src/host/store/file/database';
import { writeMark } from '../../../src/host/store/file/mark';
import { databaseName, storeNameKey } from '../../../src/host/store/file/protocol';
import { Session } from '../../../src/host/store/session';
import { chain, home, meta, user } from './fixtures';
import { Bench, bundle } from './kit';

/** How many conversations say this. */
async function found(store: Store, query: string): Promise<number> {
  return (await store.list({ workspaces: null, query, limit: 5 })).rows.length;
}

/** How many entries the search index has with this word. */
function indexedIn(file: string, word: string): number {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    return Number(db.prepare('SELECT count(*) AS n FROM entryText WHERE entryText MATCH ?').get(word)?.['n']);
  } finally {
    db.close();
  }
}

describe('the store: damage (L3)', () => {
  const bench = new Bench();

  before(async function () {
    this.timeout(60_000);
    await bundle();
  });
  afterEach(async () => {
    await bench.dispose();
    bench.notices.length = 0;
  });

  /** A folder with a closed database of 100 entries. */
  async function filled(): Promise<{ folder: string; file: string }> {
    const folder = bench.folder();
    const store = await bench.open(folder);
    await store.createConversation(home, meta('c1'));
    await store.append(
      'c1',
      chain('a', 100, (index) => `entry ${index} ${'x'.repeat(1500)}`),
      null,
    );
    await store.close();
    return { folder, file: join(folder, databaseName) };
  }

  function overwrite(file: string, from: number, to: number): void {
    const handle = openSync(file, 'r+');
    writeSync(handle, Buffer.alloc(to - from, 0xa5), 0, to - from, from);
    closeSync(handle);
  }

  function quietSession(file: string, told: string[], configure?: (raw: DatabaseSync) => void): Session {
    const note = (what: string): void => {
      told.push(what);
    };
    return new Session(file, { damaged: note, vanished: note, warn: () => undefined }, configure ? { configure } : {});
  }

  /** What another window does to a fresh database, if it comes to it: its name, then the mark beside it. */
  function signAsAnother(file: string): boolean {
    const db = new DatabaseSync(file, { timeout: 0 });
    try {
      db.prepare('INSERT INTO keyValues (key, value) VALUES (?, ?)').run(storeNameKey, '"other"');
    } catch {
      return false;
    } finally {
      db.close();
    }
    writeMark(file, 'other');
    return true;
  }

  function movedTo(): string {
    assert.equal(bench.notices.length, 1);
    const [notice] = bench.notices;
    assert.ok(notice?.kind === 'damaged');
    return notice.movedTo;
  }

  it('sets a file aside that is not a database, whole, and starts a fresh one', async () => {
    const { folder, file } = await filled();
    overwrite(file, 0, 4096);
    const damaged = readFileSync(file);
    const store = await bench.open(folder);
    assert.match(basename(movedTo()), /^prelude\.damaged-\d{8}T\d{9}Z\.db$/);
    assert.ok(damaged.equals(readFileSync(movedTo())));
    assert.equal(await store.load('c1'), null);
    await store.createConversation(home, meta('c2'));
    await store.close();
    assert.equal((await (await bench.open(folder)).load('c2'))?.meta.id, 'c2');
    assert.equal(bench.notices.length, 1);
    assert.ok(damaged.equals(readFileSync(movedTo())), 'nothing is ever written to it');
  });

  it('sets a file aside whose pages are damaged or cut off', async () => {
    for (const harm of [
      (file: string) => overwrite(file, 8192, statSync(file).size),
      (file: string) => truncateSync(file, Math.floor(statSync(file).size / 2 / 4096) * 4096),
      (file: string) => truncateSync(file, 5000),
      (file: string) => writeFileSync(file, '{"conversations": []}'),
    ]) {
      bench.notices.length = 0;
      const { folder, file } = await filled();
      harm(file);
      const damaged = readFileSync(file);
      const store = await bench.open(folder);
      assert.ok(damaged.equals(readFileSync(movedTo())));
      await store.createConversation(home, meta('new'));
    }
  });

  it('takes the write-ahead log and the shared memory along', async () => {
    const { folder, file } = await filled();
    overwrite(file, 0, 4096);
    writeFileSync(`${file}-wal`, 'the log');
    await bench.open(folder);
    assert.equal(readFileSync(`${movedTo()}-wal`, 'utf8'), 'the log');
    assert.ok(existsSync(`${movedTo()}-shm`));
  });

  it('does not touch a file that has taken the place of the damaged one', async () => {
    const { file } = await filled();
    assert.equal(setAside(file, 'another file', new Date()), null);
    assert.equal(setAside(file, null, new Date()), null);
    assert.ok(existsSync(file));
    assert.ok(setAside(file, identityOf(file), new Date()) !== null);
    assert.ok(!existsSync(file));
  });

  it('never reuses a name: two damaged databases are both kept', async () => {
    const folder = bench.folder();
    for (const content of ['first '.repeat(200), 'second '.repeat(200)]) {
      writeFileSync(join(folder, databaseName), content);
      await (await bench.open(folder)).close();
    }
    const kept = bench.notices.map((notice) =>
      notice.kind === 'damaged' ? readFileSync(notice.movedTo, 'utf8').slice(0, 6) : '',
    );
    assert.deepEqual(kept, ['first ', 'second']);
  });

  it('notices damage while it works: the call fails, the next ones go to a fresh database', async () => {
    const { folder, file } = await filled();
    const store = await bench.open(folder);
    // More than SQLite keeps in memory, so that it reads the file again.
    await store.append(
      'c1',
      chain('big', 100, () => 'x'.repeat(60_000)),
      null,
    );
    overwrite(file, 4096, statSync(file).size);
    await assert.rejects(store.load('c1'), { name: 'StoreError', code: 'damaged', message: /set aside/ });
    assert.ok(existsSync(movedTo()));
    assert.equal(await store.load('c1'), null);
    await store.createConversation(home, meta('c1'));
    await store.append('c1', [user('a0', null, 'again')], null);
    assert.equal((await store.load('c1'))?.path.length, 1);
  });

  it('follows another window that has set the database aside', async () => {
    const { folder, file } = await filled();
    const first = await bench.open(folder);
    const second = await bench.open(folder);
    await second.setDraft('c1', 'x');
    overwrite(file, 4096, statSync(file).size);
    await assert.rejects(first.load('c1'), { code: 'damaged' });
    await first.createConversation(home, meta('c2'));
    assert.equal((await second.load('c2'))?.meta.id, 'c2');
    await second.append('c2', [user('z', null, 'shared')], null);
    await second.close();
    assert.equal((await first.load('c2'))?.path.length, 1);
    assert.equal(bench.notices.length, 1);
  });

  it('is set aside once when windows find the damage at the same time', async () => {
    const { folder, file } = await filled();
    overwrite(file, 0, 4096);
    const damaged = readFileSync(file);
    const stores = await Promise.all(Array.from({ length: 4 }, () => bench.open(folder)));
    assert.ok(damaged.equals(readFileSync(movedTo())));
    await stores[0]?.createConversation(home, meta('c2'));
    for (const store of stores) assert.equal((await store.load('c2'))?.meta.id, 'c2');
    assert.equal(readdirSync(folder).filter((name) => name.includes('damaged')).length, 1);
  });

  for (const [look, locked] of [false, true].entries()) {
    it(`is not taken for one that is gone when another window signs it after look ${look}`, () => {
      const file = join(bench.folder(), databaseName);
      const looks: boolean[] = [];
      const told: string[] = [];
      const session = quietSession(file, told, (raw) => {
        const { prepare } = raw;
        raw.prepare = (sql) => {
          const statement = prepare.call(raw, sql);
          const get = statement.get.bind(statement) as (
            ...args: readonly unknown[]
          ) => ReturnType<StatementSync['get']>;
          if (sql.includes('FROM keyValues')) {
            statement.get = (...args: readonly unknown[]) => {
              const found = get(...args);
              // As soon as it is seen to have no name, the other window gives it one, if the lock lets it.
              if (found === undefined) looks.push(looks.length === look && signAsAnother(file));
              return found;
            };
          }
          return statement;
        };
      });
      session.open();
      session.close();
      assert.equal(looks[look], !locked, 'the lock keeps the other out');
      assert.deepEqual(told, []);
    });
  }

  /** Another window does something with the file just before, or after, this one opens it for the first time. */
  function openWhile(session: Session, when: 'before' | 'after', act: () => void): void {
    const sqlite = require('node:sqlite') as { DatabaseSync: typeof DatabaseSync };
    const Original = sqlite.DatabaseSync;
    let isFirst = true;
    sqlite.DatabaseSync = class extends Original {
      constructor(path: string, options: DatabaseSyncOptions = {}) {
        const isNow = isFirst && (options.readOnly === true) === (when === 'before');
        if (isNow) isFirst = false;
        if (isNow && when === 'before') act();
        super(path, options);
        if (isNow && when === 'after') act();
      }
    };
    try {
      session.open();
    } finally {
      sqlite.DatabaseSync = Original;
    }
    assert.ok(!isFirst);
  }

  for (const when of ['before', 'after'] as const) {
    it(`leaves the fresh one alone that took its place just ${when} it was opened`, async () => {
      const { folder, file } = await filled();
      const fresh = readFileSync(file);
      overwrite(file, 0, 4096);
      const told: string[] = [];
      const session = quietSession(file, told);
      openWhile(session, when, () => {
        renameSync(file, join(folder, 'set-aside-by-another.db'));
        writeFileSync(file, fresh);
      });
      const count = session.run('read', (db) => db.get<{ n: number }>('SELECT count(*) AS n FROM entries')?.n);
      session.close();
      assert.equal(count, 100);
      assert.deepEqual(told, []);
    });
  }

  it('opens while another window is setting the file aside', async () => {
    const { folder, file } = await filled();
    const told: string[] = [];
    const session = quietSession(file, told);
    openWhile(session, 'before', () => renameSync(file, join(folder, 'set-aside-by-another.db')));
    assert.equal(
      session.run('read', (db) => db.get<{ n: number }>('SELECT count(*) AS n FROM entries')?.n),
      0,
    );
    session.close();
  });

  for (const harm of [
    "UPDATE entryText_data SET block = x'00ff00ff00ff' WHERE id > 10",
    "UPDATE entryText_data SET block = x'00ff00ff00ff'",
    'DELETE FROM entryText_data',
    'DELETE FROM entryText_idx',
  ]) {
    it(`builds a damaged search index again and loses nothing: ${harm}`, async () => {
      const { folder, file } = await filled();
      const db = new DatabaseSync(file);
      db.exec(harm);
      db.close();
      const store = await bench.open(folder);
      await store.append('c1', [user('b', 'a99', 'quixotic')], null);
      assert.equal(await found(store, 'quixotic'), 1);
      assert.equal(await found(store, 'entry'), 1);
      assert.equal(indexedIn(file, 'entry'), 100);
      assert.equal((await store.load('c1'))?.path.length, 101);
      assert.deepEqual(bench.notices, []);
    });

    it(`builds the search index again when it turns out to be damaged while it works: ${harm}`, async () => {
      const { folder, file } = await filled();
      const store = await bench.open(folder);
      const db = new DatabaseSync(file);
      db.exec(harm);
      db.close();
      assert.equal(await found(store, 'entry'), 1);
      assert.equal(indexedIn(file, 'entry'), 100);
      assert.deepEqual(bench.notices, []);
    });
  }

  it('opens with what is whole of a log that was cut or torn', async () => {
    const { folder, file } = await filled();
    // A process that dies leaves its log behind.
    const child = await bench.child('append', folder, 'c1', 'k', '60');
    const died = once(child, 'exit');
    let printed = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      if (printed.split('\n').length > 40) child.kill('SIGKILL');
    });
    await died;
    const log = `${file}-wal`;
    assert.ok(statSync(log).size > 100_000);
    const copies = [
      (path: string) => truncateSync(path, Math.floor(statSync(path).size / 2) + 13),
      (path: string) => overwrite(path, Math.floor(statSync(path).size / 2), statSync(path).size),
      (path: string) => truncateSync(path, 20),
      (path: string) => appendFileSync(path, Buffer.alloc(9000, 1)),
    ].map((harm) => {
      const copy = bench.folder();
      copyFileSync(file, join(copy, databaseName));
      copyFileSync(log, join(copy, `${databaseName}-wal`));
      harm(join(copy, `${databaseName}-wal`));
      return copy;
    });
    const lengths: number[] = [];
    for (const copy of copies) {
      const path = (await (await bench.open(copy)).load('c1'))?.path ?? [];
      assert.deepEqual(
        path.map((entry) => entry.id),
        [...Array.from({ length: 100 }, (_, i) => `a${i}`), ...Array.from({ length: 60 }, (_, i) => `k${i}`)].slice(
          0,
          path.length,
        ),
      );
      lengths.push(path.length);
    }
    assert.equal(lengths[2], 100);
    assert.ok((lengths[0] ?? 0) > 100 && (lengths[0] ?? 0) < (lengths[3] ?? 0), String(lengths));
    assert.deepEqual(bench.notices, []);
  });

  it('tells of a database that is gone or empty, and of none that never was', async () => {
    await (await bench.open(bench.folder())).close();
    assert.deepEqual(bench.notices, []);
    for (const harm of [(file: string) => rmSync(file), (file: string) => truncateSync(file, 0)]) {
      bench.notices.length = 0;
      const { folder, file } = await filled();
      harm(file);
      const store = await bench.open(folder);
      assert.deepEqual(bench.notices, [{ kind: 'vanished', file }]);
      assert.equal(await store.getValue('vanished'), file, 'until the user was told');
      await store.setValue('vanished', null);
      await store.close();
      bench.notices.length = 0;
      await (await bench.open(folder)).close();
      assert.deepEqual(bench.notices, [], 'once');
    }
  });

  it('goes on in a new file when the old one was taken away, and tells of it', async () => {
    const { folder, file } = await filled();
    const store = await bench.open(folder);
    renameSync(file, join(folder, 'kept-elsewhere.db'));
    assert.equal(await store.load('c1'), null);
    await store.createConversation(home, meta('c3'));
    assert.ok(existsSync(file));
    assert.deepEqual(bench.notices, [{ kind: 'vanished', file }]);
  });
});
