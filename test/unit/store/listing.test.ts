import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { UserEntry } from '../../../src/core/record/record';
import type { Store, WorkspaceFingerprint } from '../../../src/core/record/store';
import { databaseName } from '../../../src/host/store/file/protocol';
import { assistant, home, meta, other, user } from './fixtures';
import { Bench, bundle, bytesIn } from './kit';

const facts: WorkspaceFingerprint = { remotes: ['https://example.com/shop.git'], names: ['README.md', 'src'] };

describe('the store: the list of conversations and their workspaces', () => {
  const bench = new Bench();

  before(async function () {
    this.timeout(60_000);
    await bundle();
  });
  afterEach(() => bench.dispose());

  /** c1 and c2 at home, c3 elsewhere, each with a question; c3 is the latest. */
  async function filled(folder = bench.folder()): Promise<Store> {
    const store = await bench.open(folder);
    for (const [id, place, words] of [
      ['c1', home, 'why does the crème brûlée burn'],
      ['c2', home, 'sort the invoices'],
      ['c3', other, 'burn the invoices'],
    ] as const) {
      const at = Number(id.slice(1)) * 1000;
      await store.createConversation(place, meta(id, { workspace: place.key, title: `About ${id}`, updatedAt: at }));
      await store.append(
        id,
        [user(`${id}q`, null, words, at), assistant(`${id}a`, `${id}q`, 'As you wish.', at)],
        null,
      );
    }
    return store;
  }

  const ids = (page: { readonly rows: readonly { readonly id: string }[] }): readonly string[] =>
    page.rows.map(({ id }) => id);

  it('says how many the filter hides (L7)', async () => {
    const store = await filled();
    const page = await store.list({ workspaces: ['home'], limit: 10 });
    assert.deepEqual(ids(page), ['c2', 'c1']);
    assert.equal(page.elsewhere, 1);
    assert.equal(page.more, false);
    assert.equal((await store.list({ workspaces: ['home'], limit: 2 })).more, false, 'all of them is all');
    assert.equal((await store.list({ workspaces: ['home'], limit: 1 })).more, true);
    const all = await store.list({ workspaces: null, limit: 10 });
    assert.deepEqual(ids(all), ['c3', 'c2', 'c1']);
    assert.equal(all.elsewhere, 0);
    assert.deepEqual(
      all.rows.map((row) => row.workspaceName),
      ['other', 'home', 'home'],
    );
    assert.equal((await store.list({ workspaces: ['home'], query: 'burn', limit: 10 })).elsewhere, 1);
    assert.equal((await store.list({ workspaces: ['home'], query: 'brulee', limit: 10 })).elsewhere, 0);
  });

  it('finds by title, by what was said, without case and accents, a page at a time', async () => {
    const store = await filled();
    const found = async (query: string): Promise<readonly string[]> =>
      ids(await store.list({ workspaces: null, query, limit: 10 }));
    assert.deepEqual(await found('INVOI'), ['c3', 'c2']);
    assert.deepEqual(await found('BRÛLÉE creme'), ['c1']);
    assert.deepEqual(await found('about C2'), ['c2']);
    assert.deepEqual(await found('as you wish'), ['c3', 'c2', 'c1']);
    assert.deepEqual(await found('nowhere'), []);
    assert.deepEqual(await found('" OR *'), []);
    await store.setTitle('c1', 'Über Ärger');
    assert.deepEqual(await found('ärger über'), ['c1']);
    const first = await store.list({ workspaces: null, query: 'wish', limit: 2 });
    assert.deepEqual([ids(first), first.more], [['c3', 'c2'], true]);
    const [, after] = first.rows;
    const second = await store.list({
      workspaces: null,
      query: 'wish',
      limit: 2,
      ...(after === undefined ? {} : { after }),
    });
    assert.deepEqual([ids(second), second.more], [['c1'], false]);
    const [row] = (await store.list({ workspaces: null, query: 'brulee', limit: 1 })).rows;
    assert.equal(row?.snippet?.text, 'why does the crème \u0002brûlée\u0003 burn');
    const snippets = (await store.list({ workspaces: null, query: 'burn', limit: 9 })).rows.map(
      (one) => one.snippet?.text,
    );
    assert.deepEqual(snippets, ['\u0002burn\u0003 the invoices', 'why does the crème brûlée \u0002burn\u0003']);
    assert.equal((await store.list({ workspaces: null, query: 'Ärger', limit: 1 })).rows[0]?.snippet, null);
  });

  it('finds words within sentences of Japanese, Chinese and Korean, and within names of code', async () => {
    const store = await filled();
    const said = [
      'ログインが二回失敗する',
      '为什么登录会重试',
      '로그인을다시시도',
      'call retryLogin() of parseHTMLDocument',
    ];
    await store.append(
      'c1',
      said.map((text, index) => user(`s${index}`, index === 0 ? 'c1a' : `s${index - 1}`, text, 5000 + index)),
      null,
    );
    const found = async (query: string): Promise<string | null | undefined> => {
      const { rows } = await store.list({ workspaces: null, query, limit: 9 });
      assert.deepEqual(ids({ rows }), ['c1'], query);
      return rows[0]?.snippet?.text;
    };
    for (const [query, text] of [
      ['失敗', 'ログインが二回\u0002失敗\u0003する'],
      ['登录', '为什么\u0002登录\u0003会重试'],
      ['시시', '로그인을다\u0002시시\u0003도'],
      ['retrylog', 'call \u0002retryLogin\u0003'],
    ] as const)
      assert.ok((await found(query))?.startsWith(text), `${query}: ${await found(query)}`);
    for (const query of ['Login', 'document', 'html', 'グイ 登录'])
      assert.ok((await found(query))?.includes('\u0002'), query);
    assert.ok((await found('login'))?.includes('retry\u0002Login\u0003'));
    assert.deepEqual(ids(await store.list({ workspaces: null, query: '敗失', limit: 9 })), []);
  });

  it('finds words that stand apart: in the title, in several messages, in the draft', async () => {
    const store = await filled();
    const found = async (query: string): Promise<readonly string[]> =>
      ids(await store.list({ workspaces: null, query, limit: 9 }));
    await store.setTitle('c1', 'Kitchen');
    assert.deepEqual(await found('kitchen burn'), ['c1']);
    assert.deepEqual(await found('burn wish'), ['c3', 'c1'], 'a question and its answer');
    assert.deepEqual(await found('burn nowhere'), []);
    const pasted = `kitchen ${'burn '.repeat(40)}${'why does the '.repeat(5000)}`;
    assert.deepEqual(await found(pasted), ['c1'], 'a pasted text');
    assert.deepEqual(await found(Array.from({ length: 5000 }, (_, n) => `w${n}`).join(' ')), []);
    const { rows } = await store.list({ workspaces: null, query: 'kitchen burn', limit: 9 });
    assert.equal(rows[0]?.snippet?.text, 'why does the crème brûlée \u0002burn\u0003');
    await store.setDraft(
      'c2',
      JSON.stringify({ text: 'half a Thöught', attachments: [{ type: 'image', name: 'secretname' }] }),
    );
    assert.deepEqual(await found('thought half'), ['c2']);
    assert.deepEqual(await found('wish thought'), ['c2']);
    assert.deepEqual(await found('secretname'), []);
    await store.setDraft('c2', '');
    assert.deepEqual(await found('thought'), []);
  });

  it('finds what was sent along: pasted and attached texts, selected lines, names; in an index of before, too', async () => {
    const folder = bench.folder();
    let store = await filled(folder);
    const blob = (text: string): Promise<string> => store.putBlob(Buffer.from(text));
    const plain = { type: 'document', mediaType: 'text/plain' } as const;
    const lines = { startLine: 1, endLine: 1 };
    const selection = { uri: 'file:///b.ts', path: 'src/basket.ts', ...lines, text: 'addItem()' };
    const sent: UserEntry = {
      ...user('c1w', 'c1a', 'look', 5000),
      content: [
        { type: 'text', text: 'look' },
        { ...plain, blob: await blob(`${'filler '.repeat(9000)}zanzibar`), name: 'filler', pasted: true },
        { ...plain, blob: await blob('deadlock in worker 7'), name: 'terminal.txt' },
        { ...plain, blob: '0'.repeat(64), name: 'gone.txt' },
        { type: 'selection', selection: { ...selection, more: [{ ...lines, text: 'dropItem()' }] } },
      ],
    };
    // What is lost on the disk is lost alone.
    await assert.rejects(store.append('c1', [sent], null));
    const { content } = sent;
    await store.append(
      'c1',
      [{ ...sent, content: content.filter((one) => !('name' in one && one.name === 'gone.txt')) }],
      null,
    );
    const finds = async (): Promise<void> => {
      for (const query of ['zanzibar', 'deadlock', 'terminal.txt', 'addItem', 'dropItem', 'basket.ts']) {
        const { rows } = await store.list({ workspaces: null, query, limit: 9 });
        assert.deepEqual(ids({ rows }), ['c1'], query);
        assert.ok(rows[0]?.snippet?.text.includes('\u0002'), query);
        assert.deepEqual([rows[0]?.snippet?.item, rows[0]?.snippet?.entry], ['user/c1w', 'c1w']);
      }
    };
    await finds();
    await store.close();
    const db = new DatabaseSync(join(folder, databaseName));
    db.exec("DELETE FROM keyValues WHERE key = 'textIndex'; UPDATE entryText SET text = ''");
    db.close();
    store = await bench.open(folder);
    await finds();
    // A window of another version appends with its own idea of the index, and this one behind it.
    const earlier = new DatabaseSync(join(folder, databaseName));
    const appended = JSON.stringify({ ...user('c2w', 'c2a', 'kumquat'), id: 'c2w' });
    earlier
      .prepare(
        "INSERT INTO entries (id, conversation, parent, kind, at, body) VALUES ('c2w', 'c2', 'c2a', 'user', 1, ?)",
      )
      .run(appended);
    earlier.exec("INSERT INTO entryText (rowid, text) SELECT max(seq), '' FROM entries");
    earlier.close();
    await store.append('c1', [user('c1x', 'c1w', 'and then', 6000)], null);
    await store.close();
    store = await bench.open(folder);
    assert.deepEqual(ids(await store.list({ workspaces: null, query: 'kumquat', limit: 9 })), ['c2']);
    await store.deleteForever('c1');
    await store.close();
    assert.equal(bytesIn(folder).includes('zanzibar'), false);
  });

  it('says in which turn the words stand that it found', async () => {
    const store = await filled();
    const item = async (query: string): Promise<string | null | undefined> =>
      (await store.list({ workspaces: ['home'], query, limit: 1 })).rows[0]?.snippet?.item;
    assert.equal(await item('wish'), 'answer/c2q');
    assert.equal(await item('sort'), 'user/c2q');
    assert.equal(await item('about c2'), undefined);
  });

  it('tells what the user has asked in a workspace, each once, the latest first', async () => {
    const store = await filled();
    assert.deepEqual(await store.ownPrompts(['home']), ['sort the invoices', 'why does the crème brûlée burn']);
    assert.deepEqual((await store.ownPrompts(['home', 'other']))[0], 'burn the invoices');
    const again = user('c1r', 'c1a', 'sort the invoices', 5000);
    const went: UserEntry = { ...user('c1s', 'c1r', 'Continue.', 6000), auto: 'continue' };
    await store.append('c1', [again, went, user('c1t', 'c1s', 'x'.repeat(30_000), 7000)], null);
    assert.deepEqual(await store.ownPrompts(['home']), ['sort the invoices', 'why does the crème brûlée burn']);
    await store.setDeleted('c2', { owner: 'host-1', at: 5000 });
    await store.setDeleted('c1', { owner: 'host-1', at: 5000 });
    assert.deepEqual(await store.ownPrompts(['home']), []);
  });

  it('lists no blank conversation, but one that has nothing but a draft', async () => {
    const store = await filled();
    await store.createConversation(home, meta('blank', { title: '', updatedAt: 9000 }));
    await store.setRemovedContext('blank', ['file:///a.ts']);
    assert.deepEqual(ids(await store.list({ workspaces: ['home'], limit: 10 })), ['c2', 'c1']);
    await store.setDraft('blank', 'Not sent yet');
    const [row] = (await store.list({ workspaces: ['home'], limit: 10 })).rows;
    assert.deepEqual([row?.id, row?.draft], ['blank', 'Not sent yet']);
    await store.setDraft('blank', '');
    assert.deepEqual(ids(await store.list({ workspaces: null, limit: 10 })), ['c3', 'c2', 'c1']);
  });

  it('takes a deleted conversation out of sight, brings it back, and erases it when its time has come', async () => {
    const folder = bench.folder();
    const store = await filled(folder);
    await store.setDeleted('c1', { owner: 'host-1', at: 5000 });
    assert.deepEqual(ids(await store.list({ workspaces: ['home'], limit: 10 })), ['c2']);
    assert.deepEqual(ids(await store.list({ workspaces: null, query: 'brulee', limit: 10 })), []);
    assert.equal(await store.load('c1'), null);
    await store.setDeleted('c1', null);
    assert.equal((await store.load('c1'))?.path.length, 2);
    await store.setDeleted('c1', { owner: 'host-1', at: 5000 });
    assert.equal(await store.purgeDeleted(4999), 0);
    assert.equal(await store.purgeDeleted(5000), 1);
    await assert.rejects(store.setDeleted('c1', null), { code: 'failed' });
    await store.close();
    assert.equal(bytesIn(folder).includes('brûlée'), false, 'the words are gone from the file');
  });

  it('knows its workspaces by folders, facts and the number of their conversations', async () => {
    const store = await filled();
    await store.noteWorkspace(home, facts);
    const quiet = { key: 'quiet', name: 'quiet', folders: ['file:///quiet'] };
    await store.noteWorkspace(quiet, facts);
    assert.deepEqual(await store.listWorkspaces(), [
      { ...home, facts, conversations: 2 },
      { ...other, facts: null, conversations: 1 },
      { ...quiet, facts, conversations: 0 },
    ]);
    // A later conversation leaves the facts as they are.
    await store.createConversation({ ...home, name: 'renamed' }, meta('c4'));
    assert.deepEqual((await store.listWorkspaces())[0], { ...home, name: 'renamed', facts, conversations: 3 });
  });

  it('keeps what it knows of a workspace whose folders are not there to be read yet', async () => {
    const store = await filled();
    await store.noteWorkspace(home, facts);
    await store.noteWorkspace({ ...home, folders: [] }, { names: [], remotes: [] });
    await store.createConversation({ ...home, folders: [] }, meta('c4'));
    assert.deepEqual((await store.listWorkspaces())[0], { ...home, facts, conversations: 3 });
  });

  it('moves the conversations of one workspace to another, and some of them back', async () => {
    const store = await filled();
    const moved = { key: 'moved', name: 'moved', folders: ['file:///moved'] };
    await store.noteWorkspace(moved, facts);
    assert.deepEqual((await store.moveConversations({ workspace: 'home' }, 'moved')).toSorted(), ['c1', 'c2']);
    assert.deepEqual(ids(await store.list({ workspaces: ['moved'], limit: 10 })), ['c2', 'c1']);
    assert.equal((await store.load('c1'))?.path.length, 2);
    assert.deepEqual(await store.moveConversations({ ids: ['c2', 'unknown'] }, 'home'), ['c2']);
    assert.deepEqual(ids(await store.list({ workspaces: ['moved'], limit: 10 })), ['c1']);
    assert.deepEqual(ids(await store.list({ workspaces: ['home'], limit: 10 })), ['c2']);
    await assert.rejects(store.moveConversations({ workspace: 'home' }, 'never noted'), { code: 'failed' });
    assert.deepEqual(ids(await store.list({ workspaces: ['home'], limit: 10 })), ['c2'], 'nothing has moved');
  });
});
