/**
 * The ignore files of a root, kept as long as nothing changes: each look asks the disk once for each folder, and reads
 * only what is another than before.
 */
import { type Disk, diskOf } from '../files/disk';
import { DiskSilent } from '../files/door';
import type { Exclude, Root, WorkspaceFacts } from '../files/facts';
import { type Excludes, excludesOf } from './excludes';
import { excludeOfWorktree, globalExcludes } from './gitFiles';
import { Rules } from './ignoreRules';

/** By precedence: an .rgignore overrules an .ignore, that a .gitignore, that .git/info/exclude, that git's global file. */
export const sources = ['.rgignore', '.ignore', '.gitignore', '.git/info/exclude', 'global'] as const;

/** The first of them that is git's: a tracked file is not ignored by these. */
export const firstOfGit = sources.indexOf('.gitignore');

/** The rules of one folder by source; of the last there are none here. */
type FolderRules = readonly Rules[];

/** Bytes; what stands behind them in a file is not in force. */
const maxIgnoreBytes = 1024 * 1024;
/** Folders of which something is kept. */
const maxFolders = 5_000;
const maxSettings = 20;
/** Different warnings. */
const maxWarnings = 200;

interface KnownFile {
  readonly stamp: string | null;
  readonly rules: Rules;
}

interface KnownFolder {
  /** Of the folder itself: as long as it is the same, no file came or went. null: not to be relied on. */
  readonly stamp: string | null;
  /** What `.git` is. */
  readonly git: 'directory' | 'file' | null;
  readonly files: ReadonlyMap<string, KnownFile>;
}

const noFolder: KnownFolder = { stamp: null, git: null, files: new Map() };
const nothing: FolderRules = sources.map(() => Rules.none);

/** The .gitignore files and their like of one root, read as far as a path needs them. */
export class IgnoreFiles {
  readonly #known = new Map<string, KnownFolder>();

  constructor(
    readonly disk: Disk,
    /** On this machine's disk; null for other schemes. */
    readonly folder: string | null,
    /** Told of what is not in force, once for each state of a file. */
    readonly warn: (text: string) => void,
  ) {}

  /** The rules of a folder as they are now. */
  async rulesOf(folder: string): Promise<FolderRules> {
    const before = this.#known.get(folder) ?? noFolder;
    const found = await this.disk.stat(folder);
    if (found?.kind !== 'directory') return nothing;
    const same = found.stamp !== null && found.stamp === before.stamp;
    const git = same ? before.git : await this.#gitOf(folder);
    const files = new Map<string, KnownFile>();
    for (const source of ['.rgignore', '.ignore', '.gitignore'] as const) {
      const known = before.files.get(source);
      if (same && known === undefined) continue;
      const file = await this.#read(at(folder, source), known);
      if (file !== null) files.set(source, file);
    }
    if (git === 'directory') {
      const file = await this.#read(at(folder, '.git/info/exclude'), before.files.get('.git/info/exclude'));
      if (file !== null) files.set('.git/info/exclude', file);
    }
    if (this.#known.size > maxFolders) this.#known.clear();
    this.#known.set(folder, { stamp: found.stamp, git, files });
    const rules = sources.map((source) => files.get(source)?.rules ?? Rules.none);
    if (git === 'file') rules[sources.indexOf('.git/info/exclude')] = await this.#rulesOfWorktree(folder);
    return rules;
  }

  /** The rules of git's own file for all repositories. */
  async globalRules(): Promise<Rules> {
    if (this.folder === null) return Rules.none;
    const found = await globalExcludes(this.folder, maxIgnoreBytes);
    return found === null ? Rules.none : await this.#rulesOf(found.path, found.bytes, false);
  }

  async #gitOf(folder: string): Promise<KnownFolder['git']> {
    const kind = (await this.disk.stat(at(folder, '.git')))?.kind;
    return kind === 'directory' || kind === 'file' ? kind : null;
  }

  async #rulesOfWorktree(folder: string): Promise<Rules> {
    if (this.folder === null) return Rules.none;
    const found = await excludeOfWorktree(this.disk, this.folder, folder, maxIgnoreBytes);
    return found === null ? Rules.none : await this.#rulesOf(found.path, found.bytes, false);
  }

  async #read(path: string, before: KnownFile | undefined): Promise<KnownFile | null> {
    const found = await this.disk.stat(path);
    if (found?.kind !== 'file') return null;
    const { stamp, size } = found;
    if (before !== undefined && stamp !== null && stamp === before.stamp) return before;
    return { stamp, rules: await this.#readNew(path, size) };
  }

  async #readNew(path: string, size: number): Promise<Rules> {
    let bytes: Uint8Array | null;
    try {
      bytes = await this.disk.read(path, maxIgnoreBytes);
    } catch (error) {
      if (error instanceof DiskSilent) throw error;
      // Git and ripgrep go on without it, too.
      this.warn(`${path} could not be read: nothing is ignored by it.`);
      return Rules.none;
    }
    return await this.#rulesOf(path, bytes ?? new Uint8Array(), bytes !== null && size > bytes.length);
  }

  async #rulesOf(path: string, bytes: Uint8Array, isCut: boolean): Promise<Rules> {
    const text = Buffer.from(bytes).toString('utf8');
    // A line that was cut would mean something else.
    const rules = await Rules.read(isCut ? text.slice(0, text.lastIndexOf('\n') + 1) : text);
    if (isCut) this.warn(`Of ${path} only the first ${maxIgnoreBytes} bytes are read.`);
    for (const { line, reason } of rules.broken) this.warn(`Line ${line} of ${path} is left out: ${reason}.`);
    return rules;
  }
}

/** What is kept of all roots, from one operation to the next. */
export class Ignores {
  readonly #files = new Map<string, IgnoreFiles>();
  /** By what the settings say: folders may have settings of their own. */
  readonly #excludes = new Map<string, Excludes>();
  readonly #warned = new Set<string>();
  readonly #said = new Set<string>();

  constructor(readonly facts: WorkspaceFacts) {}

  filesOf(root: Root): IgnoreFiles {
    const key = root.folder ?? root.uri;
    let files = this.#files.get(key);
    if (files === undefined) {
      files = new IgnoreFiles(diskOf(root, this.facts), root.folder, (text) => this.#warn(text));
      this.#files.set(key, files);
    }
    return files;
  }

  excludesOf(excluded: readonly Exclude[]): Excludes {
    const key = JSON.stringify(excluded);
    let excludes = this.#excludes.get(key);
    if (excludes === undefined) {
      excludes = excludesOf(excluded);
      if (this.#excludes.size >= maxSettings) this.#excludes.clear();
      this.#excludes.set(key, excludes);
      for (const { text, reason } of excludes.broken) {
        this.#warn(`The entry ${JSON.stringify(text)} of files.exclude or search.exclude is left out: ${reason}.`);
      }
    }
    return excludes;
  }

  /** The notes that were not given out before. */
  unsaid(notes: readonly string[]): readonly string[] {
    const fresh = notes.filter((note) => !this.#said.has(note));
    for (const note of fresh) this.#said.add(note);
    return fresh;
  }

  /** Once. */
  #warn(text: string): void {
    if (this.#warned.size < maxWarnings && !this.#warned.has(text)) this.facts.warn(text);
    if (this.#warned.size < maxWarnings) this.#warned.add(text);
  }
}

function at(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}
