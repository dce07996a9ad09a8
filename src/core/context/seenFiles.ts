/** The text of files that the model has seen, as they are now. */
import { messageOf } from '../base/errors';
import type { Log } from '../base/ports';
import type { ContextFile } from '../record/record';
import type { ContextNow, EditorContext, ReadFile } from './editorContext';
import { isSameSelection } from './selection';

/** What was read, and what is not known. */
type FilesNow = Required<Pick<ContextNow, 'files' | 'unread'>>;

/** null where nothing could be read: not knowing is no change. Rejects with the signal's reason when aborted. */
export async function readSeen(
  { context, diagnostics }: { readonly context: EditorContext; readonly diagnostics: Log },
  uris: readonly string[],
  signal: AbortSignal,
): Promise<FilesNow | null> {
  try {
    return filesNow(uris, await context.read(uris, signal));
  } catch (error) {
    signal.throwIfAborted();
    // What the model saw stays what it saw.
    diagnostics.warn(`open files could not be read: ${messageOf(error)}`);
    return null;
  }
}

/** `read`: what has become of each of `uris`. */
export function filesNow(uris: readonly string[], read: readonly ReadFile[]): FilesNow {
  return {
    files: read.filter((file) => file !== null && file !== 'unread'),
    unread: uris.filter((_, index) => read[index] === 'unread'),
  };
}

/** With the files that the model was told and whose editors are closed now, as they are. */
export async function withClosed(
  now: ContextNow,
  told: Iterable<string>,
  read: (uris: readonly string[]) => Promise<readonly ReadFile[]>,
): Promise<ContextNow> {
  if (now.closed !== undefined) return now;
  const known = new Set([...now.files, ...now.project].map(({ uri }) => uri));
  const uris = [...told].filter((uri) => !known.has(uri));
  if (uris.length === 0) return now;
  const { files, unread } = filesNow(uris, await read(uris));
  return { ...now, closed: files, ...(unread.length === 0 ? {} : { unread: [...(now.unread ?? []), ...unread] }) };
}

/** True when both say the same of the workspace. */
export function isSameContext(before: ContextNow, now: ContextNow): boolean {
  return (
    areSameFiles(before.project, now.project) &&
    areSameFiles(before.files, now.files) &&
    isSameSelection(before.selection, now.selection) &&
    areSameFiles(before.closed ?? [], now.closed ?? []) &&
    (before.whole ?? ['*']).join('\n') === (now.whole ?? ['*']).join('\n') &&
    JSON.stringify(before.importedBy ?? {}) === JSON.stringify(now.importedBy ?? {}) &&
    (before.unread ?? []).join('\n') === (now.unread ?? []).join('\n') &&
    JSON.stringify(before.absent ?? []) === JSON.stringify(now.absent ?? [])
  );
}

/** True for the same files in the same order, with the same text. */
export function areSameFiles(before: readonly ContextFile[], now: readonly ContextFile[]): boolean {
  return (
    before === now || (before.length === now.length && before.every((file, index) => isSameFile(file, now[index])))
  );
}

function isSameFile(a: ContextFile, b: ContextFile | undefined): boolean {
  return a === b || (a.uri === b?.uri && a.path === b.path && a.text === b.text);
}
