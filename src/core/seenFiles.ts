/** The text of files that the model has seen, as they are now. */
import type { EditorContext, Log } from './ports';

/** null where they could not be read: not knowing is no change. Rejects with the signal's reason when aborted. */
export async function readSeen(
  { context, diagnostics }: { readonly context: EditorContext; readonly diagnostics: Log },
  uris: readonly string[],
  signal: AbortSignal,
): Promise<SeenFiles | null> {
  try {
    const files = await context.read(uris, signal);
    return files.filter((file) => file !== null);
  } catch (error) {
    signal.throwIfAborted();
    // What the model saw stays what it saw.
    diagnostics.warn(`open files could not be read: ${error instanceof Error ? error.message : 'unknown'}`);
    return null;
  }
}

type SeenFiles = readonly Extract<Awaited<ReturnType<EditorContext['read']>>[number], object>[];
