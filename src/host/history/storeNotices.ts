/** What is said of the store itself: that it was damaged, that it has vanished, that another window holds it. */
import * as vscode from 'vscode';
import type { Log } from '../../core/base/ports';
import type { Store } from '../../core/record/store';
import { messages } from '../base/messages';
import { strings } from '../base/strings';
import { setAsideKey, vanishedKey } from '../store/file/protocol';

/** The damaged stores that were told of in this window. */
const notified = new Set<string>();

/** Until the user has seen it: what is said in a window that is closing is said again in the next one. */
export async function tellDamaged(store: Store, log: Log): Promise<void> {
  const movedTo = await store.getValue(setAsideKey);
  if (movedTo === null || notified.has(movedTo)) return;
  notified.add(movedTo);
  log.warn(`The store was damaged and set aside as ${movedTo}.`);
  const message = strings.keptDamaged(movedTo);
  const show = strings.showFile();
  const choice = await messages.warn(message, show);
  await store.setValue(setAsideKey, null);
  if (choice === show) await vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(movedTo));
}

/** Until the user has seen it, like a damaged one. */
export async function tellVanished(store: Store): Promise<void> {
  const file = await store.getValue(vanishedKey);
  if (file === null || notified.has(file)) return;
  notified.add(file);
  await messages.warn(strings.storeVanished(file));
  await store.setValue(vanishedKey, null);
}

/** Why a window takes its time to open: another one brings the store up to date. */
export function tellWaiting(): void {
  void messages.info(strings.waitingForWindow());
}
