/** Finding lines over all roots: ripgrep where the disk is, JavaScript elsewhere. */
import { TimeSlice } from '../../../core/base/timeSlice';
import { isSecretText } from '../../../core/tools/secrets/secretFiles';
import type { SearchOutcome, SearchQuery } from '../../../core/tools/workspace';
import type { Root } from '../files/facts';
import type { Judge } from '../files/judge';
import type { Locator } from '../ignore/locate';
import { isHeldBack, isNamedFile } from '../ignore/patternPlaces';
import type { FileLines, RootLines, Scope } from './fileLines';
import { ignoredBelow } from './ignoredNames';
import { whyNothing } from './nothing';
import { Omissions } from './omissions';
import type { PathPattern } from './pattern';
import { readQuery } from './query';
import { byRipgrep } from './ripgrepLines';
import { scanRoot } from './scanLines';
import { type Area, areasOf, eachRoot, includesOf, timeoutMs } from './searchScope';
import { unsavedTexts } from './unsaved';

/** Files that are looked at together. */
const filesAtOnce = 16;

/** What is collected over all roots. */
interface Collected {
  readonly matches: { path: string; line: number; text: string; context?: true }[];
  readonly perFile: { path: string; count: number }[];
  /** Lines, or files, that may still be added. */
  room: number;
  truncated: boolean;
  readonly omissions: Omissions;
}

/**
 * Matching lines of visible files, by path and line; unsaved editors as they are. A file whose lines would be shown is
 * judged whole, and left out when it holds a key anywhere. Throws a ToolError for a query or a pattern that is wrong.
 */
export async function searchText(
  locator: Locator,
  judge: Judge,
  query: SearchQuery,
  signal: AbortSignal,
): Promise<SearchOutcome> {
  const line = readQuery(query);
  const areas = await areasOf(locator, { include: query.include, exclude: query.exclude ?? null }, 'include', signal);
  const collected: Collected = {
    matches: [],
    perFile: [],
    room: query.maxMatches,
    truncated: false,
    omissions: new Omissions(),
  };
  const hidden: string[] = [];
  const rg = await locator.facts.ripgrep();
  const notes = await eachRoot(locator, areas, signal, async (area) => {
    const { root, include } = area;
    const naming = area.only === null ? namesOf(locator, root, include, signal) : [];
    const scope = scopeOf(locator, area);
    const unsaved = await unsavedTexts(locator, root, scope.included);
    const searched =
      rg === null || root.folder === null
        ? await scanRoot(locator, root, { query, line, scope, unsaved }, signal)
        : await byRipgrep(locator, judge, root, { query, line, scope, unsaved, rg, folder: root.folder }, signal);
    await collect(locator, root, { query, scope, searched, collected }, signal);
    if (searched.note !== null) collected.omissions.say(searched.note);
    hidden.push(...(await naming));
    return true;
  });
  const { matches, perFile, truncated, omissions } = collected;
  if (perFile.length === 0 && !truncated) {
    // An exclude that excludes nothing is no fault.
    await whyNothing(locator, includesOf(areas, 'include'), signal);
  }
  const said = [...omissions.notes(), ...notes, ...hidden];
  return {
    matches,
    ...(isByFile(query) ? { perFile } : {}),
    files: perFile.length,
    truncated,
    ...(said.length === 0 ? {} : { notes: said }),
  };
}

async function namesOf(
  locator: Locator,
  root: Root,
  include: PathPattern | null,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const scope = include === null ? null : { pattern: include, mine: include.forRoot(root) };
  return await ignoredBelow(locator, root, scope, signal);
}

function scopeOf(locator: Locator, { root, include, exclude, only }: Area): Scope {
  const taken = include?.forRoot(root) ?? null;
  const left = exclude?.forRoot(root) ?? null;
  return {
    included: (path) =>
      (only === null || path === only) &&
      taken?.matches(path) !== false &&
      left?.covers(path) !== true &&
      !isHeldBack(locator, root, path),
    only,
    rules: taken?.rules ?? null,
    excluded: left?.exact ?? [],
  };
}

interface Collecting {
  readonly query: SearchQuery;
  readonly scope: Scope;
  readonly searched: RootLines;
  readonly collected: Collected;
}

/** Takes the files one after another, in their order, until there is no room. */
async function collect(
  locator: Locator,
  root: Root,
  { query, scope, searched, collected }: Collecting,
  signal: AbortSignal,
): Promise<void> {
  const until = Date.now() + timeoutMs;
  const slice = new TimeSlice();
  collected.truncated ||= searched.cut;
  for (let from = 0; from < searched.paths.length; from += filesAtOnce) {
    const visible: string[] = [];
    for (const path of searched.paths.slice(from, from + filesAtOnce)) {
      if (slice.isOver) await slice.yieldToOthers(signal);
      signal.throwIfAborted();
      if (!scope.included(path)) continue;
      if (isNamedFile(locator, root, path) || (await locator.visibility(root).isVisible(path, false)))
        visible.push(path);
    }
    if (visible.length === 0) continue;
    if (Date.now() > until || (collected.room === 0 && collected.truncated)) {
      collected.truncated = true;
      return;
    }
    const found = await searched.linesOf(visible);
    for (const path of visible) {
      const file = found.get(path);
      const place = { root, relative: path };
      const shown = { path: locator.displayPath(place), mayHoldKey: locator.allows(place, 'secret') };
      if (file !== undefined) take(shown, file, query, collected);
    }
  }
}

function isByFile({ output }: SearchQuery): boolean {
  return output === 'files' || output === 'counts';
}

function take(
  { path, mayHoldKey }: { readonly path: string; readonly mayHoldKey: boolean },
  { lines, count, verdict }: FileLines,
  query: SearchQuery,
  collected: Collected,
): void {
  if (verdict === 'gone' || count === 0) return;
  if (collected.room === 0) {
    collected.truncated = true;
    return;
  }
  // The file may have been another one when it was searched.
  const isKey = !mayHoldKey && verdict === 'clean' && isSecretText(lines.map(({ text }) => text).join('\n'));
  const judged = isKey ? 'key' : verdict;
  if (judged !== 'clean') {
    collected.omissions.add(judged);
    return;
  }
  if (isByFile(query)) {
    collected.perFile.push({ path, count });
    collected.room -= 1;
    return;
  }
  let shown = 0;
  for (const { line, text, context } of lines) {
    if (context !== true) {
      if (collected.room === 0) {
        collected.truncated = true;
        // What stands before the next match belongs to it.
        while (collected.matches.at(-1)?.context === true && collected.matches.at(-1)?.path === path) {
          collected.matches.pop();
        }
        break;
      }
      collected.room -= 1;
      shown += 1;
    }
    collected.matches.push({ path, line, text, ...(context === true ? { context } : {}) });
  }
  collected.perFile.push({ path, count: shown });
}
