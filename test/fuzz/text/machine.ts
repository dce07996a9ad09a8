/** Any text: Markdown that nobody wrote is shown without a throw, within the bounds, and streamed as it is whole. */
import { join } from 'node:path';
import { tests as commonMark } from 'commonmark-spec';
import type { Browser, Page } from 'playwright-core';
import { gfmExamples } from '../../panel/gfmExamples';
import { launchBrowser } from '../../vscode/browser';
import { repoRoot } from '../../vscode/paths';
import type { Machine } from '../machine';
import type { TextHarness, TextProblem } from './browser/textHarness';

declare global {
  interface Window {
    anyText: TextHarness;
    textExamples: readonly string[];
  }
}

/** Cases of one call into the page. */
const atOnce = 100;

const examples = [...commonMark.map(({ markdown }) => markdown.replaceAll('→', '\t')), ...gfmExamples];

async function openPage(browser: Browser): Promise<Page> {
  const page = await browser.newPage();
  await page.setContent('<!DOCTYPE html><html lang="en"><body></body></html>');
  const path = join(repoRoot(), 'dist', 'test', 'fuzz', 'text', 'browser', 'textHarness.js');
  await page.addScriptTag({ path, type: 'module' });
  await page.waitForFunction(() => 'anyText' in window);
  await page.evaluate((all) => {
    window.textExamples = all;
    return window.anyText.loadHighlighter();
  }, examples);
  return page;
}

/** Cases are run many at a time; a seed that is asked for by itself runs by itself. */
export async function textMachine(batch = atOnce): Promise<Machine> {
  const browser = await launchBrowser();
  const page = await openPage(browser);
  let first = Number.NaN;
  let found: readonly (TextProblem | null)[] = [];
  return {
    name: 'text',
    async run(seed) {
      if (!(seed >= first && seed < first + found.length)) {
        first = seed;
        const seeds = Array.from({ length: batch }, (_, index) => seed + index);
        found = await page.evaluate((mine) => window.anyText.run(mine, window.textExamples), seeds);
      }
      const problem = found[seed - first];
      if (problem != null) throw new Error(`${JSON.stringify(problem.text)}\n${problem.more.slice(0, 4000)}`);
    },
    close: () => browser.close(),
  };
}
