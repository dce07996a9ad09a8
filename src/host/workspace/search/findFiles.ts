/** Finding files by their paths over all roots: ripgrep where the disk is, JavaScript elsewhere. */
import { TimeSlice } from '../../../core/base/timeSlice';
import { diskOf } from '../files/disk';
import type { Root } from '../files/facts';
import type { Locator } from '../ignore/locate';
import { ignoredBelow } from './ignoredNames';
import { whyNothing } from './nothing';
import { FirstPaths } from './order';
import type { RootPattern } from './pattern';
import { runRipgrep, splitAt } from './ripgrep';
import { areasOf, commonArgs, eachRoot, includesOf, timeoutMs, trackedFiles, withIncludes } from './searchScope';
import { walk } from './walk';

/** Paths that are kept for those that turn out to be ignored by what ripgrep was not told of. */
const spare = 4_000;

const allFiles: RootPattern = { matches: () => true, covers: () => true, rules: null, exact: [] };

interface FilesFound {
  readonly paths: readonly string[];
  readonly truncated: boolean;
  readonly notes?: readonly string[];
}

/** Paths of visible files that match, sorted. Throws a ToolError for a pattern that cannot be used or is wrong. */
export async function findFiles(
  locator: Locator,
  pattern: string,
  limit: number,
  signal: AbortSignal,
): Promise<FilesFound> {
  const areas = await areasOf(locator, { include: pattern, exclude: null }, 'pattern', signal);
  const paths: string[] = [];
  const hidden: string[] = [];
  let truncated = false;
  const notes = await eachRoot(locator, areas, signal, async ({ root, include, only }) => {
    if (only !== null) {
      if ((await diskOf(root, locator.facts).stat(only, signal)) !== null)
        paths.push(locator.displayPath({ root, relative: only }));
      return true;
    }
    const mine = include?.forRoot(root) ?? allFiles;
    const naming = ignoredBelow(locator, root, include === null ? null : { pattern: include, mine }, signal);
    const found = new FirstPaths(limit + spare);
    const end = await eachFile(locator, root, mine, signal, (path) => {
      if (mine.matches(path)) found.add(path);
    });
    truncated ||= end === 'cut';
    const slice = new TimeSlice();
    for (const path of found.sorted()) {
      if (slice.isOver) await slice.yieldToOthers(signal);
      if (!(await locator.visibility(root).isVisible(path, false))) continue;
      if (paths.length === limit) {
        truncated = true;
        return false;
      }
      paths.push(locator.displayPath({ root, relative: path }));
    }
    truncated ||= found.isCut;
    hidden.push(...(await naming));
    return true;
  });
  if (paths.length === 0 && !truncated) await whyNothing(locator, includesOf(areas, 'pattern'), signal);
  const said = [...notes, ...(truncated ? [] : hidden)];
  return { paths, truncated, ...(said.length === 0 ? {} : { notes: said }) };
}

/** Calls back for the files of a root, in any order. */
async function eachFile(
  locator: Locator,
  root: Root,
  mine: RootPattern,
  signal: AbortSignal,
  onFile: (path: string) => void,
): Promise<'all' | 'cut'> {
  const rg = await locator.facts.ripgrep();
  const { folder } = root;
  if (rg === null || folder === null) {
    const until = Date.now() + timeoutMs;
    for await (const path of walk(diskOf(root, locator.facts), locator.visibility(root), signal)) {
      onFile(path);
      if (Date.now() > until) return 'cut';
    }
    return 'all';
  }
  // Asked side by side.
  const asked = trackedFiles(locator, root, mine.matches);
  asked.catch(() => {});
  const listed: string[] = [];
  const take = splitAt(0, (path) => void listed.push(path.startsWith('./') ? path.slice(2) : path));
  const slice = new TimeSlice();
  const end = await withIncludes(mine.rules, async (narrowing) => {
    const args = ['--files', '--null', '--path-separator=/', ...commonArgs(locator, root), ...narrowing];
    return await runRipgrep(rg, args, {
      signal,
      timeoutMs,
      cwd: folder,
      onOutput: async (piece) => {
        take(piece);
        for (const path of listed.splice(0)) {
          if (slice.isOver) await slice.yieldToOthers(signal);
          onFile(path);
        }
        return true;
      },
    });
  });
  for (const path of await asked) onFile(path);
  return end.code === null ? 'cut' : 'all';
}
