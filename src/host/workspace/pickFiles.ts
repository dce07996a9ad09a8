/** Files that the user attaches from the disk or the explorer. */
import * as vscode from 'vscode';
import { maxFileBytes } from '../../core/prompt/attachments';
import { messages } from '../base/messages';
import { localized, strings } from '../base/strings';
import { type FileSource, mediaTypeOfName } from './fileSource';
import { realPathOf } from './files/disk';
import { readUri, statUri } from './uriFiles';

/** VS Code's own dialogs and file system as the source of attachments. */
export const pickedFiles: FileSource = {
  async pick() {
    const picked = await vscode.window.showOpenDialog({
      canSelectMany: true,
      openLabel: strings.attach(),
      title: strings.attachTitle(),
      filters: {
        [strings.allAttachable()]: ['*'],
        [strings.images()]: ['png', 'jpg', 'jpeg', 'gif', 'webp'],
        [strings.pdf()]: ['pdf'],
      },
    });
    return (picked ?? []).map((uri) => uri.toString());
  },

  async read(address) {
    const uri = vscode.Uri.parse(address, true);
    const { size, type } = await statUri(uri);
    if ((type & vscode.FileType.Directory) !== 0) throw new Error(strings.isFolder());
    if (size > maxFileBytes) throw new Error(strings.isTooLarge());
    const bytes = await readUri(uri, maxFileBytes);
    if (bytes === null) throw new Error(strings.isNoPlainFile());
    return { name: uri.path, mediaType: mediaTypeOfName(uri.path), bytes, target: await targetOf(uri) };
  },

  tell(_name, words) {
    messages.warn(localized(words)).then(undefined, () => undefined);
  },
};

/** Where a file lies when links are followed, as far as that can be told. */
export async function targetOf(uri: vscode.Uri): Promise<string> {
  if (uri.scheme !== 'file') return uri.path;
  return (await realPathOf(uri.fsPath, uri.fsPath).catch(() => null)) ?? uri.path;
}
