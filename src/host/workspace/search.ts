/** Finding files and text over all roots: ripgrep where the disk is, JavaScript elsewhere. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SearchOutcome, type SearchQuery, ToolError } from '../../core/ports';
import { diskOf, maxForeignBytes } from './disk';
import type { Root } from './facts';
import { decodeText } from './fileType';
import { globToRegExp, pathMatcher } from './glob';
import { JsScan } from './jsScan';
import { isSecret, type Locator } from './locate';
import { type RipgrepEnd, runRipgrep, splitAt } from './ripgrep';
import { type FoundLine, SearchOutput } from './searchOutput';
import { walk } from './walk';

const timeoutMs = 20_000;

/** Paths that are sorted at most; a broader pattern gets any of these. */
const maxListed = 300_000;

/** Matches that are looked at, so that those returned are the first by path and not the first by chance. */
const maxCollected = 5_000;

/** ripgrep on a root: hidden files too, ignore files even without git; what lies above is for `Visibility` to judge. */
function commonArgs(excludes: readonly string[]): readonly string[] {
  const globs = [
    '!**/.git',
    ...excludes.map((glob) => (glob.startsWith('**/') ? `!${glob}` : `!/${glob.replace(/^\//, '')}`)),
  ];
  return [
    '--hidden',
    '--no-require-git',
    '--no-ignore-global',
    '--no-ignore-parent',
    '--no-messages',
    ...globs.flatMap((glob) => ['-g', glob]),
  ];
}

/** Paths of visible files that match, sorted. */
export async function findFiles(
  locator: Locator,
  pattern: string,
  limit: number,
  signal: AbortSignal,
): Promise<{ readonly paths: readonly string[]; readonly truncated: boolean }> {
  const paths: string[] = [];
  let truncated = false;
  for (const root of locator.roots) {
    const matches = rootMatcher(locator, root, pattern);
    const found: string[] = [];
    const end = await eachFile(locator, root, signal, (path) => {
      if (matches(path)) found.push(path);
      return found.length < maxListed;
    });
    truncated ||= end === 'cut';
    for (const path of found.sort(byPath)) {
      signal.throwIfAborted();
      if (!(await locator.visibility(root).isVisible(path, false))) continue;
      if (paths.length === limit) return { paths, truncated: true };
      paths.push(locator.displayPath({ root, relative: path }));
    }
  }
  return { paths, truncated };
}

/** Matching lines of visible files, by path and line; unsaved editors as they are. */
export async function searchText(locator: Locator, query: SearchQuery, signal: AbortSignal): Promise<SearchOutcome> {
  const matches: FoundLine[] = [];
  let files = 0;
  let truncated = false;
  const rg = await locator.facts.ripgrep();
  for (const root of locator.roots) {
    const included = query.include === null ? () => true : rootMatcher(locator, root, query.include);
    const { found, cut } = await searchRoot(locator, root, query, included, rg, signal);
    truncated ||= cut;
    for (const path of [...found.keys()].sort(byPath)) {
      signal.throwIfAborted();
      if (isSecret({ root, relative: path }) || !included(path)) continue;
      if (!(await locator.visibility(root).isVisible(path, false))) continue;
      const room = query.maxMatches - matches.length;
      const lines = found.get(path) ?? [];
      if (lines.length > room) truncated = true;
      if (lines.length === 0 || room === 0) continue;
      files += 1;
      const display = locator.displayPath({ root, relative: path });
      matches.push(...lines.slice(0, room).map(({ line, text }) => ({ path: display, line, text })));
    }
  }
  return { matches, files, truncated };
}

type Found = Map<string, readonly FoundLine[]>;

async function searchRoot(
  locator: Locator,
  root: Root,
  query: SearchQuery,
  included: (path: string) => boolean,
  rg: string | null,
  signal: AbortSignal,
): Promise<{ readonly found: Found; readonly cut: boolean }> {
  const unsaved = await unsavedTexts(locator, root, included);
  const max = query.maxMatches + 1;
  if (rg === null || root.folder === null) return await scanRoot(locator, root, query, included, unsaved, signal);

  const output = new SearchOutput(maxCollected);
  const end = await withIncludes(
    locator,
    root,
    query.include,
    async (narrowing) =>
      await runRipgrep(
        rg,
        [...searchArgs(query, max), ...commonArgs(locator.facts.excludes(root)), ...narrowing, '--', '.'],
        {
          signal,
          timeoutMs,
          cwd: root.folder ?? '.',
          onOutput: (piece) => output.add(piece),
        },
      ),
  );
  const found: Found = new Map(output.files);
  assertSearched(end, query, found.size > 0);
  for (const [path, text] of unsaved) {
    const own = new SearchOutput(maxCollected);
    const run = { signal, timeoutMs, stdin: text, onOutput: (piece: Buffer) => own.add(piece) };
    assertSearched(await runRipgrep(rg, [...searchArgs(query, max), '--', '-'], run), query, false);
    found.set(
      path,
      [...own.files.values()].flat().map((match) => ({ ...match, path })),
    );
  }
  return { found, cut: end.code === null };
}

function searchArgs({ query, isRegex, caseSensitive }: SearchQuery, max: number): readonly string[] {
  return [
    '--json',
    '--crlf',
    caseSensitive ? '--case-sensitive' : '--ignore-case',
    `--max-count=${max}`,
    // One match a line, however many there are: ripgrep would name each of 20 million in a line of 20 MB.
    `--regexp=^.*?(?:${isRegex ? query : query.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')})`,
  ];
}

function assertSearched(end: RipgrepEnd, { isRegex }: SearchQuery, some: boolean): void {
  if (end.timedOut && !some) {
    throw new ToolError(
      'The search took longer than 20 s and was stopped. Give include, or search for something rarer.',
    );
  }
  if (end.code === 2 && end.stderr !== '') {
    const hint = isRegex ? ' The query is read as a regular expression: correct it, or leave out is_regex.' : '';
    throw new ToolError(`The search failed: ${end.stderr.replace(/^rg: /, '')}${hint}`);
  }
}

/**
 * Narrows ripgrep to an include. A plain `--glob` would bring ignored files back in; a file of ignore rules that
 * ignores all but the include yields to every .gitignore.
 */
async function withIncludes<T>(
  locator: Locator,
  root: Root,
  include: string | null,
  run: (args: readonly string[]) => Promise<T>,
): Promise<T> {
  if (include === null || /[\r\n]/.test(include)) return await run([]);
  const rules = ['*', '!*/', ...includeGlobs(locator, root, include).map((glob) => `!${glob}`)];
  const folder = await mkdtemp(join(tmpdir(), 'prelude-search-'));
  try {
    const file = join(folder, 'include');
    await writeFile(file, `${rules.join('\n')}\n`);
    return await run(['--ignore-file', file]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A pattern as it may be meant in a root: whole, or after the root's name. */
function includeGlobs(locator: Locator, root: Root, pattern: string): readonly string[] {
  const glob = pattern.replaceAll('\\', '/').replace(/^\.\//, '/').replace(/\/$/, '/**');
  const [first = '', ...rest] = glob.replace(/^\/+/, '').split('/');
  const named = locator.roots.length > 1 && rest.length > 0 && globToRegExp(first, true).test(root.name);
  return named ? [glob, `/${rest.join('/')}`] : [glob];
}

function rootMatcher(locator: Locator, root: Root, pattern: string): (path: string) => boolean {
  const matches = pathMatcher(pattern);
  if (locator.roots.length < 2) return matches;
  return (path) => matches(path) || matches(locator.displayPath({ root, relative: path }));
}

/** Calls back for the files of a root, in any order, until the callback says false. */
async function eachFile(
  locator: Locator,
  root: Root,
  signal: AbortSignal,
  onFile: (path: string) => boolean,
): Promise<'all' | 'cut'> {
  const rg = await locator.facts.ripgrep();
  if (rg === null || root.folder === null) {
    const until = Date.now() + timeoutMs;
    for await (const path of walk(diskOf(root, locator.facts), locator.visibility(root), signal)) {
      if (!onFile(path) || Date.now() > until) return 'cut';
    }
    return 'all';
  }
  let more = true;
  const take = splitAt(0, (path) => {
    more = more && onFile(path.replace(/^\.\//, ''));
  });
  const args = ['--files', '--null', '--path-separator=/', ...commonArgs(locator.facts.excludes(root))];
  const end = await runRipgrep(rg, args, {
    signal,
    timeoutMs,
    cwd: root.folder,
    onOutput: (piece) => {
      take(piece);
      return more;
    },
  });
  return end.code === null ? 'cut' : 'all';
}

/** Searches without ripgrep. */
async function scanRoot(
  locator: Locator,
  root: Root,
  query: SearchQuery,
  included: (path: string) => boolean,
  unsaved: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<{ readonly found: Found; readonly cut: boolean }> {
  const found: Found = new Map();
  const disk = diskOf(root, locator.facts);
  const scan = new JsScan(query);
  const until = Date.now() + timeoutMs;
  let count = 0;
  try {
    const paths = new Set(unsaved.keys());
    for await (const path of walk(disk, locator.visibility(root), signal)) {
      if (included(path) && !isSecret({ root, relative: path })) paths.add(path);
      if (Date.now() > until) break;
    }
    for (const path of [...paths].sort(byPath)) {
      if (count > query.maxMatches || Date.now() > until) return { found, cut: true };
      const text = unsaved.get(path) ?? decodeText((await disk.read(path, maxForeignBytes)) ?? new Uint8Array());
      if (text === null || text === '') continue;
      const lines = await scan.scan(text, query.maxMatches + 1, signal);
      count += lines.length;
      if (lines.length > 0)
        found.set(
          path,
          lines.map(({ line, text: shown }) => ({ path, line, text: shown })),
        );
    }
  } finally {
    scan.dispose();
  }
  return { found, cut: Date.now() > until };
}

/** The texts of a root's unsaved editors that may be searched. */
async function unsavedTexts(
  locator: Locator,
  root: Root,
  included: (path: string) => boolean,
): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for (const document of locator.facts.openDocuments()) {
    if (!document.dirty) continue;
    const located = await locator.locateUri(document.uri);
    if (located?.root !== root || !included(located.relative)) continue;
    if (isSecret(located) || isSecret(located.asked) || !(await locator.isVisible(located, false))) continue;
    texts.set(located.relative, document.text());
  }
  return texts;
}

/** Folder by folder, as the code units are: the same on every machine. */
function byPath(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
