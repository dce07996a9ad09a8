/** What a turn brought and could be stored nowhere: it stays on the screen, to be copied or saved as a branch. */
import { failureOf } from '../../../core/api/failures';
import { branchTitle, copyOf } from '../../../core/record/branch';
import type { Entry } from '../../../core/record/record';
import type { ControllerDeps } from './controllerDeps';
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
    const { store, ids, clock, identity } = this.deps;
    let id: string | null = null;
    for (const one of this.lost) {
      const meta = await store.getMeta(this.conversation).catch(() => null);
      const at = clock.now();
      const copy = copyOf([...readable(one.path), ...one.entries], () => ids.next());
      id = ids.next();
      const title = branchTitle(meta?.title ?? this.screen.state.title);
      const branch = { id, workspace: identity.key, title, createdAt: at, updatedAt: at, head: null };
      await store.saveBranch(identity, branch, copy, one.entries.length);
      await this.keepTools(id);
      this.lost = this.lost.filter((other) => other !== one);
    }
    this.screen.keptSaved();
    return id;
  }

  /** It offers what the conversation does that it is made of: without that it goes on with Prelude's own. */
  private async keepTools(branch: string): Promise<void> {
    const { store, log } = this.deps;
    try {
      const tools = (await store.loadEnd(this.conversation, 1))?.tools ?? [];
      if (tools.length > 0) await store.setTools(branch, tools);
    } catch (error) {
      log.error('the tools of a branch were not stored', error);
    }
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

function readable(path: readonly Entry[]): readonly Entry[] {
  return path.filter(({ kind }) => kind !== 'unreadable');
}
