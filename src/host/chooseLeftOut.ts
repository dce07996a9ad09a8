/** The list of what can be left out of what is sent, as VS Code's own quick pick. */
import * as vscode from 'vscode';
import type { Leavable } from '../core/leavable';
import type { LeaveOutChooser } from './windowCare';

interface Row extends vscode.QuickPickItem {
  readonly of: Leavable;
}

export const leaveOutPick: LeaveOutChooser = {
  async choose(list, { model, asksAgain }) {
    if (list.length === 0) {
      const nothing = vscode.l10n.t('There is nothing in this conversation that could be left out.');
      vscode.window.showInformationMessage(nothing).then(undefined, () => undefined);
      return undefined;
    }
    const rows = list.map((of): Row => {
      const { label, tokens, out } = of;
      const description = vscode.l10n.t('{0} tokens', tokens.toLocaleString());
      return { label: vscode.l10n.t(label.text, ...(label.args ?? [])), description, picked: out, of };
    });
    const picked = await vscode.window.showQuickPick(rows, {
      canPickMany: true,
      title: vscode.l10n.t('Leave out of what is sent to {0}', model),
      placeHolder: asksAgain
        ? vscode.l10n.t('What is checked is not sent any more, and the question is asked again')
        : vscode.l10n.t('What is checked is not sent any more; the cache is written anew from there on'),
      ignoreFocusOut: true,
      matchOnDescription: true,
    });
    return picked?.map((row) => row.of.target);
  },
};
