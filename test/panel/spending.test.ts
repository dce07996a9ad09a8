import assert from 'node:assert/strict';
import type { CacheMissReason, Outcome } from '../../src/shared/chat';
import type { SpendPause } from '../../src/shared/spendPause';
import { dollars } from '../../src/webview/l10n/format';
import { spendStrings } from '../../src/webview/l10n/spend';
import { strings } from '../../src/webview/l10n/strings';
import { missReasons, transcriptStrings } from '../../src/webview/l10n/transcriptStrings';
import { usageStrings } from '../../src/webview/l10n/usageStrings';
import { usageViewStrings } from '../../src/webview/l10n/usageViewStrings';
import { saying, sayingOnly } from '../texts';
import { answer, chat, text, user } from './chats';
import { conversation, type PanelBench, PanelPage, startBench } from './panelPage';
import { themeNames } from './themes';

const question = user('u1', 'Why?');
const pause: SpendPause = {
  kind: 'spendLimit',
  per: 'turn',
  limitUsd: 2,
  spentUsd: 1.981,
  nextUsd: 0.041,
  steps: 31,
  unpriced: 0,
};
const usage = { input: 900, cacheRead: 176_000, cacheWrite5m: 9_800, cacheWrite1h: 1_200, output: 3_400 };

function ended(outcome: Outcome, more: Parameters<typeof answer>[2] = {}) {
  return chat([question, answer('u1', [text('a', 'Some of it.')], { outcome, ...more })]);
}

describe('What is spent, in the panel', () => {
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

  it('says why a turn paused, and goes on or ends by one button each', async () => {
    panel = await PanelPage.open(bench, { state: ended(pause) });
    const cases: readonly (readonly [Partial<SpendPause>, string])[] = [
      [{}, `$1.98 spent in 31 steps. ${spendStrings.nextOverTurn('$0.041', '$2.00')}`],
      [{ spentUsd: 2.3 }, `$2.30 spent in 31 steps. ${spendStrings.turnLimit('$2.00')}`],
      [{ steps: 0, spentUsd: 0, nextUsd: 2.4 }, spendStrings.nextOverTurn('$2.40', '$2.00')],
      [
        { steps: 1, unpriced: 1 },
        `$1.98 spent in 1 step. ${spendStrings.nextOverTurn('$0.041', '$2.00')} 1 step is not counted: its price is unknown.`,
      ],
      [
        { per: 'day', limitUsd: 5, spentUsd: 4.99 },
        `$4.99 spent today. ${spendStrings.nextOverDay('$0.041', '$5.00')}`,
      ],
      [
        { per: 'day', limitUsd: 5, spentUsd: 5.5, nextUsd: null, unpriced: 2 },
        `$5.50 spent today. ${spendStrings.dayLimit('$5.00')} 2 steps are not counted: their price is unknown.`,
      ],
      [{ nextUsd: null, tokens: { limit: 2_000_000, spent: 1_912_000, next: 96_000 } }, spendStrings.longTurn()],
    ];
    for (const [change, words] of cases) {
      await panel.snapshot({ state: ended({ ...pause, ...change }) });
      await panel.settled();
      assert.equal(await panel.words('.noticeText'), words);
    }
    const buttons = panel.page.locator('.notice button');
    assert.deepEqual(await buttons.allTextContents(), ['Continue', 'Stop']);
    assert.equal(await panel.page.locator('.notice .button').count(), 1, 'one primary button');
    await panel.page.locator('[data-step="continue"]').click();
    assert.deepEqual(await panel.said('continue'), [{ type: 'continue', conversation }]);
    await panel.page.locator('.notice [data-step="stop"]').click();
    assert.deepEqual(await panel.said('stop'), [{ type: 'stop', conversation }]);
  });

  it('tells a screen reader that it paused', async () => {
    panel = await PanelPage.open(bench, { state: ended(pause, { outcome: null, endedAt: null }) });
    await panel.events({ type: 'answerEnded', answer: 'u1', at: Date.now(), outcome: pause });
    assert.match(await panel.words('.live'), saying(spendStrings.spent(31, '$1.98')));
  });

  it('pops up what a turn’s cost was for, output included (L12), and closes by Escape', async () => {
    panel = await PanelPage.open(bench, { state: ended({ kind: 'done' }, { usage, requests: 7, usd: 0.43 }) });
    const button = panel.page.locator('.turnCost');
    assert.equal(await panel.words('.turnCost'), '$0.43 · 12 s');
    assert.equal(await button.getAttribute('title'), transcriptStrings.turnTable());
    assert.equal(await panel.page.locator('.turnUsage tr').count(), 0, 'nothing of it is there until it is asked for');
    await button.focus();
    await panel.page.keyboard.press('Enter');
    const table = panel.page.locator('.turnUsage');
    await table.locator('tr').first().waitFor();
    assert.deepEqual(
      (await table.locator('tr').allInnerTexts()).map((row) => row.split('\t')),
      [
        [usageStrings.model(), 'Opus 4.8'],
        [usageStrings.input(), '900'],
        [usageStrings.read(), '176k'],
        [usageStrings.written5m(), '9.8k'],
        [usageStrings.written1h(), '1.2k'],
        ['Output', '3.4k'],
        ['Requests', '7'],
        [usageViewStrings.hitRate(), '94%'],
        ['Cost', '$0.43'],
      ],
    );
    const [box, place] = await Promise.all([table.boundingBox(), button.boundingBox()]);
    assert.ok(box && place);
    assert.ok(Math.abs(box.x + box.width - place.x - place.width) < 8, 'at the end of its button');
    assert.ok(box.y + box.height <= place.y + 1 || box.y >= place.y + place.height - 1, 'covers not its button');
    await panel.page.keyboard.press('Escape');
    await table.waitFor({ state: 'hidden' });
    assert.equal(await panel.page.evaluate(() => document.activeElement?.className), 'turnCost');
  });

  it('says there what searches of the web cost', async () => {
    const searched = { ...usage, searches: 2 };
    panel = await PanelPage.open(bench, {
      state: ended({ kind: 'done' }, { usage: searched, requests: 1, usd: 0.43 }),
    });
    await panel.page.locator('.turnCost').click();
    const rows = panel.page.locator('.turnUsage tr');
    await rows.first().waitFor();
    const words = (await rows.allInnerTexts()).map((row) => row.split('\t'));
    assert.deepEqual(
      words.find(([name]) => name === usageStrings.searches()),
      [usageStrings.searches(), usageStrings.searchesFor(2, dollars(0.02))],
    );
  });

  for (const theme of themeNames) {
    it(`fits the pop-up into a narrow panel, ${theme}`, async () => {
      const state = ended({ kind: 'done' }, { usage, requests: 7, usd: null });
      panel = await PanelPage.open(bench, { theme, width: 260, height: 500, state });
      await panel.page.locator('.turnCost').click();
      const table = panel.page.locator('.turnUsage');
      await table.locator('tr').first().waitFor();
      assert.match(await panel.words('.turnUsage'), /Cost—\s?Unknown price: spend limits count this model’s tokens\./);
      const box = await table.boundingBox();
      assert.ok(
        box && box.x >= 0 && box.x + box.width <= 260 && box.y >= 0 && box.y + box.height <= 500,
        JSON.stringify(box),
      );
    });
  }

  it('says below an answer why the cache was missed, each reason once, when it has ended', async () => {
    const reasons: readonly (readonly [CacheMissReason, RegExp])[] = [
      ['model', sayingOnly(transcriptStrings.missedPriced(missReasons.model(), '$0.11'))],
      ['effort', saying(missReasons.effort())],
      ['system', saying(missReasons.system())],
      ['tools', saying(missReasons.tools())],
      ['messages', saying(missReasons.messages())],
      ['update', saying(missReasons.update())],
      ['thinking', saying(missReasons.thinking())],
      ['image', saying(missReasons.image())],
      ['expired', saying(missReasons.expired())],
      ['gone', saying(missReasons.gone())],
      ['notFound', saying(missReasons.notFound())],
      ['unknown', saying(missReasons.unknown())],
    ];
    const cacheMisses = reasons.map(([reason]) => ({ reason, tokens: 18_400, usd: 0.11 }));
    panel = await PanelPage.open(bench, { width: 260, state: ended({ kind: 'done' }, { cacheMisses }) });
    const lines = await panel.page.locator('.cacheMiss').allInnerTexts();
    assert.equal(lines.length, reasons.length);
    for (const [index, [, words]] of reasons.entries()) assert.match(lines[index] ?? '', words);
    const overflow = await panel.page.evaluate(() => {
      const box = document.querySelector('.transcript');
      return box === null ? 1 : box.scrollWidth - box.clientWidth;
    });
    assert.equal(overflow, 0);
    const first = { type: 'answerStarted', id: 'u2', at: Date.now(), model: 'claude-opus-4-8' } as const;
    const used = { type: 'usage', answer: 'u2', usage, usd: null } as const;
    const cacheMiss = { reason: 'expired', tokens: 1000, usd: null } as const;
    await panel.events(first, { ...used, cacheMiss }, used, { ...used, cacheMiss });
    assert.equal(await panel.page.locator('.answer.running .cacheMiss').count(), 0);
    await panel.events({ type: 'answerEnded', answer: 'u2', at: Date.now(), outcome: { kind: 'done' } });
    assert.deepEqual(await panel.page.locator('.answer.last .cacheMiss').allInnerTexts(), [
      transcriptStrings.missed(missReasons.expired()),
    ]);
  });

  it('says nothing of a turn that asked for nothing', async () => {
    panel = await PanelPage.open(bench, { state: ended({ kind: 'stopped' }, { requests: 0, usd: 0 }) });
    assert.equal(await panel.page.locator('button.turnCost').count(), 0);
  });

  it('opens usage from what the conversation cost', async () => {
    const state = { ...ended({ kind: 'done' }), usage, requests: 31 };
    panel = await PanelPage.open(bench, { state });
    const total = panel.page.locator('.totalCost');
    assert.equal(await total.getAttribute('title'), strings.openUsage(strings.spent('$0.42'), 31));
    await total.click();
    assert.deepEqual(await panel.said('do'), [{ type: 'do', action: 'showUsage' }]);
  });
});
