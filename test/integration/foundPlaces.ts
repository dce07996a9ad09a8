/** What the list of conversations finds on another branch of one, and in lines that went along with a message. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { reply } from '../fakeClaude/script';
import { assertNoRefusals, type ChatHost, eventually } from './chatHost';
import { ask, idle, openList, see } from './listHost';

/** Has a chat of two branches and selected lines found by words of each, and clicks on what was found. */
export async function goesToWhatTheListFinds(host: ChatHost, panel: Frame): Promise<void> {
  const found = async (words: string) => {
    await openList(panel);
    await panel.locator('.listSearch').fill(words);
    await panel.locator('.rowOpen', { has: panel.locator('mark', { hasText: words }) }).click();
    await eventually(async () => assert.equal(await panel.locator('.findText').inputValue(), words));
    await eventually(async () => assert.equal(await panel.locator('.findCount').innerText(), '1 of 1'));
  };
  // A second try finds what the first one has said as well.
  const word = (kind: string) => `${kind}${Date.now().toString(36)}`;
  const [zebra, giraffe, okapi] = [word('zebra'), word('giraffe'), word('okapi')];
  await host.run('prelude.newChat');
  await panel.locator('.answer').first().waitFor({ state: 'detached' });
  writeFileSync(join(host.folder, 'src/zoo.ts'), `export const keeper = 1;\nexport const ${okapi} = 2;\n`);
  await host.open('src/zoo.ts');
  await host.session.evaluate((vscode) => {
    const editor = vscode.window.activeTextEditor;
    if (editor !== undefined) editor.selection = new vscode.Selection(1, 0, 2, 0);
  });
  await host.run('prelude.addSelection');
  await panel.locator('.chip .chipLabel', { hasText: 'zoo.ts:2' }).first().waitFor();
  host.fake.enqueue(reply.text(`It is a ${zebra}.`), reply.text(`It is a ${giraffe}.`));
  await ask(host.session, panel, 'Which animal?');
  await see(panel, `It is a ${zebra}.`);
  await idle(panel);
  await panel.locator('.answer.last [data-step="retry"]').click();
  await see(panel, `It is a ${giraffe}.`);
  await idle(panel);
  await found(zebra);
  await panel.locator('.answer', { hasText: zebra }).waitFor();
  assert.equal(await panel.locator('.branchPlace').innerText(), '1 of 2');
  await host.session.page.keyboard.press('Escape');
  await found(okapi);
  await eventually(async () => assert.match(await panel.locator('.sentText').innerText(), new RegExp(okapi)));
  await host.session.page.keyboard.press('Escape');
  await host.session.evaluate((vscode) => vscode.commands.executeCommand('workbench.action.closeAllEditors'));
  await openList(panel);
  await panel.locator('.listSearch').fill('');
  assertNoRefusals(host.fake);
}
