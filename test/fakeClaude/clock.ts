/** Time as the fake server sees it, in milliseconds since the epoch. */
export interface Clock {
  now(): number;
}

/** Stands still until a test moves it: cache lifetimes and rate windows become a matter of a call, not of waiting. */
export class VirtualClock implements Clock {
  #now: number;

  /** `start` in milliseconds since the epoch; by default a fixed day, so that runs are alike. */
  constructor(start = Date.UTC(2026, 10, 22, 12, 0, 0)) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  /** Moves time forward by `ms` (never backwards). */
  advance(ms: number): void {
    if (!(ms >= 0)) throw new RangeError(`advance takes a length of time in ms, not ${ms}`);
    this.#now += ms;
  }
}

/** Follows the machine's clock and can be moved ahead of it: for the demo server. */
export class WallClock extends VirtualClock {
  readonly #started = performance.now();

  constructor() {
    super(Date.now());
  }

  override now(): number {
    return super.now() + Math.floor(performance.now() - this.#started);
  }
}
