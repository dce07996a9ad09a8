/** The font ships with the outlines of the icons that the stylesheets name, and of no others. */
import assert from 'node:assert/strict';
import { type PanelBench, PanelPage, startBench } from './panelPage';

/** Names of those that leave nothing on a canvas: their characters by the stylesheet. */
async function withoutOutline(panel: PanelPage): Promise<readonly string[]> {
  return await panel.page.evaluate(async () => {
    await document.fonts.load('32px codicon');
    const canvas = document.createElement('canvas');
    canvas.width = 32;
    canvas.height = 32;
    const context = canvas.getContext('2d', { willReadFrequently: true });
    if (context === null) throw new Error('there is no canvas');
    context.font = '32px codicon';
    context.textBaseline = 'top';
    const missing: string[] = [];
    for (const sheet of document.styleSheets) {
      for (const rule of sheet.cssRules) {
        const name = rule instanceof CSSStyleRule ? /^\.codicon-([\w-]+)::?before$/.exec(rule.selectorText)?.[1] : null;
        if (name === undefined || name === null || !(rule instanceof CSSStyleRule)) continue;
        context.clearRect(0, 0, 32, 32);
        context.fillText(JSON.parse(rule.style.content) as string, 0, 0);
        if (context.getImageData(0, 0, 32, 32).data.every((value) => value === 0)) missing.push(name);
      }
    }
    return missing;
  });
}

describe('The icons', () => {
  let bench: PanelBench;
  let panel: PanelPage;
  before(async () => {
    bench = await startBench();
    panel = await PanelPage.open(bench);
  });
  after(async () => {
    await panel.close();
  });

  it('are all drawn by the font that ships, but for the one that is blank', async () => {
    assert.deepEqual(await withoutOutline(panel), ['blank']);
  });
});
