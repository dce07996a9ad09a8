/** The names of the workspace's files and folders, for what is mentioned of them: listed when they are first asked for. */
import { TimeSlice } from '../../../core/base/timeSlice';
import { isSecretPath } from '../../../core/tools/secrets/secretFiles';
import type { FoundFiles, Mention } from '../../../shared/mentions/mentions';
import type { HostWorkspace } from '../workspace';
import { type Candidate, candidateOf, marksOf, scoreOf, type Wanted, wantedOf } from './match';

/** Files that are listed; a workspace with more of them names the first. */
const maxFiles = 100_000;
/** Rows of an answer. */
const maxRows = 50;
/** ms for which a list is taken to be as it was. After that it still answers while the next one is made. */
const freshMs = 30_000;
/** The same of one that failed. */
const failedMs = 3_000;
/** ms that an answer waits for the first list. */
const patienceMs = 150;
/** ms for which listing may go on. */
const listingMs = 60_000;
/** What a file that was in use lately is worth beyond how it matches, and how much less the one behind it. */
const recentWorth = 300;
const perRecent = 10;
/** A folder behind the files that match as well. */
const folderLess = 30;

/** A file or folder that was in use lately. */
export interface Recent {
  readonly kind: 'file' | 'folder';
  readonly path: string;
}

interface Listed {
  /** Of both. */
  readonly paths: ReadonlySet<string>;
  readonly files: readonly Candidate[];
  readonly folders: readonly Candidate[];
}

const nothing: Listed = { paths: new Set(), files: [], folders: [] };

interface Scored {
  readonly candidate: Candidate;
  readonly isFolder: boolean;
  readonly score: number;
  readonly recent: boolean;
}

/** Finds files and folders by a few letters. It lists names, and reads nothing. */
export class FileIndex {
  #listed: Listed = nothing;
  #listing: Promise<void> | null = null;
  /** When it is listed again. */
  #again = Number.NEGATIVE_INFINITY;
  readonly #closed = new AbortController();
  /** What the last query let through, so that a longer one looks through that alone. */
  #narrowed: { readonly of: Listed; readonly letters: string; readonly passed: Listed } | null = null;

  constructor(
    private readonly workspace: Pick<HostWorkspace, 'findFiles' | 'roots'>,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Begins to list what is not known, or was listed long ago. */
  refresh(): void {
    if (this.#listing !== null || this.now() < this.#again || this.workspace.roots().length === 0) return;
    this.#listing = this.#list()
      .then(
        () => freshMs,
        () => failedMs,
      )
      .then((pause) => {
        this.#listing = null;
        this.#again = this.now() + pause;
      });
  }

  /** What matches, the best first; `recent` was in use lately, the latest first. None for no letters. */
  async find(query: string, recent: readonly Recent[], signal: AbortSignal): Promise<FoundFiles> {
    this.refresh();
    if (this.#listed === nothing && this.#listing !== null) await soon(this.#listing);
    // A list that is renewed still answers: what is new is found when it is there.
    const partial = this.#listing !== null;
    const wanted = wantedOf(query);
    if (wanted.letters === '') return { rows: [], total: 0, partial };
    const listed = this.#listed;
    const ranks = new Map(recent.map(({ kind, path }, rank) => [`${kind} ${path}`, rank]));
    const best = new Best(maxRows);
    const slice = new TimeSlice();
    const passed = { files: [] as Candidate[], folders: [] as Candidate[] };
    let count = 0;
    const look = (candidate: Candidate, kind: Recent['kind']): boolean => {
      const score = scoreOf(candidate, wanted);
      if (score === 0) return false;
      count += 1;
      const rank = ranks.get(`${kind} ${candidate.path}`);
      const more = rank === undefined ? 0 : Math.max(0, recentWorth - rank * perRecent);
      const isFolder = kind === 'folder';
      best.add({ candidate, isFolder, score: score + more - (isFolder ? folderLess : 0), recent: rank !== undefined });
      return true;
    };
    // What is in use is found whether it is listed yet or not.
    for (const { kind, path } of recent) if (!listed.paths.has(path)) look(candidateOf(path), kind);
    const within = this.#within(listed, wanted);
    for (const [all, kind] of [['files', 'file'] as const, ['folders', 'folder'] as const]) {
      for (const candidate of within[all]) {
        if (slice.isOver) await slice.yieldToOthers(signal);
        if (look(candidate, kind)) passed[all].push(candidate);
      }
    }
    this.#narrowed = { of: listed, letters: wanted.letters, passed: { paths: listed.paths, ...passed } };
    const rows = best.sorted.map(({ candidate, isFolder, recent: used }) => row(candidate, isFolder, used, wanted));
    // Of few it is known how many are offered.
    return { rows, total: count > maxRows ? count : rows.length, partial };
  }

  dispose(): void {
    this.#closed.abort();
  }

  #within(listed: Listed, { letters }: Wanted): Listed {
    const narrowed = this.#narrowed;
    return narrowed !== null && narrowed.of === listed && letters.startsWith(narrowed.letters)
      ? narrowed.passed
      : listed;
  }

  /** Rejects where it fails: then what is known holds, and it is tried again after a while. */
  async #list(): Promise<void> {
    const signal = AbortSignal.any([this.#closed.signal, AbortSignal.timeout(listingMs)]);
    const slice = new TimeSlice();
    const files: Candidate[] = [];
    const folders = new Map<string, Candidate>();
    for (const { pattern, most } of patternsOf(this.workspace.roots())) {
      const { paths } = await this.workspace.findFiles(pattern, most, signal);
      for (const path of paths) {
        if (slice.isOver) await slice.yieldToOthers(signal);
        files.push(candidateOf(path));
        for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
          const folder = path.slice(0, at);
          if (folders.has(folder)) break;
          folders.set(folder, candidateOf(folder));
        }
      }
    }
    const paths = new Set([...files.map(({ path }) => path), ...folders.keys()]);
    this.#listed = { paths, files, folders: [...folders.values()] };
  }
}

/** One root never takes the places of the others; where its name reads as a pattern, all are listed together. */
function patternsOf(roots: readonly { readonly name: string }[]): readonly { pattern: string; most: number }[] {
  if (roots.length < 2 || roots.some(({ name }) => /[*?[\]{}!\\,]/.test(name)))
    return [{ pattern: '**', most: maxFiles }];
  const most = Math.floor(maxFiles / roots.length);
  return roots.map(({ name }) => ({ pattern: `${name}/**`, most }));
}

/** A row for a path; marks are where the query is. */
function row(candidate: Candidate, isFolder: boolean, recent: boolean, wanted: Wanted): Mention {
  const { path, nameAt } = candidate;
  return {
    kind: isFolder ? 'folder' : 'file',
    id: path,
    name: path.slice(nameAt),
    detail: path.slice(0, Math.max(0, nameAt - 1)),
    marks: marksOf(candidate, wanted),
    recent,
  };
}

/** Rows for what was in use lately, the latest first. */
export function recentRows(recent: readonly Recent[]): readonly Mention[] {
  const all = wantedOf('');
  return recent.slice(0, maxRows).map(({ kind, path }) => row(candidateOf(path), kind === 'folder', true, all));
}

/** Keeps the best of many, and little more than those. */
class Best {
  #kept: Scored[] = [];
  #least = Number.NEGATIVE_INFINITY;

  constructor(private readonly count: number) {}

  add(one: Scored): void {
    // What is never read without asking is not offered; of most that match that need not be known.
    if (one.score < this.#least || isSecretPath(one.candidate.path)) return;
    this.#kept.push(one);
    if (this.#kept.length < 4 * this.count) return;
    this.#kept = this.#cut();
    this.#least = this.#kept.at(-1)?.score ?? this.#least;
  }

  get sorted(): readonly Scored[] {
    return this.#cut();
  }

  #cut(): Scored[] {
    return this.#kept.sort(better).slice(0, this.count);
  }
}

/** By score, then by path: the same on every machine. */
function better(a: Scored, b: Scored): number {
  if (a.score !== b.score) return b.score - a.score;
  return a.candidate.path < b.candidate.path ? -1 : a.candidate.path > b.candidate.path ? 1 : 0;
}

/** Resolves with the work, or when it takes too long for an answer. */
async function soon(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, patienceMs);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}
