/**
 * Runs `runTests` of `@vscode/test-electron` in a process of its own, so that what VS Code prints can be kept from the
 * suite's output, and so that VS Code ends when the suite does, however that ends: the channel to it closes then.
 */
import { rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { runTests, TestRunFailedError } from '@vscode/test-electron';
import { messageOf } from './paths';

/** What the suite sends to start a VS Code. */
export type HostJob = { readonly temporaryFolder?: string } & Required<
  Pick<
    Parameters<typeof runTests>[0],
    'vscodeExecutablePath' | 'extensionDevelopmentPath' | 'extensionTestsPath' | 'launchArgs' | 'extensionTestsEnv'
  >
>;

const graceMilliseconds = 6_000;

/** Ends VS Code, gently at first, and deletes the data that the suite would have deleted. */
async function endAll(job: HostJob | undefined, ended: Promise<unknown>): Promise<void> {
  // This process leads the group that VS Code is in, and gets the signal too.
  const signalGroup = (name: NodeJS.Signals): void => {
    if (process.platform !== 'win32') process.kill(-process.pid, name);
  };
  process.on('SIGTERM', () => {});
  signalGroup('SIGTERM');
  await Promise.race([ended, delay(graceMilliseconds)]);
  if (job?.temporaryFolder) rmSync(job.temporaryFolder, { recursive: true, force: true, maxRetries: 5 });
  signalGroup('SIGKILL');
  process.exit(1);
}

async function run(job: HostJob): Promise<number> {
  try {
    return await runTests(job);
  } catch (error) {
    if (error instanceof TestRunFailedError) return error.code ?? 1;
    process.stderr.write(`${messageOf(error)}\n`);
    return 1;
  }
}

let suiteIsGone = false;
let job: HostJob | undefined;
let ended: Promise<unknown> = Promise.resolve();
process.once('disconnect', () => {
  suiteIsGone = true;
  void endAll(job, ended);
});
process.once('message', (message: HostJob) => {
  job = message;
  ended = run(message).then((code) => {
    if (!suiteIsGone) process.exit(code);
  });
});
