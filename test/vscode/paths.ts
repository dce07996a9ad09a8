import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/**
 * The project's root: the nearest folder above this file whose package.json is Prelude's. It is searched for because
 * this code runs out of bundles that lie at several depths below `dist`.
 */
export function repoRoot(): string {
  root ??= findRoot();
  return root;
}

let root: string | null = null;

function findRoot(): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest)) {
      const { name } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly name?: string };
      if (name === 'prelude') return folder;
    }
    if (folder === dirname(folder)) {
      throw new Error(`No package.json named "prelude" lies above ${__dirname}: run this from the project's checkout.`);
    }
  }
}

/** A file among the built helpers of the tests, e.g. `built('agent.js')` → `<root>/dist/test/vscode/agent.js`. */
export function built(file: string): string {
  const path = join(repoRoot(), 'dist', 'test', 'vscode', file);
  if (!existsSync(path)) throw new Error(`${path} is missing: build the tests first (node esbuild.mjs --tests).`);
  return path;
}

/** Where everything goes that is made or fetched while developing; git ignores it. */
export function scratchFolder(...parts: readonly string[]): string {
  return join(repoRoot(), '.cache', ...parts);
}

/** Where the host is installed: `.cache/vscode-host`, or the folder that PRELUDE_CACHE names. */
export function hostCache(): string {
  const named = process.env['PRELUDE_CACHE'];
  return named ? resolve(named) : scratchFolder('vscode-host');
}

/** What a caught value says; thrown things are not always errors. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
