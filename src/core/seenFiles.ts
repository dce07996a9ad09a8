/** The text of files that the model has seen, as they are now. */
import type { ContextNow, EditorContext, Log, ReadFile } from './ports';

/** What was read, and what is not known. */
export type FilesNow = Required<Pick<ContextNow, 'files' | 'unread'>>;

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
    diagnostics.warn(`open files could not be read: ${error instanceof Error ? error.message : 'unknown'}`);
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
