/** What the product says, for tests: they take its words from its tables, so that a better word breaks none of them. */
import { readFileSync } from 'node:fs';
import { Module } from 'node:module';
import { join } from 'node:path';
import { filled as filledIn } from '../src/shared/phrase';
import { repoRoot } from './vscode/paths';

/** The manifest's words by their keys. */
export const nls = JSON.parse(readFileSync(join(repoRoot(), 'package.nls.json'), 'utf8')) as Readonly<
  Record<string, string>
>;

/** Stands for any text where a table wants a value, in `saying`. */
export const some = '\uE000';

/**
 * Matches what says one of these texts, to the letter but for white space, and with anything in the place of `some`. Several
 * follow each other, with anything in between.
 */
export function saying(...texts: readonly string[]): RegExp {
  return new RegExp(texts.map(letters).join('[\\s\\S]*'));
}

/** The same for what says nothing else. */
export function sayingOnly(...texts: readonly string[]): RegExp {
  return new RegExp(`^\\s*${texts.map(letters).join('[\\s\\S]*')}\\s*$`);
}

/** The source of a regular expression for a text. */
export function letters(text: string): string {
  return text
    .replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
    .replace(/\s+/g, '\\s+')
    .replaceAll(some, '[\\s\\S]+?');
}

/** A text as VS Code puts values in where there is no translation. */
export function filled({ text, args }: { readonly text: string; readonly args?: readonly unknown[] }): string {
  return filledIn(text, (args ?? []) as readonly (string | number)[]);
}

interface Loader {
  _load(request: string, ...rest: readonly unknown[]): unknown;
}

/** The host's table. It is loaded with as much of VS Code as it needs: in Node.js there is no other. */
export const { strings, documentStrings } = ((): typeof import('../src/host/base/strings') => {
  const loader = Module as unknown as Loader;
  const load = loader._load;
  const l10n = { t: (text: string, ...args: readonly unknown[]) => filled({ text, args }) };
  loader._load = (request, ...rest) => (request === 'vscode' ? { l10n } : load.call(loader, request, ...rest));
  try {
    return require('../src/host/base/strings');
  } finally {
    loader._load = load;
  }
})();
