/** From a path or a URI to a file that tools may read: inside the roots, no secret, not ignored. Fails closed. */
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isSecretPath } from '../../../core/tools/secrets/secretFiles';
import { reveal } from '../../../core/tools/words/text';
import { ToolError } from '../../../core/tools/workspace';
import type { Concern } from '../../../shared/approval';
import { Allowed } from '../files/allowed';
import { diskOf, isThere, realPathOf } from '../files/disk';
import { DiskSilent } from '../files/door';
import type { Root, WorkspaceFacts } from '../files/facts';
import { blindToKeys, type Judging } from '../files/judge';
import { nearPaths, normalizedPath } from '../files/names';
import { homeExpanded, outsidePlaceOf } from '../files/outside';
import { below, displayPath, outside, type RootedPath, rootedPathsOf, withUniqueNames } from '../files/paths';
import { type Parent, Visibility } from './ignore';
import { Ignores } from './ignoreFiles';
import { askGit, nothingTracked, type Tracked, trackedOf } from './tracked';

/** Names that are told where nothing is found. */
const maxNear = 5;

/** A place that exists, with symlinks resolved. */
export interface Located extends RootedPath {
  /** The place that was asked for, before symlinks. */
  readonly requested: RootedPath;
  /** On this machine's disk; null for other schemes. */
  readonly file: string | null;
  /** How it is named to the model and the user. */
  readonly path: string;
  /** In no root: it is read only where the user has allowed this very place. */
  readonly isOutside?: true;
}

/** A file by its name alone. */
export interface NamedFile {
  /** How it is named to the model and the user. */
  readonly path: string;
  /** Why its text is not shown; null when it may be, as far as its name tells. */
  readonly hidden: 'secret' | 'ignored' | null;
}

/** One look at the workspace: make a new one for each operation, so that nothing stale decides. */
export class Locator {
  readonly roots: readonly Root[];
  readonly #realRoots = new Map<Root, Promise<string | null>>();
  readonly #visibility = new Map<Root, Visibility>();
  readonly #tracked = new Map<Root, Promise<Tracked>>();

  constructor(
    readonly facts: WorkspaceFacts,
    /** What earlier ones have read of the ignore files. */
    readonly ignores: Ignores = new Ignores(facts),
    /** Ends what is asked of git. */
    readonly signal: AbortSignal = new AbortController().signal,
    readonly platform: NodeJS.Platform = process.platform,
    /** What the user has allowed beyond what is read without asking. */
    readonly allowed: Allowed = new Allowed(),
  ) {
    this.roots = withUniqueNames(facts.roots());
  }

  /** Throws a ToolError when there is nothing or it lies outside, where that was not allowed. */
  async locate(given: string): Promise<Located> {
    if (this.allowed.isEmpty) return await this.#locateInside(given);
    const located = await this.locateAnywhere(given);
    if (located.isOutside === true && !this.allows(located, 'outside')) throw outside(given, this.roots);
    return located;
  }

  /** The same, outside of the workspace too: for what asks whether it may be read. */
  async locateAnywhere(given: string): Promise<Located> {
    try {
      return await this.#locateInside(given);
    } catch (error) {
      const place = error instanceof ToolError ? await this.#outside(given) : null;
      if (place === null) throw error;
      return place;
    }
  }

  /** The same for what may be there or not; null where it is not. */
  async lookFor(given: string): Promise<Located | null> {
    try {
      return (await this.#lookInside(homeExpanded(given))) ?? (await this.#outside(given));
    } catch (error) {
      if (error instanceof DiskSilent || !(error instanceof ToolError)) throw error;
      return await this.#outside(given);
    }
  }

  /** The URI under which a place is allowed. */
  uriOf({ root, relative }: RootedPath): string {
    return this.facts.uriOf(root, relative);
  }

  /** Whether a place may be read though it has this reason. */
  allows(place: RootedPath, why: Concern): boolean {
    return !this.allowed.isEmpty && this.allowed.has(this.uriOf(place), why);
  }

  /** The judge for what is in a file: one that finds no keys where they were allowed. */
  judging(place: RootedPath, judge: Judging): Judging {
    return this.allows(place, 'secret') ? blindToKeys(judge) : judge;
  }

  async #outside(given: string): Promise<Located | null> {
    if (this.roots.length === 0) return null;
    const place = await outsidePlaceOf(homeExpanded(given), this.roots, this.platform);
    if (place === null) return null;
    for (const root of this.roots) {
      const folder = await this.#realRoot(root);
      // What lies inside has been refused for another reason.
      if (folder !== null && below(folder, place.path, this.platform) !== null) return null;
    }
    const { root, relative, path } = place;
    return { root, relative, requested: { root, relative }, file: path, path, isOutside: true };
  }

  async #locateInside(given: string): Promise<Located> {
    const located = await this.#lookInside(homeExpanded(given));
    if (located !== null) return located;
    const name = given.split(/[\\/]/).findLast((segment) => segment !== '') ?? given;
    const near = await this.#nearNames(homeExpanded(given));
    throw new ToolError(
      `There is nothing at ${JSON.stringify(given)}.${near === '' ? '' : ` Near that name: ${near}.`} ` +
        `find_files with ${JSON.stringify(name)} looks for it everywhere.`,
    );
  }

  async #lookInside(given: string): Promise<Located | null> {
    const places = rootedPathsOf(given, this.roots, this.platform);
    for (const place of places) {
      const located = await this.#find(given, place);
      if (located !== null) return located;
    }
    for (const place of places) {
      const relative = await normalizedPath(diskOf(place.root, this.facts), place.relative);
      const located = relative === null ? null : await this.#find(given, { ...place, relative });
      if (located !== null) return located;
    }
    return null;
  }

  /** The place of a URI; null when it is outside the roots or gone. */
  async locateUri(uri: string): Promise<Located | null> {
    const roots = this.roots.filter((root) => uri.startsWith(`${root.uri.replace(/\/$/, '')}/`));
    const root = roots.sort((a, b) => b.uri.length - a.uri.length)[0];
    if (root === undefined) {
      const located = this.#isAllowedOutside(uri) ? await this.#outside(fileURLToPath(uri)) : null;
      return located !== null && this.allows(located, 'outside') ? located : null;
    }
    try {
      const relative = decodeURIComponent(uri.slice(root.uri.replace(/\/$/, '').length + 1));
      if (relative.split('/').some((segment) => segment === '..') || relative.includes('\0')) return null;
      return await this.#find(uri, { root, relative });
    } catch (error) {
      const leadsNowhere = error instanceof ToolError || error instanceof URIError;
      if (leadsNowhere && !(error instanceof DiskSilent)) return null;
      throw error;
    }
  }

  /** By its name alone, wherever links lead and whether it is there or not; null outside the roots. */
  async nameOf(uri: string): Promise<NamedFile | null> {
    const place = await this.#placeOf(uri);
    if (place === null) {
      if (!this.#isAllowedOutside(uri)) return null;
      const file = fileURLToPath(uri);
      return { path: file, hidden: isSecretPath(file) && !this.allowed.has(uri, 'secret') ? 'secret' : null };
    }
    const path = this.displayPath(place);
    if (isSecret(place) && !this.allows(place, 'secret')) return { path, hidden: 'secret' };
    const isVisible =
      this.allows(place, 'ignored') || (await this.visibility(place.root).isVisible(place.relative, false));
    return { path, hidden: isVisible ? null : 'ignored' };
  }

  #isAllowedOutside(uri: string): boolean {
    return !this.allowed.isEmpty && uri.startsWith('file:///') && this.allowed.has(uri, 'outside');
  }

  async #placeOf(uri: string): Promise<RootedPath | null> {
    const inside = (root: string): string | null => {
      const folder = `${root.replace(/\/$/, '')}/`;
      return uri.startsWith(folder) ? uri.slice(folder.length) : null;
    };
    let best: { readonly root: Root; readonly encoded: string } | null = null;
    for (const root of this.roots) {
      let encoded = inside(root.uri);
      if (encoded === null && root.folder !== null) {
        // A root that is itself a link: others may name it by where it leads.
        const real = await this.#realRoot(root).catch(() => null);
        encoded =
          real === null ? null : inside(this.facts.uriOf({ ...root, folder: real, uri: pathToFileURL(real).href }, ''));
      }
      if (encoded !== null && (best === null || encoded.length < best.encoded.length)) best = { root, encoded };
    }
    if (best === null) return null;
    try {
      const relative = decodeURIComponent(best.encoded);
      if (relative.split('/').includes('..') || relative.includes('\0')) return null;
      return { root: best.root, relative };
    } catch {
      return null;
    }
  }

  /** Throws a ToolError when the file may not be read. */
  async assertReadable(located: Located, ignoredToo = false): Promise<void> {
    const mayHoldSecrets = isSecret(located.requested) || isSecret(located);
    if (mayHoldSecrets && !this.allows(located, 'secret')) {
      throw new ToolError(
        `${located.path} may hold secrets (keys, tokens, passwords), so it is not read. Go on without it; if what it ` +
          'says matters, ask the user to attach it or to paste the part that is needed.',
      );
    }
    if (!ignoredToo && !(await this.isVisible(located, false))) {
      throw new ToolError(
        `${located.path} is ignored (an ignore file such as .gitignore, or files.exclude or search.exclude in the ` +
          'settings), so it is not read. Go on without it; if what it says matters, ask the user to attach it.',
      );
    }
  }

  /** Names that were perhaps meant, of what may be seen. */
  async #nearNames(given: string): Promise<string> {
    const names: string[] = [];
    for (const { root, relative } of rootedPathsOf(given, this.roots, this.platform)) {
      for (const { path, isFolder } of await nearPaths(diskOf(root, this.facts), relative)) {
        const place = { root, relative: path };
        if (isSecret(place) || !(await this.visibility(root).isVisible(path, isFolder))) continue;
        names.push(reveal(`${displayPath(place, this.roots)}${isFolder ? '/' : ''}`).text);
      }
    }
    return [...new Set(names)]
      .slice(0, maxNear)
      .map((name) => JSON.stringify(name))
      .join(', ');
  }

  async isVisible(located: Located, isDirectory: boolean): Promise<boolean> {
    if (located.isOutside === true || this.allows(located, 'ignored')) return true;
    if (!(await this.visibility(located.root).isVisible(located.relative, isDirectory))) return false;
    const { root, relative } = located.requested;
    if (root === located.root && relative === located.relative) return true;
    return await this.visibility(root).isVisible(relative, isDirectory);
  }

  visibility(root: Root): Visibility {
    let visibility = this.#visibility.get(root);
    if (visibility === undefined) {
      const settings = this.facts.searchSettings(root);
      visibility = new Visibility(this.ignores.filesOf(root), this.ignores.excludesOf(settings.excludes), settings, {
        parents: async () => (settings.parentIgnoreFiles ? await this.#parentsOf(root) : []),
        tracked: () => this.tracked(root),
      });
      this.#visibility.set(root, visibility);
    }
    return visibility;
  }

  /** What git keeps of a root although its ignore files match it; asked once. */
  tracked(root: Root): Promise<Tracked> {
    let tracked = this.#tracked.get(root);
    if (tracked === undefined) {
      tracked = this.#askGit(root);
      this.#tracked.set(root, tracked);
    }
    return tracked;
  }

  async #askGit({ folder, judgedAs }: Root): Promise<Tracked> {
    // Of a place that is no root of the window nobody has said that its repository may be trusted.
    if (folder === null || judgedAs !== undefined || !(await isInRepository(folder, folder))) return nothingTracked;
    const git = await this.facts.git();
    if (git.kind === 'found') return await askGit(git.file, folder, this.signal);
    const why = git.kind === 'missing' ? 'git was not found' : 'the workspace is not trusted, so git was not asked';
    return trackedOf([], `Tracked files that match an ignore pattern are left out: ${why}.`);
  }

  /** The folders above a root, the nearest first; none when their own rules ignore the root, which was opened all the same. */
  async #parentsOf(root: Root): Promise<readonly Parent[]> {
    const { folder } = root;
    if (folder === null) return [];
    const parents: Parent[] = [];
    for (let parent = dirname(folder), child = folder; parent !== child; child = parent, parent = dirname(parent)) {
      const files = this.ignores.filesOf({ ...root, folder: parent });
      parents.push({ files, below: below(parent, folder, this.platform) ?? '' });
    }
    const top = parents.at(-1);
    if (top === undefined) return [];
    const settings = { ignoreFiles: true, parentIgnoreFiles: false, globalIgnoreFiles: false };
    const above = new Visibility(top.files, noExcludes, settings, {
      parents: async () => [],
      tracked: async () => nothingTracked,
    });
    return (await above.isVisible(top.below, true)) ? parents : [];
  }

  /** Where a root lies on this machine, with symlinks and without them. */
  async foldersOf(root: Root): Promise<readonly string[]> {
    if (root.folder === null) return [];
    const real = await this.#realRoot(root).catch(() => null);
    return real === null || real === root.folder ? [root.folder] : [root.folder, real];
  }

  displayPath(place: RootedPath): string {
    const { root, relative } = place;
    if (root.judgedAs === undefined) return displayPath(place, this.roots);
    return relative === '' ? root.name : root.name === '' ? relative : `${root.name.replace(/[\\/]$/, '')}/${relative}`;
  }

  async #find(given: string, place: RootedPath): Promise<Located | null> {
    if (place.root.folder === null) return await this.#findVirtual(given, place);
    const target = join(place.root.folder, place.relative);
    const real =
      (await realPathOf(target, place.root.folder)) ?? (await this.#deletedButOpen(place, place.root.folder));
    if (real === null) return null;
    const inside: RootedPath[] = [];
    for (const root of this.roots) {
      const folder = await this.#realRoot(root).catch((error: unknown) => {
        // Another root that does not answer keeps none of this one's files.
        if (root !== place.root && error instanceof DiskSilent) return null;
        throw error;
      });
      const relative = folder === null ? null : below(folder, real, this.platform);
      if (relative !== null) inside.push({ root, relative });
    }
    // Its own root first, then the innermost.
    inside.sort(
      (a, b) => Number(b.root === place.root) - Number(a.root === place.root) || a.relative.length - b.relative.length,
    );
    const found = inside[0];
    if (found === undefined) throw outside(given, this.roots);
    return { ...found, requested: place, file: real, path: this.displayPath(found) };
  }

  /** An editor may still hold a file that is gone from the disk; its folder decides where it is. */
  async #deletedButOpen(place: RootedPath, root: string): Promise<string | null> {
    const uri = this.facts.uriOf(place.root, place.relative);
    if (!this.facts.openDocuments().some((document) => document.dirty && document.uri === uri)) return null;
    const target = join(root, place.relative);
    const folder = await realPathOf(dirname(target), root);
    return folder === null ? null : join(folder, basename(target));
  }

  /** Other schemes cannot resolve symlinks: none is followed. */
  async #findVirtual(given: string, place: RootedPath): Promise<Located | null> {
    const segments = place.relative === '' ? [] : place.relative.split('/');
    for (let count = 1; count <= segments.length; count += 1) {
      const found = await diskOf(place.root, this.facts).stat(segments.slice(0, count).join('/'), this.signal);
      if (found === null) return null;
      if (found.kind === 'symlink') {
        throw new ToolError(
          `The path ${JSON.stringify(given)} leads through a symbolic link, which is not followed here.`,
        );
      }
    }
    return { ...place, requested: place, file: null, path: this.displayPath(place) };
  }

  #realRoot(root: Root): Promise<string | null> {
    let real = this.#realRoots.get(root);
    if (real === undefined) {
      real = root.folder === null ? Promise.resolve(null) : realPathOf(root.folder, root.folder);
      this.#realRoots.set(root, real);
    }
    return real;
  }
}

const noExcludes = { globs: [], broken: [] };

/** Whether a folder, or one above it, is a repository's. `place`: whose disk it is. */
export async function isInRepository(folder: string, place: string): Promise<boolean> {
  for (let one = folder; ; one = dirname(one)) {
    if (await isThere(join(one, '.git'), place)) return true;
    if (one === dirname(one)) return false;
  }
}

/** The root's own name counts: someone may have opened `.ssh` itself. */
export function isSecret({ root, relative }: RootedPath): boolean {
  const base = root.judgedAs ?? (root.folder === null ? root.name : basename(root.folder));
  return isSecretPath(`${base}/${relative}`);
}
