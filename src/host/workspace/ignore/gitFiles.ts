/** Git's own files of ignore rules that lie outside of a work tree: a worktree's `info/exclude`, and the global one. */
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { type Disk, readWhole } from '../files/disk';
import { DiskSilent } from '../files/door';

/** Bytes of `.git` and `commondir` files, and of git's settings. */
const maxPointer = 16 * 1024;
const maxConfig = 1024 * 1024;

interface GitFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** `info/exclude` of a work tree whose `.git` is a file; null when there is none. `root` is where `disk` begins. */
export async function excludeOfWorktree(
  disk: Disk,
  root: string,
  folder: string,
  maxBytes: number,
): Promise<GitFile | null> {
  const pointer = await disk.read(folder === '' ? '.git' : `${folder}/.git`, maxPointer);
  const named = /^gitdir: *([^\r\n]+)/.exec(Buffer.from(pointer ?? []).toString('utf8'))?.[1];
  if (named === undefined) return null;
  const gitFolder = resolve(root, folder, named);
  if (isForeign(gitFolder, root)) return null;
  const common = await read(join(gitFolder, 'commondir'), root, maxPointer);
  // A submodule has none: its rules lie right there.
  const commonFolder = common === null ? gitFolder : resolve(gitFolder, common.toString('utf8').trim());
  if (isForeign(commonFolder, root)) return null;
  const path = join(commonFolder, 'info', 'exclude');
  const bytes = await read(path, root, maxBytes);
  return bytes === null ? null : { path, bytes };
}

/** A share of another machine: to look there would tell it who the user is. */
function isForeign(path: string, root: string): boolean {
  return /^[\\/]{2}/.test(path) && !/^[\\/]{2}/.test(root);
}

/** The file of ignore rules for all repositories: that of `core.excludesFile`, else git's default. `place` is a root. */
export async function globalExcludes(place: string, maxBytes: number): Promise<GitFile | null> {
  const home = homedir();
  const settings = process.env['XDG_CONFIG_HOME'] || join(home, '.config');
  // What stands in the later of the two overrules the other.
  let named: string | null = null;
  for (const file of [join(settings, 'git', 'config'), join(home, '.gitconfig')]) {
    const config = await read(file, place, maxConfig);
    named = config === null ? named : (excludesFileOf(config.toString('utf8')) ?? named);
  }
  const expanded = named?.replace(/^~(?=\/|$)/, home) ?? join(settings, 'git', 'ignore');
  if (!isAbsolute(expanded)) return null;
  const bytes = await read(expanded, place, maxBytes);
  return bytes === null ? null : { path: expanded, bytes };
}

/** `core.excludesFile` in a file of git's settings; null when it is not set there. */
export function excludesFileOf(config: string): string | null {
  let section = '';
  let value: string | null = null;
  for (const line of config.split('\n')) {
    const header = /^\s*\[\s*([\w.-]+)\s*\]/.exec(line);
    if (header !== null) section = header[1]?.toLowerCase() ?? '';
    const set = section === 'core' ? /^\s*(?:\[[^\]]*\])?\s*excludesfile\s*=\s*(.*?)\s*$/i.exec(line)?.[1] : undefined;
    if (set !== undefined) value = set.replace(/^"(.*)"$/, '$1').replaceAll('\\\\', '\\');
  }
  return value;
}

/** null for what is not there or cannot be read: git goes on without it, too. */
async function read(path: string, place: string, maxBytes: number): Promise<Buffer | null> {
  try {
    const bytes = await readWhole(path, place, maxBytes);
    return bytes === null ? null : Buffer.from(bytes);
  } catch (error) {
    if (error instanceof DiskSilent) throw error;
    return null;
  }
}
