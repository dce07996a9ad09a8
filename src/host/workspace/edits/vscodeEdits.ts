/** `EditFacts` out of VS Code. Nothing takes the focus, opens a tab or moves a cursor. */
import * as vscode from 'vscode';
import type { EditFacts, Shown, TextChange } from './facts';

/** The built-in preview of Markdown: it stands in a tab as a custom editor, and changes nothing. */
const preview = 'vscode.markdown.preview.editor';

/** Editors and file systems of this window. */
export const vscodeEdits: EditFacts = {
  isTrusted: () => vscode.workspace.isTrusted,
  documents: () =>
    vscode.workspace.textDocuments.map((document) => ({
      uri: document.uri.toString(),
      dirty: document.isDirty,
      version: document.version,
      encoding: document.encoding,
      text: () => document.getText(),
    })),
  shown,
  settingsOf: (uri) => {
    const settings = vscode.workspace.getConfiguration('files', vscode.Uri.parse(uri, true));
    const eol = settings.get<string>('eol', 'auto');
    const own = process.platform === 'win32' ? '\r\n' : '\n';
    return {
      eol: eol === '\n' || eol === '\r\n' ? eol : own,
      encoding: settings.get<string>('encoding', 'utf8'),
    };
  },
  readonlyOf: (uri) => {
    const settings = vscode.workspace.getConfiguration('files', vscode.Uri.parse(uri, true));
    const globs = (name: string): readonly string[] => {
      const all = settings.get<Readonly<Record<string, unknown>>>(name, {});
      return Object.keys(all).filter((glob) => all[glob] === true);
    };
    return { include: globs('readonlyInclude'), exclude: globs('readonlyExclude') };
  },
  encodingOf: async (uri) => (await vscode.workspace.openTextDocument(vscode.Uri.parse(uri, true))).encoding,
  encode: async (text, encoding) => await vscode.workspace.encode(text, { encoding }),
  change,
  save: async (uri) => (await documentOf(uri)?.save()) ?? false,
  virtual: {
    isWritable: (uri) => vscode.workspace.fs.isWritableFileSystem(vscode.Uri.parse(uri, true).scheme) !== false,
    write: async (uri, bytes) => await vscode.workspace.fs.writeFile(vscode.Uri.parse(uri, true), bytes),
    createFolder: async (uri) => await vscode.workspace.fs.createDirectory(vscode.Uri.parse(uri, true)),
    rename: async (from, to) =>
      await vscode.workspace.fs.rename(vscode.Uri.parse(from, true), vscode.Uri.parse(to, true), { overwrite: false }),
  },
  remove: async (uri, useTrash) => await vscode.workspace.fs.delete(vscode.Uri.parse(uri, true), { useTrash }),
};

function documentOf(uri: string): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri);
}

/** VS Code refuses an edit of a version that is no more. */
async function change(uri: string, version: number, changes: readonly TextChange[]): Promise<boolean> {
  const document = documentOf(uri);
  if (document === undefined || document.version !== version) return false;
  const edit = new vscode.WorkspaceEdit();
  for (const { start, end, text } of changes) {
    edit.replace(document.uri, new vscode.Range(document.positionAt(start), document.positionAt(end)), text);
  }
  return await vscode.workspace.applyEdit(edit);
}

function shown(uri: string): Shown {
  const inputs = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ input }) => input));
  const kinds = inputs.flatMap((input) => kindsOf(input, uri));
  return kinds.find((kind) => kind !== 'text') ?? kinds[0] ?? 'none';
}

function kindsOf(input: unknown, uri: string): readonly Shown[] {
  const is = (...uris: readonly vscode.Uri[]): boolean => uris.some((one) => one.toString() === uri);
  if (input instanceof vscode.TabInputText) return is(input.uri) ? ['text'] : [];
  if (input instanceof vscode.TabInputTextDiff) return is(input.original, input.modified) ? ['text'] : [];
  if (input instanceof vscode.TabInputNotebook) return is(input.uri) ? ['notebook'] : [];
  if (input instanceof vscode.TabInputNotebookDiff) return is(input.original, input.modified) ? ['notebook'] : [];
  if (input instanceof vscode.TabInputCustom) return is(input.uri) && input.viewType !== preview ? ['custom'] : [];
  return [];
}
