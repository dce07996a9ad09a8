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

export class Bench {
  #test: { readonly name: string; readonly bundles: Bundles } | null = null;
  /** A file that was broken and is whole again, but not in what is built. */
  #stale: string | null = null;

  private constructor(
    readonly folder: string,
    private readonly recipes: Recipes,
    private readonly product: readonly Bundles[],
  ) {}

  /** Copies the working tree, with the packages of the original, and builds what ships. */
  static async make(): Promise<Bench> {
    const folder = scratchFolder('mutants');
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const name of copied) cpSync(join(repoRoot(), name), join(folder, name), { recursive: true });
    symlinkSync(join(repoRoot(), 'node_modules'), join(folder, 'node_modules'));
    const recipes = (await import(pathToFileURL(join(folder, 'esbuild.mjs')).href)) as Recipes;
    recipes.copyAssets();
    const options = [...recipes.targets, recipes.browserTestTarget()];
    return new Bench(folder, recipes, await Promise.all(options.map((one) => Bundles.of(one))));
  }

  /** The built test file of that name; only one is kept at a time. */
  async testFile(name: string): Promise<string> {
    if (this.#test?.name !== name) {
      await this.#test?.bundles.dispose();
      this.#test = null;
      const bundles = await Bundles.of(this.recipes.testTarget([`test/${name}.test.ts`]));
      this.#test = { name, bundles };
    }
    return join(this.folder, 'dist', 'test', `${name}.test.js`);
  }

  /** Does the work on whole sources. */
  async whole<T>(work: () => Promise<T>): Promise<T> {
    if (this.#stale !== null) await this.#build(this.#stale);
    this.#stale = null;
    return await work();
  }

  /** Does the work while a file holds this text in place of its own. */
  async broken<T>(file: string, text: string, work: () => Promise<T>): Promise<T> {
    const path = join(this.folder, file);
    const own = readFileSync(path, 'utf8');
    writeFileSync(path, text);
    try {
      if (this.#stale !== null && this.#stale !== file) await this.#build(this.#stale);
      this.#stale = file;
      await this.#build(file);
      return await work();
    } finally {
      writeFileSync(path, own);
    }
  }

  async dispose(): Promise<void> {
    await this.#test?.bundles.dispose();
    await Promise.all(this.product.map((bundles) => bundles.dispose()));
  }

  async #build(file: string): Promise<void> {
    const all = this.#test === null ? this.product : [...this.product, this.#test.bundles];
    await Promise.all(all.filter((bundles) => bundles.holds(file)).map((bundles) => bundles.build()));
  }
}
