/**
 * A write that is stopped or killed before anybody knows what became of it: it is in the review if it was made, in whole or
 * in part, and only then.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { EditsEntry } from '../../../../src/core/record/record';
import type { Store } from '../../../../src/core/record/store';
import { createEditing, type HostEditing } from '../../../../src/host/workspace/edits/editing';
import type { EditFacts } from '../../../../src/host/workspace/edits/facts';
import { reply } from '../../../fakeClaude/script';
import { type FakeClaude, startFakeClaude } from '../../../fakeClaude/server';
import { Desk, noProblems, WindowEditors } from '../../../fuzz/edits/desk';
import { ask, type Chat, closeChat, FakeEditors, FakeView, openChat, temporaryFolder, until } from '../../core/kit';

const before = 'one\ntwo\nthree\n';

describe('A write that is stopped in the middle', () => {
  let fake: FakeClaude;
  let chat: Chat;
  let view: FakeView;
  let desk: Desk;
  let editors: WindowEditors;
  let temporary: Awaited<ReturnType<typeof temporaryFolder>>;
  /** What hangs, and whether it does. */
  let hangs: 'noted' | 'change' | 'save' = 'save';
  let isHanging = false;
  let editing: (store: Store) => HostEditing;

  beforeEach(async () => {
    fake = await startFakeClaude();
    temporary = await temporaryFolder();
    desk = new Desk(join(temporary.path, 'files'), false);
    desk.write('a.txt', Buffer.from(before));
    editors = new WindowEditors(desk, () => undefined);
    editors.open('a.txt');
    isHanging = false;
    const hang = async <T>(name: typeof hangs, work: () => Promise<T>): Promise<T> => {
      if (name !== hangs) return await work();
      isHanging = true;
      return await new Promise<T>(() => undefined);
    };
    const { facts } = editors;
    const edits: EditFacts = {
      ...facts,
      change: (...args) => hang('change', () => facts.change(...args)),
      save: (...args) => hang('save', () => facts.save(...args)),
    };
    editing = (store) =>
      createEditing({
        ...{ facts: desk.facts, edits, problems: noProblems },
        store: {
          putFileVersion: (conversation, bytes) => store.putFileVersion(conversation, bytes),
          notePendingEdits: async (conversation, pending) => {
            await store.notePendingEdits(conversation, pending, 'host-1');
            await hang('noted', async () => undefined);
          },
        },
      });
    chat = await openChat({ url: fake.url, folder: temporary.path, editors: new FakeEditors(), editing });
    view = new FakeView(await chat.conversations.current());
  });
  afterEach(async () => {
    await closeChat(chat);
    await fake.close();
    temporary.remove();
  });

  async function writing(tool: string, input: object): Promise<void> {
    const { controller } = view;
    const { conversation } = controller;
    await controller.handle({ type: 'setReview', conversation, atEnd: true });
    fake.enqueue(reply.toolUse(tool, input));
    controller.handle({ type: 'send', conversation, text: 'Change it.' });
    await until('the write to hang', () => isHanging);
  }

  async function stopped(): Promise<EditsEntry | undefined> {
    const { controller } = view;
    const { conversation } = controller;
    await writing('edit_file', { path: 'a.txt', edits: [{ old_text: 'two', new_text: 'TWO' }] });
    controller.handle({ type: 'stop', conversation });
    await until('the turn to end', () => !controller.isRunning);
    const { path } = (await chat.store.load(conversation)) ?? { path: [] };
    const result = path.find((entry) => entry.kind === 'toolResult');
    assert.match(result?.kind === 'toolResult' ? result.content : '', /not known whether a\.txt was changed/);
    const said = path.find((entry) => entry.kind === 'edits');
    return said?.kind === 'edits' ? said : undefined;
  }

  it('can be undone where it was made', async () => {
    hangs = 'save';
    const said = await stopped();
    assert.deepEqual(
      said?.files.map(({ path, open }) => [path, open]),
      [['a.txt', 1]],
    );
    assert.equal(editors.unsaved('a.txt'), before.replace('two', 'TWO'));
  });

  it('is no edit where it was not made', async () => {
    hangs = 'change';
    assert.equal(await stopped(), undefined);
    assert.deepEqual([editors.unsaved('a.txt'), desk.bytes('a.txt')?.toString()], [null, before]);
    fake.enqueue(reply.text('I see.'));
    await ask(view, 'And now?');
  });

  for (const [wrote, path, left, isEdit] of [
    ['all of it', 'a.txt', 'one\nTHE SECOND LINE\nthree\n', true],
    ['a part of it', 'a.txt', 'one\nTHE Shree\n', true],
    ['a part of a shorter text', 'b.txt', '1\n2\n3\no\nthree\nfour\n', true],
    ['a shorter text whole, and not cut off what is behind it', 'b.txt', '1\n2\n3\nfour\nee\nfour\n', true],
    ['a part of a new file', 'new.txt', 'a line that was be', true],
    ['a line of a new file', 'lines.txt', 'a\n', true],
    ['what a few letters of a new file could be, and the user typed', 'new.txt', 'a line', false],
    ['what a few letters at the end could be, and the user typed', 'end.txt', 'one\nt', false],
    ['a part of what is added at the end', 'end.txt', 'one\nto\nthree\nfou', true],
    ['something that is neither', 'a.txt', 'one\nTHE mired\n', false],
    ['nothing', 'a.txt', before, false],
  ] as const) {
    it(`${isEdit ? 'can be undone to the byte' : 'is no edit'} where a window was killed that wrote ${wrote}`, async () => {
      hangs = 'noted';
      editors.docs.clear();
      desk.write('b.txt', Buffer.from('one\ntwo\nthree\nfour\n'));
      const [from, to] = path === 'a.txt' ? ['two', 'THE SECOND LINE'] : ['one\ntwo\nthree', '1\n2\n3'];
      if (path === 'end.txt') desk.write(path, Buffer.from('one\n'));
      const old = desk.bytes(path)?.toString();
      const made: Record<string, string> = { 'new.txt': 'a line that was begun\n', 'lines.txt': 'a\nline\n' };
      const content = made[path];
      if (content !== undefined) await writing('create_file', { path, content });
      else if (path === 'end.txt')
        await writing('edit_file', { path, edits: [{ old_text: 'one', new_text: 'one\nto\nthree\nfour' }] });
      else await writing('edit_file', { path, edits: [{ old_text: from, new_text: to }] });
      desk.write(path, Buffer.from(left));
      const { conversation } = view.controller;
      const again = { url: fake.url, folder: temporary.path, editors: new FakeEditors(), editing };
      const later = await openChat({ ...again, owner: 'host-2', isAlive: () => false });
      const controller = await later.conversations.open(conversation);
      const load = async () => (await later.store.load(conversation))?.path ?? [];
      let stored = await load();
      // What was cut off is said after the conversation is shown.
      for (const by = Date.now() + 10_000; stored.at(-1)?.kind !== 'end' && Date.now() < by; await delay(10))
        stored = await load();
      assert.equal(stored.at(-1)?.kind, 'end');
      const said = stored.find((entry) => entry.kind === 'edits');
      assert.deepEqual(said?.files.map((file) => [file.path, file.open]) ?? [], isEdit ? [[path, 1]] : []);
      const undo = {
        type: 'decideEdits',
        conversation,
        answer: said?.turn ?? '',
        uri: null,
        hunk: null,
        keep: false,
      } as const;
      assert.equal((await controller.handle(undo)).ok, isEdit);
      assert.equal(desk.bytes(path)?.toString(), isEdit ? old : left);
      await closeChat(later);
    });
  }
});
