/** What a file that is to be changed holds now, and where it is changed: on disk, or in the editor that has it. */
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isNotebookPath } from '../../../core/tools/words/notebook';
import { ToolError } from '../../../core/tools/workspace';
import { realPathOf } from '../files/disk';
import type { WorkspaceFacts } from '../files/facts';
import type { EditFacts, EditorDocument } from './facts';
import { encodingOfNew, type FileEncoding, lineEndOf, maxTextBytes, sameLines, textOfFile } from './fileText';
import type { Place } from './places';
import type { Files } from './writing';

/** Bytes on disk; through its editor, which saves it; in its editor, which the user has not saved. */
export type Route = 'disk' | 'editor' | 'unsaved';

/** A text file as it is now. */
export interface Content {
  readonly place: Place;
  readonly route: Route;
  /** What is changed: an editor's text before the disk's. */
  readonly text: string;
  /** On disk; null: it is gone from there, and an editor has it still. */
  readonly bytes: Uint8Array | null;
  /** Of the disk; null as above. */
  readonly saved: string | null;
  readonly encoding: FileEncoding;
  readonly document: EditorDocument | null;
}

/** What reads and writes files for changes. */
export interface Ground {
  readonly facts: WorkspaceFacts;
  readonly edits: EditFacts;
  readonly files: Files;
}

/** ms for an editor to show what is on disk, and between two looks. */
const patience = 2_000;
const pause = 50;
/** Unsaved documents whose real path is asked for. */
const maxAliases = 50;

/** The editor's document of a place, under whichever of its names. */
export async function documentAt(
  edits: EditFacts,
  place: Place,
  facts: WorkspaceFacts,
): Promise<EditorDocument | null> {
  const documents = edits.documents();
  const uris = urisOf(place, facts);
  const named = documents.find(({ uri }) => uris.includes(uri));
  if (named !== undefined || place.file === null) return named ?? null;
  const unsaved = documents.filter(({ dirty, uri }) => dirty && uri.startsWith('file:'));
  for (const document of unsaved.slice(0, maxAliases)) {
    const path = pathOf(document.uri);
    if (path !== null && (await realPathOf(path, place.root.folder ?? path)) === place.file) return document;
  }
  return null;
}

function pathOf(uri: string): string | null {
  try {
    return fileURLToPath(uri);
  } catch {
    return null;
  }
}

function urisOf({ uri, requested }: Place, facts: WorkspaceFacts): readonly string[] {
  return [uri, facts.uriOf(requested.root, requested.relative)];
}

/** Throws a ToolError for a notebook and for what is open in a custom editor. */
export function assertPlain({ facts, edits }: Pick<Ground, 'facts' | 'edits'>, place: Place): void {
  for (const uri of urisOf(place, facts)) {
    const shown = edits.shown(uri);
    if (shown === 'custom' || shown === 'notebook') {
      throw new ToolError(
        `${place.path} is open in ${shown === 'custom' ? 'a custom editor' : 'a notebook editor'}, so it is not changed ` +
          'as text. Ask the user to change it there, or to close it.',
      );
    }
  }
}

/** Throws a ToolError where a notebook would come to be written as text. */
export function assertNoNotebook({ path, relative }: Place): void {
  if (!isNotebookPath(relative)) return;
  throw new ToolError(`${path} is a notebook, which is not changed as text. Ask the user to change its cells.`);
}

/** Throws a ToolError for what cannot be changed as text. */
export async function contentOf(ground: Ground, place: Place, signal: AbortSignal): Promise<Content> {
  const { facts, edits, files } = ground;
  assertNoNotebook(place);
  assertPlain(ground, place);
  for (const until = performance.now() + patience; ; await delay(pause, undefined, { signal })) {
    const document = await documentAt(edits, place, facts);
    const bytes = await files.read(place, maxTextBytes, signal).catch((error: unknown) => {
      if (document?.dirty === true && error instanceof ToolError) return null;
      throw error;
    });
    const encodings = { decoder: facts.decoder, edits };
    const known = document?.encoding ?? null;
    const { path, uri } = place;
    const file = bytes === null ? null : await textOfFile({ path, uri, bytes, known }, encodings);
    const common = { place, bytes, saved: file?.text ?? null };
    if (document === null) {
      if (file === null) throw new ToolError(`${path} is gone.`);
      return { ...common, route: 'disk', text: file.text, encoding: file.encoding, document };
    }
    const encoding = file?.encoding ?? encodingOfNew(known ?? 'utf8');
    const text = document.text();
    if (document.dirty) return { ...common, route: 'unsaved', text, encoding, document };
    if (file === null) throw new ToolError(`${path} is gone.`);
    const inTab = edits.shown(document.uri) === 'text';
    // One that is only loaded, or whose editor is not told of what was written, is no more than a copy of the disk.
    if (!inTab || sameLines(file.text, text) || performance.now() > until) {
      const isUniform = lineEndOf(file.text) !== 'mixed';
      // Its editor would make one kind of all line ends; one in no tab would come into one when it is changed there.
      if (isUniform && inTab && file.text === text) return { ...common, route: 'editor', text, encoding, document };
      return { ...common, route: 'disk', text: file.text, encoding, document };
    }
  }
}

/** Waits, for a while, until a document that is loaded shows a text that was written to disk. */
export async function untilShown(edits: EditFacts, uri: string, text: string, signal: AbortSignal): Promise<void> {
  for (const until = performance.now() + patience; performance.now() < until; ) {
    const document = edits.documents().find((one) => one.uri === uri);
    if (document === undefined || document.dirty || sameLines(document.text(), text)) return;
    await delay(pause, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
  }
}
