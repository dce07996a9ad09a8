/** Where conversations belong: each workspace has its own, and none is lost when a folder is known by another name. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { reply } from '../fakeClaude/script';
import type { OtherWindow } from '../vscode/window';
import { type ChatHost, eventually, openChatHost } from './chatHost';
import { ask, idle, openList, panelIn, row, see } from './listHost';

const gitConfig = '[remote "origin"]\n\turl = https://example.com/me/shop.git\n';

describe('The history of a workspace', () => {
  let host: ChatHost;
  let base: string;
  const windows: OtherWindow[] = [];

  before(async () => {
    host = await openChatHost({ files: { 'src/app.ts': 'export const app = 1;\n' } });
    base = mkdtempSync(join(tmpdir(), 'prelude-moved-'));
    for (const name of ['shop', 'bank']) {
      mkdirSync(join(base, name, '.git'), { recursive: true });
      writeFileSync(join(base, name, `${name}.ts`), 'export const x = 1;\n');
      if (name === 'shop') writeFileSync(join(base, name, '.git', 'config'), gitConfig);
    }
  });

  after(async () => {
    await host?.close();
    rmSync(base, { recursive: true, force: true });
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') {
      const folder = await host?.session.saveFailure(this.currentTest.fullTitle());
      for (const [index, { page }] of windows.entries())
        await page.screenshot({ path: join(folder, `other${index}.png`) }).catch(() => {});
    }
    for (const window of windows.splice(0)) await window.close();
  });

  const open = async (workspace: string): Promise<{ readonly window: OtherWindow; readonly panel: Frame }> => {
    const window = await host.session.openWindow(join(base, workspace));
    windows.push(window);
    await window.evaluate(async (vscode) => {
      await vscode.commands.executeCommand('prelude.focusChat');
    });
    return { window, panel: await panelIn(window, 'sidebar') };
  };

  it('is its own: two workspaces keep two, and the list says what it hides (L7)', async () => {
    const shop = await open('shop');
    host.fake.enqueue(reply.text('The shop answers.'));
    await ask(shop.window, shop.panel, 'A question of the shop');
    await see(shop.panel, 'The shop answers.');
    await idle(shop.panel);
    const bank = await open('bank');
    assert.equal(await bank.panel.locator('.answer').count(), 0);
    host.fake.enqueue(reply.text('The bank answers.'));
    await ask(bank.window, bank.panel, 'A question of the bank');
    await see(bank.panel, 'The bank answers.');
    await idle(bank.panel);
    await openList(bank.panel);
    await row(bank.panel, 'A question of the bank').waitFor();
    assert.equal(await bank.panel.locator('.listRow').count(), 1);
    await see(bank.panel, '1 conversation of another workspace is hidden.');
    await bank.panel.locator('[data-list="showHidden"]').click();
    const other = row(bank.panel, 'A question of the shop');
    await other.waitFor();
    assert.match(await other.innerText(), /shop/);
    // Opened here, it is still the shop's.
    await other.locator('.rowOpen').click();
    await see(bank.panel, 'The shop answers.');
  });

  it('goes on in a saved workspace that has the folder in it (L1)', async () => {
    writeFileSync(join(base, 'both.code-workspace'), JSON.stringify({ folders: [{ path: 'shop' }, { path: 'bank' }] }));
    const { panel } = await open('both.code-workspace');
    await openList(panel);
    await row(panel, 'A question of the shop').waitFor();
    await row(panel, 'A question of the bank').waitFor();
    assert.equal(await panel.locator('.listHidden').count(), 0);
  });

  it('is offered when the folder was renamed, comes on request, and goes back (L1)', async () => {
    renameSync(join(base, 'shop'), join(base, 'store'));
    const { panel } = await open('store');
    assert.equal(await panel.locator('.answer').count(), 0);
    await openList(panel);
    await panel.locator('.listOffer').waitFor();
    assert.match(await panel.locator('.listOffer').innerText(), /1 conversation .*shop/);
    assert.equal(await panel.locator('.listRow').count(), 0);
    await panel.locator('[data-list="adopt"]').click();
    await row(panel, 'A question of the shop').waitFor();
    await panel.locator('[data-list="putBack"]').click();
    await row(panel, 'A question of the shop').waitFor({ state: 'detached' });
    await panel.locator('[data-list="adopt"]').click();
    await row(panel, 'A question of the shop').locator('.rowOpen').click();
    await see(panel, 'The shop answers.');
    await openList(panel);
    await panel.locator('[data-list="dismiss"]').click();
    await eventually(async () => assert.equal(await panel.locator('.listOffer').count(), 0));
    assert.equal(await row(panel, 'A question of the shop').count(), 1);
  });
});
