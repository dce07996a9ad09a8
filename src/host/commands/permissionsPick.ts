/** Manage Tool Permissions: what was allowed for longer than one call, as a list in which it can be taken back. */
import * as vscode from 'vscode';
import { messageOf } from '../../core/base/errors';
import { inLabel } from '../../core/tools/words/text';
import { messages } from '../base/messages';
import { strings } from '../base/strings';
import type { Allowed, ToolConsents } from '../settings/consents';

interface PermissionParts {
  readonly consents: Pick<ToolConsents, 'list' | 'takeBack'>;
  /** '' where it is not known. */
  readonly titleOf: (conversation: string) => Promise<string>;
}

interface Row extends vscode.QuickPickItem {
  readonly of?: Allowed;
}

/** All that holds is ticked; what is unticked is taken back. */
export async function managePermissions({ consents, titleOf }: PermissionParts): Promise<void> {
  const all = await consents.list();
  if (all.length === 0) {
    messages.info(strings.noPermissions()).then(undefined, () => undefined);
    return;
  }
  const rowOf = async (of: Allowed): Promise<Row> => {
    const { about, conversation } = of;
    const title = conversation === null ? '' : inLabel(await titleOf(conversation));
    const why =
      about?.kind === 'read' ? strings.whyAsked(about.why) : about?.kind === 'other' ? inLabel(about.source) : '';
    const description = why === '' || title === '' ? why + title : strings.beside(why, title);
    return { label: labelOf(about), description, picked: true, of };
  };
  const here = all.filter(({ conversation }) => conversation === null);
  const there = all.filter(({ conversation }) => conversation !== null);
  const rows: readonly Row[] = [
    ...(here.length === 0 ? [] : [separator(strings.inWorkspace()), ...(await Promise.all(here.map(rowOf)))]),
    ...(there.length === 0 ? [] : [separator(strings.inConversations()), ...(await Promise.all(there.map(rowOf)))]),
  ];
  const kept = await vscode.window.showQuickPick(rows, {
    canPickMany: true,
    title: strings.permissionsTitle(),
    placeHolder: strings.permissionsHint(),
    matchOnDescription: true,
  });
  if (kept === undefined) return;
  const keeps = new Set(kept.map(({ of }) => of));
  try {
    await consents.takeBack(all.filter((one) => !keeps.has(one)));
  } catch (error) {
    void messages.error(messageOf(error));
  }
}

function separator(label: string): Row {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}

function labelOf(about: Allowed['about']): string {
  switch (about?.kind) {
    case 'read':
      return strings.mayRead(inLabel(about.path));
    case 'other':
      return strings.mayRun(inLabel(about.tool));
    case 'web':
      return strings.maySearchWeb();
    case undefined:
      return strings.unknownPermission();
  }
}
