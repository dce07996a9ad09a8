/** A Markdown file where the user wants it, by VS Code's own dialog; shown once it is written. */
import * as vscode from 'vscode';
import type { SaveMarkdown } from './exportConversation';

/** Asks where to save the text; does nothing when the dialog is closed. Rejects when it cannot be written. */
export const saveMarkdown: SaveMarkdown = async (name, markdown) => {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const target = await vscode.window.showSaveDialog({
    filters: { Markdown: ['md'] },
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, name) }),
  });
  if (target === undefined) return;
  await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(markdown));
  await vscode.window.showTextDocument(target, { preview: true });
};
