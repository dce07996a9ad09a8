/** VS Code's messages. None has a link: VS Code reads one, of a command too, in a title or a name that came from outside. */
import * as vscode from 'vscode';

type Say = (text: string, ...actions: readonly string[]) => Thenable<string | undefined>;

/** Each resolves to the action that was chosen; undefined when it was closed. */
export const messages: Readonly<Record<'info' | 'warn' | 'error', Say>> = {
  info: (text, ...actions) => vscode.window.showInformationMessage(withoutLinks(text), ...actions),
  warn: (text, ...actions) => vscode.window.showWarningMessage(withoutLinks(text), ...actions),
  error: (text, ...actions) => vscode.window.showErrorMessage(withoutLinks(text), ...actions),
};

/** Looks the same: a space of no width is between label and address. */
function withoutLinks(text: string): string {
  return text.replaceAll('](', ']\u200b(');
}
