/** The list of what can be left out of what is sent, as VS Code's own quick pick. */
import * as vscode from 'vscode';
import type { Excludable } from '../../core/prompt/excludable';
import { messages } from '../base/messages';
import { localized, strings } from '../base/strings';
import type { ExclusionPicker } from '../session/turns/controllerDeps';

interface Row extends vscode.QuickPickItem {
  readonly of: Excludable;
}

/** Asks what is to be excluded from now on; undefined where nothing was decided. */
export const excludedPick: ExclusionPicker = {
  async choose(list, { model, asksAgain }) {
    if (list.length === 0) {
      const nothing = strings.nothingToExclude();
      messages.info(nothing).then(undefined, () => undefined);
      return undefined;
    }
    const rows = list.map((of): Row => {
      const { label, tokens, out } = of;
      const description = strings.tokens(tokens.toLocaleString());
      return { label: localized(label), description, picked: out, of };
    });
    const picked = await vscode.window.showQuickPick(rows, {
      canPickMany: true,
      title: strings.excludeTitle(model),
      placeHolder: asksAgain ? strings.excludeAsksAgain() : strings.excludeRewrites(),
      ignoreFocusOut: true,
      matchOnDescription: true,
    });
    return picked?.map((row) => row.of.target);
  },
};
