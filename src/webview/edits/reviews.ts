/** What is being decided about changes of files: each is said once, and a refusal stands where it happened. */
import type { AnswerItem, LocalizableMessage } from '../../shared/chat';
import type { EditedFile, ReviewHunk } from '../../shared/edits';
import { localize } from '../l10n/language';
import type { Asks } from '../view/asks';

/** A hunk, a file (`hunk` null), or all that a turn changed (both null). */
export interface Reviewed {
  readonly answer: string;
  readonly uri: string | null;
  readonly hunk: string | null;
}

interface Known {
  /** The files of the turn when they were asked for: with others they are asked for again. */
  readonly of: AnswerItem['edits'];
  /** null until they have come for the first time. */
  readonly hunks: readonly ReviewHunk[] | null;
}

/** Hunks of the files that are unfolded, and what was said about them here: ids of turns and calls name one each. */
export class Reviews {
  readonly #known = new Map<string, Known>();
  readonly #decided = new Map<string, boolean>();
  readonly #problems = new Map<string, string>();
  readonly #answered = new Set<string>();

  /** `changed` draws what came. */
  constructor(
    private readonly asks: Pick<Asks, 'ask' | 'ofChat'>,
    private readonly changed: () => void,
  ) {}

  isAnswered(key: string): boolean {
    return this.#answered.has(key);
  }

  /** Answers each call once. */
  apply(keys: readonly string[], atEnd: boolean): void {
    for (const key of this.#first(keys)) void this.#answer(key, this.asks.ofChat('approve', { key, span: 'once' }));
    if (atEnd) void this.#answer(null, this.asks.ofChat('setReview', { atEnd: true }));
    this.changed();
  }

  reject(keys: readonly string[], reason: string): void {
    for (const key of this.#first(keys)) void this.#answer(key, this.asks.ofChat('deny', { key, reason }));
    this.changed();
  }

  /** Applies a code block, or lets it be: once at a time. */
  answerBlock(key: string, apply: boolean): void {
    if (this.#answered.has(key)) return;
    this.#answered.add(key);
    this.#problems.delete(key);
    this.changed();
    void this.asks.ofChat('answerBlock', { key, apply }).then((done) => {
      this.#answered.delete(key);
      if (!done.ok) this.#refused(key, done.reason);
      this.changed();
    });
  }

  /** Inserts a code block at the cursor, and lets its card go, after `leave`; where that cannot be, it stays and says why. */
  insertBlock(key: string, text: string, leave: () => void): void {
    if (this.#answered.has(key)) return;
    this.#answered.add(key);
    this.#problems.delete(key);
    this.changed();
    void this.asks.ask({ type: 'insert', text }).then((done) => {
      this.#answered.delete(key);
      if (done.ok) {
        leave();
        return this.answerBlock(key, false);
      }
      this.#refused(key, done.reason);
      this.changed();
    });
  }

  /** Has the user choose another file for a code block. */
  moveBlock(key: string): void {
    this.#problems.delete(key);
    this.changed();
    void this.asks.ofChat('moveBlock', { key }).then((done) => {
      if (!done.ok) this.#refused(key, done.reason);
      this.changed();
    });
  }

  /** Why a code block was not applied; null where nothing is said. */
  blockProblem(key: string): string | null {
    return this.#problems.get(key) ?? null;
  }

  /** Why an answer to a card was not taken; null where all were. */
  get refusal(): string | null {
    return this.#problems.get('card') ?? null;
  }

  /** The hunks of an unfolded file; null until they are there. They are asked for with every change of the turn's files. */
  hunksOf({ id, edits }: AnswerItem, { uri }: EditedFile): readonly ReviewHunk[] | null {
    const key = keyOf({ answer: id, uri, hunk: null });
    const known = this.#known.get(key);
    if (known?.of !== edits) {
      this.#known.set(key, { of: edits, hunks: known?.hunks ?? null });
      void this.#ask(id, uri, key, edits);
    }
    return known?.hunks ?? null;
  }

  /** True where a file has no lines to decide about, as far as is known: one that is folded may not have been looked at. */
  isWithoutHunks({ id, edits }: AnswerItem, { uri }: EditedFile): boolean {
    const key = keyOf({ answer: id, uri, hunk: null });
    const known = this.#known.get(key);
    return known?.of === edits && known?.hunks?.length === 0 && !this.#problems.has(key);
  }

  /** What was said of it here: true is kept; null for nothing. */
  decisionOf(what: Reviewed): boolean | null {
    return this.#decided.get(keyOf(what)) ?? null;
  }

  isDecided(what: Reviewed): boolean {
    return this.#decided.has(keyOf(what));
  }

  problemOf(what: Reviewed): string | null {
    return this.#problems.get(keyOf(what)) ?? null;
  }

  /** Says it once: a second click finds it decided. */
  decide({ keep, ...what }: Reviewed & { readonly keep: boolean }): void {
    const key = keyOf(what);
    if (this.#decided.has(key)) return;
    this.#decided.set(key, keep);
    this.#problems.delete(key);
    this.changed();
    void this.asks.ofChat('decideEdits', { ...what, keep }).then((done) => {
      // A file or a turn may have more to decide later; a hunk that was decided has another name from then on.
      if (!done.ok || what.hunk === null) this.#decided.delete(key);
      if (!done.ok) {
        this.#refused(key, done.reason);
        // It may stand otherwise than it is shown.
        for (const [name, known] of this.#known) this.#known.set(name, { ...known, of: [] });
      }
      this.changed();
    });
  }

  #first(keys: readonly string[]): readonly string[] {
    const fresh = keys.filter((key) => !this.#answered.has(key));
    for (const key of fresh) this.#answered.add(key);
    this.#problems.delete('card');
    return fresh;
  }

  async #answer(key: string | null, answered: Promise<Awaited<ReturnType<Asks['ofChat']>>>): Promise<void> {
    const done = await answered;
    if (done.ok) return;
    if (key !== null) this.#answered.delete(key);
    this.#refused('card', done.reason);
    this.changed();
  }

  async #ask(answer: string, uri: string, key: string, of: AnswerItem['edits']): Promise<void> {
    const told = await this.asks.ofChat('editHunks', { answer, uri });
    // Others are on their way.
    if (this.#known.get(key)?.of !== of) return;
    const hunks = told.ok && Array.isArray(told.value) ? told.value : [];
    if (!told.ok) this.#refused(key, told.reason);
    this.#known.set(key, { of, hunks });
    this.changed();
  }

  #refused(key: string, reason: LocalizableMessage): void {
    this.#problems.set(key, localize(reason));
  }
}

function keyOf({ answer, uri, hunk }: Reviewed): string {
  return JSON.stringify([answer, uri, hunk]);
}
