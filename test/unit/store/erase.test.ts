import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import type { UserEntry } from '../../../src/core/record/record';
import type { Store } from '../../../src/core/record/store';
import type { Database } from '../../../src/host/store/file/database';
import { openDatabase } from '../../../src/host/store/file/openDatabase';
import { databaseName } from '../../../src/host/store/file/protocol';
import { scrub } from '../../../src/host/store/tables/scrub';
import { assistant, chosenTool, edited, home, meta, other, user } from './fixtures';
import { Bench, bundle, bytesIn } from './kit';

describe('the store: delete forever', () => {
  const bench = new Bench();

  before(async function () {
    this.timeout(60_000);
    await bundle();
  });
  afterEach(() => bench.dispose());

  /** A conversation in which everything that can hold text holds the secret. */
  async function tell(store: Store, id: string, secret: string, image: Uint8Array): Promise<void> {
    const hash = await store.putBlob(image);
    const place = { key: `key-${secret}`, name: secret, folders: [`file:///${secret}`] };
    await store.createConversation(place, meta(id, { workspace: place.key, title: `about ${secret}` }));
    const first: UserEntry = {
      ...user(`${id}-0`, null, ''),
      content: [
        { type: 'text', text: `the word is ${secret}` },
        { type: 'image', blob: hash, mediaType: 'image/png', width: 1, height: 1, name: `${secret}.png` },
      ],
    };
    const long = assistant(`${id}-1`, `${id}-0`, `${secret} `.repeat(3000));
    await store.append(id, [first, long], null);
    await store.append(id, [user(`${id}-2`, `${id}-1`, `once more, ${secret}`)], null);
    await store.setHead(id, `${id}-0`, null);
    await store.append(id, [user(`${id}-3`, `${id}-0`, `a branch with ${secret}`)], null);
    await store.setDraft(id, `draft of ${secret}`);
    await store.setRemovedContext(id, [`file:///${secret}`]);
    await store.setAddedContext(id, [`file:///added/${secret}`]);
    await store.setTools(id, [chosenTool('a', `a tool of ${secret}`)]);
    await store.setQueued(id, [{ id: 'q', content: [{ type: 'text', text: `next, ${secret}` }] }], []);
    await store.checkpoint(
      id,
      {
        entry: `${id}-4`,
        parent: `${id}-3`,
        model: 'm',
        at: 1,
        before: 0,
        news: [{ index: 0, set: { type: 'text', text: `partly ${secret}`, citations: null } }],
      },
      null,
    );
    const before = await store.putFileVersion(id, Buffer.from(`what a file said of ${secret}`));
    const edit = { ...edited(before, null), path: `${secret}.ts` };
    await store.notePendingEdits(id, { call: `call of ${secret}`, edits: [edit] }, null);
    await store.acquireLease({ conversation: id, owner: secret, expiresAt: 100 }, 1);
  }

  it('leaves none of the text, the words or the image in any file', async () => {
    const folder = bench.folder();
    const store = await bench.open(folder);
    const image = randomBytes(20_000);
    await store.createConversation(home, meta('kept'));
    await store.append('kept', [user('k', null, 'this stays')], null);
    await tell(store, 'gone', 'zanzibarquux', image);
    assert.ok(bytesIn(folder).includes('zanzibarquux'));
    assert.ok(bytesIn(folder).includes(image.subarray(0, 64)));
    await store.deleteForever('gone');
    assert.ok(!bytesIn(folder).includes('zanzibarquux'), 'while the store is open');
    assert.ok(!bytesIn(folder).includes('anzibarquux'), 'nor the rest of an indexed word');
    assert.ok(!bytesIn(folder).includes(image.subarray(0, 64)));
    assert.ok(bytesIn(folder).includes('this stays'));
    assert.equal(await store.load('gone'), null);
    assert.deepEqual((await store.list({ workspaces: null, query: 'zanzibarquux', limit: 5 })).rows, []);
    assert.equal(await store.getLease('gone'), null);
    await store.deleteForever('gone');
    await store.close();
    assert.ok(!bytesIn(folder).includes('zanzibarquux'), 'and when it is closed');
    assert.deepEqual((await (await bench.open(folder)).load('kept'))?.meta.head, 'k');
  });

  it('leaves none of the words of small conversations that lie side by side', async function () {
    this.timeout(60_000);
    const folder = bench.folder();
    const store = await bench.open(folder);
    const secret = (id: number): string => `secret${id.toString().padStart(4, '0')}word`;
    const count = 60;
    for (let id = 0; id < count; id += 1) await store.createConversation(home, meta(`c${id}`, { title: secret(id) }));
    for (let step = 0; step < 8; step += 1) {
      await Promise.all(
        Array.from({ length: count }, (_, id) =>
          store.append(`c${id}`, [user(`c${id}-${step}`, step === 0 ? null : `c${id}-${step - 1}`, secret(id))], null),
        ),
      );
    }
    const order = Array.from({ length: count }, (_, index) => (index * 37) % count);
    for (const id of order.slice(0, 45)) {
      await store.deleteForever(`c${id}`);
      assert.ok(!bytesIn(folder).includes(secret(id)), secret(id));
    }
    for (const id of order.slice(45)) assert.equal((await store.load(`c${id}`))?.path.length, 8);
  });

  it('removes the copies that SQLite leaves behind where it moved rows between pages', function () {
    this.timeout(30_000);
    const folder = bench.folder();
    const adopted: Database[] = [];
    openDatabase(join(folder, databaseName), { adopt: (db) => adopted.push(db) });
    const [db] = adopted;
    assert.ok(db !== undefined);
    db.run("INSERT INTO workspaces (key, name, folders) VALUES ('home', '', '[]')");
    const insert =
      'INSERT INTO conversations (id, workspace, title, createdAt, updatedAt, head) VALUES (?, ?, ?, 0, ?, NULL)';
    // A history of rows that come, move in the index and go; secure_delete alone leaves some of their bytes.
    let seed = 2;
    const random = (below: number): number => {
      seed = (seed * 1103515245 + 12345) & 0x7fffffff;
      return Math.floor((seed / 0x80000000) * below);
    };
    const live: string[] = [];
    const gone: string[] = [];
    db.transaction('write', () => {
      for (let step = 0; step < 40_000; step += 1) {
        const at = random(live.length + 1);
        const id = live[at];
        const act = random(4);
        if (live.length < 300 || id === undefined || act < 2) {
          const secret = `S${String(step).padStart(6, '0')}W`;
          const title = secret.repeat(1 + random(random(10) > 0 ? 12 : 90));
          db.run(insert, secret, 'home', title, random(1000));
          live.push(secret);
        } else if (act === 2) {
          db.run('UPDATE conversations SET updatedAt = ? WHERE id = ?', random(1000), id);
        } else {
          db.run('DELETE FROM conversations WHERE id = ?', id);
          gone.push(...live.splice(at, 1));
        }
      }
    });
    assert.equal(scrub(db, Date.now()), true);
    const left = new Set(
      bytesIn(folder)
        .toString('latin1')
        .match(/S\d{6}W/g),
    );
    assert.ok(live.every((secret) => left.has(secret)));
    assert.deepEqual(
      gone.filter((secret) => left.has(secret)),
      [],
    );
    db.close();
  });

  it('keeps an image that another conversation holds, until that one goes too', async () => {
    const store = await bench.open(bench.folder());
    const image = randomBytes(5000);
    await tell(store, 'one', 'first', image);
    await tell(store, 'two', 'second', image);
    const hash = await store.putBlob(image);
    await store.deleteForever('one');
    assert.ok(image.equals((await store.getBlob(hash)) ?? Buffer.alloc(0)));
    await store.deleteForever('two');
    assert.equal(await store.getBlob(hash), null);
  });

  it('gives the room back to the disk', async () => {
    const folder = bench.folder();
    const store = await bench.open(folder);
    await store.createConversation(other, meta('big', { workspace: 'other' }));
    await store.append('big', [user('a', null, 'lorem '.repeat(500_000))], null);
    assert.ok(bytesIn(folder).length > 3_000_000);
    await store.deleteForever('big');
    assert.ok(bytesIn(folder).length < 300_000, String(bytesIn(folder).length));
  });

  it('rewrites nothing while a turn runs in any window: the bytes go when it has ended', async function () {
    this.timeout(20_000);
    const folder = bench.folder();
    const store = await bench.open(folder);
    await store.createConversation(home, meta('kept'));
    await tell(store, 'gone', 'zanzibarquux', randomBytes(20_000));
    await store.acquireLease({ conversation: 'kept', owner: 'two', expiresAt: Date.now() + 60_000 }, Date.now());
    await store.deleteForever('gone');
    assert.equal(await store.load('gone'), null, 'the conversation is gone at once');
    assert.ok(bytesIn(folder).includes('zanzibarquux'), 'nothing was rewritten');
    assert.ok(bench.logged.some((line) => line.includes('removed later')));
    await store.releaseLease('kept', 'two');
    // When nothing is asked for a while.
    for (let waited = 0; bytesIn(folder).includes('zanzibarquux'); waited += 100) {
      assert.ok(waited < 15_000);
      await delay(100);
    }
  });

  it('gives room back a few pages at a time while nothing is asked, also in a file from before that', async function () {
    this.timeout(30_000);
    for (const mode of ['INCREMENTAL', 'NONE']) {
      const folder = bench.folder();
      const file = join(folder, databaseName);
      await (await bench.open(folder)).close();
      const db = new DatabaseSync(file);
      db.exec(`PRAGMA auto_vacuum = ${mode}; VACUUM`);
      db.exec('CREATE TABLE filler (x); INSERT INTO filler VALUES (zeroblob(4000000)); DROP TABLE filler');
      db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      db.close();
      assert.ok(statSync(file).size > 4_000_000);
      const store = await bench.open(folder);
      for (let waited = 0; statSync(file).size > 1_000_000; waited += 20) {
        assert.ok(waited < 25_000, mode);
        await delay(20);
      }
      await store.close();
    }
  });

  it('does later what another window holds up: the bytes go when that one is done', async function () {
    this.timeout(40_000);
    const folder = bench.folder();
    const store = await bench.openFaulty(folder, 'impatient');
    await tell(store, 'gone', 'zanzibarquux', randomBytes(100));
    const reader = new DatabaseSync(join(folder, databaseName));
    reader.exec('BEGIN');
    reader.prepare('SELECT count(*) FROM entries').get();
    await store.deleteForever('gone');
    assert.equal(await store.load('gone'), null, 'the conversation is gone at once');
    assert.ok(bytesIn(folder).includes('zanzibarquux'), 'a reader still sees the old pages');
    assert.ok(bench.logged.some((line) => line.includes('deleted text')));
    reader.exec('COMMIT');
    reader.close();
    await store.close();
    const again = await bench.open(folder);
    assert.ok(!bytesIn(folder).includes('zanzibarquux'));
    await again.close();
  });
});
