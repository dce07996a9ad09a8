/** Finds VS Code's ripgrep and runs it (TEST-HOST §6): bounded in time and output, gone as soon as it is aborted. */
import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';

interface RipgrepPlaces {
  /** `env.appRoot`. */
  readonly appRoot: string;
  /** The PATH of the environment. */
  readonly path: string;
  readonly platform: NodeJS.Platform;
  readonly arch: string;
}

/** Where a ripgrep may lie, in the order in which they are tried. */
export function ripgrepPlaces({ appRoot, path, platform, arch }: RipgrepPlaces): readonly string[] {
  const name = platform === 'win32' ? 'rg.exe' : 'rg';
  const bundled = ['node_modules', 'node_modules.asar.unpacked'].flatMap((modules) => [
    join(appRoot, modules, '@vscode', 'ripgrep-universal', 'bin', `${platform}-${arch}`, name),
    join(appRoot, modules, '@vscode', 'ripgrep', 'bin', name),
  ]);
  const onPath = path.split(delimiter).filter((folder) => folder !== '');
  return [...bundled, ...onPath.map((folder) => join(folder, name))];
}

/** The first place whose ripgrep answers; null when none does. */
export async function findRipgrep(places: readonly string[]): Promise<string | null> {
  for (const place of places) {
    const run = await runRipgrep(place, ['--version'], {
      signal: new AbortController().signal,
      timeoutMs: 5_000,
    }).catch(() => null);
    if (run?.code === 0) return place;
  }
  return null;
}

interface RipgrepRun {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly cwd?: string;
  readonly stdin?: string;
  /** Takes what ripgrep prints; false ends it. What it prints next waits until this is done. */
  readonly onOutput?: (piece: Buffer) => boolean | Promise<boolean>;
}

/** How a run of ripgrep ended. */
export interface RipgrepEnd {
  /** 0 with results, 1 without, 2 on errors; null when it was ended. */
  readonly code: number | null;
  /** Its own words, bounded. */
  readonly stderr: string;
  readonly timedOut: boolean;
}

const maxStderr = 2_000;

/** Running at once in this window; each may use several cores. */
const maxAtOnce = 4;
let running = 0;
const waiting = new Set<() => void>();

/**
 * Runs ripgrep to its end; it waits while others run. Rejects with the signal's reason when aborted, and when it
 * cannot be started.
 */
export async function runRipgrep(file: string, args: readonly string[], run: RipgrepRun): Promise<RipgrepEnd> {
  run.signal.throwIfAborted();
  if (running >= maxAtOnce) await turn(run.signal);
  else running += 1;
  try {
    return await runNow(file, args, run);
  } finally {
    // The place goes to the next, or is free.
    const [next] = waiting;
    if (next === undefined) running -= 1;
    else next();
  }
}

/** Resolves when it has a place. */
function turn(signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const take = (): void => {
      waiting.delete(take);
      signal.removeEventListener('abort', abort);
      resolve();
    };
    const abort = (): void => {
      waiting.delete(take);
      reject(signal.reason);
    };
    waiting.add(take);
    signal.addEventListener('abort', abort, { once: true });
  });
}

async function runNow(file: string, args: readonly string[], run: RipgrepRun): Promise<RipgrepEnd> {
  const { signal, timeoutMs, cwd, stdin, onOutput } = run;
  signal.throwIfAborted();
  return await new Promise<RipgrepEnd>((resolve, reject) => {
    const child = spawn(file, ['--no-config', ...args], {
      ...(cwd === undefined ? {} : { cwd }),
      stdio: [stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      windowsHide: true,
    });
    let stderr = '';
    let timedOut = false;
    let ended = false;
    const end = () => {
      ended = true;
      child.kill('SIGKILL');
    };
    const abort = () => {
      end();
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      timedOut = true;
      end();
    }, timeoutMs);
    signal.addEventListener('abort', abort, { once: true });
    const settle = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    };
    const { stdout } = child;
    // One piece after the other: at the end of the process Node.js lets the last ones come, paused or not.
    let taken = Promise.resolve();
    const take = async (piece: Buffer): Promise<void> => {
      if (ended) return;
      stdout?.pause();
      try {
        if ((await onOutput?.(piece)) === false) end();
      } catch (error) {
        end();
        reject(error);
      }
      stdout?.resume();
    };
    stdout?.on('data', (piece: Buffer) => {
      taken = taken.then(() => take(piece));
    });
    child.stderr?.on('data', (piece: Buffer) => {
      stderr = (stderr + piece.toString('utf8')).slice(0, maxStderr);
    });
    child.once('error', (error) => {
      settle();
      reject(error);
    });
    child.once('close', (code) => {
      settle();
      taken.then(() => resolve({ code: ended ? null : code, stderr: stderr.trim(), timedOut }), reject);
    });
    if (stdin !== undefined && child.stdin !== null) {
      // It may end before it has read all.
      child.stdin.on('error', () => {});
      child.stdin.end(stdin);
    }
  });
}

/** Splits output at a byte, whatever the pieces; pieces of one part are joined. */
export function splitAt(separator: number, onPart: (part: string) => void): (piece: Buffer) => void {
  let rest: Buffer[] = [];
  return (piece) => {
    let from = 0;
    for (let end = piece.indexOf(separator); end >= 0; end = piece.indexOf(separator, from)) {
      rest.push(piece.subarray(from, end));
      onPart(rest.length === 1 ? (rest[0] ?? Buffer.alloc(0)).toString('utf8') : Buffer.concat(rest).toString('utf8'));
      rest = [];
      from = end + 1;
    }
    if (from < piece.length) rest.push(piece.subarray(from));
  };
}
