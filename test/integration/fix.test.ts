/** Fixing code in a real VS Code: `/fix`, Fix Selection and the lightbulb end in the card of an edit. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { reply } from '../fakeClaude/script';
import { strings } from '../texts';
import { afterTry, assertNoRefusals, type ChatHost, eventually, openChatHost } from './chatHost';

const retry = 'export function retry(n) {\n  return m;\n}\n';
const problem = "line 2: error ts(2304): Cannot find name 'm'.";

describe('Fixing code', () => {
  let host: ChatHost;

  before(async () => {
    host = await openChatHost({ goesOn: true, files: { 'retry.js': retry } });
  });
  after(() => host?.close());
  beforeEach(async () => {
    writeFileSync(join(host.folder, 'retry.js'), retry);
    await host.open('retry.js');
    await host.session.evaluate(async (vscode, text) => {
      const editor = vscode.window.activeTextEditor;
      if (editor === undefined) throw new Error('no editor');
      // What is on the disk again comes late where the file was open, and would take the cursor away.
      for (let tries = 0; editor.document.getText() !== text && tries < 200; tries += 1)
        await new Promise((resolve) => setTimeout(resolve, 50));
      const range = new vscode.Range(1, 9, 1, 10);
      const found = new vscode.Diagnostic(range, "Cannot find name 'm'.", vscode.DiagnosticSeverity.Error);
      found.source = 'ts';
      found.code = 2304;
      vscode.languages.createDiagnosticCollection('fix').set(editor.document.uri, [found]);
      editor.selection = new vscode.Selection(1, 9, 1, 9);
    }, retry);
  });
  afterEach(async function () {
    await afterTry(host, this.currentTest);
  });

  const edits = [{ old_text: 'return m;', new_text: 'return n;' }];
  let asked = 0;

  /** The answer changes the file, by a tool. */
  function answer(): void {
    asked += 1;
    host.fake.enqueue(
      reply.text('I fix it.').toolUse('edit_file', { path: 'retry.js', edits }, `toolu_fix_${asked}`),
      reply.text(`Fixed-${asked}.`),
    );
  }

  /** What was asked, and the card that came of it: it is applied. */
  async function endsInCard(label: string): Promise<string> {
    const panel = await host.frame();
    const card = panel.locator('.editCard');
    await card.waitFor({ timeout: 30_000 });
    const raw = host.fake.messages.at(-1)?.raw ?? '';
    assert.ok(raw.includes(strings.fixInFile(label)), raw.slice(-2000));
    assert.equal(readFileSync(join(host.folder, 'retry.js'), 'utf8'), retry, 'nothing before Apply');
    await card.locator('[data-do="apply"]').click();
    await host.see(`Fixed-${asked}.`);
    await host.idle();
    assert.equal(readFileSync(join(host.folder, 'retry.js'), 'utf8'), retry.replace('m;', 'n;'));
    assertNoRefusals(host.fake);
    return raw;
  }

  it('by /fix asks about the problems of the file where nothing is selected, and about what is selected', async () => {
    answer();
    await host.send('/fix without new names');
    const raw = await endsInCard('retry.js:2');
    assert.ok(raw.includes(problem) && raw.includes('without new names') && !raw.includes('/fix'), raw.slice(-2000));
  });

  it('by /fix with lines that are selected asks about those', async () => {
    await host.open('retry.js', [1, 3]);
    answer();
    await host.send('/fix');
    await endsInCard('retry.js:1-3');
  });

  it('by Fix Selection ends in a card', async () => {
    await host.open('retry.js', [1, 3]);
    answer();
    await host.run('prelude.fixSelection');
    await endsInCard('retry.js:1-3');
  });

  it('by the lightbulb ends in a card', async () => {
    answer();
    const { keyboard } = host.session.page;
    const menu = host.session.page.locator('.action-widget').first();
    // The menu closes when a language service has something new to say, and one that came before the problem has no fix.
    await eventually(async () => {
      if (await menu.isVisible()) await keyboard.press('Escape');
      await host.run('workbench.action.focusActiveEditorGroup');
      await keyboard.press('Control+.');
      await menu.getByText(strings.fixAction()).click({ timeout: 5000 });
    }, 40_000);
    await endsInCard('retry.js:2');
  });
});
