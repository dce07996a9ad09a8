import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { CheckpointPiece, EditsEntry } from '../../../src/core/record/record';
import { repairOf } from '../../../src/core/record/repair';
import type { Store } from '../../../src/core/record/store';
import { databaseName } from '../../../src/host/store/file/protocol';
import { assistant, edited, editResult, home, meta, user } from './fixtures';
import { Bench, bundle, bytesIn } from './kit';

const [old, new_] = [Buffer.from('the old text of a file'), Buffer.from('the new text of a file')];

describe('the store: edits of files', () => {
  const bench = new Bench();
  let folder: string;
  let store: Store;

  before(async function () {
    this.timeout(60_000);
    await bundle();
  });
  beforeEach(async () => {
    folder = bench.folder();
    store = await bench.open(folder);
    await store.createConversation(home, meta('c1'));
  });
  afterEach(() => bench.dispose());

  async function reopened(): Promise<Store> {
    await store.close();
    store = await bench.open(folder);
    return store;
  }

  function editsEntry(id: string, parent: string, base: string, current: string): EditsEntry {
    const { uri, path, kind, added, removed } = edited(null, null);
    const file = { uri, path, kind, added, removed, open: 1, undone: false, base, current };
    return { id, parent, at: 1000, kind: 'edits', turn: 'u', files: [file] };
  }

  it('keeps the versions of a file by what they are', async () => {
    const digest = await store.putFileVersion('c1', old);
    assert.equal(digest, createHash('sha256').update(old).digest('hex'));
    assert.equal(await store.putFileVersion('c1', old), digest);
    const kept = await (await reopened()).fileVersion(digest);
    assert.deepEqual(kept === null ? null : Buffer.from(kept), old);
    assert.equal(await store.fileVersion('0'.repeat(64)), null);
    await assert.rejects(store.putFileVersion('nothing', old), { code: 'failed' });
  });

  it('keeps a file that is empty', async () => {
    const digest = await store.putFileVersion('c1', new Uint8Array());
    assert.deepEqual(await (await reopened()).fileVersion(digest), new Uint8Array());
  });

  it('does not give out a version whose bytes have changed on the disk', async () => {
    const digest = await store.putFileVersion('c1', old);
    await store.close();
    const raw = new DatabaseSync(join(folder, databaseName));
    raw.prepare('UPDATE blobs SET bytes = ?').run(new_);
    raw.close();
    store = await bench.open(folder);
    assert.equal(await store.fileVersion(digest), null);
  });

  it('gives what is pending with the conversation, until the result of its call is there', async () => {
    const [before, after] = [await store.putFileVersion('c1', old), await store.putFileVersion('c1', new_)];
    await store.append('c1', [user('u', null, 'change it'), assistant('a', 'u', 'I do')], null);
    await store.notePendingEdits('c1', { call: 'x', edits: [edited(before, null)] }, null);
    await store.notePendingEdits('c1', { call: 'x', edits: [edited(before, after)] }, null);
    await store.notePendingEdits('c1', { call: 'y', edits: [edited(null, after)] }, null);
    const pending = [
      { call: 'x', edits: [edited(before, after)] },
      { call: 'y', edits: [edited(null, after)] },
    ];
    assert.deepEqual((await (await reopened()).load('c1'))?.pendingEdits, pending);
    await store.append('c1', [editResult('r', 'a', 'x', [edited(before, after)])], null);
    assert.deepEqual((await store.load('c1'))?.pendingEdits, pending.slice(1));
    assert.deepEqual((await store.load('c1'))?.path.at(-1), editResult('r', 'a', 'x', [edited(before, after)]));
  });

  it('notes nothing for a window that has lost the lease, and nothing without a conversation', async () => {
    await store.acquireLease({ conversation: 'c1', owner: 'other', expiresAt: 100 }, 1);
    const pending = { call: 'x', edits: [edited(null, null)] };
    await assert.rejects(store.notePendingEdits('c1', pending, 'me'), { code: 'overtaken' });
    assert.deepEqual((await store.load('c1'))?.pendingEdits, []);
    await store.notePendingEdits('c1', pending, 'other');
    await assert.rejects(store.notePendingEdits('nothing', pending, null), { code: 'failed' });
  });

  it('notes nothing for a window whose lease another one took and has given back', async () => {
    const pending = { call: 'x', edits: [edited(null, null)] };
    await store.acquireLease({ conversation: 'c1', owner: 'me', expiresAt: 100 }, 1);
    await store.notePendingEdits('c1', pending, 'me');
    await store.acquireLease({ conversation: 'c1', owner: 'other', expiresAt: 300 }, 200);
    await store.releaseLease('c1', 'other');
    await assert.rejects(store.notePendingEdits('c1', { ...pending, call: 'y' }, 'me'), { code: 'overtaken' });
    assert.deepEqual((await store.load('c1'))?.pendingEdits, [pending]);
    await store.notePendingEdits('c1', { call: 'x', edits: [] }, 'me');
    assert.deepEqual((await store.load('c1'))?.pendingEdits, [], 'what was not written is taken out');
  });

  it('leaves out what is pending and has changed on the disk', async () => {
    await store.notePendingEdits('c1', { call: 'x', edits: [edited(null, null)] }, null);
    await store.close();
    const raw = new DatabaseSync(join(folder, databaseName));
    raw.exec("UPDATE pendingEdits SET edits = replace(edits, 'a.ts', 'b.ts')");
    raw.close();
    store = await bench.open(folder);
    assert.deepEqual((await store.load('c1'))?.pendingEdits, []);
  });

  it('erases the versions of a conversation that no other one has', async () => {
    const [before, after] = [await store.putFileVersion('c1', old), await store.putFileVersion('c1', new_)];
    const path = [
      user('u', null, 'change it'),
      assistant('a', 'u', 'I do'),
      editResult('r', 'a', 'x', [edited(before, null)]),
    ];
    await store.append('c1', path, null);
    await store.saveBranch(
      home,
      meta('c2'),
      path.map((entry) => ({
        ...entry,
        id: `2${entry.id}`,
        parent: entry.parent === null ? null : `2${entry.parent}`,
      })),
      0,
    );
    await store.deleteForever('c1');
    assert.ok((await store.fileVersion(before)) !== null, 'the branch has it still');
    assert.equal(await store.fileVersion(after), null);
    assert.ok(!bytesIn(folder).includes(new_));
    await store.append('c2', [editsEntry('e', '2r', before, before)], null);
    await store.deleteForever('c2');
    assert.ok(!bytesIn(folder).includes(old));
  });

  it('keeps the partial answer of a turn in which an earlier edit is decided', async () => {
    const digest = await store.putFileVersion('c1', old);
    await store.append('c1', [user('u', null, 'and now?')], null);
    const piece = (before: number, text: string): CheckpointPiece => ({
      ...{ entry: 'a', parent: 'u', model: 'm', at: 1, before },
      news: [before === 0 ? { index: 0, set: { type: 'text', text, citations: null } } : { index: 0, text }],
    });
    assert.equal(await store.checkpoint('c1', piece(0, 'Once'), 'me'), true);
    await store.append('c1', [editsEntry('e', 'u', digest, digest)], null);
    assert.equal(await store.checkpoint('c1', piece(1, ' upon'), 'me'), true);
    const stored = await store.load('c1');
    assert.ok(stored?.checkpoint);
    const [partial] = repairOf(stored.path, stored.checkpoint)?.entries ?? [];
    assert.ok(partial?.kind === 'assistant');
    assert.deepEqual(partial.content, [{ type: 'text', text: 'Once upon', citations: null }]);
    await store.append('c1', [user('v', 'e', 'something else')], null);
    assert.equal(await store.checkpoint('c1', piece(2, ' a time'), 'me'), false);
  });

  it('takes entries whose versions are gone', async () => {
    const gone = '1'.repeat(64);
    const path = [
      user('u', null, 'change it'),
      assistant('a', 'u', 'I do'),
      editResult('r', 'a', 'x', [edited(gone, gone)]),
      editsEntry('e', 'r', gone, gone),
    ];
    await store.append('c1', path, null);
    assert.deepEqual((await store.load('c1'))?.path, path);
  });
});
