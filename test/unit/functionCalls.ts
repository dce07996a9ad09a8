/** How often the functions of src ran while something was done, by V8's own count: work is counted, not timed. */
import { Session } from 'node:inspector/promises';
import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { repoRoot } from '../vscode/paths';

interface FunctionCalls {
  /** Below src, as it is built: `core/turn/turn.js`; the whole path of what is built as one. */
  readonly file: string;
  /** As it is declared; methods without their class. */
  readonly name: string;
  readonly calls: number;
}

const source = `${join(repoRoot(), 'dist', 'src').replaceAll('\\', '/')}/`;

/** The functions of ours that ran, tests among them; those without a name are left out. */
async function ran(work: () => unknown): Promise<readonly FunctionCalls[]> {
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
    await session.post('Profiler.takePreciseCoverage');
    await work();
    const { result } = await session.post('Profiler.takePreciseCoverage');
    return result.flatMap(({ url, functions }) => {
      const path = (url.startsWith('file:') ? fileURLToPath(url) : url).replaceAll('\\', '/');
      if (!isAbsolute(path) || path.includes('/node_modules/')) return [];
      const file = path.startsWith(source) ? path.slice(source.length) : path;
      return functions.flatMap(({ functionName: name, ranges }) => {
        const [{ count: calls, startOffset, endOffset } = { count: 0, startOffset: 0, endOffset: 0 }] = ranges;
        // What the build puts beside each export: `name: () => name`.
        const isGetter = endOffset - startOffset === `() => ${name}`.length;
        return name === '' || calls === 0 || isGetter ? [] : [{ file, name, calls }];
      });
    });
  } finally {
    await session.post('Profiler.stopPreciseCoverage');
    session.disconnect();
  }
}

/** Files of src, as they are built, whose functions ran. */
export async function filesEntered(work: () => unknown): Promise<readonly string[]> {
  const files = (await ran(work)).map(({ file }) => file);
  return [...new Set(files)].filter((file) => !isAbsolute(file));
}

/** How many functions of src, as they are built, ran, those without a name left out. */
export async function functionsRun(work: () => unknown): Promise<number> {
  const own = (await ran(work)).filter(({ file }) => !isAbsolute(file));
  return own.reduce((sum, { calls }) => sum + calls, 0);
}

/** How often the functions of each name ran. */
export async function callsByName(work: () => unknown): Promise<(name: string) => number> {
  const all = await ran(work);
  return (name) => all.reduce((sum, one) => sum + (one.name === name ? one.calls : 0), 0);
}

/** How often the functions of this name ran. */
export async function callsOf(name: string, work: () => unknown): Promise<number> {
  return (await callsByName(work))(name);
}
