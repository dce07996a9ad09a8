/** The code that a command is about: what is selected, else the symbol at the cursor, else its line. */
import * as vscode from 'vscode';
import { linesOf } from '../../core/context/selection';
import type { ContextSelection, SelectedLines } from '../../core/record/record';
import { isSecretPath } from '../../core/tools/secrets/secretFiles';
import { holdsKey } from './files/judge';
import { targetOf } from './pickFiles';
import { boundedSelection } from './selected/boundedSelection';
import {
  cellOf,
  notebookText,
  otherDocument,
  type Selected,
  selectedCells,
  selectedRanges,
  wholeCell,
} from './selected/cursors';

/** Code that a command is about. */
export interface SelectedCode {
  readonly selection: ContextSelection;
  /** What VS Code's languages report there: "line 4: error ts(2304): Cannot find name 'x'." */
  readonly problems: readonly string[];
}

/** Why there is no code to ask about. */
export type Refusal = 'noEditor' | 'nothing' | 'secret';

/** More problems than these say little. */
const maxProblems = 20;

/** `given` is where a lightbulb was pressed; else every cursor of the active editor counts, or the chosen cells. */
export async function selectedCode(given?: {
  readonly uri: vscode.Uri;
  readonly range: vscode.Range;
}): Promise<SelectedCode | Refusal> {
  const editor = vscode.window.activeTextEditor;
  const notebooks = vscode.window.activeNotebookEditor;
  if (given === undefined && editor === undefined && notebooks !== undefined) return await chosenCells(notebooks);
  if (given === undefined && editor === undefined) return 'noEditor';
  const document = given === undefined ? editor?.document : await vscode.workspace.openTextDocument(given.uri);
  if (document === undefined) return 'noEditor';
  const place = cellOf(document);
  const ranges = given === undefined ? await rangesIn(document, editor?.selections ?? []) : [given.range];
  const selected =
    selectedRanges(document, ranges, place) ?? (place === null ? null : cellsOf(place.notebook, [place.cell]));
  if (selected === null || selected.text.trim() === '') return 'nothing';
  const { notebook } = place ?? {};
  const whole = notebook === undefined ? document.getText() : notebookText(notebook);
  const code = await judged(selected, notebook?.uri ?? document.uri, (notebook ?? document).isUntitled, whole);
  return code === 'secret' ? code : { selection: code, problems: problemsIn(document.uri, linesOf(code)) };
}

/**
 * All of an open document that lies in no file system: one that was never saved, the output of an extension. null for what
 * can be read as a file.
 */
export async function unsavedCode(uri: vscode.Uri): Promise<SelectedCode | Refusal | null> {
  const isUntitled = uri.scheme === 'untitled';
  if (!isUntitled && vscode.workspace.fs.isWritableFileSystem(uri.scheme) !== undefined) return null;
  const isIt = (one: { readonly uri: vscode.Uri }): boolean => one.uri.toString() === uri.toString();
  const notebook = vscode.workspace.notebookDocuments.find(isIt);
  if (notebook !== undefined) return await codeOf(notebook, cellsOf(notebook, notebook.getCells()));
  const document = vscode.workspace.textDocuments.find(isIt);
  if (document === undefined) return null;
  const whole = document.validateRange(new vscode.Range(0, 0, document.lineCount, 0));
  const selected = selectedRanges(document, [whole], null);
  if (selected === null || selected.text.trim() === '') return 'nothing';
  const code = await judged(selected, uri, isUntitled, document.getText());
  return code === 'secret' ? code : { selection: code, problems: [] };
}

/** A cell, whole. */
export async function cellCode(cell: vscode.NotebookCell): Promise<SelectedCode | Refusal> {
  return await codeOf(cell.notebook, cellsOf(cell.notebook, [cell]));
}

async function chosenCells(editor: vscode.NotebookEditor): Promise<SelectedCode | Refusal> {
  return await codeOf(editor.notebook, selectedCells(editor, vscode.window.visibleTextEditors));
}

async function codeOf(notebook: vscode.NotebookDocument, selected: Selected | null): Promise<SelectedCode | Refusal> {
  if (selected === null || selected.text.trim() === '') return 'nothing';
  const code = await judged(selected, notebook.uri, notebook.isUntitled, notebookText(notebook));
  if (code === 'secret') return code;
  const problems = linesOf(code).flatMap((lines) => {
    const cell = notebook.getCells()[(lines.cell ?? 0) - 1];
    return cell === undefined ? [] : problemsIn(cell.document.uri, [lines]);
  });
  return { selection: code, problems: problems.slice(0, maxProblems) };
}

function cellsOf(notebook: vscode.NotebookDocument, cells: readonly vscode.NotebookCell[]): Selected | null {
  const [first, ...more] = cells.map(wholeCell);
  if (first === undefined) return null;
  return { uri: notebook.uri.toString(), ...first, ...(more.length === 0 ? {} : { more }) };
}

async function judged(
  selected: Selected,
  uri: vscode.Uri,
  isUntitled: boolean,
  whole: string,
): Promise<ContextSelection | 'secret'> {
  const other = otherDocument(uri, isUntitled);
  const paths = [uri.path, await targetOf(uri), ...(other === null ? [] : [other.path])];
  if (paths.some(isSecretPath) || (await holdsKey(whole))) return 'secret';
  const document = other === null ? {} : { document: { label: other.label, what: other.what } };
  return boundedSelection({ ...selected, path: other?.path ?? vscode.workspace.asRelativePath(uri), ...document });
}

/** What each cursor has selected; where none has, what stands at each of them. */
async function rangesIn(
  document: vscode.TextDocument,
  selections: readonly vscode.Selection[],
): Promise<readonly vscode.Range[]> {
  if (selections.some(({ isEmpty }) => !isEmpty)) return selections;
  const cell = cellOf(document) !== null;
  const ranges: vscode.Range[] = [];
  for (const { active } of selections) {
    const symbol = await symbolAt(document, active);
    if (symbol !== null) ranges.push(symbol);
    // Without a symbol a cell is what one looks at.
    else if (!cell) ranges.push(document.lineAt(active.line).range);
  }
  return ranges;
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
  return ranges.toSorted((a, b) => heightOf(a) - heightOf(b))[0] ?? null;
}

function heightOf({ start, end }: vscode.Range): number {
  return end.line - start.line;
}

function problemsIn(uri: vscode.Uri, all: readonly SelectedLines[]): readonly string[] {
  return vscode.languages
    .getDiagnostics(uri)
    .filter(
      ({ range, severity }) =>
        severity <= vscode.DiagnosticSeverity.Warning &&
        all.some(({ startLine, endLine }) => range.start.line < endLine && range.end.line >= startLine - 1),
    )
    .slice(0, maxProblems)
    .map((one) => {
      const kind = one.severity === vscode.DiagnosticSeverity.Error ? 'error' : 'warning';
      const code = typeof one.code === 'object' ? one.code.value : one.code;
      const source = `${one.source ?? ''}${code === undefined ? '' : `(${code})`}`;
      return `line ${one.range.start.line + 1}: ${kind}${source === '' ? '' : ` ${source}`}: ${one.message.replace(/\s+/g, ' ')}`;
    });
}
