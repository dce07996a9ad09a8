/** Where a path leads that is outside of the workspace: only ever read after the user has allowed that very file. */
import { homedir } from 'node:os';
import { basename, dirname, join, posix, win32 } from 'node:path';
import { pathToFileURL } from 'node:url';
import { realPathOf } from './disk';
import type { Root } from './facts';
import { isShare } from './paths';

/** A file or folder of this machine, symlinks resolved, as if its folder were a root. */
export interface OutsidePlace {
  readonly root: Root & { readonly folder: string };
  readonly relative: string;
  /** Its whole path. */
  readonly path: string;
}

/** `~` and `~/…` as the paths that they stand for; any other path as it is. */
export function homeExpanded(given: string): string {
  return given === '~' || /^~[\\/]/.test(given) ? `${homedir()}${given.slice(1)}` : given;
}

/** What a path leads to on this machine; null for nothing, and for what is not looked for at all. */
export async function outsidePlaceOf(
  given: string,
  roots: readonly Root[],
  platform: NodeJS.Platform,
): Promise<OutsidePlace | null> {
  if (given.includes('\0') || /^[a-z][a-z0-9+.-]+:\/\//i.test(given) || isShare(given, platform)) return null;
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
  const root = { name: '', uri: pathToFileURL(folder).toString(), folder, judgedAs: folder };
  return { root, relative: basename(path), path };
}
