/**
 * Whether what is written at a place may be run, wherever a path leads: by its names, by links and hard links to it from
 * such places around it, and by what git says of its repository.
 */
import { lstat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { runsCode } from '../../../core/tools/edits/protectedNames';
import { diskOf, realPathOf } from '../files/disk';
import { diskDoor } from '../files/door';
import { targetOf } from '../files/links';
import { below, type RootedPath } from '../files/paths';
import { askGitLinks } from '../ignore/gitLinks';
import { askGitPlaces, type WorkTree } from '../ignore/gitPlaces';
import type { Locator } from '../ignore/locate';
import type { Place } from './places';

/** Entries of a folder that are looked at, entries of protected folders in all, and how deep those are looked into. */
const maxEntries = 20_000;
const maxInside = 500;
/** Of a folder of hooks, by itself: what git runs is not hidden behind other entries. */
const maxHooks = 5_000;
const maxDepth = 3;
/** Links with protected names that are looked at in a repository. */
const maxLinks = 500;

/** True where it may; fails closed: by throwing where a disk does not answer, and for hooks that are too many. */
export async function isProtected(locator: Locator, place: Place, signal: AbortSignal): Promise<boolean> {
  if (runsCode(namedFrom(place)) || runsCode(namedFrom(place.requested))) return true;
  // What instructions import is obeyed as they are.
  if ([place, place.requested].some((one) => locator.facts.isInstruction?.(locator.uriOf(one), place.path)))
    return true;
  if (place.file === null || place.root.folder === null) return false;
  const root = (await locator.foldersOf(place.root)).at(-1) ?? place.root.folder;
  const seeker: Seeker = { locator, place, root, file: place.file, signal, left: maxInside, inode: null };
  const found = await inodeOf(place.file, root);
  if (found !== null && found.links > 1) seeker.inode = found.inode;
  if (await isReachedFromAbove(seeker)) return true;
  if (await isReachedFromOtherRoots(seeker)) return true;
  return await isOfGit(seeker);
}

/** With the names of its root's own last folders: someone may have opened `.github/workflows` itself. */
function namedFrom({ root, relative }: RootedPath): string {
  const { folder } = root;
  return folder === null ? `${root.name}/${relative}` : `${basename(dirname(folder))}/${basename(folder)}/${relative}`;
}

interface Seeker {
  readonly locator: Locator;
  readonly place: Place;
  /** The root's folder, symlinks resolved. */
  readonly root: string;
  readonly file: string;
  readonly signal: AbortSignal;
  /** Entries that are still looked at. */
  left: number;
  /** Of a file that has several names; null: of others. */
  inode: string | null;
}

async function inodeOf(
  path: string,
  place: string,
): Promise<{ readonly inode: string; readonly links: number } | null> {
  return await diskDoor.run(place, async () => {
    try {
      const { dev, ino, nlink } = await lstat(path, { bigint: true });
      return { inode: `${dev} ${ino}`, links: Number(nlink) };
    } catch {
      return null;
    }
  });
}

/** Whether it lies in a git folder of any name, or a protected name in a folder above it leads to it. */
async function isReachedFromAbove(seeker: Seeker): Promise<boolean> {
  const { locator, root, file, signal } = seeker;
  for (let folder = dirname(file); below(root, folder, locator.platform) !== null; folder = dirname(folder)) {
    signal.throwIfAborted();
    const relative = below(root, folder, locator.platform) ?? '';
    const entries = await entriesOf(seeker, relative);
    const names = new Map(entries.map(({ name, kind }) => [name, kind]));
    if (names.get('HEAD') === 'file' && names.get('objects') === 'directory' && names.has('refs')) return true;
    if (await isReachedFrom(seeker, relative, entries)) return true;
    if (folder === dirname(folder)) break;
  }
  return false;
}

/** Whether a protected name at the top of another root leads to it: what a root has there counts for that root. */
async function isReachedFromOtherRoots(seeker: Seeker): Promise<boolean> {
  const { locator, place } = seeker;
  for (const other of locator.roots) {
    if (other.folder === null || other.uri === place.root.uri) continue;
    const root = (await locator.foldersOf(other)).at(-1) ?? other.folder;
    const from = { ...seeker, place: { ...place, root: other }, root };
    if (await isReachedFrom(from, '', await entriesOf(from, ''))) return true;
  }
  return false;
}

type Entries = Awaited<ReturnType<ReturnType<typeof diskOf>['list']>>;

async function entriesOf({ locator, place, root, signal }: Seeker, relative: string): Promise<Entries> {
  const disk = diskOf({ ...place.root, folder: root }, locator.facts);
  return await disk.list(relative, maxEntries, signal).catch(ifMissing);
}

/** Whether a protected name among a folder's entries leads to it. */
async function isReachedFrom(seeker: Seeker, relative: string, entries: Entries): Promise<boolean> {
  for (const { name, kind } of entries) {
    const path = relative === '' ? name : `${relative}/${name}`;
    if (kind === 'directory' && holdsProtected.has(name.toLowerCase())) {
      if (await isReachedFromInside(seeker, path, maxDepth)) return true;
    } else if (runsCode(name) && (await leadsTo(seeker, join(seeker.root, path), kind, path))) return true;
  }
  return false;
}

/** Folders that hold other things, too. */
const holdsProtected: ReadonlySet<string> = new Set(['.github', '.gitlab', '.gitea', '.forgejo']);

/** Folders of hooks, and of git's own. */
const holdsHooks: ReadonlySet<string> = new Set(['.git', '.githooks', '.git-hooks', '.husky', '.lefthook']);

function ifMissing(error: unknown): readonly never[] {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  // A folder that is still to be made has nothing in it.
  if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES') return [];
  throw error;
}

/** A protected name: a link to the file or to a folder of it, the same file under two names, or a folder with such. */
async function leadsTo(seeker: Seeker, at: string, kind: string, relative: string): Promise<boolean> {
  const { file, root, locator, inode } = seeker;
  // Under the name that was read it is not found again: it may be anything.
  if (isGarbled(basename(at))) return kind !== 'file' || inode !== null;
  if (kind === 'symlink') {
    const target = await targetOf(at, root);
    return target !== null && below(target, file, locator.platform) !== null;
  }
  if (kind === 'file') return inode !== null && at !== file && (await inodeOf(at, root))?.inode === inode;
  if (kind !== 'directory') return false;
  const name = basename(at).toLowerCase();
  if (!holdsHooks.has(name)) return await isReachedFromInside(seeker, relative, maxDepth);
  const hooks = { ...seeker, left: maxHooks };
  // All of git's own would be too much, and it makes no links to files of the work tree.
  const inside = name === '.git' ? `${relative}/hooks` : relative;
  return (await isReachedFromInside(hooks, inside, maxDepth)) || hooks.left <= 0;
}

/** Whether it was no UTF-8. */
function isGarbled(name: string): boolean {
  return name.includes('\ufffd');
}

async function isReachedFromInside(seeker: Seeker, relative: string, depth: number): Promise<boolean> {
  const { locator, place, root, signal } = seeker;
  if (depth === 0 || seeker.left <= 0) return false;
  const disk = diskOf({ ...place.root, folder: root }, locator.facts);
  const entries = await disk.list(relative, seeker.left, signal).catch(ifMissing);
  seeker.left -= entries.length;
  for (const { name, kind } of entries) {
    const path = `${relative}/${name}`;
    // Of a folder that holds other things too, such as .github, its names count.
    if (!runsCode(path)) continue;
    if (kind === 'directory' && !isGarbled(name)) {
      if (await isReachedFromInside(seeker, path, depth - 1)) return true;
    } else if (await leadsTo(seeker, join(root, path), kind, path)) return true;
  }
  return false;
}

/**
 * Whether it lies in its repository's hooks or in git's own folder, which may have any name, or a link that git keeps under
 * a protected name leads to it, however deep that lies.
 */
async function isOfGit(seeker: Seeker): Promise<boolean> {
  const { locator, root, file, signal } = seeker;
  let folder = dirname(file);
  while (folder !== root && (await realPathOf(folder, root)) === null) folder = dirname(folder);
  const places = await askGitPlaces(locator.facts, folder, root, signal);
  if (places === null) return true;
  const { folders, workTree } = places;
  for (const place of folders) {
    const real = (await realPathOf(place, root)) ?? resolve(place);
    if (below(real, file, locator.platform) !== null) return true;
  }
  if (workTree !== null && (await isLinkedFrom(seeker, workTree, root))) return true;
  // The links of a repository around it, as around a submodule, and of other roots count, too.
  for (const other of locator.roots) {
    const place = (await locator.foldersOf(other)).at(-1);
    if (place === undefined || (workTree !== null && isWithin(seeker, workTree.top, place))) continue;
    const around = await askGitPlaces(locator.facts, place, place, signal);
    if (around === null) return true;
    if (around.workTree !== null && (await isLinkedFrom(seeker, around.workTree, place))) return true;
  }
  return false;
}

function isWithin({ locator }: Seeker, folder: string, path: string): boolean {
  return below(folder, path, locator.platform) !== null;
}

/** `place`: whose disk it is. Fails closed where they are not known, or too many to look at. */
async function isLinkedFrom(seeker: Seeker, workTree: WorkTree, place: string): Promise<boolean> {
  const { locator, file, signal } = seeker;
  const links = await askGitLinks(locator.facts, workTree, place, signal);
  if (links === null || links.length > maxLinks) return true;
  for (const link of links) {
    signal.throwIfAborted();
    const target = await targetOf(link, place);
    if (target !== null && isWithin(seeker, target, file)) return true;
  }
  return false;
}
