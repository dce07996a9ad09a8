import { writeFileSync } from 'node:fs';
import mocha, { type Runner } from 'mocha';

/** What a mocha run leaves in the file that PRELUDE_COUNTS names. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Full titles of the tests that failed once and were tried again, whatever came of it. */
  readonly triedAgain: readonly string[];
}

/** Mocha's `spec` reporter that also writes its counts to a file, since its output is for people. */
class CountingReporter extends mocha.reporters.Spec {
  constructor(runner: Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const triedAgain: string[] = [];
    runner.on('retry', (test) => triedAgain.push(test.fullTitle()));
    runner.once('end', () => {
      const { passes = 0, failures = 0, pending = 0 } = runner.stats ?? {};
      const counts: Counts = { passed: passes, failed: failures, skipped: pending, triedAgain };
      const file = process.env['PRELUDE_COUNTS'];
      if (file) writeFileSync(file, JSON.stringify(counts));
    });
  }
}

// Mocha wants the class itself to be what the file exports.
Object.assign(module, { exports: CountingReporter });
