import { writeFileSync } from 'node:fs';
import mocha, { type Runner } from 'mocha';

/** What a mocha run leaves in the file that PRELUDE_COUNTS names. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Tests that failed once and were tried again, whatever came of it, with what they threw then. */
  readonly triedAgain: readonly Failure[];
  readonly failures: readonly Failure[];
  /** Seconds that each file took, with its hooks. */
  readonly files: Readonly<Record<string, number>>;
}

/** A test, or a hook, that failed for good. */
export interface Failure {
  readonly title: string;
  /** What it threw, with the stack. */
  readonly error: string;
}

/** Mocha's `spec` reporter that also writes its counts to a file, since its output is for people. */
class CountingReporter extends mocha.reporters.Spec {
  constructor(runner: Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const triedAgain: Failure[] = [];
    const failureOf = (test: { fullTitle(): string }, error: Error): Failure => ({
      title: test.fullTitle(),
      error: error.stack ?? String(error),
    });
    runner.on('retry', (test, error) => triedAgain.push(failureOf(test, error)));
    const failures: Failure[] = [];
    runner.on('fail', (test, error: Error) => failures.push(failureOf(test, error)));
    const files: Record<string, number> = {};
    let last = performance.now();
    runner.on('test end', ({ file = '' }) => {
      const now = performance.now();
      files[file] = (files[file] ?? 0) + (now - last) / 1000;
      last = now;
    });
    runner.once('end', () => {
      const { passes = 0, failures: failed = 0, pending = 0 } = runner.stats ?? {};
      const counts: Counts = { passed: passes, failed, skipped: pending, triedAgain, failures, files };
      const file = process.env['PRELUDE_COUNTS'];
      if (file) writeFileSync(file, JSON.stringify(counts));
    });
  }
}

// Mocha wants the class itself to be what the file exports.
Object.assign(module, { exports: CountingReporter });
