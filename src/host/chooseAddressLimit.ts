/** The list of what is left out for an address, as VS Code's own quick pick. */
import * as vscode from 'vscode';
import type { Words } from '../shared/chat';
import type { LimitRow, LimitWindow } from './addressLimitsList';

interface Item extends vscode.QuickPickItem {
  readonly of: LimitRow;
}

export const addressLimitPick: LimitWindow = {
  async pick(rows, host) {
    const items = rows.map((of): Item => ({ label: inWords(of.label), description: of.field ?? '', of }));
    const picked = await vscode.window.showQuickPick(items, {
      title: vscode.l10n.t('Left out for {0}', host),
      placeHolder: vscode.l10n.t('Select what to send again'),
      matchOnDescription: true,
    });
    return picked?.of.key;
  },
  info: (words) => void vscode.window.showInformationMessage(inWords(words)),
  warn: (words) => void vscode.window.showWarningMessage(inWords(words)),
};

function inWords({ text, args }: Words): string {
  return vscode.l10n.t(text, ...(args ?? []));
}
