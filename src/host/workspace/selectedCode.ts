/** The code that a command is about: what is selected, else the symbol at the cursor, else its line. */
import * as vscode from 'vscode';
import type { ContextSelection } from '../../core/record/record';
import { isSecretPath } from '../../core/tools/secrets/secretFiles';
import { boundedSelection } from './context';
import { holdsKey } from './files/judge';
import { targetOf } from './pickFiles';

interface SelectedCode {
  readonly selection: ContextSelection;
  /** What VS Code's languages report there: "line 4: error ts(2304): Cannot find name 'x'." */
  readonly problems: readonly string[];
}

/** Why there is no code to ask about. */
export type Refusal = 'noEditor' | 'nothing' | 'secret';

/** More problems than these say little. */
const maxProblems = 20;

/** `given` is where a lightbulb was pressed; else the active editor's selection counts. */
export async function selectedCode(given?: {
  readonly uri: vscode.Uri;
  readonly range: vscode.Range;
}): Promise<SelectedCode | Refusal> {
  const editor = vscode.window.activeTextEditor;
  if (given === undefined && editor === undefined) return 'noEditor';
  const document = given === undefined ? editor?.document : await vscode.workspace.openTextDocument(given.uri);
  if (document === undefined) return 'noEditor';
  const range = wholeLines(document, given === undefined ? await rangeIn(document, editor?.selection) : given.range);
  const text = document.getText(range);
  if (text.trim() === '') return 'nothing';
  const paths = [document.uri.path, await targetOf(document.uri)];
  if (paths.some(isSecretPath) || (await holdsKey(document.getText()))) return 'secret';
  const selection = boundedSelection({
    uri: document.uri.toString(),
    path: pathOf(document),
    startLine: range.start.line + 1,
    endLine: range.end.line + 1,
    text,
  });
  return { selection, problems: problemsIn(document.uri, range) };
}

async function rangeIn(document: vscode.TextDocument, selection: vscode.Selection | undefined): Promise<vscode.Range> {
  if (selection === undefined) return document.lineAt(0).range;
  if (!selection.isEmpty) return selection;
  return (await symbolAt(document, selection.active)) ?? document.lineAt(selection.active.line).range;
}

/** The innermost symbol around a place; null where no language tells of any. */
async function symbolAt(document: vscode.TextDocument, place: vscode.Position): Promise<vscode.Range | null> {
  const found = await vscode.commands.executeCommand<
    readonly (vscode.DocumentSymbol | vscode.SymbolInformation)[] | undefined
  >('vscode.executeDocumentSymbolProvider', document.uri);
  const ranges: vscode.Range[] = [];
  const collect = (symbols: readonly (vscode.DocumentSymbol | vscode.SymbolInformation)[]): void => {
    for (const symbol of symbols) {
      const range = 'location' in symbol ? symbol.location.range : symbol.range;
      if (!range.contains(place)) continue;
      ranges.push(range);
      if ('children' in symbol) collect(symbol.children);
    }
  };
  collect(found ?? []);
  // Each lies inside the one before it, or within fewer lines.
  return ranges.toSorted((a, b) => linesOf(a) - linesOf(b))[0] ?? null;
}

function linesOf({ start, end }: vscode.Range): number {
  return end.line - start.line;
}

/** A selection of whole lines ends at the start of the next one, which is not meant. */
function wholeLines(document: vscode.TextDocument, range: vscode.Range): vscode.Range {
  const { start, end } = range;
  if (end.character > 0 || end.line === start.line) return range;
  return new vscode.Range(start, document.lineAt(end.line - 1).range.end);
}

function problemsIn(uri: vscode.Uri, range: vscode.Range): readonly string[] {
  return vscode.languages
    .getDiagnostics(uri)
    .filter((one) => one.range.intersection(range) !== undefined && one.severity <= vscode.DiagnosticSeverity.Warning)
    .slice(0, maxProblems)
    .map((one) => {
      const kind = one.severity === vscode.DiagnosticSeverity.Error ? 'error' : 'warning';
      const code = typeof one.code === 'object' ? one.code.value : one.code;
      const source = `${one.source ?? ''}${code === undefined ? '' : `(${code})`}`;
      return `line ${one.range.start.line + 1}: ${kind}${source === '' ? '' : ` ${source}`}: ${one.message.replace(/\s+/g, ' ')}`;
    });
}

/** As files of the workspace are named elsewhere; of one outside only the name. */
function pathOf({ uri, isUntitled }: vscode.TextDocument): string {
  const inside = !isUntitled && vscode.workspace.getWorkspaceFolder(uri) !== undefined;
  return inside ? vscode.workspace.asRelativePath(uri) : (uri.path.split('/').at(-1) ?? uri.path);
}
