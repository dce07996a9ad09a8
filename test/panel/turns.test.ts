/** From question to question, by the commands behind the keys, and to one that was picked. */
import assert from 'node:assert/strict';
import type { ChatState } from '../../src/shared/chat';
import type { HostToView } from '../../src/shared/protocol';
import { earlierThan, tailOf } from '../../src/shared/tail';
import { answer, chat, startedAt, text, user } from './chats';
import { type PanelBench, type PanelOptions, PanelPage, startBench } from './panelPage';

const conversationOf = (turns: number): ChatState =>
  chat(
    Array.from({ length: turns }, (_, n) => [
      user(`u${n}`, `Question ${n}`),
      answer(`u${n}`, [text('a', 'Words.\n\n'.repeat(40))]),
    ]).flat(),
  );

describe('Going from turn to turn', () => {
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

  const open = async (options: PanelOptions): Promise<void> => {
    panel = await PanelPage.open(bench, options);
  };
  type To = Extract<HostToView, { type: 'goToTurn' }>['to'];
  const go = async (to: To): Promise<void> => {
    await panel.post({ type: 'goToTurn', to });
    await panel.settled();
  };
  /** The turn that has the focus, and how far it is from the top. */
  const at = () =>
    panel.page.evaluate(() => {
      const turn = document.activeElement?.closest<HTMLElement>('.turn');
      const box = document.querySelector('.transcript');
      if (turn === null || turn === undefined || box === null) return document.activeElement?.className ?? '';
      const away = turn.getBoundingClientRect().top - box.getBoundingClientRect().top;
      return `${turn.dataset['turn']} ${Math.abs(away) < 2 ? 'at the top' : 'elsewhere'}`;
    });

  it('leads back from the end question by question, and on to the text again', async () => {
    await open({ state: conversationOf(3) });
    assert.equal(await at(), 'composerText');
    await panel.page.keyboard.press('Control+Alt+ArrowUp');
    assert.equal(await panel.page.locator('.composerText').inputValue(), '', 'no last prompt is brought back');
    await go('previous');
    assert.equal(await at(), 'u2 at the top');
    await go('previous');
    await go('previous');
    assert.equal(await at(), 'u0 at the top');
    await go('previous');
    assert.equal(await at(), 'u0 at the top', 'the first stays');
    const said = await panel.page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
    assert.match(said ?? '', /^You, \d\d:\d\d/);
    await go('next');
    await go('next');
    assert.equal(await at(), 'u2 at the top');
    await panel.page.keyboard.press('Control+Alt+ArrowUp');
    assert.equal(await at(), 'u2 at the top', 'the keys are the command’s');
    await go('next');
    assert.equal(await at(), 'composerText');
    assert.equal(await panel.page.locator('.pill').count(), 0, 'at the end');
  });

  it('goes by what is read where nothing has the focus, and by the turn that an answer is of', async () => {
    await open({ state: conversationOf(3) });
    await panel.page.locator('.transcript').evaluate((box) => {
      // The tail is left at once, and nothing scrolls on.
      box.dispatchEvent(new WheelEvent('wheel', { deltaY: -1 }));
      box.scrollTop -= 1200;
    });
    await panel.page.waitForSelector('.pill');
    const first = await panel.page.evaluate(() => {
      const top = document.querySelector('.transcript')?.getBoundingClientRect().top ?? 0;
      const above = [...document.querySelectorAll<HTMLElement>('[data-turn]')];
      return above.findLast((one) => one.getBoundingClientRect().top <= top)?.dataset['turn'];
    });
    await go('previous');
    assert.equal(await at(), `${first} at the top`);
    await panel.page.locator('.turn.answer').nth(1).focus();
    await go('previous');
    assert.equal(await at(), 'u1 at the top', 'its own question');
    await panel.page.locator('.turn.answer').nth(1).focus();
    await go('next');
    assert.equal(await at(), 'u2 at the top');
  });

  it('reaches turns that are not drawn, and asks for those that the view does not have', async () => {
    const whole = conversationOf(60);
    const state = tailOf(whole);
    assert.ok(state.above.items > 0);
    await open({ state });
    const drawn = await panel.page.locator('[data-turn]').count();
    await go('user/u3');
    const [asked] = await panel.said('earlier');
    assert.deepEqual([asked?.before, asked?.to], [`user/${state.items[0]?.id}`, 'user/u3']);
    const earlier = earlierThan(whole, asked?.before ?? '', asked?.to ?? null);
    await panel.answer('earlier', { ok: true, value: earlier });
    await panel.page.waitForFunction(() => document.activeElement?.matches('[data-turn="u3"]'));
    assert.equal(await at(), 'u3 at the top');
    assert.ok((await panel.page.locator('[data-turn]').count()) > drawn);
    await go('next');
    assert.equal(await at(), 'u4 at the top');
  });

  it('asks for earlier turns where the first that it has is left behind', async () => {
    const whole = conversationOf(60);
    const state = tailOf(whole);
    const [first] = state.items;
    await open({ state });
    await go(`user/${first?.id}` as To);
    // By itself as one comes near the top, or by this.
    await panel.post({ type: 'goToTurn', to: 'previous' });
    const [asked] = await panel.said('earlier');
    await panel.answer('earlier', { ok: true, value: earlierThan(whole, asked?.before ?? '', asked?.to ?? null) });
    const before = `u${Number(first?.id.slice(1)) - 1}`;
    await panel.page.waitForFunction((id) => document.activeElement?.matches(`[data-turn="${id}"]`), before);
    assert.equal(await at(), `${before} at the top`);
  });

  it('passes over what a button said, and a conversation without questions', async () => {
    const on = { ...user('u1', 'Continue'), auto: 'continue' } as const;
    await open({
      state: chat([
        user('u0', 'Why?'),
        answer('u0', [text('a', 'So')]),
        on,
        answer('u1', [text('b', 'and so.')], { at: startedAt + 1 }),
      ]),
    });
    await go('previous');
    assert.match(String(await at()), /^u0 /);
    await panel.snapshot({ state: chat([]) });
    await panel.settled();
    await go('previous');
    assert.equal(await at(), 'composerText');
  });
});
