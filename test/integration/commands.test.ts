/** Commands from the user's act to the wire: in a real VS Code, over the fake API. */

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import type { RecordedRequest } from '../fakeClaude/record';
import { reply } from '../fakeClaude/script';
import { nls, strings } from '../texts';
import { pdfFile, pngFile } from '../unit/attachments/files';
import { privateKey } from '../unit/tools/secretTexts';
import { repoRoot } from '../vscode/paths';
import { afterTry, assertNoRefusals, type ChatHost, eventually, newChat, openChatHost, testKey } from './chatHost';
import { panelIn, see } from './listHost';
import { messages, systemText } from './requests';

const login = Array.from({ length: 40 }, (_, line) => `export const login${line + 1} = retry(${line + 1});`).join('\n');

describe('Commands in VS Code', () => {
  let host: ChatHost;

  before(async () => {
    host = await openChatHost({
      goesOn: true,
      services: true,
      files: {
        'src/login.ts': login,
        'src/retry.ts': 'export function retry(n: number) {\n  return n;\n}\n',
        'notes.plan': 'one\ntwo\nthree\nfour\n',
        'README.md': '# Shop\n',
        '.env': 'PASSWORD=hunter2\n',
      },
    });
  });
  after(async () => {
    await host?.close();
  });
  afterEach(async function () {
    await afterTry(host, this.currentTest);
  });

  const composer = async (): Promise<Locator> => (await host.frame()).locator('.composerText');
  /** True while the keys go into a text editor. */
  const editorHasFocus = (): Promise<boolean> =>
    host.session.page.evaluate(() => document.activeElement?.closest('.monaco-editor') !== null);
  const focusEditor = async (): Promise<void> => {
    await host.run('workbench.action.focusActiveEditorGroup');
    await eventually(async () => assert.ok(await editorHasFocus()));
  };
  const press = (...keys: readonly string[]): Promise<void> =>
    keys.reduce((before, key) => before.then(() => host.session.page.keyboard.press(key)), Promise.resolve());
  const untilSent = async (count: number): Promise<RecordedRequest> => {
    await host.fake.untilMessages(count);
    const request = host.fake.messages.at(-1);
    assert.ok(request);
    return request;
  };

  it('explain the selection by a chord, at once: the draft stays, and so does the focus (L26, L28)', async () => {
    await newChat(host);
    await (await composer()).fill('half a thought');
    await (await composer()).blur();
    await host.open('src/login.ts', [3, 5]);
    await focusEditor();
    const sent = host.fake.messages.length;
    host.fake.enqueue(reply.text('They retry.'));
    await press('Control+k', 'a');
    const request = await untilSent(sent + 1);
    assert.match(
      messages(request).at(-1) ?? '',
      /^user: .*<selection path="src\/login\.ts" lines="3-5">\nexport const login3[^<]*login5[^<]*<\/selection> \| Explain login\.ts:3-5\.$/s,
    );
    await host.see('They retry.');
    await host.idle();
    const panel = await host.frame();
    assert.equal(await panel.locator('.user .chip.sent').textContent(), 'login.ts:3-5');
    assert.equal(await (await composer()).inputValue(), 'half a thought');
    assert.ok(await editorHasFocus(), 'the editor still has the focus');
    assert.equal(await host.session.evaluate((vscode) => vscode.window.activeTextEditor?.document.getText()), login);
    assertNoRefusals(host.fake);
  });

  it('explain what is selected in a new chat while the open one answers, which goes on (L6, L28)', async () => {
    await newChat(host);
    const held = host.fake.hold();
    await host.send('A long question');
    await held.push('A long ');
    await host.see('A long');
    const sent = host.fake.messages.length;
    host.fake.enqueue(reply.text('A new chat for it.'));
    await host.open('src/login.ts', [7, 7]);
    await host.run('prelude.explainSelection');
    const request = await untilSent(sent + 1);
    assert.equal(messages(request).length, 1);
    await host.see('A new chat for it.');
    await host.idle();
    await held.push('answer.');
    await held.end();
    assert.equal((await held.request).aborted, false);
    assertNoRefusals(host.fake);
  });

  it('explain in the chat tab beside the editor while that is in sight, and the side bar stays closed', async () => {
    await newChat(host);
    // An editor stays in the first group.
    await host.open('src/login.ts', [9, 9]);
    await host.run('prelude.openInEditor');
    await panelIn(host.session, 'editor');
    await host.run('workbench.action.moveEditorToRightGroup');
    await panelIn(host.session, 'editor');
    await host.run('workbench.action.focusFirstEditorGroup');
    await host.run('workbench.action.closeAuxiliaryBar');
    await focusEditor();
    const sent = host.fake.messages.length;
    host.fake.enqueue(reply.text('Beside the code.'));
    await host.run('prelude.explainSelection');
    await untilSent(sent + 1);
    await see(await panelIn(host.session, 'editor'), 'Beside the code.');
    assert.equal(await host.session.page.locator('.part.auxiliarybar').isVisible(), false, 'the side bar stays closed');
    assert.ok(await editorHasFocus(), 'the editor still has the focus');
    await host.run('workbench.action.closeEditorsInOtherGroups');
    await host.run('prelude.focusChat');
    await host.idle();
    assertNoRefusals(host.fake);
  });

  it('explain the symbol at the cursor when nothing is selected, and the line where no language knows any', async () => {
    await host.session.evaluate((vscode) => {
      vscode.languages.registerDocumentSymbolProvider(
        { pattern: '**/*.plan' },
        {
          provideDocumentSymbols: () => {
            const at = (from: number, to: number) => new vscode.Range(from, 0, to, 5);
            const outer = new vscode.DocumentSymbol('all', '', vscode.SymbolKind.Class, at(0, 3), at(0, 0));
            outer.children = [new vscode.DocumentSymbol('inner', '', vscode.SymbolKind.Method, at(1, 2), at(1, 1))];
            return [outer];
          },
        },
      );
    });
    const at = async (path: string, line: number): Promise<void> => {
      await host.open(path);
      await host.session.evaluate((vscode, given) => {
        const editor = vscode.window.activeTextEditor;
        if (editor !== undefined) editor.selection = new vscode.Selection(given, 1, given, 1);
      }, line);
    };
    for (const [path, line, words] of [
      ['notes.plan', 2, 'Explain notes.plan:2-3.'],
      ['README.md', 0, 'Explain README.md:1.'],
    ] as const) {
      await at(path, line);
      const sent = host.fake.messages.length;
      host.fake.enqueue(reply.text(`Explained ${path}.`));
      await host.run('prelude.explainSelectionInNewChat');
      assert.ok(
        (messages(await untilSent(sent + 1)).at(-1) ?? '').endsWith(words),
        messages(host.fake.messages.at(-1)).at(-1),
      );
      await host.see(`Explained ${path}.`);
      await host.idle();
    }
  });

  it('fix a problem from its lightbulb, with what the editor reports there', async () => {
    await host.open('src/retry.ts');
    await host.session.evaluate((vscode) => {
      const editor = vscode.window.activeTextEditor;
      if (editor === undefined) throw new Error('no editor');
      const problem = new vscode.Diagnostic(
        new vscode.Range(1, 9, 1, 10),
        "Cannot find name 'n'.",
        vscode.DiagnosticSeverity.Error,
      );
      problem.source = 'ts';
      problem.code = 2304;
      vscode.languages.createDiagnosticCollection('test').set(editor.document.uri, [problem]);
      editor.selection = new vscode.Selection(1, 9, 1, 9);
    });
    await focusEditor();
    const sent = host.fake.messages.length;
    host.fake.enqueue(reply.text('Like this.'));
    const menu = host.session.page.locator('.action-widget').first();
    // The menu closes when the language service has something new to say.
    await eventually(async () => {
      if (!(await menu.isVisible())) await press('Control+.');
      await menu.getByText(strings.explainAction()).waitFor({ timeout: 2000 });
    });
    await menu.getByText(strings.fixAction()).click();
    const words = messages(await untilSent(sent + 1)).at(-1) ?? '';
    const problem = "The editor reports there:\n- line 2: error ts(2304): Cannot find name 'n'.";
    assert.ok(words.includes(`${strings.fixInFile('retry.ts:2')}\n\n${problem}`), words);
    await host.see('Like this.');
    await host.idle();
    assertNoRefusals(host.fake);
  });

  it('add the selection to the next message, beside the words that are typed already', async () => {
    await newChat(host);
    await (await composer()).fill('What about this');
    await host.open('src/login.ts', [10, 11]);
    await host.run('prelude.addSelection');
    const panel = await host.frame();
    await panel.locator('.attachmentRow', { hasText: 'login.ts:10-11' }).waitFor();
    assert.equal(await (await composer()).inputValue(), 'What about this');
    const sent = host.fake.messages.length;
    host.fake.enqueue(reply.text('That is fine.'));
    await (await composer()).press('Enter');
    const words = messages(await untilSent(sent + 1)).at(-1) ?? '';
    assert.match(words, /<selection path="src\/login\.ts" lines="10-11">[^<]*<\/selection> \| What about this$/);
    await host.idle();
  });

  it('add a file from the explorer’s menu: it goes along when its editor is closed, until its chip is removed', async () => {
    await newChat(host);
    await host.run('workbench.action.closeAllEditors');
    await host.run('workbench.view.explorer');
    const { page } = host.session;
    await page.locator('.explorer-folders-view').getByText('README.md').click({ button: 'right' });
    const item = page.locator('.monaco-menu').getByText(nls['command.addFile.title'] ?? '');
    await item.hover();
    // A menu takes no click in the moment in which it opens.
    await page.waitForTimeout(400);
    await item.click();
    const panel = await host.frame();
    const chip = panel.locator('.chipsFitting .chip', { hasText: 'README.md' });
    await chip.waitFor();
    await host.run('workbench.action.closeAllEditors');
    host.fake.enqueue(reply.text('A shop.'), reply.text('Gone.'));
    await host.send('What is it?');
    await host.see('A shop.');
    await host.idle();
    assert.match(systemText(host.fake.messages.at(-1)), /<file path="README\.md">\n# Shop/);
    await chip.locator('.chipRemove').click();
    // Where it was, a click brings it back.
    await panel.locator('.chipsFitting .chipOut', { hasText: 'README.md' }).waitFor();
    await host.open('README.md');
    await host.send('And now?');
    await host.see('Gone.');
    await host.idle();
    assert.match(messages(host.fake.messages.at(-1)).join('\n'), /<closed path="README\.md"\/>/);
    assertNoRefusals(host.fake);
  });

  it('add a picture or a PDF as what it is: an image or a document of the next message, no file of the context', async () => {
    await newChat(host);
    const [image, pdf] = [pngFile(60, 40), pdfFile(1)];
    writeFileSync(join(host.folder, 'shot.png'), image);
    writeFileSync(join(host.folder, 'spec.pdf'), pdf);
    await host.session.evaluate(
      async (vscode, paths) => {
        const uris = paths.map((path) => vscode.Uri.file(path));
        // As the explorer calls it: what was clicked, and all that is selected.
        await vscode.commands.executeCommand('prelude.addFile', uris[0], uris);
      },
      ['shot.png', 'spec.pdf'].map((name) => join(host.folder, name)),
    );
    const panel = await host.frame();
    await eventually(async () =>
      // The picture is scaled first: it may come behind.
      assert.deepEqual((await panel.locator('.chip.attachment:not(.taking) .chipLabel').allTextContents()).toSorted(), [
        'shot.png',
        'spec.pdf',
      ]),
    );
    const sent = host.fake.messages.length;
    host.fake.enqueue(reply.text('Both are here.'));
    await host.send('What are they?');
    const request = await untilSent(sent + 1);
    assert.match(messages(request).at(-1) ?? '', /(image \| document|document \| image) \| What are they\?$/);
    for (const bytes of [image, pdf]) assert.ok(request.raw.includes(bytes.toString('base64')));
    assert.doesNotMatch(systemText(request), /shot\.png|spec\.pdf/);
    await host.idle();
    assertNoRefusals(host.fake);
  });

  it('never send a secret, added or explained (L32, L59)', async () => {
    const uri = join(host.folder, '.env');
    const sent = host.fake.messages.length;
    await host.open('.env', [1, 1]);
    await host.run('prelude.explainSelection');
    await host.session.evaluate(async (vscode, path) => {
      await vscode.commands.executeCommand('prelude.addFile', vscode.Uri.file(path));
    }, uri);
    await host.run('notifications.showList');
    const list = host.session.page.locator('.notifications-list-container');
    await list.getByText(strings.secretSelected()).waitFor();
    await list.getByText(strings.mayHoldSecrets('.env')).waitFor();
    await host.run('notifications.clearAll');
    // The key stands elsewhere in the file, and only in the editor's text.
    await host.open('src/login.ts', [1, 1]);
    const write = (text: string): Promise<void> =>
      host.session.evaluate(async (vscode, text) => {
        const editor = vscode.window.activeTextEditor;
        const all = new vscode.Range(0, 0, editor?.document.lineCount ?? 0, 0);
        await editor?.edit((edit) => edit.replace(all, text));
      }, text);
    await write(`${login}\n${privateKey}`);
    await host.run('prelude.explainSelection');
    await host.run('notifications.showList');
    await list.getByText(strings.secretSelected()).waitFor();
    await write(login);
    await host.run('workbench.action.files.saveAll');
    assert.equal(host.fake.messages.length, sent);
    assert.doesNotMatch(host.fake.requests.map(({ raw }) => raw).join('\n'), /hunter2/);
    await host.run('notifications.clearAll');
    await host.run('workbench.action.closeAllEditors');
  });

  it('go to the chat and back to the editor by one chord', async () => {
    await host.open('src/login.ts');
    await focusEditor();
    await press('Control+k', 'Control+g');
    const panel = await host.frame();
    await eventually(async () =>
      assert.ok(
        await panel.evaluate(() => document.hasFocus() && document.activeElement?.className === 'composerText'),
      ),
    );
    // That the panel has the focus comes to VS Code by way of the extension.
    await host.session.page.waitForTimeout(500);
    await press('Control+k', 'Control+g');
    await eventually(async () => assert.ok(await editorHasFocus()));
  });

  it('begin a new chat by a key in the panel', async () => {
    await (await composer()).fill('to be left as it is');
    await eventually(async () => {
      // That the panel has the focus comes to VS Code by way of the extension.
      await (await composer()).press('Control+l');
      await host.session.page.waitForTimeout(300);
      assert.equal(await (await composer()).inputValue(), '');
    });
  });

  it('lead to the key when there is none, and keep what was asked until there is one', async () => {
    await newChat(host);
    await host.run('prelude.clearApiKey');
    await host.open('src/login.ts', [20, 21]);
    const sent = host.fake.messages.length;
    const asked = host.run('prelude.explainSelection');
    const { page } = host.session;
    await page.locator('.quick-input-widget input[type="password"]').waitFor();
    await press('Escape');
    await asked;
    const panel = await host.frame();
    const row = panel.locator('.queueRow', { hasText: 'Explain login.ts:20-21.' });
    await row.waitFor();
    assert.equal(host.fake.messages.length, sent);
    await host.run('prelude.setApiKey', testKey);
    host.fake.enqueue(reply.text('Explained at last.'));
    await row.locator('[data-queue="send"]').click();
    await host.see('Explained at last.');
    await host.idle();
    assert.match(messages(host.fake.messages.at(-1)).at(-1) ?? '', /lines="20-21"/);
    assertNoRefusals(host.fake);
  });

  it('take no key that VS Code binds itself (L26)', async () => {
    await host.run('workbench.action.openDefaultKeybindingsFile');
    let text = '';
    await eventually(async () => {
      text = await host.session.evaluate(
        (vscode) =>
          vscode.workspace.textDocuments.find(({ uri }) => uri.path.endsWith('keybindings.json'))?.getText() ?? '',
      );
      assert.ok(text.length > 100_000);
    });
    const bound = [...text.matchAll(/"key": "([^"]+)",\s+"command": "([^"]+)"(?:,\s+"when": "((?:[^"\\]|\\.)*)")?/g)]
      .map(([, key = '', command = '', when = '']) => ({ key, command, when }))
      // What another system has is never in force here.
      .filter(({ command, when }) => !command.startsWith('prelude.') && when !== 'false');
    assert.ok(bound.length > 500);
    const { contributes } = JSON.parse(readFileSync(join(repoRoot(), 'package.json'), 'utf8')) as {
      contributes: { keybindings: readonly { key: string; mac?: string; when: string }[] };
    };
    for (const { key, mac, when } of contributes.keybindings) {
      assert.equal(
        mac ?? key,
        key.replaceAll('ctrl', 'cmd'),
        'VS Code’s own chords differ in this between the systems',
      );
      const own = when.includes('prelude.');
      const taken = bound.filter((one) => {
        if (one.key !== key && !one.key.startsWith(`${key} `) && !(key.startsWith(`${one.key} `) && one.when === ''))
          return false;
        // In its own view a key may be another's that works in another place only: a text field, a list, the quick pick.
        return !own || !/[Ff]ocus|[Ee]ditor|[Tt]erminal|[Ll]ist|\bin[A-Z]|\bview == /.test(one.when);
      });
      assert.deepEqual(taken, [], key);
    }
    await host.run('workbench.action.closeAllEditors');
  });
});
