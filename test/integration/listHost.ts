/** The panel in its places, and the list of conversations in it: what the suites about conversations share. */
import type { Frame, Locator } from 'playwright-core';
import type { HostSession } from '../vscode/session';
import { openComposer, typeInto } from './chatHost';

export type PanelWindow = Pick<HostSession, 'page' | 'webview'>;

/** The panel in the side bar, or in the visible editor tab. */
export function panelIn(window: PanelWindow, place: 'sidebar' | 'editor'): Promise<Frame> {
  return window.webview(`#app[data-place="${place}"] ${openComposer}`);
}

export async function ask(window: PanelWindow, panel: Frame, text: string): Promise<void> {
  await typeInto(window, panel.locator('.composerText'), text);
  await window.page.keyboard.press('Enter');
}

export async function see(panel: Frame, text: string | RegExp): Promise<void> {
  await panel.getByText(text).first().waitFor({ state: 'visible', timeout: 20_000 });
}

export async function idle(panel: Frame): Promise<void> {
  await panel.locator('[data-do="send"]').waitFor({ timeout: 30_000 });
}

/** Opens the list where it is not open. */
export async function openList(panel: Frame): Promise<void> {
  if ((await panel.locator('.conversations[hidden]').count()) > 0) await panel.locator('.titleButton').click();
  await panel.locator('.listSearch').waitFor();
}

export const row = (panel: Frame, title: string | RegExp): Locator => panel.locator('.listRow', { hasText: title });
