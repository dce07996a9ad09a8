/** Every cursor of an editor, and the cells of a notebook, as selected lines (LESSONS L58, L72). */
import * as vscode from 'vscode';
import type { ContextSelection, SelectedLines } from '../../../core/record/record';
import { documentStrings } from '../../base/strings';
import { describeDocument, type OtherDocument } from './documents';

/** A cell of an open notebook. */
export interface CellPlace {
  readonly notebook: vscode.NotebookDocument;
  readonly cell: vscode.NotebookCell;
}

/** What is selected, before it is judged. */
export type Selected = Pick<ContextSelection, 'uri' | keyof SelectedLines | 'more'>;

/** The cell that a document is; null for what is none of an open notebook. */
export function cellOf(document: vscode.TextDocument): CellPlace | null {
  if (document.uri.scheme !== 'vscode-notebook-cell') return null;
  const uri = document.uri.toString();
  for (const notebook of vscode.workspace.notebookDocuments) {
    if (notebook.uri.path !== document.uri.path) continue;
    const cell = notebook.getCells().find((each) => each.document.uri.toString() === uri);
    if (cell !== undefined) return { notebook, cell };
  }
  return null;
}

/** The URI of the notebook that a cell's URI is of; null for what is none of an open notebook. */
export function notebookOf(uri: vscode.Uri): vscode.Uri | null {
  const document = vscode.workspace.textDocuments.find((each) => each.uri.toString() === uri.toString());
  return document === undefined ? null : (cellOf(document)?.notebook.uri ?? null);
}

/** What all cursors of an editor have selected, in the order of the document; null where they have nothing. */
export function selectedIn(editor: vscode.TextEditor): Selected | null {
  const { document } = editor;
  return selectedRanges(document, editor.selections, cellOf(document));
}

/** What these ranges hold: blank ones apart, those that share a line as one. null where that is nothing. */
export function selectedRanges(
  document: vscode.TextDocument,
  ranges: readonly vscode.Range[],
  place: CellPlace | null,
): Selected | null {
  const lines = mergedRanges(document, ranges).map(
    (range): SelectedLines => ({
      startLine: range.start.line + 1,
      endLine: range.end.line + 1,
      text: document.getText(range),
      ...(place === null ? {} : { cell: place.cell.index + 1 }),
    }),
  );
  return joined((place?.notebook.uri ?? document.uri).toString(), lines);
}

/** What is selected in the active cell; the cells themselves where nothing is, or where several are chosen. */
export function selectedCells(editor: vscode.NotebookEditor, texts: readonly vscode.TextEditor[]): Selected | null {
  const { notebook, selections } = editor;
  const cells = selections.flatMap((range) => notebook.getCells(range));
  const numbered = [...new Set(cells)].toSorted((a, b) => a.index - b.index);
  const [only] = numbered;
  if (only !== undefined && numbered.length === 1) {
    const text = texts.find(({ document }) => document.uri.toString() === only.document.uri.toString());
    const selected =
      text === undefined ? null : selectedRanges(text.document, text.selections, { notebook, cell: only });
    if (selected !== null) return selected;
  }
  return joined(notebook.uri.toString(), numbered.map(wholeCell));
}

/** A cell as what is looked at. */
export function wholeCell({ document, index }: vscode.NotebookCell): SelectedLines {
  return { startLine: 1, endLine: document.lineCount, text: document.getText(), cell: index + 1, wholeCell: true };
}

function joined(uri: string, lines: readonly SelectedLines[]): Selected | null {
  const [first, ...more] = lines.filter(({ text }) => text.trim() !== '' || lines.length === 1);
  if (first === undefined || first.text === '') return null;
  return { uri, ...first, ...(more.length === 0 ? {} : { more }) };
}

function mergedRanges(document: vscode.TextDocument, ranges: readonly vscode.Range[]): readonly vscode.Range[] {
  const filled = ranges.filter((range) => !range.isEmpty).map((range) => wholeLines(document, range));
  const sorted = filled.toSorted(
    (a, b) => a.start.line - b.start.line || a.start.character - b.start.character || a.end.line - b.end.line,
  );
  const merged: vscode.Range[] = [];
  for (const range of sorted) {
    const last = merged.at(-1);
    if (last === undefined || range.start.line > last.end.line) merged.push(range);
    else merged[merged.length - 1] = new vscode.Range(last.start, isBefore(last.end, range.end) ? range.end : last.end);
  }
  return merged;
}

function isBefore(a: vscode.Position, b: vscode.Position): boolean {
  return a.line < b.line || (a.line === b.line && a.character < b.character);
}

/** A selection of whole lines ends at the start of the next one, which is not meant. */
function wholeLines(document: vscode.TextDocument, range: vscode.Range): vscode.Range {
  const { start, end } = range;
  if (end.character > 0 || end.line === start.line) return range;
  return new vscode.Range(start, document.lineAt(end.line - 1).range.end);
}

/** What a document is that is no plain file of the workspace; null for one that is. */
export function otherDocument(uri: vscode.Uri, isUntitled = false): OtherDocument | null {
  const inWorkspace = (path: string): string | null => {
    // A version of a file has a scheme of its own; a folder of the workspace has that of its files.
    for (const place of [uri.with({ path, query: '', fragment: '' }), vscode.Uri.file(path)]) {
      const folder = vscode.workspace.getWorkspaceFolder(place);
      if (folder !== undefined) return vscode.workspace.asRelativePath(place);
    }
    return null;
  };
  const { scheme, authority, path, query } = uri;
  if (!isUntitled && vscode.workspace.getWorkspaceFolder(uri) !== undefined) return null;
  return describeDocument({ scheme, authority, path, query, isUntitled, inWorkspace }, documentStrings);
}

/** All that a notebook's cells say. */
export function notebookText(notebook: vscode.NotebookDocument): string {
  return notebook
    .getCells()
    .map(({ document }) => document.getText())
    .join('\n');
}
