/** Context that is no plain file: cells, cursors, and documents that the workspace does not hold (LESSONS L58, L72). */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { absences, refusals } from '../../src/host/base/plainStrings';
import { reply } from '../fakeClaude/script';
import { documentStrings, filled, nls, saying } from '../texts';
import { pngFile } from '../unit/attachments/files';
import { assertNoRefusals, type ChatHost, eventually } from './chatHost';
import { messages, systemText } from './requests';

const notebook = {
  nbformat: 4,
  nbformat_minor: 5,
  metadata: { language_info: { name: 'python' } },
  cells: [
    { id: 'a', cell_type: 'markdown', metadata: {}, source: ['# Sums'] },
    {
      id: 'b',
      cell_type: 'code',
      metadata: {},
      execution_count: 1,
      outputs: [],
      source: ['one()\n', 'two()\n', 'three()'],
    },
    { id: 'c', cell_type: 'code', metadata: {}, execution_count: 2, outputs: [], source: ['last()'] },
  ],
};
const code = 'first();\nsecond();\nthird();\nfourth();\n';

/** Files that the tests need. */
export const beyondFiles = { 'sums.ipynb': JSON.stringify(notebook), 'src/places.ts': code };

/** In a host with all of VS Code's own extensions. */
export function beyondFilesTests(given: () => ChatHost): void {
  describe('Context beyond plain files', () => {
    let host: ChatHost;
    before(() => {
      host = given();
    });
    beforeEach(async () => {
      await host.run('workbench.action.revertAndCloseActiveEditor');
      await host.run('workbench.action.closeAllEditors');
      await host.run('prelude.newChat');
    });

    const chip = async (label: string): Promise<void> => {
      const shown = (await host.frame()).locator('.chipsFitting [data-chip="selection"] .chipLabel');
      await eventually(async () => assert.deepEqual(await shown.allTextContents(), [label]));
    };
    /** The last message as it went out. */
    const sent = async (): Promise<string> => {
      const before = host.fake.messages.length;
      host.fake.enqueue(reply.text(`Answer ${before}.`));
      await host.send('What is it?');
      await host.fake.untilMessages(before + 1);
      await host.see(`Answer ${before}.`);
      await host.idle();
      assertNoRefusals(host.fake);
      return [systemText(host.fake.messages.at(-1)), ...messages(host.fake.messages.at(-1))].join('\n');
    };
    /** Beside the draft, where it stays when its editor is closed. */
    const add = async (label: string): Promise<void> => {
      await host.run('prelude.addSelection');
      await (await added(label)).waitFor();
    };
    const added = async (label: string): Promise<Locator> =>
      (await host.frame()).locator('.attachmentRow button.chipMain', { hasText: label });
    const clickAdded = async (label: string): Promise<void> => (await added(label)).click();
    /** Selects in the active editor; lines and characters from 0. */
    const select = (...ranges: readonly (readonly [number, number, number, number])[]): Promise<void> =>
      host.session.evaluate((vscode, all) => {
        const editor = vscode.window.activeTextEditor;
        if (editor === undefined) throw new Error('no editor');
        editor.selections = all.map((one) => new vscode.Selection(...one));
      }, ranges);
    const active = () =>
      host.session.evaluate((vscode) => {
        const editor = vscode.window.activeTextEditor;
        return editor && [editor.document.uri.scheme, editor.document.getText(), editor.selection.active.line];
      });
    const openNotebook = () =>
      host.session.evaluate(
        async (vscode, path) => {
          const document = await vscode.workspace.openNotebookDocument(vscode.Uri.file(path));
          await vscode.window.showNotebookDocument(document, { selections: [new vscode.NotebookRange(1, 2)] });
        },
        join(host.folder, 'sums.ipynb'),
      );

    it('names the cell of a notebook, and the lines in it; a click on the chip leads back to them (L58)', async () => {
      await openNotebook();
      await chip('sums.ipynb · cell 2');
      await host.run('notebook.cell.edit');
      await eventually(async () => assert.equal((await active())?.[0], 'vscode-notebook-cell'));
      await select([1, 0, 2, 7]);
      await chip('sums.ipynb · cell 2:2-3');
      const words = await sent();
      assert.match(words, /<file path="sums\.ipynb">[\s\S]*cell 2[\s\S]*one\(\)/);
      assert.match(words, /<selection path="sums\.ipynb" cell="2" lines="2-3">\ntwo\(\)\nthree\(\)\n<\/selection>/);
      await add('sums.ipynb · cell 2:2-3');
      await sent();
      await host.run('workbench.action.closeAllEditors');
      await (await host.frame()).locator('.user button.chip.sent', { hasText: 'sums.ipynb · cell 2:2-3' }).click();
      await eventually(async () => {
        assert.deepEqual(await active(), ['vscode-notebook-cell', 'one()\ntwo()\nthree()', 1]);
      });
    });

    it('takes a notebook by Add File from a cell and from its toolbar, and a cell by its own menu (L58)', async () => {
      await openNotebook();
      const { page } = host.session;
      const pick = async (more: Locator, title: string): Promise<void> => {
        await more.click();
        const item = page.locator('.monaco-menu').getByText(nls[title] ?? '', { exact: true });
        await item.hover();
        // A menu takes no click in the moment in which it opens.
        await page.waitForTimeout(400);
        await item.click();
      };
      const frame = await host.frame();
      const file = frame.locator('.chipsFitting .chip:has(.codicon-file)', { hasText: 'sums.ipynb' });
      await host.session.evaluate(async (vscode) => {
        const cell = vscode.window.activeNotebookEditor?.notebook.cellAt(1).document.uri;
        await vscode.commands.executeCommand('prelude.addFile', cell);
      });
      await file.locator('.chipRemove').click();
      await file.waitFor({ state: 'detached' });
      await pick(page.locator('.notebook-toolbar-container .codicon-toolbar-more'), 'command.addFile.title');
      await file.waitFor();
      // The menu opens where the chat would lie over it; what it adds shows the chat again.
      await host.run('workbench.action.closeAuxiliaryBar');
      await pick(page.locator('.cell-title-toolbar .codicon-toolbar-more:visible').first(), 'command.addCell.title');
      const again = await host.frame();
      await again.locator('.chip.attachment', { hasText: 'sums.ipynb · cell 2' }).waitFor();
      await host.run('workbench.action.closeAllEditors');
      const words = await sent();
      assert.match(words, /<file path="sums\.ipynb">[\s\S]*cell 3[\s\S]*last\(\)/);
      assert.match(words, /<selection path="sums\.ipynb" cell="2" active="true" lines="1-3">\none\(\)/);
    });

    it('takes every cursor (L72)', async () => {
      await host.open('src/places.ts');
      await select([0, 0, 0, 8], [2, 0, 3, 9]);
      await chip('places.ts:1 +1');
      assert.match(
        await sent(),
        /<selection path="src\/places\.ts" lines="1-1">\nfirst\(\);\n<\/selection>\n<selection path="src\/places\.ts" lines="3-4">\nthird\(\);\nfourth\(\);\n</,
      );
    });

    it('takes what is selected in an unsaved document, and says so where that was closed', async () => {
      const name = await host.session.evaluate(async (vscode) => {
        const document = await vscode.workspace.openTextDocument({ content: 'one\ntwo\nthree\n' });
        await vscode.window.showTextDocument(document, { preview: false });
        return document.uri.path;
      });
      const line = (await host.frame()).locator('.chipAbsent');
      await eventually(async () =>
        assert.match((await line.textContent()) ?? '', saying(name, absences.selectionOnly().text)),
      );
      await select([1, 0, 1, 3]);
      await chip(`${name}:2`);
      assert.match(
        await sent(),
        new RegExp(`<selection path="${name}" document="unsaved document" lines="2-2">\ntwo\n</selection>`),
      );
      await add(`${name}:2`);
      await host.open('src/places.ts');
      await clickAdded(`${name}:2`);
      await eventually(async () => assert.deepEqual(await active(), ['untitled', 'one\ntwo\nthree\n', 1]));
      await host.run('workbench.action.revertAndCloseActiveEditor');
      await clickAdded(`${name}:2`);
      await host.see(filled(refusals.notOpen(name)));
    });

    it('takes an unsaved document whole by Add File, under the name that says what it is', async () => {
      const name = await host.session.evaluate(async (vscode) => {
        const document = await vscode.workspace.openTextDocument({ content: 'one\ntwo\n' });
        await vscode.window.showTextDocument(document, { preview: false });
        return document.uri.path;
      });
      await host.run('prelude.addFile');
      await (await added(`${name}:1-2`)).waitFor();
      assert.match(
        await sent(),
        new RegExp(`<selection path="${name}" document="unsaved document" lines="1-2">\none\ntwo\n</selection>`),
      );
      await host.run('workbench.action.revertAndCloseActiveEditor');
    });

    it('takes what is selected on the left of a diff, as the version in Git that it is', async function () {
      this.timeout(90_000);
      const git = (...args: readonly string[]) =>
        execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', ...args], { cwd: host.folder });
      const file = join(host.folder, 'src/places.ts');
      // An earlier try has left one.
      rmSync(join(host.folder, '.git'), { recursive: true, force: true });
      writeFileSync(file, code);
      git('init', '-q', '-b', 'main');
      git('add', 'src/places.ts');
      git('commit', '-q', '-m', 'First');
      writeFileSync(file, 'changed();\n');
      await host.session.evaluate(
        async (vscode, { folder, path }) => {
          const extension = await vscode.extensions.getExtension('vscode.git')?.activate();
          const api = extension.getAPI(1);
          await api.openRepository(vscode.Uri.file(folder));
          const uri = vscode.Uri.file(path);
          await vscode.commands.executeCommand('vscode.diff', api.toGitUri(uri, 'HEAD'), uri, 'A diff');
        },
        { folder: host.folder, path: file },
      );
      await eventually(async () => assert.equal((await active())?.[1], 'changed();\n'));
      await host.run('diffEditor.switchSide');
      await eventually(async () => assert.equal((await active())?.[0], 'git'));
      await select([0, 0, 1, 9]);
      await chip('places.ts (HEAD):1-2');
      assert.match(
        await sent(),
        /<selection path="src\/places\.ts" document="version HEAD in Git" lines="1-2">\nfirst\(\);\nsecond\(\);\n<\/selection>/,
      );
      await add('places.ts (HEAD):1-2');
      await host.run('workbench.action.closeAllEditors');
      await clickAdded('places.ts (HEAD):1-2');
      await eventually(async () => assert.deepEqual(await active(), ['git', code, 0]));
      const line = (await host.frame()).locator('.chipAbsent');
      await eventually(async () =>
        assert.match((await line.textContent()) ?? '', saying('places.ts (HEAD)', absences.selectionOnly().text)),
      );
      await host.run('workbench.action.closeAllEditors');
      rmSync(join(host.folder, '.git'), { recursive: true, force: true });
      writeFileSync(file, code);
    });

    it('takes what is selected in an output, and shows that again', async () => {
      await host.session.evaluate((vscode) => {
        const channel = vscode.window.createOutputChannel('Build log');
        channel.appendLine('made one\nmade two');
        channel.show(false);
      });
      const label = documentStrings.output('Build log');
      await host.run('workbench.panel.output.focus');
      await eventually(async () => assert.deepEqual((await active())?.slice(0, 2), ['output', 'made one\nmade two\n']));
      await select([0, 0, 1, 8]);
      await chip(`${label}:1-2`);
      await add(`${label}:1-2`);
      assert.match(
        await sent(),
        /<selection path="Build log" document="output channel" lines="1-2">\nmade one\nmade two\n<\/selection>/,
      );
      await host.run('workbench.action.closePanel');
      await (await host.frame()).locator('.user button.chip.sent', { hasText: label }).click();
      await host.session.page.locator('.output-view .monaco-editor').waitFor();
      await host.run('workbench.action.closePanel');
    });

    it('says why a picture that one looks at stays behind', async () => {
      const path = join(host.folder, 'logo.png');
      writeFileSync(path, pngFile(8, 8));
      await host.session.evaluate(async (vscode, file) => {
        await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(file));
      }, path);
      const line = (await host.frame()).locator('.chipAbsent');
      await eventually(async () =>
        assert.match((await line.textContent()) ?? '', saying('logo.png', absences.image().text)),
      );
    });
  });
}
