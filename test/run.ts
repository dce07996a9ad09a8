/**
 * `npm test -- [NAME …] [--grep PATTERN]`: runs the built tests with mocha, on a Node.js that has node:sqlite and with
 * the host installed. Names choose the files whose path contains one of them. The last line is the sum.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Counts } from './vscode/countingReporter';
import { ensureHost, ensureNode } from './vscode/install';
import { built, messageOf, repoRoot } from './vscode/paths';

/** Tests that run in one process. */
interface Group {
  readonly title: string;
  readonly folders: readonly string[];
  readonly timeoutMilliseconds: number;
  /** How often a failed test is tried again: real hosts on a busy machine may be late once. */
  readonly retries: number;
}

const groups: readonly Group[] = [
  { title: 'Unit and panel', folders: ['unit', 'panel'], timeoutMilliseconds: 20_000, retries: 1 },
  { title: 'Integration', folders: ['integration'], timeoutMilliseconds: 120_000, retries: 1 },
];

interface Wishes {
  readonly names: readonly string[];
  readonly mocha: readonly string[];
}

function readWishes(argv: readonly string[]): Wishes {
  const names: string[] = [];
  const mocha: string[] = [];
  for (let at = 0; at < argv.length; at += 1) {
    const argument = argv[at] ?? '';
    if (argument === '--grep' || argument === '-g') mocha.push('--grep', argv[++at] ?? '');
    else if (argument.startsWith('-')) mocha.push(argument);
    else names.push(argument.replace(/\.ts$/, '').replace(/^test\//, ''));
  }
  return { names, mocha };
}

function testFiles(folders: readonly string[], names: readonly string[]): string[] {
  const tests = join(repoRoot(), 'dist', 'test');
  const found = folders.flatMap((folder) => {
    try {
      return readdirSync(join(tests, folder), { recursive: true }).map((file) => `${folder}/${String(file)}`);
    } catch {
      return [];
    }
  });
  return found
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.test.js') && (names.length === 0 || names.some((name) => file.includes(name))))
    .sort()
    .map((file) => join(tests, file));
}

/** Where mocha's command lies, found from here since only its package's root is exported. */
function mochaScript(): string {
  return join(dirname(createRequire(__filename).resolve('mocha/package.json')), 'bin', 'mocha.js');
}

/** Runs one group in a process of its own; what a crash leaves uncounted is one failure. */
async function runGroup(group: Group, node: string, wishes: Wishes): Promise<Counts> {
  const files = testFiles(group.folders, wishes.names);
  if (files.length === 0) return { passed: 0, failed: 0, skipped: 0 };
  process.stdout.write(`\n${group.title}\n`);
  const scratch = mkdtempSync(join(tmpdir(), 'prelude-test-'));
  const counts = join(scratch, 'counts.json');
  const reporter = [
    '--reporter',
    built('countingReporter.js'),
    '--timeout',
    String(group.timeoutMilliseconds),
    '--retries',
    String(group.retries),
  ];
  const args = ['--no-warnings', '--enable-source-maps', mochaScript(), '--no-config', ...reporter];
  // --exit: a test that leaves a server open must not hang the run; its own assertions say whether it passed.
  const child = spawn(node, [...args, '--exit', '--forbid-only', ...wishes.mocha, ...files], {
    cwd: repoRoot(),
    env: { ...process.env, PRELUDE_COUNTS: counts },
    stdio: 'inherit',
  });
  const forward = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on('SIGINT', forward).on('SIGTERM', forward);
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (exitCode, signal) => resolve(signal ? 1 : (exitCode ?? 1)));
  });
  process.off('SIGINT', forward).off('SIGTERM', forward);
  try {
    const counted = JSON.parse(readFileSync(counts, 'utf8')) as Counts;
    if (code === 0 || counted.failed > 0) return counted;
    return { ...counted, failed: 1 };
  } catch {
    process.stdout.write(`${group.title}: mocha ended with code ${code} before it could count.\n`);
    return { passed: 0, failed: 1, skipped: 0 };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function main(): Promise<number> {
  const wishes = readWishes(process.argv.slice(2));
  await ensureHost();
  const node = await ensureNode();
  let passed = 0;
  let failed = 0;
  let skipped = 0;
  for (const group of groups) {
    const counts = await runGroup(group, node, wishes);
    passed += counts.passed;
    failed += counts.failed;
    skipped += counts.skipped;
  }
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
