/** Where a search looks: roots, includes and excludes, and how ripgrep is told of them. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ToolError } from '../../../core/tools/workspace';
import { diskOf } from '../files/disk';
import { DiskSilent } from '../files/door';
import type { Root } from '../files/facts';
import { compileGlob, pathMatcher, pathOf } from '../ignore/glob';
import { GlobError } from '../ignore/globSyntax';
import type { Locator } from '../ignore/locate';

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

/**
 * Narrows ripgrep to an include. A plain `--glob` would bring ignored files back in; a file of ignore rules that
 * ignores all but the include yields to every .gitignore.
 */
export async function withIncludes<T>(
  locator: Locator,
  root: Root,
  include: string | null,
  run: (args: readonly string[]) => Promise<T>,
): Promise<T> {
  if (include === null || !isPlainGlob(include)) return await run([]);
  const rules = ['*', '!*/', ...includeGlobs(locator, root, include).map((glob) => `!${glob}`)];
  const folder = await mkdtemp(join(tmpdir(), 'prelude-search-'));
  try {
    const file = join(folder, 'include');
    await writeFile(file, `${rules.join('\n')}\n`);
    return await run(['--ignore-file', file]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A pattern as it may be meant in a root: whole, or after the root's name. */
function includeGlobs(locator: Locator, root: Root, pattern: string): readonly string[] {
  const glob = pattern.replaceAll('\\', '/').replace(/^\.\//, '/').replace(/\/$/, '/**');
  const [first = '', ...rest] = glob.replace(/^\/+/, '').split('/');
  const named = locator.roots.length > 1 && rest.length > 0 && isNamed(root, first);
  return named ? [glob, `/${rest.join('/')}`] : [glob];
}

function isNamed(root: Root, glob: string): boolean {
  const name = pathOf(root.name);
  try {
    return name !== null && compileGlob(glob, true).matches(name);
  } catch (error) {
    // Braces around a slash.
    if (error instanceof GlobError) return false;
    throw error;
  }
}

/** True for the paths below the root that the glob takes, with or without the root's name. Throws a ToolError. */
export function rootMatcher(locator: Locator, root: Root, pattern: string, field: string): (path: string) => boolean {
  try {
    const matches = pathMatcher(pattern);
    if (locator.roots.length < 2) return matches;
    return (path) => matches(path) || matches(locator.displayPath({ root, relative: path }));
  } catch (error) {
    if (!(error instanceof GlobError)) throw error;
    throw new ToolError(
      `${field} is not a glob that can be used: ${error.message}. Give a simpler one: "src/**/*.ts".`,
    );
  }
}
