/** What a turn brought and could be stored nowhere: it stays on the screen, to be copied or saved as a branch. */
import { failureOf } from '../../../core/api/failures';
import { branchTitle } from '../../../core/record/branch';
import type { Entry } from '../../../core/record/record';
import type { ControllerDeps } from './controllerDeps';
import { saveCopy } from './copies';
import type { Screen } from './screen';

interface Lost {
  /** What it belongs behind. */
  readonly path: readonly Entry[];
  readonly entries: readonly Entry[];
}

/** Answers that no store took: shown until they are saved as a branch, or the window ends. */
export class Unsaved {
  private lost: readonly Lost[] = [];

  constructor(
    private readonly conversation: string,
    private readonly deps: Pick<ControllerDeps, 'store' | 'ids' | 'clock' | 'identity' | 'log' | 'settings'>,
    private readonly screen: Screen,
  ) {}

  get isThere(): boolean {
    return this.lost.length > 0;
  }

  /** Those that what is kept on the screen belongs behind. */
  get paths(): readonly (readonly Entry[])[] {
    return this.lost.map(({ path }) => path);
  }

  /** Keeps what was refused; the answer that shows it stays on the screen whatever is shown else. */
  add(path: readonly Entry[], entries: readonly Entry[]): void {
    // Without an answer's words there is nothing to be kept.
    if (!entries.some(({ kind }) => kind === 'assistant')) return;
    this.lost = [...this.lost, { path, entries }];
    const answer = path.findLast(({ kind }) => kind === 'user')?.id;
    if (answer !== undefined) this.screen.keepAnswer(answer);
  }

  /** The store refused the user's words: the reason is shown in their place. */
  refused(error: unknown): void {
    const { log, clock, ids, settings } = this.deps;
    log.error('a message could not be stored', error);
    const at = clock.now();
    const id = `unsaved-${ids.next()}`;
    this.screen.emit([
      { type: 'answerStarted', id, at, model: settings().model },
      { type: 'answerEnded', answer: id, at, outcome: { kind: 'failed', failure: failureOf(error) } },
    ]);
  }

  /** Stores each as a conversation of its own; the id of the last. Rejects when the store refuses. */
  async save(): Promise<string | null> {
    let id: string | null = null;
    for (const one of this.lost) {
      const meta = await this.deps.store.getMeta(this.conversation).catch(() => null);
      const title = branchTitle(meta?.title ?? this.screen.state.title);
      const about = { title, fresh: one.entries.length };
      id = await saveCopy(this.conversation, [...one.path, ...one.entries], about, this.deps);
      this.lost = this.lost.filter((other) => other !== one);
    }
    this.screen.keptSaved();
    return id;
  }

  /** The conversation is being closed and what was refused is on no disk: it becomes a branch by itself (L1). */
  async keep(): Promise<void> {
    if (!this.isThere) return;
    try {
      // What the user has deleted does not come back.
      if ((await this.deps.store.getMeta(this.conversation)) !== null) await this.save();
    } catch (error) {
      this.deps.log.error('an answer could not be saved as a branch', error);
    }
  }
}
