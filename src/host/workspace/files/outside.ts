/** Where a path leads that is outside of the workspace: only ever read after the user has allowed that very file. */
import { basename, dirname, join, posix, win32 } from 'node:path';
import { pathToFileURL } from 'node:url';
import { realPathOf } from './disk';
import type { Root } from './facts';

/** A file or folder of this machine, symlinks resolved, as if its folder were a root. */
export interface OutsidePlace {
  readonly root: Root & { readonly folder: string };
  readonly relative: string;
  /** Its whole path. */
  readonly path: string;
}

/** What a path leads to on this machine; null for nothing, and for what is not looked for at all. */
export async function outsidePlaceOf(
  given: string,
  roots: readonly Root[],
  platform: NodeJS.Platform,
): Promise<OutsidePlace | null> {
  // A share's server would be asked before the user is.
  if (given.includes('\0') || /^[a-z][a-z0-9+.-]+:\/\//i.test(given) || /^([\\/]{2}|~)/.test(given)) return null;
  const { isAbsolute } = platform === 'win32' ? win32 : posix;
  const isWhole = isAbsolute(given) && !(platform === 'win32' && /^[\\/]/.test(given));
  const folders = roots.flatMap(({ folder }) => (folder === null ? [] : [folder]));
  for (const target of isWhole ? [given] : folders.map((folder) => join(folder, given))) {
    const path = await realPathOf(target, dirname(target));
    if (path !== null) return placeOf(path);
  }
  return null;
}

function placeOf(path: string): OutsidePlace {
  const folder = dirname(path);
  return { root: { name: '', uri: pathToFileURL(folder).toString(), folder }, relative: basename(path), path };
}
