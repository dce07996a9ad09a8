/** What the thin entry says: apart from all else, since it is loaded when a window is (L22). */
import * as vscode from 'vscode';
import type { LocalizableMessage } from '../../shared/chat';

/** A message that was made without VS Code, in its display language. */
export function localized({ text, args }: LocalizableMessage): string {
  return vscode.l10n.t(text, ...(args ?? []).map((value) => (typeof value === 'object' ? localized(value) : value)));
}

/** What is said before the rest is loaded, or where that fails, translated when it is called. */
export const entryStrings = {
  notStarted: () => vscode.l10n.t('Nothing was deleted. Couldn’t start Prelude.'),
  notStartedBecause: (reason: string) => vscode.l10n.t('Couldn’t start Prelude: {0}', reason),
  retry: () => vscode.l10n.t('Retry'),
  openLog: () => vscode.l10n.t('Open Log'),
  chatPage: () => vscode.l10n.t('Prelude Chat'),
  composer: () => vscode.l10n.t('Message to Claude'),
  askClaude: () => vscode.l10n.t('Ask Claude'),
  askAboutWorkspace: () => vscode.l10n.t('Ask about this workspace'),
  fixAction: () => vscode.l10n.t('Fix with Claude'),
  explainAction: () => vscode.l10n.t('Explain with Claude'),
} as const;
