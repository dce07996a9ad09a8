/** When messages and answers came: on hover, whole in the tooltip, in the user's language. */
import assert from 'node:assert/strict';
import { answer, chat, startedAt, text, user } from './chats';
import { baseEnvironment, type PanelBench, PanelPage, startBench } from './panelPage';

const now = Date.now();
const state = chat([
  user('u1', 'Why does login retry twice?'),
  answer('u1', [text('a', 'Because.')]),
  { ...user('u2', 'And now?'), at: now },
  answer('u2', [text('b', 'So.')], { at: now, endedAt: now }),
]);

describe('When a turn came', () => {
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

  const times = (locale: string) => {
    const date = new Date(startedAt);
    const time = { hour: '2-digit', minute: '2-digit' } as const;
    return {
      short: new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric', ...time }).format(date),
      whole: new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'medium' }).format(date),
      today: new Intl.DateTimeFormat(locale, time).format(new Date(now)),
    };
  };
  const opacity = (of: string): Promise<string> =>
    panel.page
      .locator(`${of} .turnWhen`)
      .first()
      .evaluate((one) => getComputedStyle(one).opacity);

  for (const locale of ['en', 'de']) {
    it(`shows while one is at it, with the day where that is not today, in ${locale}`, async () => {
      panel = await PanelPage.open(bench, { state, environment: { ...baseEnvironment, locale } });
      const { short, whole, today } = times(locale);
      assert.equal(await opacity('[data-turn="u1"]'), '0');
      await panel.page.locator('[data-turn="u1"]').hover();
      await panel.page.waitForFunction(
        () => getComputedStyle(document.querySelector('[data-turn="u1"] .turnWhen') as Element).opacity === '1',
      );
      assert.equal(await panel.words('[data-turn="u1"] .turnWhen'), short);
      assert.equal(await panel.page.locator('[data-turn="u1"] .turnWhen').getAttribute('title'), whole);
      await panel.page.locator('[data-answer="u2"]').focus();
      await panel.page.waitForFunction(
        () => getComputedStyle(document.querySelector('[data-answer="u2"] .turnWhen') as Element).opacity === '1',
      );
      assert.equal(await panel.words('[data-answer="u2"] .turnWhen'), today);
    });
  }

  for (const width of [260, 400]) {
    it(`takes no room of the bubble, and its footer is not cut, at ${width} px`, async () => {
      const branches = [{ item: 'answer/u1', at: 2, of: 3, previous: 'e1', next: 'e2' }];
      panel = await PanelPage.open(bench, { width, state: { ...state, branches } });
      await panel.page.locator('[data-answer="u1"]').hover();
      const over = await panel.page.locator('[data-answer="u1"] .turnFooter').evaluate((footer) => {
        const { right } = footer.getBoundingClientRect();
        return [...footer.children]
          .filter((one) => one.getBoundingClientRect().right > right + 1)
          .map((one) => one.className);
      });
      assert.deepEqual(over, []);
      const row = await panel.page.locator('[data-turn="u1"] .bubbleRow').boundingBox();
      const bubble = await panel.page.locator('[data-turn="u1"] .bubble').boundingBox();
      assert.equal(row?.height, bubble?.height);
    });
  }
});
