/** What is left out of what is sent, in the panel: the menus, the looks, the ways back. */
import assert from 'node:assert/strict';
import type { ChatState } from '../../src/shared/chat';
import { transcriptStrings } from '../../src/webview/l10n/transcriptStrings';
import { saying, some } from '../texts';
import { answer, chat, compaction, shortTools, startedAt, text, tool, user } from './chats';
import { nextCost } from './costs';
import { conversation, type PanelBench, PanelPage, startBench } from './panelPage';

const question = {
  ...user('u1', 'Why does login retry twice?'),
  attachments: [
    { kind: 'document' as const, id: 'b'.repeat(64), label: 'plan.pdf', mediaType: 'application/pdf' },
    { kind: 'selection' as const, id: 'src/login.ts:41', label: 'login.ts:41-78' },
  ],
};
const items: ChatState['items'] = [
  question,
  answer('u1', [tool('e7:2', {}), text('a', 'Because.')]),
  user('u2', 'And now?'),
  answer('u2', [...shortTools, text('b', 'So.')]),
];

describe('Leaving out in the panel', () => {
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

  const contexts = (selector: string): Promise<readonly unknown[]> =>
    panel.page
      .locator(selector)
      .evaluateAll((all) => all.map((one) => JSON.parse(one.getAttribute('data-vscode-context') ?? 'null')));
  const about = (preludeTarget: string, entry: string, index = 0, preludeState = 'sent') => ({
    preludeTarget,
    preludeState,
    conversation,
    entry,
    index,
  });

  it('tells VS Code’s menus what they were opened on, and that nothing can be done while a turn runs', async () => {
    panel = await PanelPage.open(bench, { state: chat(items) });
    assert.deepEqual((await contexts('.turn.user'))[0], about('turn', 'u1'));
    assert.deepEqual((await contexts('.turn.answer'))[0], about('answer', 'u1'));
    assert.deepEqual((await contexts('.tool'))[0], about('result', 'e7', 2));
    assert.deepEqual(await contexts('.sentOne'), [about('attachment', 'u1', 0), about('attachment', 'u1', 1)]);
    await panel.events({ type: 'activity', activity: { kind: 'waiting', since: startedAt } });
    assert.deepEqual((await contexts('.tool'))[0], about('result', 'e7', 2, 'fixed'));
    assert.equal(await panel.page.locator('.more:not([data-more="turn"], [data-more="answer"])').count(), 0);
  });

  it('has the ⋯ of a message and of an answer for what can be done at any time: Fork, and no price of excluding', async () => {
    const composer = { next: nextCost({ tokens: 100_000, freshUsd: 0.625 }) };
    const summed = [...items.slice(0, 2), compaction(), ...items.slice(2)];
    panel = await PanelPage.open(bench, { state: chat(summed), composer });
    const button = { preludeButton: true, preventDefaultContextMenuItems: true };
    const look = async (turns: readonly string[], state: string): Promise<void> => {
      for (const what of ['turn', 'answer'] as const) {
        const all = await contexts(`[data-more="${what}"]`);
        assert.deepEqual(
          all.filter((one) => (one as { preludeState: string }).preludeState === state),
          turns.map((turn) => ({ ...about(what, turn, 0, state), ...button })),
        );
        const more = panel.page.locator(`[data-more="${what}"]`).first();
        await more.hover({ force: true });
        assert.match((await more.getAttribute('title')) ?? '', saying(transcriptStrings.moreActions(some)));
      }
    };
    await look(['u1'], 'fixed');
    await panel.events({ type: 'activity', activity: { kind: 'waiting', since: startedAt } });
    await look(['u1', 'u2'], 'fixed');
  });

  it('offers nothing for what a summary stands for, until that is undone', async () => {
    panel = await PanelPage.open(bench, { state: chat([...items.slice(0, 2), compaction(), ...items.slice(2)]) });
    assert.deepEqual((await contexts('.turn.user'))[0], about('turn', 'u1', 0, 'fixed'));
    assert.deepEqual((await contexts('.tool'))[0], about('result', 'e7', 2, 'fixed'));
    assert.deepEqual((await contexts('.turn.user'))[1], about('turn', 'u2'));
    const target = { what: 'compaction', entry: 'c1', index: 0 } as const;
    await panel.events({ type: 'excluded', target, out: true });
    assert.deepEqual((await contexts('.turn.user'))[0], about('turn', 'u1'));
  });

  it('offers it for the turn that a summary keeps word for word, which goes out with each request', async () => {
    panel = await PanelPage.open(bench, { state: chat([...items, compaction({ keeps: 'u2' })]) });
    assert.deepEqual(await contexts('.turn.user'), [about('turn', 'u1', 0, 'fixed'), about('turn', 'u2')]);
    assert.deepEqual((await contexts('.turn.answer'))[1], about('answer', 'u2'));
    await panel.page.locator('[data-more="turn"][data-vscode-context*="sent"]').waitFor({ state: 'attached' });
  });

  it('opens the same menu from ⋯, by the keyboard too, without the entries of a text', async () => {
    panel = await PanelPage.open(bench, { state: chat(items) });
    await panel.page.evaluate(() => {
      const seen: unknown[] = [];
      Object.assign(window, { seen });
      document.addEventListener('contextmenu', (event) => {
        const own = (event.target as Element).closest('[data-vscode-context]')?.getAttribute('data-vscode-context');
        seen.push({ ...JSON.parse(own ?? '{}'), x: event.clientX > 0, y: event.clientY > 0 });
      });
    });
    for (const what of ['turn', 'attachment', 'result', 'answer']) {
      const more = panel.page.locator(`[data-more="${what}"]`).first();
      assert.match((await more.getAttribute('aria-label')) ?? '', saying(transcriptStrings.moreActions(some)));
      await more.focus();
      await panel.page.keyboard.press('Enter');
    }
    const seen = await panel.page.evaluate(() => (window as unknown as { seen: readonly object[] }).seen);
    const button = { preludeButton: true, preventDefaultContextMenuItems: true, x: true, y: true };
    assert.deepEqual(seen, [
      { ...about('turn', 'u1'), ...button },
      { ...about('attachment', 'u1', 0), ...button },
      { ...about('result', 'e7', 2), ...button },
      { ...about('answer', 'u1'), ...button },
    ]);
  });

  it('says beforehand what the cache costs anew: less, the later the thing stands', async () => {
    const composer = { next: nextCost({ tokens: 100_000, freshUsd: 0.625 }) };
    panel = await PanelPage.open(bench, { state: chat(items), composer });
    const prices: number[] = [];
    for (const which of [0, 1]) {
      const more = panel.page.locator('[data-more="turn"]').nth(which);
      await more.hover({ force: true });
      const title = (await more.getAttribute('title')) ?? '';
      assert.match(title, saying(transcriptStrings.moreActionsPrice(`$${some}`)));
      prices.push(Number(/\$([\d.]+)/.exec(title)?.[1]));
    }
    assert.equal(prices[0], 0.63, 'the whole, written at 1.25 times the input price');
    assert.ok((prices[1] ?? 0) < 0.63 && (prices[1] ?? 0) > 0);
  });

  it('shows what is out by words and an icon, and takes it back', async () => {
    panel = await PanelPage.open(bench, { state: chat(items) });
    const targets = [
      { what: 'turn', entry: 'u2', index: 0 },
      { what: 'answer', entry: 'u1', index: 0 },
      { what: 'result', entry: 'e7', index: 2 },
      { what: 'attachment', entry: 'u1', index: 0 },
    ] as const;
    await panel.events(...targets.map((target) => ({ type: 'excluded' as const, target, out: true })));
    const { page } = panel;
    const turn = page.locator('.turn.user').nth(1);
    assert.match(await panel.words(turn), /Excluded with its answer ?Include/);
    assert.match((await turn.getAttribute('aria-label')) ?? '', /, excluded$/);
    assert.match((await page.locator('.answer').nth(1).getAttribute('class')) ?? '', /excluded/);
    assert.match(await panel.words('.answer'), /^Excluded ?Include/);
    assert.match(await panel.words('.tool .lineResult'), /excluded/);
    assert.equal(await page.locator('.tool .codicon-eye-closed').count(), 1);
    assert.equal(await panel.words('.sentOne'), 'plan.pdfexcluded');
    assert.equal(await page.locator('.sentOne').nth(1).locator('.codicon-eye-closed').count(), 0);
    assert.deepEqual((await contexts('.tool'))[0], about('result', 'e7', 2, 'out'));
    await turn.locator('[data-do="takeBack"]').click();
    assert.deepEqual(await panel.said('exclude'), [{ type: 'exclude', conversation, target: targets[0], out: false }]);
    await panel.events({ type: 'excluded', target: targets[0], out: false });
    assert.equal(await page.locator('.turn.user .excludedNote').count(), 0);
    assert.match(
      (await page.locator('[aria-live]').first().textContent()) ?? '',
      saying(transcriptStrings.announceBack()),
    );
  });

  it('moves nothing when a pointer comes near, and covers no words, in a narrow panel', async () => {
    panel = await PanelPage.open(bench, { state: chat(items), width: 260 });
    const { page } = panel;
    const row = page.locator('.tool').first();
    const before = await row.boundingBox();
    await row.locator('.foldLine').hover();
    assert.deepEqual(await row.boundingBox(), before);
    const more = await row.locator('.more').boundingBox();
    const words = await row.locator('.foldLine').boundingBox();
    assert.ok(more !== null && words !== null && words.x + words.width <= more.x + 0.5);
    assert.ok(more.width >= 24 && more.height >= 24);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);
    assert.ok(wide);
  });

  it('L43 shows an attachment that was refused as one that is not sent', async () => {
    const attachments = [
      { kind: 'document', id: 'd'.repeat(64), label: 'plan.pdf', mediaType: 'application/pdf', notSent: true },
      { kind: 'image', id: 'e'.repeat(64), label: 'shot.png', mediaType: 'image/png', notSent: true },
      { kind: 'document', id: 'f'.repeat(64), label: 'fine.pdf', mediaType: 'application/pdf' },
    ] as const;
    panel = await PanelPage.open(bench, { state: chat([{ ...user('u1', 'Look'), attachments }]) });
    assert.equal(await panel.page.locator('.sentOne.excluded').count(), 2);
    assert.equal(await panel.words('.sentOne'), `plan.pdf${transcriptStrings.refused()}`);
    assert.match(
      (await panel.page.locator('.sentImage').getAttribute('aria-label')) ?? '',
      saying(transcriptStrings.refused()),
    );
    assert.equal(await panel.words('.sentOne:last-child'), 'fine.pdf');
  });
});
