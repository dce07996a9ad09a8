import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { Entry, UserEntry } from '../../../src/core/record/record';
import type { Store } from '../../../src/core/record/store';
import { assistant, chain, chosenTool, home, meta, other, user } from './fixtures';
import { Bench, bundle } from './kit';

describe('the store: the record', () => {
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
  });
  afterEach(() => bench.dispose());

  async function reopened(): Promise<Store> {
    await store.close();
    store = await bench.open(folder);
    return store;
  }

  it('gives back every kind of entry as it was, after a restart', async () => {
    const hash = await store.putBlob(Buffer.from('png'));
    const entries: readonly Entry[] = [
      {
        id: 's',
        parent: null,
        at: 1,
        kind: 'snapshot',
        project: [{ uri: 'file:///home/CLAUDE.md', path: 'CLAUDE.md', text: 'be kind\r\n' }],
        files: [],
        selection: { uri: 'file:///home/a', path: 'a', startLine: 1, endLine: 2, text: 'nul \0, lone \ud800, 🎼' },
      },
      {
        id: 'u',
        parent: 's',
        at: 2,
        kind: 'user',
        content: [
          { type: 'image', blob: hash, mediaType: 'image/png', width: 1, height: 1, name: 'a.png' },
          { type: 'text', text: 'nul \0, lone \udc00, ñ' },
        ],
        model: 'claude-opus-4-8',
        auto: 'continue',
      },
      { id: 'c', parent: 'u', at: 3, kind: 'change', changes: [{ change: 'removed', uri: 'file:///b', path: 'b' }] },
      assistant('a', 'c', 'the answer', 4),
      {
        id: 't',
        parent: 'a',
        at: 5,
        kind: 'toolResult',
        toolUseId: 'toolu_1',
        content: 'out',
        isError: false,
        cancelled: false,
        label: { text: 'Read {0}', args: ['a.ts'] },
        summary: null,
      },
      { id: 'e', parent: 't', at: 6, kind: 'end', outcome: { kind: 'maxTokens' } },
    ];
    await store.createConversation(home, meta('c1'));
    await store.append('c1', entries, null);
    const loaded = await (await reopened()).load('c1');
    assert.deepEqual(loaded, {
      meta: meta('c1', { head: 'e', updatedAt: 6 }),
      path: entries,
      draft: '',
      removedContext: [],
      asked: [],
      addedContext: [],
      tools: [],
      queued: [],
      checkpoint: null,
      pendingEdits: [],
    });
  });

  it('answers null for a conversation that it does not have', async () => {
    assert.equal(await store.load('nothing'), null);
  });

  it('loads only the branch that the head is on, and keeps the others', async () => {
    await store.createConversation(home, meta('c1'));
    const first = chain('a', 4, (index) => `first ${index}`);
    await store.append('c1', first, null);
    await store.setHead('c1', 'a1', null);
    assert.deepEqual((await store.load('c1'))?.path, first.slice(0, 2));
    const branch = user('b2', 'a1', 'second');
    await store.append('c1', [branch], null);
    assert.deepEqual((await store.load('c1'))?.path, [...first.slice(0, 2), branch]);
    await store.setHead('c1', 'a3', null);
    assert.deepEqual((await store.load('c1'))?.path, first);
    await store.setHead('c1', null, null);
    assert.deepEqual((await store.load('c1'))?.path, []);
    await store.append('c1', [user('root2', null, 'begun anew')], null);
    assert.deepEqual(
      (await store.load('c1'))?.path.map((entry) => entry.id),
      ['root2'],
    );
  });

  it('takes an append that is repeated after a lost answer as one', async () => {
    await store.createConversation(home, meta('c1'));
    const entries = chain('a', 3, String);
    await store.append('c1', entries.slice(0, 2), null);
    await store.append('c1', entries.slice(0, 2), null);
    await store.append('c1', entries, null);
    const reordered = JSON.parse(JSON.stringify({ content: [{ text: '2', type: 'text' }], ...entries[2] })) as Entry;
    await store.append('c1', [reordered], null);
    assert.deepEqual((await store.load('c1'))?.path, entries);
    await store.append('c1', [user('a3', 'a2', 'later')], null);
    await store.append('c1', entries, null);
    assert.equal((await store.load('c1'))?.meta.head, 'a3', 'a late repetition does not move the head back');
  });

  it('takes a repeated entry for what it is, however deep it is nested (L62)', async () => {
    await store.createConversation(home, meta('c1'));
    const deep = (at: string): unknown => {
      const json = `${'['.repeat(3000)}${at}${']'.repeat(3000)}`;
      return JSON.parse(json);
    };
    const [entry] = chain('a', 1, String);
    const nested = (at: string, reversed = false): Entry => {
      const fields = Object.entries({ ...entry, extra: { one: 1, nested: deep(at) } });
      return Object.fromEntries(reversed ? fields.toReversed() : fields) as unknown as Entry;
    };
    await store.append('c1', [nested('1')], null);
    await assert.doesNotReject(store.append('c1', [nested('1', true)], null));
    await assert.rejects(store.append('c1', [nested('2')], null), { code: 'failed' });
    await assert.rejects(store.append('c1', [nested('[]')], null), { code: 'failed' });
  });

  it('refuses an entry whose id is taken by other content, and then keeps nothing of that append', async () => {
    await store.createConversation(home, meta('c1'));
    await store.createConversation(home, meta('c2'));
    const entries = chain('a', 2, String);
    await store.append('c1', entries, null);
    await assert.rejects(store.append('c1', [user('new', 'a1', 'x'), user('a1', 'new', '1')], null), {
      code: 'failed',
    });
    await assert.rejects(store.append('c1', [user('a1', 'a0', 'changed')], null), { code: 'failed' });
    await assert.rejects(store.append('c2', [user('a0', null, '0')], null), { code: 'failed' });
    assert.deepEqual((await store.load('c1'))?.path, entries);
    assert.equal((await store.load('c2'))?.meta.head, null);
  });

  it('refuses entries without a place: unknown parent, broken chain, unknown conversation', async () => {
    await store.createConversation(home, meta('c1'));
    await store.createConversation(home, meta('c2'));
    await store.append('c2', [user('elsewhere', null, '')], null);
    await assert.rejects(store.append('c1', [user('a', 'nowhere', '')], null), { code: 'failed', message: /nowhere/ });
    await assert.rejects(store.append('c1', [user('a', 'elsewhere', '')], null), { code: 'failed' });
    await assert.rejects(store.append('c1', [user('a', null, ''), user('b', null, '')], null), { code: 'failed' });
    await assert.rejects(store.append('c3', [user('a', null, '')], null), { code: 'failed', message: /c3/ });
    await assert.rejects(store.setHead('c1', 'elsewhere', null), { code: 'failed' });
    await assert.rejects(store.setHead('c3', null, null), { code: 'failed' });
    assert.deepEqual((await store.load('c1'))?.path, []);
  });

  it('creates a conversation once, however often it is asked to', async () => {
    await store.createConversation(home, meta('c1'));
    await store.append('c1', [user('a', null, 'x')], null);
    await store.createConversation({ ...home, name: 'renamed' }, meta('c1'));
    assert.equal((await store.load('c1'))?.meta.head, 'a');
    await assert.rejects(store.createConversation(home, meta('c1', { createdAt: 2 })), { code: 'failed' });
    await assert.rejects(store.createConversation(home, meta('c9', { head: 'a' })), { code: 'failed' });
  });

  it('keeps title, draft and removed context of each conversation (L2)', async () => {
    await store.createConversation(home, meta('c1'));
    await store.createConversation(home, meta('c2'));
    const draft = 'half a thou\0ght \ud83d';
    await store.setDraft('c1', draft);
    await store.setRemovedContext('c1', ['file:///a', 'file:///ü']);
    await store.setRemovedContext('c2', ['file:///z']);
    await store.setAddedContext('c1', ['file:///added']);
    const waiting = [{ id: 'q1', content: [{ type: 'text' as const, text: 'next\0 \ud83d' }] }];
    await store.setQueued('c1', waiting, []);
    await store.setTitle('c1', 'named\0 anew 🎹');
    const loaded = await (await reopened()).load('c1');
    assert.equal(loaded?.draft, draft);
    assert.deepEqual(loaded?.removedContext, ['file:///a', 'file:///ü']);
    assert.deepEqual(loaded?.addedContext, ['file:///added']);
    assert.deepEqual(loaded?.queued, waiting);
    assert.equal(loaded?.meta.title, 'named anew 🎹');
    assert.equal((await store.load('c2'))?.draft, '');
    assert.deepEqual((await store.load('c2'))?.queued, []);
    await assert.rejects(store.setDraft('c3', 'x'), { code: 'failed' });
    await assert.rejects(store.setTitle('c3', 'x'), { code: 'failed' });
  });

  it('hands a question over to another conversation once, in one piece', async () => {
    for (const id of ['c1', 'c2']) await store.createConversation(home, meta(id));
    const message = (id: string) => ({ id, content: [{ type: 'text' as const, text: 'Why?' }] });
    await store.setQueued('c1', [message('q1'), message('q2')], []);
    await store.setQueued('c2', [message('own')], []);
    const waits = { conversation: 'c1', id: 'q1', waits: true };
    // Where it cannot wait there, it waits here.
    await assert.rejects(store.handOver(waits, 'c9', message('n1')), { code: 'failed' });
    assert.deepEqual((await store.load('c1'))?.queued, [message('q1'), message('q2')]);
    assert.deepEqual(await store.handOver(waits, 'c2', message('n1')), [message('own'), message('n1')]);
    assert.equal(await store.handOver(waits, 'c2', message('n2')), null);
    await assert.rejects(store.handOver({ ...waits, id: 'sent' }, 'c2', message('n3')), { code: 'sent' });
    const sent = { conversation: 'c1', id: 'u1', waits: false };
    assert.equal((await store.handOver(sent, 'c2', message('n4')))?.length, 3);
    const again = await reopened();
    assert.equal(await again.handOver(sent, 'c2', message('n5')), null);
    const from = await again.load('c1');
    assert.deepEqual([from?.queued, from?.asked], [[message('q2')], ['q1', 'u1']]);
    assert.deepEqual((await again.loadEnd('c2', 1))?.queued, ['own', 'n1', 'n4'].map(message));
  });

  it('keeps the tools that each conversation has chosen, byte for byte, and each choice once', async () => {
    for (const id of ['c1', 'c2', 'c3']) await store.createConversation(home, meta(id));
    assert.deepEqual((await store.load('c1'))?.tools, []);
    const choice = [chosenTool('b', 'odd\0 \ud83d'), chosenTool('a')];
    await store.setTools('c1', choice);
    await store.setTools('c2', choice);
    const again = await reopened();
    assert.equal(JSON.stringify((await again.load('c1'))?.tools), JSON.stringify(choice));
    assert.equal(JSON.stringify((await again.loadEnd('c2', 1))?.tools), JSON.stringify(choice));
    assert.deepEqual((await again.load('c3'))?.tools, []);
    await again.setTools('c1', []);
    await again.deleteForever('c3');
    assert.deepEqual((await again.load('c1'))?.tools, []);
    assert.deepEqual((await again.load('c2'))?.tools, choice);
    await assert.rejects(again.setTools('c9', choice), { code: 'failed' });
  });

  it('stores equal bytes once, under their SHA-256', async () => {
    const bytes = Buffer.alloc(300_000, 7);
    const hash = createHash('sha256').update(bytes).digest('hex');
    assert.equal(await store.putBlob(bytes), hash);
    assert.equal(await store.putBlob(new Uint8Array(bytes)), hash);
    assert.equal(bytes.length, 300_000, 'the bytes stay with the caller');
    const kept = await (await reopened()).getBlob(hash);
    assert.ok(kept !== null && bytes.equals(kept));
    assert.equal(await store.getBlob('0'.repeat(64)), null);
  });

  it('refuses an entry whose image is not stored', async () => {
    await store.createConversation(home, meta('c1'));
    const block = { type: 'document', blob: 'f'.repeat(64), mediaType: 'application/pdf', name: 'a.pdf' } as const;
    const entry: UserEntry = { ...user('a', null, ''), content: [block] };
    await assert.rejects(store.append('c1', [entry], null), { code: 'failed', message: /not stored/ });
  });

  it('keeps small values', async () => {
    assert.equal(await store.getValue('open'), null);
    await store.setValue('open', 'c1\0');
    await store.setValue('open', 'c2\0x');
    assert.equal(await (await reopened()).getValue('open'), 'c2\0x');
    await store.setValue('open', null);
    assert.equal(await store.getValue('open'), null);
  });

  it('finds the words of both sides, and nothing else (FTS5)', async () => {
    await store.createConversation(home, meta('c1'));
    await store.createConversation(other, meta('c2', { workspace: 'other' }));
    await store.append(
      'c1',
      [user('a', null, 'How does the Crème brûlée cache work?'), assistant('b', 'a', 'It evicts')],
      null,
    );
    await store.append('c2', [user('z', null, 'the creme of the cache')], null);
    const ids = async (query: string, workspaces: readonly string[] | null = null): Promise<string[]> =>
      (await store.list({ workspaces, query, limit: 10 })).rows.map(({ id }) => id).sort();
    assert.deepEqual(await ids('creme CACHE'), ['c1', 'c2']);
    assert.deepEqual(await ids('creme cache', ['home']), ['c1']);
    assert.deepEqual(await ids('evi'), ['c1'], 'the last word may be unfinished');
    assert.deepEqual(await ids('hidden'), [], 'thinking is not searched');
    assert.deepEqual(await ids('brulee missing'), []);
    assert.deepEqual(await ids('"cache AND (creme* OR'), [], 'operators are words like others');
    assert.deepEqual(await ids(' * "'), []);
    const [found] = (await store.list({ workspaces: null, query: 'brulee', limit: 1 })).rows;
    assert.equal(found?.snippet?.text, 'How does the Crème \u0002brûlée\u0003 cache work?');
  });

  it('has everything on disk that was asked for before close, and refuses what comes after', async () => {
    await store.createConversation(home, meta('c1'));
    const entries = chain('a', 50, (index) => 'x'.repeat(index * 100));
    const pending = entries.map((entry) => store.append('c1', [entry], null));
    const closed = store.close();
    await assert.rejects(store.setTitle('c1', 'late'), { code: 'unavailable' });
    await closed;
    await Promise.all(pending);
    assert.deepEqual((await (await bench.open(folder)).load('c1'))?.path, entries);
  });

  it('drops the leases of nobody: free, held, renewed, expired, released', async () => {
    const lease = (owner: string, expiresAt: number) => ({ conversation: 'c1', owner, expiresAt });
    const second = await bench.open(folder);
    assert.equal(await store.getLease('c1'), null);
    assert.equal(await store.acquireLease(lease('one', 100), 50), true);
    assert.equal(await second.acquireLease(lease('two', 200), 60), false);
    assert.deepEqual(await second.getLease('c1'), lease('one', 100));
    assert.equal(await store.acquireLease(lease('one', 150), 90), true);
    assert.equal(await second.acquireLease(lease('two', 300), 149), false);
    assert.equal(await second.acquireLease(lease('two', 300), 150), true);
    await store.releaseLease('c1', 'one');
    assert.deepEqual(await store.getLease('c1'), lease('two', 300), 'only the holder can release');
    await second.releaseLease('c1', 'two');
    assert.equal(await store.acquireLease(lease('one', 400), 160), true);
  });
});
