/** The LanguageServices port over a window's providers. Knows VS Code only through `LanguageFacts`. */
import type {
  CodePlace,
  CodePosition,
  LanguageAnswer,
  LanguageServices,
  Portion,
  ServiceState,
} from '../../../core/tools/language/languageServices';
import { type Openable, ToolError } from '../../../core/tools/workspace';
import { sortInParts } from '../search/sort';
import type { HostWorkspace } from '../workspace';
import { outlineOf, placesOf, type RawPlace, type RawSymbol, symbolsOf } from './answers';
import type { LanguageFacts, LanguageQuestion } from './facts';
import { withDocument } from './loading';
import { problemsOf } from './problems';
import { SourceLines } from './sourceLines';
import { starters } from './starters';
import { inTime, type LanguageTimes, languageTimes, pauseFor } from './waiting';

/** Files that are named to sort an answer; those of a larger one are sorted by URI. */
const maxNamed = 5_000;

/** What is known of the services by languages. */
interface Known {
  /** Those whose service has found something: what it does not find after that is not there. */
  readonly ready: Set<string>;
  /** Those whose services have read the project. */
  readonly checked: Set<string>;
}

/** The language services of the window, for tools. Nothing is asked before a tool asks. */
export function createLanguageServices(
  facts: LanguageFacts,
  workspace: HostWorkspace,
  times: LanguageTimes = languageTimes,
  known: Known = { ready: new Set(), checked: new Set() },
): Openable<LanguageServices> {
  const { ready, checked } = known;

  const ask = <Item>(
    question: LanguageQuestion,
    what: string,
    read: (answer: unknown) => readonly Item[],
    signal: AbortSignal,
  ): Promise<readonly Item[]> => inTime(what, times.answer, facts.ask(question), signal).then(read);

  /** Asks until there is an answer, or until no more is to be expected. */
  const untilFound = async <Item>(
    language: string,
    again: () => Promise<readonly Item[]>,
    answersElse: () => Promise<boolean>,
    signal: AbortSignal,
  ): Promise<{ readonly items: readonly Item[]; readonly service: ServiceState }> => {
    let since = performance.now();
    let simpler = false;
    for (;;) {
      const items = await again();
      if (items.length > 0) {
        ready.add(language);
        return { items, service: 'ready' };
      }
      if (ready.has(language)) return { items, service: 'ready' };
      if (!simpler && (await answersElse())) {
        simpler = true;
        since = performance.now();
      }
      const waited = performance.now() - since;
      if (waited >= (simpler ? times.starting : times.silent))
        return { items, service: simpler ? 'starting' : 'silent' };
      await pauseFor(times.pause, signal);
    }
  };

  const places = async (
    question: LanguageQuestion & { readonly ask: 'definition' | 'references' },
    portion: Portion,
    signal: AbortSignal,
  ): Promise<LanguageAnswer<CodePlace>> => {
    const { uri } = question;
    const what = question.ask === 'definition' ? 'the definition' : 'the references';
    const { items, service, language } = await withDocument(
      { facts, times, checked, uri },
      signal,
      async (document) => {
        const found = () =>
          untilFound(
            `${question.ask} ${document.language}`,
            () => ask(question, what, placesOf, signal),
            async () => (await ask({ ask: 'outline', uri }, 'the outline', outlineOf, signal)).length > 0,
            signal,
          );
        const first = await found();
        if (first.items.length === 0 || checked.has(document.language))
          return { ...first, language: document.language };
        await document.hasReadProject(question.line, question.column);
        return { ...(await found()), language: document.language };
      },
    );
    const lines = new SourceLines(workspace.access(signal), facts);
    const sorted = await inOrder(items, lines, signal);
    const wanted = sorted.slice(portion.skip, portion.skip + portion.limit);
    return {
      items: await eachOf(wanted, (place) => lines.place(place)),
      total: sorted.length,
      files: new Set(sorted.map((place) => place.uri)).size,
      service,
      language,
    };
  };

  return {
    allowing: (reads) => createLanguageServices(facts, workspace.allowing(reads), times, known),

    problems: (path, least, portion, signal) => problemsOf({ facts, workspace, times, path, least, portion }, signal),

    definition: ({ uri, line, column }: CodePosition, signal) =>
      places({ ask: 'definition', uri, line, column }, { skip: 0, limit: 50 }, signal),

    references: ({ uri, line, column }: CodePosition, portion, signal) =>
      places({ ask: 'references', uri, line, column }, portion, signal),

    async symbols(query, limit, signal) {
      let started: Promise<boolean> | null = null;
      const { items, service } = await untilFound(
        'symbols',
        () => ask({ ask: 'symbols', query }, 'the symbols', symbolsOf, signal),
        // Many services know the workspace only once a file of their language was loaded.
        () => {
          started ??= startServices({ facts, workspace, times, checked }, signal);
          return started;
        },
        signal,
      );
      const lines = new SourceLines(workspace.access(signal), facts);
      const inside: RawSymbol[] = [];
      for (const symbol of items) if (!(await lines.name(symbol.uri)).outside) inside.push(symbol);
      const sorted = await inOrder(inside, lines, signal);
      const best = new Set(
        sorted.toSorted((a, b) => distance(a.name, query) - distance(b.name, query)).slice(0, limit),
      );
      const wanted = sorted.filter((symbol) => best.has(symbol));
      return {
        items: await eachOf(wanted, async (symbol) => ({ ...(await lines.place(symbol)), ...namesOf(symbol) })),
        total: sorted.length,
        files: new Set(sorted.map(({ uri }) => uri)).size,
        service,
        language: null,
      };
    },

    async outline(path, signal) {
      const resolved = await workspace.resolve(path, signal);
      if (resolved?.kind !== 'file') {
        throw new ToolError(`${resolved?.path ?? 'The workspace'} is a folder: list_directory shows what is in it.`);
      }
      const { uri } = resolved;
      const language = await inTime('the outline', times.answer, facts.load(uri), signal);
      const { items, service } = await untilFound(
        `outline ${language}`,
        () => ask({ ask: 'outline', uri }, 'the outline', outlineOf, signal),
        async () => false,
        signal,
      );
      return { items, total: items.length, files: 1, service, language, path: resolved.path };
    },
  };
}

function namesOf({ name, kind, container }: RawSymbol): Pick<RawSymbol, 'name' | 'kind' | 'container'> {
  return { name, kind, container };
}

/** The better a name fits the smaller. */
function distance(name: string, query: string): number {
  if (name === query) return 0;
  const [lower, wanted] = [name.toLowerCase(), query.toLowerCase()];
  if (lower === wanted) return 1;
  if (lower.startsWith(wanted)) return 2;
  return lower.includes(wanted) ? 3 : 4;
}

/** By how their files are named, those outside last, each line once. */
async function inOrder<Place extends RawPlace>(
  places: readonly Place[],
  lines: SourceLines,
  signal: AbortSignal,
): Promise<readonly Place[]> {
  const names = new Map<string, string>();
  for (const { uri } of places) {
    if (names.has(uri)) continue;
    const { path, outside } = names.size < maxNamed ? await lines.name(uri) : { path: uri, outside: false };
    names.set(uri, `${outside ? 1 : 0}${path}`);
  }
  const keyed = places.map((place) => ({
    place,
    key: `${names.get(place.uri)}\0${String(place.line ?? 0).padStart(9, '0')}${'name' in place ? String(place.name) : ''}`,
  }));
  const sorted = await sortInParts(keyed, (a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0), signal);
  return sorted.filter(({ key }, index) => key !== sorted[index - 1]?.key).map(({ place }) => place);
}

/** One after the other: each may read a file. */
async function eachOf<T, U>(items: readonly T[], read: (item: T) => Promise<U>): Promise<readonly U[]> {
  const results: U[] = [];
  for (const item of items) results.push(await read(item));
  return results;
}

interface Starting {
  readonly facts: LanguageFacts;
  readonly workspace: HostWorkspace;
  readonly times: LanguageTimes;
  readonly checked: Set<string>;
}

/** Loads a file of each common language that the workspace has: true when one was loaded. */
async function startServices({ facts, workspace, times, checked }: Starting, signal: AbortSignal): Promise<boolean> {
  if (workspace.roots().length === 0) return false;
  const started = await Promise.all(
    starters.map(async (pattern) => {
      const [path] = (await workspace.findFiles(pattern, 1, signal)).paths;
      if (path === undefined) return false;
      const resolved = await workspace.resolve(path, signal);
      if (resolved === null) return false;
      await withDocument(
        { facts, times, checked, uri: resolved.uri },
        signal,
        async ({ hasReadProject }) => await hasReadProject(1, 1),
      );
      return true;
    }),
  ).catch((error: unknown) => {
    signal.throwIfAborted();
    if (error instanceof ToolError) return [];
    throw error;
  });
  return started.some(Boolean);
}
