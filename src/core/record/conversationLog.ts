/** The current path of one conversation, in memory and in the store: what is in it has been committed. */
import { StoreError } from '../base/errors';
import type { Clock, Ids } from '../base/ports';
import { tryAgain } from '../base/tryAgain';
import { type Beside, besideCut, nothingBeside } from './branches';
import type { Claim } from './leases';
import type { JudgedEdits } from './pendingEdits';
import type { Entry, NewEntry, TurnFile } from './record';
import { repairOf } from './repair';
import type { Checkpoint, Store } from './store';
import type { NewEdits } from './turnEdits';

/** How long a commit is tried again while the store is busy, and how often, ms. */
const patienceMs = 60_000;
const againMs = 500;

/** What a turn has brought, and was paid for; what was done to files. */
const paid: ReadonlySet<Entry['kind']> = new Set(['assistant', 'toolResult', 'edits', 'compaction', 'end']);

/** Why the record may refuse today what it takes tomorrow. */
const rescuable: ReadonlySet<StoreError['code']> = new Set([
  'unavailable',
  'damaged',
  'full',
  'readOnly',
  'busy',
  'newerVersion',
]);

function isPaid(entries: readonly Entry[]): boolean {
  return entries.some(({ kind }) => paid.has(kind)) && !entries.some(({ kind }) => kind === 'user');
}

interface LogPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Who writes, for what belongs to a turn; missing where there are no others. */
  readonly claim?: (head: string | null) => Claim;
  /** Aborted when the user does not want to wait any longer for a store that is busy. */
  readonly signal?: () => AbortSignal | undefined;
  /** Called when a commit has to wait, and when it has not to any more. */
  readonly waiting?: (waits: boolean) => unknown;
}

/** What is stored in the same transaction as new entries. */
export interface AppendOptions {
  /** Fixes the id of the first, where parts of it were shown before it was whole. */
  readonly id?: string | undefined;
  /** The waiting message that these entries are. */
  readonly queued?: string | undefined;
  /** What the draft is when they are in, in the store's form: without them, and with what they take back into it. */
  readonly draft?: (() => string) | undefined;
  /** What is still to be decided of turns that were cut off: from now on of the turn that begins with these entries. */
  readonly files?: readonly TurnFile[] | undefined;
  /** What the path is before them (`cut`), with all of it that is not stored yet; what else followed goes to a branch. */
  readonly behind?: readonly Entry[] | undefined;
}

/** What is known of the edits of a turn that is repaired. */
export interface RepairedEdits {
  readonly judged: JudgedEdits;
  /** The entry that says what the turn has changed, its results among the path; null for nothing. */
  ofTurn(path: readonly (Entry | NewEntry)[]): Promise<NewEdits | null>;
}

const noEdits: RepairedEdits = { judged: new Map(), ofTurn: async () => null };

/** The current path of one conversation. Appends are committed before they resolve, one after another. */
export class ConversationLog {
  private entries: Entry[];
  private tail: Promise<unknown> = Promise.resolve();
  /** Why the last commits are kept beside the record and not in it. */
  private why: StoreError | null = null;
  private refusedWhy: unknown = null;
  private unsaved: readonly Entry[] = [];

  constructor(
    readonly conversation: string,
    path: readonly Entry[],
    private readonly ports: LogPorts,
    private others: Beside = nothingBeside,
    private updated = 0,
  ) {
    this.entries = [...path];
  }

  /** When the newest entry that is known was made, on the path or beside it; ms since the epoch. */
  get updatedAt(): number {
    return this.updated;
  }

  /** What is in the record besides the path. Another one after each change. */
  get beside(): Beside {
    return this.others;
  }

  /** Why some of the path is kept beside the record; null when all of it is in there. */
  get rescued(): StoreError | null {
    return this.why;
  }

  /** Gives away what belongs behind the path and could be kept nowhere. */
  takeUnsaved(): readonly Entry[] {
    const { unsaved } = this;
    this.unsaved = [];
    this.refusedWhy = null;
    return unsaved;
  }

  /** The record has taken in what was kept beside it. */
  takenIn(): void {
    this.why = null;
  }

  /** Root first. A new array after each change. */
  get path(): readonly Entry[] {
    return this.entries;
  }

  /**
   * Commits entries in one transaction, in order, behind whatever was appended before. A store that is busy is asked
   * again for a minute. What an answer brought and cannot be committed is kept beside the record. Rejects, and leaves the
   * path as it was, when the entries could be kept nowhere.
   */
  append(news: readonly NewEntry[], options: AppendOptions = {}): Promise<readonly Entry[]> {
    const commit = this.tail.then(async () => {
      const { id, files = [], behind } = options;
      // What could be kept nowhere is still what comes before.
      const last = behind === undefined ? (this.unsaved.at(-1) ?? this.entries.at(-1)) : behind.at(-1);
      const place = this.placer(last?.id ?? null);
      const entries = [...place(news, id)];
      const turn = entries.find(({ kind }) => kind === 'user')?.id;
      if (turn !== undefined && files.length > 0) entries.push(...place([{ kind: 'edits', turn, files }]));
      if (behind === undefined) await this.keep(entries, options);
      else await this.commitCut(behind, entries, options);
      const next = [...(behind ?? this.entries), ...entries];
      if (behind !== undefined) this.others = besideCut(this.entries, this.others, next);
      this.entries = next;
      this.noteUpdate();
      return entries;
    });
    this.tail = commit.catch(() => undefined);
    return commit;
  }

  /** Goes to a path that the record has, and puts entries behind it, in one transaction. Call it while nothing else is stored. */
  async walk(path: readonly Entry[], beside: Beside, news: readonly NewEntry[]): Promise<void> {
    const head = path.at(-1)?.id ?? null;
    const entries = this.placer(head)(news);
    if (entries.length > 0) await this.commit(entries, {});
    else await this.ports.store.setHead(this.conversation, head, this.claim());
    this.entries = [...path, ...entries];
    this.others = beside;
    this.noteUpdate();
  }

  private noteUpdate(): void {
    this.updated = Math.max(this.updated, this.entries.at(-1)?.at ?? 0);
  }

  /**
   * The path as it is when it is cut after `head` and these are put behind it; `id` fixes the id of the first. Nothing is
   * stored: that is done together with what comes behind them.
   */
  cut(head: string | null, news: readonly NewEntry[] = [], id?: string): readonly Entry[] {
    const at = this.entries.findIndex((entry) => entry.id === head);
    if (head !== null && at === -1) {
      throw new Error(`entry ${head} is not on the path of conversation ${this.conversation}`);
    }
    return [...this.entries.slice(0, at + 1), ...this.placer(head)(news, id)];
  }

  /**
   * Closes a turn that nobody drives any more, with what its checkpoint kept, and with what became of its edits. False
   * when none is open.
   */
  async repair(checkpoint: Checkpoint | null, owner: string, edits: RepairedEdits = noEdits): Promise<boolean> {
    const repair = repairOf(this.entries, checkpoint, edits.judged);
    if (repair === null) return false;
    const files = await edits.ofTurn([...this.entries, ...repair.entries]);
    const news = files === null ? repair.entries : repair.entries.toSpliced(-1, 0, files);
    await this.append(news, { id: repair.id });
    await this.ports.store.checkpoint(this.conversation, null, owner);
    return true;
  }

  /** Gives entries their places behind another one, each call behind the one before; `id` is that of the first. */
  private placer(head: string | null): (news: readonly NewEntry[], id?: string) => readonly Entry[] {
    const at = this.ports.clock.now();
    let parent = head;
    return (news, id) =>
      news.map((entry, index) => {
        const placed = { ...entry, id: (index === 0 ? id : undefined) ?? this.ports.ids.next(), parent, at } as Entry;
        parent = placed.id;
        return placed;
      });
  }

  private claim(): Claim | null {
    return this.ports.claim?.(this.entries.at(-1)?.id ?? null) ?? null;
  }

  /** In one transaction. What followed stays in the store, on a branch. */
  private async commitCut(behind: readonly Entry[], entries: readonly Entry[], options: AppendOptions): Promise<void> {
    const known = new Set(this.entries.map(({ id }) => id));
    const all = [...behind.filter(({ id }) => !known.has(id)), ...entries];
    if (all.length > 0) await this.commit(all, options);
    else await this.ports.store.setHead(this.conversation, behind.at(-1)?.id ?? null, this.claim(), options.draft?.());
  }

  private async keep(entries: readonly Entry[], options: AppendOptions): Promise<void> {
    let cause: unknown = this.why ?? this.refusedWhy;
    if (cause === null) {
      try {
        return await this.commit(entries, options);
      } catch (error) {
        cause = error;
      }
    }
    if (!isPaid(entries)) throw cause;
    if (this.unsaved.length === 0 && cause instanceof StoreError && rescuable.has(cause.code)) {
      try {
        await this.ports.store.rescue(this.conversation, entries);
        this.why = cause;
        return;
      } catch {
        // The first reason is the one to tell.
      }
    }
    this.unsaved = [...this.unsaved, ...entries];
    this.refusedWhy = cause;
    throw cause;
  }

  private async commit(entries: readonly Entry[], { queued, draft }: AppendOptions): Promise<void> {
    const { store, clock, signal, waiting } = this.ports;
    const until = clock.now() + patienceMs;
    let waits = false;
    try {
      const append = (): Promise<void> => store.append(this.conversation, entries, this.claim(), queued, draft?.());
      const goesOn = (error: unknown): boolean => {
        const isBusy = error instanceof StoreError && error.code === 'busy';
        // Whoever stops the wait gets the reason for it.
        if (!isBusy || clock.now() >= until || signal?.()?.aborted === true) return false;
        if (!waits) waiting?.(true);
        waits = true;
        return true;
      };
      await tryAgain(append, { clock, everyMs: againMs, signal, goesOn });
    } finally {
      if (waits) waiting?.(false);
    }
  }

  /** Resolves when everything that was appended has been committed or refused. */
  async settled(): Promise<void> {
    await this.tail;
  }
}
