/** What git keeps of a folder although a pattern of its ignore files matches it: tracked is not ignored (LESSONS L52). */
import { delimiter, join } from 'node:path';
import { harmless, runGit } from './runGit';

/** Tracked files that match an ignore pattern, and the folders that they lie in; relative to a root. */
export interface Tracked {
  readonly files: ReadonlySet<string>;
  readonly folders: ReadonlySet<string>;
  /** A sentence on why there may be others; null when these are all. */
  readonly note: string | null;
}

/** Nothing is tracked, and nothing is to be said of it. */
export const nothingTracked: Tracked = trackedOf([], null);

/** With their folders. */
export function trackedOf(files: readonly string[], note: string | null): Tracked {
  const folders = new Set<string>();
  for (const file of files) {
    for (let at = file.lastIndexOf('/'); at > 0; at = file.lastIndexOf('/', at - 1)) {
      const folder = file.slice(0, at);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  return { files: new Set(files), folders, note };
}

/** Where a git may lie: not in the folder that it is asked about, which Windows would look at first. */
export function gitPlaces(named: readonly string[], path: string, platform: NodeJS.Platform): readonly string[] {
  const name = platform === 'win32' ? 'git.exe' : 'git';
  const onPath = path.split(delimiter).filter((folder) => folder !== '' && folder !== '.');
  return [...named, ...onPath.map((folder) => join(folder, name))];
}

/** Ignored by git's files, and in its index. */
const trackedArgs: readonly string[] = [...harmless, 'ls-files', '-z', '--cached', '--ignored', '--exclude-standard'];

/** Asks a git about a folder, once. Rejects with the signal's reason only. */
export async function askGit(git: string, folder: string, signal: AbortSignal): Promise<Tracked> {
  const { said, ok, cut } = await runGit(git, trackedArgs, folder, signal);
  const paths = said.toString('utf8').split('\0');
  // Behind the last NUL stands nothing, or the half of a path.
  paths.pop();
  return trackedOf(ok || cut ? paths : [], ok && !cut ? null : failed);
}

const failed =
  'git could not say which files are tracked, so tracked files that match an ignore pattern may be missing here.';
