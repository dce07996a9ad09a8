/** Finding files and text over all roots: ripgrep where the disk is, JavaScript elsewhere. */
import { TimeSlice } from '../../../core/base/timeSlice';
import { isSecretText } from '../../../core/tools/secrets/secretFiles';
import { type SearchOutcome, type SearchQuery, ToolError } from '../../../core/tools/workspace';
import { decodeFile } from '../files/decode';
import { type Disk, diskOf, maxVirtualBytes } from '../files/disk';
import { DiskSilent } from '../files/door';
import type { Root, WorkspaceFacts } from '../files/facts';
import { holdsKey, type Judge, maxJudgedBytes } from '../files/judge';
import { isSecret, type Locator } from '../ignore/locate';
import { JsScan } from './jsScan';
import { type RipgrepEnd, runRipgrep, splitAt } from './ripgrep';
import { type FoundLine, SearchOutput } from './searchOutput';
import { commonArgs, eachRoot, rootMatcher, withIncludes } from './searchScope';
import { sortInParts } from './sort';
import { walk } from './walk';

const timeoutMs = 20_000;

/** Paths that are sorted at most; a broader pattern gets any of these. */
const maxListed = 300_000;

/** Characters of a command line that are paths. */
const maxArguments = 24_000;

/** Matches that are looked at, so that those returned are the first by path and not the first by chance. */
const maxCollected = 5_000;

interface FilesFound {
  readonly paths: readonly string[];
  readonly truncated: boolean;
  readonly notes?: readonly string[];
}

/** Paths of visible files that match, sorted. Throws a ToolError for a pattern that cannot be used. */
export async function findFiles(
  locator: Locator,
  pattern: string,
  limit: number,
  signal: AbortSignal,
): Promise<FilesFound> {
  const paths: string[] = [];
  let truncated = false;
  const notes = await eachRoot(locator, signal, async (root) => {
    const matches = rootMatcher(locator, root, pattern, 'pattern');
    const found: string[] = [];
    const end = await eachFile(locator, root, signal, (path) => {
      if (matches(path)) found.push(path);
      return found.length < maxListed;
    });
    truncated ||= end === 'cut';
    const slice = new TimeSlice();
    for (const path of await sortInParts(found, byPath, signal)) {
      if (slice.isOver) await slice.yieldToOthers(signal);
      if (!(await locator.visibility(root).isVisible(path, false))) continue;
      if (paths.length === limit) {
        truncated = true;
        return false;
      }
      paths.push(locator.displayPath({ root, relative: path }));
    }
    return true;
  });
  return { paths, truncated, ...(notes.length === 0 ? {} : { notes }) };
}

/**
 * Matching lines of visible files, by path and line; unsaved editors as they are. A file whose lines would be shown is
 * judged whole, and left out when it holds a key anywhere.
 */
export async function searchText(
  locator: Locator,
  judge: Judge,
  query: SearchQuery,
  signal: AbortSignal,
): Promise<SearchOutcome> {
  const matches: FoundLine[] = [];
  let files = 0;
  let truncated = false;
  const omissions = new Omissions();
  const rg = await locator.facts.ripgrep();
  const notes = await eachRoot(locator, signal, async (root) => {
    const included = query.include === null ? () => true : rootMatcher(locator, root, query.include, 'include');
    const { found, cut, verdictOn } = await searchRoot(locator, judge, root, query, included, rg, signal);
    const until = Date.now() + timeoutMs;
    truncated ||= cut;
    const slice = new TimeSlice();
    for (const path of [...found.keys()].sort(byPath)) {
      if (slice.isOver) await slice.yieldToOthers(signal);
      signal.throwIfAborted();
      if (isSecret({ root, relative: path }) || !included(path)) continue;
      if (!(await locator.visibility(root).isVisible(path, false))) continue;
      const room = query.maxMatches - matches.length;
      const lines = found.get(path) ?? [];
      if (lines.length > room) truncated = true;
      if (lines.length === 0 || room === 0) continue;
      if (Date.now() > until) {
        truncated = true;
        break;
      }
      const shown = lines.slice(0, room);
      // The file may have been another one when it was searched.
      const verdict = isSecretText(shown.map(({ text }) => text).join('\n')) ? 'key' : await verdictOn(path);
      if (verdict !== 'clean') {
        omissions.add(verdict);
        continue;
      }
      files += 1;
      const display = locator.displayPath({ root, relative: path });
      matches.push(...shown.map(({ line, text }) => ({ path: display, line, text })));
    }
    return true;
  });
  const said = [...omissions.notes(), ...notes];
  return { matches, files, truncated, ...(said.length === 0 ? {} : { notes: said }) };
}

type Verdict = 'clean' | 'key' | 'large' | 'gone';

/** What may be shown of a file of the disk: all of it or nothing. */
async function judgeFile(judge: Judge, disk: Disk, path: string, signal: AbortSignal): Promise<Verdict> {
  try {
    const found = await disk.stat(path, signal);
    if (found?.kind !== 'file') return 'gone';
    if (found.size > maxJudgedBytes) return 'large';
    const scan = await judge.file(disk, path, found, signal);
    return scan === null ? 'gone' : scan.holdsKey ? 'key' : 'clean';
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof DiskSilent) throw error;
    return 'gone';
  }
}

/** Counts what is not shown, and says so. */
class Omissions {
  readonly #counts = { key: 0, large: 0 };

  add(verdict: Verdict): void {
    if (verdict === 'key' || verdict === 'large') this.#counts[verdict] += 1;
  }

  notes(): readonly string[] {
    const { key, large } = this.#counts;
    return [
      ...(key === 0
        ? []
        : [key === 1 ? '1 file that holds keys was left out.' : `${key} files that hold keys were left out.`]),
      ...(large === 0
        ? []
        : [
            `${large === 1 ? '1 file that is' : `${large} files that are`} too large to be looked through for keys ${large === 1 ? 'was' : 'were'} left out.`,
          ]),
    ];
  }
}

type Found = Map<string, readonly FoundLine[]>;

interface RootFound {
  readonly found: Found;
  readonly cut: boolean;
  /** Looks at all of a file in which something was found. */
  readonly verdictOn: (path: string) => Promise<Verdict>;
}

async function searchRoot(
  locator: Locator,
  judge: Judge,
  root: Root,
  query: SearchQuery,
  included: (path: string) => boolean,
  rg: string | null,
  signal: AbortSignal,
): Promise<RootFound> {
  const unsaved = await unsavedTexts(locator, root, included);
  const max = query.maxMatches + 1;
  if (rg === null || root.folder === null) return await scanRoot(locator, root, query, included, unsaved, signal);

  const output = new SearchOutput(maxCollected);
  const end = await withIncludes(
    locator,
    root,
    query.include,
    async (narrowing) =>
      await runRipgrep(rg, [...searchArgs(query, max), ...commonArgs(locator, root), ...narrowing, '--', '.'], {
        signal,
        timeoutMs,
        cwd: root.folder ?? '.',
        onOutput: (piece) => output.add(piece),
      }),
  );
  const found: Found = new Map(output.files);
  assertSearched(end, query, found.size > 0);
  // Named, so that no ignore file hides them.
  const tracked = await trackedFiles(locator, root, included);
  for (const part of inArguments(tracked)) {
    const own = new SearchOutput(maxCollected);
    const run = { signal, timeoutMs, cwd: root.folder, onOutput: (piece: Buffer) => own.add(piece) };
    assertSearched(await runRipgrep(rg, [...searchArgs(query, max), '--no-messages', '--', ...part], run), query, true);
    for (const path of part) found.delete(path.slice(2));
    for (const [path, lines] of own.files) found.set(path, lines);
  }
  for (const [path, text] of unsaved) {
    const own = new SearchOutput(maxCollected);
    const run = { signal, timeoutMs, stdin: text, onOutput: (piece: Buffer) => own.add(piece) };
    assertSearched(await runRipgrep(rg, [...searchArgs(query, max), '--', '-'], run), query, false);
    found.set(
      path,
      [...own.files.values()].flat().map((match) => ({ ...match, path })),
    );
  }
  const disk = diskOf(root, locator.facts);
  return {
    found,
    cut: end.code === null,
    verdictOn: async (path) => {
      const text = unsaved.get(path);
      if (text === undefined) return await judgeFile(judge, disk, path, signal);
      return (await holdsKey(text, signal)) ? 'key' : 'clean';
    },
  };
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
  let listed: string[] = [];
  const take = splitAt(0, (path) => void listed.push(path.replace(/^\.\//, '')));
  const slice = new TimeSlice();
  const tell = async (): Promise<boolean> => {
    const paths = listed;
    listed = [];
    for (const path of paths) {
      if (slice.isOver) await slice.yieldToOthers(signal);
      if (!tracked.has(path) && !onFile(path)) return false;
    }
    return true;
  };
  const tracked = new Set(await trackedFiles(locator, root, () => true));
  const args = ['--files', '--null', '--path-separator=/', ...commonArgs(locator, root)];
  const end = await runRipgrep(rg, args, {
    signal,
    timeoutMs,
    cwd: root.folder,
    onOutput: (piece) => {
      take(piece);
      return tell();
    },
  });
  for (const path of tracked) if (!onFile(path)) return 'cut';
  return end.code === null ? 'cut' : 'all';
}

/** The tracked files that ripgrep would leave out, as far as they are there. */
async function trackedFiles(
  locator: Locator,
  root: Root,
  included: (path: string) => boolean,
): Promise<readonly string[]> {
  if (!locator.visibility(root).settings.ignoreFiles) return [];
  const disk = diskOf(root, locator.facts);
  const there: string[] = [];
  for (const path of (await locator.tracked(root)).files) {
    if (included(path) && (await disk.stat(path, locator.signal))?.kind === 'file') there.push(path);
  }
  return there;
}

/** As many at a time as every system takes. */
function inArguments(paths: readonly string[]): readonly (readonly string[])[] {
  const parts: string[][] = [];
  let length = maxArguments;
  for (const path of paths) {
    if (length + path.length > maxArguments) {
      parts.push([]);
      length = 0;
    }
    parts.at(-1)?.push(`./${path}`);
    length += path.length + 3;
  }
  return parts;
}

/** Searches without ripgrep. */
async function scanRoot(
  locator: Locator,
  root: Root,
  query: SearchQuery,
  included: (path: string) => boolean,
  unsaved: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<RootFound> {
  const found: Found = new Map();
  const keys = new Set<string>();
  const verdictOn = async (path: string): Promise<Verdict> => (keys.has(path) ? 'key' : 'clean');
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
      if (count > query.maxMatches || Date.now() > until) return { found, cut: true, verdictOn };
      const text = unsaved.get(path) ?? (await textOf(locator.facts, root, disk, path, signal));
      if (text === null || text === '') continue;
      const lines = await scan.scan(text, query.maxMatches + 1, signal);
      if (lines.length === 0) continue;
      found.set(
        path,
        lines.map(({ line, text: shown }) => ({ path, line, text: shown })),
      );
      // What holds a key is not shown, and makes room for others.
      if (await holdsKey(text, signal)) keys.add(path);
      else count += lines.length;
    }
  } finally {
    scan.dispose();
  }
  return { found, cut: Date.now() > until, verdictOn };
}

/** null for what is no text, and what may not be read, as ripgrep does. */
async function textOf(
  facts: WorkspaceFacts,
  root: Root,
  disk: Disk,
  path: string,
  signal: AbortSignal,
): Promise<string | null> {
  try {
    const bytes = (await disk.read(path, maxVirtualBytes, signal)) ?? new Uint8Array();
    return (await decodeFile(bytes, facts.uriOf(root, path), facts.decoder))?.text ?? null;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof DiskSilent) throw error;
    return null;
  }
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
    if (isSecret(located) || isSecret(located.requested) || !(await locator.isVisible(located, false))) continue;
    texts.set(located.relative, document.text());
  }
  return texts;
}

/** Folder by folder, as the code units are: the same on every machine. */
function byPath(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
