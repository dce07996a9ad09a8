/** The files of the workspace that a code block may be applied to, as VS Code knows them. */
import * as vscode from 'vscode';
import type { Workspace } from '../../../core/tools/workspace';
import { strings } from '../../base/strings';
import { statUri } from '../uriFiles';
import { placesOf } from '../workspacePath';

/** Finds the file of a code block. Paths are as the model is told them. */
export interface BlockFiles {
  /** Of the active editor; null where that shows none of the workspace. */
  active(): string | null;
  /** A path as it is written: the file itself where there is one, else those whose path ends so, two at most. */
  find(path: string): Promise<readonly string[]>;
  /** Has the user choose one; undefined when the user left it. */
  choose(): Promise<string | undefined>;
}

/** Files that can be chosen from. */
const mostFiles = 2_000;

/** Over the window's editors and folders. */
export function createBlockFiles(workspace: Pick<Workspace, 'findFiles'>): BlockFiles {
  const { signal } = new AbortController();
  return {
    active: () => {
      // A chat tab is no text editor: the one in sight beside it is meant.
      const editors = vscode.window.activeTextEditor ?? vscode.window.visibleTextEditors.find(isOurs);
      return editors !== undefined && isOurs(editors) ? vscode.workspace.asRelativePath(editors.document.uri) : null;
    },
    find: async (path) => {
      const exact = await fileAt(path);
      if (exact !== null) return [vscode.workspace.asRelativePath(exact)];
      const ending = path.replaceAll('\\', '/').replace(/^\/+/, '');
      if (ending.split('/').includes('..')) return [];
      return (await workspace.findFiles(`**/${ending}`, 2, signal)).paths;
    },
    choose: async () => {
      const tabs = vscode.window.tabGroups.all.flatMap(({ tabs: all }) => all.map(({ input }) => input));
      const open = tabs.flatMap((input) => (input instanceof vscode.TabInputText ? [input.uri] : [])).filter(isInside);
      const found = workspace.findFiles('**/*', mostFiles, signal).then(({ paths }) => paths);
      const first = open.map((uri) => vscode.workspace.asRelativePath(uri));
      const all = found.then((paths) => [...new Set([...first, ...paths])]);
      return await vscode.window.showQuickPick(all, {
        title: strings.applyTitle(),
        placeHolder: strings.applyPlaceholder(),
      });
    },
  };
}

function isOurs({ document }: vscode.TextEditor): boolean {
  return isInside(document.uri);
}

function isInside(uri: vscode.Uri): boolean {
  return vscode.workspace.getWorkspaceFolder(uri) !== undefined;
}

async function fileAt(path: string): Promise<vscode.Uri | null> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const roots = folders.map(({ name, uri }) => ({ name, path: uri.path, uri }));
  for (const { root, segments } of placesOf(path, roots)) {
    const folder = roots.find((one) => one.name === root.name && one.path === root.path);
    if (folder === undefined) continue;
    const uri = vscode.Uri.joinPath(folder.uri, ...segments);
    const stat = await statUri(uri).catch(() => null);
    if (stat !== null && (stat.type & vscode.FileType.File) !== 0) return uri;
  }
  return null;
}
