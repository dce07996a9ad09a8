/** The path in memory is what has been committed, whatever comes at once and whatever the store refuses. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { StoreError } from '../../../../src/core/base/errors';
import { ConversationLog } from '../../../../src/core/record/conversationLog';
import type { Entry, NewEntry } from '../../../../src/core/record/record';
import { opus, PathMaker } from '../prompt/paths';
import { countingIds, ManualClock, MemoryStore } from '../turn/turnKit';

function user(text: string): NewEntry {
  return { kind: 'user', content: [{ type: 'text', text }], model: opus };
}

function words(path: readonly Entry[]): readonly string[] {
  return path.flatMap((entry) =>
    entry.kind === 'user' ? entry.content.map((block) => (block.type === 'text' ? block.text : '')) : [],
  );
}

function open(store: MemoryStore, path: readonly Entry[] = []): ConversationLog {
  return new ConversationLog('c', path, { store: store.port, clock: new ManualClock(), ids: countingIds() });
}

function assertChain(path: readonly Entry[]): void {
  for (const [index, entry] of path.entries()) assert.equal(entry.parent, path[index - 1]?.id ?? null);
}

describe('The log of a conversation', () => {
  it('keeps the order in which entries were appended, however slow the disk is', async () => {
    const store = new MemoryStore();
    const log = open(store);
    let release = (): void => undefined;
    store.gate = new Promise((resolve) => {
      release = resolve;
    });
    const all = Array.from({ length: 20 }, (_, index) => log.append([user(`${index}a`), user(`${index}b`)]));
    assert.deepEqual(log.path, [], 'nothing is in it before it is committed');
    release();
    await Promise.all(all);
    const expected = Array.from({ length: 20 }, (_, index) => [`${index}a`, `${index}b`]).flat();
    assert.deepEqual(words(log.path), expected);
    assertChain(log.path);
    assert.deepEqual(store.entries, log.path);
  });

  it('leaves the path as it was when the store refuses, and goes on after that', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 12 }), async (refusals) => {
        const store = new MemoryStore();
        const log = open(store);
        const accepted: string[] = [];
        for (const [index, refused] of refusals.entries()) {
          store.failNext = refused ? new StoreError('full', 'full') : null;
          const append = log.append([user(`${index}`)]);
          if (refused) await assert.rejects(append, StoreError);
          else {
            await append;
            accepted.push(`${index}`);
          }
          assert.deepEqual(words(log.path), accepted);
        }
        assertChain(log.path);
        assert.equal(store.head, log.path.at(-1)?.id ?? null);
      }),
    );
  });

  it('puts what was appended behind a refused entry on the last committed one', async () => {
    const store = new MemoryStore();
    const log = open(store, new PathMaker().user('first').entries);
    store.failNext = new StoreError('full', 'full');
    const [refused, kept] = await Promise.allSettled([log.append([user('lost')]), log.append([user('kept')])]);
    assert.deepEqual([refused.status, kept.status], ['rejected', 'fulfilled']);
    assert.deepEqual(words(log.path), ['first', 'kept']);
    assertChain(log.path);
  });

  it('takes the id of an entry whose parts were shown before', async () => {
    const log = open(new MemoryStore());
    const [first, second] = await log.append([user('a'), user('b')], { id: 'shown' });
    assert.equal(first?.id, 'shown');
    assert.notEqual(second?.id, 'shown');
    assert.equal(second?.parent, 'shown');
  });

  it('goes back to an earlier entry, behind what is still being appended', async () => {
    const store = new MemoryStore();
    const log = open(store);
    const [first] = await log.append([user('a')]);
    const later = log.append([user('b')]);
    const cut = log.append([], { behind: log.cut(first?.id ?? null) });
    await Promise.all([later, cut]);
    assert.deepEqual(words(log.path), ['a']);
    assert.equal(store.head, first?.id);
    await log.append([user('c')]);
    assert.deepEqual(words(log.path), ['a', 'c']);
    assertChain(log.path);
    assert.deepEqual(words(store.entries), ['a', 'b', 'c'], 'what was left behind stays stored');
    await log.append([], { behind: log.cut(null) });
    assert.deepEqual(log.path, []);
  });

  it('goes back and puts something there at once, or does neither', async () => {
    const store = new MemoryStore();
    const log = open(store);
    const [first] = await log.append([user('a'), user('b')]);
    const head = store.head;
    store.failNext = new StoreError('full', 'full');
    const behind = log.cut(first?.id ?? null, [user('c')]);
    await assert.rejects(log.append([user('d')], { behind }), StoreError);
    assert.deepEqual([words(log.path), store.head], [['a', 'b'], head]);
    await log.append([user('d')], { behind });
    assert.deepEqual(words(log.path), ['a', 'c', 'd']);
    assert.equal(store.head, log.path.at(-1)?.id);
    assertChain(log.path);
  });

  it('gives a new array after each change, so that a reader keeps what it has', async () => {
    const log = open(new MemoryStore());
    const before = log.path;
    await log.append([user('a')]);
    assert.deepEqual(before, []);
    assert.notEqual(log.path, before);
  });

  it('is settled when everything has been committed or refused', async () => {
    const store = new MemoryStore();
    const log = open(store);
    store.failNext = new StoreError('full', 'full');
    log.append([user('a')]).catch(() => undefined);
    log.append([user('b')]).catch(() => undefined);
    await log.settled();
    assert.deepEqual(words(log.path), ['b']);
  });
});
