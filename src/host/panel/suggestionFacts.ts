/** Looks around, on this machine only, for what prompts can be made of. */
import * as vscode from 'vscode';
import { listUri, readUri } from '../workspace/uriFiles';
import type { PromptFacts } from './suggestions';
import { codeFiles, definedSymbol, landmarkRank } from './suggestions';

const skipped = '**/{.*,node_modules,dist,out,build,target,vendor,coverage,venv,__pycache__}/**';
/** Files looked into for a definition, and bytes above which one is passed over. */
const filesTried = 5;
const largestFile = 200_000;

/** What was found in the workspace's files: a symbol to ask about, and files that tell what a project is. */
export interface FolderFacts {
  readonly symbol: string | null;
  readonly landmarks: readonly string[];
}

/** What the window shows now. Cheap: nothing is read. */
export function windowFacts(folder: FolderFacts): PromptFacts {
  const editor = vscode.window.activeTextEditor;
  const active = editor !== undefined && isWorkspaceFile(editor.document.uri) ? editor : undefined;
  const selection = active?.selection;
  return {
    ...folder,
    workspaceName: vscode.workspace.name ?? null,
    activeFile: active === undefined ? null : baseName(active.document.uri),
    selection:
      active === undefined || selection === undefined || selection.isEmpty
        ? null
        : { file: baseName(active.document.uri), ...lines(selection) },
    problems: problems(active?.document.uri),
    changed: changedFiles(active?.document.uri),
  };
}

/** What the folder holds: the names at its top and, from a few source files, one definition. */
export async function readFolderFacts(): Promise<FolderFacts> {
  const root = vscode.workspace.workspaceFolders?.[0];
  if (root === undefined) return { symbol: null, landmarks: [] };
  const [landmarks, symbol] = await Promise.all([findLandmarks(root.uri), findSymbol(root)]);
  return { landmarks, symbol };
}

async function findLandmarks(root: vscode.Uri): Promise<readonly string[]> {
  const entries = await listUri(root).catch(() => []);
  return entries
    .filter(([name, type]) => (type & vscode.FileType.File) !== 0 && landmarkRank(name) > 0)
    .map(([name]) => name)
    .toSorted((a, b) => landmarkRank(b) - landmarkRank(a));
}

async function findSymbol(root: vscode.WorkspaceFolder): Promise<string | null> {
  // Sources before tests: the shallowest first, as those are read first by people too.
  const found = await vscode.workspace.findFiles(new vscode.RelativePattern(root, codeFiles), skipped, 200);
  const likely = found.toSorted((a, b) => unlikeliness(a.path) - unlikeliness(b.path)).slice(0, filesTried);
  for (const uri of likely) {
    const symbol = await symbolIn(uri);
    if (symbol !== null) return symbol;
  }
  return null;
}

function unlikeliness(path: string): number {
  const test = /(?:^|[/._-])(?:tests?|specs?|fixtures?|examples?)(?:[/._-]|$)|\.config\.|\.d\.ts$/i.test(path)
    ? 100
    : 0;
  return test + path.split('/').length;
}

async function symbolIn(uri: vscode.Uri): Promise<string | null> {
  try {
    const bytes = await readUri(uri, largestFile);
    return bytes === null ? null : definedSymbol(uri.path, new TextDecoder().decode(bytes));
  } catch {
    // Gone, or not readable: the next one will do.
    return null;
  }
}

function problems(active: vscode.Uri | undefined): PromptFacts['problems'] {
  let most: { readonly file: string; readonly count: number } | null = null;
  for (const [uri, diagnostics] of vscode.languages.getDiagnostics()) {
    if (!isWorkspaceFile(uri)) continue;
    const count = diagnostics.filter((one) => one.severity === vscode.DiagnosticSeverity.Error).length;
    if (count === 0) continue;
    const problem = { file: baseName(uri), count };
    if (uri.toString() === active?.toString()) return problem;
    if (most === null || count > most.count) most = problem;
  }
  return most;
}

/** The part of the Git extension's API that is used here (its `git.d.ts`, version 1). */
interface GitExtension {
  getAPI(version: 1): {
    readonly repositories: readonly {
      readonly state: { readonly workingTreeChanges: readonly { readonly uri: vscode.Uri; readonly status: number }[] };
    }[];
  };
}

/** Git's own Status.MODIFIED: what is new or deleted is no change that can be looked through for mistakes. */
const gitModified = 5;

function changedFiles(active: vscode.Uri | undefined): readonly string[] {
  const git = vscode.extensions.getExtension<GitExtension>('vscode.git');
  // Never woken up for this.
  if (git?.isActive !== true) return [];
  try {
    const uris = git.exports
      .getAPI(1)
      .repositories.flatMap((repository) => repository.state.workingTreeChanges)
      .filter((change) => change.status === gitModified && isWorkspaceFile(change.uri))
      .map((change) => change.uri);
    const isActive = (uri: vscode.Uri): number => (uri.toString() === active?.toString() ? 0 : 1);
    return uris.toSorted((a, b) => isActive(a) - isActive(b)).map(baseName);
  } catch {
    // The extension is there with Git switched off: it throws.
    return [];
  }
}

function lines(selection: vscode.Selection): { readonly startLine: number; readonly endLine: number } {
  // A selection that ends before the first column does not hold that line.
  const trailing = selection.end.character === 0 && selection.end.line > selection.start.line ? 1 : 0;
  return { startLine: selection.start.line + 1, endLine: selection.end.line + 1 - trailing };
}

function isWorkspaceFile(uri: vscode.Uri): boolean {
  return vscode.workspace.getWorkspaceFolder(uri) !== undefined;
}

function baseName(uri: vscode.Uri): string {
  return uri.path.split('/').at(-1) ?? uri.path;
}
