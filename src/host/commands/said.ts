/** Says what a command could not do: it has no place of its own on the screen. */
import * as vscode from 'vscode';
import type { Answer } from '../../shared/protocol';
import { localized } from '../base/strings';

/** Shows why something was not done, in a message. */
export async function said(answer: Promise<Answer>): Promise<void> {
  const answered = await answer;
  if (answered.ok) return;
  // Whoever closes it decides nothing.
  void vscode.window.showWarningMessage(localized(answered.reason));
}
