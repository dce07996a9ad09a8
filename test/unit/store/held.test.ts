/** What the requests of answers held, beside the entries, and the texts that they began with (L49). */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { AssistantEntry, HeldRequest } from '../../../src/core/record/record';
import { databaseName } from '../../../src/host/store/file/protocol';
import { readText } from '../../../src/host/store/file/stored';
import { assistant, home, meta, user } from './fixtures';
import { Bench, bundle } from './kit';

const held: HeldRequest = {
  digest: 'd1',
  tools: 't1',
  instructions: 'i1',
  address: 'https://gateway.example/\0v1',
  bare: true,
};

describe('the store: what requests held', () => {
  const bench = new Bench();

  before(async function () {
    this.timeout(60_000);
    await bundle();
  });
  afterEach(() => bench.dispose());

  function rows(folder: string, sql: string): readonly unknown[] {
    const db = new DatabaseSync(join(folder, databaseName), { readOnly: true });
    try {
      return db.prepare(sql).all();
    } finally {
      db.close();
    }
  }

  it('gives it back with the answer, and keeps it out of the entry’s own text (L49)', async () => {
    const folder = bench.folder();
    const store = await bench.open(folder);
    const answer: AssistantEntry = { ...assistant('a', 'u', 'yes'), held };
    const older = assistant('b', 'a', 'and from before');
    await store.createConversation(home, meta('c1'));
    await store.append('c1', [user('u', null, 'well?'), answer, older], null);
    // A retry after an answer of the store was lost.
    await store.append('c1', [user('u', null, 'well?'), answer, older], null);
    assert.deepEqual((await store.load('c1'))?.path, [user('u', null, 'well?'), answer, older]);
    await store.close();
    const [row] = rows(folder, "SELECT body FROM entries WHERE id = 'a'") as readonly { readonly body: string }[];
    assert.deepEqual(JSON.parse(row?.body ?? ''), assistant('a', 'u', 'yes'));
  });

  it('keeps each text once, and deletes with a conversation what no other one names', async () => {
    const folder = bench.folder();
    const store = await bench.open(folder);
    for (const id of ['c1', 'c2']) {
      await store.createConversation(home, meta(id));
      const answer: AssistantEntry = { ...assistant(`${id}a`, `${id}u`, 'yes'), held: { ...held, tools: `t-${id}` } };
      await store.append(id, [user(`${id}u`, null, 'well?'), answer], null);
    }
    const kept = (digest: string): unknown => {
      const all = rows(folder, 'SELECT digest, text FROM promptTexts') as readonly Record<string, unknown>[];
      const text = all.find((row) => row['digest'] === digest)?.['text'];
      return typeof text === 'string' ? readText(text, null) : null;
    };
    for (const digest of ['t-c1', 't-c2', 'i1', 'i1']) await store.keepText(digest, `text of ${digest} \0`);
    assert.equal(kept('i1'), 'text of i1 \0');
    assert.equal(kept('nothing'), null);
    await store.deleteForever('c1');
    assert.equal(kept('t-c1'), null);
    assert.equal(kept('t-c2'), 'text of t-c2 \0');
    assert.equal(kept('i1'), 'text of i1 \0');
    await store.close();
    assert.deepEqual(
      rows(folder, 'SELECT conversation FROM heldRequests').map((row) => ({ ...(row as object) })),
      [{ conversation: 'c2' }],
    );
  });
});
