/** Files that are changed in a real VS Code: line ends, encodings, editors, formatters, and what stays untouched. */
import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Change } from '../../src/core/tools/edits/editing';
import { afterTry, type ChatHost, openChatHost } from './chatHost';
import { EditDesk, latin, textKinds } from './editDesk';
import type { Made } from './editsInside';

describe('Changing files in a real VS Code', () => {
  let host: ChatHost;
  let desk: EditDesk;
  const inside = join(__dirname, 'editsInside.js');

  before(async () => {
    host = await openChatHost({ goesOn: true, files: { 'first.txt': 'first\n', 'CLAUDE.md': 'one\n' } });
    desk = new EditDesk(host);
  });
  after(async () => {
    await desk.set('files', 'encoding', undefined);
    await desk.set('editor', 'formatOnSave', undefined);
    await host?.close();
  });
  afterEach(async function () {
    await afterTry(host, this.currentTest);
  });

  const make = async (change: Change): Promise<Made> =>
    (await host.session.evaluate(
      async (_, [file, what]) => {
        const { createRequire } = process.getBuiltinModule('node:module');
        return await createRequire(file)(file).make(what);
      },
      [inside, change] as const,
    )) as Made;
  const edit = async (path: string, oldText: string, newText: string): Promise<Made> =>
    await make({ kind: 'edit', path, replacements: [{ oldText, newText, all: false }] });

  it('changes those lines and no other byte, with any line ends and encoding, in an editor or not', async () => {
    for (const where of ['closed', 'open']) {
      for (const [name, before] of textKinds) desk.write(`${where}-${name}.txt`, before);
      desk.write(`${where}-latin.txt`, latin[0]);
    }
    await desk.openBehind(...textKinds.map(([name]) => `open-${name}.txt`));
    const before = await desk.look();
    const check = async (path: string, from: Buffer, to: Buffer): Promise<void> => {
      const made = await edit(path, 'two', '2\n2b');
      assert.equal(made.refused, undefined, path);
      assert.deepEqual(readFileSync(desk.at(path)), to, path);
      assert.deepEqual([made.before, made.after], [from.toString('base64'), to.toString('base64')], path);
      const document = await desk.shown(path);
      if (path.startsWith('open'))
        assert.deepEqual([document?.dirty, document?.text.includes('2b')], [false, true], path);
    };
    for (const where of ['closed', 'open']) {
      for (const [name, from, to] of textKinds) await check(`${where}-${name}.txt`, from, to);
    }
    assert.deepEqual(await desk.look(), before, 'no tab, no focus, no cursor moved');
    assert.match((await edit('closed-latin.txt', 'two', '2')).refused ?? '', /same bytes/);
    await desk.set('files', 'encoding', 'windows1252');
    await desk.openBehind('open-latin.txt');
    for (const where of ['closed', 'open']) await check(`${where}-latin.txt`, ...latin);
    assert.match((await edit('open-latin.txt', '2b', '→')).refused ?? '', /no place for "→"/);
    await make({ kind: 'create', path: 'deep/new/latin.txt', text: 'é\n' });
    assert.deepEqual(readFileSync(desk.at('deep/new/latin.txt')), Buffer.from('\xe9\n', 'latin1'));
    await desk.set('files', 'encoding', undefined);
  });

  it('stays unsaved in an editor with unsaved changes, and keeps them', async () => {
    desk.write('dirty.txt', 'one\ntwo\nthree\nfour\n');
    await desk.openBehind('dirty.txt');
    await desk.type('dirty.txt', 0, 'typed ');
    const before = await desk.look();
    const made = await edit('dirty.txt', 'three', '3');
    assert.deepEqual(made.plan?.files[0]?.why, []);
    assert.equal(made.applied?.edits[0]?.unsaved, true);
    assert.deepEqual(await desk.shown('dirty.txt'), { text: 'typed one\ntwo\n3\nfour\n', dirty: true });
    assert.equal(desk.read('dirty.txt'), 'one\ntwo\nthree\nfour\n');
    assert.deepEqual((await edit('dirty.txt', 'typed one', 'one')).plan?.files[0]?.why, ['yourLines']);
    assert.match((await make({ kind: 'delete', path: 'dirty.txt' })).refused ?? '', /unsaved changes/);
    assert.deepEqual(await desk.look(), before);
    await host.open('dirty.txt');
    await host.run('workbench.action.files.revert');
  });

  it('takes ten edits of a file that is formatted on saving, without reading it again', async () => {
    await host.session.evaluate(async (vscode) => {
      vscode.languages.registerDocumentFormattingEditProvider('json', {
        provideDocumentFormattingEdits: (document) => {
          const text = document.getText();
          const all = new vscode.Range(document.positionAt(0), document.positionAt(text.length));
          return [vscode.TextEdit.replace(all, `${JSON.stringify(JSON.parse(text), null, 2)}\n`)];
        },
      });
      const settings = vscode.workspace.getConfiguration('editor', { languageId: 'json' });
      await settings.update('formatOnSave', true, vscode.ConfigurationTarget.Global);
    });
    desk.write('data.json', '{\n  "last": 0\n}\n');
    await desk.openBehind('data.json');
    for (let at = 1; at <= 10; at += 1) {
      const made = await edit('data.json', '"last":', `"key${at}":${at}, "last":`);
      assert.equal(made.refused, undefined);
      assert.match(made.applied?.notes.join('\n') ?? '', /changed the text further[\s\S]*\+ {2}"last": 0/);
    }
    assert.equal(Object.keys(JSON.parse(desk.read('data.json'))).length, 11);
    assert.deepEqual(await desk.shown('data.json'), { text: desk.read('data.json'), dirty: false });
    await desk.set('editor', 'formatOnSave', undefined);
  });

  it('is undone by the editor’s own undo', async () => {
    desk.write('undo.txt', 'one\ntwo\n');
    await desk.openBehind('undo.txt');
    await edit('undo.txt', 'two', '2');
    await host.open('undo.txt');
    await host.run('undo');
    assert.equal((await desk.shown('undo.txt'))?.text, 'one\ntwo\n');
    await host.run('workbench.action.files.save');
  });

  it('leaves a read-only file as it is, and says so', async () => {
    desk.write('locked.txt', 'one\n');
    await desk.openBehind('locked.txt');
    chmodSync(desk.at('locked.txt'), 0o444);
    assert.match((await edit('locked.txt', 'one', 'two')).refused ?? '', /read-only/);
    assert.deepEqual(
      [await desk.shown('locked.txt'), desk.read('locked.txt')],
      [{ text: 'one\n', dirty: false }, 'one\n'],
    );
  });

  it('asks for CLAUDE.md through a link, and writes nothing outside', async () => {
    symlinkSync('CLAUDE.md', desk.at('notes.md'));
    symlinkSync('/tmp', desk.at('elsewhere'));
    const made = await edit('notes.md', 'one', 'two');
    assert.deepEqual(
      made.plan?.files.map(({ path, why }) => [path, why]),
      [['CLAUDE.md', ['runsCode']]],
    );
    assert.equal(desk.read('CLAUDE.md'), 'two\n');
    assert.match((await make({ kind: 'create', path: 'elsewhere/x.txt', text: '' })).refused ?? '', /refused/);
    assert.match((await make({ kind: 'create', path: '../x.txt', text: '' })).refused ?? '', /refused/);
  });

  it('makes, moves and deletes files', async () => {
    await make({ kind: 'create', path: 'a/b/c.txt', text: 'one\n' });
    assert.match((await make({ kind: 'create', path: 'a/b/c.txt', text: '' })).refused ?? '', /something at/);
    await make({ kind: 'rename', path: 'a/b/c.txt', to: 'a/d.txt' });
    assert.deepEqual([existsSync(desk.at('a/b/c.txt')), desk.read('a/d.txt')], [false, 'one\n']);
    const { before, refused } = await make({ kind: 'delete', path: 'a/d.txt' });
    assert.deepEqual(
      [refused, before, existsSync(desk.at('a/d.txt'))],
      [undefined, Buffer.from('one\n').toString('base64'), false],
    );
    assert.match((await make({ kind: 'delete', path: 'a' })).refused ?? '', /folder/);
  });

  it('puts bytes back under an open editor, which shows them, and formats nothing', async () => {
    const original = Buffer.from('{"odd":\r\n 1}');
    desk.write('back.json', original);
    await desk.openBehind('back.json');
    const before = await desk.look();
    await edit('back.json', '1', '2');
    const put = await host.session.evaluate(
      async (vscode, [file, path, bytes]) => {
        const { createRequire } = process.getBuiltinModule('node:module');
        return await createRequire(file)(file).putBack(vscode.Uri.file(path).toString(), bytes);
      },
      [inside, desk.at('back.json'), original.toString('base64')] as const,
    );
    assert.equal(put, true);
    assert.deepEqual(readFileSync(desk.at('back.json')), original);
    assert.deepEqual(await desk.shown('back.json'), { text: original.toString(), dirty: false });
    assert.deepEqual(await desk.look(), before);
  });

  it('names the problems that are new, in a file that is open or not', async () => {
    await host.session.evaluate(async (vscode) => {
      const found = vscode.languages.createDiagnosticCollection('test');
      const check = (document: { readonly uri: unknown; getText(): string; readonly languageId: string }): void => {
        if (document.languageId !== 'markdown') return;
        const lines = document.getText().split('\n');
        const problems = lines.flatMap((line, at) =>
          line.includes('bad') ? [new vscode.Diagnostic(new vscode.Range(at, 0, at, 3), `This is ${line}.`)] : [],
        );
        setTimeout(() => found.set(document.uri as never, problems), 100);
      };
      vscode.workspace.onDidOpenTextDocument(check);
      vscode.workspace.onDidChangeTextDocument(({ document }) => check(document));
    });
    desk.write('closed.md', 'bad before\ntwo\n');
    desk.write('open.md', 'bad before\ntwo\n');
    await desk.openBehind('open.md');
    for (const path of ['closed.md', 'open.md']) {
      const made = await edit(path, 'two', 'new\nbad new');
      assert.deepEqual(made.applied?.problems, ['line 3: error: This is bad new.'], path);
      assert.deepEqual((await edit(path, 'bad new', 'fine')).applied?.problems, [], path);
    }
    assert.equal((await edit('first.txt', 'first', 'second')).applied?.problems, null, 'no service, not waited for');
  });
});
