/** What was spent, and what may be: the guard, a turn's cost and the usage view, in a real VS Code over the fake API. */

import assert from 'node:assert/strict';
import type { Frame, Locator } from 'playwright-core';
import { spendStrings } from '../../src/webview/l10n/spend';
import { missReasons, transcriptStrings } from '../../src/webview/l10n/transcriptStrings';
import { reply } from '../fakeClaude/script';
import { letters, sayingOnly, some, strings } from '../texts';
import { assertNoRefusals, type ChatHost, eventually, openChatHost } from './chatHost';

/** About a tenth of a dollar of output with each. */
const words = 'Something to think about. '.repeat(400);
const lookUp = (id: string) => reply.text(words).toolUse('read_file', { path: 'a.ts' }, id);

describe('Spending in VS Code', () => {
  let host: ChatHost;

  before(async () => {
    host = await openChatHost({
      goesOn: true,
      files: { 'a.ts': 'export const a = 1;\n', 'big.ts': 'export const b = 2;\n'.repeat(1500) },
    });
  });
  after(async () => {
    await host?.close();
  });
  afterEach(async function () {
    host?.fake.allowRequests();
    if (this.currentTest?.state === 'failed') await host?.session.saveFailure(this.currentTest.fullTitle());
  });

  const limit = (setting: 'spend.perTurn' | 'spend.perDay', usd: number | null | undefined): Promise<void> =>
    host.session.evaluate(
      async (vscode, [name, value]) => {
        const global = vscode.ConfigurationTarget.Global;
        await vscode.workspace.getConfiguration('prelude').update(name, value, global);
      },
      [setting, usd] as const,
    );
  const notice = async (): Promise<Locator> => (await host.frame()).locator('.answer.last .notice');
  const usage = (): Promise<Frame> => host.session.webview('.usage .card');
  const cost = async (): Promise<number> =>
    Number(/\$([\d.]+)/.exec(await (await host.frame()).locator('.answer.last .turnCost').innerText())?.[1]);

  it('pauses a turn at its limit, goes on as the same turn, and ends when told to stop', async () => {
    await host.run('prelude.newChat');
    await limit('spend.perTurn', 0.15);
    host.fake.enqueue(lookUp('toolu_1'), lookUp('toolu_2'), reply.text('Looked up.'));
    await host.send('Look it up');
    await (await notice()).waitFor();
    assert.match(
      await (await notice()).locator('.noticeText').innerText(),
      new RegExp(
        `^\\$0\\.\\d+ spent in \\d steps?\\. (${letters(spendStrings.nextOverTurn(some, '$0.15'))}|${letters(spendStrings.turnLimit('$0.15'))})$`,
      ),
    );
    const panel = await host.frame();
    await panel.locator('.answer.last [data-step="stop"]').waitFor();
    await eventually(async () => {
      const more = panel.locator('.answer.last [data-step="continue"]');
      // The turn may end between the two.
      if ((await more.count()) > 0) await more.click({ timeout: 1000 });
      assert.match(await panel.locator('.transcript').innerText(), /Looked up\./);
    });
    await host.idle();
    assert.equal(await panel.locator('.user').count(), 1);
    assert.equal(await panel.locator('.answer').count(), 1);
    assert.equal(host.fake.messages.length, 3);

    host.fake.enqueue(lookUp('toolu_3'), lookUp('toolu_4'));
    await host.send('Once more');
    await panel.locator('.answer.last [data-step="stop"]').click();
    await panel.locator('.answer.last .stopped').waitFor();
    assert.equal(await panel.locator('.answer.last .notice').count(), 0);
    assertNoRefusals(host.fake);
  });

  it('never pauses with the limits off', async () => {
    await limit('spend.perTurn', 0);
    host.fake.enqueue(lookUp('toolu_5'), lookUp('toolu_6'), reply.text('No pause.'));
    await host.send('And again');
    await host.see('No pause.');
    await host.idle();
    await limit('spend.perTurn', undefined);
  });

  it('pauses at the limit of the day in any conversation', async () => {
    await limit('spend.perDay', 0.2);
    await host.run('prelude.newChat');
    await host.send('Anything left?');
    const [over, next] = [spendStrings.dayLimit('$0.20'), spendStrings.nextOverDay(some, '$0.20')].map(letters);
    await host.see(new RegExp(`${letters(spendStrings.today(some))}\\s+(${over}|${next})`));
    await limit('spend.perDay', undefined);
    host.fake.enqueue(reply.text('There is now.'));
    await (await host.frame()).locator('.answer.last [data-step="continue"]').click();
    await host.see('There is now.');
    await host.idle();
  });

  it('says below the answer that the cache was missed, and asks only Anthropic’s own address why', async () => {
    await host.session.evaluate(async (vscode) => {
      const global = vscode.ConfigurationTarget.Global;
      await vscode.workspace.getConfiguration('prelude').update('cache.ttl', '5m', global);
    });
    await host.run('prelude.newChat');
    await (await host.frame()).locator('.answer').first().waitFor({ state: 'detached' });
    await host.open('big.ts');
    await (await host.frame()).locator('.filesChip').waitFor();
    host.fake.enqueue(reply.text('The first of them.'));
    await host.send('A new one');
    await host.see('The first of them.');
    await host.idle();
    host.fake.clock.advance(6 * 60_000);
    host.fake.enqueue(reply.text('Once more.'));
    await host.send('And?');
    await host.see('Once more.');
    await host.idle();
    assert.equal(host.fake.messages.at(-1)?.body.diagnostics, undefined);
    const line = (await host.frame()).locator('.answer.last .cacheMiss');
    assert.match(
      await line.innerText(),
      sayingOnly(transcriptStrings.missedPriced(missReasons.unknown(), `$0.${some}`)),
    );
    await host.session.evaluate(async (vscode) => {
      const global = vscode.ConfigurationTarget.Global;
      await vscode.workspace.getConfiguration('prelude').update('cache.ttl', undefined, global);
    });
    assertNoRefusals(host.fake);
  });

  it('opens what a turn’s cost was for, from the keyboard too', async () => {
    const panel = await host.frame();
    const button = panel.locator('.answer.last .turnCost');
    assert.equal(await button.getAttribute('title'), transcriptStrings.turnTable());
    await button.focus();
    await host.session.page.keyboard.press('Enter');
    const table = panel.locator('.answer.last .turnUsage');
    await table.locator('tr').first().waitFor();
    const rows = (await table.locator('tr').allInnerTexts()).map((row) => row.replace(/\s+/g, ' '));
    assert.ok(rows.includes('Requests 1'), rows.join());
    assert.match(rows.at(-1) ?? '', /^Cost \$0\.\d+$/);
    await host.session.page.keyboard.press('Enter');
    await table.waitFor({ state: 'hidden' });
  });

  it('shows usage in a tab that the conversation’s cost opens, and what is spent there at once', async () => {
    const panel = await host.frame();
    await panel.locator('.totalCost').click();
    const view = await usage();
    const today = async (): Promise<number> => {
      const frame = await usage();
      return Number(/\$([\d.]+)/.exec(await frame.locator('.card .sum').first().innerText())?.[1]);
    };
    const before = await today();
    assert.ok(before > 0.5, `${before}`);
    assert.equal(await view.locator('.plot .day').count(), 30);
    assert.ok((await view.locator('[data-conversation]').count()) >= 3);
    host.fake.enqueue(reply.text(`${words}That is all.`));
    await host.send('More, please');
    await host.see('That is all.');
    await host.idle();
    const turn = await cost();
    assert.ok(turn > 0.05);
    await eventually(async () => assert.ok(Math.abs((await today()) - before - turn) < 0.011, `${await today()}`));
    await host.run('prelude.showUsage');
    const tabs = await host.session.evaluate(async (vscode) =>
      vscode.window.tabGroups.all.flatMap(({ tabs: all }) => all.map(({ label }) => label)),
    );
    assert.equal(tabs.filter((label) => label === strings.usageTab()).length, 1);
  });

  it('opens a conversation from there in the side bar', async () => {
    const view = await usage();
    await view.locator('[data-conversation]', { hasText: 'Look it up' }).click();
    await host.see('Looked up.');
  });
});
