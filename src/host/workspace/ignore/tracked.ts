/** What git keeps of a folder although a pattern of its ignore files matches it: tracked is not ignored (LESSONS L52). */
import { spawn } from 'node:child_process';
import { devNull } from 'node:os';
import { delimiter, join } from 'node:path';

/** ms. */
const timeoutMs = 5_000;
/** Bytes of paths that are taken. */
const maxBytes = 8 * 1024 * 1024;

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

/**
 * Fixed: nothing that a repository's own settings name is run (a file system monitor, hooks), and nothing is written.
 * Ignored by git's files, and in its index.
 */
const fixedArgs: readonly string[] = [
  '--no-optional-locks',
  '--no-pager',
  '-c',
  'core.fsmonitor=false',
  '-c',
  `core.hooksPath=${devNull}`,
  '-c',
  'core.untrackedCache=false',
  'ls-files',
  '-z',
  '--cached',
  '--ignored',
  '--exclude-standard',
];

/** Of the environment only what says where git and its user's settings are: the rest may point it elsewhere. */
const keptVariables = new Set(['GIT_EXEC_PATH', 'GIT_CONFIG_GLOBAL', 'GIT_CONFIG_SYSTEM', 'GIT_CONFIG_NOSYSTEM']);

function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^GIT_/i.test(name) || keptVariables.has(name));
  return { ...Object.fromEntries(kept), GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' };
}

/** Asks a git about a folder, once. Rejects with the signal's reason only. */
export async function askGit(git: string, folder: string, signal: AbortSignal): Promise<Tracked> {
  signal.throwIfAborted();
  return await new Promise<Tracked>((resolve, reject) => {
    const child = spawn(git, fixedArgs, {
      cwd: folder,
      env: environment(),
      stdio: ['ignore', 'pipe', 'ignore'],
      windowsHide: true,
    });
    const pieces: Buffer[] = [];
    let bytes = 0;
    let cut = false;
    const end = (): void => {
      cut = true;
      child.kill('SIGKILL');
    };
    const abort = (): void => {
      end();
      reject(signal.reason);
    };
    const timer = setTimeout(end, timeoutMs);
    signal.addEventListener('abort', abort, { once: true });
    const settle = (tracked: Tracked): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      resolve(tracked);
    };
    child.stdout.on('data', (piece: Buffer) => {
      if (bytes + piece.length > maxBytes) return end();
      bytes += piece.length;
      pieces.push(piece);
    });
    child.once('error', () => settle(trackedOf([], failed)));
    child.once('close', (code) => {
      const paths = Buffer.concat(pieces).toString('utf8').split('\0');
      // Behind the last NUL stands nothing, or the half of a path.
      paths.pop();
      settle(trackedOf(code === 0 || cut ? paths : [], cut || code !== 0 ? failed : null));
    });
  });
}

const failed =
  'git could not say which files are tracked, so tracked files that match an ignore pattern may be missing here.';
