/** What a change would be as things stand, after those that are planned before it and not yet made. Nothing is written. */
import { carried } from '../../../core/tools/edits/carry';
import type { Change, PlannedChange, Replacement, Written } from '../../../core/tools/edits/editing';
import { proposedHunks, touchesChanges } from '../../../core/tools/edits/hunks';
import { withLf } from '../../../core/tools/edits/lineEnds';
import { ToolError } from '../../../core/tools/workspace';
import { visible } from '../../../shared/visible';
import { diskOf } from '../files/disk';
import { fileTypeOf } from '../files/fileType';
import { normalizedPath } from '../files/names';
import type { Locator } from '../ignore/locate';
import { concernsOf, mayBeTold, withTexts } from './concerns';
import { assertNoNotebook, assertPlain, contentOf, documentAt, type Ground } from './content';
import { maxTextBytes, textOfFile } from './fileText';
import { replacedText, withLineEnds } from './newTexts';
import { anyPlace, existingPlace, type Place } from './places';
import { assertNotReadonly } from './readonly';
import { isThere, maxKeptBytes } from './writing';

/** What a file would be after planned changes; null: it would be gone. */
type Planned = {
  readonly text: string | null;
  /** Of one that is not saved: what it would be without the user's changes; null: all is theirs. Else undefined. */
  readonly unsaved: { readonly ours: string | null } | undefined;
} | null;

/** By URI: what is here stands before what is there. */
export type Draft = Map<string, Planned>;

/** The lines that the user has changed and not saved are those in which an editor differs from this. */
export type SavedText = (uri: string, saved: string | null) => string | null;

/** One look at the workspace. */
export interface Look {
  readonly ground: Ground;
  readonly locator: Locator;
  readonly savedText: SavedText;
  readonly signal: AbortSignal;
}

/** Throws a ToolError for what cannot be done. What it would leave goes into the draft. */
export async function planned(look: Look, change: Change, draft: Draft): Promise<PlannedChange> {
  switch (change.kind) {
    case 'edit':
      return await plannedEdit(look, change, draft);
    case 'create':
      return await plannedCreate(look, change, draft);
    case 'rename':
      return await plannedRename(look, change, draft);
    case 'delete':
      return await plannedDelete(look, change, draft);
    default:
      return change satisfies never;
  }
}

/** The place of a file that is there, or would be. */
async function placeOf({ locator }: Look, path: string, draft: Draft): Promise<Place> {
  const place = await anyPlace(locator, path).catch(async (error: unknown) => {
    // What is said of a file that is there no path leads to is more.
    if (error instanceof ToolError) return await existingPlace(locator, path);
    throw error;
  });
  const known = draft.get(place.uri);
  if (known === null) throw new ToolError(`${place.path} is gone by an earlier call of this step.`);
  // What is not there is said with the names that are near.
  return known === undefined && !place.isThere ? await existingPlace(locator, path) : place;
}

async function plannedEdit(
  look: Look,
  { path, replacements }: Extract<Change, { kind: 'edit' }>,
  draft: Draft,
): Promise<PlannedChange> {
  const { ground, signal } = look;
  const place = await placeOf(look, path, draft);
  const known = draft.get(place.uri);
  if (known !== undefined && known !== null) {
    if (known.text === null) throw new ToolError(`${place.path} is not text, so it cannot be changed as text.`);
    return await editedDraft(look, place, { before: known.text, unsaved: known.unsaved, replacements }, draft);
  }
  await ground.files.assertWritable(place);
  const content = await contentOf(ground, place, signal);
  const unsaved = content.route === 'unsaved' ? { ours: look.savedText(place.uri, content.saved) } : undefined;
  return await editedDraft(look, place, { before: content.text, unsaved, replacements }, draft);
}

async function editedDraft(
  look: Look,
  place: Place,
  {
    before,
    unsaved,
    replacements,
  }: {
    readonly before: string;
    readonly unsaved: { readonly ours: string | null } | undefined;
    readonly replacements: readonly Replacement[];
  },
  draft: Draft,
): Promise<PlannedChange> {
  const told = await concernsOf(look.locator, place, [before], look.signal);
  const after = replacedText(before, replacements, place.path, mayBeTold(told));
  const file = { uri: place.uri, path: place.path, why: await withTexts(told, [after], look.signal) };
  const isYours = unsaved !== undefined && touchesUsers(unsaved.ours, before, after);
  const ours = unsaved === undefined ? undefined : { ours: carried(unsaved.ours ?? before, before, after).base };
  draft.set(place.uri, { text: after, unsaved: ours });
  const files = [isYours ? { ...file, why: [...file.why, 'yourLines' as const] } : file];
  return proposal('edit', files, before, after, unsaved !== undefined);
}

/** Whether a change touches what the user has changed and not saved; `saved` null: all is the user's. */
export function touchesUsers(saved: string | null, before: string, after: string): boolean {
  return saved === null || touchesChanges(withLf(saved), withLf(before), withLf(after));
}

async function plannedCreate(
  look: Look,
  { path, text }: Extract<Change, { kind: 'create' }>,
  draft: Draft,
): Promise<PlannedChange> {
  const place = await newFile(look, path, draft);
  const { edits } = look.ground;
  const whole = withLineEnds(text, edits.settingsOf(place.uri).eol);
  if (Buffer.byteLength(whole) > maxTextBytes) throw new ToolError(`${place.path} would be too large: 5 MB at most.`);
  draft.set(place.uri, { text: whole, unsaved: undefined });
  return proposal('create', [await written(look, place, [whole])], '', whole, false);
}

/** Where a text file is to be made. Throws a ToolError where none can be. */
export async function newFile(look: Look, path: string, draft: Draft): Promise<Place> {
  const place = await newPlace(look, path, draft);
  assertNoNotebook(place);
  return place;
}

/** A place where nothing is. Throws a ToolError where something is. */
export async function newPlace(look: Look, path: string, draft: Draft): Promise<Place> {
  const { ground, locator } = look;
  const place = await anyPlace(locator, path);
  const known = draft.get(place.uri);
  if (known === undefined ? place.isThere : known !== null) throw isThere(place);
  // One of that name in another Unicode form is the same to whoever looks at it.
  const other = await normalizedPath(diskOf(place.root, ground.facts), place.relative);
  if (known === undefined && other !== null) throw isThere(place);
  assertNotReadonly(ground.edits, place);
  const document = await documentAt(ground.edits, place, ground.facts);
  if (document?.dirty === true) {
    throw new ToolError(
      `An editor has unsaved text for ${place.path}, so nothing was written. Ask the user to save it.`,
    );
  }
  return place;
}

async function plannedDelete(
  look: Look,
  { path }: Extract<Change, { kind: 'delete' }>,
  draft: Draft,
): Promise<PlannedChange> {
  const place = await placeOf(look, path, draft);
  const known = draft.get(place.uri);
  const text = known === undefined || known === null ? (await wholeFile(look, place)).text : known.text;
  draft.set(place.uri, null);
  return proposal('delete', [await written(look, place, text === null ? [] : [text])], text ?? '', '', false);
}

async function plannedRename(
  look: Look,
  { path, to }: Extract<Change, { kind: 'rename' }>,
  draft: Draft,
): Promise<PlannedChange> {
  const from = await placeOf(look, path, draft);
  const known = draft.get(from.uri);
  const text = known === undefined || known === null ? (await wholeFile(look, from)).text : known.text;
  const target = await renameTarget(look, from, to, draft);
  draft.set(from.uri, null);
  draft.set(target.uri, { text, unsaved: undefined });
  const texts = text === null ? [] : [text];
  const files = [await written(look, from, texts), await written(look, target, texts)];
  const proposed = {
    kind: 'rename',
    path: from.path,
    to: target.path,
    added: 0,
    removed: 0,
    hunks: [],
    moreHunks: 0,
  } as const;
  return { files, proposed };
}

/** Where a file goes to. Throws a ToolError where something is in the way. */
export async function renameTarget(look: Look, from: Place, to: string, draft: Draft): Promise<Place> {
  const there = await anyPlace(look.locator, to);
  const isOwnName = there.isThere && there.uri === from.uri;
  if (!isOwnName) return await newPlace(look, to, draft);
  // Its own name in another case, on a disk that does not tell them apart.
  const { root, relative } = there.requested;
  if (relative === from.relative) throw new ToolError(`${from.path} has that name already.`);
  const parent = from.file?.slice(0, -from.relative.length) ?? null;
  return {
    ...there,
    root,
    relative,
    uri: look.locator.uriOf({ root, relative }),
    path: look.locator.displayPath({ root, relative }),
    file: parent === null ? null : `${parent}${relative}`,
  };
}

/** A file that goes or moves as a whole: its bytes, and its text where it is one. Throws a ToolError where it cannot. */
export async function wholeFile(
  { ground, signal }: Look,
  place: Place,
): Promise<{ readonly bytes: Uint8Array; readonly text: string | null }> {
  const { facts, edits, files } = ground;
  if (place.isLink) {
    throw new ToolError(
      `${JSON.stringify(place.requested.relative)} is a symbolic link to ${place.path}, which is neither moved nor deleted.`,
    );
  }
  assertPlain(ground, place);
  await files.assertWritable(place);
  const document = await documentAt(edits, place, facts);
  if (document?.dirty === true) {
    throw new ToolError(
      `${place.path} has unsaved changes in the editor. Ask the user to save it or to revert it first.`,
    );
  }
  const bytes = await files.read(place, maxKeptBytes, signal);
  if (bytes.length > maxTextBytes || fileTypeOf(bytes).kind !== 'text') return { bytes, text: null };
  const { path, uri } = place;
  const known = document?.encoding ?? null;
  const file = await textOfFile({ path, uri, bytes, known }, { decoder: facts.decoder, edits }).catch(
    (error: unknown) => {
      if (error instanceof ToolError) return null;
      throw error;
    },
  );
  return { bytes, text: file?.text ?? null };
}

async function written(look: Look, place: Place, texts: readonly string[]): Promise<Written> {
  const why = await concernsOf(look.locator, place, texts, look.signal);
  return { uri: place.uri, path: place.path, why };
}

function proposal(
  kind: 'edit' | 'create' | 'delete',
  files: readonly Written[],
  before: string,
  after: string,
  unsaved: boolean,
): PlannedChange {
  const path = visible(files[0]?.path ?? '');
  return {
    files,
    proposed: { kind, path, ...proposedHunks(before, after), ...(unsaved ? { unsaved: true } : {}) },
    texts: { path, before, after },
  };
}
