/** How files are now, on the disk and in an editor: what an edit that was cut off has come to is told by that. */
import { createHash } from 'node:crypto';
import * as vscode from 'vscode';
import type { FilesNow } from '../../core/record/pendingEdits';

/** Over VS Code's file systems and its open documents. */
export const filesNow: FilesNow = {
  digestsOf: async (address) => {
    const uri = vscode.Uri.parse(address, true);
    const bytes = await bytesOf(uri);
    const unsaved = vscode.workspace.textDocuments.find(
      (document) => document.isDirty && document.uri.toString() === address,
    );
    return [bytes === null ? null : digestOf(bytes), ...(unsaved === undefined ? [] : [digestOf(unsaved.getText())])];
  },
};

/** null where there is no file. */
async function bytesOf(uri: vscode.Uri): Promise<Uint8Array | null> {
  try {
    return await vscode.workspace.fs.readFile(uri);
  } catch (error) {
    if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound') return null;
    throw error;
  }
}

function digestOf(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex');
}
