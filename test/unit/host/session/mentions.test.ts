/** What was mentioned goes with the next message, and nothing of it before: over a whole chat and real files. */
import assert from 'node:assert/strict';
import { pathToFileURL } from 'node:url';
import type { TerminalOutput } from '../../../../src/core/context/terminalOutput';
import type { ContextSelection } from '../../../../src/core/record/record';
import { absences, refusals } from '../../../../src/host/base/plainStrings';
import { symbolLines } from '../../../../src/host/session/mentions';
import { createEditorContextOver, type EditorSelection } from '../../../../src/host/workspace/context';
import { WorkspaceMentions } from '../../../../src/host/workspace/mentions/mentions';
import type { MentionKind } from '../../../../src/shared/mentions/mentions';
import { type FakeClaude, startFakeClaude } from '../../../fakeClaude/server';
import { ask, type Chat, closeChat, FakeEditors, FakeView, openChat, temporaryFolder, until } from '../../core/kit';
import { privateKey } from '../../tools/secretTexts';
import { type TempWorkspace, tempWorkspace } from '../../workspace/tempWorkspace';
import { nothingBeside } from '../nothingBeside';

const untitled: ContextSelection = {
  ...{ uri: 'untitled:Untitled-1', path: 'Untitled-1', startLine: 1, endLine: 1 },
  text: 'not saved',
};

/** Editors in which nothing is open, over files of the disk. */
class FilesOfDisk extends FakeEditors {
  looked: EditorSelection | null = null;
  readonly judged: (signal: AbortSignal) => Promise<ContextSelection>;

  constructor(temp: TempWorkspace) {
    super();
    const { workspace } = temp;
    const facts = {
      tabs: () => [],
      active: () => null,
      recentlyUsed: () => [],
      selection: () => this.looked,
      isTrusted: true,
    };
    const context = createEditorContextOver({ facts, workspace, automatic: () => 'none', estimate: () => 1 });
    this.judged = context.selected;
    const { listDirectory, readLines } = workspace;
    Object.assign(this, { readAdded: context.readAdded, read: context.read, listDirectory, readLines });
  }
}

describe('What was mentioned', () => {
  let fake: FakeClaude;
  let chat: Chat;
  let view: FakeView;
  let temp: TempWorkspace;
  let editors: FilesOfDisk;
  let terminal: TerminalOutput | null;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let open: () => Promise<void>;

  beforeEach(async () => {
    fake = await startFakeClaude();
    folder = await temporaryFolder();
    const files = { 'src/login.ts': 'export const retries = 3;\n', 'src/key.ts': privateKey, 'src/x/deep.ts': '1' };
    temp = tempWorkspace({ files: { ...files, 'data.bin': new Uint8Array([0, 1, 2, 255, 254, 0]) } });
    editors = new FilesOfDisk(temp);
    terminal = null;
    const window = {
      ...nothingBeside,
      isRemote: true,
      selection: (signal: AbortSignal) => editors.judged(signal),
      unsaved: async (uri: string) => (uri === 'untitled:Untitled-1' ? { selection: untitled } : null),
      terminal: (id: string) => (id === '7' ? terminal : null),
    };
    open = async () => {
      const mentions = new WorkspaceMentions(temp.workspace, window);
      chat = await openChat({ url: fake.url, folder: folder.path, editors, mentions });
      view = new FakeView(await chat.conversations.current());
    };
    await open();
  });
  afterEach(async () => {
    await closeChat(chat);
    await fake.close();
    folder.remove();
    temp.remove();
  });

  const say = async (
    type: 'mention' | 'unmention',
    kind: MentionKind,
    id: string,
    brought: readonly string[] = [],
    edit: string | null = null,
  ) => {
    const session = await chat.conversations.current();
    const of = { conversation: session.conversation, kind, id, edit };
    return await session.handle(type === 'mention' ? { type, ...of } : { type, ...of, brought });
  };
  const chips = () => (view.composer?.chips ?? []).map((chip) => chip.kind === 'file' && chip.label);
  const attached = () => (view.composer?.attachments ?? []).map(({ label }) => label);

  it('goes with Send and not before: a file as context, once, with its chip', async () => {
    assert.equal((await say('mention', 'file', 'src/login.ts')).ok, true);
    assert.equal((await say('mention', 'file', 'src/login.ts')).ok, true);
    await until('its chip', () => chips().join() === 'login.ts');
    assert.equal(fake.requests.length, 0);
    await ask(view, 'Why @src/login.ts ?');
    assert.match(JSON.stringify(fake.messages[0]?.body.system), /export const retries = 3/);
  });

  it('goes away with the mention that brought it, and only then', async () => {
    await say('mention', 'file', 'src/login.ts');
    await say('mention', 'folder', 'src');
    await until('both', () => chips().join() === 'login.ts' && attached().join() === 'src/');
    await say('unmention', 'file', 'src/login.ts');
    await say('unmention', 'folder', 'src');
    await until('neither', () => chips().length === 0 && attached().length === 0);
    await view.controller.addFile(pathToFileURL(`${temp.folder}/src/login.ts`).href);
    await say('mention', 'file', 'src/login.ts');
    await say('unmention', 'file', 'src/login.ts');
    await until('what was added by hand', () => chips().join() === 'login.ts');
  });

  it('goes after the window was loaded anew, too, and what was added by hand stays', async () => {
    await view.controller.addFile(pathToFileURL(`${temp.folder}/src/x/deep.ts`).href);
    const mentioned = [
      ['file', 'src/login.ts'],
      ['file', 'src/x/deep.ts'],
      ['folder', 'src'],
    ] as const;
    const brought: (readonly string[])[] = [];
    for (const [kind, id] of mentioned) {
      const answer = await say('mention', kind, id);
      brought.push((answer.ok && (answer.value as unknown as readonly string[])) || []);
    }
    await closeChat(chat);
    await open();
    await until('all of them', () => chips().length === 2 && attached().length === 1);
    for (const [n, [kind, id]] of mentioned.entries()) await say('unmention', kind, id, brought[n]);
    await until('what was added by hand', () => chips().join() === 'deep.ts' && attached().length === 0);
  });

  it('is beside the message that is sent right behind it, and leaves it to that', async () => {
    const sent = fake.messages.length;
    const session = await chat.conversations.current();
    const { conversation } = session;
    void session.handle({ type: 'mention', conversation, kind: 'folder', id: 'src', edit: null });
    void session.handle({ type: 'send', conversation, text: 'What is in @src/ ?' });
    await until('it is sent', () => fake.messages.length > sent);
    assert.match(fake.messages[sent]?.raw ?? '', /x\/\\nkey\.ts/);
    await until('nothing is left', () => attached().length === 0);
  });

  it('that was removed before is removed again when its mention goes', async () => {
    const uri = pathToFileURL(`${temp.folder}/src/login.ts`).href;
    const session = await chat.conversations.current();
    const { conversation } = session;
    await session.handle({ type: 'removeChip', conversation, id: uri });
    await say('mention', 'file', 'src/login.ts');
    await until('its chip', () => chips().join() === 'login.ts');
    await say('unmention', 'file', 'src/login.ts');
    const stored = await chat.store.load(conversation);
    assert.deepEqual([stored?.removedContext, stored?.addedContext], [[uri], []]);
  });

  it('is the listing of a folder, with nothing of what is in its files', async () => {
    await say('mention', 'folder', 'src');
    await until('its chip', () => attached().join() === 'src/');
    assert.equal(fake.requests.length, 0);
    await ask(view, 'What is in @src/ ?');
    const sent = fake.messages[0]?.raw ?? '';
    assert.match(sent, /x\/\\nkey\.ts/);
    assert.doesNotMatch(sent, /retries/);
  });

  it('is the lines of a symbol, unless its file may not be sent (L32)', async () => {
    assert.equal((await say('mention', 'symbol', 'retries/src/login.ts#1')).ok, true);
    await until('its chip', () => attached().join() === 'login.ts:1');
    assert.equal((await say('mention', 'symbol', 'key/src/key.ts#1')).ok, false);
    await ask(view, 'Why @retries ?');
    assert.match(fake.messages[0]?.raw ?? '', /export const retries = 3/);
    await say('mention', 'symbol', 'retries/src/login.ts#1');
    await say('unmention', 'symbol', 'retries/src/login.ts#1');
    await until('nothing is left', () => attached().length === 0);
    const gone = await say('mention', 'symbol', 'logIn/src/login.ts#1');
    assert.deepEqual(!gone.ok && gone.reason, refusals.symbolGone('logIn'));
    const of = (name: string, startLine: number, endLine: number) => ({ name, startLine, endLine });
    const [outer, inner, first] = [of('Cart', 1, 9), of('add(item)', 4, 6), of('Cart', 1, 2)];
    assert.deepEqual(symbolLines([outer, inner], 5, 'other'), inner);
    assert.deepEqual(symbolLines([inner, first, outer], 1, 'Cart'), outer);
    const moved = [of('other', 30, 50), of('Shop.retry', 60, 66), of('retry', 160, 170)];
    assert.deepEqual(symbolLines(moved, 40, 'retry'), moved[1], 'lines were put above it');
    assert.equal(symbolLines([], 7, 'x').startLine, 7);
  });

  it('is what was dropped, too: a folder as its listing, a file or a tab as context, one that is not saved by its text', async () => {
    const drop = async (uri: string) => {
      const session = await chat.conversations.current();
      return await session.handle({ type: 'attachFile', conversation: session.conversation, uri, edit: null });
    };
    const uri = pathToFileURL(`${temp.folder}/src`).href;
    await drop(uri);
    // With what is selected in the tab.
    await drop(`${uri}/login.ts#L1,3`);
    await drop('untitled:Untitled-1');
    await until('their chips', () => attached().join() === 'src/,Untitled-1:1' && chips().join() === 'login.ts');
    const key = await drop(`${uri}/key.ts`);
    assert.deepEqual(!key.ok && key.reason, absences.secret());
    assert.equal(fake.requests.length, 0);
    // As the views of a remote window name it.
    await drop(`vscode-remote://ssh-remote%2Bbox${new URL(uri).pathname}/x/deep.ts#L1`);
    await until('its chip', () => chips().join() === 'login.ts,deep.ts');
    await drop(`vscode-remote://ssh-remote%2Bbox${new URL(uri).pathname}/x`);
    await until('its chip', () => attached().join() === 'src/,Untitled-1:1,src/x/');
  });

  it('is what is selected, judged as everywhere, also where nothing goes by itself', async () => {
    const uri = pathToFileURL(`${temp.folder}/src/login.ts`).href;
    const none = await say('mention', 'selection', '');
    assert.deepEqual(!none.ok && none.reason, refusals.nothingSelected());
    editors.looked = { uri, startLine: 1, endLine: 1, text: 'export const retries = 3;' };
    assert.equal((await say('mention', 'selection', '')).ok, true);
    await until('its chip', () => attached().join() === 'login.ts:1');
    await say('unmention', 'selection', '');
    await until('no chip', () => attached().length === 0);
    editors.looked = { ...editors.looked, uri: uri.replace('login', 'key'), text: privateKey };
    const secret = await say('mention', 'selection', '');
    assert.deepEqual(!secret.ok && secret.reason, absences.secret());
  });

  it('is what the last command has left, unless a key is in it (L32)', async () => {
    const none = await say('mention', 'terminal', '7');
    assert.deepEqual(!none.ok && none.reason, refusals.noTerminalOutput());
    terminal = { command: 'env', exitCode: 0, raw: privateKey };
    await say('mention', 'terminal', '7');
    assert.deepEqual(attached(), []);
    terminal = { command: 'npm test', exitCode: 1, raw: '\u001b[31mfail\u001b[0m\r\n' };
    await say('mention', 'terminal', '7');
    await until('its chip', () => attached().join() === 'npm test · exit 1');
    assert.equal(fake.requests.length, 0);
    await ask(view, 'Why @Terminal ?');
    assert.match(fake.messages[0]?.raw ?? '', /\$ npm test\\nfail\\n\[exit code 1\]/);
  });

  it('in a message that is written anew goes with that one, and only when it is sent', async () => {
    await ask(view, 'Why?');
    const [first] = view.state.items;
    const edit = first?.id ?? '';
    const edited = () => (view.composer?.edited ?? []).map(({ label, edit: of }) => [label, of === edit]);
    const path = `${temp.folder}/src/login.ts`;
    editors.looked = { uri: pathToFileURL(path).href, startLine: 1, endLine: 1, text: 'export const retries = 3;' };
    assert.equal((await say('mention', 'file', 'src/login.ts', [], edit)).ok, true);
    const folder = await say('mention', 'folder', 'src', [], edit);
    await say('mention', 'selection', '', [], edit);
    await until('its chips', () => edited().length === 3);
    assert.deepEqual(edited(), [
      ['src/login.ts', true],
      ['src/', true],
      ['login.ts:1', true],
    ]);
    assert.deepEqual([chips(), attached(), fake.messages.length], [[], [], 1]);
    const secret = await say('mention', 'file', 'src/key.ts', [], edit);
    assert.deepEqual(!secret.ok && secret.reason, absences.secret());
    await say('unmention', 'folder', 'src', folder.ok ? (folder.value as readonly string[]) : [], edit);
    await until('two chips', () => edited().length === 2);
    const session = await chat.conversations.current();
    const { conversation } = session;
    await session.handle({ type: 'editMessage', conversation, id: edit, text: 'Why @src/login.ts ?' });
    await until('it is sent', () => fake.messages.length === 2);
    const sent = JSON.stringify(fake.messages[1]?.body.messages);
    assert.match(
      sent,
      /"data":"export const retries = 3.*"title":"src\/login\.ts".*<selection path.*Why @src\/login\.ts/,
    );
    await until('nothing is left', () => edited().length === 0);
  });

  it('is refused with the reason where it may not be sent (L32)', async () => {
    const refused = async (id: string) => {
      const answer = await say('mention', 'file', id);
      assert.ok(!answer.ok);
      return answer.reason;
    };
    assert.deepEqual(await refused('src/key.ts'), absences.secret());
    assert.deepEqual(await refused('data.bin'), absences.binary());
    assert.deepEqual(await refused('src/gone.ts'), absences.unreadable());
    assert.equal((await say('mention', 'folder', '../')).ok, false);
    assert.deepEqual([chips(), attached(), fake.requests.length], [[], [], 0]);
  });
});
