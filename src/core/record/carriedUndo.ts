/** What was undone of a turn's files is no part any more of what undoing a later turn would bring back. */
import type { Entry, TurnFile } from './record';
import { type EditVersions, lastEdits, type NewEdits } from './turnEdits';

/** A file of a turn of which something was undone. */
export interface UndoneFile {
  /** What was said of it, and what is said now. */
  readonly said: TurnFile;
  readonly now: TurnFile;
  /** Digests of what was there, and of what is there now; null for no file. */
  readonly from: string | null;
  readonly to: string | null;
}

/**
 * The words about turns behind this one whose files it changed before them: without it a later turn would have found
 * another file. This holds for lines and files, too, that a later turn took away: they are not there to be undone, and
 * would come back with it.
 */
export async function carriedUndo(
  path: readonly Entry[],
  turn: string,
  undone: readonly UndoneFile[],
  versions: EditVersions,
): Promise<readonly NewEdits[]> {
  const begin = path.findIndex(({ id }) => id === turn);
  const news: NewEdits[] = [];
  if (begin === -1 || undone.length === 0) return news;
  for (const { kind, id } of path.slice(begin + 1)) {
    const said = kind === 'user' ? (lastEdits(path, id)?.files ?? []) : [];
    const files: TurnFile[] = [];
    for (const file of said) files.push(await withoutAll(file, undone, versions));
    if (files.some((file, index) => file !== said[index])) news.push({ kind: 'edits', turn: id, files });
  }
  return news;
}

async function withoutAll(file: TurnFile, undone: readonly UndoneFile[], versions: EditVersions): Promise<TurnFile> {
  let now = file;
  for (const one of undone) {
    // One that was decided says what the file is, where it lies.
    if ((now.open === 0 ? now.uri : (now.from ?? now.uri)) !== one.said.uri) continue;
    const before = now;
    // The file is written: where a version is lost, the later turn brings back what it found.
    now = await without(before, one, versions).catch(() => before);
  }
  return now;
}

async function without(file: TurnFile, { said, now, from, to }: UndoneFile, versions: EditVersions): Promise<TurnFile> {
  // What the turn has still done, on the file that it found.
  const left = await versions.carried(said.base, now.base, now.current);
  const base = await versions.carried(file.base, said.current, left);
  const isThere = file.uri === said.uri;
  const current = isThere ? await versions.carried(file.current, from, to) : file.current;
  const place = isThere && now.uri !== said.uri ? { uri: now.uri, path: now.path } : null;
  // Of one that was decided nothing can be undone, but it says what the file is.
  if (file.open === 0) {
    if (place !== null) return { ...unmoved(file), ...place, base: current, current };
    return current === file.current ? file : { ...file, base: current, current };
  }
  if (base === file.base && current === file.current && place === null) return file;
  const [was, is] = [await versions.compare(file.base, file.current), await versions.compare(base, current)];
  const changed = {
    ...{ ...file, ...place, base, current },
    added: Math.max(0, file.added - was.added + is.added),
    removed: Math.max(0, file.removed - was.removed + is.removed),
  };
  if (base === null && current !== null) return asCreated({ ...changed, open: is.hunks });
  const isMoved = file.from !== undefined && file.from !== file.uri;
  // Nothing is made where something was, and nothing deleted where nothing was.
  const isOther = file.kind === 'create' ? base !== null : base === null;
  const open = is.hunks === 0 && isMoved && current !== null ? 1 : is.hunks;
  return { ...changed, kind: isOther ? 'edit' : file.kind, open };
}

/** One that has its old name back is not renamed any more. */
function unmoved({ from, to: _, ...file }: TurnFile): TurnFile {
  return from === undefined ? file : { ...file, kind: 'edit' };
}

/** Of one that was made and then renamed nothing is left where it was made. */
function asCreated({ from: _, to, ...file }: TurnFile): TurnFile {
  return { ...file, path: to ?? file.path, kind: 'create' };
}
