/** One stored entry that cannot be read costs that entry: the conversation opens, goes on, and the list is whole. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { databaseName } from '../../../src/host/store/file/protocol';
import type { ChatState } from '../../../src/shared/chat';
import { reply } from '../../fakeClaude/script';
import { type FakeClaude, startFakeClaude } from '../../fakeClaude/server';
import { startLocalWorker } from '../../fuzz/localStore';
import { ask, type Chat, closeChat, FakeEditors, FakeView, openChat, temporaryFolder } from '../core/kit';

/** What can befall one entry: SQL in which `?` is its id. */
const harms: Readonly<Record<string, string>> = {
  'a changed letter': `UPDATE entries SET body = replace(body, '"at":1', '"at":2') WHERE id = ?`,
  'broken JSON': 'UPDATE entries SET body = substr(body, 1, length(body) / 2) WHERE id = ?',
  'another shape': `UPDATE entries SET body = '{"id": 7, "kind": "user", "content": {"text": []}}' WHERE id = ?`,
  'no text at all': `UPDATE entries SET body = '' WHERE id = ?`,
  'another kind': `UPDATE entries SET kind = 'usFr' WHERE id = ?`,
  'another parent': `UPDATE entries SET parent = 'nobody' WHERE id = ?`,
  'a parent that is its child':
    'UPDATE entries SET parent = (SELECT id FROM entries ORDER BY seq DESC LIMIT 1) WHERE id = ?',
  'another id': `UPDATE entries SET id = 'x' || id WHERE id = ?`,
  'a lost row': 'DELETE FROM entries WHERE id = ?',
};

function unreadableIn({ items }: ChatState): number {
  const lines = items.flatMap((item) => {
    if (item.type === 'context') return item.lines;
    return item.type === 'answer' ? item.parts.flatMap((part) => (part.type === 'context' ? part.lines : [])) : [];
  });
  return lines.filter(({ change }) => change === 'unreadable').length;
}

describe('A stored entry that cannot be read (L73)', () => {
  let fake: FakeClaude;
  let whole: Buffer;
  /** Each entry: its id, its kind, and what the panel shows of it. */
  let entries: readonly { readonly id: string; readonly kind: string; readonly words: string }[] = [];

  /** Two turns, one with a tool, and a file that changes. */
  before(async () => {
    fake = await startFakeClaude();
    const folder = await temporaryFolder();
    const editors = new FakeEditors();
    const chat = await openChat({ url: fake.url, folder: folder.path, editors });
    const view = new FakeView(await chat.conversations.current());
    editors.files.set('a.ts', 'one\n');
    editors.open = ['a.ts'];
    fake.enqueue(reply.text('I look there').toolUse('read_file', { path: 'a.ts' }), reply.text('It has one line'));
    await ask(view, 'What is there?');
    editors.files.set('a.ts', 'one\ntwo\n');
    fake.enqueue(reply.text('Now it has two'));
    await ask(view, 'And now?');
    const path = (await chat.store.load(view.controller.conversation))?.path ?? [];
    entries = path.map((entry) => {
      const content = 'content' in entry && typeof entry.content !== 'string' ? entry.content : [];
      const texts = content.map((block) => (block.type === 'text' ? block.text : ''));
      return { id: entry.id, kind: entry.kind, words: texts.join('') };
    });
    await closeChat(chat);
    const db = new DatabaseSync(join(folder.path, databaseName));
    db.exec('PRAGMA journal_mode = DELETE');
    db.close();
    whole = readFileSync(join(folder.path, databaseName));
    folder.remove();
  });
  after(() => fake.close());

  async function withHarm(
    sql: string,
    id: string,
    check: (chat: Chat, view: FakeView) => Promise<void>,
  ): Promise<void> {
    const folder = await temporaryFolder();
    const file = join(folder.path, databaseName);
    writeFileSync(file, whole);
    const db = new DatabaseSync(file);
    db.exec('PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON');
    assert.equal(db.prepare(sql).run(id).changes, 1);
    db.close();
    const editors = new FakeEditors();
    editors.files.set('a.ts', 'one\ntwo\n');
    editors.open = ['a.ts'];
    const chat = await openChat({ url: fake.url, folder: folder.path, editors, startWorker: startLocalWorker });
    try {
      await check(chat, new FakeView(await chat.conversations.current()));
    } finally {
      await closeChat(chat);
      folder.remove();
    }
  }

  for (const [turn, [name, sql]] of Object.entries(harms).entries()) {
    it(`is named in its place; the rest opens, goes on and is listed: ${name}`, async function () {
      this.timeout(60_000);
      assert.deepEqual(
        entries.map(({ kind }) => kind),
        ['snapshot', 'user', 'assistant', 'toolResult', 'assistant', 'end', 'change', 'user', 'assistant', 'end'],
      );
      for (const harmed of entries.filter((_, index) => index === 9 || index % 3 === turn % 3)) {
        await withHarm(sql, harmed.id, async (chat, view) => {
          const about = `${name} of ${harmed.kind} ${harmed.id}`;
          const isRoot = harmed.kind === 'snapshot';
          // A root without a parent has no word of its parent that could be wrong; it is not missed either.
          const named = unreadableIn(view.state);
          assert.ok(named >= 1 && named <= 2, `${about}: ${named} named`);
          const text = JSON.stringify(view.state.items);
          for (const { id, words } of entries) {
            assert.equal(text.includes(words), id !== harmed.id || words === '' || isRoot, `${about}: ${words}`);
          }
          const { rows } = await chat.store.list({ workspaces: null, limit: 10 });
          assert.equal(rows.length, 1, about);
          const refused = fake.refusals.length;
          fake.enqueue(reply.text('It goes on'));
          await ask(view, 'Still there?');
          assert.equal(fake.refusals.length, refused, `${about}: ${fake.refusals.at(-1)?.response?.error}`);
          assert.ok(JSON.stringify(view.state.items).includes('It goes on'), about);
          assert.ok((await view.controller.markdown()).includes('cannot be read'), about);
        });
      }
    });
  }
});
