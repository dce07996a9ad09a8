/** A partial answer on the disk: pieces that are read together, and who may write them. */
import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { CheckpointPiece } from '../../../src/core/record/record';
import type { Store } from '../../../src/core/record/store';
import { databaseName } from '../../../src/host/store/file/protocol';
import { repoRoot } from '../../vscode/paths';
import { assistant, home, meta, user } from './fixtures';
import { Bench, bundle } from './kit';

describe('the store: a partial answer', () => {
  const bench = new Bench();
  let folder = '';
  let store: Store;

  before(async function () {
    this.timeout(60_000);
    await bundle();
  });
  beforeEach(async () => {
    folder = bench.folder();
    store = await bench.open(folder);
    await store.createConversation(home, meta('c1'));
    await store.append('c1', [user('a', null, 'q')], null);
  });
  afterEach(() => bench.dispose());

  /** A piece; the first has the block, the others what is added to it. */
  function piece(before: number, text: string, change: Partial<CheckpointPiece> = {}): CheckpointPiece {
    const news = before === 0 ? [{ index: 0, set: { type: 'text', text } }] : [{ index: 0, text }];
    return { entry: 'b', parent: 'a', model: 'claude-opus-4-8', at: 5 + before, before, news, ...change };
  }

  async function read(from: Store = store): Promise<unknown> {
    const { checkpoint = null } = (await from.load('c1')) ?? {};
    assert.deepEqual(await from.getCheckpoint('c1'), checkpoint);
    return checkpoint?.content.map((block) => (block.type === 'text' ? block.text : '')).join('|') ?? null;
  }

  function inFile(sql: string): void {
    const db = new DatabaseSync(join(folder, databaseName));
    db.exec(sql);
    db.close();
  }

  it('is what its pieces make, in another window and after a reload, until its entry is committed', async () => {
    assert.equal(await read(), null);
    assert.equal(await store.checkpoint('c1', piece(0, 'par'), null), true);
    assert.equal(await store.checkpoint('c1', piece(1, 'tial'), null), true);
    assert.equal(await store.checkpoint('c1', piece(2, ' words'), null), true);
    const other = await bench.open(folder);
    assert.equal(await read(other), 'partial words');
    assert.deepEqual(await other.getCheckpoint('c1'), {
      entry: 'b',
      parent: 'a',
      model: 'claude-opus-4-8',
      at: 7,
      content: [{ type: 'text', text: 'partial words' }],
    });
    await store.append('c1', [assistant('b', 'a', 'partial words of it')], null);
    assert.equal(await read(other), null);
    assert.equal(await store.checkpoint('c1', piece(0, 'late'), null), false, 'one that comes after its entry');
    assert.equal(await read(), null);
    await store.checkpoint('c1', piece(0, 'x', { entry: 'c', parent: 'b' }), null);
    assert.equal(await store.checkpoint('c1', null, null), false);
    assert.equal(await read(), null);
  });

  it('takes a piece again whose answer was lost, and none behind a gap', async () => {
    await store.checkpoint('c1', piece(0, 'It'), null);
    await store.checkpoint('c1', piece(1, ' is'), null);
    assert.equal(await store.checkpoint('c1', piece(1, ' is so'), null), true);
    assert.equal(await read(), 'It is so');
    assert.equal(await store.checkpoint('c1', piece(3, ' later'), null), false);
    assert.equal(await store.checkpoint('c1', piece(2, ' of another', { entry: 'other' }), null), false);
    assert.equal(await read(), 'It is so');
    assert.equal(await store.checkpoint('c1', piece(0, 'Anew'), null), true);
    assert.equal(await read(), 'Anew');
  });

  it('is written by the window that holds the lease, behind the head only', async () => {
    await store.acquireLease({ conversation: 'c1', owner: 'one', expiresAt: Number.MAX_SAFE_INTEGER }, 1);
    assert.equal(await store.checkpoint('c1', piece(0, 'Mine'), 'one'), true);
    assert.equal(await store.checkpoint('c1', piece(1, ', and yours'), 'two'), false);
    assert.equal(await store.checkpoint('c1', piece(0, 'Yours'), 'two'), false);
    assert.equal(await store.checkpoint('c1', piece(1, ' elsewhere', { parent: 'z' }), 'one'), false);
    assert.equal(await store.checkpoint('c1', null, 'two'), false);
    assert.equal(await read(), 'Mine');
    await assert.rejects(store.checkpoint('c9', piece(0, 'x'), 'one'), { code: 'failed' });
  });

  it('is read up to a piece that has changed on the disk', async () => {
    for (const [index, text] of ['One', ' two', ' three'].entries())
      await store.checkpoint('c1', piece(index, text), null);
    inFile("UPDATE checkpointPieces SET body = replace(body, ' two', ' twx') WHERE place = 1");
    assert.equal(await read(), 'One');
    inFile('DELETE FROM checkpointPieces WHERE place = 0');
    assert.equal(await read(), null);
  });

  it('of an earlier version is read, and gives way to the next', async () => {
    await store.close();
    copyFileSync(join(repoRoot(), 'test/unit/store/databases/version4.db'), join(folder, databaseName));
    const db = new DatabaseSync(join(folder, databaseName));
    const { id, head } = db.prepare('SELECT id, head FROM conversations WHERE head IS NOT NULL LIMIT 1').get() as {
      readonly id: string;
      readonly head: string;
    };
    const content = [{ type: 'text', text: 'As it was' }];
    const whole = { entry: 'b', parent: head, model: 'm', at: 5, content };
    db.prepare('INSERT OR REPLACE INTO checkpoints (conversation, entry, body) VALUES (?, ?, ?)').run(
      id,
      'b',
      JSON.stringify(whole),
    );
    db.close();
    store = await bench.open(folder);
    assert.deepEqual(await store.getCheckpoint(id), whole);
    assert.deepEqual((await store.load(id))?.checkpoint, whole);
    await store.checkpoint(id, piece(0, 'As it is', { entry: 'c', parent: head }), null);
    assert.equal((await store.getCheckpoint(id))?.entry, 'c');
    await store.checkpoint(id, null, null);
    assert.equal(await store.getCheckpoint(id), null);
  });
});
