/** What axe minds of a page (https://github.com/dequelabs/axe-core). */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { repoRoot } from '../vscode/paths';
import { type ThemeName, themeNames } from './themes';

declare global {
  interface Window {
    axe: { run(context: Document, options: unknown): Promise<AxeResults> };
  }
}

/** The rules that look at colours; for all others each theme is as the next. */
const colourRules = ['color-contrast', 'link-in-text-block'];

let source: string | null = null;

/** Puts axe into a document; it does what the panel's policy forbids. */
export async function loadAxe(page: Pick<Page, 'evaluate'>): Promise<void> {
  source ??= readFileSync(createRequire(join(repoRoot(), 'package.json')).resolve('axe-core/axe.min.js'), 'utf8');
  // Playwright evaluates outside the document's policy; a script element would be refused, as it should be.
  await page.evaluate(source);
}

/** Each broken rule with where it is broken. All rules are looked at in the first theme, those of colours in each. */
export async function violations(page: Pick<Page, 'evaluate'>, theme: ThemeName): Promise<readonly string[]> {
  // Nodes that break nothing are not described.
  const options = {
    preload: false,
    resultTypes: ['violations'],
    ...(theme === themeNames[0] ? {} : { runOnly: colourRules }),
  };
  const found = await page.evaluate(async (chosen) => (await window.axe.run(document, chosen)).violations, options);
  return found.map(
    ({ id, nodes }) =>
      `${id}: ${nodes.map((node) => `${node.html.slice(0, 160)} ${node.failureSummary ?? ''}`).join(' | ')}`,
  );
}
