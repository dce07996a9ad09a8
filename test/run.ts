/**
 * `npm test -- [NAME …] [--all] [--grep PATTERN]`: runs the built tests with mocha, on a Node.js that has node:sqlite and with
 * the host installed. Names choose the files whose path contains one of them. The last line is the sum.
 *
 * Two processes with a browser or a VS Code run side by side, and one of unit tests beside them, in whose place a third
 * comes when those are through: all wait much of their time. Each says what it has to say when it is through; with one
 * process alone its lines come as they are written.
 *
 * `npm run test:unit` adds `--quick`: unit and panel tests in more processes, without the files that take longest.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Counts, Failure } from './vscode/countingReporter';
import { watchCpuTime } from './vscode/cpuTime';
import { ensureHost, ensureNode } from './vscode/install';
import { built, hostCache, messageOf, repoRoot } from './vscode/paths';

/** Tests of one kind. */
interface Group {
  readonly title: string;
  readonly folder: string;
  readonly timeoutMilliseconds: number;
  /** Each file in a process of its own, or with the few that it shares a VS Code with. */
  readonly apart: boolean;
}

const unit = 'Unit';

const groups: readonly Group[] = [
  { title: unit, folder: 'unit', timeoutMilliseconds: 40_000, apart: false },
  { title: 'Panel', folder: 'panel', timeoutMilliseconds: 40_000, apart: false },
  { title: 'Integration', folder: 'integration', timeoutMilliseconds: 120_000, apart: true },
];

/** How often a failed test is tried again: real hosts on a busy machine may be late once. */
const retries = Number(process.env['PRELUDE_RETRIES'] ?? 1);

/** Processes side by side that need the host; those of a quick run wait for no window, and begin sooner. */
const lanes = 2;
const quickLanes = 3;

/** What a quick run leaves to `npm test`: random cases, great sizes, every theme, and whatever else takes ten seconds. */
const long: readonly string[] = [
  'unit/core/prompt/growth',
  'unit/core/histories',
  'unit/core/prompt/updates',
  'unit/fuzz/damage',
  'unit/fuzz/kills',
  'unit/fuzz/servers',
  'unit/store/erase',
  'unit/store/scale',
  'unit/webview/markdownLimits',
  'unit/workspace/rough',
  'unit/workspace/search',
  'unit/workspace/wholeFile',
  'panel/accessibility',
  'panel/anyText',
  'panel/attachments',
  'panel/markdown',
  'panel/models',
  'panel/parts',
];

/**
 * What `npm test` leaves to `npm run test:all`, a minute or more of a core each. Histories of windows that are loaded
 * again, closed and killed: the store and the sessions that they rest on go through random ones of the same kind in every
 * run (`unit/core/histories`, `unit/fuzz/kills`). What needs a VS Code of its own, with other services, extensions or
 * trust, or is the means of the tests themselves: what it rests on is held by `unit`.
 */
const leftToAll: readonly string[] = [
  ...['interruptions', 'kills', 'movedFolders', 'windows'],
  ...['demo', 'edits', 'editServices', 'editTurns', 'folderSettings', 'host', 'otherTools', 'reading', 'seeing'],
];

/**
 * Unit tests whose sources start programs, git and ripgrep: to start one takes the longer the more memory a process
 * holds, and theirs holds little.
 */
const startPrograms = ['unit/host/language/', 'unit/host/workspace/', 'unit/tools/', 'unit/workspace/'];

/** From so many unit tests on, those that start no programs are two jobs: the others wait until the host is installed. */
const manyFiles = 100;

/** How many of the files that took longest are named at the end. */
const slowestFiles = 12;

/** How much of a failed test's error is told again at the end, in characters: what came before may be cut off. */
const longestError = 2_000;

/**
 * Files of integration whose suites share a VS Code (`chatHost.ts`), in the order in which they use it; those that change
 * more than a chat can are the last. Each of the others has a process of its own.
 */
const together: readonly (readonly string[])[] = [
  ['conversations', 'chat', 'day', 'attachments', 'beforeSending', 'spending', 'queue', 'window', 'models', 'hostile'],
  ['folderSettings', 'movedFolders', 'windows', 'interruptions', 'kills'],
  ['editCards', 'editKeys', 'editTurns', 'edits', 'blocks', 'fix', 'demo', 'consent', 'seeing', 'terminal'],
  ['understanding', 'reading', 'editServices', 'commands'],
];

/** One process. */
interface Job {
  readonly title: string;
  readonly files: readonly string[];
  readonly timeoutMilliseconds: number;
  /** False: nothing but Node.js has to be installed. */
  readonly needsHost: boolean;
}

interface Wishes {
  readonly names: readonly string[];
  readonly quick: boolean;
  readonly all: boolean;
  readonly mocha: readonly string[];
}

function readWishes(argv: readonly string[]): Wishes {
  const names: string[] = [];
  const mocha: string[] = [];
  let quick = false;
  let all = false;
  for (let at = 0; at < argv.length; at += 1) {
    const argument = argv[at] ?? '';
    if (argument === '--grep' || argument === '-g') mocha.push('--grep', argv[++at] ?? '');
    else if (argument === '--quick') quick = true;
    else if (argument === '--all') all = true;
    else if (argument.startsWith('-')) mocha.push(argument);
    else names.push(argument.replace(/\.ts$/, '').replace(/^test\//, ''));
  }
  // What is named is meant.
  return { names, quick, all: all || names.length > 0, mocha };
}

function testFiles(folder: string, names: readonly string[]): string[] {
  const tests = join(repoRoot(), 'dist', 'test');
  let found: string[];
  try {
    found = readdirSync(join(tests, folder), { recursive: true }).map((file) => `${folder}/${String(file)}`);
  } catch {
    return [];
  }
  return found
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.test.js') && (names.length === 0 || names.some((name) => file.includes(name))))
    .sort()
    .map((file) => join(tests, file));
}

/** Jobs without a VS Code: one, or two of many unit tests, and one more of what starts programs. */
function jobsWithin({ title, folder, timeoutMilliseconds }: Group, files: readonly string[]): readonly Job[] {
  const starts = (file: string): boolean => startPrograms.some((folder) => file.replaceAll('\\', '/').includes(folder));
  const others = files.filter((file) => !starts(file));
  const halves =
    folder === 'unit' && others.length >= manyFiles
      ? [others.filter((_file, at) => at % 2 === 0), others.filter((_file, at) => at % 2 === 1)]
      : [others];
  return [...halves, files.filter(starts)]
    .filter((some) => some.length > 0)
    .map((some) => ({
      title,
      files: some,
      timeoutMilliseconds,
      needsHost: folder !== 'unit' || some.some(starts),
    }));
}

/** A quick run has all files of a group but the long ones. */
function quickJobsOf(group: Group, { names }: Wishes): readonly Job[] {
  if (group.apart) return [];
  const isLong = (file: string): boolean => long.some((name) => file.endsWith(join(...`${name}.test.js`.split('/'))));
  return jobsWithin(
    group,
    testFiles(group.folder, names).filter((file) => !isLong(file)),
  );
}

function jobsOf(group: Group, { names, all }: Wishes): readonly Job[] {
  const { title, folder, timeoutMilliseconds, apart } = group;
  const name = (file: string): string => basename(file, '.test.js');
  const files = testFiles(folder, names).filter((file) => all || !apart || !leftToAll.includes(name(file)));
  if (!apart) return jobsWithin(group, files);
  const shared = together.map((names) => names.flatMap((one) => files.filter((file) => name(file) === one)));
  const alone = files.filter((file) => !shared.flat().includes(file)).map((file) => [file]);
  return [...shared, ...alone]
    .filter((some) => some.length > 0)
    .map((some) => ({
      title: `${title}: ${some.map(name).join(', ')}`,
      files: some,
      timeoutMilliseconds,
      needsHost: true,
    }));
}

/** Where mocha's command lies, found from here since only its package's root is exported. */
function mochaScript(): string {
  return join(dirname(createRequire(__filename).resolve('mocha/package.json')), 'bin', 'mocha.js');
}

/** Runs one job in a process of its own; what a crash leaves uncounted is one failure. */
async function runJob(job: Job, node: string, wishes: Wishes, alone: boolean): Promise<Counts> {
  const scratch = mkdtempSync(join(tmpdir(), 'prelude-test-'));
  const counts = join(scratch, 'counts.json');
  const reporter = [
    '--reporter',
    built('countingReporter.js'),
    '--timeout',
    String(job.timeoutMilliseconds),
    '--retries',
    String(retries),
  ];
  const args = ['--no-warnings', '--enable-source-maps', mochaScript(), '--no-config', ...reporter];
  // --exit: a test that leaves a server open must not hang the run; its own assertions say whether it passed.
  const child = spawn(node, [...args, '--exit', '--forbid-only', ...wishes.mocha, ...job.files], {
    cwd: repoRoot(),
    // Processes of one kind start over and over: what Node.js compiled for one is read by the next.
    env: {
      NODE_COMPILE_CACHE: join(hostCache(), 'compiled'),
      // `test/short.ts` reads it.
      PRELUDE_SHORT: wishes.all ? '0' : '1',
      ...process.env,
      PRELUDE_COUNTS: counts,
    },
    stdio: alone ? 'inherit' : ['ignore', 'pipe', 'pipe'],
  });
  const cpuMinutes = watchCpuTime(child.pid);
  const began = performance.now();
  const said: Buffer[] = [];
  child.stdout?.on('data', (piece: Buffer) => said.push(piece));
  child.stderr?.on('data', (piece: Buffer) => said.push(piece));
  const forward = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on('SIGINT', forward).on('SIGTERM', forward);
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, signal) => resolve(signal ? 1 : (exitCode ?? 1)));
  });
  process.off('SIGINT', forward).off('SIGTERM', forward);
  const cpu = cpuMinutes();
  const minutes = ((performance.now() - began) / 60_000).toFixed(1);
  const took = cpu === null ? `${minutes} min` : `${minutes} min, CPU ${cpu.toFixed(1)} min`;
  if (!alone) process.stdout.write(`\n${job.title} (${took})\n${Buffer.concat(said).toString('utf8')}`);
  try {
    const counted = JSON.parse(readFileSync(counts, 'utf8')) as Counts;
    if (code === 0 || counted.failed > 0) return counted;
    return { ...counted, failed: 1 };
  } catch {
    process.stdout.write(`${job.title}: mocha ended with code ${code} before it could count.\n`);
    return { passed: 0, failed: 1, skipped: 0, triedAgain: [], failures: [], files: {} };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function tell(what: string, tests: readonly Failure[]): void {
  process.stdout.write(`\n${what}: ${tests.length}\n`);
  for (const { title, error } of tests) process.stdout.write(`  ${title}\n${error.slice(0, longestError)}\n`);
}

async function main(): Promise<number> {
  const wishes = readWishes(process.argv.slice(2));
  const cpuMinutes = watchCpuTime();
  const jobs = groups.flatMap((group) => (wishes.quick ? quickJobsOf : jobsOf)(group, wishes));
  const node = await ensureNode();
  // It is installed while the first unit tests run; who waits for it hears of a failure.
  const host = jobs.some(({ needsHost }) => needsHost) ? ensureHost() : null;
  host?.catch(() => undefined);
  const sum = { passed: 0, failed: 0, skipped: 0 };
  const triedAgain: Failure[] = [];
  const failures: Failure[] = [];
  const files: [file: string, seconds: number][] = [];
  const lane = async (waiting: Job[]): Promise<void> => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
      if (job.needsHost) await host;
      const counts = await runJob(job, node, wishes, jobs.length === 1);
      sum.passed += counts.passed;
      sum.failed += counts.failed;
      sum.skipped += counts.skipped;
      const named = ({ title, error }: Failure): Failure => ({ title: `${job.title}: ${title}`, error });
      triedAgain.push(...counts.triedAgain.map(named));
      failures.push(...counts.failures.map(named));
      files.push(...Object.entries(counts.files));
    }
  };
  const isUnit = ({ title }: Job): boolean => !wishes.quick && title === unit;
  const [beside, others] = [jobs.filter(isUnit), jobs.filter((job) => !isUnit(job))];
  const busy = Array.from({ length: wishes.quick ? quickLanes : lanes }, () => lane(others));
  // Its lane is free when they are through; where there are none, two windows are enough.
  const third = beside.length > 0 && !wishes.quick ? others : [];
  await Promise.all([lane(beside).then(() => lane(third)), ...busy]);
  const { passed, failed, skipped } = sum;
  tell('Tests that needed a second try', triedAgain);
  if (failures.length > 0) tell('Tests that failed', failures);
  const slowest = files.sort(([, a], [, b]) => b - a).slice(0, slowestFiles);
  const time = ([file, seconds]: readonly [string, number]): string => `${basename(file)} ${seconds.toFixed(0)} s`;
  process.stdout.write(`Files that took longest: ${slowest.map(time).join(', ')}\n`);
  const cpu = cpuMinutes();
  if (cpu !== null) process.stdout.write(`CPU time of all processes: ${cpu.toFixed(1)} min\n`);
  if (wishes.quick) process.stdout.write(`Left to npm test: ${long.join(', ')}\n`);
  else if (!wishes.all) process.stdout.write(`Left to npm run test:all: ${leftToAll.join(', ')}\n`);
  if (passed + failed === 0) process.stdout.write('No test was found or none matched.\n');
  process.stdout.write(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${messageOf(error)}\n`);
    process.stdout.write('\n0 passed, 1 failed\n');
    process.exit(1);
  },
);
