/** What a long paste costs the panel, which folds it: beside a page that does nothing but read the clipboard. */
import type { Page } from 'playwright-core';
import type { PostedIntent } from '../../../src/shared/intents';
import type { HostToView } from '../../../src/shared/protocol';
import { baseComposer, conversation, type PanelBench, PanelPage } from '../../panel/panelPage';
import { type Figure, figure, median } from '../bench';

const rounds = 9;
const characters = 800_000;
const line = 'A line of a long text that somebody pastes.\n';
const pasted = line.repeat(Math.ceil(characters / line.length)).slice(0, characters);

/** ms that the main thread is busy from the keys on, and with what follows them. */
async function busyWithPaste(page: Page): Promise<number> {
  await page.locator('textarea').first().focus();
  await page.waitForTimeout(500);
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const busy = async (): Promise<number> => {
    const { metrics } = await session.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1000;
  };
  const before = await busy();
  await page.keyboard.press('ControlOrMeta+v');
  await page.waitForTimeout(1000);
  return (await busy()) - before;
}

async function copied(page: Page): Promise<void> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.evaluate((text) => navigator.clipboard.writeText(text), pasted);
}

/**
 * A host that takes what is folded as fast as it is stored, and tells of its chip. What the panel posts leaves its thread
 * as bytes, as it does in VS Code.
 */
async function takes(panel: PanelPage): Promise<void> {
  const id = 'e'.repeat(64);
  const label = line.trim();
  const attachments = [
    { id, kind: 'document', label, mediaType: 'text/plain', pasted: true, bytes: characters, tokens: 250_000 },
  ] as const;
  const composer: HostToView = { type: 'composer', conversation, composer: { ...baseComposer, attachments } };
  await panel.page.evaluate((message) => {
    const { port1 } = new MessageChannel();
    window.structuredClone = ((posted: PostedIntent, options: StructuredSerializeOptions) => {
      const { ask, intent } = posted;
      if (intent.type === 'attachPasted') document.title = String(intent.bytes.length);
      port1.postMessage(posted, options);
      if (intent.type !== 'attachPasted') return posted;
      setTimeout(() => {
        window.postMessage(message, '*');
        window.postMessage({ type: 'answer', ask, answer: { ok: true, value: null } }, '*');
      }, 10);
      return { ask, intent: { ...intent, bytes: new Uint8Array() } };
    }) as typeof structuredClone;
  }, composer);
}

async function folded(bench: PanelBench): Promise<number> {
  const panel = await PanelPage.open(bench, { alone: true });
  try {
    await takes(panel);
    await copied(panel.page);
    const ms = await busyWithPaste(panel.page);
    await wholeIn(panel.page);
    await panel.page.locator('.chip.attachment:not(.taking)').waitFor();
    return ms;
  } finally {
    await panel.close();
  }
}

async function wholeIn(page: Page): Promise<void> {
  const title = await page.title();
  if (title !== String(characters)) throw new Error(`${title} characters were pasted`);
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
    const ms = await busyWithPaste(page);
    await wholeIn(page);
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
