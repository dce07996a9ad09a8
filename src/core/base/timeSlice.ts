/** Lets everything else in the extension host go on in the middle of long work: it is shared by all extensions. */

/** ms of work at a stretch. */
const stretch = 10;

/** Measures work at a stretch, and lets timers and what has arrived go first between two stretches. */
export class TimeSlice {
  #since = performance.now();

  /** True when it is time to let others go on: asked often, so that nothing waits where it need not. */
  get isOver(): boolean {
    return performance.now() - this.#since > stretch;
  }

  /** Lets timers and what has arrived go first. Rejects with the signal's reason when it is aborted. */
  async yieldToOthers(signal?: AbortSignal): Promise<void> {
    // The first comes before timers and what arrives have had their turn, the second behind them.
    for (let n = 0; n < 2; n += 1) await new Promise((resolve) => setImmediate(resolve));
    signal?.throwIfAborted();
    this.#since = performance.now();
  }
}
