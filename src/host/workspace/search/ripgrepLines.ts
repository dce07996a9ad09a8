/**
 * Searches a root with ripgrep. It runs over the bytes of all files at once; what it finds in a file whose text an editor
 * would show otherwise is looked for again in that text (LESSONS L55).
 */
import { type SearchQuery, ToolError } from '../../../core/tools/workspace';
import { type Disk, diskOf, maxVirtualBytes } from '../files/disk';
import { DiskSilent } from '../files/door';
import type { Root } from '../files/facts';
import { type Written, writtenOf } from '../files/fileScan';
import { type Judge, type Judging, maxJudgedBytes } from '../files/judge';
import type { Locator } from '../ignore/locate';
import { encodingOf, isAsWritten, type RootEncoding, textToSearch } from './encodings';
import type { FileLines, RootLines, Search } from './fileLines';
import type { Verdict } from './omissions';
import { byPath } from './order';
import type { LineQuery } from './query';
import { type RipgrepEnd, runRipgrep, splitAt } from './ripgrep';
import { type FoundLine, SearchOutput } from './searchOutput';
import { commonArgs, timeoutMs, trackedFiles, withIncludes } from './searchScope';

/** Lines that are kept, so that those returned are the first by path and not the first by chance. */
const maxCollected = 5_000;
/** Characters of a command line that are paths. */
const maxArguments = 24_000;
/** Files that are decoded because ripgrep cannot. */
const maxDecoded = 2_000;
/** Files that are looked at side by side: a disk answers two calls at a time. */
const lanes = 3;
/** Characters of texts that are searched at once. */
const maxTextAtOnce = 16 * 1024 * 1024;

interface Searched {
  readonly end: RipgrepEnd;
  /** Files that have to be decoded. */
  readonly others: readonly string[];
}

interface RipgrepSearch extends Search {
  readonly rg: string;
  readonly folder: string;
}

/** Throws a ToolError for a query that ripgrep does not take. */
export async function byRipgrep(
  locator: Locator,
  judge: Judge,
  root: Root,
  search: RipgrepSearch,
  signal: AbortSignal,
): Promise<RootLines> {
  const { query, line, scope, unsaved, rg, folder } = search;
  const encoding = encodingOf(locator.facts, root);
  const kept = { lines: maxCollected, perFile: query.output === 'counts' ? 0 : perFileOf(query) };
  const asked = scope.only === null ? trackedFiles(locator, root, scope.included) : Promise.resolve([scope.only]);
  asked.catch(() => {});
  const output = new SearchOutput(kept);
  const own = [...searchArgs(query, line, line.overBytes), ...encodingArgs(encoding)];
  const among = [...commonArgs(locator, root), ...scope.excluded.flatMap((rule) => ['-g', `!${rule}`])];
  const run = { signal, timeoutMs, cwd: folder };
  const searchAmong = async (narrowing: readonly string[]): Promise<Searched> => {
    const where = [...among, ...narrowing];
    const onOutput = (piece: Buffer): true => {
      output.add(piece);
      return true;
    };
    const found = await runRipgrep(rg, [...own, ...where, '--', '.'], { ...run, onOutput });
    assertSearched(found, query, output.files.size > 0);
    return { end: found, others: bytes === null ? [] : await filesWith(bytes, rg, where, run) };
  };
  const bytes = line.isAscii ? null : bytesToDecode(encoding);
  // One file is named, and its folder not gone through.
  const { end, others } =
    scope.only === null
      ? await withIncludes(scope.rules, searchAmong)
      : { end: { code: 0 }, others: bytes === null ? [] : [scope.only] };
  // Named, so that no ignore file hides them.
  for (const part of inArguments(await asked)) {
    const more = new SearchOutput(kept);
    const onOutput = (piece: Buffer): true => {
      more.add(piece);
      return true;
    };
    const found = await runRipgrep(rg, [...own, '--no-messages', '--', ...part], { ...run, onOutput });
    assertSearched(found, query, true);
    for (const [path, file] of more.files) output.include(path, file);
  }
  const open = new Set(others.slice(0, maxDecoded));
  const paths = [...new Set([...output.files.keys(), ...open, ...unsaved.keys()])].sort(byPath);
  const disk = diskOf(root, locator.facts);
  return {
    paths,
    cut: end.code === null || output.isCut,
    note: others.length > maxDecoded ? encoding.note : null,
    linesOf: async (some) => {
      const lines = new Map<string, FileLines>();
      /** Its text where that has to be searched again. */
      const lookAt = async (path: string): Promise<string | null> => {
        const text = unsaved.get(path);
        const place = { root, relative: path };
        const isAnySize = locator.allows(place, 'unchecked');
        const { verdict, written } = await (text === undefined
          ? judgeFile(locator.judging(place, judge), disk, path, isAnySize, signal)
          : locator
              .judging(place, judge)
              .text(text, signal)
              .then((is): Judged => ({ verdict: is ? 'key' : 'clean', written: null })));
        const file = output.files.get(path);
        lines.set(path, { lines: [], count: 0, ...file, verdict });
        // Of a file with a key only whether something was found in it matters.
        if (
          verdict === 'gone' ||
          verdict === 'large' ||
          (verdict === 'key' && file !== undefined && text === undefined)
        ) {
          return null;
        }
        if (written !== null && isAsWritten(written, line.loose, encoding)) return null;
        return text ?? (await textAsShown(locator, root, disk, path, line, encoding, signal));
      };
      // Side by side: waiting for the disk is most of it.
      const looked = new Map<string, string | null>();
      const left = some.values();
      const lane = async (): Promise<void> => {
        for (const path of left) looked.set(path, await lookAt(path));
      };
      await Promise.all(Array.from({ length: lanes }, lane));
      // In their order, whichever came first.
      const texts = new Map<string, string>();
      for (const path of some) {
        const text = looked.get(path) ?? null;
        if (text !== null) texts.set(path, text);
      }
      for (const [path, found] of await linesInTexts(rg, query, line, texts, signal)) {
        lines.set(path, { ...found, verdict: lines.get(path)?.verdict ?? 'clean' });
      }
      return lines;
    },
  };
}

function perFileOf({ output, maxMatches }: SearchQuery): number {
  if (output === 'counts') return Number.MAX_SAFE_INTEGER;
  return output === 'files' ? 1 : maxMatches + 1;
}

/** The text of a file when its bytes do not say all; null when what was found in them holds. */
async function textAsShown(
  locator: Locator,
  root: Root,
  disk: Disk,
  path: string,
  line: LineQuery,
  encoding: RootEncoding,
  signal: AbortSignal,
): Promise<string | null> {
  try {
    const bytes = await disk.read(path, maxVirtualBytes + 1, signal);
    if (bytes === null || bytes.length > maxVirtualBytes || isAsWritten(writtenOf(bytes), line.loose, encoding))
      return null;
    return await textToSearch(locator.facts, locator.facts.uriOf(root, path), bytes);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof DiskSilent) throw error;
    return null;
  }
}

interface Judged {
  readonly verdict: Verdict;
  /** null where its bytes have to be looked at again. */
  readonly written: Written | null;
}

/** What may be shown of a file of the disk: all of it or nothing. */
async function judgeFile(
  judge: Judging,
  disk: Disk,
  path: string,
  isAnySize: boolean,
  signal: AbortSignal,
): Promise<Judged> {
  const unread = (verdict: Verdict): Judged => ({ verdict, written: null });
  try {
    const found = await disk.stat(path, signal);
    if (found?.kind !== 'file') return unread('gone');
    if (found.size > maxJudgedBytes) return unread(isAnySize ? 'clean' : 'large');
    const scan = await judge.file(disk, path, found, signal);
    if (scan === null) return unread('gone');
    return { verdict: scan.holdsKey ? 'key' : 'clean', written: scan.written };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof DiskSilent) throw error;
    // It was there, and cannot be looked through now.
    return unread('gone');
  }
}

/** Searches texts, all in one run: one behind another, told apart by the numbers of their lines. */
async function linesInTexts(
  rg: string,
  query: SearchQuery,
  line: LineQuery,
  texts: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Omit<FileLines, 'verdict'>>> {
  const found = new Map<string, Omit<FileLines, 'verdict'>>();
  let batch: { readonly path: string; readonly text: string; readonly first: number; readonly next: number }[] = [];
  let length = 0;
  const search = async (): Promise<void> => {
    const output = new SearchOutput({ lines: Number.MAX_SAFE_INTEGER, perFile: maxLinesInTexts });
    const onOutput = (piece: Buffer): boolean => {
      output.add(piece);
      return true;
    };
    const stdin = batch.map(({ text }) => (text.endsWith('\n') ? text : `${text}\n`)).join('');
    const args = [...searchArgs(query, line, line.overText, Number.MAX_SAFE_INTEGER), '--text', '--encoding=none'];
    assertSearched(await runRipgrep(rg, [...args, '--', '-'], { signal, timeoutMs, stdin, onOutput }), query, false);
    const lines = [...output.files.values()].flatMap((file) => file.lines);
    for (const { path, first, next } of batch) {
      const own = lines.filter((one) => one.line >= first && one.line < next);
      found.set(
        path,
        limited(
          own.map((one) => numbered(one, one.line - first + 1)),
          query,
        ),
      );
    }
    batch = [];
    length = 0;
  };
  let first = 1;
  for (const [path, text] of texts) {
    const next = first + countOf(text);
    batch.push({ path, text, first, next });
    first = next;
    length += text.length;
    if (length > maxTextAtOnce) {
      await search();
      first = 1;
    }
  }
  if (batch.length > 0) await search();
  return found;
}

/** Matching lines, of all texts of a run. */
const maxLinesInTexts = 200_000;

function numbered({ text, context }: FoundLine, line: number): Omit<FoundLine, 'path'> {
  return context === true ? { line, text, context } : { line, text };
}

/** With the lines around those that are kept, and not those around a line of the text before or behind. */
function limited(lines: readonly Omit<FoundLine, 'path'>[], query: SearchQuery): Omit<FileLines, 'verdict'> {
  const all = lines.filter(({ context }) => context !== true);
  const kept = all.slice(0, perFileOf(query)).map(({ line }) => line);
  const distance = query.contextLines ?? 0;
  const last = kept.at(-1) ?? 0;
  let at = 0;
  const near = lines.filter(({ line, context }) => {
    while ((kept[at] ?? Number.POSITIVE_INFINITY) < line - distance) at += 1;
    const next = kept[at];
    return next !== undefined && (context === true ? next <= line + distance : last >= line);
  });
  return { lines: near, count: kept.length };
}

function countOf(text: string): number {
  let count = text.endsWith('\n') ? 0 : 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

/** In files with these only VS Code can say what is there; null: in none. */
function bytesToDecode({ isOpen, label }: RootEncoding): string | null {
  if (isOpen) return '[\\x80-\\xff]';
  // A mark of UTF-8 overrules the settings of the editor, but not what ripgrep is told.
  return label === null ? null : '^\\xef\\xbb\\xbf';
}

/** Files in which these bytes are. */
async function filesWith(
  bytes: string,
  rg: string,
  where: readonly string[],
  run: { readonly signal: AbortSignal; readonly timeoutMs: number; readonly cwd: string },
): Promise<readonly string[]> {
  const paths: string[] = [];
  const take = splitAt(0, (path) => void paths.push(path.startsWith('./') ? path.slice(2) : path));
  const args = ['--files-with-matches', '--null', '--path-separator=/', '--encoding=none', `--regexp=(?-u)${bytes}`];
  const onOutput = (piece: Buffer): boolean => {
    take(piece);
    return true;
  };
  await runRipgrep(rg, [...args, ...where, '--', '.'], { ...run, onOutput });
  return paths.sort(byPath);
}

function searchArgs(
  query: SearchQuery,
  line: LineQuery,
  expression: string,
  most = perFileOf(query),
): readonly string[] {
  const context = query.output === undefined || query.output === 'lines' ? (query.contextLines ?? 0) : 0;
  return [
    '--json',
    ...(line.crlf ? ['--crlf'] : []),
    line.ignoreCase ? '--ignore-case' : '--case-sensitive',
    ...(most === Number.MAX_SAFE_INTEGER ? [] : [`--max-count=${most}`]),
    ...(context > 0 ? [`--context=${context}`] : []),
    // One match a line, however many there are: ripgrep would name each of 20 million in a line of 20 MB.
    `--regexp=^(?-u:[^\\n])*?(?:${expression})`,
  ];
}

function encodingArgs({ label }: RootEncoding): readonly string[] {
  return label === null ? [] : [`--encoding=${label}`];
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
