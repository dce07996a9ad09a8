/** Export of what can be read: over a real store with an entry that cannot be. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { markdownStrings } from '../../../../src/core/base/strings';
import { refusals } from '../../../../src/host/base/plainStrings';
import { exportConversation } from '../../../../src/host/history/exportConversation';
import { databaseName } from '../../../../src/host/store/file/protocol';
import type { Found } from '../../../../src/shared/find';
import { reply } from '../../../fakeClaude/script';
import { filled } from '../../../texts';
import { ask } from '../../core/kit';
import { Windows } from '../session/fenceKit';

describe('The export of a conversation that cannot be opened (L73)', () => {
  const windows = new Windows();
  let saved: (readonly [name: string, markdown: string])[] = [];
  const save = async (name: string, markdown: string): Promise<void> => {
    saved.push([name, markdown]);
  };

  beforeEach(async () => {
    saved = [];
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
        markdownStrings.unreadable(),
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
    await view.controller.handle({ type: 'attachPasted', conversation, text: pasted });
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
    const key = place?.place.split('/').at(-1) ?? '';
    assert.deepEqual(await view.controller.handle({ type: 'toolOutput', conversation, key }), {
      ok: true,
      value: pasted,
    });
  });

  it('has a name whatever the title is, and says when there is nothing to export', async () => {
    const { store } = await windows.open('one');
    await assert.rejects(exportConversation('gone', store, save), { message: filled(refusals.notStored()) });
    const stored = (title: string) => ({
      load: async () => ({ meta: { title }, path: [] }) as never,
      getBlob: async () => null,
    });
    for (const title of ['', '…/..', '👩‍👩‍👧'.repeat(90), 'ключ '.repeat(40)])
      await exportConversation('c', stored(title), save);
    assert.deepEqual(
      saved.map(([name]) => name),
      ['conversation.md', 'conversation.md', 'conversation.md', `${'ключ '.repeat(16).trim()}.md`],
    );
  });
});
