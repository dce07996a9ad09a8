/** Files that the user attaches from the disk or the explorer. */
import * as vscode from 'vscode';
import { maxFileBytes } from '../core/attachments';
import { type FileSource, mediaTypeOfName } from './attachments';
import { readUri, statUri } from './uriFiles';
import { realPathOf } from './workspace/disk';

export const pickedFiles: FileSource = {
  async pick() {
    const picked = await vscode.window.showOpenDialog({
      canSelectMany: true,
      openLabel: vscode.l10n.t('Attach'),
      title: vscode.l10n.t('Attach images, PDF or text files'),
      filters: {
        [vscode.l10n.t('Images, PDF and text')]: ['*'],
        [vscode.l10n.t('Images')]: ['png', 'jpg', 'jpeg', 'gif', 'webp'],
        [vscode.l10n.t('PDF')]: ['pdf'],
      },
    });
    return (picked ?? []).map((uri) => uri.toString());
  },

  async read(address) {
    const uri = vscode.Uri.parse(address, true);
    const { size, type } = await statUri(uri);
    if ((type & vscode.FileType.Directory) !== 0) throw new Error(vscode.l10n.t('it is a folder'));
    if (size > maxFileBytes) throw new Error(vscode.l10n.t('it is larger than the 22 MB that a request takes'));
    const bytes = await readUri(uri, maxFileBytes);
    if (bytes === null) throw new Error(vscode.l10n.t('it is not a plain file'));
    return { name: uri.path, mediaType: mediaTypeOfName(uri.path), bytes, target: await targetOf(uri) };
  },

  tell(_name, { text, args }) {
    vscode.window.showWarningMessage(vscode.l10n.t(text, ...(args ?? []))).then(undefined, () => undefined);
  },
};

/** Where a file lies when links are followed, as far as that can be told. */
export async function targetOf(uri: vscode.Uri): Promise<string> {
  if (uri.scheme !== 'file') return uri.path;
  return (await realPathOf(uri.fsPath, uri.fsPath).catch(() => null)) ?? uri.path;
}
