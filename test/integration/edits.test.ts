/** Files that are changed in a real VS Code: line ends, encodings, editors, formatters, and what stays untouched. */
import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Change } from '../../src/core/tools/edits/editing';
import { editStrings } from '../../src/webview/l10n/editStrings';
import { reply } from '../fakeClaude/script';
import { strings } from '../texts';
import { afterTry, assertNoRefusals, type ChatHost, eventually, openChatHost } from './chatHost';
import type { Made } from './editsInside';

/** One line becomes two; the rest stays. */
const kinds: readonly (readonly [name: string, before: Buffer, after: Buffer])[] = [
  ['lf', Buffer.from('one\ntwo\nthree\n'), Buffer.from('one\n2\n2b\nthree\n')],
  ['crlf', Buffer.from('one\r\ntwo\r\nthree\r\n'), Buffer.from('one\r\n2\r\n2b\r\nthree\r\n')],
  ['mixed', Buffer.from('one\r\ntwo\nthree\r\n'), Buffer.from('one\r\n2\n2b\nthree\r\n')],
  ['open-end', Buffer.from('one\ntwo'), Buffer.from('one\n2\n2b')],
  ['bom', Buffer.from('\ufeffone\ntwo\n'), Buffer.from('\ufeffone\n2\n2b\n')],
  ['wide', Buffer.from('\ufeffone\ntwo\n', 'utf16le'), Buffer.from('\ufeffone\n2\n2b\n', 'utf16le')],
];
const latin = [Buffer.from('caf\xe9\ntwo\n', 'latin1'), Buffer.from('caf\xe9\n2\n2b\n', 'latin1')] as const;

describe('Changing files in a real VS Code', () => {
  let host: ChatHost;
  const inside = join(__dirname, 'editsInside.js');

  before(async () => {
    host = await openChatHost({ files: { 'first.txt': 'first\n', 'CLAUDE.md': 'one\n' } });
  });
  after(async () => {
    await set('files', 'encoding', undefined);
    await set('editor', 'formatOnSave', undefined);
    await host?.close();
  });
  afterEach(async function () {
    await afterTry(host, this.currentTest);
  });

  const at = (path: string): string => join(host.folder, path);
  const write = (path: string, content: string | Buffer): void => writeFileSync(at(path), content);
  const read = (path: string): string => readFileSync(at(path), 'utf8');
  const set = (section: string, name: string, value: unknown): Promise<void> =>
    host.session.evaluate(
      async (vscode, [one, key, to]) => {
        const settings = vscode.workspace.getConfiguration(one as string);
        await settings.update(key as string, to ?? undefined, vscode.ConfigurationTarget.Global);
      },
      [section, name, value ?? null] as const,
    );
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

  /** What the user looks at: tabs, the active editor, its cursor. */
  const look = (): Promise<unknown> =>
    host.session.evaluate(async (vscode) => {
      const editor = vscode.window.activeTextEditor;
      return {
        tabs: vscode.window.tabGroups.all.map(({ tabs }) => tabs.map(({ label, isActive }) => [label, isActive])),
        active: editor?.document.uri.path,
        cursor: [editor?.selection.active.line, editor?.selection.active.character],
      };
    });
  /** The text and whether it is unsaved, of a loaded document. */
  const shown = (path: string): Promise<{ readonly text: string; readonly dirty: boolean } | null> =>
    host.session.evaluate(async (vscode, file) => {
      const document = vscode.workspace.textDocuments.find(({ uri }) => uri.fsPath === file);
      return document === undefined ? null : { text: document.getText(), dirty: document.isDirty };
    }, at(path)) as Promise<{ readonly text: string; readonly dirty: boolean } | null>;
  /** Opens them in tabs, and puts the user into another one. */
  const openBehind = async (...paths: readonly string[]): Promise<void> => {
    for (const path of paths) await host.open(path);
    await host.open('first.txt');
  };
  const type = (path: string, line: number, text: string): Promise<void> =>
    host.session.evaluate(
      async (vscode, [file, to, what]) => {
        const change = new vscode.WorkspaceEdit();
        change.insert(vscode.Uri.file(file), new vscode.Position(to, 0), what);
        await vscode.workspace.applyEdit(change);
      },
      [at(path), line, text] as const,
    );

  it('changes those lines and no other byte, with any line ends and encoding, in an editor or not', async () => {
    for (const where of ['closed', 'open']) {
      for (const [name, before] of kinds) write(`${where}-${name}.txt`, before);
      write(`${where}-latin.txt`, latin[0]);
    }
    await openBehind(...kinds.map(([name]) => `open-${name}.txt`));
    const before = await look();
    const check = async (path: string, from: Buffer, to: Buffer): Promise<void> => {
      const made = await edit(path, 'two', '2\n2b');
      assert.equal(made.refused, undefined, path);
      assert.deepEqual(readFileSync(at(path)), to, path);
      assert.deepEqual([made.before, made.after], [from.toString('base64'), to.toString('base64')], path);
      const document = await shown(path);
      if (path.startsWith('open'))
        assert.deepEqual([document?.dirty, document?.text.includes('2b')], [false, true], path);
    };
    for (const where of ['closed', 'open']) {
      for (const [name, from, to] of kinds) await check(`${where}-${name}.txt`, from, to);
    }
    assert.deepEqual(await look(), before, 'no tab, no focus, no cursor moved');
    assert.match((await edit('closed-latin.txt', 'two', '2')).refused ?? '', /same bytes/);
    await set('files', 'encoding', 'windows1252');
    await openBehind('open-latin.txt');
    for (const where of ['closed', 'open']) await check(`${where}-latin.txt`, ...latin);
    assert.match((await edit('open-latin.txt', '2b', '→')).refused ?? '', /no place for "→"/);
    await make({ kind: 'create', path: 'deep/new/latin.txt', text: 'é\n' });
    assert.deepEqual(readFileSync(at('deep/new/latin.txt')), Buffer.from('\xe9\n', 'latin1'));
    await set('files', 'encoding', undefined);
  });

  it('stays unsaved in an editor with unsaved changes, and keeps them', async () => {
    write('dirty.txt', 'one\ntwo\nthree\nfour\n');
    await openBehind('dirty.txt');
    await type('dirty.txt', 0, 'typed ');
    const before = await look();
    const made = await edit('dirty.txt', 'three', '3');
    assert.deepEqual(made.plan?.files[0]?.why, []);
    assert.equal(made.applied?.edits[0]?.unsaved, true);
    assert.deepEqual(await shown('dirty.txt'), { text: 'typed one\ntwo\n3\nfour\n', dirty: true });
    assert.equal(read('dirty.txt'), 'one\ntwo\nthree\nfour\n');
    assert.deepEqual((await edit('dirty.txt', 'typed one', 'one')).plan?.files[0]?.why, ['yourLines']);
    assert.match((await make({ kind: 'delete', path: 'dirty.txt' })).refused ?? '', /unsaved changes/);
    assert.deepEqual(await look(), before);
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
    write('data.json', '{\n  "last": 0\n}\n');
    await openBehind('data.json');
    for (let at = 1; at <= 10; at += 1) {
      const made = await edit('data.json', '"last":', `"key${at}":${at}, "last":`);
      assert.equal(made.refused, undefined);
      assert.match(made.applied?.notes.join('\n') ?? '', /changed the text further[\s\S]*\+ {2}"last": 0/);
    }
    assert.equal(Object.keys(JSON.parse(read('data.json'))).length, 11);
    assert.deepEqual(await shown('data.json'), { text: read('data.json'), dirty: false });
    await set('editor', 'formatOnSave', undefined);
  });

  it('is undone by the editor’s own undo', async () => {
    write('undo.txt', 'one\ntwo\n');
    await openBehind('undo.txt');
    await edit('undo.txt', 'two', '2');
    await host.open('undo.txt');
    await host.run('undo');
    assert.equal((await shown('undo.txt'))?.text, 'one\ntwo\n');
    await host.run('workbench.action.files.save');
  });

  it('leaves a read-only file as it is, and says so', async () => {
    write('locked.txt', 'one\n');
    await openBehind('locked.txt');
    chmodSync(at('locked.txt'), 0o444);
    assert.match((await edit('locked.txt', 'one', 'two')).refused ?? '', /read-only/);
    assert.deepEqual([await shown('locked.txt'), read('locked.txt')], [{ text: 'one\n', dirty: false }, 'one\n']);
  });

  it('asks for CLAUDE.md through a link, and writes nothing outside', async () => {
    symlinkSync('CLAUDE.md', at('notes.md'));
    symlinkSync('/tmp', at('elsewhere'));
    const made = await edit('notes.md', 'one', 'two');
    assert.deepEqual(
      made.plan?.files.map(({ path, why }) => [path, why]),
      [['CLAUDE.md', ['runsCode']]],
    );
    assert.equal(read('CLAUDE.md'), 'two\n');
    assert.match((await make({ kind: 'create', path: 'elsewhere/x.txt', text: '' })).refused ?? '', /refused/);
    assert.match((await make({ kind: 'create', path: '../x.txt', text: '' })).refused ?? '', /refused/);
  });

  it('makes, moves and deletes files', async () => {
    await make({ kind: 'create', path: 'a/b/c.txt', text: 'one\n' });
    assert.match((await make({ kind: 'create', path: 'a/b/c.txt', text: '' })).refused ?? '', /something at/);
    await make({ kind: 'rename', path: 'a/b/c.txt', to: 'a/d.txt' });
    assert.deepEqual([existsSync(at('a/b/c.txt')), read('a/d.txt')], [false, 'one\n']);
    const { before, refused } = await make({ kind: 'delete', path: 'a/d.txt' });
    assert.deepEqual(
      [refused, before, existsSync(at('a/d.txt'))],
      [undefined, Buffer.from('one\n').toString('base64'), false],
    );
    assert.match((await make({ kind: 'delete', path: 'a' })).refused ?? '', /folder/);
  });

  it('puts bytes back under an open editor, which shows them, and formats nothing', async () => {
    const original = Buffer.from('{"odd":\r\n 1}');
    write('back.json', original);
    await openBehind('back.json');
    const before = await look();
    await edit('back.json', '1', '2');
    const put = await host.session.evaluate(
      async (vscode, [file, path, bytes]) => {
        const { createRequire } = process.getBuiltinModule('node:module');
        return await createRequire(file)(file).putBack(vscode.Uri.file(path).toString(), bytes);
      },
      [inside, at('back.json'), original.toString('base64')] as const,
    );
    assert.equal(put, true);
    assert.deepEqual(readFileSync(at('back.json')), original);
    assert.deepEqual(await shown('back.json'), { text: original.toString(), dirty: false });
    assert.deepEqual(await look(), before);
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
    write('closed.md', 'bad before\ntwo\n');
    write('open.md', 'bad before\ntwo\n');
    await openBehind('open.md');
    for (const path of ['closed.md', 'open.md']) {
      const made = await edit(path, 'two', 'new\nbad new');
      assert.deepEqual(made.applied?.problems, ['line 3: error: This is bad new.'], path);
      assert.deepEqual((await edit(path, 'bad new', 'fine')).applied?.problems, [], path);
    }
    assert.equal((await edit('first.txt', 'first', 'second')).applied?.problems, null, 'no service, not waited for');
  });

  /** Asks for edits in one step; the answer ends with these words. */
  async function askFor(calls: readonly (readonly [string, unknown])[], end: string): Promise<void> {
    const step = calls.reduce(
      (all, [name, input], at) => all.toolUse(name, input, `toolu_${end}_${at}`),
      reply.text('I do.'),
    );
    host.fake.enqueue(step, reply.text(end));
    await host.send(`Change it: ${end}`);
  }
  const replace = (path: string, oldText: string, newText: string) =>
    ['edit_file', { path, edits: [{ old_text: oldText, new_text: newText }] }] as const;

  it('shows what a call would change, changes nothing before Apply, and takes no focus', async () => {
    write('card.txt', 'one\r\ntwo\r\nthree\r\n');
    write('card2.txt', 'one\n');
    await openBehind('card.txt');
    const before = await look();
    await askFor([replace('card.txt', 'two', 'TWO'), replace('card2.txt', 'one', 'ONE')], 'Both-done.');
    const panel = await host.frame();
    const card = panel.locator('.editCard');
    await card.waitFor();
    assert.equal(await card.count(), 1, 'the edits of a step share a card');
    await card.getByText('TWO').first().waitFor();
    assert.deepEqual([read('card.txt'), read('card2.txt')], ['one\r\ntwo\r\nthree\r\n', 'one\n']);
    await picture('card');
    await card.locator('[data-do="apply"]').click();
    await host.see('Both-done.');
    await host.idle();
    assert.deepEqual([read('card.txt'), read('card2.txt')], ['one\r\nTWO\r\nthree\r\n', 'ONE\n']);
    assert.deepEqual(await look(), before);
    assertNoRefusals(host.fake);
  });

  it('undoes what a turn has changed at its end, to the byte, and tells the model with the next message', async () => {
    const panel = await host.frame();
    const end = panel.locator('.editsEnd').last();
    await end.waitFor();
    await picture('end');
    await end.locator('[data-do="undoAll"]').click();
    await end.getByText(editStrings.undone()).first().waitFor();
    assert.deepEqual([read('card.txt'), read('card2.txt')], ['one\r\ntwo\r\nthree\r\n', 'one\n']);
    host.fake.enqueue(reply.text('I-see.'));
    await host.send('And now?');
    await host.see('I-see.');
    await host.idle();
    assert.match(host.fake.messages.at(-1)?.raw ?? '', /-ONE\\n\+one/);
    assertNoRefusals(host.fake);
  });

  it('goes on when the rest is reviewed at the end: hunks are kept and undone one by one, also after a reload', async () => {
    const lines = (...own: readonly string[]): string => own.map((line) => `${line}\n`).join('');
    const plain = lines('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h');
    write('atEnd.txt', plain);
    await askFor([replace('atEnd.txt', 'a\nb', 'a\nB')], 'First-hunk.');
    let panel = await host.frame();
    await panel.locator('.editCard [data-do="applyAtEnd"]').click();
    await host.see('First-hunk.');
    await host.idle();
    await askFor([replace('atEnd.txt', 'b'.toUpperCase(), 'BB'), replace('atEnd.txt', 'g', 'G')], 'No-card.');
    await host.see('No-card.');
    await host.idle();
    assert.equal(read('atEnd.txt'), plain.replace('b', 'BB').replace('g', 'G'));
    await host.session.reload();
    await host.run('prelude.focusChat');
    panel = await host.frame();
    const end = panel.locator('.editsEnd').last();
    await end.locator('.foldLine').first().click();
    await end.locator('.hunk').nth(1).waitFor();
    await picture('hunks');
    await end.locator('.hunk').nth(1).locator('[data-do="undo"]').click();
    await end.locator('.hunk').nth(1).waitFor({ state: 'detached' });
    assert.equal(read('atEnd.txt'), plain.replace('b', 'BB'));
    await end.locator('.hunk').first().locator('[data-do="keep"]').click();
    await end.locator('.hunk').first().waitFor({ state: 'detached' });
    assert.equal(read('atEnd.txt'), plain.replace('b', 'BB'));
  });

  it('asks each time where writing runs code, and the reason of a Reject goes to the model', async () => {
    await askFor([['create_file', { path: '.vscode/tasks.json', content: '{}\n' }]], 'Not-there.');
    const panel = await host.frame();
    const card = panel.locator('.editCard');
    await card.waitFor();
    assert.equal(await card.locator('[data-do="applyAtEnd"]').count(), 0);
    await picture('protected');
    await card.locator('[data-do="deny"]').click();
    await card.locator('.denialReason').fill('No tasks here');
    await card.locator('.denialReason').press('Enter');
    await host.see('Not-there.');
    await host.idle();
    assert.equal(existsSync(at('.vscode/tasks.json')), false);
    assert.match(host.fake.messages.at(-1)?.raw ?? '', /No tasks here/);
  });

  it('opens what a turn has changed in VS Code’s own diff editor', async () => {
    const panel = await host.frame();
    await panel.locator('.editsEnd').last().locator('[data-do="reviewChanges"]').click();
    const names = (): Promise<readonly string[]> =>
      host.session.evaluate((vscode) =>
        Promise.resolve(vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ label }) => label))),
      ) as Promise<readonly string[]>;
    await eventually(async () => assert.ok((await names()).some((name) => name.includes(strings.reviewTitle()))));
    await picture('multi');
  });

  async function picture(name: string): Promise<void> {
    const folder = process.env['PRELUDE_PICTURES'];
    if (folder !== undefined) await host.session.page.screenshot({ path: join(folder, `edits-${name}.png`) });
  }
});
