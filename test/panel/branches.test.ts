/** ‹ 2 of 3 ›: the other messages in the place of one, and the other answers to one. */
import assert from 'node:assert/strict';
import type { ChatState, Item } from '../../src/shared/chat';
import { transcriptStrings } from '../../src/webview/l10n/transcriptStrings';
import { answer, chat, startedAt, text, user } from './chats';
import { type PanelBench, PanelPage, startBench } from './panelPage';

const branches: ChatState['branches'] = [
  { item: 'user/u1', at: 2, of: 3, previous: 'u1a', next: 'u1c' },
  { item: 'answer/u2', at: 2, of: 2, previous: 'e9', next: null },
];
const items: readonly Item[] = [
  user('u1', 'Why does login retry twice?'),
  answer('u1', [text('a', 'Because. '.repeat(200))]),
  user('u2', 'And now?'),
  answer('u2', [text('b', 'So. '.repeat(400))]),
];

describe('Branches in the panel', () => {
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

  const button = (of: string, by: 'previous' | 'next') => panel.page.locator(`${of} [data-walk="${by}"]`);
  /** The host has gone to another message in the place of the first: a longer one, with its buttons further down. */
  const walked = (id: string, at: number): Promise<void> =>
    panel.events({
      type: 'items',
      kept: 0,
      above: { items: 0, size: 0 },
      parts: 0,
      items: [
        user(id, `Version ${at}${'\nand more'.repeat(5)}`),
        answer(id, [text(`${id}a`, 'Another answer. '.repeat(300))]),
      ],
      state: {
        branches: [
          {
            item: `user/${id}`,
            at,
            of: 3,
            previous: at === 1 ? null : (['u1a', 'u1'][at - 2] ?? null),
            next: at === 3 ? null : (['u1', 'u1c'][at - 1] ?? null),
          },
        ],
      },
    });

  it('stand below the message and with the answer, and say which is shown', async () => {
    panel = await PanelPage.open(bench, { state: chat(items, { branches }) });
    assert.equal(await panel.page.locator('.branches').count(), 2);
    const group = panel.page.locator('.turn.user .branches');
    assert.equal(await group.getAttribute('aria-label'), transcriptStrings.branchOf(2, 3));
    assert.equal(await group.locator('.branchPlace').textContent(), transcriptStrings.countOf(2, 3));
    assert.equal(await button('.turn.answer', 'next').getAttribute('aria-disabled'), 'true');
    await button('.turn.answer', 'next').click({ force: true });
    await button('.turn.answer', 'previous').click();
    assert.deepEqual(
      (await panel.said('walk')).map(({ to }) => to),
      ['e9'],
    );
  });

  it('are gone to by a click: the button stays under the pointer with the focus, and it is said where one is', async () => {
    panel = await PanelPage.open(bench, { state: chat(items, { branches }) });
    const next = button('.turn.user', 'next');
    await next.scrollIntoViewIfNeeded();
    await panel.page.locator('.transcript').evaluate((box) => {
      box.dispatchEvent(new WheelEvent('wheel', { deltaY: -1 }));
      box.scrollTop = 0;
    });
    const before = await next.boundingBox();
    await next.click();
    await walked('u1c', 3);
    await panel.answer('walk', { ok: true, value: null });
    await panel.page.waitForFunction(
      () => document.activeElement?.matches('[data-turn="u1c"] [data-walk="next"]') === true,
    );
    const after = await button('[data-turn="u1c"]', 'next').boundingBox();
    assert.ok(Math.abs((after?.y ?? 0) - (before?.y ?? 0)) < 2, `${before?.y} → ${after?.y}`);
    await panel.page.locator('[aria-live]').getByText(transcriptStrings.branchOf(3, 3)).waitFor({ state: 'attached' });
  });

  it('are gone to by ← and → on the turn, which has the focus then', async () => {
    panel = await PanelPage.open(bench, { state: chat(items, { branches }) });
    await panel.page.locator('[data-turn="u1"]').focus();
    await panel.page.keyboard.press('ArrowLeft');
    await walked('u1a', 1);
    await panel.answer('walk', { ok: true, value: null });
    await panel.page.waitForFunction(() => document.activeElement?.matches('article[data-turn="u1a"]') === true);
    await panel.page.keyboard.press('ArrowLeft');
    await panel.page.keyboard.press('ArrowRight');
    await panel.page.waitForFunction(() => window.panelHost.said.filter(({ type }) => type === 'walk').length === 2);
    assert.deepEqual(
      (await panel.said('walk')).map(({ to }) => to),
      ['u1a', 'u1'],
      'nothing at the end',
    );
  });

  it('are not gone to while a turn runs', async () => {
    panel = await PanelPage.open(bench, { state: chat(items, { branches }) });
    await panel.events({ type: 'activity', activity: { kind: 'waiting', since: startedAt } });
    await panel.page.locator('.turn.user [data-walk="previous"][aria-disabled="true"]').click({ force: true });
    await panel.page.locator('[data-turn="u1"]').focus();
    await panel.page.keyboard.press('ArrowLeft');
    await panel.settled();
    assert.ok((await panel.said()).every(({ type }) => type !== 'walk'));
  });
});
