/** Where a search looks: roots, includes and excludes, and how ripgrep is told of them. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ToolError } from '../../../core/tools/workspace';
import { diskOf } from '../files/disk';
import { DiskSilent } from '../files/door';
import type { Root } from '../files/facts';
import type { Locator } from '../ignore/locate';
import { type PathPattern, readPattern } from './pattern';

/** ms that a search in one root may take. */
export const timeoutMs = 20_000;

/** ripgrep on a root: hidden files too, ignore files even without git; what lies above is for `Visibility` to judge. */
export function commonArgs(locator: Locator, root: Root): readonly string[] {
  const { excludes, settings } = locator.visibility(root);
  const globs = [
    '!**/.git',
    ...excludes.globs.flatMap(({ text, when }) => {
      if (when !== null || !isPlainGlob(text)) return [];
      return [text.startsWith('**/') ? `!${text}` : `!/${text.replace(/^\//, '')}`];
    }),
  ];
  return [
    '--hidden',
    '--no-require-git',
    ...(settings.ignoreFiles ? [] : ['--no-ignore']),
    '--no-ignore-global',
    '--no-ignore-parent',
    '--no-messages',
    ...globs.flatMap((glob) => ['-g', glob]),
  ];
}

/**
 * True for a glob that ripgrep surely reads as it is read here: one that it refuses would end its search. What it is
 * not given only takes longer.
 */
function isPlainGlob(glob: string): boolean {
  const braces = /\{[^[\]{}\\!\s]*\}/g;
  // An empty alternative is none to ripgrep.
  return /^[^[\]{}\\!\s]*$/.test(glob.replace(braces, '')) && !/\{,|,,|,\}/.test(glob);
}

/**
 * Looks through the roots, one after another, until `look` says false. One that is gone or does not answer takes no
 * other with it. Returns what the model has to know of them; throws a ToolError when none could be looked through.
 */
export async function eachRoot(
  locator: Locator,
  signal: AbortSignal,
  look: (root: Root) => Promise<boolean>,
): Promise<readonly string[]> {
  const notes = new Set<string>();
  const failed: ToolError[] = [];
  for (const root of locator.roots) {
    for (const { text, reason } of locator.visibility(root).excludes.broken) {
      notes.add(`The user's setting excludes ${JSON.stringify(text)}, which cannot be used: ${reason}.`);
    }
    try {
      // Before a process is started there: that waits, with all of the host, until its folder answers.
      if (root.folder !== null && (await diskOf(root, locator.facts).stat('', signal))?.kind !== 'directory') {
        throw new RootGone(`The folder ${JSON.stringify(root.name)} is not there any more.`);
      }
      const goesOn = await look(root);
      if (locator.visibility(root).settings.ignoreFiles) {
        const { note } = await locator.tracked(root);
        if (note !== null) for (const unsaid of locator.ignores.unsaid([note])) notes.add(unsaid);
      }
      if (!goesOn) break;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof DiskSilent || error instanceof RootGone)) throw error;
      failed.push(error);
      notes.add(`${error.message} Its files were not looked at.`);
    }
  }
  if (failed[0] !== undefined && failed.length === locator.roots.length) throw failed[0];
  return [...notes];
}

class RootGone extends ToolError {}

/** A pattern, read for the roots that there are. Throws a ToolError. */
export async function patternOf(locator: Locator, text: string, field: string): Promise<PathPattern> {
  const places = await Promise.all(
    locator.roots.map(async (root) => ({ root, folders: await locator.foldersOf(root) })),
  );
  return readPattern(text, field, places);
}

/**
 * Narrows ripgrep to what the rules take; null: not at all. A plain `--glob` would bring ignored files back in; a file
 * of ignore rules that ignores all but the include yields to every .gitignore.
 */
export async function withIncludes<T>(
  rules: readonly string[] | null,
  run: (args: readonly string[]) => Promise<T>,
): Promise<T> {
  if (rules === null) return await run([]);
  const folder = await mkdtemp(join(tmpdir(), 'prelude-search-'));
  try {
    const file = join(folder, 'include');
    await writeFile(file, `${['*', '!*/', ...rules.map((rule) => `!${rule}`)].join('\n')}\n`);
    return await run(['--ignore-file', file]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The tracked files that ripgrep would leave out, as far as they are there. */
export async function trackedFiles(
  locator: Locator,
  root: Root,
  included: (path: string) => boolean,
): Promise<readonly string[]> {
  if (!locator.visibility(root).settings.ignoreFiles) return [];
  const disk = diskOf(root, locator.facts);
  const there: string[] = [];
  for (const path of (await locator.tracked(root)).files) {
    if (included(path) && (await disk.stat(path, locator.signal))?.kind === 'file') there.push(path);
  }
  return there;
}
