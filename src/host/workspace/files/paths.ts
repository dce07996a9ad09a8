/** From a path that a model wrote to a place inside the roots, and never outside (LESSONS L31). No disk here. */
import { posix, win32 } from 'node:path';
import { ToolError } from '../../../core/tools/workspace';
import type { Root } from './facts';

/** A path below a root: forward slashes, no `.` or `..`, '' being the root itself. */
export interface RootedPath {
  readonly root: Root;
  readonly relative: string;
}

/** The roots with names of their own: VS Code lets two folders have the same one. */
export function withUniqueNames(roots: readonly Root[]): readonly Root[] {
  const taken = new Set<string>();
  return roots.map((root) => {
    const base = root.name.replaceAll(/[\\/]/g, '-') || 'folder';
    let name = base;
    for (let n = 2; taken.has(name.toLowerCase()); n += 1) name = `${base}-${n}`;
    taken.add(name.toLowerCase());
    return { ...root, name };
  });
}

/** How a place is named to the model and the user: with the root's name in front where there are several. */
export function displayPath({ root, relative }: RootedPath, roots: readonly Root[]): string {
  if (roots.length < 2) return relative;
  return relative === '' ? root.name : `${root.name}/${relative}`;
}

/**
 * The places that a path may mean, the likeliest first: the caller takes the first that exists. Throws a ToolError
 * for what cannot be inside the workspace. Symlinks are not looked at here: the caller must.
 */
export function rootedPathsOf(given: string, roots: readonly Root[], platform: NodeJS.Platform): readonly RootedPath[] {
  if (roots.length === 0) {
    throw new ToolError('No folder is open in this window, so there are no files to look at. Tell the user.');
  }
  if (given.includes('\0')) throw refusal(given, 'it contains a NUL character');
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(given)) throw refusal(given, 'it is an address and not a path');
  // Models write both kinds of slashes whatever the system: neither may smuggle a `..` past the check below.
  const path = given.replaceAll('\\', '/');
  if (/^[a-z]:/i.test(path) || path.startsWith('/')) return absolute(given, path, roots, platform);

  const relative = normalized(path);
  if (relative === null) throw outside(given, roots);
  if (platform === 'win32' && relative.includes(':')) throw refusal(given, 'it names a stream of a file');
  const [first = '', ...rest] = relative.split('/');
  const byName = roots.filter((root) => root.name.toLowerCase() === first.toLowerCase());
  const named = byName.map((root) => ({ root, relative: rest.join('/') }));
  const plain = relative === '' && roots.length > 1 ? [] : roots.map((root) => ({ root, relative }));
  return roots.length > 1 ? [...named, ...plain] : [...plain, ...named];
}

/** True when the path means all roots together: `.` in a window with several. */
export function isWholeWorkspace(given: string, roots: readonly Root[]): boolean {
  return roots.length > 1 && normalized(given.replaceAll('\\', '/')) === '' && !/^[\\/]/.test(given);
}

/** The path of `target` below `folder`, with forward slashes; null when it is not below. Both absolute and real. */
export function below(folder: string, target: string, platform: NodeJS.Platform): string | null {
  const { relative, isAbsolute, sep } = platform === 'win32' ? win32 : posix;
  const path = relative(folder, target);
  if (path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path)) return null;
  return path.split(sep).join('/');
}

function absolute(
  given: string,
  path: string,
  roots: readonly Root[],
  platform: NodeJS.Platform,
): readonly RootedPath[] {
  if (platform === 'win32' && /^[a-z]:(?!\/)/i.test(path))
    throw refusal(given, 'it depends on a drive’s current folder');
  const isWindowsPath = /^[a-z]:/i.test(path) || path.startsWith('//');
  if (isWindowsPath && platform !== 'win32' && !path.startsWith('//')) throw outside(given, roots);
  const places: RootedPath[] = [];
  for (const root of roots) {
    if (root.folder === null) continue;
    const target = platform === 'win32' ? win32.normalize(path) : posix.normalize(path);
    const relative = below(root.folder, target.replace(/(?<=[^\\/])[\\/]+$/, ''), platform);
    if (relative === null) continue;
    if (platform === 'win32' && relative.includes(':')) throw refusal(given, 'it names a stream of a file');
    places.push({ root, relative });
  }
  if (places.length === 0) {
    if (!isShare(given, platform)) throw outside(given, roots);
    const hint = 'ask the user to open that folder in this window, or to attach the file';
    throw refusal(given, 'it names a network share or a device, which is not looked for', hint);
  }
  // Of nested roots the innermost is meant.
  return places.sort((a, b) => a.relative.length - b.relative.length);
}

/** Without `.`, `..` and doubled slashes; null when it leads above its start. */
function normalized(path: string): string | null {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') segments.push(segment);
    else if (segments.pop() === undefined) return null;
  }
  return segments.join('/');
}

/** True for a path of another machine or of a device (`\\\\server\\share`): its server would be asked before the user is. */
export function isShare(given: string, platform: NodeJS.Platform): boolean {
  return given.startsWith('\\\\') || (platform === 'win32' && /^[\\/]{2}/.test(given));
}

/** The words for a path that leads out of the workspace. */
export function outside(given: string, roots: readonly Root[]): ToolError {
  const names = roots.map((root) => JSON.stringify(root.name)).join(', ');
  const hint =
    roots.length > 1
      ? `begin it with the name of a folder: ${names}`
      : 'give it relative to the workspace: "src/app.ts"';
  return refusal(given, 'it leads out of the workspace', hint);
}

function refusal(
  given: string,
  reason: string,
  hint = 'give a path relative to the workspace: "src/app.ts"',
): ToolError {
  return new ToolError(
    `The path ${JSON.stringify(given)} is refused: ${reason}. Only files of the workspace can be read; ${hint}.`,
  );
}
