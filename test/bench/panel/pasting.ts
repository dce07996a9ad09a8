/** What a long paste costs the panel, which folds it: beside a page that does nothing but read the clipboard. */
import type { Page } from 'playwright-core';
import { baseComposer, conversation, type PanelBench, PanelPage } from '../../panel/panelPage';
import { type Figure, figure, median } from '../bench';

const rounds = 9;
const characters = 800_000;
const line = 'A line of a long text that somebody pastes.\n';
const pasted = line.repeat(Math.ceil(characters / line.length)).slice(0, characters);

/** ms that the main thread is busy from the keys on, and with what follows them. */
async function busyWith(page: Page, follow: () => Promise<void>): Promise<number> {
  await page.locator('textarea').first().focus();
  await page.waitForTimeout(300);
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const busy = async (): Promise<number> => {
    const { metrics } = await session.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1000;
  };
  const before = await busy();
  await page.keyboard.press('ControlOrMeta+v');
  await page.waitForTimeout(300);
  await follow();
  await page.waitForTimeout(700);
  return (await busy()) - before;
}

async function copied(page: Page): Promise<void> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.evaluate((text) => navigator.clipboard.writeText(text), pasted);
}

/** The host takes it, and tells of its chip. */
async function taken(panel: PanelPage): Promise<void> {
  const length = await panel.page.evaluate(() => {
    const asked = window.panelHost.asks.find(({ intent }) => intent.type === 'attachPasted');
    window.postMessage({ type: 'answer', ask: asked?.ask, answer: { ok: true, value: null } }, '*');
    return asked?.intent.type === 'attachPasted' ? asked.intent.text.length : 0;
  });
  if (length !== characters) throw new Error(`${length} characters were folded`);
  const id = 'e'.repeat(64);
  const label = line.trim();
  const attachments = [
    { id, kind: 'document', label, mediaType: 'text/plain', pasted: true, bytes: characters, tokens: 250_000 },
  ] as const;
  await panel.post({ type: 'composer', conversation, composer: { ...baseComposer, attachments } });
}

async function folded(bench: PanelBench): Promise<number> {
  const panel = await PanelPage.open(bench, { alone: true });
  try {
    await copied(panel.page);
    return await busyWith(panel.page, () => taken(panel));
  } finally {
    await panel.close();
  }
}

async function read(bench: PanelBench): Promise<number> {
  const context = await bench.browser.newContext({ viewport: { width: 400, height: 700 } });
  try {
    const page = await context.newPage();
    await page.goto(`${bench.server.origin}/panel?theme=dark&page=bare`);
    await page.setContent('<!DOCTYPE html><textarea></textarea>');
    await page.evaluate(() => {
      document.addEventListener('paste', (event) => {
        event.preventDefault();
        document.title = String(event.clipboardData?.getData('text/plain').length);
      });
    });
    await copied(page);
    const ms = await busyWith(page, async () => undefined);
    const title = await page.title();
    if (title !== String(characters)) throw new Error(`${title} characters were read`);
    return ms;
  } finally {
    await context.close();
  }
}

/** Both sides in turns. */
export async function pastes(bench: PanelBench): Promise<readonly Figure[]> {
  const quotients: number[] = [];
  for (let round = 0; round < rounds; round += 1) quotients.push((await folded(bench)) / (await read(bench)));
  return [figure('a paste of 800,000 characters ÷ reading the clipboard', median(quotients), '×', 1.5)];
}
