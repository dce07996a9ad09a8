/** Many conversations: several at once, in the side bar and as editor tabs, and the list of them. */

import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Frame, Locator } from 'playwright-core';
import { listStrings } from '../../src/webview/l10n/listStrings';
import { reply } from '../fakeClaude/script';
import { inAll } from '../short';
import { strings } from '../texts';
import { afterTry, assertNoRefusals, type ChatHost, eventually, openChatHost } from './chatHost';
import { goesToWhatTheListFinds } from './foundPlaces';
import { ask, focusIn, idle, inStore, openList, panelIn, row, see } from './listHost';

/** By whichever title it has: a second try may find it renamed. */
const third = /The third question|Renamed by hand/;

describe('Several conversations in one window', () => {
  let host: ChatHost;

  before(async () => {
    host = await openChatHost({ files: { 'src/app.ts': 'export const app = 1;\n' } });
    await host.session.page.setViewportSize({ width: 1500, height: 900 });
  });

  after(async () => {
    await host?.close();
  });

  afterEach(async function () {
    await afterTry(host, this.currentTest);
  });

  const sidebar = (): Promise<Frame> => panelIn(host.session, 'sidebar');
  const tab = (): Promise<Frame> => panelIn(host.session, 'editor');
  const tabs = (): Promise<readonly string[]> =>
    host.session.evaluate((vscode) =>
      vscode.window.tabGroups.all.flatMap((group) =>
        group.tabs
          .filter(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.includes('prelude.chatTab'))
          .map(({ label }) => label),
      ),
    );

  it('answer at the same time, and a new chat leaves the one that runs alone (L6)', async () => {
    const panel = await sidebar();
    const first = host.fake.hold();
    await ask(host.session, panel, 'The first question');
    await first.push('First: half of it, ');
    await see(panel, 'First: half of it,');
    await host.run('prelude.newChat');
    await panel.locator('.answer').first().waitFor({ state: 'detached' });
    const second = host.fake.hold();
    await ask(host.session, panel, 'The second question');
    await second.push('Second: half of it, ');
    await see(panel, 'Second: half of it,');
    await openList(panel);
    await eventually(async () => assert.equal(await panel.locator('.listRow .rowState.running').count(), 2));
    // Both go on; what arrives in the one that is not shown is there when it is.
    await first.push('and more.');
    await row(panel, 'The first question').locator('.rowOpen').click();
    await see(panel, 'First: half of it, and more.');
    await second.push('and the rest.');
    await second.end();
    await first.end();
    await idle(panel);
    await openList(panel);
    await eventually(async () => assert.equal(await panel.locator('.rowState.running').count(), 0));
    await row(panel, 'The second question').locator('.rowOpen').click();
    await see(panel, 'Second: half of it, and the rest.');
    assertNoRefusals(host.fake);
  });

  it('keep their drafts, each its own (L2)', async () => {
    const panel = await sidebar();
    // No pause: what was typed just before the switch counts too.
    await panel.locator('.composerText').fill('A draft for the second');
    await openList(panel);
    await row(panel, 'The first question').locator('.rowOpen').click();
    await see(panel, 'First: half of it, and more.');
    await eventually(async () => assert.equal(await panel.locator('.composerText').inputValue(), ''));
    await panel.locator('.composerText').fill('A draft for the first');
    await openList(panel);
    await row(panel, 'The second question').locator('.rowOpen').click();
    await eventually(async () =>
      assert.equal(await panel.locator('.composerText').inputValue(), 'A draft for the second'),
    );
    await panel.locator('.composerText').fill('');
    await openList(panel);
    await row(panel, 'The first question').locator('.rowOpen').click();
    await eventually(async () =>
      assert.equal(await panel.locator('.composerText').inputValue(), 'A draft for the first'),
    );
    await panel.locator('.composerText').fill('');
    // Told at once when the text loses the focus.
    await panel.locator('.composerText').blur();
  });

  it('open as editor tabs, and two views of one conversation stay in step', async () => {
    await host.run('prelude.openInEditor');
    const editor = await tab();
    await see(editor, 'First: half of it, and more.');
    assert.deepEqual(await tabs(), ['The first question']);
    const held = host.fake.hold();
    await ask(host.session, editor, 'Asked in the tab');
    await held.push('Heard in both, ');
    await see(editor, 'Heard in both,');
    const panel = await sidebar();
    await see(panel, 'Heard in both,');
    assert.equal(await panel.locator('[data-do="stop"]').count(), 1);
    await held.push('to the end.');
    await held.end();
    await see(panel, 'Heard in both, to the end.');
    await see(editor, 'Heard in both, to the end.');
    await host.run('prelude.copyChat');
    const copied = await host.session.evaluate((vscode) => vscode.env.clipboard.readText());
    assert.match(copied, /Asked in the tab/);
    // Opening it again shows the tab that is there.
    await host.run('prelude.openInEditor');
    assert.equal((await tabs()).length, 1);
    assertNoRefusals(host.fake);
  });

  it('have their list in a column where there is room, and a new chat in the tab that asks for it', async () => {
    const editor = await tab();
    await editor.locator('.panel.listColumn').waitFor();
    await host.run('workbench.action.focusActiveEditorGroup');
    await host.run('prelude.newChatInTab');
    await editor.locator('.answer').first().waitFor({ state: 'detached' });
    assert.deepEqual(await tabs(), ['New chat']);
    assert.equal(await (await sidebar()).locator('.answer').count(), 2, 'the side bar shows what it showed');
    host.fake.enqueue(reply.text('Third.'));
    await ask(host.session, editor, 'The third question');
    await see(editor, 'Third.');
    await idle(editor);
    await eventually(async () => assert.deepEqual(await tabs(), ['The third question']));
    await row(editor, 'The third question').waitFor();
    assert.equal(
      await editor
        .locator('.listRow.current')
        .innerText()
        .then((text) => text.includes('third')),
      true,
    );
  });

  it('are there again after a reload, each in its place, one in mid-answer (L1)', async () => {
    const editor = await tab();
    const held = host.fake.hold();
    await ask(host.session, editor, 'Asked in the tab before the reload');
    await held.push('Half of an answer in a tab, ');
    await see(editor, 'Half of an answer in a tab,');
    await host.session.reload();
    const again = await tab();
    await see(again, 'Half of an answer in a tab,');
    await see(again, 'Third.');
    assert.deepEqual(await tabs(), ['The third question']);
    await host.run('prelude.focusChat');
    await see(await sidebar(), 'Heard in both, to the end.');
    host.fake.enqueue(reply.text('the other half.'));
    await again.locator('[data-step="continue"]').last().click();
    await see(again, 'the other half.');
    await idle(again);
    assertNoRefusals(host.fake);
  });

  it('go on when their tab is hidden or closed', async () => {
    const editor = await tab();
    const held = host.fake.hold();
    await ask(host.session, editor, 'Asked before it is closed');
    await held.push('Nobody looks, ');
    await see(editor, 'Nobody looks,');
    await host.open('src/app.ts');
    await held.push('and it goes on, ');
    await host.run('workbench.action.closeAllEditors');
    assert.deepEqual(await tabs(), []);
    await held.push('closed or not.');
    await held.end();
    assert.equal((await held.request).aborted, false);
    await host.run('prelude.focusChat');
    const panel = await sidebar();
    await openList(panel);
    await row(panel, third).locator('.rowState.unread').waitFor();
    await row(panel, third).locator('.rowOpen').click();
    await see(panel, 'Nobody looks, and it goes on, closed or not.');
    await openList(panel);
    await eventually(async () => assert.equal(await panel.locator('.rowState.unread').count(), 0));
  });

  it('are found by what was said in them, on another branch and in lines that were sent along, too', async () => {
    const panel = await sidebar();
    await openList(panel);
    await panel.locator('.listSearch').fill('heard both');
    await eventually(async () => assert.equal(await panel.locator('.listRow').count(), 1));
    assert.match(await panel.locator('.listRow').innerText(), /The first question[\s\S]*Heard in both/);
    await panel.locator('.rowOpen').click();
    await eventually(async () => assert.equal(await panel.locator('.findText').inputValue(), 'Heard'));
    await eventually(async () => assert.match(await panel.locator('.findCount').innerText(), /1/));
    await host.session.page.keyboard.press('Escape');
    await panel.locator('.findBox').waitFor({ state: 'detached' });
    await goesToWhatTheListFinds(host, panel);
    await openList(panel);
    await panel.locator('.listSearch').fill('nobody said this');
    await see(panel, listStrings.noneFound());
    await panel.locator('.listSearch').fill('');
    await eventually(async () => assert.ok((await panel.locator('.listRow').count()) > 3));
    await row(panel, third).locator('.rowOpen').click();
    await see(panel, 'Nobody looks, and it goes on, closed or not.');
  });

  it('take another title, in the list, in the title row and on their tab', async () => {
    const panel = await sidebar();
    await host.run('prelude.openInEditor');
    // A tab that has just been opened takes the focus, and with it ends what is written elsewhere.
    const editor = await tab();
    await eventually(async () =>
      assert.ok(
        await editor.evaluate(() => document.hasFocus() && document.activeElement?.className === 'composerText'),
      ),
    );
    await openList(panel);
    const target = row(panel, third);
    await target.hover();
    await target.locator('[data-row="rename"]').click();
    const field = panel.locator('.rowRename');
    await field.fill('Renamed by hand');
    await field.press('Enter');
    await row(panel, 'Renamed by hand').waitFor();
    await eventually(async () => assert.deepEqual(await tabs(), ['Renamed by hand']));
    await eventually(async () => assert.match(await panel.locator('.title').innerText(), /Renamed by hand/));
    await host.run('workbench.action.closeAllEditors');
  });

  it('are deleted with a way back, and then for good', async () => {
    const panel = await sidebar();
    await openList(panel);
    const target = row(panel, third);
    await target.locator('.rowOpen').focus();
    await host.session.page.keyboard.press('Delete');
    await target.waitFor({ state: 'detached' });
    // It was shown: a new chat is in its place, and its own words come back with it.
    await panel.locator('.answer').first().waitFor({ state: 'detached' });
    await panel.locator('[data-list="undo"]').click();
    await see(panel, 'Nobody looks, and it goes on, closed or not.');
    await openList(panel);
    await target.waitFor();
    const doomed = row(panel, /The (?:second|first) question/).last();
    const title = await doomed.locator('.rowTitle').innerText();
    await doomed.locator('.rowOpen').focus();
    await host.session.page.keyboard.press('Delete');
    await row(panel, title).waitFor({ state: 'detached' });
    await see(panel, listStrings.deleted(title));
    await panel.locator('[data-list="deleteForever"]').click();
    await panel.locator('.listUndo').waitFor({ state: 'detached' });
    await eventually(() =>
      inStore(host.session, (db) =>
        assert.equal(db.prepare('SELECT 1 FROM conversations WHERE title = ?').get(title), undefined),
      ),
    );
    await row(panel, title).waitFor({ state: 'detached' });
    await row(panel, third).waitFor();
  });

  it('stand in groups by the day of their last word', async () => {
    const panel = await sidebar();
    const noon = (days: number): number => new Date(new Date().setDate(new Date().getDate() - days)).setHours(12);
    inStore(host.session, (db) => {
      const move = db.prepare('UPDATE conversations SET updatedAt = ? WHERE id = ?');
      const all = db.prepare('SELECT id FROM conversations').all();
      for (const [at, { id }] of all.entries()) move.run(noon(at === 0 ? 1 : 3), String(id));
    });
    await host.run('prelude.newChat');
    host.fake.enqueue(reply.text('Today.'));
    await ask(host.session, panel, 'Which day is it');
    await see(panel, 'Today.');
    await openList(panel);
    const days = [listStrings.today(), listStrings.yesterday(), listStrings.previousDays()];
    await eventually(async () => assert.deepEqual(await panel.locator('.listGroup').allTextContents(), days));
    await row(panel, 'Which day is it').locator('.rowOpen').click();
  });

  const focusWindow = (focused: boolean): Promise<void> => focusIn(host.session, focused);

  /** A driven VS Code shows no toasts: they are in its list. */
  const told = async (text: string): Promise<Locator> => {
    await host.run('notifications.showList');
    const item = host.session.page.locator('.notification-list-item', { hasText: text });
    await item.waitFor();
    return item;
  };

  it('tell of an answer and of a card while the window has no focus, unless that is off, and Show leads there', async () => {
    const panel = await sidebar();
    const tells = (on: boolean): Promise<void> =>
      host.session.evaluate(async (vscode, value) => {
        const global = vscode.ConfigurationTarget.Global;
        await vscode.workspace.getConfiguration('prelude').update('notifications', value, global);
      }, on);
    const answered = async (question: string): Promise<void> => {
      await host.run('prelude.newChat');
      await panel.locator('.answer').first().waitFor({ state: 'detached' });
      const held = host.fake.hold();
      await ask(host.session, panel, question);
      await held.push(`${question}: yes.`);
      await see(panel, `${question}: yes.`);
      await focusWindow(false);
      await held.end();
      await idle(panel);
      await openList(panel);
      await row(panel, question).locator('.rowState.unread').waitFor();
    };
    try {
      await tells(false);
      await answered('Is it quiet');
      await focusWindow(true);
      await tells(true);
      await answered('Is it loud');
      await host.run('prelude.newChat');
      const item = await told(strings.notified.unread('Is it loud'));
      assert.equal(await host.session.page.locator('.notification-list-item', { hasText: 'Is it quiet' }).count(), 0);
      await focusWindow(true);
      await item.getByText(strings.show(), { exact: true }).click();
      await see(panel, 'Is it loud: yes.');
      await openList(panel);
      await eventually(async () => assert.equal(await row(panel, 'Is it loud').locator('.rowState.unread').count(), 0));
      await row(panel, 'Is it loud').locator('.rowOpen').click();

      writeFileSync(join(host.folder, '.env'), 'KEY=1\n');
      host.fake.enqueue(reply.toolUse('read_file', { path: '.env' }), reply.text('It has a key.'));
      await focusWindow(false);
      await ask(host.session, panel, 'Read it');
      const asks = await told(strings.notified.asks('Is it loud'));
      // The view has the number of what waits.
      const badge = host.session.page.locator('.auxiliarybar .badge .badge-content');
      await eventually(async () => assert.deepEqual(await badge.allTextContents(), ['1']));
      await host.run('prelude.newChat');
      await focusWindow(true);
      await asks.getByText(strings.show(), { exact: true }).click();
      const card = panel.locator('.approval');
      await card.waitFor();
      assert.equal(host.fake.messages.at(-1)?.raw.includes('KEY=1'), false, 'nothing is allowed by that');
      await card.locator('[data-allow="once"]').click();
      await see(panel, 'It has a key.');
      await eventually(async () => assert.equal(await badge.locator('visible=true').count(), 0));
      await idle(panel);
    } finally {
      await focusWindow(true);
      await host.run('notifications.clearAll');
      await host.run('notifications.hideList');
    }
    assertNoRefusals(host.fake);
  });

  inAll.it('are exported by VS Code’s own dialogs and their keys: one or all, as Markdown and as JSON', async () => {
    const { page } = host.session;
    const box = page.locator('.quick-input-widget');
    const to = join(host.folder, 'exports');
    mkdirSync(to, { recursive: true });
    const exported = async (command: string, format: 'Markdown' | 'JSON', path: string): Promise<void> => {
      const done = host.run(command);
      await box.locator('.monaco-list-row', { hasText: format }).first().waitFor();
      await page.keyboard.type(format);
      await page.keyboard.press('Enter');
      const field = box.locator('input').first();
      // The dialog begins with a place of its own, and puts it there when it has looked.
      const isFolder = path.endsWith('/');
      await eventually(async () => assert.match(await field.inputValue(), isFolder ? /\/$/ : /\.(?:md|json)$/));
      await eventually(async () => {
        await field.fill(path);
        await delay(300);
        assert.equal(await field.inputValue(), path);
      });
      await eventually(async () => {
        if (await box.isVisible()) await page.keyboard.press('Enter');
        assert.equal(await box.isVisible(), false);
      });
      // A file of Markdown is opened; of all else it is said where it is.
      if (format === 'JSON' || isFolder)
        await told(strings.exported(isFolder ? strings.exportFolder() : basename(path)));
      await host.run('notifications.clearAll');
      await done;
    };
    await exported('prelude.exportChat', 'Markdown', join(to, 'one.md'));
    assert.match(readFileSync(join(to, 'one.md'), 'utf8'), /^# Is it loud[\s\S]*Is it loud: yes\./);
    await exported('prelude.exportChat', 'JSON', join(to, 'one.json'));
    await exported('prelude.exportAllChats', 'JSON', join(to, 'all.json'));
    await exported('prelude.exportAllChats', 'Markdown', `${to}/`);
    const json = (name: string): unknown => JSON.parse(readFileSync(join(to, name), 'utf8'));
    const one = json('one.json') as { readonly title: string; readonly entries: readonly object[] };
    assert.equal(one.title, 'Is it loud');
    assert.ok(one.entries.length > 3);
    const { conversations } = json('all.json') as { readonly conversations: readonly (typeof one)[] };
    assert.deepEqual(conversations[0], one);
    const files = readdirSync(join(to, strings.exportFolder()));
    assert.deepEqual([files.length, files.includes('Is it loud.md')], [conversations.length, true]);
    await host.run('workbench.action.closeAllEditors');
  });
});
