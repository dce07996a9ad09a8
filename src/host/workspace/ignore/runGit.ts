/** Runs git once, without anything that a repository's own settings name. */
import { spawn } from 'node:child_process';
import { devNull } from 'node:os';

/** ms. */
const timeoutMs = 5_000;
/** Bytes that are taken. */
const maxBytes = 8 * 1024 * 1024;

/** Nothing that a repository's own settings name is run (a file system monitor, hooks), and nothing is written. */
export const harmless: readonly string[] = [
  '--no-optional-locks',
  '--no-pager',
  '-c',
  'core.fsmonitor=false',
  '-c',
  `core.hooksPath=${devNull}`,
  '-c',
  'core.untrackedCache=false',
];

/** Of the environment only what says where git and its user's settings are: the rest may point it elsewhere. */
const keptVariables = new Set(['GIT_EXEC_PATH', 'GIT_CONFIG_GLOBAL', 'GIT_CONFIG_SYSTEM', 'GIT_CONFIG_NOSYSTEM']);

function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^GIT_/i.test(name) || keptVariables.has(name));
  return { ...Object.fromEntries(kept), GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' };
}

/** What git said. */
export interface GitAnswer {
  readonly said: Buffer;
  /** It ended well. */
  readonly ok: boolean;
  /** It said too much, or took too long: this is not all. */
  readonly cut: boolean;
}

/** Rejects with the signal's reason only. */
export async function runGit(
  git: string,
  args: readonly string[],
  folder: string,
  signal: AbortSignal,
): Promise<GitAnswer> {
  signal.throwIfAborted();
  return await new Promise<GitAnswer>((resolve, reject) => {
    const child = spawn(git, args, {
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
    const settle = (ok: boolean): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      resolve({ said: Buffer.concat(pieces), ok, cut });
    };
    child.stdout.on('data', (piece: Buffer) => {
      if (bytes + piece.length > maxBytes) return end();
      bytes += piece.length;
      pieces.push(piece);
    });
    child.once('error', () => settle(false));
    child.once('close', (code) => settle(code === 0));
  });
}
