/** What a turn has changed in files, all its calls together: what its `edits` entry holds (record.ts). */
import type { EditKind } from '../../shared/edits';
import type { EditsEntry, Entry, FileEdit, NewEntry, TurnFile } from './record';

/** Versions of files, by their digests; null stands for no file. */
export interface EditVersions {
  /** What is between two of them. A file that is there in one only is one hunk. */
  compare(base: string | null, current: string | null): Promise<{ added: number; removed: number; hunks: number }>;
  /** A version with what has changed from one to another; its bytes are kept. Lines that both have changed stay its own. */
  carried(base: string | null, from: string | null, to: string | null): Promise<string | null>;
  /** The same, where lines that both have changed are what they have become. */
  handedOver(base: string | null, from: string | null, to: string | null): Promise<string | null>;
  /** What is to be said of a file that its turn writes again, where others have changed it since; null where that cannot be told. */
  writtenAgain(said: Versions, before: string | null, after: string | null): Promise<Versions | null>;
}

/** What a file would be without what is not decided, and what it is with it. */
type Versions = Pick<TurnFile, 'base' | 'current'>;

/** A file while the calls are gone through. */
interface Tracked {
  /** Where it lies now, or lay before it was deleted. */
  uri: string;
  /** Where it lay, and how it was named, when the turn began. */
  from: string;
  path: string;
  to: string | undefined;
  /** True where the turn made it. */
  isNew: boolean;
  base: string | null;
  current: string | null;
  readonly undone: boolean;
  /** Lines of hunks that were kept: they are no difference any more. */
  readonly kept: { readonly added: number; readonly removed: number };
}

/** The news of an `edits` entry. */
export type NewEdits = Extract<NewEntry, { kind: 'edits' }>;

/**
 * The entry that says what a turn has changed: what its last one said, with what its calls have done since. `path` holds
 * the turn. null where there is nothing to say that is not said.
 */
export async function turnEdits(
  path: readonly (Entry | NewEntry)[],
  turn: string,
  versions: EditVersions,
): Promise<NewEdits | null> {
  const calls = entriesOf(path, turn);
  const said = lastEdits(path, turn);
  // One that was said later knows them all.
  const at = said === null ? -1 : calls.indexOf(said);
  const since = said === null ? 0 : at === -1 ? calls.length : at + 1;
  const edits = editsIn(calls.slice(since));
  if (edits.length === 0) return null;
  const files = await filesAfter(said?.files ?? [], edits, versions);
  return files.length === 0 && said === null ? null : { kind: 'edits', turn, files };
}

/**
 * The files that a turn has changed, with what has been done to them, and to others, since. `isLater`: when it had ended,
 * so that others may have come behind it, and what they did of its lines is not decided.
 */
export async function filesAfter(
  said: readonly TurnFile[],
  edits: readonly FileEdit[],
  versions: EditVersions,
  isLater = false,
): Promise<readonly TurnFile[]> {
  const files: Tracked[] = [];
  for (const file of said) files.push(await trackedAgain(file, versions));
  for (const edit of edits) await follow(files, edit, versions, isLater);
  const shown: TurnFile[] = [];
  for (const file of files) shown.push(...(await shownOf(file, versions)));
  return shown;
}

/** The last word about what a turn has changed; null when there is none. */
export function lastEdits<E extends { readonly kind: string }>(
  path: readonly (E | EditsEntry)[],
  turn: string,
): EditsEntry | null {
  const entry = path.findLast((one) => one.kind === 'edits' && (one as EditsEntry).turn === turn);
  return (entry as EditsEntry | undefined) ?? null;
}

/** What is not decided of the turns that are cut off where the path is cut after `head`. */
export function editsCut(path: readonly Entry[], head: string | null): readonly FileEdit[] {
  const cut = path.slice(path.findIndex(({ id }) => id === head) + 1);
  const turns = cut.filter(({ kind }) => kind === 'user');
  const files = turns.flatMap(({ id }) => lastEdits(cut, id)?.files ?? []);
  return files.filter(({ open }) => open > 0).map(editOf);
}

function editOf({ uri, from = uri, path, to, kind, base, current, added, removed }: TurnFile): FileEdit {
  const moved = to === undefined || from === uri ? {} : { to: { uri, path: to } };
  return { uri: from, path, kind, ...moved, before: base, after: current, unsaved: false, added, removed };
}

/** A file before the turn that changed it: its checkpoint. */
export interface Checkpoint {
  /** Where it lay. */
  readonly uri: string;
  /** Digest of what was there; null for no file. */
  readonly version: string | null;
  /** True where that is the text of an unsaved editor, as UTF-8. */
  readonly unsaved: boolean;
}

/** What a file was before its turn changed it for the first time, whatever has been decided since; null if that is not known. */
export function checkpointOf(
  path: readonly (Entry | NewEntry)[],
  turn: string,
  { uri, from = uri }: Pick<TurnFile, 'uri' | 'from'>,
): Checkpoint | null {
  const found: { readonly from: string; uri: string; readonly first: FileEdit }[] = [];
  for (const edit of editsIn(entriesOf(path, turn))) {
    const known = found.findLast((one) => one.uri === edit.uri);
    if (known === undefined) found.push({ from: edit.uri, uri: edit.to?.uri ?? edit.uri, first: edit });
    else known.uri = edit.to?.uri ?? edit.uri;
  }
  const one =
    found.find((file) => file.uri === uri && file.from === from) ??
    found.findLast((file) => file.uri === uri) ??
    found.find((file) => file.from === from);
  return one === undefined ? null : { uri: one.from, version: one.first.before, unsaved: one.first.unsaved };
}

/** True where a turn has changed a file in an editor that had not saved it: other windows, and the disk, have another text. */
export function isEditedUnsaved(path: readonly (Entry | NewEntry)[], turn: string, { uri }: TurnFile): boolean {
  return editsIn(entriesOf(path, turn)).some((edit) => edit.unsaved && (edit.to?.uri ?? edit.uri) === uri);
}

function entriesOf<E extends Entry | NewEntry>(path: readonly E[], turn: string): readonly E[] {
  const begin = path.findIndex((entry) => entry.kind === 'user' && 'id' in entry && entry.id === turn);
  const own = path.slice(begin + 1);
  const next = own.findIndex(({ kind }) => kind === 'user');
  return next === -1 ? own : own.slice(0, next);
}

function editsIn(entries: readonly (Entry | NewEntry)[]): readonly FileEdit[] {
  return entries.flatMap((entry) => (entry.kind === 'toolResult' ? (entry.edits ?? []) : []));
}

async function trackedAgain(file: TurnFile, versions: EditVersions): Promise<Tracked> {
  const { uri, path, base, current, undone } = file;
  const open = await versions.compare(base, current);
  return {
    ...{ uri, path, base, current, undone },
    from: file.from ?? uri,
    to: file.to,
    isNew: file.kind === 'create',
    kept: { added: Math.max(0, file.added - open.added), removed: Math.max(0, file.removed - open.removed) },
  };
}

async function follow(files: Tracked[], edit: FileEdit, versions: EditVersions, isLater: boolean): Promise<void> {
  const { uri, path, before, after, to } = edit;
  // Where one was deleted another may have come.
  const known = files.findLast((file) => file.uri === uri && (file.current !== null || before === null));
  if (known === undefined) {
    files.push({
      ...{ uri: to?.uri ?? uri, from: uri, path, to: to?.path, isNew: before === null },
      ...{ base: before, current: after, undone: false, kept: { added: 0, removed: 0 } },
    });
    return;
  }
  if (known.current === before) known.current = after;
  else if (known.base === null && after === null) {
    // With what others wrote into it: that is what comes back, where it was.
    Object.assign(known, { from: uri, path: known.to ?? known.path, to: undefined, isNew: false });
    Object.assign(known, { base: before, current: null });
  } else Object.assign(known, await behindOthers(known, edit, versions, isLater));
  if (to === undefined) return;
  known.uri = to.uri;
  known.to = to.uri === known.from ? undefined : to.path;
}

/** What is to be said of a file that a turn writes again, which others have changed since: what they did is no difference of its own. */
async function behindOthers(
  { base, current }: Versions,
  { before, after }: FileEdit,
  versions: EditVersions,
  isLater: boolean,
): Promise<Versions> {
  const again = isLater ? await versions.writtenAgain({ base, current }, before, after) : null;
  if (again !== null) return again;
  // One that the turn made is taken away as the turn made it only.
  if (base === null && after !== null) return { base, current: await versions.carried(current, before, after) };
  // What they made of its lines is theirs, too.
  return { base: await versions.handedOver(base, current, before), current: after };
}

/** Nothing for one that is as it was, and of which nothing was decided. */
async function shownOf(file: Tracked, versions: EditVersions): Promise<readonly TurnFile[]> {
  const { base, current, undone, kept } = file;
  const isMoved = file.uri !== file.from;
  const isDecided = undone || kept.added > 0 || kept.removed > 0;
  const differs = base !== current || (isMoved && !file.isNew && current !== null);
  if (!differs && !isDecided) return [];
  const between = await versions.compare(base, current);
  const counts = { added: between.added + kept.added, removed: between.removed + kept.removed };
  const place = placeOf(file, isMoved);
  const open = between.hunks === 0 && differs ? 1 : between.hunks;
  return [{ ...place, ...counts, open, undone, base, current }];
}

function placeOf(file: Tracked, isMoved: boolean): Pick<TurnFile, 'uri' | 'path' | 'kind' | 'to' | 'from'> {
  const { uri, from, path, to } = file;
  if (file.current === null) return { uri: from, path, kind: 'delete' };
  // A new file was nowhere else.
  if (file.isNew) return { uri, path: to ?? path, kind: 'create' };
  const kind: EditKind = isMoved ? 'rename' : 'edit';
  return isMoved && to !== undefined ? { uri, path, kind, to, from } : { uri, path, kind };
}
