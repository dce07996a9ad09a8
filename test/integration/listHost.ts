/** The panel in its places, and the list of conversations in it: what the suites about conversations share. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Frame, Locator } from 'playwright-core';
import type { HostSession } from '../vscode/session';
import { eventually, openComposer, typeInto } from './chatHost';

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

/** Does something to the database beside the window that has it open. */
export function inStore(session: HostSession, work: (db: DatabaseSync) => void): void {
  const folder = join(session.globalStoragePath, 'prelude.prelude');
  const db = new DatabaseSync(join(folder, readdirSync(folder).find((name) => name.endsWith('.db')) ?? ''));
  try {
    db.exec('PRAGMA busy_timeout = 5000');
    work(db);
  } finally {
    db.close();
  }
}

/** The window has the focus, or is as it is while the user works in another program. */
export async function focusIn(session: HostSession, focused: boolean): Promise<void> {
  await session.page.evaluate((has) => {
    if (has) Reflect.deleteProperty(document, 'hasFocus');
    else document.hasFocus = () => false;
    // Whichever of the two the workbench has heard last, it looks again.
    for (const type of ['focus', 'blur']) window.dispatchEvent(new Event(type));
  }, focused);
  await eventually(async () => assert.equal(await session.evaluate((vscode) => vscode.window.state.focused), focused));
}
