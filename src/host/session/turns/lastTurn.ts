/** What is done with turns that are there: the last one is stopped, goes on or is taken back; any is asked again, or copied. */
import { effortLevels, noLimits } from '../../../core/base/settings';
import { pausedAt, raiseAfter } from '../../../core/cost/spend';
import { continuePrompt } from '../../../core/prompt/continuePrompt';
import { lastPrompt, retryHead, textOf } from '../../../core/record/branchPoint';
import { forkOf } from '../../../core/record/fork';
import type { UserBlock } from '../../../core/record/record';
import type { RegeneratedTurn } from '../../../core/record/store';
import type { Handlers } from '../../../shared/intents';
import { filled } from '../../../shared/phrase';
import { refusals } from '../../base/plainStrings';
import { busyElsewhere, refused } from '../../base/refused';
import type { DraftBlock } from '../draft/draft';
import type { ControllerDeps } from './controllerDeps';
import { saveCopy } from './copies';
import { mend } from './mend';
import type { Turns } from './turns';
import type { TurnWay } from './turnTypes';

/** The composer's draft: words and what is attached to them come back into it. */
interface ReturnsTo {
  give(text: string, attached: readonly DraftBlock[]): void;
  comingBack(text: string, attached: readonly DraftBlock[]): string;
  cameBack(isDone: boolean, text: string, attached: readonly DraftBlock[]): void;
}

interface LastTurnParts {
  readonly deps: ControllerDeps;
  readonly turns: Turns;
  /** Sums the conversation up. Throws a Refused. */
  readonly compact: () => void;
  readonly draft: ReturnsTo;
  /** The conversation was written to from elsewhere. */
  readonly stored: () => Promise<void>;
}

/** The handlers of stop, retry, continue, and of what brings the last prompt back. */
export class LastTurn {
  constructor(private readonly parts: LastTurnParts) {}

  readonly handlers = {
    stop: () => this.stop(),
    retryNow: () => this.parts.turns.tryNow(),
    retry: () => this.retry(),
    mend: () => this.mend(),
    continue: () => this.continue(),
    restorePrompt: () => this.restorePrompt(),
    saveAsBranch: () => this.saveAsBranch(),
    walk: ({ to }) => this.walk(to),
    fork: ({ answer }) => this.fork(answer),
    regenerate: ({ answer, model, effort }) => this.regenerate(answer, model, effort),
  } satisfies Partial<Handlers<'chat'>>;

  /** Stops what runs; a turn that the spend guard paused is ended. */
  private async stop(): Promise<void> {
    const { turns } = this.parts;
    const paused = pausedAt(turns.path);
    if (paused !== null && turns.mayStart) await turns.endAs(paused.head, { kind: 'stopped' });
    else turns.stop('stopped');
  }

  private async continue(): Promise<void> {
    await this.assertFree();
    const { turns, deps } = this.parts;
    const paused = pausedAt(turns.path);
    if (paused !== null) {
      const { store, clock, settings } = deps;
      const raisedTo = await raiseAfter(paused, { limits: settings().spend ?? noLimits, store, clock });
      if (turns.mayStart) await turns.runFrom(paused.head, { raisedTo, ...(await this.way()) });
      return;
    }
    const model = deps.models.of(deps.settings().model);
    const content: readonly UserBlock[] = [{ type: 'text', text: continuePrompt(turns.path, model) }];
    await turns.send({ content, auto: 'continue', committed: async () => undefined, refused: () => undefined });
  }

  /** Sends the last turn again: from the point where the answer broke off, or from the user's words. */
  private async retry(): Promise<void> {
    await this.assertFree();
    const { turns } = this.parts;
    const head = retryHead(turns.path);
    if (head !== null) await turns.runFrom(head.id, await this.way());
  }

  /** Leaves out what the server refused, from now on at its address, and asks again for what was refused. */
  private async mend(): Promise<void> {
    await this.assertFree();
    const { turns, deps, compact } = this.parts;
    const mended = await mend(turns.path, deps);
    if (mended === null) throw refused(refusals.nothingHelps());
    if (mended === 'turn') await this.retry();
    else compact();
  }

  /** What could not be stored becomes a conversation of its own, which is shown. */
  private async saveAsBranch(): Promise<void> {
    const { turns, deps, stored } = this.parts;
    const id = await turns.saveAsBranch();
    if (id === null) throw refused(refusals.allStored());
    await stored();
    await deps.openBranch?.(id);
  }

  /** Asks a message again, as it was, with a model and an effort of its own where they are given. */
  private async regenerate(turn: string, model: string | null, effort: string | null): Promise<void> {
    await this.assertFree();
    const { turns, deps } = this.parts;
    if (!turns.path.some(({ kind, id }) => kind === 'user' && id === turn)) throw refused(refusals.messageGone());
    if (effort !== null && !effortLevels.some((one) => one === effort)) throw refused(refusals.noSuchEffort(effort));
    const regenerated = { turn, model, effort };
    // Before anything of it is sent: a window that dies in between would go on with another model.
    await deps.store.setRegenerated(turns.conversation, regenerated);
    await turns.runFrom(turn, wayOf(regenerated));
  }

  /** How the last turn goes on. */
  private async way(): Promise<TurnWay> {
    const { turns, deps } = this.parts;
    const { path } = turns;
    const end = path.findLast((entry) => entry.kind === 'end' || entry.kind === 'user');
    if (end?.kind === 'end' && end.outcome.kind === 'done') return {};
    const turn = path.findLast(({ kind }) => kind === 'user')?.id;
    const regenerated = await deps.store.getRegenerated(turns.conversation);
    return regenerated !== null && regenerated.turn === turn ? wayOf(regenerated) : {};
  }

  /** Everything up to a turn becomes a conversation of its own, which costs nothing. Resolves to its id. */
  private async fork(turn: string): Promise<string> {
    const { turns, deps, stored } = this.parts;
    const path = forkOf(turns.path, turn, deps.ids, deps.clock.now());
    if (path === null) {
      const isThere = turns.path.some(({ kind, id }) => kind === 'user' && id === turn);
      throw refused(isThere ? refusals.waitForAnswer() : refusals.messageGone());
    }
    const title = (await deps.store.getMeta(turns.conversation))?.title ?? '';
    const from = refusals.forkOf(title);
    const name = title === '' ? '' : (deps.said?.(from) ?? filled(from.text, from.args ?? []));
    const id = await saveCopy(turns.conversation, path, { title: name, fresh: 0 }, deps);
    await stored();
    return id;
  }

  /** Goes to another branch: nothing is sent for it. */
  private async walk(to: string): Promise<void> {
    const { turns } = this.parts;
    // It is shown already: what runs is no matter.
    if (turns.path.some(({ id }) => id === to)) return;
    for (let work = turns.atWork; work !== null; work = turns.atWork) await work;
    this.assertMayStart();
    await turns.walk(to);
  }

  /** Puts the last prompt back into the composer; a turn that has no answer yet goes to a branch. */
  private async restorePrompt(): Promise<void> {
    await this.assertFree();
    const { turns, draft } = this.parts;
    const prompt = lastPrompt(turns.path);
    if (prompt === null) return;
    const { content, parent } = prompt.user;
    const back = [textOf(content), content.filter(isAttached)] as const;
    if (prompt.answered) return draft.give(...back);
    await turns.branch(
      parent,
      () => draft.comingBack(...back),
      (isDone) => draft.cameBack(isDone, ...back),
    );
  }

  /** Throws why no turn may begin. What the last one left open is closed. */
  private async assertFree(): Promise<void> {
    this.assertMayStart();
    await this.parts.turns.close();
    // What waits may have gone on its way meanwhile.
    this.assertMayStart();
  }

  private assertMayStart(): void {
    const { turns } = this.parts;
    if (!turns.mayStart) throw turns.isRunning ? refused(refusals.answering()) : busyElsewhere();
  }
}

function wayOf({ model, effort }: RegeneratedTurn): TurnWay {
  const level = effortLevels.find((one) => one === effort);
  return { of: { ...(model === null ? {} : { model }), ...(level === undefined ? {} : { effort: level }) } };
}

function isAttached(block: UserBlock): block is DraftBlock {
  return block.type !== 'text';
}
