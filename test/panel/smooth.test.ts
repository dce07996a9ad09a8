/** An answer that streams is seen to grow: frame by frame, at the widths of a narrow and a wide side bar. */
import assert from 'node:assert/strict';
import { cut, mixedText } from '../bench/light/texts';
import { answer, chat, startedAt, text, user } from './chats';
import { type PanelBench, PanelPage, startBench } from './panelPage';

interface Seen {
  /** Texts that were seen at the end of the answer and are no part of it. */
  readonly left: readonly string[];
  /** Frames in which what stood there moved down again by more than a line. */
  readonly back: number;
  /** Frames in which the end was out of sight. */
  readonly away: number;
}

describe('An answer that is being written (L23)', () => {
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

  for (const width of [260, 500]) {
    it(`keeps its end in sight in each frame, and nothing moves back or is shown for a moment: ${width} px`, async () => {
      const running = answer('u1', [text('a', '', true)], { outcome: null, endedAt: null });
      panel = await PanelPage.open(bench, {
        width,
        height: 420,
        state: chat([user('u1', 'Why?'), running], { activity: { kind: 'writing', since: startedAt } }),
      });
      await panel.page.evaluate(() => {
        const seen = { left: [] as string[], back: 0, away: 0 };
        Object.assign(window, { seen });
        const box = document.querySelector('.transcript') as HTMLElement;
        let top = 0;
        const look = (): void => {
          const words = document.querySelector('.answer')?.textContent ?? '';
          for (const sign of ['](', '|', '\n- ', '## ']) if (words.includes(sign)) seen.left.push(sign);
          // Words at the end of a line may move on to the next one, and the end of one that was too long.
          if (box.scrollTop < top - 24) seen.back += 1;
          if (box.scrollHeight - box.clientHeight - box.scrollTop > 2) seen.away += 1;
          top = box.scrollTop;
          requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      });
      for (const piece of cut(mixedText(4000, 4), 220, 0).pieces)
        await panel.events({ type: 'delta', answer: 'u1', key: 'a', text: piece });
      const seen = await panel.page.evaluate(() => (window as unknown as { seen: Seen }).seen);
      assert.deepEqual(seen, { left: [], back: 0, away: 0 });
    });
  }
});
