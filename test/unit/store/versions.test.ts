/**
 * What is stored stays readable for good. `databases/version4.db` was made by the version that wrote schema 4, with every
 * kind of entry, of block and of ending: it is never made anew. Every later version opens it, shows it, goes on with it
 * and exports it.
 */

import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { decodeDraft } from '../../../src/host/session/draft/draft';
import { databaseName } from '../../../src/host/store/file/protocol';
import { schemaVersion } from '../../../src/host/store/file/schema';
import { noSpending } from '../../../src/shared/usage';
import { reply } from '../../fakeClaude/script';
import { type FakeClaude, startFakeClaude } from '../../fakeClaude/server';
import { repoRoot } from '../../vscode/paths';
import { ask, type Chat, closeChat, FakeEditors, FakeView, openChat, temporaryFolder, until } from '../core/kit';

const stored = join(repoRoot(), 'test/unit/store/databases/version4.db');

const conversations = [
  'everything',
  'oldest',
  'outcomes',
  'streaming',
  'tools',
  'branches',
  'composer',
  'there',
] as const;

/** What each shows, in short, and some words of its export. */
const shown: Readonly<Record<(typeof conversations)[number], readonly string[]>> = {
  everything: ['They are two constants.', 'And so it goes', 'Zebras have stripes.', 'All is well.', 'Cited.'],
  oldest: ['Hello.'],
  outcomes: ['I was inter', 'So long that', 'No more room', 'Paused.', 'Hm.', 'It is the', 'At last.'],
  streaming: ['Tell me a long story.', 'Once upon a'],
  tools: ['Read both.'],
  branches: ['Other words', 'Other answer'],
  composer: ['Hello.'],
  there: ['Elsewhere.'],
};

describe('A database of version 4', () => {
  let fake: FakeClaude;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let chat: Chat;

  before(async () => {
    fake = await startFakeClaude();
  });
  after(() => fake.close());
  beforeEach(async () => {
    folder = await temporaryFolder();
    copyFileSync(stored, join(folder.path, databaseName));
    const editors = new FakeEditors();
    editors.files.set('src/a.ts', 'export const a = 3;\n');
    editors.open = ['src/a.ts'];
    chat = await openChat({ url: fake.url, folder: folder.path, editors });
  });
  afterEach(async () => {
    await closeChat(chat);
    folder.remove();
  });

  async function view(id: string): Promise<FakeView> {
    const controller = await chat.conversations.chats.get(id);
    assert.ok(controller !== null, id);
    return new FakeView(controller);
  }

  it('becomes one of this version, with all that it holds', async () => {
    const { rows } = await chat.store.list({ workspaces: null, limit: 50 });
    assert.deepEqual(rows.map(({ id }) => id).sort(), [...conversations, 'draftOnly'].sort());
    assert.equal(rows.find(({ id }) => id === 'everything')?.title, 'Every kind of entry 🎼');
    assert.equal(rows.find(({ id }) => id === 'there')?.workspaceName, 'Élsewhere');
    assert.equal(rows.find(({ id }) => id === 'draftOnly')?.draft, 'never sent');
    assert.equal(await chat.store.getValue('open:work'), 'everything');
    assert.equal(await chat.store.getValue('a value of a later version'), '{"x":1}');
    const known = await chat.store.listWorkspaces();
    assert.deepEqual(
      known.map(({ key, facts }) => [key, facts?.names]),
      [
        ['elsewhere', ['Cargo.toml']],
        ['work', ['README.md', 'src']],
      ],
    );
    const days = [0, Number.MAX_SAFE_INTEGER];
    const report = await chat.store.usageReport({ workspaces: null, days, limit: 50 });
    const usage = report.conversations.find(({ id }) => id === 'everything')?.spending ?? noSpending;
    assert.ok(usage.requests >= 9 && Number(usage.tokens.cacheRead) > 20_000, JSON.stringify(usage));
    const found = await chat.store.list({ workspaces: null, limit: 50, query: 'zebras' });
    assert.deepEqual(
      found.rows.map(({ id }) => id),
      ['everything'],
    );
    const db = new DatabaseSync(join(folder.path, databaseName), { readOnly: true });
    assert.equal(db.prepare('PRAGMA user_version').get()?.['user_version'], schemaVersion);
    assert.equal(db.prepare('SELECT count(*) AS n FROM usage WHERE conversation IS NULL').get()?.['n'], 1);
    db.close();
  });

  for (const id of conversations) {
    it(`shows, exports and goes on with "${id}"`, async () => {
      const before = fake.refusals.length;
      const opened = await view(id);
      await until('a repair to be stored', () =>
        opened.state.items.every((one) => one.type !== 'answer' || one.outcome !== null),
      );
      const text = JSON.stringify((await opened.whole()).items);
      for (const words of shown[id]) assert.ok(text.includes(words), `${words} is shown`);
      const markdown = await opened.controller.markdown();
      for (const words of shown[id]) assert.ok(markdown.includes(words), `${words} is exported`);
      fake.enqueue(reply.text('It goes on.'));
      await ask(opened, 'And now?');
      const last = opened.state.items.at(-1);
      assert.ok(last?.type === 'answer');
      assert.deepEqual(last.outcome, { kind: 'done' });
      assert.ok(JSON.stringify(last.parts).includes('It goes on.'));
      assert.equal(fake.refusals.length, before, 'the strict API takes what is sent');
      assert.deepEqual(chat.errors, []);
    });
  }

  it('has each attachment, each part and each ending as it was', async () => {
    const state = await (await view('everything')).whole();
    const [first] = state.items.filter((item) => item.type === 'user');
    assert.ok(first?.type === 'user');
    assert.equal(first.text, 'What is all this? nul \0, lone \ud800, ñ');
    assert.deepEqual(
      first.attachments.map(({ kind }) => kind),
      ['image', 'image', 'imageUrl', 'document', 'document', 'selection'],
    );
    const labels = first.attachments.map(({ label }) => label).join();
    for (const name of ['screen.png', 'old.gif', 'a.png', 'spec.pdf', 'notes.txt', 'b.ts'])
      assert.ok(labels.includes(name));
    for (const { kind, id } of first.attachments) {
      if (kind === 'image' || kind === 'document') assert.ok((await chat.store.getBlob(id)) !== null);
    }
    const [answer] = state.items.filter((item) => item.type === 'answer');
    assert.ok(answer?.type === 'answer');
    assert.deepEqual(
      answer.parts.map((part) => (part.type === 'tool' ? `${part.name} ${part.status}` : part.type)),
      ['thinking', 'thinking', 'text', 'read_file done', 'search_text failed', 'context', 'text', 'text'],
    );
    assert.equal(answer.cacheMisses[0]?.reason, 'expired');
    assert.deepEqual(
      state.items.flatMap((item) => (item.type === 'compaction' ? [item.outcome?.kind] : [])),
      ['done', 'failed'],
    );
    const endings = (await (await view('outcomes')).whole()).items.flatMap((item) =>
      item.type === 'answer' ? [item.outcome?.kind === 'failed' ? item.outcome.failure.code : item.outcome?.kind] : [],
    );
    assert.equal(endings.length, 32);
    assert.equal(new Set(endings).size, 29);
  });

  it('is not migrated while a turn runs in an older window', async function () {
    this.timeout(20_000);
    await closeChat(chat);
    const file = join(folder.path, databaseName);
    copyFileSync(stored, file);
    const db = new DatabaseSync(file);
    db.prepare('INSERT INTO leases VALUES (?, ?, ?)').run('oldest', 'other:1:x', Date.now() + 2500);
    const version = (): unknown => db.prepare('PRAGMA user_version').get()?.['user_version'];
    let open = false;
    const opening = openChat({ url: fake.url, folder: folder.path, editors: new FakeEditors() }).then((opened) => {
      chat = opened;
      open = true;
    });
    await delay(1200);
    assert.equal(open, false);
    assert.equal(version(), 4, 'an older window can still store its answer');
    await opening;
    assert.equal(version(), schemaVersion);
    db.close();
  });

  it('has the draft, what waits and what was chosen', async () => {
    const composer = await chat.store.load('composer');
    assert.ok(composer !== null);
    const draft = decodeDraft(composer.draft);
    assert.equal(draft.text, 'half a thought');
    assert.deepEqual(
      draft.attachments.map(({ type }) => type),
      ['image', 'document', 'selection', 'imageUrl'],
    );
    assert.deepEqual(
      composer.queued.map(({ id, content }) => [id, content.length]),
      [
        ['v4-q1', 1],
        ['v4-q2', 2],
      ],
    );
    assert.deepEqual(composer.removedContext, ['file:///work/src/b.ts']);
    assert.deepEqual(composer.addedContext, ['file:///work/src/c.ts']);
  });

  it('has the branch that was left, and what was deleted and not yet erased', async () => {
    await chat.store.setHead('branches', 'v4-0123', null);
    await chat.store.setDeleted('deleted', null);
    assert.ok(JSON.stringify((await chat.store.load('deleted'))?.path).includes('Gone.'));
    assert.equal(await chat.store.load('erased'), null);
  });
});
