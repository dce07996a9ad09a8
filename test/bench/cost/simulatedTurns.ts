/** How the turns of a simulation follow each other, as the store tells it (host/store/tables/recentTurns.ts). */
import type { Follow, RecentTurns } from '../../../src/core/base/pauseHistogram';
import type { Entry } from '../../../src/core/record/record';

/** Turns that say what one usually costs. */
const pricedTurns = 50;

export class Turns {
  /** Entries made so far: each has an id of its own. */
  entries = 0;
  /** What the store keeps besides. */
  readonly values = new Map<string, string>();
  readonly #pauses: number[] = [];
  readonly #lastSteps: boolean[] = [];
  readonly #usd: number[] = [];
  readonly #follows: Follow[] = [];
  /** The last answer of all. */
  #last: { at: number; first: boolean; conversation: string } | null = null;
  /** Messages and answers so far: the last so many of each are looked at. */
  readonly #pauseAt: number[] = [];
  #messages = 0;
  readonly #stepAt: number[] = [];
  #answers = 0;

  /** A message went into the record behind `before`. */
  begun(at: number, before: readonly Entry[], conversation: string): void {
    const last = this.#last;
    this.#follows.unshift(
      ...(last === null ? [] : [{ ms: at - last.at, same: last.conversation === conversation, first: last.first }]),
    );
    this.#last = { at, first: before.length === 0, conversation };
    const answer = before.findLast(({ kind }) => kind === 'assistant');
    this.#messages += 1;
    this.#usd.unshift(0);
    if (answer === undefined) return;
    this.#pauses.unshift(at - answer.at);
    this.#pauseAt.unshift(this.#messages);
  }

  /** One answer of a turn of so many. */
  answered(at: number, step: number, steps: number, usd: number): void {
    if (this.#last !== null) this.#last.at = at;
    this.#answers += 1;
    this.#usd[0] = (this.#usd[0] ?? 0) + usd;
    if (step === 0) return;
    this.#lastSteps.unshift(step === steps - 1);
    this.#stepAt.unshift(this.#answers);
  }

  recent(limit: number): RecentTurns {
    return {
      pauses: this.#pauses.filter((_, index) => (this.#pauseAt[index] ?? 0) > this.#messages - limit),
      lastSteps: this.#lastSteps.filter((_, index) => (this.#stepAt[index] ?? 0) > this.#answers - limit),
      usd: this.#usd.slice(0, pricedTurns),
      follows: this.#follows.slice(0, limit),
      last: this.#last,
      todayUsd: 0,
    };
  }
}
