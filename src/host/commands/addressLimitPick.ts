/** The list of what is left out for an address, as VS Code's own quick pick. */
import * as vscode from 'vscode';
import { messages } from '../base/messages';
import { localized, strings } from '../base/strings';
import type { LimitRow, LimitWindow } from '../settings/addressLimitsList';

interface Item extends vscode.QuickPickItem {
  readonly of: LimitRow;
}

/** Asks which limit is to be taken back; undefined where none was picked. */
export const addressLimitPick: LimitWindow = {
  async pick(rows, host) {
    const items = rows.map((of): Item => ({ label: localized(of.label), description: of.field ?? '', of }));
    const picked = await vscode.window.showQuickPick(items, {
      title: strings.limitsTitle(host),
      placeHolder: strings.limitsPlaceholder(),
      matchOnDescription: true,
    });
    return picked?.of.key;
  },
  info: (words) => void messages.info(localized(words)),
  warn: (words) => void messages.warn(localized(words)),
};
