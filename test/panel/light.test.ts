/** What the panel does while an answer streams, in counts: it depends on what is new, and on nothing that is settled. */
import assert from 'node:assert/strict';
import { answer, chat, startedAt, text, user } from './chats';
import { type PanelBench, PanelPage, startBench } from './panelPage';
import { type Work, workOf } from './work';

const passage = `## A heading

A paragraph with **bold** words, \`code\` and [a link](https://example.com).

- one
- two

| a | b |
| - | - |
| 1 | 2 |

\`\`\`ts
const a = 1;
\`\`\`

`;

/** Words that stay one paragraph, and a few frames of them. */
const flushes = 12;

describe('Streaming is light (L18)', () => {
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

  /** A running answer below so many turns, with so many passages settled in itself. */
  async function open(turns: number, passages: number): Promise<void> {
    const settled = Array.from({ length: turns }, (_, n) => [
      user(`q${n}`, 'A question'),
      answer(`q${n}`, [text('a', passage.repeat(3))]),
    ]).flat();
    const running = answer('u1', [text('a', `${passage.repeat(passages)}And so`, true)], {
      outcome: null,
      endedAt: null,
    });
    panel = await PanelPage.open(bench, {
      state: chat([...settled, user('u1', 'Why?'), running], { activity: { kind: 'writing', since: startedAt } }),
    });
    // The colours of code come a moment later.
    await panel.page.waitForSelector('.hl-keyword', { state: 'attached' });
    await panel.settled();
  }

  const more = (words: string) => panel.events({ type: 'delta', answer: 'u1', key: 'a', text: words });
  const streamed = (): Promise<Work> =>
    workOf(panel.page, async () => {
      for (let n = 0; n < flushes; n += 1) await more(` it goes on ${n}`);
    });

  it('lays out and styles as much below a thousand turns, and below a long answer, as in an empty chat', async () => {
    await open(0, 1);
    const few = await streamed();
    await panel.close();
    await open(1000, 60);
    const many = await streamed();
    // The clock moves once a second, wherever that falls.
    const clock = 40;
    assert.ok(many.laidOut <= few.laidOut * 1.1 + clock, `${few.laidOut} → ${many.laidOut} nodes laid out`);
    assert.ok(many.styled <= few.styled * 1.1 + clock, `${few.styled} → ${many.styled} elements styled`);
    assert.ok(many.styled / flushes < 20, `${many.styled} elements styled in ${flushes} flushes`);
  });

  it('lays out once a flush, and never for the sake of scrolling', async () => {
    await open(20, 20);
    const work = await streamed();
    assert.ok(work.layouts <= flushes + 3, `${work.layouts} layouts in ${flushes} flushes`);
    assert.equal(work.forcedLayouts, 0);
    const left = await panel.page
      .locator('.transcript')
      .evaluate((box) => box.scrollHeight - box.clientHeight - box.scrollTop);
    assert.ok(left < 2, `${left} px from the end`);
  });

  it('lays out and styles as much for a key below a thousand turns, and paints those apart', async () => {
    const typed = async (): Promise<Work> => {
      await panel.page.locator('textarea').focus();
      await panel.page.keyboard.press('a');
      await panel.settled();
      return workOf(panel.page, async () => {
        for (let n = 0; n < 5; n += 1) {
          await panel.page.keyboard.press('a');
          await panel.settled();
        }
      });
    };
    await open(0, 1);
    const few = await typed();
    await panel.close();
    await open(1000, 60);
    const many = await typed();
    const clock = 40;
    assert.ok(many.laidOut <= few.laidOut + clock, `${few.laidOut} → ${many.laidOut} nodes laid out`);
    assert.ok(many.styled <= few.styled + clock, `${few.styled} → ${many.styled} elements styled`);
    // What is painted from the browser's memory is counted nowhere: it is skipped as a whole, or looked through.
    const paintedApart = await panel.page.locator('.transcript').evaluate((box) => getComputedStyle(box).isolation);
    assert.equal(paintedApart, 'isolate');
  });

  it('draws once for each frame of deltas, and nothing for a scroll', async () => {
    await open(3, 3);
    const drawn = (): Promise<number> =>
      panel.page.evaluate(
        () =>
          new Promise<number>((resolve) => {
            let changes = 0;
            const observer = new MutationObserver((records) => {
              changes += records.length;
            });
            observer.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
            const box = document.querySelector('.transcript');
            for (let n = 1; n <= 5; n += 1) setTimeout(() => box?.scrollBy(0, -10), n * 30);
            setTimeout(() => {
              observer.disconnect();
              resolve(changes);
            }, 400);
          }),
      );
    await panel.page.locator('.transcript').hover();
    await panel.page.mouse.wheel(0, -80);
    await panel.page.waitForSelector('.pill');
    // What still moves is the clock's second.
    assert.ok((await drawn()) <= 2);
  });

  it('keeps what is being looked at once the scrolling has come to rest', async () => {
    await open(3, 3);
    const kept = await panel.page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          let times = 0;
          const { setItem } = Storage.prototype;
          Storage.prototype.setItem = function (...given) {
            times += 1;
            setItem.apply(this, given);
          };
          const box = document.querySelector('.transcript');
          for (let n = 1; n <= 10; n += 1) setTimeout(() => box?.scrollBy(0, -10), n * 30);
          setTimeout(() => resolve(times), 900);
        }),
    );
    assert.equal(kept, 1);
  });
});
