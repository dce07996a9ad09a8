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
/** ms that an answer waits for the first list. */
const patienceMs = 150;
/** ms for which listing may go on. */
const listingMs = 60_000;
/** What a file that was in use lately is worth beyond how it matches, and how much less the one behind it. */
const recentWorth = 300;
const perRecent = 10;
/** A folder behind the files that match as well. */
const folderLess = 30;

interface Listed {
  readonly files: readonly Candidate[];
  readonly folders: readonly Candidate[];
}

interface Scored {
  readonly candidate: Candidate;
  readonly isFolder: boolean;
  readonly score: number;
  readonly recent: boolean;
}

/** Finds files and folders by a few letters. It lists names, and reads nothing. */
export class FileIndex {
  #listed: Listed | null = null;
  #listing: Promise<void> | null = null;
  #at = Number.NEGATIVE_INFINITY;
  readonly #closed = new AbortController();
  /** What the last query let through, so that a longer one looks through that alone. */
  #narrowed: { readonly of: Listed; readonly letters: string; readonly passed: Listed } | null = null;

  constructor(
    private readonly workspace: Pick<HostWorkspace, 'findFiles' | 'roots'>,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Begins to list what is not known, or was listed long ago. */
  refresh(): void {
    if (this.#listing !== null || this.now() - this.#at < freshMs || this.workspace.roots().length === 0) return;
    this.#listing = this.#list().finally(() => {
      this.#listing = null;
      this.#at = this.now();
    });
  }

  /** What matches, the best first; `recent` are paths in use lately, the latest first. None for no letters. */
  async find(query: string, recent: readonly string[], signal: AbortSignal): Promise<FoundFiles> {
    this.refresh();
    if (this.#listed === null && this.#listing !== null) await soon(this.#listing);
    const partial = this.#listed === null && this.#listing !== null;
    const wanted = wantedOf(query);
    const listed = this.#listed;
    if (listed === null || wanted.letters === '') return { rows: [], total: 0, partial };
    const ranks = new Map(recent.map((path, rank) => [path, rank]));
    const best = new Best(maxRows);
    const slice = new TimeSlice();
    const passed = { files: [] as Candidate[], folders: [] as Candidate[] };
    for (const kind of ['files', 'folders'] as const) {
      const isFolder = kind === 'folders';
      for (const candidate of this.#within(listed, wanted)[kind]) {
        if (slice.isOver) await slice.yieldToOthers(signal);
        const score = scoreOf(candidate, wanted);
        if (score === 0) continue;
        passed[kind].push(candidate);
        const rank = isFolder ? undefined : ranks.get(candidate.path);
        const more = isFolder ? -folderLess : rank === undefined ? 0 : Math.max(0, recentWorth - rank * perRecent);
        best.add({ candidate, isFolder, score: score + more, recent: rank !== undefined });
      }
    }
    this.#narrowed = { of: listed, letters: wanted.letters, passed };
    const rows = best.sorted.map(({ candidate, isFolder, recent: used }) => row(candidate, isFolder, used, wanted));
    return { rows, total: passed.files.length + passed.folders.length, partial };
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

  async #list(): Promise<void> {
    const signal = AbortSignal.any([this.#closed.signal, AbortSignal.timeout(listingMs)]);
    try {
      const { paths } = await this.workspace.findFiles('**', maxFiles, signal);
      const slice = new TimeSlice();
      const files: Candidate[] = [];
      const folders = new Map<string, Candidate>();
      for (const path of paths) {
        if (slice.isOver) await slice.yieldToOthers(signal);
        files.push(candidateOf(path));
        for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
          const folder = path.slice(0, at);
          if (folders.has(folder)) break;
          folders.set(folder, candidateOf(folder));
        }
      }
      this.#listed = { files, folders: [...folders.values()] };
    } catch {
      // Without a list what was in use lately is offered, and the next question asks again.
    }
  }
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

/** Rows for files in use lately that a query matches, the latest first. */
export function recentRows(paths: readonly string[]): readonly Mention[] {
  const all = wantedOf('');
  return paths.slice(0, maxRows).map((path) => row(candidateOf(path), false, true, all));
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
