/**
 * Keeps a conversation within the model's window and worth its price: leaves out what the user names, and sums up what
 * came before when the user asks for it.
 */
import { failureOf, storageFailure } from '../../core/api/failures';
import { StoreError } from '../../core/base/errors';
import type { Model } from '../../core/models/models';
import { compactionPlan, unsent } from '../../core/prompt/compactPlan';
import { excludable } from '../../core/prompt/excludable';
import { retryHead } from '../../core/record/branchPoint';
import { excludedIn, isTarget } from '../../core/record/excluded';
import type { NewEntry } from '../../core/record/record';
import { begun, type NewCompaction, runCompaction } from '../../core/turn/compact';
import { type ExcludeTarget, targetKey } from '../../shared/chat';
import type { Handlers } from '../../shared/intents';
import { refusals } from '../base/plainStrings';
import { busyElsewhere, refused } from '../base/refused';
import type { CostEstimator, NextMessage } from '../pricing/costEstimator';
import { type ChosenContext, openTurn } from '../pricing/openTurn';
import type { ControllerDeps } from './turns/controllerDeps';
import type { Screen } from './turns/screen';
import { filesCut } from './turns/storeUserMessage';
import type { Turns } from './turns/turns';
import type { TurnWork } from './turns/turnTypes';

interface WindowParts {
  readonly deps: ControllerDeps;
  readonly turns: Turns;
  readonly screen: Screen;
  readonly chosen: ChosenContext & { readonly next: NextMessage; readonly estimator: Pick<CostEstimator, 'writerOf'> };
}

/** Excludes and includes parts of a conversation, and compacts it when that is asked for. */
export class ContextWindow {
  constructor(private readonly parts: WindowParts) {}

  readonly handlers = {
    exclude: ({ target, out }) => this.setExcluded([{ target, out }]),
    compact: () => this.compact(false),
    compactByOwn: () => this.compact(true),
    manageExcluded: () => this.choose(),
  } satisfies Partial<Handlers<'chat'>>;

  /** Throws when there is nothing to sum up, or when something runs. `own`: by the conversation's own model, whatever it costs. */
  private compact(own: boolean): void {
    const { turns } = this.parts;
    if (turns.isRunning) throw refused(refusals.waitToCompact());
    if (!turns.mayStart) throw busyElsewhere();
    if (compactionPlan(turns.path, this.model) === null) throw refused(refusals.nothingToCompact());
    // Whoever waits for it looks at the record.
    turns.work((work, signal) => this.sumUp(work, own, signal)).catch(() => undefined);
  }

  /** Opens the list of what can be left out; a question that was too long is asked again after it. */
  async choose(): Promise<void> {
    const { turns, deps } = this.parts;
    const { path } = turns;
    if (!turns.mayStart) return;
    const list = excludable(path, this.model, deps.tokens.factorOf(this.model.id));
    const asksAgain = unsent(path) !== null;
    const chosen = await deps.exclusionPicker.choose(list, { model: this.model.name, asksAgain });
    if (chosen === undefined || turns.path !== path) return;
    const keys = new Set(chosen.map(targetKey));
    const changed = list.filter(({ target, out }) => keys.has(targetKey(target)) !== out);
    if (changed.length === 0) return;
    await this.setExcluded(changed.map(({ target, out }) => ({ target, out: !out })));
    const head = retryHead(turns.path);
    if (asksAgain && turns.mayStart && head !== null) await turns.runFrom(head.id);
  }

  private get model(): Model {
    const { deps } = this.parts;
    return deps.models.of(deps.settings().model);
  }

  /** Resolves when it is stored. */
  private async setExcluded(
    wanted: readonly { readonly target: ExcludeTarget; readonly out: boolean }[],
  ): Promise<void> {
    const { turns } = this.parts;
    // One that was asked for right before, or a summary: it is left out behind that.
    for (let work = turns.atWork; work !== null; work = turns.atWork) await work;
    if (!turns.mayStart) {
      throw turns.isRunning ? refused(refusals.waitForAnswer()) : busyElsewhere();
    }
    await turns.work(async ({ commit }) => {
      const out = excludedIn(turns.path);
      const news = wanted.flatMap(({ target, out: leave }): readonly NewEntry[] =>
        isTarget(turns.path, target) && out.has(targetKey(target)) !== leave
          ? [{ kind: 'leaveOut', target, out: leave }]
          : [],
      );
      if (news.length > 0) await commit(news);
    }, true);
  }

  private async sumUp(work: TurnWork, own: boolean, signal: AbortSignal): Promise<void> {
    const { deps, turns, screen, chosen } = this.parts;
    // Another window may have gone on with it.
    const plan = compactionPlan(turns.path, this.model);
    if (plan === null) return;
    const id = deps.ids.next();
    const { path, again } = plan;
    const { model, reads, shortened } = chosen.estimator.writerOf(chosen.next, own);
    const keeps = plan.keeps?.id ?? null;
    try {
      const events = runCompaction({ ...(await work.input(signal)), model, reads, shortened, path, keeps, id }, signal);
      let step = await events.next();
      for (; step.done !== true; step = await events.next()) screen.emit([step.value]);
      const made = step.value;
      const head = path.at(-1)?.id;
      // Taken back before anything came of it: as if it had not been.
      if (head === undefined || isNothing(made)) screen.rebuild(turns.path);
      else if (again === null || made.outcome.kind !== 'done') await work.commit([made], { id });
      else {
        const words = { content: again.content, auto: again.auto, model: this.model.id };
        const behind = work.cut(head, [made], id);
        const files = await filesCut(turns.path, head, { conversation: screen.conversation, deps });
        const opening = await openTurn(words, behind, chosen, deps, signal);
        await work.commit(opening, { behind, files });
        await work.drive(signal);
      }
    } catch (error) {
      // What was shown while it was made is in no record.
      screen.rebuild(turns.path);
      if (signal.aborted) return;
      const failure = error instanceof StoreError ? storageFailure(error, false) : failureOf(error);
      const outcome = { kind: 'failed', failure } as const;
      screen.emit([{ type: 'compaction', item: { ...begun(id, deps.clock.now(), model.id), outcome } }]);
      throw error;
    }
  }
}

function isNothing({ outcome, usage, tokensBefore }: NewCompaction): boolean {
  return outcome.kind === 'stopped' && usage.output === 0 && tokensBefore === 0;
}
