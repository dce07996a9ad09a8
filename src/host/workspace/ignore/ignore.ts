/**
 * Which files are ignored: by .gitignore, .ignore, .rgignore and .git/info/exclude as ripgrep reads them, and by the
 * excludes of VS Code's settings. This is the one judge for every tool; ripgrep's own judgement only makes it fast.
 */
import { dirname, join } from 'node:path';
import { TimeSlice } from '../../../core/base/timeSlice';
import { isThere } from '../files/disk';
import type { Excludes } from './excludes';
import { pathOf } from './glob';
import { type IgnoreFiles, sources } from './ignoreFiles';
import type { Rules } from './ignoreRules';

/** Rules in force somewhere, and how a path of the root is told relative to their folder. */
interface RulesInForce {
  readonly rules: Rules;
  /** Characters to take off the path's start. */
  readonly strip: number;
  /** What to put in front of it, for folders above the root. */
  readonly prefix: string;
}

/** For each source those in force in a folder, the innermost first. */
type Loaded = readonly (readonly RulesInForce[])[];

/** Steps of matching after which the rest of the extension host goes on. */
const stepsAtOnce = 1_000_000;

/** Judges the paths of one root. Keeps what it has asked the disk: make a new one for each operation. */
export class Visibility {
  readonly #loaded = new Map<string, Promise<Loaded>>();
  readonly #folders = new Map<string, Promise<boolean>>();
  readonly #meter = { steps: 0 };

  constructor(
    readonly files: IgnoreFiles,
    readonly excludes: Excludes,
    /** Folders above the root that belong to the same repository, the nearest first, with the root's path below each. */
    readonly parents: () => Promise<readonly { readonly files: IgnoreFiles; readonly below: string }[]>,
  ) {}

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
    const split = pathOf(path);
    if (name === '.git' || split === null) return false;
    if (this.#meter.steps > stepsAtOnce) {
      await new TimeSlice().yieldToOthers();
      this.#meter.steps = 0;
    }
    if (this.excludes.globs.some(({ glob }) => glob.matches(split, this.#meter))) return false;
    for (const inForce of await this.#load(folderOf(path))) {
      const verdict = this.#verdict(inForce, path, isDirectory);
      if (verdict !== null) return verdict === 'included';
    }
    return true;
  }

  /** What one kind of ignore file says, the innermost first; null when none mentions the path. */
  #verdict(inForce: readonly RulesInForce[], path: string, isDirectory: boolean): 'ignored' | 'included' | null {
    for (const { rules, strip, prefix } of inForce) {
      const relative = pathOf(prefix + path.slice(strip));
      const verdict = relative === null ? 'ignored' : rules.verdict(relative, isDirectory, this.#meter);
      if (verdict !== null) return verdict;
    }
    return null;
  }

  /** The rules that hold in a folder. */
  #load(folder: string): Promise<Loaded> {
    let loaded = this.#loaded.get(folder);
    if (loaded === undefined) {
      loaded = this.#loadNew(folder);
      this.#loaded.set(folder, loaded);
    }
    return loaded;
  }

  async #loadNew(folder: string): Promise<Loaded> {
    const own = await this.files.rulesOf(folder);
    if (folder === '') {
      const above = await this.#above();
      return sources.map((_, source) =>
        inForceOf([{ rules: own[source], strip: 0, prefix: '' }, ...(above[source] ?? [])]),
      );
    }
    const outer = await this.#load(folderOf(folder));
    if (own.every(({ isEmpty }) => isEmpty)) return outer;
    return sources.map((_, source) =>
      inForceOf([{ rules: own[source], strip: folder.length + 1, prefix: '' }, ...(outer[source] ?? [])]),
    );
  }

  async #above(): Promise<Loaded> {
    const each: { readonly rules: readonly Rules[]; readonly prefix: string }[] = [];
    for (const { files, below } of await this.parents()) {
      each.push({ rules: await files.rulesOf(''), prefix: `${below}/` });
    }
    return sources.map((_, source) =>
      inForceOf(each.map(({ rules, prefix }) => ({ rules: rules[source], strip: 0, prefix }))),
    );
  }
}

function inForceOf(
  rules: readonly (Omit<RulesInForce, 'rules'> & { readonly rules: Rules | undefined })[],
): readonly RulesInForce[] {
  return rules.flatMap((one) => (one.rules === undefined || one.rules.isEmpty ? [] : [{ ...one, rules: one.rules }]));
}

function folderOf(path: string): string {
  const cut = path.lastIndexOf('/');
  return cut < 0 ? '' : path.slice(0, cut);
}

/** The folders above a root up to the top of its repository, nearest first; none when the root is not inside one. */
export async function foldersOfRepository(root: string): Promise<readonly string[]> {
  const above: string[] = [];
  for (let folder = root; ; folder = dirname(folder)) {
    if (folder !== root) above.push(folder);
    if (await isThere(join(folder, '.git'), root)) return above;
    if (folder === dirname(folder)) return [];
  }
}
