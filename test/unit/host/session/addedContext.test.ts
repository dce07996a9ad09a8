/** What goes along because the user added it, and what does not because the user said so: over whole chats. */
import assert from 'node:assert/strict';
import type Anthropic from '@anthropic-ai/sdk';
import { refusals } from '../../../../src/host/base/plainStrings';
import type { IntentAt } from '../../../../src/shared/intents';
import { type FakeClaude, startFakeClaude } from '../../../fakeClaude/server';
import { ask, type Chat, closeChat, FakeEditors, FakeView, openChat, temporaryFolder, until } from '../../core/kit';

type Act =
  IntentAt<'chat'> extends infer I
    ? I extends { readonly conversation: string }
      ? Omit<I, 'conversation'>
      : never
    : never;

describe('What goes with a message', () => {
  let fake: FakeClaude;
  let chat: Chat;
  let view: FakeView;
  let editors: FakeEditors;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;

  const open = async (): Promise<void> => {
    chat = await openChat({ url: fake.url, folder: folder.path, editors });
    view = new FakeView(await chat.conversations.current());
    await until('the context', () => view.messages.some(({ type }) => type === 'composer'));
  };
  beforeEach(async () => {
    fake = await startFakeClaude();
    folder = await temporaryFolder();
    editors = new FakeEditors();
    for (const name of ['a.ts', 'b.ts', 'c.ts']) editors.files.set(name, `export const in_${name.charAt(0)} = 1;\n`);
    editors.open = ['a.ts', 'b.ts'];
    editors.selected = { path: 'a.ts', startLine: 1, endLine: 1 };
    await open();
  });
  afterEach(async () => {
    assert.deepEqual(chat.errors, []);
    await closeChat(chat);
    await fake.close();
    folder.remove();
  });

  const act = (intent: Act): Promise<unknown> =>
    view.controller.handle({ ...intent, conversation: view.controller.conversation } as IntentAt<'chat'>);
  const chips = (): string =>
    (view.composer?.chips ?? [])
      .map((chip) =>
        chip.kind === 'openFiles'
          ? `open${chip.on ? '' : ' off'}[${chip.files.map(({ label }) => label).join()}]`
          : `${chip.kind} ${chip.label}`,
      )
      .join(' ');
  const shows = (expected: string): Promise<void> => until(`${expected}, not ${chips()}`, () => chips() === expected);
  const sentFiles = (): readonly string[] => {
    const system = (fake.messages.at(-1)?.body as unknown as Anthropic.MessageCreateParams | undefined)?.system;
    const texts = Array.isArray(system) ? system.map(({ text }) => text) : [];
    return texts.flatMap((text) => /^<(?:file|selection) path="([^"]+)"/.exec(text)?.[1] ?? []);
  };

  it('is a file that was added too, first, and still when its editor is closed', async () => {
    await shows('selection a.ts:1 open[a.ts,b.ts]');
    await view.controller.addFile('file:///work/c.ts');
    await view.controller.addFile('file:///work/b.ts');
    await shows('selection a.ts:1 file c.ts file b.ts open[a.ts]');
    editors.open = [];
    editors.selected = null;
    view.controller.refreshComposer();
    await shows('file c.ts file b.ts');
    await ask(view, 'with both');
    assert.deepEqual(sentFiles(), ['c.ts', 'b.ts']);
  });

  it('is no change of a file whose disk does not answer: it stays where it is, the others go, and it is said (L54)', async () => {
    await view.controller.addFile('file:///work/c.ts');
    await view.controller.addFile('file:///work/b.ts');
    await ask(view, 'both');
    const { readAdded, read } = editors;
    const silent = (from: typeof read): typeof read =>
      async function (this: FakeEditors, uris) {
        const files = await from.call(editors, uris);
        return files.map((file, index) => (uris[index]?.endsWith('/c.ts') ? 'unread' : file)) as typeof files;
      };
    Object.assign(editors, { readAdded: silent(readAdded), read: silent(read) });
    editors.files.set('b.ts', 'export const in_b = 2;\n');
    await ask(view, 'and now');
    const last = JSON.stringify(fake.messages.at(-1)?.body.messages);
    assert.match(last, /in_b = 2/);
    assert.doesNotMatch(last, /c\.ts/, 'nothing is said of it to the model');
    const notes = view.messages.flatMap((message) => (message.type === 'attachRefused' ? [message.reason] : []));
    assert.deepEqual(notes, [refusals.notSent('c.ts')]);
    Object.assign(editors, { readAdded, read });
    editors.files.delete('c.ts');
    await ask(view, 'gone');
    assert.match(JSON.stringify(fake.messages.at(-1)?.body.messages), /c\.ts/);
  });

  it('is what was added in this conversation, after a reload too', async () => {
    await view.controller.addFile('file:///work/c.ts');
    await closeChat(chat);
    await open();
    await shows('selection a.ts:1 file c.ts open[a.ts,b.ts]');
    const other = new FakeView(await chat.conversations.startNew());
    await until('the other one', () => other.composer?.chips.length === 2);
    assert.deepEqual(
      other.composer?.chips.map(({ kind }) => kind),
      ['selection', 'openFiles'],
    );
  });

  it('is no file that was removed, added or open, until it is added again', async () => {
    await view.controller.addFile('file:///work/b.ts');
    await shows('selection a.ts:1 file b.ts open[a.ts]');
    act({ type: 'removeChip', id: 'file:///work/b.ts' });
    await until('its removal', () => chips() === 'selection a.ts:1 open[a.ts,b.ts]');
    await ask(view, 'without b');
    assert.deepEqual(sentFiles(), ['a.ts', 'a.ts']);
    await view.controller.addFile('file:///work/b.ts');
    await shows('selection a.ts:1 file b.ts open[a.ts]');
  });

  it('is a file once, by whichever of its names it was added, is open or is an instruction', async () => {
    const { readAdded } = editors;
    const paths = { 'link.ts': 'c.ts', 'link.a.ts': 'a.ts', 'link.md': 'CLAUDE.md' };
    editors.files.set('CLAUDE.md', 'Be brief.');
    editors.project = ['CLAUDE.md'];
    Object.assign(editors, {
      readAdded: async (uris: readonly string[]) =>
        await Promise.all(
          uris.map(async (uri) => {
            const path = Object.entries(paths).find(([name]) => uri.endsWith(`/${name}`))?.[1];
            if (path === undefined) return (await readAdded.call(editors, [uri]))[0];
            return { uri, path, text: editors.files.get(path) ?? '' };
          }),
        ),
    });
    view.controller.refreshComposer();
    await shows('selection a.ts:1 instructions CLAUDE.md open[a.ts,b.ts]');
    for (const name of ['c.ts', 'link.ts', 'link.md', 'link.a.ts', 'link.ts'])
      await view.controller.addFile(`file:///work/${name}`);
    await shows('selection a.ts:1 file c.ts file a.ts instructions CLAUDE.md open[b.ts]');
    await ask(view, 'once');
    assert.deepEqual(sentFiles(), ['c.ts', 'a.ts', 'b.ts', 'a.ts']);
  });

  it('is none of what removed instructions alone import, unless that is brought back by itself', async () => {
    const texts = { 'CLAUDE.md': '@1.md', 'AGENTS.md': 'Be kind.', '1.md': '@2.md', '2.md': 'two', '3.md': 'three' };
    for (const [name, text] of Object.entries(texts)) editors.files.set(name, text);
    editors.project = Object.keys(texts);
    const at = (name: string): string => `file:///work/${name}`;
    const { current } = editors;
    Object.assign(editors, {
      current: async () => ({
        ...(await current.call(editors)),
        importedBy: {
          [at('1.md')]: [at('CLAUDE.md')],
          [at('2.md')]: [at('1.md')],
          [at('3.md')]: [at('1.md'), at('AGENTS.md')],
        },
      }),
    });
    const goes = (): string =>
      (view.composer?.chips ?? [])
        .flatMap((chip) => (chip.kind === 'instructions' && chip.included ? [chip.label] : []))
        .join();
    const untilGoes = (expected: string): Promise<void> =>
      until(`${expected}, not ${goes()}`, () => goes() === expected);
    view.controller.refreshComposer();
    await untilGoes('CLAUDE.md,AGENTS.md,1.md,2.md,3.md');
    act({ type: 'removeChip', id: at('CLAUDE.md') });
    await untilGoes('AGENTS.md,3.md');
    await ask(view, 'less');
    const system = JSON.stringify(fake.messages.at(-1)?.body.system);
    assert.deepEqual([/Be kind/.test(system), /three/.test(system), /@2\.md|two/.test(system)], [true, true, false]);
    act({ type: 'includeFile', id: at('2.md'), included: true });
    await untilGoes('AGENTS.md,2.md,3.md');
    act({ type: 'removeChip', id: at('2.md') });
    await untilGoes('AGENTS.md,3.md');
    act({ type: 'includeFile', id: at('2.md'), included: true });
    act({ type: 'includeFile', id: at('CLAUDE.md'), included: true });
    await untilGoes('CLAUDE.md,AGENTS.md,1.md,2.md,3.md');
  });

  it('is refused where it cannot be read, and nothing is added', async () => {
    await assert.rejects(view.controller.addFile('file:///work/gone.ts'), /cannot be sent/);
    await shows('selection a.ts:1 open[a.ts,b.ts]');
  });

  it('is named before the first message of a workspace, and not after it', async () => {
    await until('the line', () => view.composer?.firstSend !== null);
    assert.deepEqual(view.composer?.firstSend, { automatic: true, labels: ['a.ts:1'], files: 2 });
    editors.open = ['a.ts'];
    view.controller.refreshComposer();
    await until('one file', () => view.composer?.firstSend?.labels.join() === 'a.ts:1,a.ts');
    await ask(view, 'first');
    await until('the line to go', () => view.composer?.firstSend === null);
    const other = new FakeView(await chat.conversations.startNew());
    await until('the other one', () => (other.composer?.chips.length ?? 0) > 0);
    assert.equal(other.composer?.firstSend, null);
    await closeChat(chat);
    await open();
    assert.equal(view.composer?.firstSend, null);
  });

  const lastBody = (): string => fake.messages.at(-1)?.raw ?? '';

  it('is nothing of what was sent before once nothing is to go along by itself', async () => {
    await ask(view, 'first');
    const { current } = editors;
    Object.assign(editors, {
      current: async () => ({ ...(await current.call(editors)), files: [], selection: null, closed: [] }),
    });
    editors.files.set('a.ts', 'export const changed = 2;\n');
    await ask(view, 'second');
    assert.ok(!lastBody().includes('changed = 2'));
    assert.ok(lastBody().includes('<closed path=\\"a.ts\\"/>'), 'the model knows that it is told no more');
  });

  it('is no name of a tab that was opened later once it is removed; all of it where no file can be read', async () => {
    const named = (): readonly (readonly [string, boolean])[] =>
      (view.composer?.chips ?? []).flatMap((chip) =>
        chip.kind === 'openFiles'
          ? chip.files.flatMap((file) => (file.named === true ? [[file.label, file.included] as const] : []))
          : [],
      );
    editors.active = 'a.ts';
    await ask(view, 'first');
    editors.files.set('d.ts', 'export const in_d = 1;\n');
    editors.open = ['a.ts', 'b.ts', 'c.ts', 'd.ts'];
    view.controller.refreshComposer();
    await until('the names', () => named().length === 2);
    await act({ type: 'removeChip', id: 'file:///work/c.ts' });
    await until('it to be removed', () => named().some(([label, included]) => label === 'c.ts' && !included));
    await ask(view, 'second');
    assert.ok(lastBody().includes('<opened>\\nd.ts\\n</opened>') && !lastBody().includes('in_d'));
    await chat.addresses.add(fake.url, { kind: 'field', field: 'tools', turn: null });
    editors.files.set('e.ts', 'export const in_e = 1;\n');
    editors.open = [...editors.open, 'e.ts'];
    await ask(view, 'third');
    assert.ok(lastBody().includes('in_d = 1') && lastBody().includes('in_e = 1') && !lastBody().includes('c.ts'));
  });

  it('is what a message that is edited had told before it, whatever was closed and begun anew since', async () => {
    await ask(view, 'first');
    editors.open = ['b.ts'];
    editors.selected = null;
    await ask(view, 'second');
    await act({ type: 'compact' });
    await until(
      'the summary',
      () => !view.controller.isRunning && view.state.items.some((one) => one.type === 'compaction'),
    );
    await ask(view, 'third');
    editors.files.set('a.ts', 'export const changed = 2;\n');
    const second = view.state.items.find((item) => item.type === 'user' && item.text === 'second');
    await act({ type: 'editMessage', id: second?.id ?? '', text: 'second, again' });
    await until('the turn to end', () => !view.controller.isRunning && lastBody().includes('second, again'));
    assert.ok(lastBody().includes('changed = 2'), 'what was told is followed');
    assert.ok(!lastBody().includes('<closed path=\\"a.ts'), 'it is not told to be closed');
  });

  it('is only what was added where that was chosen: in every conversation of the workspace, until it is taken back', async () => {
    await view.controller.addFile('file:///work/c.ts');
    act({ type: 'onlyWhatIAdd', only: true });
    await until('the choice', () => !(view.composer?.chips.some((chip) => chip.kind === 'selection') ?? true));
    await shows('file c.ts open off[]');
    assert.equal(view.composer?.firstSend, null);
    await ask(view, 'only c');
    assert.deepEqual(sentFiles(), ['c.ts']);
    await closeChat(chat);
    await open();
    await shows('file c.ts open off[]');
    view = new FakeView(await chat.conversations.startNew());
    await until('the other one', () => chips() === 'open off[]');
    await ask(view, 'nothing at all');
    assert.deepEqual(sentFiles(), []);
    act({ type: 'onlyWhatIAdd', only: false });
    await until('everything again', () => chips() === 'selection a.ts:1 open[a.ts,b.ts]');
  });
});
