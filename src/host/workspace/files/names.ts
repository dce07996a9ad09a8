/** Names that are written otherwise than they were asked for: in another Unicode form (LESSONS L57), or with a slip. */
import type { Disk, DiskEntry } from './disk';

/** Entries of one folder that are looked at. */
const maxEntries = 5_000;
/** Letters that a name may be away from the one that was asked for. */
const maxSlips = 2;
/** Longer names are compared by their beginning. */
const maxCompared = 100;

/**
 * The path with each segment in the Unicode form that the disk has, where there is exactly one such entry; null where
 * there is none or several, and for a path that has one form only.
 */
export async function normalizedPath(disk: Disk, path: string): Promise<string | null> {
  if (path.normalize('NFC') === path && path.normalize('NFD') === path) return null;
  let found = '';
  for (const segment of path.split('/')) {
    const here = join(found, segment);
    if ((await disk.stat(here)) !== null) found = here;
    else {
      const wanted = segment.normalize('NFC');
      const same = (await entriesOf(disk, found)).filter(({ name }) => name.normalize('NFC') === wanted);
      const [only] = same;
      if (only === undefined || same.length > 1) return null;
      found = join(found, only.name);
    }
  }
  return found;
}

/** What stands where a path leads nowhere, the likeliest first: its name differs in case, by a few letters or its ending. */
export async function nearPaths(
  disk: Disk,
  path: string,
): Promise<readonly { readonly path: string; readonly isFolder: boolean }[]> {
  let folder = '';
  for (const segment of path.split('/')) {
    const here = join(folder, segment);
    const found = await disk.stat(here);
    if (found === null) {
      return (await entriesOf(disk, folder))
        .map((entry) => ({ entry, distance: distanceOf(plain(segment), plain(entry.name)) }))
        .filter(({ distance }) => distance <= maxSlips)
        .sort((a, b) => a.distance - b.distance || (a.entry.name < b.entry.name ? -1 : 1))
        .map(({ entry }) => ({ path: join(folder, entry.name), isFolder: entry.kind === 'directory' }));
    }
    if (found.kind !== 'directory') return [];
    folder = here;
  }
  return [];
}

async function entriesOf(disk: Disk, folder: string): Promise<readonly DiskEntry[]> {
  try {
    return await disk.list(folder, maxEntries);
  } catch {
    // It is only a hint.
    return [];
  }
}

function join(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

function plain(name: string): string {
  return name.normalize('NFC').toLowerCase().slice(0, maxCompared);
}

/** Half a letter for another ending, else letters that are added, dropped or replaced; beyond `maxSlips` any number. */
function distanceOf(wanted: string, name: string): number {
  if (stem(wanted) === stem(name)) return wanted === name ? 0 : 0.5;
  // Of a short name nothing would be left.
  const most = Math.min(maxSlips, Math.floor(wanted.length / 3));
  if (Math.abs(wanted.length - name.length) > most) return Number.POSITIVE_INFINITY;
  let row = Array.from({ length: name.length + 1 }, (_, index) => index);
  for (let i = 1; i <= wanted.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= name.length; j += 1) {
      const kept = (row[j - 1] ?? 0) + (wanted[i - 1] === name[j - 1] ? 0 : 1);
      next.push(Math.min(kept, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  const distance = row[name.length] ?? 0;
  return distance > most ? Number.POSITIVE_INFINITY : distance;
}

function stem(name: string): string {
  return name.replace(/(?<=[^.])\.[^.]*$/, '');
}
