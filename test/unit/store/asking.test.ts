/** Which calls wait for the user in the window that has the lease: other windows read it, and it goes with the lease. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { AskingCall } from '../../../src/core/record/leases';
import type { Store } from '../../../src/core/record/store';
import { databaseName } from '../../../src/host/store/file/protocol';
import { home, meta } from './fixtures';
import { Bench, bundle, bytesIn } from './kit';

const call: AskingCall = {
  key: 'e1:0',
  label: { text: 'Reading {0}', args: ['.env'] },
  approval: { kind: 'read', files: [{ path: '.env', why: ['secret'] }], spans: ['once'] },
};

function change(text: string): AskingCall {
  const lines = [{ kind: 'add', text }] as const;
  const proposed = { kind: 'edit', path: 'a.ts', added: 1, removed: 0, hunks: [{ lines }], moreHunks: 0 };
  const files = [{ path: 'a.ts', why: [] }];
  return { ...call, key: 'e1:1', approval: { kind: 'write', files, proposed, spans: ['once'] } } as never;
}

describe('the store: calls that ask', () => {
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
    await store.acquireLease({ conversation: 'c1', owner: 'one', expiresAt: 100 }, 1);
  });
  afterEach(() => bench.dispose());

  it('are told by who has the lease, and by nobody else', async () => {
    const second = await bench.open(folder);
    await second.noteAsking('c1', 'two', [change('x')]);
    assert.deepEqual(await second.askingIn('c1'), []);
    await store.noteAsking('c1', 'one', [call, change('x')]);
    assert.deepEqual(await second.askingIn('c1'), [call, change('x')]);
    assert.equal(await store.acquireLease({ conversation: 'c1', owner: 'one', expiresAt: 200 }, 50), true);
    assert.deepEqual(await second.askingIn('c1'), [call, change('x')], 'a lease that is renewed keeps them');
    await store.noteAsking('c1', 'one', []);
    assert.deepEqual(await second.askingIn('c1'), []);
    assert.deepEqual(await store.askingIn('nothing'), []);
  });

  it('are gone with the lease, whether it is given back or taken', async () => {
    await store.noteAsking('c1', 'one', [call]);
    await store.releaseLease('c1', 'one');
    assert.deepEqual(await store.askingIn('c1'), []);
    await store.acquireLease({ conversation: 'c1', owner: 'one', expiresAt: 100 }, 1);
    assert.deepEqual(await store.askingIn('c1'), []);
    await store.noteAsking('c1', 'one', [call]);
    assert.equal(await store.acquireLease({ conversation: 'c1', owner: 'two', expiresAt: 300 }, 150), true);
    assert.deepEqual(await store.askingIn('c1'), []);
  });

  it('are told without their changes where those are long', async () => {
    await store.noteAsking('c1', 'one', [call, change('x'.repeat(300_000))]);
    const [first, second] = await store.askingIn('c1');
    assert.deepEqual(first, call);
    const { approval } = change('');
    assert.deepEqual(second?.approval, { ...approval, proposed: null });
  });

  it('are erased with their conversation', async () => {
    await store.noteAsking('c1', 'one', [change('zanzibarquux')]);
    await store.deleteForever('c1');
    assert.deepEqual(await store.askingIn('c1'), []);
    assert.ok(!bytesIn(folder).includes('zanzibarquux'));
  });

  it('are none where the database says what nobody has written', async () => {
    const { approval } = call;
    const wrong = [
      'no JSON',
      '{}',
      JSON.stringify([null, 7, {}, { ...call, key: 1 }, { ...call, approval: null }]),
      JSON.stringify([
        { ...call, approval: { ...approval, files: 'x' } },
        { ...call, label: {} },
      ]),
      JSON.stringify([
        { ...call, approval: { ...approval, kind: 'other' } },
        { ...call, approval: { kind: 'read' } },
      ]),
      JSON.stringify([{ ...call, approval: { ...approval, kind: 'write', proposed: 'x' } }]),
    ];
    await store.close();
    for (const asking of wrong) {
      const raw = new DatabaseSync(join(folder, databaseName));
      raw.prepare('UPDATE leases SET asking = ?').run(asking);
      raw.close();
      const again = await bench.open(folder);
      assert.deepEqual(await again.askingIn('c1'), [], asking);
      await again.close();
    }
  });
});
