/** `LanguageFacts` out of VS Code. Documents are loaded, never shown. */
import * as vscode from 'vscode';
import { fileTypeOf } from '../files/fileType';
import { readUri } from '../uriFiles';
import type { LanguageFacts, LanguageQuestion } from './facts';

/** The language services of this window. */
export const vscodeLanguages: LanguageFacts = {
  ask: async (question) => await ask(question),
  reported: () => vscode.languages.getDiagnostics().map(([uri, problems]) => [uri.toString(), problems] as const),
  onReported: (callback) =>
    vscode.languages.onDidChangeDiagnostics(({ uris }) => callback(uris.map((uri) => uri.toString()))),
  isOpen: (uri) =>
    vscode.window.tabGroups.all.some(({ tabs }) =>
      tabs.some(({ input }) => urisOf(input).some((one) => one.toString() === uri)),
    ),
  load: async (uri) => (await vscode.workspace.openTextDocument(vscode.Uri.parse(uri, true))).languageId,
  textOf: async (text, maxBytes) => {
    const uri = vscode.Uri.parse(text, true);
    const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === text);
    if (open !== undefined) return open.getText();
    if (uri.scheme === 'file') {
      const bytes = await readUri(uri, maxBytes);
      if (bytes === null || fileTypeOf(bytes).kind !== 'text') return null;
      return await vscode.workspace.decode(bytes, { uri });
    }
    // What an extension makes up, such as the decompiled source of a library, has no file.
    const provided = (await vscode.workspace.openTextDocument(uri)).getText();
    return provided.length > maxBytes ? null : provided;
  },
  placeOf: (text) => {
    const uri = vscode.Uri.parse(text, true);
    return uri.scheme === 'file' ? uri.fsPath : uri.toString(true);
  },
};

/** Calls back when the text of a file, or what files there are, has changed in this window. */
export function onDidChangeCode(callback: () => void): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.workspace.onDidChangeTextDocument(({ document }) => document.uri.scheme !== 'output' && callback()),
    vscode.workspace.onDidCreateFiles(callback),
    vscode.workspace.onDidDeleteFiles(callback),
    vscode.workspace.onDidRenameFiles(callback),
    vscode.workspace.onDidChangeWorkspaceFolders(callback),
  );
}

const commands = {
  definition: 'vscode.executeDefinitionProvider',
  references: 'vscode.executeReferenceProvider',
  calls: 'vscode.prepareCallHierarchy',
} as const;

function urisOf(input: unknown): readonly vscode.Uri[] {
  if (input instanceof vscode.TabInputText || input instanceof vscode.TabInputNotebook) return [input.uri];
  return input instanceof vscode.TabInputTextDiff ? [input.original, input.modified] : [];
}

function ask(question: LanguageQuestion): Thenable<unknown> {
  switch (question.ask) {
    case 'symbols':
      return vscode.commands.executeCommand('vscode.executeWorkspaceSymbolProvider', question.query);
    case 'outline':
      return vscode.commands.executeCommand(
        'vscode.executeDocumentSymbolProvider',
        vscode.Uri.parse(question.uri, true),
      );
    case 'definition':
    case 'references':
    case 'calls':
      return vscode.commands.executeCommand(
        commands[question.ask],
        vscode.Uri.parse(question.uri, true),
        new vscode.Position(question.line - 1, question.column - 1),
      );
    default:
      return question satisfies never;
  }
}
