/** Reloads, moves and clicks at the wrong moment, and a store that is locked, deleted or damaged. */

import assert from 'node:assert/strict';
import { closeSync, openSync, readdirSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { toolStrings } from '../../src/core/tools/words/strings';
import { strings as panelStrings } from '../../src/webview/l10n/strings';
import { reply } from '../fakeClaude/script';
import { loadAxe, violations } from '../panel/axe';
import { filled, saying, sayingOnly, some, strings } from '../texts';
import { afterTry, assertNoRefusals, type ChatHost, eventually, openChatHost, transcriptText } from './chatHost';
import { inStore, openList, row } from './listHost';
import { stallRipgrep } from './stalledRipgrep';

const pause = (ms: number): Promise<void> => sleep(ms);
const count = (text: string, part: string): number => text.split(part).length - 1;

describe('An interrupted chat', () => {
  let host: ChatHost;

  before(async () => {
    host = await openChatHost({ files: { 'src/app.ts': 'export const app = 1;\n' } });
    await host.open('src/app.ts');
    await host.run('prelude.focusChat');
  });

  after(async () => {
    await host?.close();
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'passed') assertNoRefusals(host.fake);
    await afterTry(host, this.currentTest);
  });

  const messagesText = (): string => JSON.stringify(host.fake.messages.at(-1)?.body.messages ?? []);
  const draft = async (): Promise<string> => (await host.frame()).locator('.composerText').inputValue();
  const databaseFolder = (): string => join(host.session.globalStoragePath, 'prelude.prelude');
  const reload = async (): Promise<void> => {
    await host.session.reload();
    await host.run('prelude.focusChat');
  };
  /** Asks and sees the answer. */
  const ask = async (question: string, answer: string): Promise<void> => {
    host.fake.enqueue(reply.text(answer));
    await host.send(question);
    await host.see(answer);
    await host.idle();
  };
  /** Everything that the store holds, as one text. */
  const stored = (): Promise<string> =>
    host.session.evaluate((_vscode, folder) => {
      const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
      const { readdirSync: list } = process.getBuiltinModule('node:fs');
      const name = list(folder).find((file) => /\.db$/.test(file) && !file.includes('damaged'));
      const database = new DatabaseSync(`${folder}/${name}`, { readOnly: true });
      const rows = database.prepare('SELECT body FROM entries ORDER BY seq').all();
      database.close();
      return rows.map((row) => String(row['body'])).join('\n');
    }, databaseFolder());

  it('is whole again after it was hidden in the middle of an answer (L19)', async () => {
    const held = host.fake.hold();
    await host.send('Look away for a while');
    await held.push('Seen, ');
    await host.see('Seen,');
    await host.run('workbench.action.closeAuxiliaryBar');
    await held.push('written unseen, ');
    await pause(300);
    await host.run('prelude.focusChat');
    await host.see('Seen, written unseen,');
    await held.push('and seen again.');
    await host.see('Seen, written unseen, and seen again.');
    await held.end();
    await host.idle();
    assert.equal(count(await transcriptText(host), 'written unseen'), 1);
  });

  it('goes on when the view is moved into the panel and back in the middle of an answer', async () => {
    const move = (destinationId: string): Promise<void> =>
      host.run('vscode.moveViews', { viewIds: ['prelude.chat'], destinationId });
    const held = host.fake.hold();
    await host.send('Move house');
    await held.push('In the side bar, ');
    await host.see('In the side bar,');
    await (await host.frame()).locator('.composerText').fill('A draft that moves along');
    await move('workbench.panel.markers');
    await host.run('prelude.focusChat');
    await held.push('in the panel, ');
    await host.see('In the side bar, in the panel,');
    await eventually(async () => assert.equal(await draft(), 'A draft that moves along'));
    await move('workbench.view.extension.prelude');
    await host.run('prelude.focusChat');
    await held.push('and at home.');
    await host.see('In the side bar, in the panel, and at home.');
    await held.end();
    await host.idle();
    await eventually(async () => assert.equal(await draft(), 'A draft that moves along'));
  });

  it('loses no character that is typed while an answer streams', async () => {
    const panel = await host.frame();
    const held = host.fake.hold();
    await host.send('Speak while I type');
    await held.push('Here it comes:\n\n');
    await panel.locator('.composerText').click();
    const text = 'the quick brown fox jumps over the lazy dog, 0123456789 times. '.repeat(3);
    const streaming = (async () => {
      for (let line = 0; line < 60; line += 1) await held.push(`- **Item ${line}** with \`code\` and words\n`);
    })();
    await host.session.page.keyboard.type(text, { delay: 3 });
    await streaming;
    assert.equal(await draft(), text);
    await held.end();
    await host.idle();
    assert.equal(await draft(), text);
    await panel.locator('.composerText').fill('');
  });

  it('sends one message for a doubled Enter', async () => {
    const before = host.fake.messages.length;
    const panel = await host.frame();
    await panel.locator('.composerText').fill('Only once');
    await panel.locator('.composerText').focus();
    const { keyboard } = host.session.page;
    await Promise.all([keyboard.press('Enter'), keyboard.press('Enter'), keyboard.press('Enter')]);
    await host.fake.untilMessages(before + 1);
    await host.idle();
    await pause(300);
    assert.equal(host.fake.messages.length, before + 1);
    assert.equal(await panel.locator('.turn.user', { hasText: 'Only once' }).count(), 1);
  });

  it('is back after two reloads in a row in the middle of an answer, as it was left, and goes on (L1, L2)', async () => {
    const held = host.fake.hold();
    await host.send('Reload me twice');
    await held.push('Before both reloads ');
    await host.see('Before both reloads');
    const before = await transcriptText(host);
    const place = async (): Promise<number> =>
      (await host.frame()).locator('.transcript').evaluate((box) => Math.round(box.scrollTop));
    const tail = await place();
    const panel = await host.frame();
    await panel.locator('.composerText').fill('Not sent yet, so do not lose me');
    await panel.locator('.transcript').hover();
    await host.session.page.mouse.wheel(0, -150);
    await eventually(async () => assert.ok((await place()) < tail - 100));
    const read = await place();
    // The draft is told a little after the last key; VS Code keeps what a view tells it a moment later.
    await host.session.page.waitForTimeout(800);
    await host.session.reload();
    await reload();
    await host.see('Before both reloads');
    await host.idle();
    await eventually(async () => assert.equal(await place(), read, 'what was read is where it was'));
    const after = await transcriptText(host);
    assert.match(after, /Reload me twice[\s\S]*Before both reloads[\s\S]*interrupted/);
    for (const line of ['Move house', 'Speak while I type', 'Only once'])
      assert.ok(before.includes(line) && after.includes(line), line);
    assert.equal(await draft(), 'Not sent yet, so do not lose me');
    await (await host.frame()).locator('.composerText').fill('');
    host.fake.enqueue(reply.text('and after them.'));
    await (await host.frame()).locator('[data-step="continue"]').last().click();
    await host.see('and after them.');
    await host.idle();
    assert.match(messagesText(), /Before both reloads/);
  });

  it('answers a tool that a reload cut off, and goes on', async () => {
    await stallRipgrep(host);
    host.fake.enqueue(reply.text('I search for it.').toolUse('search_text', { query: 'app' }));
    await host.send('Search, and be cut off');
    await host.see(filled(toolStrings.search('app').running));
    await reload();
    await host.see('I search for it.');
    await host.idle();
    await ask('After the search', 'There was nothing to find.');
    assert.match(messagesText(), /I search for it/);
  });

  it('has the words in the chat or in the composer when the window is reloaded right after Send (L2)', async () => {
    await host.send('Sent in the last moment');
    await pause(20);
    await reload();
    await eventually(async () => {
      // The answer, which repeats the words, may have come before the reload.
      const all = `${await transcriptText(host)}\n${await draft()}`.replaceAll('You said: Sent', '');
      assert.equal(count(all, 'Sent in the last moment'), 1, all.slice(-300));
    });
    await host.idle();
    await (await host.frame()).locator('.composerText').fill('');
    await ask('After the last moment', 'Still here.');
    assert.ok(count(messagesText().replaceAll('You said: Sent', ''), 'Sent in the last moment') <= 1);
  });

  it('waits for a store that another program has locked for three seconds', async () => {
    await host.session.evaluate((_vscode, folder) => {
      const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
      const { readdirSync: list } = process.getBuiltinModule('node:fs');
      const database = new DatabaseSync(`${folder}/${list(folder).find((file) => file.endsWith('.db'))}`);
      // The window may be writing.
      database.exec('PRAGMA busy_timeout = 5000');
      database.exec('BEGIN IMMEDIATE');
      setTimeout(() => {
        database.exec('COMMIT');
        database.close();
      }, 3000);
    }, databaseFolder());
    await ask('While it is locked', 'It was worth the wait.');
    assert.match(await stored(), /While it is locked/);
  });

  it('stores the whole answer of a chat that was left for a new one in the middle of it (L6)', async () => {
    const held = host.fake.hold();
    await host.send('Go on without me');
    await held.push('Alone now, ');
    await host.see('Alone now,');
    await host.run('prelude.newChat');
    await (await host.frame()).locator('.answer').first().waitFor({ state: 'detached' });
    await held.push('but to the very end.');
    await held.end();
    await eventually(async () => assert.match(await stored(), /Alone now, but to the very end\./));
    await ask('A new chat beside it', 'Quite new.');
    assert.doesNotMatch(await transcriptText(host), /Alone now/);
    assert.doesNotMatch(messagesText(), /Alone now/);
  });

  it('names a conversation that cannot be opened, and opens it with Retry as soon as it can be (L73)', async () => {
    await reload();
    await host.idle();
    const panel = await host.frame();
    await openList(panel);
    const listed = row(panel, 'Look away for a while');
    await listed.waitFor();
    // Its entries cannot be found for a while.
    inStore(host.session, (db) => db.exec('ALTER TABLE entries RENAME TO entriesAway'));
    try {
      await listed.locator('.rowOpen').click();
      await panel.getByText(panelStrings.unopened('Look away for a while')).waitFor();
      await panel.getByText(panelStrings.othersOpen()).waitFor();
      assert.equal(await panel.locator('.composerText').isVisible(), false);
    } finally {
      inStore(host.session, (db) => db.exec('ALTER TABLE entriesAway RENAME TO entries'));
    }
    await panel.locator('[data-unopened] [data-step="retry"]').click();
    await host.see('Seen, written unseen, and seen again.');
    await ask('After it was opened', 'It is whole.');
  });

  it('sets a damaged store aside, says where, and chats on with a fresh one (L3)', async () => {
    const name = readdirSync(databaseFolder()).find((file) => file.endsWith('.db')) ?? '';
    // Nothing of it is still to be written when the window has been left.
    await host.session.evaluate(
      (_vscode, file) => {
        const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
        const database = new DatabaseSync(file);
        database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
        database.close();
      },
      join(databaseFolder(), name),
    );
    const file = openSync(join(databaseFolder(), name), 'r+');
    writeSync(file, Buffer.alloc(8192, 0x5a), 0, 8192, 0);
    closeSync(file);
    await host.session.reload();
    await host.run('prelude.focusChat');
    await host.session.page
      .getByText(saying(strings.keptDamaged(some)))
      .first()
      .waitFor({ timeout: 20_000 });
    assert.ok(readdirSync(databaseFolder()).some((other) => /damaged.*\.db$/.test(other)));
    const isShown = (part: string): Promise<boolean> => host.session.page.locator(`.part.${part}`).isVisible();
    assert.deepEqual([await isShown('auxiliarybar'), await isShown('sidebar')], [true, false], 'its place is the same');
    await ask('After the damage', 'A fresh start.');
    assert.match(await stored(), /After the damage/);
  });

  it('keeps what it shows when the store is deleted under it', async () => {
    for (const name of readdirSync(databaseFolder())) {
      if (!name.includes('damaged')) rmSync(join(databaseFolder(), name));
    }
    await ask('After the deletion', 'As if nothing had been.');
    const text = await stored();
    assert.match(text, /After the deletion/);
    assert.match(text, /After the damage/, 'what was shown is in the new store');
    await reload();
    await host.see('As if nothing had been.');
    await host.see('A fresh start.');
  });

  it('says in its place that the start failed, and shows the chat after Retry (L73)', async () => {
    const folder = databaseFolder();
    await host.idle();
    // Nothing can be opened there: a file has its name.
    renameSync(folder, `${folder}.away`);
    writeFileSync(folder, '');
    await host.session.reload();
    // It fails as the view does, which says why.
    await host.run('prelude.focusChat').catch(() => undefined);
    const failed = await host.session.webview('#retry');
    assert.match(
      await failed.locator('[role="alert"]').innerText(),
      sayingOnly(strings.notStarted(), some, strings.retry()),
    );
    await loadAxe(failed);
    assert.deepEqual(await violations(failed, 'dark'), []);
    rmSync(folder);
    renameSync(`${folder}.away`, folder);
    await failed.locator('#retry').click();
    await host.see('As if nothing had been.');
    await host.see('A fresh start.');
    await ask('After the failed start', 'Here again.');
  });
});
