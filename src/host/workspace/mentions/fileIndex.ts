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
/** Candidates that are looked at between two looks at the clock. */
const atOnce = 1_000;

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
  readonly #judged = new WeakMap<Candidate, boolean>();

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
    const best = new Best(maxRows, (candidate) => this.#isSecret(candidate));
    let count = 0;
    // What is in use is found whether it is listed yet or not; being first, it also rules most others out.
    const used = { files: new Set<string>(), folders: new Set<string>() };
    recent.forEach(({ kind, path }, rank) => {
      used[kind === 'file' ? 'files' : 'folders'].add(path);
      const candidate = candidateOf(path);
      const score = scoreOf(candidate, wanted);
      if (score === 0) return;
      if (!listed.paths.has(path)) count += 1;
      const isFolder = kind === 'folder';
      const more = Math.max(0, recentWorth - rank * perRecent) - (isFolder ? folderLess : 0);
      best.add({ candidate, isFolder, score: score + more, recent: true });
    });
    const slice = new TimeSlice();
    const within = this.#within(listed, wanted);
    const passed = { files: [] as Candidate[], folders: [] as Candidate[] };
    for (const all of ['files', 'folders'] as const) {
      const from = within[all];
      for (let at = 0; at < from.length; at += atOnce) {
        if (slice.isOver) await slice.yieldToOthers(signal);
        lookThrough(from, at, wanted, all === 'folders', used[all], passed[all], best);
      }
    }
    count += passed.files.length + passed.folders.length;
    this.#narrowed = { of: listed, letters: wanted.letters, passed: { paths: listed.paths, ...passed } };
    const rows = best.sorted.map((one) => row(one.candidate, one.isFolder, one.recent, wanted));
    // Of few it is known how many are offered.
    return { rows, total: count > maxRows ? count : rows.length, partial };
  }

  dispose(): void {
    this.#closed.abort();
  }

  /** Judging a path takes longer than all else that is done with it. */
  #isSecret(candidate: Candidate): boolean {
    const judged = this.#judged.get(candidate) ?? isSecretPath(candidate.path);
    this.#judged.set(candidate, judged);
    return judged;
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

/** Keeps the best of many, and little more than those. What is never read without asking is not among them. */
class Best {
  #kept: Scored[] = [];
  /** The last of the best as they were last known. */
  #last: Scored | null = null;

  constructor(
    private readonly count: number,
    private readonly isSecret: (candidate: Candidate) => boolean,
  ) {}

  /** With a lower score none is among them. */
  get least(): number {
    return this.#last?.score ?? Number.NEGATIVE_INFINITY;
  }

  mayHave(candidate: Candidate, score: number): boolean {
    const last = this.#last;
    return last === null || score > last.score || (score === last.score && candidate.path < last.candidate.path);
  }

  add(one: Scored): void {
    this.#kept.push(one);
    if (this.#kept.length >= 4 * this.count) this.#cut();
  }

  get sorted(): readonly Scored[] {
    this.#cut();
    return this.#kept;
  }

  /** Only what is good enough to be offered is judged. */
  #cut(): void {
    const best: Scored[] = [];
    for (const one of this.#kept.sort(better)) {
      if (best.length === this.count) break;
      if (!this.isSecret(one.candidate)) best.push(one);
    }
    this.#kept = best;
    this.#last = best[this.count - 1] ?? null;
  }
}

/** Looks at some candidates: adds those that match to `passed`, and to the best what may be among them and is not `used`. */
function lookThrough(
  candidates: readonly Candidate[],
  from: number,
  wanted: Wanted,
  isFolder: boolean,
  used: ReadonlySet<string>,
  passed: Candidate[],
  best: Best,
): void {
  const less = isFolder ? folderLess : 0;
  for (const candidate of candidates.slice(from, from + atOnce)) {
    const worth = scoreOf(candidate, wanted, best.least + less);
    if (worth === 0) continue;
    passed.push(candidate);
    const score = worth - less;
    if (best.mayHave(candidate, score) && !used.has(candidate.path))
      best.add({ candidate, isFolder, score, recent: false });
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
