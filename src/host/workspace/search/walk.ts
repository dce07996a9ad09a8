/** Walks a root in JavaScript: where there is no ripgrep, and for schemes that it cannot reach. */
import { TimeSlice } from '../../../core/base/timeSlice';
import type { Disk } from '../files/disk';
import { DiskSilent } from '../files/door';
import type { Visibility } from '../ignore/ignore';
import { sortInParts } from './sort';

/** Folders are not read past this: a walk that long is of no use to anyone. */
const maxFolders = 20_000;
const maxEntries = 100_000;

/** The visible files of a root, each folder's in the order of their names. Symlinks are not followed, as in ripgrep. */
export async function* walk(disk: Disk, visibility: Visibility, signal: AbortSignal): AsyncGenerator<string> {
  const folders = [''];
  const slice = new TimeSlice();
  for (let read = 0; read < maxFolders; read += 1) {
    const folder = folders.shift();
    if (folder === undefined) return;
    signal.throwIfAborted();
    const entries = await disk.list(folder, maxEntries, signal).catch((error: unknown) => {
      signal.throwIfAborted();
      // A folder that may not be read is left out, as ripgrep does.
      if (folder === '' || error instanceof DiskSilent) throw error;
      return [];
    });
    for (const { name, kind } of await sortInParts(entries, (a, b) => (a.name < b.name ? -1 : 1), signal)) {
      if (slice.isOver) await slice.yieldToOthers(signal);
      const path = folder === '' ? name : `${folder}/${name}`;
      if (kind !== 'file' && kind !== 'directory') continue;
      if (!(await visibility.isVisible(path, kind === 'directory'))) continue;
      if (kind === 'directory') folders.push(path);
      else yield path;
    }
  }
}
