/** How often the functions of src ran while something was done, by V8's own count: work is counted, not timed. */
import { Session } from 'node:inspector/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { repoRoot } from '../vscode/paths';

export interface FunctionCalls {
  /** Below src, as it is built: `core/turn/turn.js`. */
  readonly file: string;
  /** As it is declared; methods without their class. */
  readonly name: string;
  readonly calls: number;
}

/** The functions that ran, those without a name left out. */
export async function functionCalls(work: () => unknown): Promise<readonly FunctionCalls[]> {
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
    await session.post('Profiler.takePreciseCoverage');
    await work();
    const { result } = await session.post('Profiler.takePreciseCoverage');
    const source = join(repoRoot(), 'dist', 'src');
    return result.flatMap(({ url, functions }) => {
      const path = url.startsWith('file:') ? fileURLToPath(url) : url;
      if (!path.startsWith(source)) return [];
      const file = path.slice(source.length + 1).replaceAll('\\', '/');
      return functions.flatMap(({ functionName: name, ranges }) => {
        const calls = ranges[0]?.count ?? 0;
        return name === '' || calls === 0 ? [] : [{ file, name, calls }];
      });
    });
  } finally {
    await session.post('Profiler.stopPreciseCoverage');
    session.disconnect();
  }
}

/** How often one of them ran. */
export async function callsOf(name: string, work: () => unknown): Promise<number> {
  const ran = (await functionCalls(work)).filter((one) => one.name === name);
  return ran.reduce((sum, { calls }) => sum + calls, 0);
}
