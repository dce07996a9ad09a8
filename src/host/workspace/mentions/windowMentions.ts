/** What the window has that can be mentioned beside its files. Cheap: nothing is read before it is chosen. */
import * as vscode from 'vscode';
import { selectionLabel } from '../../../core/context/selection';
import type { Beside } from '../../../shared/mentions/mentions';
import type { EditorSelection } from '../context';
import type { LeftOutput } from './mentions';

/** Characters of a command that are shown. */
const maxCommand = 200;

/** What of the window is there now. `selection`: as it is, not judged; its text goes nowhere. */
export function windowMentions(selection: EditorSelection | null, terminal: LeftOutput | null): readonly Beside[] {
  const problems = problemCount();
  const changes = changeCount();
  return [
    ...(selection === null || selection.text === ''
      ? []
      : [{ kind: 'selection', id: '', detail: labelOf(selection) } as const]),
    ...(problems === 0 ? [] : [{ kind: 'problems', id: '', detail: String(problems) } as const]),
    ...(changes === 0 ? [] : [{ kind: 'changes', id: '', detail: String(changes) } as const]),
    ...(terminal === null
      ? []
      : [{ kind: 'terminal', id: terminal.id, detail: lineOf(terminal.output.command) } as const]),
  ];
}

function lineOf(command: string): string {
  return command.replaceAll(/\s+/g, ' ').slice(0, maxCommand).toWellFormed();
}

function labelOf(selection: EditorSelection): string {
  const { other, uri } = selection;
  const document = other === undefined ? {} : { document: { label: other.label, what: other.what } };
  return selectionLabel({ ...selection, path: vscode.Uri.parse(uri, true).path, ...document });
}

/** Errors and warnings of files of the workspace. */
function problemCount(): number {
  let count = 0;
  for (const [uri, all] of vscode.languages.getDiagnostics()) {
    const bad = all.filter(({ severity }) => severity <= vscode.DiagnosticSeverity.Warning).length;
    if (bad > 0 && vscode.workspace.getWorkspaceFolder(uri) !== undefined) count += bad;
  }
  return count;
}

/** The part of the Git extension's API that is used here (its `git.d.ts`, version 1). */
interface GitExtension {
  getAPI(version: 1): {
    readonly repositories: readonly { readonly state: Record<string, readonly unknown[] | undefined> }[];
  };
}

const changed = ['mergeChanges', 'indexChanges', 'workingTreeChanges', 'untrackedChanges'] as const;

/** Files with changes that are not committed. */
function changeCount(): number {
  const git = vscode.extensions.getExtension<GitExtension>('vscode.git');
  // Never woken up for this.
  if (git?.isActive !== true) return 0;
  try {
    const states = git.exports.getAPI(1).repositories.map(({ state }) => state);
    return states.reduce((sum, state) => sum + changed.reduce((all, kind) => all + (state[kind]?.length ?? 0), 0), 0);
  } catch {
    // The extension is there with Git switched off: it throws.
    return 0;
  }
}
