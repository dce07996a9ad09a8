/**
 * Whole requests as they went over the wire, with their breakpoints (◆), one history a file: a change of the prompt is
 * seen in review. `PRELUDE_GOLDEN=write` writes the files anew.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Store } from '../../../src/core/record/store';
import { createEditing, type HostEditing } from '../../../src/host/workspace/edits/editing';
import type { ExcludeTarget } from '../../../src/shared/chat';
import { reply } from '../../fakeClaude/script';
import { type FakeClaude, startFakeClaude } from '../../fakeClaude/server';
import { Desk, noProblems, WindowEditors } from '../../fuzz/edits/desk';
import { repoRoot } from '../../vscode/paths';
import { pngFile } from '../attachments/files';
import { ask, type Chat, closeChat, FakeEditors, FakeView, openChat, temporaryFolder, until } from '../core/kit';
import { constantsOf, type SentRequest, shownRequest } from './shown';

const folder = join(repoRoot(), 'test', 'unit', 'golden');

function assertGolden(name: string, text: string): void {
  const file = join(folder, `${name}.txt`);
  if (process.env['PRELUDE_GOLDEN'] === 'write') writeFileSync(file, text);
  assert.ok(existsSync(file), `${file} is there: write it with PRELUDE_GOLDEN=write`);
  assert.equal(text, readFileSync(file, 'utf8').replaceAll('\r\n', '\n'), `the requests are those of ${name}.txt`);
}

describe('The requests of a history', () => {
  let fake: FakeClaude;
  let chat: Chat;
  let view: FakeView;
  let temporary: Awaited<ReturnType<typeof temporaryFolder>>;
  let editors: FakeEditors;
  let model = 'claude-opus-4-8';

  beforeEach(async () => {
    model = 'claude-opus-4-8';
    fake = await startFakeClaude();
    temporary = await temporaryFolder();
    editors = new FakeEditors();
    // Long enough to be worth a breakpoint of its own.
    editors.files.set(
      'cart.ts',
      `export const items = [];\n${'// what the shop sells, and for how much\n'.repeat(400)}`,
    );
    editors.files.set('tax.ts', 'export const tax = 0.2;\n');
    editors.open = ['cart.ts', 'tax.ts'];
    chat = await openChat({ url: fake.url, folder: temporary.path, editors, settings: () => ({ model }) });
    view = new FakeView(await chat.conversations.current());
  });
  afterEach(async () => {
    await closeChat(chat);
    await fake.close();
    temporary.remove();
  });

  const act = (intent: object): unknown =>
    view.controller.handle({ conversation: view.controller.conversation, ...intent } as never);
  const sent = (): readonly SentRequest[] => {
    assert.deepEqual(fake.refusals, []);
    return fake.messages.map((request) => request.body as unknown as SentRequest);
  };
  const check = (name: string): void => assertGolden(name, sent().map(shownRequest).join('\n'));
  const answers = (...texts: readonly string[]): void => fake.enqueue(...texts.map((text) => reply.text(text)));

  it('begin with tools and instructions', async () => {
    answers('Hello.');
    await ask(view, 'Hello?');
    assertGolden('constants', constantsOf(sent()[0] as SentRequest));
  });

  it('in a first turn', async () => {
    editors.project = ['CLAUDE.md'];
    editors.files.set('CLAUDE.md', 'Use tabs.\n');
    editors.selected = { path: 'tax.ts', startLine: 1, endLine: 1 };
    answers('Twenty percent.');
    await ask(view, 'What is this?');
    check('firstTurn');
  });

  it('with an edit in between', async () => {
    answers('A cart.', 'Now it has a discount.');
    await ask(view, 'What is this?');
    editors.files.set('tax.ts', 'export const tax = 0.25;\nexport const discount = 0.1;\n');
    editors.open = ['cart.ts', 'tax.ts'];
    await ask(view, 'And now?');
    check('edit');
  });

  it('after an undo of what was changed', async () => {
    await closeChat(chat);
    const desk = new Desk(join(temporary.path, 'shop'), false);
    desk.write('tax.ts', Buffer.from('export const tax = 0.2;\nexport const discount = 0;\n'));
    const windowEditors = new WindowEditors(desk, () => undefined);
    const editing = (store: Store): HostEditing =>
      createEditing({
        ...{ facts: desk.facts, edits: windowEditors.facts, problems: noProblems },
        store: {
          putFileVersion: (conversation, bytes) => store.putFileVersion(conversation, bytes),
          notePendingEdits: (conversation, pending) => store.notePendingEdits(conversation, pending, 'host-1'),
        },
      });
    chat = await openChat({ url: fake.url, folder: temporary.path, editors, editing });
    view = new FakeView(await chat.conversations.current());
    act({ type: 'setReview', atEnd: true });
    const edits = [{ old_text: 'tax = 0.2', new_text: 'tax = 0.25' }];
    fake.enqueue(reply.toolUse('edit_file', { path: 'tax.ts', edits }), reply.text('Raised.'), reply.text('I see.'));
    await ask(view, 'Raise the tax.');
    const answer = view.state.items.find((item) => item.type === 'answer');
    const decision = { type: 'decideEdits', answer: answer?.id, uri: null, hunk: null, keep: false };
    assert.deepEqual(await act(decision), { ok: true, value: null });
    assert.equal(desk.bytes('tax.ts')?.toString(), 'export const tax = 0.2;\nexport const discount = 0;\n');
    await ask(view, 'Not so much.');
    check('undone');
  });

  it('in a tool loop', async () => {
    fake.enqueue(
      reply.thinking('I have to look.').toolUse('read_file', { path: 'tax.ts' }),
      reply.toolUse('search_text', { query: 'tax' }).toolUse('list_directory', { path: '.' }),
      reply.text('It is 0.2.'),
    );
    await ask(view, 'How much is the tax?');
    check('toolLoop');
  });

  it('with an image', async () => {
    answers('A dot.', 'It is red.');
    act({ type: 'attach', name: 'dot.png', mediaType: 'image/png', data: pngFile(8, 8).toString('base64') });
    await until('the image to be taken', () => view.composer?.attachments.length === 1);
    await ask(view, 'What is in it?');
    await until('the answer', () => fake.messages.length === 1 && !view.controller.isRunning);
    await ask(view, 'What colour?');
    check('image');
  });

  it('after an exclusion', async () => {
    answers('One.', 'Two.', 'Three.');
    await ask(view, 'First?');
    await ask(view, 'Second?');
    const first = view.state.items.find((item) => item.type === 'answer');
    const target: ExcludeTarget = { what: 'turn', entry: first?.id ?? '', index: 0 };
    act({ type: 'exclude', target, out: true });
    await until('it to be out', () => view.state.excluded.length === 1);
    await ask(view, 'Third?');
    check('exclusion');
  });

  it('around a compaction', async () => {
    answers('One.', 'Two.', 'They asked twice.', 'Three.');
    await ask(view, 'First?');
    await ask(view, 'Second?');
    act({ type: 'compact' });
    await until('the summary', () => fake.messages.length === 3 && !view.controller.isRunning);
    await ask(view, 'Third?');
    check('compaction');
  });

  it('over a switch of the model', async () => {
    fake.enqueue(reply.thinking('Hm.').text('One.'), reply.thinking('So.').text('Two.'));
    await ask(view, 'First?');
    model = 'claude-sonnet-4-6';
    await ask(view, 'Second?');
    check('modelSwitch');
  });
});
