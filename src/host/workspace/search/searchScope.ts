/** Where a search looks: roots, includes and excludes, and how ripgrep is told of them. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, posix, win32 } from 'node:path';
import { ToolError } from '../../../core/tools/workspace';
import { diskOf } from '../files/disk';
import { DiskSilent } from '../files/door';
import type { Root } from '../files/facts';
import { homeExpanded } from '../files/outside';
import { below } from '../files/paths';
import type { Locator } from '../ignore/locate';
import { isAllowed, type PatternPlace, placeOf, rootOfPlace, splitList } from '../ignore/patternPlaces';
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

/** A root, or a place that is looked through like one, and what of it is taken. */
export interface Area {
  readonly root: Root;
  /** null: all of it. */
  readonly include: PathPattern | null;
  readonly exclude: PathPattern | null;
  /** The name of the one file that is looked at; null: all. */
  readonly only: string | null;
}

/** Where a search looks, and with which patterns: in the roots, and in what the user has allowed beside. Throws a ToolError. */
export async function areasOf(
  locator: Locator,
  { include, exclude }: { readonly include: string | null; readonly exclude: string | null },
  field: string,
  signal: AbortSignal,
): Promise<readonly Area[]> {
  const parts = include === null || locator.allowed.isEmpty ? [] : splitList(include);
  const places = await Promise.all(parts.map((part) => placeOf(locator, part, signal)));
  const allowed = places.filter((place) => place !== null && isAllowed(locator, place)) as readonly PatternPlace[];
  const left = parts.filter((part, index) => {
    const place = places[index];
    // A name alone may stand at any depth.
    return place == null || !isAllowed(locator, place) || (!/[\\/]/.test(part) && place.located.isOutside !== true);
  });
  const areas: Area[] = [];
  if (allowed.length === 0 || left.length > 0) {
    const patterns = {
      include:
        include === null ? null : await patternOf(locator, allowed.length === 0 ? include : left.join(','), field),
      exclude: exclude === null ? null : await excludeOf(locator, exclude, allowed.length > 0, signal),
    };
    areas.push(...locator.roots.map((root) => ({ root, ...patterns, only: null })));
  }
  for (const place of allowed) {
    const root = rootOfPlace(locator, place);
    const only = place.kind === 'file' ? (place.located.relative.split('/').at(-1) ?? '') : null;
    areas.push({
      root,
      include: only !== null || place.rest === '' ? null : patternWithin(root, `./${place.rest}`, field),
      exclude: exclude === null ? null : patternWithin(root, excludesWithin(locator, root, exclude), 'exclude'),
      only,
    });
  }
  return areas;
}

/** The patterns by which something is taken, each once, and the field that they were given in. */
export function includesOf(
  areas: readonly Area[],
  field: string,
): readonly { readonly pattern: PathPattern; readonly field: string }[] {
  const includes = new Set(areas.flatMap(({ include }) => (include === null ? [] : [include])));
  return [...includes].map((pattern) => ({ pattern, field }));
}

function patternWithin(root: Root, text: string, field: string): PathPattern {
  const pattern = readPattern(text, field, [{ root, folders: root.folder === null ? [] : [root.folder] }]);
  return { ...pattern, folders: pattern.folders.map(({ path }) => ({ root, path })) };
}

/** `beside`: other places are looked through as well, and what is said of them is nothing to the roots. */
async function excludeOf(
  locator: Locator,
  exclude: string,
  beside: boolean,
  signal: AbortSignal,
): Promise<PathPattern | null> {
  if (!beside) return await patternOf(locator, exclude, 'exclude');
  const parts: string[] = [];
  for (const part of splitList(exclude)) {
    const place =
      isAbsoluteOn(locator, part) || part.split(/[\\/]/).includes('..') ? await placeOf(locator, part, signal) : null;
    if (place?.located.isOutside !== true) parts.push(part);
  }
  return parts.length === 0 ? null : await patternOf(locator, parts.join(','), 'exclude');
}

function isAbsoluteOn({ platform }: Locator, path: string): boolean {
  return (platform === 'win32' ? win32 : posix).isAbsolute(homeExpanded(path));
}

/** The parts of an exclude for a place of its own: those that are written from the workspace, from there too. */
function excludesWithin(locator: Locator, { folder }: Root, exclude: string): string {
  const { join, isAbsolute } = locator.platform === 'win32' ? win32 : posix;
  const parts = splitList(exclude).flatMap((part) => {
    const path = homeExpanded(part);
    const bases = isAbsolute(path)
      ? ['']
      : locator.roots.flatMap((root) => (root.folder === null ? [] : [root.folder]));
    const mine = bases.flatMap((base) => {
      const inside = folder === null ? null : below(folder, base === '' ? path : join(base, path), locator.platform);
      return inside === null ? [] : [`./${inside === '' ? '**' : inside}`];
    });
    return isAbsolute(path) || path.split(/[\\/]/).includes('..') ? mine : [part, ...mine];
  });
  // One that is about other places excludes nothing here.
  return parts.length === 0 ? './.git' : parts.join(',');
}

/**
 * Looks through the roots, one after another, until `look` says false. One that is gone or does not answer takes no
 * other with it. Returns what the model has to know of them; throws a ToolError when none could be looked through.
 */
export async function eachRoot(
  locator: Locator,
  areas: readonly Area[],
  signal: AbortSignal,
  look: (area: Area) => Promise<boolean>,
): Promise<readonly string[]> {
  const notes = new Set<string>();
  const failed: ToolError[] = [];
  for (const area of areas) {
    const { root } = area;
    for (const { text, reason } of locator.visibility(root).excludes.broken) {
      notes.add(`The user's setting excludes ${JSON.stringify(text)}, which cannot be used: ${reason}.`);
    }
    try {
      // Before a process is started there: that waits, with all of the host, until its folder answers.
      if (root.folder !== null && (await diskOf(root, locator.facts).stat('', signal))?.kind !== 'directory') {
        throw new RootGone(`The folder ${JSON.stringify(root.name)} is not there any more.`);
      }
      const goesOn = await look(area);
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
  if (failed[0] !== undefined && failed.length === areas.length) throw failed[0];
  return [...notes];
}

class RootGone extends ToolError {}

/** A pattern, read for the roots that there are. Throws a ToolError. */
async function patternOf(locator: Locator, text: string, field: string): Promise<PathPattern> {
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
