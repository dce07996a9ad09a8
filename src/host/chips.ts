/** The chips above the composer's text: what goes with the next message. Pure. */
import { type SeenContext, selectionLabel } from '../core/context';
import type { ContextNow } from '../core/ports';
import type { ContextFile } from '../core/record';
import { estimateTokens } from '../core/tokens';
import type { Chip, ChipFile } from '../shared/protocol';

/** Stand in the list of removed context for the selection and for all open files. */
export const selectionId = 'selection';
export const openFilesId = 'openFiles';

/** The live selection, what the user added, and then the open files as one. */
export function chipsOf(
  context: ContextNow,
  added: readonly ContextFile[],
  removed: ReadonlySet<string>,
  seen: SeenContext | null,
  automatic: boolean,
): readonly Chip[] {
  const { selection } = context;
  const chips: Chip[] = [];
  if (automatic && selection !== null && !removed.has(selectionId)) {
    const { path, startLine, text } = selection;
    const label = selectionLabel(selection);
    chips.push({ kind: 'selection', id: selectionId, label, path, startLine, tokens: estimateTokens(text) });
  }
  for (const file of added) chips.push({ kind: 'file', ...fileFacts(file, seen) });
  const others = context.files.filter(({ uri }) => !added.some((file) => file.uri === uri));
  if (!automatic) {
    // Its eye is the way back.
    chips.push({ kind: 'openFiles', id: openFilesId, tokens: 0, files: [], on: false });
  } else if (others.length > 0 && !removed.has(openFilesId)) {
    const files = others.map((file): ChipFile => ({ ...fileFacts(file, seen), included: !removed.has(file.uri) }));
    const tokens = files.reduce((sum, file) => sum + (file.included ? file.tokens : 0), 0);
    chips.push({ kind: 'openFiles', id: openFilesId, tokens, files, on: true });
  }
  return chips;
}

function fileFacts(file: ContextFile, seen: SeenContext | null): Omit<ChipFile, 'included'> {
  const before = seen?.files.get(file.uri);
  return {
    id: file.uri,
    label: nameOf(file.path),
    path: file.path,
    tokens: estimateTokens(file.text),
    changed: before !== undefined && before.text !== file.text,
  };
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
