/** A ripgrep that never ends, as on a disk that does not answer. */
import type { ChatHost } from './chatHost';

/** Every search from now on waits for a minute; returns how to end that. It ends with a reload of the window, too. */
export async function stallRipgrep({ session }: ChatHost): Promise<() => Promise<void>> {
  await session.evaluate(() => {
    const processes = process.getBuiltinModule('node:child_process');
    const { spawn } = processes;
    const stalled = (file: string, args: readonly string[], options: object): unknown =>
      /\brg(?:\.exe)?$/.test(file) && !args.includes('--version')
        ? spawn('sleep', ['60'], options)
        : spawn(file, args, options);
    Object.assign(processes, { spawn: Object.assign(stalled, { real: spawn }) });
  });
  return () =>
    session.evaluate(() => {
      const processes = process.getBuiltinModule('node:child_process');
      const { real } = processes.spawn as { real?: typeof processes.spawn };
      if (real !== undefined) Object.assign(processes, { spawn: real });
    });
}
