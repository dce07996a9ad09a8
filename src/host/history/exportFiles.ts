/** Where exports go, by VS Code's own dialogs. What was written in part is taken away again. */
import * as vscode from 'vscode';
import { messages } from '../base/messages';
import { localized, strings } from '../base/strings';
import type { ExportFormat, ExportPlaces } from './exportConversation';
import type { Unread } from './exportJson';
import { writePieces } from './writePieces';

/** Asks for format and place, and writes as the pieces come; a long export can be cancelled. */
export const exportPlaces: ExportPlaces = {
  words: localized,
  format: async () => {
    const formats: readonly (vscode.QuickPickItem & { readonly format: ExportFormat })[] = [
      { label: 'Markdown', detail: strings.exportMarkdown(), format: 'md' },
      { label: 'JSON', detail: strings.exportJson(), format: 'json' },
    ];
    return (await vscode.window.showQuickPick(formats, { title: strings.exportTitle() }))?.format ?? null;
  },

  save: async (name, pieces, unread) => {
    const format = name.slice(name.lastIndexOf('.') + 1);
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    // It asks before it overwrites.
    const target = await vscode.window.showSaveDialog({
      filters: format === 'md' ? { Markdown: ['md'] } : { JSON: ['json'] },
      ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, name) }),
    });
    if (target === undefined || !(await withProgress((signal) => write(target, pieces, signal)))) return;
    if (format === 'md') await vscode.window.showTextDocument(target, { preview: true });
    if (format !== 'md' || unread.titles.length > 0) await tellWhere(target, unread);
  },

  saveAll: async (files, unread) => {
    const workspace = vscode.workspace.workspaceFolders?.[0]?.uri;
    const [parent] =
      (await vscode.window.showOpenDialog({
        ...{ canSelectFiles: false, canSelectFolders: true, openLabel: strings.exportHere() },
        ...(workspace === undefined ? {} : { defaultUri: workspace }),
      })) ?? [];
    if (parent === undefined) return;
    const folder = await newFolder(parent, strings.exportFolder());
    const written: vscode.Uri[] = [];
    const done = await withProgress(async (signal) => {
      try {
        for await (const { name, pieces } of files) {
          const file = vscode.Uri.joinPath(folder, name);
          await write(file, pieces, signal);
          written.push(file);
        }
      } catch (error) {
        await takeAway(folder, written);
        throw error;
      }
    });
    if (done) await tellWhere(folder, unread);
  },
};

/** What somebody else has put there stays, and a file that cannot be taken away keeps no other. */
async function takeAway(folder: vscode.Uri, written: readonly vscode.Uri[]): Promise<void> {
  const { fs } = vscode.workspace;
  await Promise.allSettled(written.map((file) => fs.delete(file)));
  const left = await fs.readDirectory(folder).then(
    (entries) => entries.length,
    () => 1,
  );
  if (left === 0) await fs.delete(folder).then(undefined, () => undefined);
}

/** One that was not there before. */
async function newFolder(parent: vscode.Uri, name: string): Promise<vscode.Uri> {
  for (let n = 1; ; n += 1) {
    const folder = vscode.Uri.joinPath(parent, n === 1 ? name : `${name} ${n}`);
    const isFree = await vscode.workspace.fs.stat(folder).then(
      () => false,
      // Whatever else fails says nothing of what is there.
      (error: unknown) => {
        if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound') return true;
        throw error;
      },
    );
    if (!isFree) continue;
    await vscode.workspace.fs.createDirectory(folder);
    return folder;
  }
}

/** False when it was cancelled. */
async function withProgress(work: (signal: AbortSignal) => Promise<void>): Promise<boolean> {
  const stop = new AbortController();
  const options = { location: vscode.ProgressLocation.Notification, title: strings.exporting(), cancellable: true };
  try {
    await vscode.window.withProgress(options, async (_, token) => {
      token.onCancellationRequested(() => stop.abort());
      await work(stop.signal);
    });
    return true;
  } catch (error) {
    if (stop.signal.aborted) return false;
    throw error;
  }
}

/** On the disk as the pieces come; elsewhere at once. */
async function write(target: vscode.Uri, pieces: AsyncIterable<string>, signal: AbortSignal): Promise<void> {
  if (target.scheme !== 'file') {
    let text = '';
    for await (const piece of pieces) {
      signal.throwIfAborted();
      text += piece;
    }
    await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
    return;
  }
  await writePieces(target.fsPath, pieces, signal);
}

/** Of what could not be read, so many are named. */
const maxNamed = 5;

async function tellWhere(target: vscode.Uri, { titles, more }: Unread): Promise<void> {
  const show = strings.showFile();
  const name = target.path.split('/').at(-1) ?? '';
  const named = titles.slice(0, maxNamed).map((title) => `“${title === '' ? strings.untitled() : title}”`);
  const rest = titles.length - named.length;
  const parts = [...named, ...(more || rest > 0 ? [strings.moreUnread()] : [])];
  const choice =
    parts.length === 0
      ? await messages.info(strings.exported(name), show)
      : await messages.warn(strings.exportedInPart(name, parts.join(', ')), show);
  if (choice === show) await vscode.commands.executeCommand('revealFileInOS', target);
}
