/** Writes what can be read of a conversation into a Markdown file that the user chooses. */
import * as vscode from 'vscode';
import { chatMarkdown } from '../core/chatMarkdown';
import type { Store } from '../core/ports';
import { stateOf } from '../core/transcript';

export async function exportConversation(id: string, store: Pick<Store, 'load'>): Promise<void> {
  const stored = await store.load(id);
  if (stored === null) throw new Error(vscode.l10n.t('It is not in the store any more.'));
  const { title } = stored.meta;
  const markdown = chatMarkdown(stateOf(id, title, stored.path));
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const name = `${
    title
      .replace(/[^\p{L}\p{N} _-]+/gu, ' ')
      .trim()
      .slice(0, 80) || 'conversation'
  }.md`;
  const target = await vscode.window.showSaveDialog({
    filters: { Markdown: ['md'] },
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, name) }),
  });
  if (target === undefined) return;
  await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(markdown));
  await vscode.window.showTextDocument(target, { preview: true });
}
