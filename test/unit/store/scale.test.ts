import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { ConversationMeta } from '../../../src/core/record/store';
import { Database } from '../../../src/host/store/file/database';
import { openDatabase } from '../../../src/host/store/file/openDatabase';
import { databaseName } from '../../../src/host/store/file/protocol';
import { migrate, migrations, schemaVersion, versionOf } from '../../../src/host/store/file/schema';
import { setTitle } from '../../../src/host/store/tables/conversations';
import { listSql } from '../../../src/host/store/tables/listing';
import { endSql, pathSql } from '../../../src/host/store/tables/paths';
import { catchUp } from '../../../src/host/store/tables/textIndex';
import { repoRoot } from '../../vscode/paths';
import { chain, home, meta, other, user } from './fixtures';
import { Bench, bundle } from './kit';

describe('the store: size and shape', () => {
  const bench = new Bench();

  before(async function () {
    this.timeout(60_000);
    await bundle();
  });
  afterEach(() => bench.dispose());

  function opened(file: string): Database {
    const adopted: Database[] = [];
    openDatabase(file, { adopt: (db) => adopted.push(db) });
    assert.ok(adopted[0] !== undefined && adopted.length === 1);
    catchUp(adopted[0]);
    return adopted[0];
  }

  function plan(db: Database, sql: string): string {
    const values = Array.from(sql.matchAll(/\?/g), () => 0);
    return db
      .all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, ...values)
      .map((row) => row.detail)
      .join('\n');
  }

  it('prepares each statement once: none has a limit that SQLite would plan anew for each number', () => {
    const folder = join(repoRoot(), 'src/host/store');
    const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
    const found = sources.filter((name) => /LIMIT \?/.test(readFileSync(join(folder, name), 'utf8')));
    // The one that says why.
    assert.deepEqual(found, ['file/database.ts']);
  });

  it('lists a thousand conversations a page at a time, latest first, each once (L7, L20)', async function () {
    this.timeout(30_000);
    const store = await bench.open(bench.folder());
    await Promise.all(
      Array.from({ length: 1000 }, (_, index) => {
        const place = index % 4 === 0 ? other : home;
        // Many have the same moment: the id decides between them.
        const change = { workspace: place.key, updatedAt: Math.floor(index / 10) };
        return store.createConversation(place, meta(`c${String(index).padStart(4, '0')}`, change));
      }),
    );
    for (const [workspaces, count] of [
      [null, 1000],
      [['home'], 750],
      [['other'], 250],
      [['home', 'other'], 1000],
      [['nowhere'], 0],
    ] as const) {
      const seen: ConversationMeta[] = [];
      for (;;) {
        const last = seen.at(-1);
        const page = await store.list({ workspaces, limit: 70, ...(last === undefined ? {} : { after: last }) });
        assert.ok(page.rows.length <= 70);
        assert.equal(page.elsewhere, 1000 - count);
        seen.push(...page.rows);
        if (!page.more) break;
      }
      assert.equal(seen.length, count);
      assert.equal(new Set(seen.map((row) => row.id)).size, count);
      const sorted = seen.toSorted((a, b) => b.updatedAt - a.updatedAt || (a.id < b.id ? 1 : -1));
      assert.deepEqual(seen, sorted);
    }
  });

  it('lists from an index alone, and walks a path by its keys (L20)', () => {
    const db = opened(join(bench.folder(), databaseName));
    for (const sql of Object.values(listSql)) {
      assert.match(plan(db, sql), /USING COVERING INDEX conversationsOf/);
      assert.doesNotMatch(plan(db, sql), /TEMP B-TREE/);
    }
    for (const sql of [pathSql, endSql]) {
      assert.doesNotMatch(plan(db, sql), /SCAN e|TEMP B-TREE/);
      assert.match(plan(db, sql), /SEARCH e USING INDEX sqlite_autoindex_entries_1/);
    }
    db.close();
  });

  it('loads a conversation in time that grows as its length does', async function () {
    this.timeout(60_000);
    const store = await bench.open(bench.folder());
    const words = 'some words of a message of usual length. '.repeat(20);
    for (const [id, count] of [
      ['short', 1000],
      ['long', 10_000],
    ] as const) {
      await store.createConversation(home, meta(id));
      await store.append(
        id,
        chain(id, count, () => words),
        null,
      );
      // Other branches: a thousand entries that no load may pay for.
      await store.append(
        id,
        chain(`${id}-branch`, 1000, () => words),
        null,
      );
      await store.setHead(id, `${id}${count - 1}`, null);
    }
    // CPU time of all threads: what else the machine does is no part of it.
    const time = async (id: string, count: number): Promise<number> => {
      const times: number[] = [];
      for (let round = 0; round < 5; round += 1) {
        const start = process.cpuUsage();
        assert.equal((await store.load(id))?.path.length, count);
        const { user, system } = process.cpuUsage(start);
        times.push((user + system) / 1000);
      }
      return Math.min(...times);
    };
    const short = await time('short', 1000);
    const long = await time('long', 10_000);
    // Ten times the entries; quadratic time would be a hundred times as long.
    assert.ok(long < short * 25, `${short.toFixed(1)} ms for 1,000 entries, ${long.toFixed(1)} ms for 10,000`);
  });

  it('builds the index of texts in pieces: what is built stays, and another window writes in between', async function () {
    this.timeout(60_000);
    const folder = bench.folder();
    const store = await bench.open(folder);
    await store.createConversation(home, meta('c1'));
    const words = Array.from({ length: 400 }, (_, index) => `word${index}`).join(' ');
    await store.append(
      'c1',
      chain('c1', 4000, (index) => `${words} only${index}`),
      null,
    );
    const file = join(folder, databaseName);
    const db = opened(file);
    db.exec("UPDATE keyValues SET value = '1' WHERE key = 'textIndex'");
    let rests = 0;
    assert.throws(() =>
      catchUp(db, () => {
        rests += 1;
        if (rests === 2) throw new Error('the window was closed');
      }),
    );
    const indexed = (): number => db.get<{ n: number }>('SELECT count(*) AS n FROM entryText')?.n ?? 0;
    const first = indexed();
    assert.ok(first > 0 && first < 4000, `${first} of 4000`);
    const rested: number[] = [];
    let sent: Promise<void> | null = null;
    catchUp(db, (ms) => {
      rested.push(ms);
      if (rested.length > 1) return;
      assert.ok(indexed() > first && indexed() < 4000, 'it goes on where it was');
      // Another connection has the lock for what it writes: a word that would wait for the whole.
      const other = new Database(new DatabaseSync(file));
      // It waits as a window does: the one with the store may just have work of its own.
      other.exec('PRAGMA busy_timeout = 5000');
      other.transaction('write', () => setTitle(other, 'c1', 'Meanwhile'));
      other.close();
      sent = store.append('c1', [user('late', 'c13999', 'a latecomer')], null);
    });
    assert.ok(rested.every((ms) => ms <= 50));
    await sent;
    catchUp(db);
    assert.equal(indexed(), 4001);
    for (const query of ['only0', 'only1999', 'only3999', 'latecomer'])
      assert.equal((await store.list({ workspaces: null, query, limit: 1 })).rows.length, 1, query);
    db.close();
  });

  it('migrates forward in one step that happens whole or not at all', () => {
    const raw = new DatabaseSync(join(bench.folder(), databaseName));
    const db = new Database(raw);
    migrate(db);
    assert.equal(versionOf(db), schemaVersion);
    db.run("INSERT INTO keyValues VALUES ('k', 'v')");
    const next = 'ALTER TABLE keyValues ADD COLUMN more TEXT; UPDATE keyValues SET more = value;';
    assert.throws(() => migrate(db, [...migrations, next, 'UPDATE nothing SET x = 1']), /nothing/);
    assert.equal(versionOf(db), schemaVersion);
    assert.equal(db.get<{ more?: string }>('SELECT * FROM keyValues')?.more, undefined);
    migrate(db, [...migrations, next]);
    assert.equal(versionOf(db), schemaVersion + 1);
    assert.equal(db.get<{ more?: string }>('SELECT * FROM keyValues')?.more, 'v');
    assert.throws(() => migrate(db), { code: 'newerVersion' });
    db.close();
  });

  it('writes with full sync, a write-ahead log and zeros over what is deleted', () => {
    const db = opened(join(bench.folder(), databaseName));
    const pragma = (name: string): unknown => Object.values(db.get<object>(`PRAGMA ${name}`) ?? {})[0];
    assert.equal(pragma('journal_mode'), 'wal');
    assert.equal(pragma('synchronous'), 2);
    assert.equal(pragma('secure_delete'), 1);
    assert.equal(pragma('foreign_keys'), 1);
    assert.equal(pragma('auto_vacuum'), 2);
    db.close();
  });

  it('drops what was attached a month ago and never sent', async () => {
    const folder = bench.folder();
    const store = await bench.open(folder);
    await store.createConversation(home, meta('c1'));
    const [unsent, sent, fresh] = await Promise.all(
      ['unsent', 'sent', 'fresh'].map((name) => store.putBlob(Buffer.from(name))),
    );
    assert.ok(unsent !== undefined && sent !== undefined && fresh !== undefined);
    const block = { type: 'document', blob: sent, mediaType: 'text/plain', name: 'a.txt' } as const;
    await store.append('c1', [{ ...user('a', null, ''), content: [block] }], null);
    await store.close();
    const db = new DatabaseSync(join(folder, databaseName));
    db.prepare('UPDATE blobs SET putAt = ? WHERE hash <> ?').run(Date.now() - 40 * 24 * 3600 * 1000, fresh);
    db.close();
    const again = await bench.open(folder);
    assert.equal(await again.getBlob(unsent), null);
    assert.equal(Buffer.from((await again.getBlob(sent)) ?? []).toString(), 'sent');
    assert.equal(Buffer.from((await again.getBlob(fresh)) ?? []).toString(), 'fresh');
  });
});
