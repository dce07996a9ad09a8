/** Files by their URI, through the door to the disks: VS Code reads `file:` with the threads that all extensions share. */
import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { readWhole } from './files/disk';
import { diskDoor, virtualDoor } from './files/door';

/** Rejects with DiskSilent where nothing answers. */
export function statUri(uri: vscode.Uri): Promise<vscode.FileStat> {
  return through(uri, () => vscode.workspace.fs.stat(uri));
}

/** Of a plain file, up to `maxBytes`; null for what is none, or larger: a pipe is not opened. */
export async function readUri(uri: vscode.Uri, maxBytes: number): Promise<Uint8Array | null> {
  if (uri.scheme === 'file') return await readWhole(uri.fsPath, placeOf(uri), maxBytes);
  const { type, size } = await statUri(uri);
  if ((type & vscode.FileType.File) === 0 || size > maxBytes) return null;
  return await through(uri, () => vscode.workspace.fs.readFile(uri));
}

/** What stands in a folder. Rejects with VS Code's errors, and when the disk does not answer in time. */
export function listUri(uri: vscode.Uri): Promise<[string, vscode.FileType][]> {
  return through(uri, () => vscode.workspace.fs.readDirectory(uri));
}

function through<T>(uri: vscode.Uri, work: () => Thenable<T>): Promise<T> {
  const door = uri.scheme === 'file' ? diskDoor : virtualDoor;
  return door.run(placeOf(uri), async () => await work());
}

/** One folder of the window is one place; elsewhere each folder is. */
function placeOf(uri: vscode.Uri): string {
  const root = vscode.workspace.getWorkspaceFolder(uri)?.uri;
  if (uri.scheme === 'file') return root?.fsPath ?? dirname(uri.fsPath);
  return (root ?? uri.with({ path: '/' })).toString();
}
