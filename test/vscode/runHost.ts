/**
 * Runs `runTests` of `@vscode/test-electron` in a process of its own, so that what VS Code prints can be kept from the
 * suite's output, and so that VS Code ends when the suite does, however that ends: the channel to it closes then.
 */
import { runTests, TestRunFailedError } from '@vscode/test-electron';
import { messageOf } from './paths';

/** What the suite sends to start a VS Code. */
export type HostJob = Required<
  Pick<
    Parameters<typeof runTests>[0],
    'vscodeExecutablePath' | 'extensionDevelopmentPath' | 'extensionTestsPath' | 'launchArgs' | 'extensionTestsEnv'
  >
>;

const graceMilliseconds = 6_000;

/** Ends VS Code, gently at first. This process leads the group that VS Code is in. */
function endAll(): void {
  process.on('SIGTERM', () => {});
  const signal = (name: NodeJS.Signals): void => {
    if (process.platform !== 'win32') process.kill(-process.pid, name);
  };
  signal('SIGTERM');
  setTimeout(() => {
    signal('SIGKILL');
    process.exit(1);
  }, graceMilliseconds);
}

process.once('disconnect', endAll);
process.once('message', (job: HostJob) => {
  runTests(job).then(
    (code) => process.exit(code),
    (error: unknown) => {
      if (error instanceof TestRunFailedError) process.exit(error.code ?? 1);
      process.stderr.write(`${messageOf(error)}\n`);
      process.exit(1);
    },
  );
});
