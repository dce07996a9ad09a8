/** The Workspace port over a window's folders. Knows VS Code only through `WorkspaceFacts`. */

import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import { orAborted } from '../../core/base/orAborted';
import { TimeSlice } from '../../core/base/timeSlice';
import type { Reached } from '../../core/tools/consent';
import { isNotebookPath } from '../../core/tools/words/notebook';
import { type DirectoryEntry, ToolError, type Workspace, type WorkspaceFile } from '../../core/tools/workspace';
import type { Concern } from '../../shared/approval';
import { Allowed } from './files/allowed';
import { decodeFile } from './files/decode';
import { type DiskEntry, diskOf } from './files/disk';
import { DiskSilent } from './files/door';
import type { WorkspaceFacts } from './files/facts';
import { Judge, type Judging, maxJudgedBytes } from './files/judge';
import { homeExpanded } from './files/outside';
import { displayPath, isWholeWorkspace, rootedPathsOf, withUniqueNames } from './files/paths';
import { Ignores } from './ignore/ignoreFiles';
import { type Located, Locator, type NamedFile } from './ignore/locate';
import { reachOf, reachOfPattern } from './reach';
import { documentOf, readLines } from './readLines';
import { readCells, readWhole } from './readWhole';
import { findFiles } from './search/findFiles';
import { keyHints } from './search/keyHints';
import { searchText } from './search/searchText';
import { sortInParts } from './search/sort';
import { type Absence, whyAbsent } from './whyAbsent';

/** Reads what may be sent. What one of it has asked the disk it does not ask again: make a new one for each operation. */
export interface FileAccess {
  /** How a file is named, and whether its text may be shown, by its URI alone: it may be gone. null outside the roots. */
  named(uri: string): Promise<NamedFile | null>;
  /** The file of a URI when it may be sent: inside the roots, no secret, not ignored, there. Else null. */
  admit(uri: string): Promise<WorkspaceFile | null>;
  /**
   * The text of an admitted file, an editor's before the disk's; null when it is gone, larger than `maxBytes`, no text
   * or a key. `ignoredToo` is for the project's instructions, which people keep out of git and want to be read.
   */
  readText(
    uri: string,
    maxBytes: number,
    ignoredToo?: boolean,
  ): Promise<(WorkspaceFile & { readonly text: string }) | null>;
  /** Whether the user has allowed the file of a URI though it has this reason. */
  allows(uri: string, why: Concern): Promise<boolean>;
  /** Why `readText` with these bytes gives null. */
  why(uri: string, maxBytes: number): Promise<Absence>;
}

/** A path that leads to something that may be read. */
export interface ResolvedPath extends WorkspaceFile {
  readonly kind: 'file' | 'directory';
}

/** Beside what tools need, what the context and the language services need. */
export interface HostWorkspace extends Workspace {
  allowing(reads: readonly Reached[]): HostWorkspace;
  /**
   * How what a path of the model's means is named, the likeliest first, whether it is there or not; '' for the whole
   * workspace. Throws a ToolError for what cannot be inside.
   */
  namesOf(path: string): readonly string[];
  /** What a path of the model's leads to; null for the whole workspace. Throws a ToolError when it may not be read. */
  resolve(path: string, signal: AbortSignal): Promise<ResolvedPath | null>;
  access(signal?: AbortSignal): FileAccess;
}

/** Entries of one folder that are looked at. */
const maxEntries = 200_000;
/** Entries whose sizes are asked for: more are not shown anyway. */
const maxSized = 1_000;

/** The workspace for tools and context. Everything it does rejects as soon as its signal is aborted. */
export function createWorkspace(facts: WorkspaceFacts): HostWorkspace {
  const ignores = new Ignores(facts);
  const judge = new Judge(keyHints(() => facts.ripgrep()));
  return workspaceOf(facts, ignores, judge);
}

/** `reads`: what the user has allowed beyond what is read without asking. */
function workspaceOf(
  facts: WorkspaceFacts,
  ignores: Ignores,
  judge: Judge,
  reads: readonly Reached[] = [],
): HostWorkspace {
  const allowed = new Allowed(reads);
  const locator = (signal?: AbortSignal): Locator => new Locator(facts, ignores, signal, process.platform, allowed);
  return {
    roots: () => withUniqueNames(facts.roots()).map(({ name, uri }) => ({ name, uri })),
    readLines: async (path, startLine, maxLines, maxBytes, signal) =>
      await orAborted(readLines(locator(signal), judge, path, { startLine, maxLines, maxBytes }, signal), signal),
    readWhole: async (path, signal) => await orAborted(readWhole(locator(signal), judge, path, signal), signal),
    listDirectory: async (path, signal) =>
      await orAborted(listDirectory(withRoots(locator(signal)), path, signal), signal),
    findFiles: async (pattern, limit, signal) =>
      await orAborted(findFiles(withRoots(locator(signal)), pattern, limit, signal), signal),
    searchText: async (query, signal) =>
      await orAborted(searchText(withRoots(locator(signal)), judge, query, signal), signal),
    namesOf: (path) => {
      const { roots, platform } = withRoots(locator());
      if (isWholeWorkspace(path, roots)) return [''];
      const whole = homeExpanded(path);
      // What the user has allowed outside is named by its whole path.
      if (!allowed.isEmpty && isAbsolute(whole) && allowed.has(pathToFileURL(whole).href, 'outside')) {
        return [whole.replace(/(?<=[^\\/])[\\/]+$/, '')];
      }
      const names = rootedPathsOf(whole, roots, platform).map((place) => displayPath(place, roots));
      // One that begins with a root's name means that root.
      const clean = path.replace(/^(?:\.[\\/]+)+|[\\/]+$/g, '').replaceAll('\\', '/');
      const exact = names.filter((name) => name.toLowerCase() === clean.toLowerCase());
      return exact.length > 0 ? exact : names;
    },
    resolve: async (path, signal) => await orAborted(resolvePath(withRoots(locator(signal)), path, signal), signal),
    reach: async (paths, signal) => await orAborted(reachOf(locator(signal), judge, paths, signal), signal),
    reachOfPattern: async (pattern, what, signal) =>
      await orAborted(reachOfPattern(locator(signal), judge, pattern, what, signal), signal),
    allowing: (more) => workspaceOf(facts, ignores, judge, more),
    access: (signal = new AbortController().signal) => {
      const access = accessOf(locator(signal), judge, signal);
      return {
        named: async (uri) => await orAborted(access.named(uri), signal),
        admit: async (uri) => await orAborted(access.admit(uri), signal),
        readText: async (...args) => await orAborted(access.readText(...args), signal),
        allows: async (...args) => await orAborted(access.allows(...args), signal),
        why: async (...args) => await orAborted(access.why(...args), signal),
      };
    },
  };
}

function accessOf(locator: Locator, judge: Judge, signal: AbortSignal): FileAccess {
  const { facts } = locator;
  const readable = async (uri: string, ignoredToo: boolean): Promise<Located | null> => {
    const located = await locator.locateUri(uri);
    if (located === null) return null;
    try {
      await locator.assertReadable(located, ignoredToo);
      return located;
    } catch (error) {
      if (error instanceof ToolError && !(error instanceof DiskSilent)) return null;
      throw error;
    }
  };
  return {
    named: async (uri) => await locator.nameOf(uri),
    admit: async (uri) => {
      const located = await readable(uri, false);
      if (located === null || !(await isClean(facts, locator.judging(located, judge), located, signal))) return null;
      return { uri, path: located.path };
    },
    readText: async (uri, maxBytes, ignoredToo = false) => {
      const located = await readable(uri, ignoredToo);
      if (located === null) return null;
      const judging = locator.judging(located, judge);
      if (isNotebookPath(located.relative)) {
        const cells = await cellsText(facts, judging, located, maxBytes, signal);
        return cells === null ? null : { uri, path: located.path, text: cells };
      }
      const document = documentOf(facts, located);
      const text =
        document === undefined ? await wholeText(facts, located, maxBytes) : boundedText(document.text(), maxBytes);
      if (text === null) return null;
      const secret = document === undefined ? judging.text(text, signal) : judging.document(document, signal);
      return (await secret) ? null : { uri, path: located.path, text };
    },
    allows: async (uri, why) => {
      // Most often nothing was: then no disk is asked.
      const located = locator.allowed.isEmpty ? null : await locator.locateUri(uri);
      return located !== null && locator.allows(located, why);
    },
    why: async (uri, maxBytes) => await whyAbsent(locator, uri, maxBytes, signal),
  };
}

async function resolvePath(locator: Locator, path: string, signal: AbortSignal): Promise<ResolvedPath | null> {
  if (isWholeWorkspace(path, locator.roots)) return null;
  const located = await locator.locate(path === '' ? '.' : path);
  const { facts } = locator;
  if (located.relative === '' && locator.roots.length === 1) return null;
  const named = { uri: facts.uriOf(located.root, located.relative), path: located.path };
  if (documentOf(facts, located) === undefined) {
    const found = await diskOf(located.root, facts).stat(located.relative, signal);
    if (found?.kind === 'directory') {
      if (await locator.isVisible(located, true)) return { ...named, kind: 'directory' };
      throw new ToolError(`${located.path} is ignored, so it is not looked into.`);
    }
    if (found?.kind !== 'file') throw new ToolError(`${located.path} is not a plain file (a pipe, a device, a link).`);
  }
  await locator.assertReadable(located);
  return { ...named, kind: 'file' };
}

function withRoots(locator: Locator): Locator {
  if (locator.roots.length === 0) {
    throw new ToolError('No folder is open in this window, so there are no files to look at. Tell the user.');
  }
  return locator;
}

/** True for a file that is there and holds no key, as far as it was looked through. */
async function isClean(facts: WorkspaceFacts, judge: Judging, located: Located, signal: AbortSignal): Promise<boolean> {
  const document = documentOf(facts, located);
  if (document !== undefined) return !(await judge.document(document, signal));
  const disk = diskOf(located.root, facts);
  const found = await disk.stat(located.relative, signal);
  if (found?.kind !== 'file' || found.size > maxJudgedBytes) return false;
  return (await judge.file(disk, located.relative, found, signal))?.holdsKey === false;
}

/** null where it holds a key, is too large, or is no notebook after all. */
async function cellsText(
  facts: WorkspaceFacts,
  judge: Judging,
  located: Located,
  maxBytes: number,
  signal: AbortSignal,
): Promise<string | null> {
  try {
    return await readCells(facts, judge, located, maxBytes, signal);
  } catch (error) {
    if (error instanceof ToolError && !(error instanceof DiskSilent)) return null;
    throw error;
  }
}

function boundedText(text: string, maxBytes: number): string | null {
  return text.length > maxBytes ? null : text;
}

/** Of the disk. */
async function wholeText(facts: WorkspaceFacts, located: Located, maxBytes: number): Promise<string | null> {
  const disk = diskOf(located.root, facts);
  const found = await disk.stat(located.relative);
  if (found?.kind !== 'file' || found.size > maxBytes) return null;
  const bytes = await disk.read(located.relative, maxBytes);
  if (bytes === null) return null;
  return (await decodeFile(bytes, facts.uriOf(located.root, located.relative), facts.decoder))?.text ?? null;
}

async function listDirectory(
  locator: Locator,
  path: string,
  signal: AbortSignal,
): ReturnType<Workspace['listDirectory']> {
  if (isWholeWorkspace(path, locator.roots)) {
    return { path: '', entries: locator.roots.map(({ name }) => ({ name, kind: 'directory', size: null })) };
  }
  const folder = await locator.locate(path === '' ? '.' : path);
  const disk = diskOf(folder.root, locator.facts);
  const found = await disk.stat(folder.relative, signal);
  if (found?.kind !== 'directory') throw new ToolError(`${folder.path} is not a folder: read_file reads files.`);
  if (!(await locator.isVisible(folder, true))) {
    throw new ToolError(
      `${folder.path} is ignored (an ignore file such as .gitignore, or files.exclude or search.exclude in the ` +
        'settings), so it is not listed.',
    );
  }
  // What lies in a folder that was allowed though it is ignored is as ignored.
  const all = folder.isOutside === true || locator.allows(folder, 'ignored');
  const entries: DirectoryEntry[] = [];
  const ignored: string[] = [];
  // Judging from memory never waits: without this a huge folder would hold up every extension.
  const slice = new TimeSlice();
  for (const entry of await disk.list(folder.relative, maxEntries, signal)) {
    if (slice.isOver) await slice.yieldToOthers(signal);
    const kind = await kindOf(locator, folder, entry, signal);
    if (kind === null) continue;
    const relative = below(folder.relative, entry.name);
    if (!all && !(await locator.visibility(folder.root).isVisible(relative, kind === 'directory'))) {
      if (entry.name !== '.git') ignored.push(kind === 'directory' ? `${entry.name}/` : entry.name);
      continue;
    }
    entries.push({ name: entry.name, kind, size: null });
  }
  const sorted = await foldersFirst(entries, signal);
  const sized = sorted.slice(0, maxSized).map(async (entry) => {
    if (entry.kind === 'directory') return entry;
    const size = disk.stat(below(folder.relative, entry.name), signal).catch(() => null);
    return { ...entry, size: (await size)?.size ?? null };
  });
  const listed = [...(await Promise.all(sized)), ...sorted.slice(maxSized)];
  return { path: folder.path, entries: listed, ...(ignored.length === 0 ? {} : { ignored: ignored.toSorted() }) };
}

/** What an entry is; null for what is neither file nor folder, and for symlinks that lead out of the workspace. */
async function kindOf(
  locator: Locator,
  folder: Located,
  { name, kind }: DiskEntry,
  signal: AbortSignal,
): Promise<'file' | 'directory' | null> {
  if (kind === 'file' || kind === 'directory') return kind;
  if (kind !== 'symlink') return null;
  const target = await locator.locateUri(locator.facts.uriOf(folder.root, below(folder.relative, name)));
  if (target === null) return null;
  const found = await diskOf(target.root, locator.facts).stat(target.relative, signal);
  return found?.kind === 'file' || found?.kind === 'directory' ? found.kind : null;
}

function below(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/** Folders, then files, by their names without case: in parts, between which the rest of the host goes on. */
async function foldersFirst(
  entries: readonly DirectoryEntry[],
  signal: AbortSignal,
): Promise<readonly DirectoryEntry[]> {
  const keyed = entries.map((entry) => ({
    entry,
    key: `${entry.kind === 'directory' ? 0 : 1}${entry.name.toLowerCase()}\0${entry.name}`,
  }));
  const sorted = await sortInParts(keyed, (a, b) => (a.key < b.key ? -1 : 1), signal);
  return sorted.map(({ entry }) => entry);
}
