import assert from 'node:assert/strict';
import { noSpending } from '../../src/shared/usage';
import { usageViewStrings } from '../../src/webview/l10n/usageViewStrings';

import { saying, sayingOnly } from '../texts';

import { loadAxe, violations } from './axe';
import { type PanelBench, startBench } from './panelPage';
import { notDoneWords } from './refused';
import { themeNames } from './themes';
import { emptyReport, someReport, spending, UsagePage } from './usagePage';

const hour = 3_600_000;

describe('The usage view', () => {
  let bench: PanelBench;
  let usage: UsagePage;
  /** axe itself does what the view's policy forbids. */
  let axeRan = false;

  before(async () => {
    bench = await startBench();
  });
  afterEach(async () => {
    const { problems } = usage;
    await usage.close();
    if (!axeRan) assert.deepEqual(problems, [], 'no error, and nothing that the content security policy refused');
    axeRan = false;
  });

  it('asks for thirty days by the clock of whoever looks, a day with 25 hours among them', async () => {
    // Clocks went back on 1 November 2026 in New York.
    usage = await UsagePage.open(bench, { timeZone: 'America/New_York', now: Date.UTC(2026, 10, 22, 12) });
    const [asked] = await usage.said('usageReport');
    assert.ok(asked);
    assert.equal(asked.days.length, 31);
    assert.equal(asked.all, false);
    const lengths = asked.days.slice(1).map((end, index) => (end - (asked.days[index] ?? 0)) / hour);
    assert.deepEqual(
      lengths.filter((length) => length !== 24),
      [25],
    );
    assert.equal(asked.days.at(-1), Date.UTC(2026, 10, 23, 5), 'today ends at midnight in New York');
    assert.equal(asked.days[0], Date.UTC(2026, 9, 24, 4));
  });

  it('knows a day with 23 hours, and one in a zone without a whole hour', async () => {
    usage = await UsagePage.open(bench, { timeZone: 'Europe/Berlin', now: Date.UTC(2026, 3, 5, 12) });
    const lengths = ([asked]: Awaited<ReturnType<typeof usage.said<'usageReport'>>>): readonly number[] =>
      (asked?.days ?? []).slice(1).map((end, index) => (end - (asked?.days[index] ?? 0)) / hour);
    assert.deepEqual(
      lengths(await usage.said('usageReport')).filter((length) => length !== 24),
      [23],
    );
    await usage.close();
    usage = await UsagePage.open(bench, { timeZone: 'Asia/Kathmandu', now: Date.UTC(2026, 10, 22, 12) });
    const [asked] = await usage.said('usageReport');
    assert.equal(asked?.days.at(-1), Date.UTC(2026, 10, 22, 18, 15));
  });

  it('says what each column of its tables is', async () => {
    usage = await UsagePage.open(bench);
    await usage.answer(someReport());
    const heads = (table: string): Promise<readonly string[]> =>
      usage.page.locator(`${table} thead th`).allTextContents();
    const sums = [usageViewStrings.total(), usageViewStrings.saved()];
    const { read, written, input, output, requests, hitRate, tokensIn, tokensOut } = usageViewStrings;
    const parts = [read(), written(), input(), output()];
    assert.deepEqual(await heads('.asTable'), [usageViewStrings.day(), ...parts, ...sums, requests()]);
    const [model, conversation] = ['section[aria-label="By model"]', 'section[aria-label="By conversation"]'];
    const tokens = [tokensIn(), tokensOut()];
    assert.deepEqual(await heads(model), [usageViewStrings.model(), ...sums, hitRate(), ...tokens, requests()]);
    assert.deepEqual(await heads(conversation), [usageViewStrings.conversation(), ...sums, hitRate(), requests()]);
  });

  it('tells searches of the web apart, where there were any', async () => {
    usage = await UsagePage.open(bench, { width: 420 });
    const report = someReport();
    const day = spending(0.1, 0.2, 0.05, 0.25, 3);
    const searched = { ...day, usd: { ...day.usd, searches: 0.07, uncached: day.usd.uncached + 0.07 } };
    await usage.answer({ ...report, days: [...report.days.slice(0, -1), searched] });
    const { page } = usage;
    assert.match(await usage.words('.card'), /\$0\.67/);
    const title = (day: number) => page.locator('.plot .day').nth(day).locator('title').textContent();
    assert.match((await title(29)) ?? '', /: \$0\.67\n(?:.+\n){3}Output: \$0\.25\nWeb searches: \$0\.070$/);
    assert.doesNotMatch((await title(28)) ?? '', new RegExp(usageViewStrings.searches()));
    assert.equal(await page.locator('.plot .day').last().locator('.bar').count(), 5);
    assert.equal(await page.locator('.legend li').last().innerText(), usageViewStrings.searches());
    const table = page.locator('.asTable');
    await table.locator('summary').click();
    const column = (await table.locator('thead th').allTextContents()).indexOf(usageViewStrings.searches());
    assert.ok(column > 0);
    const cells = (row: number) => table.locator('tbody tr').nth(row).locator('th, td').allTextContents();
    assert.deepEqual([(await cells(0))[column], (await cells(1))[column]], ['$0.070', '$0.00']);
  });

  it('shows sums, bars by day, models and conversations, and what the cache saved', async () => {
    usage = await UsagePage.open(bench);
    const report = someReport();
    const today = spending(0.1, 0.2, 0.05, 0.25, 3);
    await usage.answer({ ...report, days: [...report.days.slice(0, -1), today] });
    assert.match(
      await usage.words('.card'),
      /^Today \$0\.60 Saved by the cache ?\$0\.86 Cache hit rate ?\d+% Requests ?3$/,
    );
    assert.equal(await usage.page.locator('.plot .day').count(), 30);
    assert.equal(await usage.page.locator('.plot .day').last().locator('.bar').count(), 4);
    const title = await usage.page.locator('.plot .day').last().locator('title').textContent();
    assert.match(
      title ?? '',
      /: \$0\.60\nCache reads: \$0\.10\nCache writes: \$0\.20\nUncached input: \$0\.050\nOutput: \$0\.25$/,
    );
    const rows = await usage.page.locator('section[aria-label="By model"] tbody tr').allInnerTexts();
    assert.match(rows[0] ?? '', /^Opus 4\.8\s/);
    assert.match(rows[1] ?? '', /^someone\/else\s+—\s+—/, 'an unknown price is no zero');
    const conversations = await usage.page
      .locator(`section[aria-label="${usageViewStrings.byConversation()}"] tbody tr`)
      .allInnerTexts();
    assert.deepEqual(
      conversations.map((row) => row.split('\t')[0]?.trim()),
      [
        'Why does login retry twice when the server is slow and the network goes away?',
        'New chat',
        usageViewStrings.others(12),
        usageViewStrings.deleted(),
      ],
    );
    await usage.page.locator('[data-conversation="c1"]').click();
    assert.deepEqual(await usage.said('usageConversation'), [{ type: 'usageConversation', id: 'c1' }]);
  });

  it('has the numbers of the plot in a table that opens from the keyboard', async () => {
    usage = await UsagePage.open(bench);
    const report = someReport();
    await usage.answer(report);
    const label = await usage.page.locator('.bars').getAttribute('aria-label');
    assert.match(label ?? '', /^Bars: cost by day over the last 30 days, \$[\d.]+ in all, most on \w+day/);
    const summary = usage.page.locator('.asTable summary');
    await summary.focus();
    await usage.page.keyboard.press('Enter');
    const rows = usage.page.locator('.asTable tbody tr');
    assert.equal(await rows.count(), report.days.filter(({ requests }) => requests > 0).length);
    assert.equal(await usage.page.locator('.asTable thead th').count(), 8);
  });

  it('has as many cells in each row as columns, and names each column', async () => {
    usage = await UsagePage.open(bench);
    await usage.answer(someReport());
    const tables = await usage.page.locator('.tableFrame table').evaluateAll((all) =>
      all.map((table) => ({
        names: [...table.querySelectorAll('thead th')].map((cell) => cell.textContent?.trim() ?? ''),
        widths: [...table.querySelectorAll('tbody tr')].map((row) => row.children.length),
      })),
    );
    assert.equal(tables.length, 3);
    for (const { names, widths } of tables) {
      assert.ok(widths.length > 0 && names.every((name) => name !== ''));
      assert.equal(new Set(names).size, names.length);
      assert.deepEqual([...new Set(widths)], [names.length]);
    }
  });

  it('switches between this workspace and all, and stays so when its document is made anew', async () => {
    usage = await UsagePage.open(bench);
    await usage.answer(someReport());
    assert.equal(await usage.words('[aria-pressed="true"]'), usageViewStrings.thisWorkspace('shop'));
    assert.equal(await usage.page.locator('.where').count(), 0);
    await usage.page.locator('[data-scope="all"]').click();
    const asked = await usage.said('usageReport', 2);
    assert.equal(asked.at(-1)?.all, true);
    await usage.answer(someReport());
    assert.deepEqual(await usage.page.locator('.where').allTextContents(), ['shop', 'tools']);
    await usage.page.reload();
    await usage.said('usageEnvironment');
    await usage.start();
    assert.equal((await usage.said('usageReport')).at(-1)?.all, true);
  });

  it('takes no late answer, and asks again when something was spent', async () => {
    usage = await UsagePage.open(bench);
    await usage.said('usageReport');
    await usage.page.locator('[data-scope="all"]').click();
    await usage.said('usageReport', 2);
    await usage.answer(emptyReport);
    await usage.reply('usageReport', { ok: true, value: someReport() }, 1);
    assert.match(await usage.words('.empty'), sayingOnly(usageViewStrings.empty(30)));
    await usage.post({ type: 'usageChanged' });
    assert.equal((await usage.said('usageReport', 3)).at(-1)?.all, true);
  });

  it('says so where nothing was spent, where prices are unknown and where sums cannot be read', async () => {
    usage = await UsagePage.open(bench, { demo: true });
    await usage.answer(emptyReport);
    assert.match(await usage.words('.note'), saying(usageViewStrings.demo()));
    assert.match(
      await usage.words('.empty'),
      /Nothing was spent in the last 30 days\. Other workspaces may have more\./,
    );
    const unknown = { ...noSpending, requests: 3, unpriced: 3, tokens: { ...noSpending.tokens, output: 5 } };
    await usage.post({ type: 'usageChanged' });
    await usage.said('usageReport', 2);
    await usage.answer({ ...emptyReport, days: [...emptyReport.days.slice(0, -1), unknown] });
    assert.match(await usage.words('.card'), /^Today — Saved by the cache ?— Cache hit rate ?— Requests ?3$/);
    assert.match(await usage.words('.usage'), saying(usageViewStrings.unpriced(3)));
    await usage.post({ type: 'usageChanged' });
    await usage.said('usageReport', 3);
    await usage.reply('usageReport', { ok: false, reason: { text: 'The disk is busy.' } });
    assert.match(
      await usage.words('[role="alert"]'),
      sayingOnly(notDoneWords('usageReport', 'The disk is busy. Try Again')),
    );
    await usage.page.locator('[data-do="reload"]').click();
    await usage.said('usageReport', 4);
  });

  it('tells a loss as one: writing the cache may cost more than reading it saved', async () => {
    usage = await UsagePage.open(bench);
    await usage.answer({ ...emptyReport, days: [...emptyReport.days.slice(0, -1), spending(0, 1, 0, 0.1)] });
    assert.match(await usage.words('.card'), /Saved by the cache ?−\$0\.20/);
  });

  for (const theme of themeNames) {
    for (const width of [260, 900]) {
      it(`reads and fits at ${width} px, ${theme}`, async () => {
        usage = await UsagePage.open(bench, { theme, width });
        await usage.answer(someReport());
        axeRan = true;
        await loadAxe(usage.page);
        assert.deepEqual(await violations(usage.page, theme), []);
        const overflow = await usage.page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        assert.ok(overflow <= 0, `${overflow} px too wide`);
      });
    }
  }
});
