/** Where little room is left a chip's name is cut, and the place in it never is: the cell, the lines, the version (L58). */
import assert from 'node:assert/strict';
import type { Chip } from '../../src/shared/protocol';
import { chat, chips, user } from './chats';
import { type PanelBench, PanelPage, startBench } from './panelPage';

const names = ['a notebook of many words.ipynb', 'controllerOfConversations.ts', 'login.ts'] as const;
const places = [' · cell 12:103-117', ':1020-1178 +2', ' (HEAD):41-78'] as const;

describe('The place in a chip', () => {
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

  /** Of each chip with a place: its words, what is seen of the place, whether the name is cut. */
  const measured = () =>
    panel.page.locator('.chipPlace').evaluateAll((all) =>
      all.map((place) => {
        const box = place.getBoundingClientRect();
        const seen = { left: 0, right: innerWidth };
        for (let up = place.parentElement; up !== null; up = up.parentElement) {
          if (getComputedStyle(up).overflowX === 'visible') continue;
          const { left, right } = up.getBoundingClientRect();
          seen.left = Math.max(seen.left, left);
          seen.right = Math.min(seen.right, right);
        }
        const name = place.previousElementSibling;
        return {
          words: place.closest('.chipLabel')?.textContent,
          whole: box.left >= seen.left - 0.5 && box.right <= seen.right + 0.5 && box.width > 0,
          // The text within its own box, too.
          own: place.scrollWidth <= place.clientWidth + 1,
          cut: name !== null && name.scrollWidth > name.clientWidth,
          title: (place.closest('[title]') as HTMLElement | null)?.title ?? '',
        };
      }),
    );

  for (const [index, place] of places.entries()) {
    const name = names[index] ?? '';
    it(`is never cut: ${place.trim()}`, async () => {
      const label = `${name.replace(' (HEAD)', '')}${place}`;
      const source = { uri: `file:///w/src/${name}`, path: `src/${name}`, line: 103, cell: null };
      const placed = { label, place, source };
      const selection: Chip = { kind: 'selection', id: 's', ...placed, tokens: 20, usd: 0.001, included: true };
      const attached = { kind: 'selection', id: 'x', ...placed } as const;
      const pictures = process.env['PRELUDE_PICTURES'];
      const views = [
        ['light', 260],
        ['dark', 400],
        ['dark', 260],
        ['light', 400],
      ] as const;
      for (const [at, [theme, width]] of views.slice(0, pictures === undefined ? 2 : 4).entries()) {
        if (at > 0) await panel.close();
        panel = await PanelPage.open(bench, {
          theme,
          width,
          height: 460,
          state: chat([{ ...user('u1', 'What does it do?'), attachments: [attached] }]),
          composer: {
            chips: [selection, ...chips.slice(1)],
            attachments: [{ ...attached, tokens: 20 }],
          },
        });
        const shown = await measured();
        assert.equal(shown.length, 3);
        for (const one of shown) {
          assert.equal(one.words, label);
          assert.deepEqual([one.whole, one.own], [true, true], `${width}: ${JSON.stringify(one)}`);
          assert.ok(one.title.includes(place), one.title);
        }
        if (pictures !== undefined)
          await panel.page.screenshot({ path: `${pictures}/places-${index}-${theme}-${width}.png` });
        // Removed, it says where just as well.
        await panel.snapshot({ composer: { chips: [{ ...selection, included: false }, ...chips.slice(1)] } });
        await panel.settled();
        const [out] = await measured();
        assert.deepEqual([out?.whole, out?.words], [true, label]);
      }
    });
  }

  it('leaves the name whole where there is room', async () => {
    const source = { uri: 'file:///w/a.ipynb', path: 'a.ipynb', line: 2, cell: 3 };
    const one = { kind: 'selection', id: 's', label: 'a.ipynb · cell 3:2', place: ' · cell 3:2', source } as const;
    panel = await PanelPage.open(bench, { composer: { chips: [{ ...one, tokens: 20, usd: 0, included: true }] } });
    assert.deepEqual(
      (await measured()).map(({ cut, whole }) => [cut, whole]),
      [[false, true]],
    );
  });
});
