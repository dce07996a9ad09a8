/** Runs git once, without anything that a repository's own settings name. */
import { spawn } from 'node:child_process';
import { devNull } from 'node:os';

/** ms. */
const timeoutMs = 5_000;
/** Bytes that are taken. */
const maxBytes = 8 * 1024 * 1024;
const maxFailure = 1_000;

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
  /** The beginning of what it said of what failed, in English. */
  readonly failure: string;
}

/** Rejects with the signal's reason only. `only`: the records, each with the NUL at its end, that are taken; missing: all. */
export async function runGit(
  git: string,
  args: readonly string[],
  folder: string,
  signal: AbortSignal,
  only?: (record: Buffer) => boolean,
): Promise<GitAnswer> {
  signal.throwIfAborted();
  return await new Promise<GitAnswer>((resolve, reject) => {
    const child = spawn(git, args, {
      cwd: folder,
      env: environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    const taken = only === undefined ? (piece: Buffer): Buffer => piece : recordsOf(only);
    const pieces: Buffer[] = [];
    let bytes = 0;
    let cut = false;
    let failure = '';
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
      resolve({ said: Buffer.concat(pieces), ok, cut, failure });
    };
    child.stderr.on('data', (said: Buffer) => {
      failure = `${failure}${said.toString('utf8')}`.slice(0, maxFailure);
    });
    child.stdout.on('data', (said: Buffer) => {
      const piece = taken(said);
      if (bytes + piece.length > maxBytes) return end();
      bytes += piece.length;
      pieces.push(piece);
    });
    child.once('error', () => settle(false));
    child.once('close', (code) => settle(code === 0));
  });
}

/** Takes the records that are wanted out of pieces that end anywhere. */
function recordsOf(only: (record: Buffer) => boolean): (piece: Buffer) => Buffer {
  let begun: Buffer = Buffer.alloc(0);
  return (piece) => {
    const all = Buffer.concat([begun, piece]);
    const records: Buffer[] = [];
    let at = 0;
    for (let end = all.indexOf(0); end !== -1; end = all.indexOf(0, at)) {
      const record = all.subarray(at, end + 1);
      if (only(record)) records.push(record);
      at = end + 1;
    }
    begun = all.subarray(at);
    return Buffer.concat(records);
  };
}
