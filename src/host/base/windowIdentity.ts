/** Which workspace this window shows. */
import * as vscode from 'vscode';
import type { WorkspaceIdentity } from '../../core/record/store';
import { workspaceIdentity } from './identity';

/** Of the window's workspace; its folders are those that it has now. */
export function windowIdentity(): WorkspaceIdentity {
  const { name, workspaceFile } = vscode.workspace;
  const folders = (): string[] => (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.toString());
  const known = workspaceIdentity({
    name,
    folders: folders(),
    // One that was never saved has another name after each start.
    file: workspaceFile === undefined || workspaceFile.scheme === 'untitled' ? undefined : workspaceFile.toString(),
  });
  // The folders of a saved workspace may come after its window has opened, and more of them later.
  return {
    key: known.key,
    name: known.name,
    get folders() {
      const now = folders();
      return now.length === 0 ? known.folders : now;
    },
  };
}
