/**
 * Which files are ignored: by .gitignore, .ignore, .rgignore and .git/info/exclude as VS Code's search has ripgrep read
 * them, and by the excludes of its settings; but tracked is not ignored. This is the one judge for every tool;
 * ripgrep's own judgement only makes it fast.
 */
import { TimeSlice } from '../../../core/base/timeSlice';
import type { SearchSettings } from '../files/facts';
import { type Excludes, siblingOf } from './excludes';
import { pathOf } from './glob';
import { firstOfGit, type IgnoreFiles, sources } from './ignoreFiles';
import type { Rules } from './ignoreRules';
import type { Tracked } from './tracked';

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

/** A folder above a root, and the root's path below it. */
export interface Parent {
  readonly files: IgnoreFiles;
  readonly below: string;
}

/** What a Visibility asks when it needs it. */
export interface Asked {
  /** The folders above the root whose ignore files hold in it, the nearest first. */
  readonly parents: () => Promise<readonly Parent[]>;
  readonly tracked: () => Promise<Tracked>;
}

/** `tracked`: of an ignored folder, only what git tracks. */
type Verdict = 'visible' | 'tracked' | 'ignored';

/** Steps of matching after which the rest of the extension host goes on. */
const stepsAtOnce = 1_000_000;

/** Judges the paths of one root. Keeps what it has asked the disk: make a new one for each operation. */
export class Visibility {
  readonly #loaded = new Map<string, Promise<Loaded>>();
  readonly #folders = new Map<string, Promise<Verdict>>();
  readonly #meter = { steps: 0 };

  constructor(
    readonly files: IgnoreFiles,
    readonly excludes: Excludes,
    readonly settings: Omit<SearchSettings, 'excludes'>,
    readonly asked: Asked,
  ) {}

  /** Whether tools may see this path. False as soon as it, or a folder that it lies in, is ignored. */
  async isVisible(path: string, isDirectory: boolean): Promise<boolean> {
    return (await this.#verdictOn(path, isDirectory)) !== 'ignored';
  }

  async #verdictOn(path: string, isDirectory: boolean): Promise<Verdict> {
    if (path === '') return 'visible';
    const folder = await this.#verdictOnFolder(folderOf(path));
    return folder === 'ignored' ? 'ignored' : await this.#verdictOnEntry(path, isDirectory, folder);
  }

  #verdictOnFolder(folder: string): Promise<Verdict> {
    let verdict = this.#folders.get(folder);
    if (verdict === undefined) {
      verdict = this.#verdictOn(folder, true);
      this.#folders.set(folder, verdict);
    }
    return verdict;
  }

  async #verdictOnEntry(path: string, isDirectory: boolean, folder: Verdict): Promise<Verdict> {
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (name === '.git' || pathOf(path) === null) return 'ignored';
    if (this.#meter.steps > stepsAtOnce) {
      await new TimeSlice().yieldToOthers();
      this.#meter.steps = 0;
    }
    if (await this.#isExcluded(path)) return 'ignored';
    const loaded = this.settings.ignoreFiles ? await this.#load(folderOf(path)) : [];
    for (const [source, inForce] of loaded.entries()) {
      const verdict = this.#verdict(inForce, path, isDirectory);
      if (verdict === null || (verdict === 'included' && folder === 'tracked')) continue;
      if (verdict === 'included') return folder;
      return source < firstOfGit ? 'ignored' : await this.#ifTracked(path, isDirectory);
    }
    return folder === 'tracked' ? await this.#ifTracked(path, isDirectory) : folder;
  }

  async #ifTracked(path: string, isDirectory: boolean): Promise<Verdict> {
    const { files, folders } = await this.asked.tracked();
    return (isDirectory ? folders : files).has(path) ? 'tracked' : 'ignored';
  }

  async #isExcluded(path: string): Promise<boolean> {
    const split = pathOf(path);
    if (split === null) return true;
    for (const { glob, when } of this.excludes.globs) {
      if (!glob.matches(split, this.#meter)) continue;
      if (when === null) return true;
      const folder = folderOf(path);
      const sibling = siblingOf(when, split.segments.at(-1) ?? '');
      if ((await this.files.disk.stat(folder === '' ? sibling : `${folder}/${sibling}`)) !== null) return true;
    }
    return false;
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
    if (folder === '') return await this.#loadRoot(own);
    const outer = await this.#load(folderOf(folder));
    if (own.every(({ isEmpty }) => isEmpty)) return outer;
    return sources.map((_, source) =>
      inForceOf([{ rules: own[source], strip: folder.length + 1, prefix: '' }, ...(outer[source] ?? [])]),
    );
  }

  /** A repository is no wall for the rules above it, as in VS Code, which has ripgrep not ask for git. */
  async #loadRoot(own: readonly Rules[]): Promise<Loaded> {
    const inForce = own.map((rules) => [{ rules, strip: 0, prefix: '' }]);
    for (const { files, below } of await this.asked.parents()) {
      const above = await files.rulesOf('');
      for (const [source, rules] of above.entries()) inForce[source]?.push({ rules, strip: 0, prefix: `${below}/` });
    }
    if (this.settings.globalIgnoreFiles) {
      inForce.at(-1)?.push({ rules: await this.files.globalRules(), strip: 0, prefix: '' });
    }
    return inForce.map(inForceOf);
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
