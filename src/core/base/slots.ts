/** So many at once and no more: who comes later waits, in order. */
import { orAborted } from './orAborted';

/** Where work waits for its place. */
export interface Place {
  /** Runs `work` when a place is free. Rejects with the signal's reason while it waits. */
  run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

/** Places for work that runs side by side. */
export class Slots implements Place {
  readonly #waiting: (() => void)[] = [];

  constructor(private free: number) {}

  async run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    if (this.free > 0) this.free -= 1;
    else await this.#turn(signal);
    try {
      return await work();
    } finally {
      this.#next();
    }
  }

  async #turn(signal: AbortSignal): Promise<void> {
    let go = (): void => undefined;
    const given = new Promise<void>((resolve) => {
      go = resolve;
    });
    this.#waiting.push(go);
    try {
      await orAborted(given, signal);
    } catch (error) {
      const at = this.#waiting.indexOf(go);
      // It may have been given a place in the same moment.
      if (at === -1) this.#next();
      else this.#waiting.splice(at, 1);
      throw error;
    }
  }

  #next(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.free += 1;
    else next();
  }
}

/** The place behind other work, which is waited for however it ends. */
export function after(before: Promise<unknown>): Place {
  return {
    async run(work, signal) {
      await orAborted(
        before.catch(() => undefined),
        signal,
      );
      return await work();
    },
  };
}
