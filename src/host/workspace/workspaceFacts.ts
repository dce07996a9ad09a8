/** What the open workspace is recognized by when it comes back under another name. Read on this machine; never sent. */
import * as vscode from 'vscode';
import type { WorkspaceFingerprint } from '../../core/record/store';
import { remotesOf } from '../base/workspaceMatch';
import { listUri, readUri, statUri } from './uriFiles';

/** Of a folder with more, the first ones by name. */
const maxNames = 200;
/** Bytes; a git config is a few hundred. */
const maxConfig = 256 * 1024;

/** Names and git remotes of these folders, given as URIs; what cannot be read is missing in it. */
export async function readFingerprint(folders: readonly string[]): Promise<WorkspaceFingerprint> {
  const each = await Promise.all(
    folders.map(async (folder) => {
      const root = vscode.Uri.parse(folder, true);
      return { names: await topLevelNames(root), remotes: await gitRemotes(root) };
    }),
  );
  return {
    names: [...new Set(each.flatMap(({ names }) => names))].toSorted(),
    remotes: [...new Set(each.flatMap(({ remotes }) => remotes))].toSorted(),
  };
}

/** True only when it is known that none of the folders is there any more. */
export async function areGone(folders: readonly string[]): Promise<boolean> {
  const gone = await Promise.all(
    folders.map(async (folder) => {
      try {
        await statUri(vscode.Uri.parse(folder, true));
        return false;
      } catch (error) {
        return error instanceof vscode.FileSystemError && error.code === 'FileNotFound';
      }
    }),
  );
  return gone.every(Boolean);
}

async function topLevelNames(root: vscode.Uri): Promise<readonly string[]> {
  try {
    const entries = await listUri(root);
    return entries
      .map(([name]) => name)
      .toSorted()
      .slice(0, maxNames);
  } catch {
    return [];
  }
}

async function gitRemotes(root: vscode.Uri): Promise<readonly string[]> {
  const config = vscode.Uri.joinPath(root, '.git', 'config');
  try {
    const bytes = await readUri(config, maxConfig);
    return bytes === null ? [] : remotesOf(new TextDecoder().decode(bytes));
  } catch {
    // No repository, or a work tree whose config lies elsewhere.
    return [];
  }
}
