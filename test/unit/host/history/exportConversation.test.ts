/** Export of what can be read: over a real store with an entry that cannot be. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Entry } from '../../../../src/core/record/record';
import { unreadableMarkdown } from '../../../../src/core/transcript/chatMarkdown';
import { refusals } from '../../../../src/host/base/plainStrings';
import {
  type ExportFormat,
  type ExportPlaces,
  exportAll,
  exportConversation,
} from '../../../../src/host/history/exportConversation';
import type { Unread } from '../../../../src/host/history/exportJson';
import { writePieces } from '../../../../src/host/history/writePieces';
import { databaseName } from '../../../../src/host/store/file/protocol';
import type { Found } from '../../../../src/shared/find';
import { reply } from '../../../fakeClaude/script';
import { filled } from '../../../texts';
import { ask, until } from '../../core/kit';
import { failingStore } from '../session/failingStore';
import { Windows } from '../session/fenceKit';

describe('The export of a conversation that cannot be opened (L73)', () => {
  const windows = new Windows();
  let saved: (readonly [name: string, markdown: string])[] = [];
  let format: ExportFormat | null;
  let unread: Unread = { titles: [], more: false };
  const whole = async (pieces: AsyncIterable<string>): Promise<string> => {
    let text = '';
    for await (const piece of pieces) text += piece;
    return text;
  };
  const save: ExportPlaces = {
    words: filled,
    format: async () => format,
    save: async (name, pieces, told) => {
      saved.push([name, await whole(pieces)]);
      unread = told;
    },
    saveAll: async (files, told) => {
      for await (const { name, pieces } of files) saved.push([name, await whole(pieces)]);
      unread = told;
    },
  };

  beforeEach(async () => {
    saved = [];
    format = 'md';
    await windows.begin();
  });
  afterEach(() => windows.end());

  it('holds all that can be read, and says where something stood that cannot be', async () => {
    const chat = await windows.open('one');
    const view = await windows.viewOf(chat);
    windows.fake.enqueue(reply.text('It is **here**.'), reply.text('And there.'));
    await ask(view, 'Where is it: src/a.ts? "here" / \\there');
    await ask(view, 'And what else?');
    const id = view.controller.conversation;
    await windows.closeAll();
    const db = new DatabaseSync(join(windows.folder.path, databaseName));
    db.prepare("UPDATE entries SET body = '{' WHERE kind = 'assistant' AND instr(body, 'It is **here**')").run();
    db.close();
    const { store } = await windows.open('two');
    await exportConversation(id, store, save);
    const [[name, markdown] = ['', '']] = saved;
    assert.equal(name, 'Where is it src a ts here there.md');
    assert.equal(
      markdown,
      [
        '# Where is it: src/a.ts? "here" / \\there',
        '## You',
        'Where is it: src/a.ts? "here" / \\there',
        '## Claude',
        unreadableMarkdown(),
        '## You',
        'And what else?',
        '## Claude',
        'And there.\n',
      ].join('\n\n'),
    );
  });

  it('holds what was pasted and attached as text, as it was sent', async () => {
    const chat = await windows.open('one');
    const view = await windows.viewOf(chat);
    const { conversation } = view.controller;
    const pasted = `A log\n${'line of a log\n'.repeat(900)}the last line`;
    await view.controller.handle({ type: 'attachPasted', conversation, bytes: Buffer.from(pasted), edit: null });
    windows.fake.enqueue(reply.text('I see.'));
    await ask(view, 'What is this?');
    await exportConversation(conversation, chat.store, save);
    const [, markdown = ''] = saved.at(-1) ?? [];
    assert.ok(
      markdown.includes(`## You\n\n\`A log\`\n\n\`\`\`\n${pasted}\n\`\`\`\n\nWhat is this?`),
      markdown.slice(0, 200),
    );
    assert.equal(await view.controller.markdown(), markdown, 'a copy is the same');
    const found = await view.controller.handle({
      ...{ type: 'find', conversation, text: 'the last line', matchCase: false, wholeWord: false },
    });
    assert.deepEqual(found.ok && (found.value as Found).places.map(({ count }) => count), [1]);
    const [place] = (found.ok && (found.value as Found).places) || [];
    const key = place?.place.slice('user/'.length) ?? '';
    assert.deepEqual(await view.controller.handle({ type: 'toolOutput', conversation, key }), {
      ok: true,
      value: pasted,
    });
  });

  it('has a name whatever the title is, and says when there is nothing to export', async () => {
    const { store } = await windows.open('one');
    await assert.rejects(exportConversation('gone', store, save), { message: filled(refusals.notStored()) });
    const stored = (title: string) => ({
      load: async () => ({ meta: { title }, path: [] }),
    });
    for (const title of [
      '',
      '…/..',
      '👩‍👩‍👧'.repeat(90),
      'ключ '.repeat(40),
      '𠀋'.repeat(90),
      'Aux',
      'हिन्दी में',
      'ภาษาไทยที่นี่',
    ])
      await exportConversation('c', stored(title) as never, save);
    assert.deepEqual(
      saved.map(([name]) => name),
      [
        'conversation.md',
        'conversation.md',
        'conversation.md',
        `${'ключ '.repeat(16).trim()}.md`,
        `${'𠀋'.repeat(50)}.md`,
        'Aux_.md',
        'हिन्दी में.md',
        'ภาษาไทยที่นี่.md',
      ],
    );
  });

  it('is every entry on every branch as it is stored, with what was attached, where that is wanted', async () => {
    const chat = await windows.open('one');
    const view = await windows.viewOf(chat);
    const { conversation } = view.controller;
    const pasted = 'A long text\n'.repeat(9000);
    await view.controller.handle({ type: 'attachPasted', conversation, bytes: Buffer.from(pasted), edit: null });
    windows.fake.enqueue(reply.text('One.'), reply.text('Two.'));
    await ask(view, 'Which?');
    await view.controller.handle({ type: 'retry', conversation });
    await until('the other answer', () => !view.controller.isRunning && windows.fake.messages.length === 2);
    format = 'json';
    await exportConversation(conversation, chat.store, save);
    const [[name, json] = ['', '']] = saved;
    assert.equal(name, 'Which.json');
    interface Exported {
      readonly title: string;
      readonly head: string;
      readonly entries: readonly { readonly id: string; readonly kind: string; readonly content?: unknown }[];
      readonly attachments: Readonly<Record<string, { readonly mediaType: string; readonly text?: string }>>;
    }
    const { title, head, entries, attachments } = JSON.parse(json) as Exported;
    assert.equal(title, 'Which?');
    assert.equal(entries.filter(({ kind }) => kind === 'assistant').length, 2, 'the branch that was left, too');
    assert.ok(entries.some(({ id }) => id === head));
    assert.deepEqual(Object.values(attachments), [{ mediaType: 'text/plain', text: pasted }]);
    const { path = [] } = (await chat.store.load(conversation)) ?? {};
    for (const { held: _, ...entry } of path as readonly (Entry & { readonly held?: unknown })[])
      assert.deepEqual(
        entries.find(({ id }) => id === entry.id),
        entry,
      );
  });

  it('says of a question of a command neither where else it was to be asked nor which box its answer is for', async () => {
    const chat = await windows.open('one');
    const view = await windows.viewOf(chat);
    const { conversation, commandQuestions } = view.controller;
    const asked = { instead: { conversation: 'open', usd: 0.94 }, commit: { repository: 'file:///w', before: 'wip' } };
    windows.fake.enqueue(reply.text('One.'));
    await commandQuestions.ask(await commandQuestions.keep([{ type: 'text', text: '"instead": why?' }], asked));
    await until('the answer', () => !view.controller.isRunning && windows.fake.messages.length === 1);
    format = 'json';
    await exportConversation(conversation, chat.store, save);
    const [[, json] = ['', '']] = saved;
    const { entries } = JSON.parse(json) as { readonly entries: readonly Entry[] };
    const { path = [] } = (await chat.store.load(conversation)) ?? {};
    const stored = path.find(({ kind }) => kind === 'user');
    assert.deepEqual({ ...entries.find(({ id }) => id === stored?.id), ...asked }, stored);
    assert.ok(!json.includes('0.94') && !json.includes('wip'));
  });

  it('is one of all conversations of the workspace, too: files of different names, or one of JSON', async () => {
    const chat = await windows.open('one');
    const { store } = chat;
    await assert.rejects(exportAll(['work'], store, save), { message: filled(refusals.nothingToExport()) });
    const work = { key: 'work', name: 'work', folders: ['file:///work'] };
    const elsewhere = { ...work, key: 'elsewhere' };
    for (let n = 0; n < 205; n += 1) {
      const place = n === 7 ? elsewhere : work;
      const title = n < 3 ? (['Same', 'same', 'Same 2'][n] ?? '') : `Title ${n}`;
      const meta = { id: `c${n}`, workspace: place.key, title, createdAt: 1, updatedAt: 1000 - n, head: null };
      await store.createConversation(place, meta);
    }
    const entry = {
      id: 'e',
      parent: null,
      at: 1,
      kind: 'user',
      model: 'm',
      content: [{ type: 'text', text: 'Hi' }],
    } as const;
    await store.append('c0', [entry], null);
    await exportAll(['work'], store, save);
    assert.equal(saved.length, 204);
    assert.deepEqual(
      saved.slice(0, 3).map(([name]) => name),
      ['Same.md', 'same 2.md', 'Same 2 2.md'],
    );
    assert.equal(new Set(saved.map(([name]) => name.toLowerCase())).size, 204);
    assert.equal(saved[0]?.[1], '# Same\n\n## You\n\nHi\n');
    saved = [];
    await exportAll(['work'], store, {
      ...save,
      saveAll: async (files) => {
        for await (const { name, pieces } of files) {
          // Meanwhile the user goes on in one of the second page, which becomes the latest.
          if (saved.length === 0) await store.append('c150', [{ ...entry, id: 'e150', at: 5000 }], null);
          saved.push([name, await whole(pieces)]);
        }
      },
    });
    assert.equal(new Set(saved.map(([one]) => one)).size, 204, 'one that is written to meanwhile, too');
    saved = [];
    const damaged = failingStore(store, () => ({
      load: (id) => (id === 'c0' ? Promise.reject(new Error('Damaged')) : undefined),
    }));
    await exportAll(['work'], damaged, save);
    const same = saved.find(([one]) => one === 'Same.md')?.[1]?.trim();
    assert.deepEqual([saved.length, same], [204, unreadableMarkdown()], 'one takes no other');
    assert.deepEqual(unread.titles, ['Same']);
    saved = [];
    format = 'json';
    await exportAll(['work'], store, save);
    const [[name, json] = ['', '']] = saved;
    const all = JSON.parse(json) as { readonly conversations: readonly { readonly id: string }[] };
    assert.deepEqual([name, all.conversations.length], ['conversations.json', 204]);
    assert.deepEqual(unread, { titles: [], more: false });
    saved = [];
    let pages = 0;
    const failing = failingStore(store, () => ({
      entriesAfter: (id) => (id === 'c0' ? Promise.reject(new Error('Damaged')) : undefined),
      // The first is only a look whether there is any.
      list: () => (++pages > 2 ? Promise.reject(new Error('Gone')) : undefined),
    }));
    await exportAll(['work'], failing, save);
    interface InPart {
      readonly incomplete?: true;
      readonly conversations: readonly { readonly id: string; readonly incomplete?: true }[];
    }
    const part = JSON.parse(saved[0]?.[1] ?? '') as InPart;
    assert.deepEqual([part.incomplete, part.conversations.length], [true, 100], 'what could be read');
    assert.deepEqual(
      part.conversations.filter(({ incomplete }) => incomplete === true).map(({ id }) => id),
      ['c0'],
    );
    assert.deepEqual(unread, { titles: ['Same'], more: true }, 'and what could not be is named');
    format = null;
    await exportAll(['work'], store, save);
    assert.equal(saved.length, 1, 'nothing where nothing was chosen');
  });

  it('is written as its pieces come, and leaves what was there where it fails or is cancelled', async () => {
    const { path: folder } = windows.folder;
    const file = join(folder, 'chat.md');
    const { signal } = new AbortController();
    async function* pieces(fails: boolean): AsyncGenerator<string> {
      yield 'a ';
      if (fails) throw new Error('The store is gone.');
      yield 'text';
    }
    await writePieces(file, pieces(false), signal);
    assert.equal(readFileSync(file, 'utf8'), 'a text');
    await assert.rejects(writePieces(file, pieces(true), signal), /store is gone/);
    await assert.rejects(writePieces(file, pieces(false), AbortSignal.abort()));
    assert.equal(readFileSync(file, 'utf8'), 'a text');
    assert.deepEqual(
      readdirSync(folder).filter((name) => /chat|part/.test(name)),
      ['chat.md'],
    );
  });
});
