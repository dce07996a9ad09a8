/**
 * What goes along when one goes from one branch to another. Files are as they are, and what the user leaves out is left out
 * wherever one stands: both are said again on the path that is gone to.
 */
import { targetKey } from '../../shared/chat';
import { excludedIn, isTarget } from './excluded';
import type { EditsEntry, Entry, LeaveOutEntry, NewEntry, ToldEdit, TurnFile } from './record';
import { type EditVersions, editsCut, filesAfter, lastEdits, type NewEdits } from './turnEdits';

/** The entries to be put behind `to` when the path that is shown is `from` until then. */
export async function carriedTo(
  from: readonly Entry[],
  to: readonly Entry[],
  versions: EditVersions,
): Promise<readonly NewEntry[]> {
  const both = common(from, to);
  return [...exclusions(from, to, both), ...(await edits(from, to, both, versions))];
}

/** What both begin with. */
function common(from: readonly Entry[], to: readonly Entry[]): readonly Entry[] {
  const other = from.findIndex((entry, index) => entry.id !== to[index]?.id);
  return other === -1 ? from : from.slice(0, other);
}

/** What is left out of what both have, as it was said last. */
export function exclusions(
  from: readonly Entry[],
  to: readonly Entry[],
  both: readonly Entry[] = common(from, to),
): readonly NewEntry[] {
  const [wanted, there] = [excludedIn(from), excludedIn(to)];
  const said = new Map<string, LeaveOutEntry>();
  for (const entry of [...to, ...from]) {
    if (entry.kind === 'leaveOut' && isTarget(both, entry.target)) said.set(targetKey(entry.target), entry);
  }
  return [...said].flatMap(([key, { target }]): readonly NewEntry[] =>
    wanted.has(key) === there.has(key) ? [] : [{ kind: 'leaveOut', target, out: wanted.has(key) }],
  );
}

/**
 * What was decided of turns that both have is decided. What the turns that are left did to files stays done, and is to be
 * decided with the last turn of the path that is gone to, which has it from now on; its own turns say what became of theirs.
 */
async function edits(
  from: readonly Entry[],
  to: readonly Entry[],
  both: readonly Entry[],
  versions: EditVersions,
): Promise<readonly NewEdits[]> {
  const [left, own] = [from.slice(both.length), to.slice(both.length)];
  const shared = usersIn(both);
  const news = new Map<string, NewEdits>();
  for (const turn of shared) {
    const files = lastEdits(left, turn)?.files;
    if (files === undefined || JSON.stringify(files) === JSON.stringify(lastEdits(to, turn)?.files ?? [])) continue;
    news.set(turn, { kind: 'edits', turn, files, ...told(left, own, (entry) => entry.turn === turn) });
  }
  const became = new Map([...becameOf(left)].map((file) => [file.uri, file]));
  for (const turn of usersIn(own)) {
    const files = lastEdits(own, turn)?.files ?? [];
    const settled = files.map((file) => settledAs(file, became.get(file.uri) ?? became.get(file.from ?? file.uri)));
    if (settled.every((file, index) => file === files[index])) continue;
    const ofIt = new Set(files.map(({ path }) => path));
    const said = told(left, own, (entry) => !shared.includes(entry.turn), ofIt);
    news.set(turn, { kind: 'edits', turn, files: settled, ...said });
  }
  const last = usersIn(to).at(-1);
  const open = editsCut(from, both.at(-1)?.id ?? null);
  if (last === undefined || open.length === 0) return [...news.values()];
  const files = news.get(last)?.files ?? lastEdits(to, last)?.files ?? [];
  const places = new Set(open.flatMap(({ uri, to: moved }) => [uri, moved?.uri ?? uri]));
  const isMeant = ({ uri, from: before = uri }: TurnFile): boolean => places.has(uri) || places.has(before);
  // What a turn of this path had done was done before those that are left, which have it since.
  const before = shared.includes(last) ? files.filter(isMeant) : [];
  const all = [...files.filter((file) => !isMeant(file)), ...(await filesAfter(before, open, versions))];
  news.set(last, { ...news.get(last), kind: 'edits', turn: last, files: all });
  return [...news.values()];
}

function usersIn(path: readonly Entry[]): readonly string[] {
  return path.flatMap(({ kind, id }) => (kind === 'user' ? [id] : []));
}

function editsIn(path: readonly Entry[]): readonly EditsEntry[] {
  return path.filter((entry) => entry.kind === 'edits');
}

/** What files have become on a path by its words: one that a turn has made nothing of, in the end, is as it was. */
function* becameOf(path: readonly Entry[]): Iterable<TurnFile> {
  for (const [turn, words] of Map.groupBy(editsIn(path), (entry) => entry.turn)) {
    const files = lastEdits(words, turn)?.files ?? [];
    const places = new Set(files.flatMap(({ uri, from = uri }) => [uri, from]));
    for (const file of words.flatMap((word) => word.files)) {
      const { uri, from = uri, base } = file;
      if (!places.has(uri) && !places.has(from))
        yield { ...file, open: 0, undone: true, added: 0, removed: 0, current: base };
    }
    yield* files;
  }
}

/** Where the path that is left knows of it, nothing of it is to be decided here: what it has become there is said. */
function settledAs(file: TurnFile, became: TurnFile | undefined): TurnFile {
  if (file.open === 0 || became === undefined) return file;
  const { current, undone, added, removed, uri, path, kind } = became;
  const isUndone = became.open === 0 && undone;
  const rest = became.open > 0 ? { handedOn: true as const } : isUndone ? { undone, added, removed } : {};
  const { from: _, to: __, ...place } = file;
  // One that has got its old name back is not renamed any more.
  const is = uri === file.uri || became.from !== undefined ? file : { ...place, uri, path, kind };
  return { ...is, open: 0, base: current, current, ...rest };
}

/** What the user has done to files meanwhile and the model of this path has not been told. */
function told(
  left: readonly Entry[],
  own: readonly Entry[],
  isMeant: (entry: EditsEntry) => boolean,
  paths: ReadonlySet<string> | null = null,
): Pick<NewEdits, 'undone' | 'applied'> {
  const known = new Set(editsIn(own).flatMap(({ undone = [], applied = [] }) => [...undone, ...applied].map(keyOf)));
  const meant = editsIn(left).filter(isMeant);
  const news = (of: (entry: EditsEntry) => readonly ToldEdit[] | undefined): readonly ToldEdit[] =>
    meant
      .flatMap((entry) => of(entry) ?? [])
      .filter((one) => !known.has(keyOf(one)) && (paths === null || paths.has(one.path)));
  const [undone, applied] = [news((entry) => entry.undone), news((entry) => entry.applied)];
  return { ...(undone.length === 0 ? {} : { undone }), ...(applied.length === 0 ? {} : { applied }) };
}

function keyOf({ path, patch }: ToldEdit): string {
  return JSON.stringify([path, patch]);
}
