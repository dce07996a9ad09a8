/** From a path to a place that may be written: inside the roots, symlinks resolved, whether something is there or not. */
import { lstat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ToolError } from '../../../core/tools/workspace';
import { diskOf, realPathOf } from '../files/disk';
import { diskDoor } from '../files/door';
import type { Root } from '../files/facts';
import { below, outside, type RootedPath, rootedPathsOf } from '../files/paths';
import type { Located, Locator } from '../ignore/locate';

/** A place inside the roots. */
export interface Place extends Located {
  readonly uri: string;
  /** Something is there. */
  readonly isThere: boolean;
  /** The path that was asked for ends in a symbolic link to it. */
  readonly isLink: boolean;
}

/** A name that a file cannot have everywhere, or that means something else; on Windows there are more of them. */
const badName = /\p{Cc}|^\s|\s$/u;
const badOnWindows = /[<>:"|?*]|\.$|^(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?$/i;

/** Something that is there. Throws a ToolError when there is nothing or it lies outside. */
export async function existingPlace(locator: Locator, given: string): Promise<Place> {
  const located = await locator.locate(given);
  const { root, relative } = located.requested;
  const isLink = root.folder !== null && (await isSymlink(join(root.folder, relative), root.folder));
  return { ...located, uri: locator.uriOf(located), isThere: true, isLink };
}

/** Something that is there, or may come to be. Throws a ToolError where it would lie outside. */
export async function anyPlace(locator: Locator, given: string): Promise<Place> {
  const places = rootedPathsOf(given, locator.roots, locator.platform);
  const found: Place[] = [];
  for (const place of places) {
    const one = await placeOf(locator, given, place);
    if (one.isThere) return one;
    found.push(one);
  }
  const [first] = found;
  if (first === undefined) throw outside(given, locator.roots);
  // What has its folder already is meant.
  for (const one of found) if (await hasFolder(locator, given, one)) return one;
  const isNamed = found.length > locator.roots.length;
  if (locator.roots.length === 1 || isNamed) return first;
  throw new ToolError(
    `In which folder ${JSON.stringify(given)} is to lie is not clear: begin it with the name of one of ` +
      `${locator.roots.map(({ name }) => JSON.stringify(name)).join(', ')}.`,
  );
}

/** The place of a URI, there or not. Throws a ToolError where it lies outside. */
export async function placeOfUri(locator: Locator, uri: string): Promise<Place> {
  const inside = locator.roots
    .filter((root) => uri.startsWith(`${root.uri.replace(/\/$/, '')}/`))
    .sort((a, b) => b.uri.length - a.uri.length)[0];
  const named = inside === undefined ? null : decoded(uri.slice(inside.uri.replace(/\/$/, '').length + 1));
  if (inside === undefined || named === null || named.split('/').includes('..')) throw outside(uri, locator.roots);
  return await placeOf(locator, named, { root: inside, relative: named });
}

function decoded(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}

async function hasFolder(locator: Locator, given: string, { root, relative }: Place): Promise<boolean> {
  const folder = relative.includes('/') ? relative.slice(0, relative.lastIndexOf('/')) : '';
  // The name of a root before it says which one is meant.
  if (folder === '')
    return locator.roots.length === 1 || root.name.toLowerCase() === given.split(/[\\/]/)[0]?.toLowerCase();
  if (root.folder !== null) return (await realPathOf(join(root.folder, folder), root.folder)) !== null;
  return (await diskOf(root, locator.facts).stat(folder, locator.signal)) !== null;
}

async function placeOf(locator: Locator, given: string, requested: RootedPath): Promise<Place> {
  const uri = locator.uriOf(requested);
  const located = await locator.locateUri(uri);
  if (located !== null) {
    const { folder } = requested.root;
    const isLink = folder !== null && (await isSymlink(join(folder, requested.relative), folder));
    return { ...located, uri: locator.uriOf(located), isThere: true, isLink };
  }
  const bad = requested.relative
    .split('/')
    .find((name) => badName.test(name) || (locator.platform === 'win32' && badOnWindows.test(name)));
  if (requested.relative === '' || bad !== undefined) {
    throw new ToolError(
      `${JSON.stringify(given)} is no name for a file here: it begins or ends with a blank, has characters that names cannot have, or is reserved.`,
    );
  }
  return requested.root.folder === null
    ? await newVirtualPlace(locator, given, requested)
    : await newPlace(locator, given, requested, requested.root.folder);
}

/** Where the deepest folder that is there really lies decides. */
async function newPlace(locator: Locator, given: string, requested: RootedPath, folder: string): Promise<Place> {
  const target = join(folder, requested.relative);
  if (await isSymlink(target, folder)) {
    throw new ToolError(
      `${JSON.stringify(given)} is a symbolic link that leads nowhere, or out of the workspace: it is not written through.`,
    );
  }
  const missing: string[] = [basename(target)];
  let parent = dirname(target);
  let real = await realPathOf(parent, folder);
  while (real === null && parent !== dirname(parent)) {
    if (await isSymlink(parent, folder)) throw outside(given, locator.roots);
    missing.unshift(basename(parent));
    parent = dirname(parent);
    real = await realPathOf(parent, folder);
  }
  if (real === null) throw outside(given, locator.roots);
  const file = join(real, ...missing);
  const found = await rootOf(locator, requested.root, file);
  if (found === null) throw outside(given, locator.roots);
  return {
    ...found,
    requested,
    file,
    path: locator.displayPath(found),
    uri: locator.uriOf(found),
    isThere: false,
    isLink: false,
  };
}

/** The root that a path of this machine lies in: its own one, else the innermost. */
async function rootOf(locator: Locator, own: Root, file: string): Promise<RootedPath | null> {
  const inside: RootedPath[] = [];
  for (const root of locator.roots) {
    const real = (await locator.foldersOf(root)).at(-1);
    const relative = real === undefined ? null : below(real, file, locator.platform);
    if (relative !== null && relative !== '') inside.push({ root, relative });
  }
  inside.sort((a, b) => Number(b.root === own) - Number(a.root === own) || a.relative.length - b.relative.length);
  return inside[0] ?? null;
}

/** Other schemes cannot resolve symlinks: none is followed. */
async function newVirtualPlace(locator: Locator, given: string, requested: RootedPath): Promise<Place> {
  const segments = requested.relative.split('/');
  for (let count = 1; count <= segments.length; count += 1) {
    const path = segments.slice(0, count).join('/');
    const found = await diskOf(requested.root, locator.facts).stat(path, locator.signal);
    if (found === null) break;
    if (found.kind !== 'directory') {
      throw new ToolError(`${JSON.stringify(given)} leads through what is no folder, or through a symbolic link.`);
    }
  }
  return {
    ...requested,
    requested,
    file: null,
    path: locator.displayPath(requested),
    uri: locator.uriOf(requested),
    isThere: false,
    isLink: false,
  };
}

/** Whether a path of this machine is itself a link, wherever it leads. */
async function isSymlink(path: string, place: string): Promise<boolean> {
  return await diskDoor.run(place, async () => {
    try {
      return (await lstat(path)).isSymbolicLink();
    } catch {
      return false;
    }
  });
}
