/**
 * What is selected, as text: every cursor of it, in the order of the document, with its cell in a notebook. Rendering is
 * deterministic to the byte, and what has one cursor in a plain file renders as it always did (LESSONS L58, L72).
 */
import type { SelectionSource } from '../../shared/contextLine';
import { visible } from '../../shared/visible';
import type { ContextChange, ContextSelection, SelectedLines } from '../record/record';
import { attribute, contained } from './elements';

/** Every cursor of a selection, in the order of the document. */
export function linesOf(selection: ContextSelection): readonly SelectedLines[] {
  return [selection, ...(selection.more ?? [])];
}

/** Selected lines, with their place: one element for each cursor. */
export function selectionText(selection: ContextSelection): string {
  const from = selection.document === undefined ? '' : ` document=${attribute(selection.document.what)}`;
  const elements = linesOf(selection).map(({ cell, startLine, endLine, text, wholeCell }) => {
    const inCell = cell === undefined ? '' : ` cell="${cell}"${wholeCell === true ? ' active="true"' : ''}`;
    const place = `path=${attribute(selection.path)}${from}${inCell} lines="${startLine}-${endLine}"`;
    return `<selection ${place}>\n${contained(text)}\n</selection>`;
  });
  const left = selection.leftOut ?? 0;
  const note = left === 0 ? [] : [`<selection path=${attribute(selection.path)}${from} not_shown="${left}"/>`];
  return [...elements, ...note].join('\n');
}

/** "login.ts:41-78", "login.ts:3-8 +2" with two more cursors, "work.ipynb · cell 3:2" in a notebook, "login.ts (HEAD):4". */
export function selectionLabel(selection: ContextSelection): string {
  const name = visible(selection.document?.label ?? selection.path.slice(selection.path.lastIndexOf('/') + 1));
  return `${name}${placeIn(selection)}`;
}

/** The end of the label that is never cut: " · cell 3:2", " (HEAD):4", ":3-8 +2". */
export function selectionPlace(selection: ContextSelection): string {
  const version = /[^ ]( \([^()]{1,12}\))$/.exec(selection.document?.label ?? '')?.[1] ?? '';
  return `${visible(version)}${placeIn(selection)}`;
}

function placeIn({ cell, wholeCell, startLine, endLine, more, leftOut }: ContextSelection): string {
  const lines = startLine === endLine ? `:${startLine}` : `:${startLine}-${endLine}`;
  const place = cell === undefined ? lines : ` · cell ${cell}${wholeCell === true ? '' : lines}`;
  const others = (more?.length ?? 0) + (leftOut ?? 0);
  return `${place}${others === 0 ? '' : ` +${others}`}`;
}

/** Where a click on it leads. */
export function selectionSource({ uri, path, startLine, cell }: ContextSelection): SelectionSource {
  return { uri, path, line: startLine, cell: cell ?? null };
}

/** Tells one selection from another by its places: what was there before cells and cursors is told as it was. */
export function selectionPlaces(selection: ContextSelection): string {
  return linesOf(selection)
    .map(({ cell, startLine, endLine, wholeCell }) => {
      const inCell = cell === undefined ? '' : `${wholeCell === true ? 'in' : 'cell'}${cell}:`;
      return `${inCell}${startLine}-${endLine}`;
    })
    .join(',');
}

/** True for the very same words, wherever they stand by now. */
export function isSameText(a: ContextSelection, b: ContextSelection): boolean {
  const [all, others] = [linesOf(a), linesOf(b)];
  return (
    a.uri === b.uri &&
    a.leftOut === b.leftOut &&
    all.length === others.length &&
    all.every(({ text, wholeCell }, index) => text === others[index]?.text && wholeCell === others[index]?.wholeCell)
  );
}

/** True for what the model need not be told once more. */
export function isSameSelection(a: ContextSelection | null, b: ContextSelection | null): boolean {
  if (a === null || b === null) return a === b;
  return isSameText(a, b) && a.path === b.path && selectionPlaces(a) === selectionPlaces(b);
}

/** Lines that were moved by an edit elsewhere in the file are the same selection: the diff says where they went. */
export function isKnownSelection(
  a: ContextSelection | null,
  b: ContextSelection | null,
  changes: readonly ContextChange[],
): boolean {
  if (a === null || b === null) return a === b;
  if (!isSameText(a, b)) return false;
  if (selectionPlaces(a) === selectionPlaces(b)) return true;
  return changes.some((change) => change.change === 'modified' && change.uri === a.uri);
}
