/**
 * Which files are ignored: by .gitignore, .ignore, .rgignore and .git/info/exclude as ripgrep reads them, and by the
 * excludes of VS Code's settings. This is the one judge for every tool; ripgrep's own judgement only makes it fast.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Disk } from './disk';
import { globToRegExp } from './glob';

interface Rule {
  readonly negated: boolean;
  readonly directoriesOnly: boolean;
  /** Over the path relative to the folder of the ignore file. */
  readonly expression: RegExp;
}

/** The rules of one source in one folder, in their order; the last that matches decides. */
type Rules = readonly Rule[];

/** Rules in force somewhere, and how a path of the root is told relative to their folder. */
interface RulesInForce {
  readonly rules: Rules;
  /** Characters to take off the path's start. */
  readonly strip: number;
  /** What to put in front of it, for folders above the root. */
  readonly prefix: string;
}

/** By precedence: an .rgignore overrules an .ignore, that a .gitignore, that .git/info/exclude. */
const sources = ['.rgignore', '.ignore', '.gitignore', '.git/info/exclude'] as const;

/** A larger ignore file is not one. */
const maxIgnoreBytes = 1024 * 1024;

/** Reads the lines of an ignore file. */
export function parseIgnore(text: string): Rules {
  const rules: Rule[] = [];
  for (const raw of text.replace(/^\ufeff/, '').split(/\r?\n/)) {
    // Spaces at the end do not count unless they are escaped.
    let line = raw.replace(/(?<!\\)\s+$/, '');
    if (line === '' || line.startsWith('#')) continue;
    const negated = line.startsWith('!');
    if (negated) line = line.slice(1);
    const directoriesOnly = line.endsWith('/') && !line.endsWith('\\/');
    if (directoriesOnly) line = line.slice(0, -1);
    if (line === '' || line === '/') continue;
    const anchored = line.startsWith('/');
    if (anchored) line = line.slice(1);
    const anywhere = !anchored && !line.includes('/');
    // `a/**` means what is in the folder, not the folder.
    const glob = (anywhere ? `**/${line}` : line).replace(/\/\*\*$/, '/**/*');
    rules.push({ negated, directoriesOnly, expression: globToRegExp(glob) });
  }
  return rules;
}

/** Judges the paths of one root. Keeps what it has read: make a new one for each operation. */
export class Visibility {
  readonly #excludes: readonly RegExp[];
  readonly #rules = new Map<string, Promise<readonly RulesInForce[]>>();
  readonly #folders = new Map<string, Promise<boolean>>();

  constructor(
    readonly disk: Disk,
    excludes: readonly string[],
    /** Folders above the root that belong to the same repository, the nearest first, with the root's path below each. */
    readonly parents: readonly { readonly disk: Disk; readonly below: string }[] = [],
  ) {
    this.#excludes = excludes.map((glob) => globToRegExp(glob.replace(/^\//, '').replace(/\/$/, '')));
  }

  /** Whether tools may see this path. False as soon as it, or a folder that it lies in, is ignored. */
  async isVisible(path: string, isDirectory: boolean): Promise<boolean> {
    if (path === '') return true;
    if (!(await this.#isFolderVisible(folderOf(path)))) return false;
    return await this.#isEntryVisible(path, isDirectory);
  }

  #isFolderVisible(folder: string): Promise<boolean> {
    let verdict = this.#folders.get(folder);
    if (verdict === undefined) {
      verdict = this.isVisible(folder, true);
      this.#folders.set(folder, verdict);
    }
    return verdict;
  }

  async #isEntryVisible(path: string, isDirectory: boolean): Promise<boolean> {
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (name === '.git' || this.#excludes.some((exclude) => exclude.test(path))) return false;
    const ignored = await Promise.all(sources.map((source) => this.#verdict(source, path, isDirectory)));
    return !(ignored.find((verdict) => verdict !== null) ?? false);
  }

  /** What one kind of ignore file says, the innermost first; null when none mentions the path. */
  async #verdict(source: string, path: string, isDirectory: boolean): Promise<boolean | null> {
    for (const { rules, strip, prefix } of await this.#load(source, folderOf(path))) {
      const relative = prefix + path.slice(strip);
      const rule = rules.findLast(
        ({ directoriesOnly, expression }) => (isDirectory || !directoriesOnly) && expression.test(relative),
      );
      if (rule !== undefined) return !rule.negated;
    }
    return null;
  }

  /** The rules that hold in a folder, the innermost first. */
  #load(source: string, folder: string): Promise<readonly RulesInForce[]> {
    const key = `${source}\0${folder}`;
    let loaded = this.#rules.get(key);
    if (loaded === undefined) {
      loaded = this.#loadNew(source, folder);
      this.#rules.set(key, loaded);
    }
    return loaded;
  }

  async #loadNew(source: string, folder: string): Promise<readonly RulesInForce[]> {
    if (folder !== '') {
      const rules = await readRules(this.disk, `${folder}/${source}`);
      const outer = await this.#load(source, folderOf(folder));
      return rules.length === 0 ? outer : [{ rules, strip: folder.length + 1, prefix: '' }, ...outer];
    }
    const own = { rules: await readRules(this.disk, source), strip: 0, prefix: '' };
    const above = this.parents.map(async ({ disk, below }) => ({
      rules: await readRules(disk, source),
      strip: 0,
      prefix: `${below}/`,
    }));
    return [own, ...(await Promise.all(above))].filter(({ rules }) => rules.length > 0);
  }
}

function folderOf(path: string): string {
  const cut = path.lastIndexOf('/');
  return cut < 0 ? '' : path.slice(0, cut);
}

async function readRules(disk: Disk, path: string): Promise<Rules> {
  const bytes = await disk.read(path, maxIgnoreBytes);
  return bytes === null ? [] : parseIgnore(Buffer.from(bytes).toString('utf8'));
}

/** The folders above a root up to the top of its repository, nearest first; none when the root is not inside one. */
export function foldersOfRepository(root: string): readonly string[] {
  const above: string[] = [];
  for (let folder = root; ; folder = dirname(folder)) {
    if (folder !== root) above.push(folder);
    if (existsSync(join(folder, '.git'))) return above;
    if (folder === dirname(folder)) return [];
  }
}
