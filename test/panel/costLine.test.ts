/** What the next message costs: the line below the composer, and the popup of it. */
import assert from 'node:assert/strict';
import type { NextCost } from '../../src/shared/nextCost';
import { costPopupStrings } from '../../src/webview/l10n/costPopupStrings';
import { costStrings } from '../../src/webview/l10n/costStrings';
import { saying } from '../texts';
import { nextCost, unknownCost } from './costs';
import { baseComposer, baseEnvironment, conversation, type PanelBench, PanelPage, startBench } from './panelPage';

describe('The cost line', () => {
  let bench: PanelBench;
  let panel: PanelPage;

  before(async () => {
    bench = await startBench();
  });
  afterEach(async () => {
    const { problems } = panel;
    await panel.close();
    assert.deepEqual(problems, []);
  });

  const cost = async () => {
    await panel.settled();
    return (await panel.page.locator('.cost span:visible').allTextContents()).join('');
  };

  it('says what the next message costs in one figure of whole cents, and never a price it does not know', async () => {
    panel = await PanelPage.open(bench, { width: 260 });
    const range = costStrings.range('$0.02', '0.06');
    for (const width of [260, 400, 900]) {
      await panel.page.setViewportSize({ width, height: 700 });
      assert.equal(await cost(), range);
    }
    const spoken = () => panel.page.locator('.costLine').getAttribute('aria-label');
    const about = (words: string) => costStrings.spoken(costStrings.about(words));
    assert.equal(await spoken(), about(costStrings.spokenRange(2, '6 cents')));
    const shown = async (low: number, high: number) => {
      await panel.snapshot({ composer: { next: nextCost({ rangeUsd: { low, high } }) } });
      return cost();
    };
    assert.equal(await shown(0.036, 0.0449), costStrings.about('$0.04'));
    assert.equal(await shown(0.002, 0.0049), costStrings.below('$0.01'));
    assert.equal(await shown(0.002, 0.021), costStrings.below('$0.03'));
    assert.equal(await shown(0.5, 1.296), costStrings.range('$0.50', '1.30'));
    assert.equal(await spoken(), about(costStrings.spokenRange('0.50', '1.30 dollars')));
    // What is read out is what is shown.
    assert.equal(await shown(0.5, 0.996), costStrings.range('$0.50', '1.00'));
    assert.equal(await spoken(), about(costStrings.spokenRange('0.50', '1.00 dollars')));
    assert.equal(await shown(0.004, 0.94), costStrings.below('$0.95'));
    assert.equal(await spoken(), costStrings.spoken(costStrings.spokenBelow('95 cents')));
    assert.equal(await shown(0.0096, 0.0099), costStrings.about('$0.01'));
    assert.equal(await spoken(), about('1 cent'));
    await panel.snapshot({ composer: { next: unknownCost } });
    assert.equal(await cost(), '—');
    assert.equal(await panel.page.locator('.cost').getAttribute('class'), 'cost ');
  });

  it('gives a reason where the cost is unusual, on the line, once to a screen reader, and in another colour', async () => {
    const next = nextCost({ askUsd: 0.115, cachedTokens: 0, cache: { kind: 'cold' } });
    const colour = () => panel.page.locator('.cost').evaluate((element) => getComputedStyle(element).color);
    panel = await PanelPage.open(bench, { width: 260, composer: { next } });
    assert.equal(await cost(), costStrings.range('$0.02', '0.06'));
    assert.equal(await panel.words('.live'), '');
    const usual = await colour();
    const pausedSince = Date.now() - 2 * 3_600_000 - 60_000;
    await panel.post({ type: 'composer', conversation, composer: { ...baseComposer, next, pausedSince } });
    assert.equal(await cost(), costStrings.pause('$0.15', '2 h'));
    await panel.page.setViewportSize({ width: 400, height: 700 });
    assert.equal(await cost(), costStrings.pause(costStrings.about('$0.15'), '2 h'));
    const spoken = `${costStrings.spoken(costStrings.about('15 cents'))}, ${costStrings.spokenPause('2 hours')}`;
    assert.equal(await panel.words('.live'), spoken);
    assert.equal(await panel.page.locator('.costLine').getAttribute('aria-label'), spoken);
    assert.notEqual(await colour(), usual);
    // What is typed changes it.
    const more = { ...next, askUsd: 0.2 };
    await panel.post({ type: 'composer', conversation, composer: { ...baseComposer, next: more, pausedSince } });
    await panel.settled();
    assert.notEqual(await panel.page.locator('.costLine').getAttribute('aria-label'), spoken);
    assert.equal(await panel.words('.live'), spoken, 'said once');
    assert.equal(await panel.page.locator('.belowText [role="status"]').count(), 0);
  });

  it('says on hover what today has cost, of the limit where there is one', async () => {
    const title = () => panel.page.locator('.costLine').getAttribute('title');
    panel = await PanelPage.open(bench, { composer: { todayUsd: 1.2 } });
    assert.equal(await title(), costStrings.today('$1.20'));
    await panel.post({
      type: 'environment',
      environment: { ...baseEnvironment, limits: { perTurn: 2, perDay: 20 } },
    });
    await panel.settled();
    assert.equal(await title(), costStrings.todayOf('$1.20', '$20'));
  });

  it('shows what the next message is made of, and acts only when asked', async () => {
    panel = await PanelPage.open(bench);
    const line = panel.page.locator('.costLine');
    await line.click();
    await panel.settled();
    assert.equal(await line.getAttribute('aria-expanded'), 'true');
    const rows = await panel.page.locator('.costTable tbody tr').allTextContents();
    assert.deepEqual(
      rows.map((row) => row.replace(/\s+/g, ' ').trim()),
      [
        'Cached17.7k$0.0088',
        'New0',
        'Written736$0.0046',
        'Asking≈ 18.4k$0.013',
        'Output≈ 1.2k$0.031',
        'Together≈ $0.044',
      ],
    );
    const parts = await panel.page.locator('.windowParts li').allTextContents();
    assert.deepEqual(parts, [
      'Tools1.1k6%',
      'Instructions9005%',
      'Files and selection9.8k53%',
      'Conversation5k27%',
      'Images and documents1.6k9%',
    ]);
    assert.equal(await panel.page.locator('.segments rect').count(), 5);
    assert.equal(await panel.words('.countNote'), costPopupStrings.estimated());
    assert.ok(!(await panel.said()).some(({ type }) => type === 'countExactly'));
    await panel.page.locator('[data-do="countExactly"]').click();
    assert.deepEqual(await panel.said('countExactly'), [{ type: 'countExactly', conversation }]);
    const counted = nextCost({ counted: { kind: 'exact' } });
    await panel.post({ type: 'composer', conversation, composer: { ...baseComposer, next: counted } });
    await panel.settled();
    assert.equal(await panel.words('.countNote'), costPopupStrings.counted());
    await panel.page.locator('[data-do="countExactly"]').click({ force: true });
    assert.equal((await panel.said('countExactly')).length, 1, 'what is counted is not counted again');
    await panel.page.keyboard.press('Escape');
    await panel.settled();
    assert.equal(await panel.page.locator('.costPopup').count(), 0);
    await line.click();
    await panel.page.locator('[data-do="inspectRequest"]').click();
    assert.deepEqual(await panel.said('inspectRequest'), [{ type: 'inspectRequest', conversation }]);
    await panel.settled();
    assert.equal(await panel.page.locator('.costPopup').count(), 0);
    assert.ok(await line.evaluate((element) => element === document.activeElement));
  });

  it('says that an address does not count, and that a price is not known', async () => {
    const next: NextCost = { ...unknownCost, counted: { kind: 'failed', why: 'unsupported' } };
    panel = await PanelPage.open(bench, { composer: { next } });
    await panel.page.locator('.costLine').click();
    await panel.settled();
    assert.match(await panel.words('.countNote'), saying(costPopupStrings.countFailed.unsupported()));
    assert.deepEqual(await panel.page.locator('.costTable .sum td:last-child').allTextContents(), ['—', '—']);
  });

  it('warns by the window’s bar, in colours of their own and in words', async () => {
    const colour = async (tokens: number): Promise<string> => {
      const next = nextCost({ tokens, windowTokens: 200_000 });
      await panel.post({ type: 'composer', conversation, composer: { ...baseComposer, next } });
      await panel.settled();
      return (await panel.page.locator('.windowBar').getAttribute('class'))?.replace('windowBar', '').trim() ?? '';
    };
    panel = await PanelPage.open(bench);
    assert.deepEqual([await colour(158_000), await colour(161_000), await colour(191_000)], ['', 'high', 'full']);
    assert.match(
      (await panel.page.locator('.costLine').getAttribute('title')) ?? '',
      saying(costStrings.windowUsed('96%', 'Opus 4.8')),
    );
    assert.match(
      (await panel.page.locator('.costLine').getAttribute('aria-label')) ?? '',
      saying(costStrings.spokenWindow(96)),
    );
  });
});
