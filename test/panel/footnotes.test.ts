/** Footnotes of an answer: small numbers that lead to the notes, and back. */
import assert from 'node:assert/strict';
import { answer, chat, startedAt, text, user } from './chats';
import { type PanelBench, PanelPage, startBench } from './panelPage';

const source = [
  'It began in 1995.[^1] It was *said* again.[^b]',
  ...Array.from({ length: 40 }, (_, n) => `Paragraph ${n} of the answer.`),
  '| a |\n| --- |\n| once more[^1] |',
  '[^1]: The **first** note, with a [link](https://example.com/a).\n\n[^b]: Another one.',
].join('\n\n');

describe('A footnote', () => {
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

  const isInSight = (selector: string) =>
    panel.page.waitForFunction((wanted) => {
      const one = document.querySelector(wanted);
      const box = document.querySelector('.transcript')?.getBoundingClientRect();
      const place = one?.getBoundingClientRect();
      if (one === null || box === undefined || place === undefined) return false;
      return document.activeElement === one && place.top >= box.top - 1 && place.bottom <= box.bottom + 1;
    }, selector);

  it('is led to by its number, and leads back, by clicks and by keys; nothing is opened for it', async () => {
    panel = await PanelPage.open(bench, { state: chat([user('u1', 'When?'), answer('u1', [text('a', source)])]) });
    await panel.page.locator('.markdown p [data-note="1"]').first().click();
    await isInSight('.footnote [data-note="1"]');
    await panel.page.keyboard.press('Enter');
    await isInSight('.markdown p:first-child [data-note="1"]');
    await panel.page.locator('.markdown p [data-note="b"]').first().press('Enter');
    await isInSight('.footnote [data-note="b"]');
    assert.deepEqual(
      (await panel.said()).filter(({ type }) => type.startsWith('open')),
      [],
    );
  });

  it('is one as soon as its note has come, is drawn as at once then, and copied as it was written (L65)', async () => {
    const running = answer('u1', [text('a', '', true)], { outcome: null, endedAt: null });
    panel = await PanelPage.open(bench, {
      state: chat([user('u1', 'When?'), running], { activity: { kind: 'writing', since: startedAt } }),
    });
    for (const piece of source.match(/[\s\S]{1,40}/g) ?? [])
      await panel.events({ type: 'delta', answer: 'u1', key: 'a', text: piece });
    await panel.snapshot({ state: chat([user('u1', 'When?'), answer('u1', [text('a', source)])]) });
    await panel.page.waitForFunction(() => document.querySelectorAll('[data-note]').length === 5);
    const copied = await panel.page.evaluate(async () => {
      const shown = document.querySelector('.answer .markdown') as Element;
      getSelection()?.selectAllChildren(shown);
      for (let n = 0; n < 100; n += 1) {
        const clipboardData = new DataTransfer();
        shown.dispatchEvent(new ClipboardEvent('copy', { clipboardData, bubbles: true, cancelable: true }));
        const words = clipboardData.getData('text/plain');
        if (words !== '') return words;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return '';
    });
    assert.equal(copied, source);
  });
});
