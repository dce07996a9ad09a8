/** What stands in rows has the room it needs: in large letters, below a footer, in the system's colours, in any direction. */
import assert from 'node:assert/strict';
import { longestQuery } from '../../src/shared/find';
import { answer, chat, chips, compaction, longAnswer, shortTools, text, user } from './chats';
import { type PanelBench, type PanelOptions, PanelPage, startBench } from './panelPage';

const spoken = answer('u1', [...shortTools, text('a', longAnswer)]);

describe('The room of what stands in a row', () => {
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

  for (const [fontSize, width] of [
    [13, 400],
    [32, 260],
    [32, 600],
  ] as const) {
    it(`cuts no letters at chat.fontSize ${fontSize} and ${width} px`, async () => {
      await open({ width, environment: { fontSize }, composer: { chips }, state: chat([user('u1', 'Why?'), spoken]) });
      await panel.page.locator('.chip .chipLabel').first().waitFor();
      await panel.page.waitForFunction(
        () => document.querySelectorAll('.chipLabel, .lineWords, .title, .codeLanguage').length > 3,
      );
      const cut = await panel.page.evaluate(() =>
        [...document.querySelectorAll<HTMLElement>('.chipLabel, .lineWords, .title, .codeLanguage')].flatMap((row) => {
          const words = document.createTreeWalker(row, NodeFilter.SHOW_TEXT).nextNode();
          if (words === null || row.clientHeight === 0 || row.closest('.onlyNarrow, .notNarrow') !== null) return [];
          // As high as its letters are drawn, from the top of the tallest to the foot of the deepest.
          const letters = Number.parseFloat(getComputedStyle(row).fontSize) * 1.15;
          const around = row.closest('.chip, .line, .titleRow, .codeHeader') as HTMLElement;
          const room = Math.min(row.clientHeight, around.clientHeight);
          return room + 0.5 < letters ? [`${row.className} ${room} < ${letters}`] : [];
        }),
      );
      assert.deepEqual(cut, []);
    });
  }

  const followers = {
    'a compaction': compaction(),
    'a turn that was continued': { ...user('u2', 'Go on.'), auto: 'continue' } as const,
  };
  for (const [name, follower] of Object.entries(followers)) {
    it(`has a footer that lies over nothing of ${name}`, async () => {
      await open({ state: chat([user('u1', 'Why?'), spoken, follower, answer('u2', [text('b', 'So.')])]) });
      await panel.page.locator('.compactionLine, .continued').first().waitFor();
      const over = await panel.page.evaluate(() => {
        const foot = document.querySelector('.turnFooter')?.getBoundingClientRect();
        const next = document.querySelector('.compactionLine, .continued > .line')?.getBoundingClientRect();
        return (foot?.bottom ?? 99) - (next?.top ?? 0);
      });
      assert.ok(over <= 0.5, `${over} px`);
    });
  }

  it('shows the focus of a message that is edited in the system’s colours', async () => {
    await open({ state: chat([user('u1', 'Why?'), spoken]) });
    await panel.page.emulateMedia({ forcedColors: 'active' });
    await panel.page.locator('.bubbleEdit').first().press('Enter');
    const style = await panel.page.locator('.inlineText').evaluate((field) => {
      const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(field);
      return [outlineStyle, outlineWidth, outlineColor];
    });
    await panel.page.emulateMedia({ forcedColors: 'none' });
    assert.deepEqual(style.slice(0, 2), ['solid', '1px']);
    assert.doesNotMatch(style[2] ?? '', /, 0\)$/);
  });

  it('takes words of either direction in the search of the list, and in finding', async () => {
    await open({ state: chat([user('u1', 'Why?'), spoken]) });
    const directionOf = (selector: string) =>
      panel.page.locator(selector).evaluate((field) => getComputedStyle(field).direction);
    await panel.post({ type: 'find', step: 'open' });
    await panel.page.locator('.findText').fill('שלום');
    assert.equal(await directionOf('.findText'), 'rtl');
    await panel.post({ type: 'showConversations' });
    await panel.page.locator('.listSearch').fill('שלום');
    assert.equal(await directionOf('.listSearch'), 'rtl');
  });

  it('takes no more into a search or a filter than words to look for (L68)', async () => {
    await open({ state: chat([user('u1', 'Why?'), spoken]) });
    const pasted = async (field: string): Promise<number> => {
      await panel.page.locator(`${field}:focus`).waitFor();
      await panel.page.keyboard.insertText('word '.repeat(160_000));
      return (await panel.page.locator(field).inputValue()).length;
    };
    await panel.page.locator('.composerModel').click();
    assert.equal(await pasted('.pickerFilter'), longestQuery);
    await panel.post({ type: 'showConversations' });
    await panel.page.locator('.listSearch').focus();
    assert.equal(await pasted('.listSearch'), longestQuery);
  });
});
