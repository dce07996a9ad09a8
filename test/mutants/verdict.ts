/** Runs one built test file with mocha and says how each test ended. */
import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { hostCache } from '../vscode/paths';

/** How a test failed: by an assertion, with an error of what it tries, or by standing still. */
export type Failing = 'asserts' | 'throws' | 'hangs';

export interface Failure {
  /** The full title. */
  readonly title: string;
  readonly failing: Failing;
  readonly message: string;
}

export interface Ran {
  /** Full titles. */
  readonly passed: readonly string[];
  readonly failed: readonly Failure[];
}

/** How to run it. */
export interface Run {
  readonly node: string;
  /** The copy of the sources that the file was built in. */
  readonly folder: string;
  readonly file: string;
  /** A part of the titles, or a pattern; null for all tests of the file. */
  readonly titles: string | RegExp | null;
  readonly retries: number;
  /** True ends with the first test that fails. */
  readonly bail: boolean;
}

/** ms that one test may take: more than any wait of its own, which says what it waited for. */
const testMs = 60_000;
/** ms that a file may take: a test whose code never returns is not ended by mocha. */
const patienceMs = 180_000;

/** What mocha's `json` reporter writes, as far as it is read here. */
interface Report {
  readonly passes: readonly { readonly fullTitle: string }[];
  readonly failures: readonly {
    readonly fullTitle: string;
    readonly err: Told;
  }[];
}

interface Told {
  readonly code?: unknown;
  readonly name?: unknown;
  readonly message?: unknown;
  /** Of a property that failed: what its last case failed with. */
  readonly cause?: Told;
}

/** A browser's wait for what should be there is an assertion, too; the codes are Node's, mocha's and Playwright's. */
function failingOf({ code, name, cause }: Told): Failing {
  if (cause) return failingOf(cause);
  if (code === 'ERR_ASSERTION' || name === 'AssertionError') return 'asserts';
  if (name === 'TimeoutError') return 'asserts';
  return code === 'ERR_MOCHA_TIMEOUT' ? 'hangs' : 'throws';
}

const isHook = (title: string): boolean => /"(before|after)( all| each)?" hook/.test(title);

/** Rejects when the tests could not be run: the file did not load, or a hook around the tests failed. */
export async function runTests({ node, folder, file, titles, retries, bail }: Run): Promise<Ran> {
  const output = join(folder, 'ran.json');
  rmSync(output, { force: true });
  const mocha = join(dirname(createRequire(__filename).resolve('mocha/package.json')), 'bin', 'mocha.js');
  const args = ['--no-warnings', mocha, '--no-config', '--exit', '--forbid-only', '--timeout', String(testMs)];
  args.push('--reporter', 'json', '--reporter-option', `output=${output}`, '--retries', String(retries));
  if (typeof titles === 'string') args.push('--fgrep', titles);
  else if (titles !== null) args.push('--grep', titles.source);
  if (bail) args.push('--bail');
  const env = { ...process.env, PRELUDE_CACHE: hostCache() };
  const child = spawn(node, [...args, file], { cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'] });
  const said: Buffer[] = [];
  child.stderr.on('data', (piece: Buffer) => said.push(piece));
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.kill('SIGKILL');
  }, patienceMs);
  await new Promise<void>((resolve, reject) => child.once('error', reject).once('close', () => resolve()));
  clearTimeout(timer);
  if (late) return { passed: [], failed: [{ title: '', failing: 'hangs', message: 'the code never returned' }] };
  let report: Report;
  try {
    report = JSON.parse(readFileSync(output, 'utf8')) as Report;
  } catch {
    throw new Error(`the tests did not run:\n${Buffer.concat(said).toString('utf8').slice(0, 2000)}`);
  }
  const failed = report.failures.map(({ fullTitle: title, err }) => {
    return { title, failing: failingOf(err), message: String(err.message) };
  });
  // A hook may fail for what a test has left; one that fails by itself says nothing of any test.
  const [first] = failed;
  if (first !== undefined && isHook(first.title)) throw new Error(`${first.title}: ${first.message}`);
  return { passed: report.passes.map(({ fullTitle }) => fullTitle), failed };
}
