/** Compactions in the panel: offered, watched, read, undone (L17). */

import assert from 'node:assert/strict';
import { failureRow } from '../../src/shared/failure';
import { costPopupStrings } from '../../src/webview/l10n/costPopupStrings';
import { costStrings } from '../../src/webview/l10n/costStrings';
import { besideFailure } from '../../src/webview/l10n/failures';
import { transcriptStrings } from '../../src/webview/l10n/transcriptStrings';
import { usageViewStrings } from '../../src/webview/l10n/usageViewStrings';
import { saying } from '../texts';
import { answer, chat, compaction, failure, startedAt, text, user } from './chats';
import { nextCost } from './costs';
import { conversation, type PanelBench, PanelPage, startBench } from './panelPage';

const items = [user('u1', 'Why does login retry twice?'), answer('u1', [text('a', 'Because.')])] as const;

/** A request that fills so much of the window. */
function filled(percent: number, history = percent * 10_000) {
  const parts = { instructions: 900, tools: 1_100, files: 0, history, images: 0 };
  const isFull = percent >= 80;
  const summary = isFull ? { usd: 0.51, ownUsd: 0.51, modelName: 'Opus 4.8', byPrice: false, isFull } : null;
  return { next: nextCost({ tokens: percent * 10_000, summary, parts }) };
}

describe('A compaction in the panel', () => {
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

  const offers = (): Promise<number> => panel.page.locator('.compactOffer').count();

  it('is offered from 80 % of the window on, with its price', async () => {
    const state = chat(items);
    panel = await PanelPage.open(bench, { state, composer: filled(79) });
    assert.equal(await offers(), 0);
    await panel.snapshot({ state, composer: filled(83) });
    await panel.settled();
    assert.equal(
      await panel.words('.compactOffer .noticeText'),
      `${costPopupStrings.windowFills('83%', 'Opus 4.8')} ${costPopupStrings.fromSummary('$0.51')}`,
    );
    await panel.page.locator('.compactOffer [data-step="compact"]').click();
    assert.deepEqual(await panel.said('compact'), [{ type: 'compact', conversation }]);
    await panel.page.locator('.compactOffer [data-step="manageExcluded"]').click();
    assert.deepEqual(await panel.said('manageExcluded'), [{ type: 'manageExcluded', conversation }]);
    await panel.events({ type: 'activity', activity: { kind: 'waiting', since: startedAt } });
    assert.equal(await offers(), 0, 'not while a turn runs');
  });

  it('is not offered again after Not Now until much less room is left, not even by a reload', async () => {
    const state = chat(items);
    panel = await PanelPage.open(bench, { state, composer: filled(83) });
    await panel.page.locator('.compactOffer [data-do="notNow"]').click();
    await panel.settled();
    assert.equal(await offers(), 0);
    await panel.reload({ state, composer: filled(89) });
    assert.equal(await offers(), 0);
    await panel.snapshot({ state, composer: filled(90) });
    await panel.settled();
    assert.equal(await offers(), 1);
  });

  it('is not offered where it would not help: for files, after itself, and twice', async () => {
    panel = await PanelPage.open(bench, { state: chat(items), composer: filled(90, 1000) });
    assert.equal(await offers(), 0, 'the files fill the window');
    await panel.snapshot({ state: chat([...items, compaction()]), composer: filled(90) });
    await panel.settled();
    assert.equal(await offers(), 0, 'right behind one');
    const cut = answer('u1', [text('a', 'Bec')], { outcome: { kind: 'contextWindow' } });
    await panel.snapshot({ state: chat([user('u1', 'Why?'), cut]), composer: filled(99) });
    await panel.settled();
    assert.equal(await panel.page.locator('[data-step="compact"]').count(), 1, 'said by the notice of the answer');
  });

  it('is offered by the cost line where the next message is much dearer than from a summary, by whoever writes it', async () => {
    const byHaiku = { usd: 0.104, ownUsd: 0.95, modelName: 'Haiku 5.5', byPrice: true, isFull: false };
    const composer = { next: nextCost({ askUsd: 0.94, summary: byHaiku }), pausedSince: Date.now() - 7_200_000 };
    const state = chat(items);
    for (const width of [260, 400]) {
      panel = await PanelPage.open(bench, { state, composer, width });
      const shown = await panel.page.locator('.cost span:visible').innerText();
      const figure = width === 260 ? '$0.97' : costStrings.about('$0.97');
      assert.equal(shown, costStrings.fromSummary(figure, '$0.10'));
      const label = await panel.page.locator('.costLine').getAttribute('aria-label');
      assert.match(label ?? '', saying(costStrings.spokenSummary('10 cents')));
      const button = panel.page.locator('.summaryOffer button');
      assert.equal(await button.getAttribute('title'), costPopupStrings.summaryHint('Haiku 5.5'));
      const overflows = await panel.page.locator('.costFace').evaluate((face) => face.scrollWidth > face.clientWidth);
      assert.equal(overflows, false, `${width} px`);
      await button.click();
      assert.deepEqual(await panel.said('compact'), [{ type: 'compact', conversation }]);
      await panel.events({ type: 'activity', activity: { kind: 'waiting', since: startedAt } });
      assert.equal(await button.count(), 0, 'not while a turn runs');
      if (width === 260) await panel.close();
    }
  });

  it('is offered by the cost line near the full window, too, wherever no notice offers it', async () => {
    const dear = (composer: ReturnType<typeof filled>) => ({
      next: {
        ...composer.next,
        summary: { usd: 0.51, ownUsd: 4.1, modelName: 'Haiku 5.5', byPrice: true, isFull: true },
      },
    });
    const state = chat(items);
    const onLine = () => panel.page.locator('.summaryOffer button').count();
    panel = await PanelPage.open(bench, { state, composer: dear(filled(83)), width: 260 });
    await panel.page.locator('.compactOffer').waitFor();
    assert.equal(await onLine(), 0, 'once');
    await panel.page.locator('.compactOffer [data-do="notNow"]').click();
    await panel.page.locator('.summaryOffer button').waitFor();
    const isCut = await panel.page.locator('.cost').evaluate((face) => face.scrollWidth > face.clientWidth);
    assert.deepEqual([await offers(), isCut], [0, false], 'beside the window’s bar, too');
    await panel.snapshot({ state, composer: dear(filled(91, 1000)) });
    await panel.settled();
    assert.deepEqual([await offers(), await onLine()], [0, 1], 'files fill the window');
  });

  it('names another model that writes it, and the own one as the next step where that has failed', async () => {
    const lost = compaction({
      model: 'claude-haiku-5-5',
      summary: '',
      outcome: { kind: 'failed', failure: failure() },
    });
    const summary = { usd: 0.1, ownUsd: 0.953, modelName: 'Haiku 5.5', byPrice: true, isFull: false };
    panel = await PanelPage.open(bench, { state: chat([...items, lost]), composer: { next: nextCost({ summary }) } });
    const own = panel.page.locator('.compaction [data-step="compactByOwn"]');
    assert.equal(await own.innerText(), transcriptStrings.compactByOwnPriced('Opus 4.8', '$0.95'));
    await own.click();
    assert.deepEqual(await panel.said('compactByOwn'), [{ type: 'compactByOwn', conversation }]);
    await panel.snapshot({ state: chat([...items, compaction({ model: 'claude-haiku-5-5', usd: 0.08 })]) });
    await panel.settled();
    assert.match(await panel.words('.compactionLine'), saying(transcriptStrings.compacted('3%', 'Haiku 5.5', '$0.08')));
  });

  it('is watched while it is written', async () => {
    panel = await PanelPage.open(bench, { state: chat(items) });
    await panel.events(
      { type: 'activity', activity: { kind: 'waiting', since: Date.now() } },
      { type: 'compaction', item: compaction({ summary: '', outcome: null, at: Date.now() }) },
    );
    assert.match(await panel.words('.compactionLine'), saying(transcriptStrings.compacting('Opus 4.8')));
    await panel.events(
      { type: 'activity', activity: { kind: 'writing', since: Date.now() } },
      { type: 'summaryDelta', id: 'c1', text: 'We **found** th' },
      { type: 'summaryDelta', id: 'c1', text: 'is.' },
    );
    await panel.page.locator('.compaction .foldLine').click();
    await panel.settled();
    assert.equal(await panel.words('.compaction .markdown'), 'We found this.');
    assert.equal(await panel.page.locator('.compaction strong').count(), 1);
    assert.equal(await panel.page.locator('.compaction [data-do]').count(), 0, 'nothing to undo yet');
    const activity = {
      kind: 'retrying',
      since: 0,
      at: Date.now() + 9000,
      attempt: 2,
      of: 5,
      failure: failure(),
    } as const;
    await panel.events({ type: 'activity', activity });
    assert.match(await panel.words('.compaction .retrying'), saying(failureRow('overloaded').text, '2', '5'));
    await panel.page.locator('.compaction [data-step="stop"]').click();
    assert.deepEqual(await panel.said('stop'), [{ type: 'stop', conversation }]);
    await panel.events({ type: 'activity', activity: null }, { type: 'compaction', item: compaction() });
    assert.match(await panel.words('.compactionLine'), saying(transcriptStrings.compacted('3%', 'Opus 4.8', '$0.12')));
    assert.match(await panel.words('.compaction .markdown'), /^We found that login retries/);
    assert.match(
      (await panel.page.locator('[aria-live]').first().textContent()) ?? '',
      saying(transcriptStrings.announceCompacted()),
    );
  });

  it('is an event that can be read and undone, and made good again (L17)', async () => {
    panel = await PanelPage.open(bench, { state: chat([...items, compaction()]) });
    assert.equal(await panel.page.locator('.compaction .markdown').count(), 0);
    await panel.page.locator('.compaction .foldLine').click();
    await panel.settled();
    assert.equal(await panel.page.locator('.compaction li').count(), 2);
    await panel.page.locator('[data-do="undoCompaction"]').click();
    const target = { what: 'compaction', entry: 'c1', index: 0 } as const;
    assert.deepEqual(await panel.said('exclude'), [{ type: 'exclude', conversation, target, out: true }]);
    await panel.events({ type: 'excluded', target, out: true });
    assert.match(await panel.words('.compactionLine'), saying(transcriptStrings.compactUndone()));
    assert.equal(await panel.page.locator('.turn').count(), 3, 'what it stood for was never gone');
    await panel.page.locator('[data-do="redoCompaction"]').click();
    assert.deepEqual((await panel.said('exclude')).at(-1), { type: 'exclude', conversation, target, out: false });
  });

  it('says above the summary that long results were shortened for it, where they were', async () => {
    const note = () => panel.page.locator('.compaction .foldBody').innerText();
    panel = await PanelPage.open(bench, { state: chat([...items, compaction({ shortened: 3 })]) });
    await panel.page.locator('.compaction .foldLine').click();
    await panel.page.locator('.compaction .markdown').waitFor();
    assert.match(await note(), saying(transcriptStrings.shortened()));
    await panel.snapshot({ state: chat([...items, compaction()]) });
    await panel.settled();
    assert.doesNotMatch(await note(), saying(transcriptStrings.shortened()));
  });

  it('leads on where the window had cut the answer', async () => {
    const cut = answer('u1', [text('a', 'Bec')], { outcome: { kind: 'contextWindow' } });
    panel = await PanelPage.open(bench, { state: chat([user('u1', 'Why?'), cut, compaction()]) });
    await panel.page.locator('.compaction [data-step="continue"]').click();
    assert.deepEqual(await panel.said('continue'), [{ type: 'continue', conversation }]);
    await panel.snapshot({ state: chat([...items, compaction()]) });
    await panel.settled();
    assert.equal(await panel.page.locator('.compaction [data-step="continue"]').count(), 0);
  });

  it('says why it did not come about, and that nothing changed', async () => {
    const lost = compaction({ summary: 'Half', outcome: { kind: 'failed', failure: failure() } });
    panel = await PanelPage.open(bench, { state: chat([...items, lost]) });
    assert.match(
      await panel.words('.compaction .noticeText'),
      saying(transcriptStrings.nothingCompacted(failureRow('overloaded').text)),
    );
    assert.match(await panel.words('.compactionLine'), saying(transcriptStrings.compactFailed('Opus 4.8', '$0.12')));
    await panel.page.locator('.compaction [data-step="compact"]').click();
    assert.deepEqual(await panel.said('compact'), [{ type: 'compact', conversation }]);
    await panel.snapshot({ state: chat([...items, compaction({ summary: '', outcome: { kind: 'stopped' } })]) });
    await panel.settled();
    assert.equal(await panel.page.locator('.compaction .notice').count(), 0);
  });

  it('L44 offers to leave out a field that the server refused for the summary', async () => {
    const remedy = { kind: 'leaveOut', fields: ['thinking.display', 'thinking'] } as const;
    const refused = failure({ code: 'fieldRefused', status: 400, message: 'thinking.display: not permitted', remedy });
    const lost = compaction({ summary: '', outcome: { kind: 'failed', failure: refused } });
    const environment = { address: { host: 'gateway.example', notes: [] } };
    panel = await PanelPage.open(bench, { state: chat([...items, lost]), environment });
    assert.match(
      await panel.words('.compaction .noticeText'),
      saying(besideFailure.fieldRefused('gateway.example', 'thinking.display')),
    );
    assert.deepEqual(await panel.page.locator('.compaction .noticeButtons button').allInnerTexts(), [
      besideFailure.leaveOutField('thinking.display'),
      usageViewStrings.tryAgain(),
    ]);
    await panel.page.locator('.compaction [data-step="mend"]').click();
    assert.deepEqual(await panel.said('mend'), [{ type: 'mend', conversation }]);
  });

  it('is no way out where nothing could be summed up', async () => {
    const outcome = { kind: 'failed', failure: failure({ code: 'promptTooLong' }) } as const;
    panel = await PanelPage.open(bench, { state: chat([user('u1', 'Why?'), answer('u1', [], { outcome })]) });
    const steps = (): Promise<readonly (string | null)[]> =>
      panel.page.locator('.notice button').evaluateAll((all) => all.map((one) => one.getAttribute('data-step')));
    assert.deepEqual(await steps(), ['manageExcluded', 'newChat']);
    await panel.snapshot({ state: chat([...items, user('u2', 'And?'), answer('u2', [], { outcome })]) });
    await panel.settled();
    assert.deepEqual(await steps(), ['compact', 'manageExcluded', 'newChat']);
  });
});
