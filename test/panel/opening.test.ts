/** What the panel asks for only when it is looked at. */
import assert from 'node:assert/strict';
import type { ChatState, Item } from '../../src/shared/chat';
import { earlierThan, tailOf } from '../../src/shared/tail';
import { saying } from '../texts';
import { answer, chat, text, tool, user } from './chats';
import { conversation, type PanelBench, PanelPage, startBench } from './panelPage';
import { notDoneWords } from './refused';

describe('A long tool output', () => {
  let bench: PanelBench;
  let panel: PanelPage;

  before(async () => {
    bench = await startBench();
  });
  afterEach(async () => {
    const { problems: thrown } = panel;
    await panel.close();
    assert.deepEqual(thrown, []);
  });

  const begun = tool('t1', { output: 'It begins', outputLength: 5000 });
  const state = chat([user('u1', 'Why?'), answer('u1', [begun, text('a', 'So.')])]);
  const shown = (): Promise<string> => panel.words(panel.page.locator('.toolText').last());
  const fold = async () => {
    await panel.page.locator('.tool > .foldLine').click();
    await panel.settled();
  };

  it('is asked for when its line is opened, once, and again when it is opened again (L75)', async () => {
    panel = await PanelPage.open(bench, { state });
    assert.ok(!(await panel.said()).some(({ type }) => type === 'toolOutput'), 'not before');
    await fold();
    assert.deepEqual(await panel.said('toolOutput'), [{ type: 'toolOutput', conversation, key: 't1' }]);
    assert.equal(await shown(), 'It begins…');
    await panel.events({ type: 'title', title: 'Another' });
    await panel.answer('toolOutput', { ok: true, value: 'It begins and ends' });
    assert.equal(await shown(), 'It begins and ends');
    await panel.events({ type: 'excluded', target: { what: 'turn', entry: 'u1', index: 0 }, out: true });
    assert.equal((await panel.said('toolOutput')).length, 1, 'asked once');
    await fold();
    await fold();
    assert.equal((await panel.said('toolOutput')).length, 2);
    assert.equal(await shown(), 'It begins…');
  });

  it('that cannot be read says why below its beginning', async () => {
    panel = await PanelPage.open(bench, { state });
    await fold();
    await panel.answer('toolOutput', { ok: false, reason: { text: 'gone' } });
    assert.equal(await shown(), 'It begins…');
    assert.match(await panel.words('.toolDetails .lineWords'), saying(notDoneWords('toolOutput', 'gone')));
  });

  it('is there again after a reload, where its line was open', async () => {
    panel = await PanelPage.open(bench, { state });
    await fold();
    await panel.answer('toolOutput', { ok: true, value: 'It begins and ends' });
    await panel.reload({ state });
    await panel.answer('toolOutput', { ok: true, value: 'It begins and ends' });
    assert.equal(await shown(), 'It begins and ends');
  });

  it('that is short is there at once', async () => {
    panel = await PanelPage.open(bench, {
      state: chat([user('u1', 'Why?'), answer('u1', [tool('t1', { output: 'All of it' })])]),
    });
    await fold();
    assert.equal(await shown(), 'All of it');
    assert.ok(!(await panel.said()).some(({ type }) => type === 'toolOutput'));
  });
});

const paragraphs = (count: number) => 'A paragraph of an answer that takes some room.\n\n'.repeat(count);

function turns(from: number, to: number, size = 2): readonly Item[] {
  return Array.from({ length: to - from }, (_, n) => [
    user(`q${from + n}`, `question ${from + n}.`),
    answer(`q${from + n}`, [text('a', paragraphs(size))]),
  ]).flat();
}

describe('What another window has done', () => {
  it('is shown as it is now, and nothing else is drawn again (L75)', async () => {
    const bench = await startBench();
    const said = `${paragraphs(30)}It ends`;
    const running = answer('u2', [text('b', said, true)], { outcome: null, endedAt: null });
    const settled = [user('u1', 'One?'), answer('u1', [text('a', 'Yes.')])];
    const panel = await PanelPage.open(bench, { state: chat([...settled, user('u2', 'Two?'), running]) });
    await panel.page.evaluate(() => document.querySelector('.turn.answer')?.setAttribute('data-same', ''));
    const changed = text('b', `B${said.slice(1)} so.`, true);
    await panel.events({
      type: 'items',
      kept: 3,
      above: { items: 3, size: 0 },
      items: [{ ...running, parts: [changed] }],
      parts: 0,
      state: {},
    });
    assert.match(await panel.words('.turn.answer.running .markdown'), /^B paragraph .*It ends so\.$/);
    assert.equal(await panel.page.locator('[data-same]').count(), 1);
    await panel.close();
    assert.deepEqual(panel.problems, []);
  });
});

describe('Earlier turns', () => {
  let bench: PanelBench;
  let panel: PanelPage;
  /** All of the conversation, as the host has it. */
  let whole: ChatState;

  before(async () => {
    bench = await startBench();
  });
  afterEach(async () => {
    const { problems: thrown } = panel;
    await panel.close();
    assert.deepEqual(thrown, []);
  });

  async function open(items: readonly Item[], height = 700): Promise<void> {
    whole = chat(items);
    panel = await PanelPage.open(bench, { state: tailOf(whole), height });
  }

  const asked = async () => (await panel.said()).filter(({ type }) => type === 'earlier').length;

  /** Answers the last question as the host does. */
  async function give(): Promise<void> {
    const { before, to } = (await panel.said('earlier')).at(-1) ?? { before: '', to: null };
    await panel.answer('earlier', { ok: true, value: earlierThan(whole, before, to) });
  }

  const box = () => panel.page.locator('.transcript');
  const bubbles = () => panel.page.locator('.bubble').allTextContents();
  const first = async () => (await bubbles())[0]?.trim();
  const placeOf = async (n: number) =>
    (await panel.page.locator('.bubble', { hasText: `question ${n}.` }).boundingBox())?.y ?? Number.NaN;
  const scrollTo = async (top: number) => {
    await box().evaluate((element, to) => element.scrollTo(0, to), top);
    await panel.settled();
    await panel.settled();
  };

  it('are not there at first, and come when one scrolls near them, without moving what is read (L19, L75)', async () => {
    await open(turns(0, 60));
    assert.deepEqual([await first(), (await bubbles()).length], ['question 48.', 12]);
    assert.equal(await asked(), 0, 'nothing is asked at the end');
    await scrollTo(300);
    assert.deepEqual(await panel.said('earlier'), [{ type: 'earlier', conversation, before: 'user/q48', to: null }]);
    const before = await placeOf(48);
    await give();
    assert.ok(Math.abs((await placeOf(48)) - before) < 2, `${before} → ${await placeOf(48)}`);
    assert.equal(await first(), 'question 36.');
    assert.equal(await asked(), 1, 'a screen and more is above again');
    for (const from of [24, 12, 0]) {
      await scrollTo(0);
      const top = await placeOf(from + 12);
      await give();
      assert.equal(await first(), `question ${from}.`);
      assert.ok(Math.abs((await placeOf(from + 12)) - top) < 2, `${top} → ${await placeOf(from + 12)}`);
    }
    await scrollTo(0);
    assert.equal(await asked(), 4);
    assert.equal(await panel.page.locator('.earlier').count(), 0);
  });

  it('come by the keys: Home, and the arrows from turn to turn', async () => {
    await open(turns(0, 40));
    await box().focus();
    await panel.page.keyboard.press('Home');
    await give();
    assert.equal(await first(), 'question 16.');
    await box().focus();
    for (let n = 0; n < 60 && (await asked()) < 2; n += 1) {
      await panel.page.keyboard.press('ArrowUp');
      await panel.settled();
    }
    await give();
    assert.equal(await first(), 'question 4.');
    const focused = () => panel.page.evaluate(() => document.activeElement?.textContent?.trim().split('.')[0]);
    const from = await focused();
    await panel.page.keyboard.press('ArrowUp');
    assert.notEqual(await focused(), from);
  });

  it('come by themselves where the newest do not fill the panel, and the end stays in sight', async () => {
    await open(
      Array.from({ length: 200 }, (_, n) => user(`q${n}`, `question ${n}.`)),
      2600,
    );
    assert.equal(await asked(), 1);
    for (let n = 0; (await asked()) > n; n += 1) await give();
    await panel.events({ type: 'item', item: user('q200', 'question 200.') });
    assert.equal(await panel.page.locator('.pill').count(), 0);
    const left = await box().evaluate((one) => one.scrollHeight - one.clientHeight - one.scrollTop);
    assert.ok(left < 2, `${left} px from the end`);
    assert.ok((await asked()) < 6, 'two screens are enough');
    assert.equal((await bubbles()).at(-1)?.trim(), 'question 200.');
  });

  it('are asked for once while they are on their way, and not again by themselves when they cannot be had', async () => {
    await open(turns(0, 60));
    for (const top of [300, 200, 100]) await scrollTo(top);
    assert.equal(await asked(), 1);
    await panel.answer('earlier', { ok: false, reason: { text: 'no' } });
    assert.match(await panel.words('.composerArea'), saying(notDoneWords('earlier', 'no')));
    await scrollTo(0);
    assert.equal(await asked(), 1);
    await panel.page.locator('.earlier').click();
    assert.equal(await asked(), 2);
    await give();
    assert.equal(await first(), 'question 36.');
  });

  it('are there again after a reload, with the place that was read (L1)', async () => {
    await open(turns(0, 60));
    for (let n = 0; n < 2; n += 1) {
      await scrollTo(0);
      await give();
    }
    await scrollTo(900);
    await panel.page.waitForTimeout(300);
    const at = await placeOf(30);
    await panel.reload({ state: tailOf(whole) });
    assert.deepEqual(await panel.said('earlier'), [
      { type: 'earlier', conversation, before: 'user/q48', to: 'user/q24' },
    ]);
    await give();
    assert.equal(await first(), 'question 24.');
    assert.ok(Math.abs((await placeOf(30)) - at) < 2, `${at} → ${await placeOf(30)}`);
  });

  it('are forgotten at the end: a reload there begins with the newest', async () => {
    await open(turns(0, 60));
    await scrollTo(0);
    await give();
    await panel.page.locator('.pill').click();
    await panel.settled();
    assert.equal(await first(), 'question 48.');
    await panel.reload({ state: tailOf(whole) });
    assert.equal(await asked(), 0);
  });

  it('stay when the conversation comes from a snapshot again, also where that begins behind them', async () => {
    await open(turns(0, 60));
    await scrollTo(0);
    await give();
    await scrollTo(900);
    const at = await placeOf(38);
    await panel.snapshot({ state: tailOf(whole) });
    await panel.settled();
    assert.deepEqual([await first(), await placeOf(38), await asked()], ['question 36.', at, 1]);
    whole = chat(turns(0, 100));
    await panel.snapshot({ state: tailOf(whole) });
    await panel.settled();
    assert.deepEqual((await panel.said('earlier')).at(-1), {
      type: 'earlier',
      conversation,
      before: 'user/q88',
      to: 'user/q36',
    });
    await give();
    assert.deepEqual([await first(), (await bubbles()).length], ['question 36.', 64]);
    assert.ok(Math.abs((await placeOf(38)) - at) < 2);
  });

  it('give their place to newer ones at the end, and stay while they are read', async () => {
    await open(turns(0, 60));
    const next = async (n: number) => {
      const [question, said] = turns(n, n + 1);
      assert.ok(question?.type === 'user' && said?.type === 'answer');
      const [part] = said.parts;
      assert.ok(part !== undefined);
      await panel.events(
        { type: 'item', item: question },
        { type: 'answerStarted', id: question.id, at: 1, model: 'claude-opus-4-8' },
        { type: 'partStarted', answer: question.id, part },
        { type: 'answerEnded', answer: question.id, at: 2, outcome: { kind: 'done' } },
      );
    };
    await next(60);
    assert.deepEqual([await first(), (await bubbles()).length], ['question 49.', 12]);
    await box().hover();
    await panel.page.mouse.wheel(0, -200);
    await panel.settled();
    await next(61);
    assert.deepEqual([await first(), (await bubbles()).length], ['question 49.', 13]);
  });
});
