/**
 * A copy of the working tree that can be broken, built and tried again and again. All of it is built in this process:
 * of a change only the bundles that hold the changed file are made anew, out of what is parsed already.
 */
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BuildContext, type BuildOptions, context } from 'esbuild';
import { repoRoot, scratchFolder } from '../vscode/paths';

const copied = [
  'src',
  'test',
  'media',
  'package.json',
  'package.nls.json',
  'tsconfig.json',
  'esbuild.mjs',
  'README.md',
  'CHANGELOG.md',
  '.vscodeignore',
];

/** What `esbuild.mjs` says of how everything is built. */
interface Recipes {
  readonly targets: readonly BuildOptions[];
  testTarget(entryPoints: readonly string[]): BuildOptions;
  browserTestTarget(): BuildOptions;
  copyAssets(): void;
}

/** A set of bundles and the files that went into them. */
class Bundles {
  #inputs: ReadonlySet<string> = new Set();

  private constructor(private readonly building: BuildContext) {}

  static async of(options: BuildOptions): Promise<Bundles> {
    const quiet = { ...options, sourcemap: false, metafile: true, logLevel: 'silent' } as const;
    const bundles = new Bundles(await context(quiet));
    await bundles.build();
    return bundles;
  }

  holds(file: string): boolean {
    return this.#inputs.has(file);
  }

  /** Rejects with what esbuild says when it does not build. */
  async build(): Promise<void> {
    const { metafile } = await this.building.rebuild();
    this.#inputs = new Set(Object.keys(metafile?.inputs ?? {}));
  }

  async dispose(): Promise<void> {
    await this.building.dispose();
  }
}

/** True for the bundles that a test loads besides its own; a host loads them all. */
function isLoaded({ platform, outfile }: BuildOptions, test: string): boolean {
  if (test.startsWith('panel/')) return platform === 'browser';
  return test.startsWith('integration/') || outfile === 'dist/storeWorker.js';
}

export class Bench {
  /** What ships, as far as a test has asked for it. */
  readonly #product = new Map<BuildOptions, Bundles>();
  readonly #recipes: readonly BuildOptions[];
  /** Of the test that was taken last. */
  #own: Bundles | null = null;
  #loaded: readonly Bundles[] = [];
  /** A file that was broken and is whole again, but not in what is built. */
  #stale: string | null = null;

  private constructor(
    readonly folder: string,
    private readonly recipes: Recipes,
  ) {
    this.#recipes = [...recipes.targets, recipes.browserTestTarget()];
  }

  /** Copies the working tree, with the packages of the original. */
  static async make(): Promise<Bench> {
    const folder = scratchFolder('mutants');
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const name of copied) cpSync(join(repoRoot(), name), join(folder, name), { recursive: true });
    symlinkSync(join(repoRoot(), 'node_modules'), join(folder, 'node_modules'));
    const recipes = (await import(pathToFileURL(join(folder, 'esbuild.mjs')).href)) as Recipes;
    recipes.copyAssets();
    return new Bench(folder, recipes);
  }

  /** Builds a test and what it loads from whole sources, in place of the test before it. Resolves to its file. */
  async take(test: string): Promise<string> {
    await this.#rebuild(null);
    await this.#own?.dispose();
    this.#own = await Bundles.of(this.recipes.testTarget([`test/${test}.test.ts`]));
    const loaded = [this.#own];
    for (const options of this.#recipes) {
      if (!isLoaded(options, test)) continue;
      const bundles = this.#product.get(options) ?? (await Bundles.of(options));
      this.#product.set(options, bundles);
      loaded.push(bundles);
    }
    this.#loaded = loaded;
    return join(this.folder, 'dist', 'test', `${test}.test.js`);
  }

  /** Does the work while a file holds this text in place of its own, also in what is built. */
  async broken<T>(file: string, text: string, work: () => Promise<T>): Promise<T> {
    const path = join(this.folder, file);
    const own = readFileSync(path, 'utf8');
    writeFileSync(path, text);
    try {
      await this.#rebuild(file);
      return await work();
    } finally {
      writeFileSync(path, own);
    }
  }

  async dispose(): Promise<void> {
    await this.#own?.dispose();
    await Promise.all([...this.#product.values()].map((bundles) => bundles.dispose()));
  }

  /** Builds anew what holds this file, or the one that was broken before it. */
  async #rebuild(broken: string | null): Promise<void> {
    const files = [broken, this.#stale].filter((file) => file !== null);
    this.#stale = broken;
    const changed = this.#loaded.filter((bundles) => files.some((file) => bundles.holds(file)));
    await Promise.all(changed.map((bundles) => bundles.build()));
  }
}
