/** Which workspace a conversation belongs to. */
import { createHash } from 'node:crypto';
import type { WorkspaceIdentity } from '../../core/record/store';

interface OpenWorkspace {
  /** The name in the window's title; undefined without a folder. */
  readonly name: string | undefined;
  /** URIs of the roots, as strings. */
  readonly folders: readonly string[];
  /** URI of the .code-workspace file, as a string; undefined for folders alone and for one that was never saved. */
  readonly file: string | undefined;
}

/** The same folders in another order are the same workspace; a saved workspace file is one whatever it holds. */
export function workspaceIdentity(open: OpenWorkspace): WorkspaceIdentity {
  const name = open.name ?? '';
  if (open.file !== undefined) return { key: hash(['file', open.file]), name, folders: open.folders };
  if (open.folders.length === 0) return { key: 'none', name, folders: [] };
  return { key: foldersKey(open.folders), name, folders: open.folders };
}

/** The key of folders that are open without a workspace file. */
export function foldersKey(folders: readonly string[]): string {
  return hash(['folders', ...folders.toSorted()]);
}

function hash(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}
