/** Names what is ignored, so that nobody takes it for absent (LESSONS L52). */
import { diskOf } from '../files/disk';
import type { Root } from '../files/facts';
import type { Locator } from '../ignore/locate';
import { byPath } from './order';
import type { PathPattern, RootPattern } from './pattern';

/** Folders that are looked into, the outermost first, entries of each, and names that are told. */
const maxFolders = 32;
const maxEntries = 2_000;
const maxNamed = 20;

/**
 * A sentence that names the ignored folders of a root in which something of a pattern may lie, and ignored files that
 * match it; as far as the outermost folders of the root show them. Empty when there are none.
 */
export async function ignoredBelow(
  locator: Locator,
  root: Root,
  scope: { readonly pattern: PathPattern; readonly mine: RootPattern } | null,
  signal: AbortSignal,
): Promise<readonly string[]> {
  try {
    return await lookFor(locator, root, scope, signal);
  } catch {
    // What is only said beside a result fails alone.
    return [];
  }
}

async function lookFor(
  locator: Locator,
  root: Root,
  scope: { readonly pattern: PathPattern; readonly mine: RootPattern } | null,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const disk = diskOf(root, locator.facts);
  const visibility = locator.visibility(root);
  const within = scope === null ? null : foldersOf(scope.pattern, root, locator);
  const named: string[] = [];
  const folders = [''];
  for (let read = 0; read < maxFolders && named.length < 10 * maxNamed; read += 1) {
    const folder = folders.shift();
    if (folder === undefined) break;
    const entries = await disk.list(folder, maxEntries, signal).catch(() => []);
    for (const { name, kind } of [...entries].sort((a, b) => byPath(a.name, b.name))) {
      const path = folder === '' ? name : `${folder}/${name}`;
      if (name === '.git' || name === '.DS_Store' || (kind !== 'directory' && kind !== 'file')) continue;
      if (kind === 'file' && scope?.mine.matches(path) !== true) continue;
      if (within !== null && !within.some((start) => isOnWay(path, start))) continue;
      const isVisible = await visibility.isVisible(path, kind === 'directory');
      if (!isVisible && isOpen(locator, root, path)) continue;
      if (!isVisible) named.push(kind === 'directory' ? `${path}/` : path);
      else if (kind === 'directory') folders.push(path);
    }
  }
  return sentence(named.map((relative) => locator.displayPath({ root, relative })));
}

/** The user has allowed to look there. */
function isOpen(locator: Locator, root: Root, relative: string): boolean {
  const uri = locator.uriOf({ root, relative });
  return locator.allowed.knows(uri) || locator.allowed.knows(`${uri}/**`);
}

/** Ignored entries by name, in a sentence; none for none. */
export function sentence(names: readonly string[]): readonly string[] {
  if (names.length === 0) return [];
  const told = [...names].sort(byPath).slice(0, maxNamed);
  const others = names.length > told.length ? ' and others' : '';
  return [`Ignored, so not looked into: ${told.map((name) => name.replaceAll(/[\r\n]/g, '?')).join(', ')}${others}.`];
}

function isOnWay(path: string, start: string): boolean {
  return start === '' || path === start || path.startsWith(`${start}/`) || start.startsWith(`${path}/`);
}

/** Where a pattern looks in a root; '' for all of it. */
function foldersOf(pattern: PathPattern, root: Root, locator: Locator): readonly string[] {
  const starts = pattern.folders
    .filter((folder) => folder.root === null || folder.root.uri === root.uri)
    .flatMap(({ path, root: only }) => {
      const [first, ...rest] = path.split('/');
      const isNamed = only === null && locator.roots.length > 1 && first?.toLowerCase() === root.name.toLowerCase();
      return isNamed ? [path, rest.join('/')] : [path];
    });
  return starts.length === pattern.parts ? starts : [''];
}
