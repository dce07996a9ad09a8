/**
 * The lightbulb on a problem: "Fix with Claude" and "Explain with Claude". Part of the thin entry: it loads nothing,
 * and what it offers are commands. VS Code has no way to wake an extension for a lightbulb but by language or by start,
 * which Prelude does not use (L22): the lightbulb is there once the panel or a command was used in the window.
 */
import * as vscode from 'vscode';
import type { CommandId } from '../base/commandIds';
import { entryStrings as strings } from '../base/entryStrings';

/** Where code is edited; not in output, comment boxes or other text fields. */
const schemes = ['file', 'untitled', 'vscode-vfs', 'vscode-userdata'];

/** Offers Explain and Fix in the lightbulb of problems, until what it returns is disposed of. */
export function registerCodeActions(): vscode.Disposable {
  return vscode.languages.registerCodeActionsProvider(
    schemes.map((scheme) => ({ scheme })),
    { provideCodeActions },
    { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
  );
}

function provideCodeActions(
  document: vscode.TextDocument,
  _range: vscode.Range,
  { diagnostics }: vscode.CodeActionContext,
): vscode.CodeAction[] {
  const [first] = diagnostics;
  if (first === undefined) return [];
  const range = diagnostics.reduce((all, one) => all.union(one.range), first.range);
  const action = (title: string, command: CommandId): vscode.CodeAction => {
    const made = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
    made.command = { title, command, arguments: [document.uri, range] };
    made.diagnostics = [...diagnostics];
    return made;
  };
  return [
    action(strings.fixAction(), 'prelude.fixSelection'),
    action(strings.explainAction(), 'prelude.explainSelection'),
  ];
}
