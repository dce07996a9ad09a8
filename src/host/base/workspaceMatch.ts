/**
 * Which of the workspaces that the record knows is this one under another name: a folder that was renamed or moved, a
 * window that got another root, a workspace that was saved as a file, a container that was built again. Pure functions.
 */
import type { KnownWorkspace, WorkspaceFingerprint, WorkspaceIdentity } from '../../core/record/store';
import { foldersKey } from './identity';

/** Top-level names count as the same when this share of all of them is in both. */
const likeness = 0.8;
/** With fewer names in common, likeness alone says little. */
const tellingNames = 3;

/**
 * Those whose conversations belong to the open workspace as well: folders, opened without a workspace file, all of
 * which are open now. A window that got a second root, or was saved as a workspace, goes on with what it had.
 */
export function includedWorkspaces(
  open: WorkspaceIdentity,
  known: readonly KnownWorkspace[],
): readonly KnownWorkspace[] {
  return known.filter(
    ({ key, folders }) =>
      key !== open.key &&
      folders.length > 0 &&
      key === foldersKey(folders) &&
      folders.every((folder) => open.folders.includes(folder)),
  );
}

/** Those that look like the open workspace at an earlier place, the likeliest first. `gone`: keys of those whose folders are no longer there. */
export function likelyMatches(
  open: WorkspaceIdentity,
  facts: WorkspaceFingerprint,
  known: readonly KnownWorkspace[],
  gone: ReadonlySet<string>,
): readonly KnownWorkspace[] {
  if (open.folders.length === 0) return [];
  const included = new Set(includedWorkspaces(open, known).map(({ key }) => key));
  const rank = (one: KnownWorkspace): number => {
    const overlaps = one.folders.some((folder) => open.folders.includes(folder));
    const same = one.facts === null ? nothingAlike : alike(facts, one.facts);
    const sameFolderName = intersects(one.folders.map(baseName), open.folders.map(baseName));
    if (gone.has(one.key) && (same.remote || (same.names && same.shared >= tellingNames))) return 4;
    if (gone.has(one.key) && sameFolderName && same.names) return 3;
    if (overlaps) return 2;
    return sameFolderName && (same.remote || same.names) ? 1 : 0;
  };
  return known
    .filter(({ key, conversations, folders }) => {
      return key !== open.key && conversations > 0 && folders.length > 0 && !included.has(key);
    })
    .map((one) => ({ one, rank: rank(one) }))
    .filter((ranked) => ranked.rank > 0)
    .toSorted((a, b) => b.rank - a.rank || b.one.conversations - a.one.conversations)
    .map(({ one }) => one);
}

const nothingAlike = { remote: false, names: false, shared: 0 };

function alike(a: WorkspaceFingerprint, b: WorkspaceFingerprint): typeof nothingAlike {
  const all = new Set([...a.names, ...b.names]).size;
  const shared = a.names.filter((name) => b.names.includes(name)).length;
  return { remote: intersects(a.remotes, b.remotes), names: shared > 0 && shared / all >= likeness, shared };
}

function intersects(a: readonly string[], b: readonly string[]): boolean {
  return a.some((one) => b.includes(one));
}

function baseName(uri: string): string {
  return uri.replace(/\/+$/, '').split('/').at(-1) ?? '';
}

/** The remotes of a git config, each as host and path: the same for HTTPS and SSH, without user, password and ".git". */
export function remotesOf(gitConfig: string): readonly string[] {
  const remotes: string[] = [];
  let inRemote = false;
  for (const line of gitConfig.split('\n')) {
    if (/^\s*\[/.test(line)) inRemote = /^\s*\[remote\s/.test(line);
    const url = inRemote ? /^\s*url\s*=\s*(\S+)/.exec(line)?.[1] : undefined;
    if (url !== undefined) remotes.push(plainRemote(url));
  }
  return [...new Set(remotes)].toSorted();
}

function plainRemote(url: string): string {
  const path = url
    .replace(/^[a-z][a-z0-9+.-]*:\/\//i, '')
    .replace(/^[^/@]*@/, '')
    // git@host:owner/name is host/owner/name.
    .replace(/^([^/:]+):(?!\d+\/)/, '$1/');
  return path
    .replace(/\/+$/, '')
    .replace(/\.git$/, '')
    .toLowerCase();
}

/** How a workspace is named to the user: "~/old", "shop and bank". `home`: URI of the home folder. */
export function placeName(workspace: WorkspaceIdentity, home: string): string {
  const [folder] = workspace.folders;
  if (folder === undefined || workspace.folders.length > 1 || workspace.key !== foldersKey(workspace.folders)) {
    return workspace.name === '' ? workspace.folders.map(baseName).join(', ') : workspace.name;
  }
  if (folder === home || folder.startsWith(`${home}/`)) return `~${decode(folder.slice(home.length))}`;
  return decode(folder.replace(/^[a-z][a-z0-9+.-]*:\/\//i, ''));
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
