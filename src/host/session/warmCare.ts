/** Keeps a conversation in the prompt cache, or puts it back there, where the user turned that on (core/turn/warmUp.ts). */

import { SpendPauseError } from '../../core/cost/spend';
import { effortFor } from '../../core/models/models';
import { toolDefinitions, tools } from '../../core/tools/all';
import {
  keepPlan,
  missedWarmUp,
  runWarmUp,
  startPlan,
  type WarmUpPlan,
  type WarmUpQuestion,
} from '../../core/turn/warmUp';
import { noUsage } from '../../shared/chat';
import type { ControllerDeps } from './turns/controllerDeps';
import type { Screen } from './turns/screen';
import type { Turns } from './turns/turns';

const offered = JSON.stringify(toolDefinitions(tools));

/** Models for which warm-ups have stopped: the API refused one, or what it kept was not read. Until the next start. */
const stoppedFor = new Set<string>();

/** For tests: as after a start. */
export function forgetStopped(): void {
  stoppedFor.clear();
}

export class WarmCare {
  private waiting: AbortController | null = null;

  constructor(
    private readonly deps: Pick<ControllerDeps, 'clock' | 'log' | 'settings' | 'models'>,
    private readonly turns: Turns,
    private readonly screen: Screen,
  ) {}

  /** A turn, or something else, has ended here, or a view has come: what is in the cache is kept there from now on. */
  watch(): void {
    this.waiting?.abort();
    this.waiting = null;
    if (this.wishes?.keep !== true || !this.screen.isShown) return;
    const plan = keepPlan(this.question);
    if (plan === null || stoppedFor.has(this.question.model.id)) return;
    const waiting = new AbortController();
    this.waiting = waiting;
    const { clock, log } = this.deps;
    clock
      .sleep(Math.max(0, plan.at - clock.now()), waiting.signal)
      .then(async () => {
        // After sleep it may be too late; out of sight it waits for a view.
        if (!this.screen.isShown || this.wishes?.keep !== true) return;
        const now = keepPlan(this.question);
        if (now !== null && now.at <= clock.now() + 1000) await this.warm(now);
      })
      .catch((error: unknown) => {
        if (!waiting.signal.aborted) log.warn(`a warm-up did not come about: ${messageOf(error)}`);
      });
  }

  /** The user types: what went cold is put back. */
  typed(): void {
    if (this.wishes?.start !== true || !this.turns.mayStart || stoppedFor.has(this.question.model.id)) return;
    const plan = startPlan(this.question);
    if (plan === null) return;
    this.warm(plan).catch((error: unknown) => this.deps.log.warn(`a warm-up did not come about: ${messageOf(error)}`));
  }

  /** A turn has ended: when a warm-up before it did not help, there are no more, and the chat says so. */
  async check(): Promise<void> {
    const missed = missedWarmUp(this.turns.path);
    if (missed === null || stoppedFor.has(missed.model) || !this.turns.mayStart) return;
    stoppedFor.add(missed.model);
    const { model, effort } = missed;
    const askedAt = this.deps.clock.now();
    await this.turns.work(
      ({ commit }) => commit([{ kind: 'warmUp', usage: noUsage, usd: 0, model, effort, askedAt, stopped: 'missed' }]),
      true,
    );
  }

  dispose(): void {
    this.waiting?.abort();
  }

  private get wishes(): { readonly start: boolean; readonly keep: boolean } | undefined {
    return this.deps.settings().warm;
  }

  private get question(): WarmUpQuestion {
    const { settings, models, clock } = this.deps;
    const chosen = settings();
    const model = models.of(chosen.model);
    return { path: this.turns.path, model, effort: effortFor(model, chosen.effort), now: clock.now(), tools: offered };
  }

  private async warm(plan: WarmUpPlan): Promise<void> {
    if (!this.turns.mayStart) return;
    await this.turns.work(async ({ input, commit }, signal) => {
      try {
        const entry = await runWarmUp(await input(), plan, signal);
        if (entry === null) return;
        if (entry.stopped !== null) stoppedFor.add(entry.model);
        await commit([entry]);
      } catch (error) {
        if (signal.aborted || error instanceof SpendPauseError) return;
        throw error;
      }
    }, true);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
