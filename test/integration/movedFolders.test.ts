/** Where conversations belong: each workspace has its own, and none is lost when a folder is known by another name. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Frame } from 'playwright-core';
import { reply } from '../fakeClaude/script';
import type { OtherWindow } from '../vscode/window';
import { afterTry, type ChatHost, eventually, openChatHost, openRoots } from './chatHost';
import { ask, idle, openList, panelIn, row, see } from './listHost';

interface Opened {
  readonly window: OtherWindow;
  readonly panel: Frame;
}

describe('The history of a workspace', () => {
  let host: ChatHost;
  let base: string;
  /** True while the folders are as `twoFolders` left them. */
  let made = false;
  const folders: string[] = [];
  const windows: OtherWindow[] = [];

  before(async () => {
    host = await openChatHost({ files: { 'src/app.ts': 'export const app = 1;\n' } });
  });

  after(async () => {
    await host?.close();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  afterEach(async function () {
    if (this.currentTest?.state !== 'passed') {
      const folder = await host?.session.saveFailure(`${this.currentTest?.fullTitle()}`);
      for (const [index, { page }] of windows.entries())
        await page.screenshot({ path: join(folder, `other${index}.png`) }).catch(() => {});
    }
    for (const window of windows.splice(0)) await window.close();
    if (this.currentTest?.state !== 'passed') made = false;
    await afterTry(host, this.currentTest);
  });

  /** Two folders, each with a conversation. */
  const twoFolders = async (): Promise<Record<'shop' | 'bank', Opened>> => {
    base = mkdtempSync(join(tmpdir(), 'prelude-moved-'));
    folders.push(base);
    const make = async (name: 'shop' | 'bank'): Promise<Opened> => {
      mkdirSync(join(base, name, '.git'), { recursive: true });
      writeFileSync(join(base, name, `${name}.ts`), 'export const x = 1;\n');
      // One address for each try: what belongs to another one's folder is not offered.
      const url = `https://example.com/me/${basename(base)}.git`;
      if (name === 'shop') writeFileSync(join(base, name, '.git', 'config'), `[remote "origin"]\n\turl = ${url}\n`);
      const opened = await open(name);
      assert.equal(await opened.panel.locator('.answer').count(), 0);
      host.fake.enqueue(reply.text(`The ${name} answers.`));
      await ask(opened.window, opened.panel, `A question of the ${name}`);
      await see(opened.panel, `The ${name} answers.`);
      await idle(opened.panel);
      return opened;
    };
    const both = { shop: await make('shop'), bank: await make('bank') };
    made = true;
    return both;
  };

  /** The folders of the test before this one, or new ones where that failed. */
  const history = async (): Promise<void> => {
    if (made) return;
    for (const { window } of Object.values(await twoFolders())) await window.close();
  };

  const open = async (workspace: string): Promise<Opened> =>
    openChatIn(await host.session.openWindow(join(base, workspace)));

  const openChatIn = async (window: OtherWindow): Promise<Opened> => {
    windows.push(window);
    await window.evaluate(async (vscode) => {
      await vscode.commands.executeCommand('prelude.focusChat');
    });
    return { window, panel: await panelIn(window, 'sidebar') };
  };

  it('is its own: two workspaces keep two, and the list says what it hides (L7)', async () => {
    const { bank } = await twoFolders();
    await openList(bank.panel);
    await row(bank.panel, 'A question of the bank').waitFor();
    assert.equal(await bank.panel.locator('.listRow').count(), 1);
    assert.match(
      await bank.panel.locator('.listHidden').innerText(),
      /conversations? of (?:an)?other workspaces? (?:is|are) hidden/,
    );
    await bank.panel.locator('[data-list="showHidden"]').click();
    const other = row(bank.panel, 'A question of the shop').first();
    await other.waitFor();
    assert.match(await other.innerText(), /shop/);
    // Opened here, it is still the shop's.
    await other.locator('.rowOpen').click();
    await see(bank.panel, 'The shop answers.');
  });

  it('goes on in a saved workspace that has the folder in it (L1)', async () => {
    await history();
    writeFileSync(join(base, 'both.code-workspace'), JSON.stringify({ folders: [{ path: 'shop' }, { path: 'bank' }] }));
    const { panel } = await openChatIn(await openRoots(host.session, join(base, 'both.code-workspace'), 2));
    await openList(panel);
    await row(panel, 'A question of the shop').waitFor();
    await row(panel, 'A question of the bank').waitFor();
    assert.equal(await panel.locator('.listRow').count(), 2, 'and none of what an earlier try left elsewhere');
  });

  it('is offered when the folder was renamed, comes on request, and goes back (L1)', async () => {
    await history();
    made = false;
    renameSync(join(base, 'shop'), join(base, 'store'));
    const { panel } = await open('store');
    assert.equal(await panel.locator('.answer').count(), 0);
    // In the empty chat, and in the list.
    await panel.locator('.empty .listOffer').waitFor();
    assert.match(await panel.locator('.empty .listOffer').innerText(), /1 conversation .*shop/);
    await openList(panel);
    const offer = panel.locator('.conversations .listOffer');
    await offer.waitFor();
    assert.match(await offer.innerText(), /1 conversation .*shop/);
    assert.equal(await panel.locator('.listRow').count(), 0);
    await offer.locator('[data-list="adopt"]').click();
    await row(panel, 'A question of the shop').waitFor();
    await offer.locator('[data-list="putBack"]').click();
    await row(panel, 'A question of the shop').waitFor({ state: 'detached' });
    // By the empty chat this time: the list shows what came.
    await panel.locator('[data-list="close"]').click();
    await panel.locator('.empty .listOffer [data-list="adopt"]').click();
    await row(panel, 'A question of the shop').locator('.rowOpen').click();
    await see(panel, 'The shop answers.');
    await openList(panel);
    await offer.locator('[data-list="dismiss"]').click();
    await eventually(async () => assert.equal(await offer.count(), 0));
    assert.equal(await row(panel, 'A question of the shop').count(), 1);
  });
});
