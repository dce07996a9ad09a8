import assert from 'node:assert/strict';
import { text } from 'node:stream/consumers';
import { chain, home, meta, user } from './fixtures';
import { Bench, bundle } from './kit';

describe('the store: several processes', () => {
  const bench = new Bench();

  before(async function () {
    this.timeout(60_000);
    await bundle();
  });
  afterEach(() => bench.dispose());

  it('keeps both branches when two windows append to one conversation at once', async function () {
    this.timeout(60_000);
    const folder = bench.folder();
    const store = await bench.open(folder);
    await store.createConversation(home, meta('c1'));
    await store.append('c1', chain('root', 3, String), null);
    const prefixes = ['left-', 'right-'];
    const children = await Promise.all(prefixes.map((prefix) => bench.child('append', folder, 'c1', prefix, '150')));
    const said = await Promise.all(children.map((child) => (child.stdout === null ? '' : text(child.stdout))));
    for (const [side, prefix] of prefixes.entries()) {
      const ids = Array.from({ length: 150 }, (_, index) => `${prefix}${index}`);
      assert.equal(said[side], `${ids.join('\n')}\n`, 'no append failed');
      await store.setHead('c1', `${prefix}149`, null);
      const path = (await store.load('c1'))?.path ?? [];
      assert.deepEqual(
        path.slice(-150).map((entry) => entry.id),
        ids,
      );
      for (const [index, entry] of path.entries()) assert.equal(entry.parent, path[index - 1]?.id ?? null);
    }
  });

  it('takes an append from a window that has not seen the head move', async () => {
    const folder = bench.folder();
    const first = await bench.open(folder);
    const second = await bench.open(folder);
    await first.createConversation(home, meta('c1'));
    await first.append('c1', chain('a', 3, String), null);
    await second.append('c1', [user('late', 'a0', 'from the other window')], null);
    assert.deepEqual(
      (await first.load('c1'))?.path.map((entry) => entry.id),
      ['a0', 'late'],
    );
    await first.append('c1', [user('a3', 'a2', 'and on')], null);
    assert.deepEqual(
      (await second.load('c1'))?.path.map((entry) => entry.id),
      ['a0', 'a1', 'a2', 'a3'],
    );
  });

  it('is created by six windows at once', async () => {
    const folder = bench.folder();
    const stores = await Promise.all(Array.from({ length: 6 }, () => bench.open(folder)));
    await Promise.all(stores.map((store, index) => store.createConversation(home, meta(`c${index}`))));
    for (const store of stores) assert.equal((await store.list({ workspaces: ['home'], limit: 10 })).rows.length, 6);
  });

  it('gives a lease to one of many that ask at once', async () => {
    const folder = bench.folder();
    const stores = await Promise.all(Array.from({ length: 4 }, () => bench.open(folder)));
    const got = await Promise.all(
      stores.map((store, index) =>
        store.acquireLease({ conversation: 'c1', owner: `window ${index}`, expiresAt: 100 }, 1),
      ),
    );
    assert.equal(got.filter(Boolean).length, 1);
  });

  it('does not append to a conversation that another window has deleted', async () => {
    const folder = bench.folder();
    const first = await bench.open(folder);
    const second = await bench.open(folder);
    await first.createConversation(home, meta('c1'));
    await first.append('c1', [user('a', null, 'x')], null);
    await second.deleteForever('c1');
    await assert.rejects(first.append('c1', [user('b', 'a', 'y')], null), { code: 'failed' });
    assert.equal(await first.load('c1'), null);
  });
});
