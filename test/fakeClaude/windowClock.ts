/**
 * The product's clock on the fake API's virtual time: timers go off when a test lets time pass. Several windows may share
 * one time, and each may stand still while the others go on.
 */
import type { Clock } from '../../src/core/base/ports';
import type { VirtualClock } from './clock';

/** Timers that watch every second would go off thousands of times in a pause; so seldom is often enough to be seen. */
const leastPeriodMs = 15_000;

interface Timer {
  at: number;
  /** null for a single one. */
  readonly period: number | null;
  readonly fire: () => void;
}

/** A window's clock: it reads the time of all, and its timers rest while the window sleeps. */
export class WindowClock implements Clock {
  readonly timers = new Set<Timer>();
  readonly #virtual: VirtualClock;
  #wake: (() => void) | null = null;
  #asleep: Promise<void> | null = null;

  constructor(virtual: VirtualClock) {
    this.#virtual = virtual;
  }

  get isAsleep(): boolean {
    return this.#asleep !== null;
  }

  /** Resolves when the window is awake. */
  async awake(): Promise<void> {
    await this.#asleep;
  }

  sleepUntilWoken(): void {
    this.#asleep ??= new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  wake(): void {
    this.#wake?.();
    this.#wake = null;
    this.#asleep = null;
  }

  now(): number {
    return this.#virtual.now();
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      const timer: Timer = { at: this.now() + ms, period: null, fire: resolve };
      this.timers.add(timer);
      signal.addEventListener('abort', () => {
        this.timers.delete(timer);
        reject(signal.reason);
      });
    });
  }

  every(ms: number, callback: () => void): () => void {
    const timer: Timer = { at: this.now() + ms, period: ms, fire: callback };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }
}

export class SharedTime {
  readonly #clocks = new Set<WindowClock>();
  readonly #virtual: VirtualClock;

  constructor(virtual: VirtualClock) {
    this.#virtual = virtual;
  }

  clock(): WindowClock {
    return this.join(new WindowClock(this.#virtual));
  }

  /** From now on its timers go off as this time passes. */
  join<C extends WindowClock>(clock: C): C {
    this.#clocks.add(clock);
    return clock;
  }

  /** The window is gone, and its timers with it. */
  end(clock: WindowClock): void {
    clock.timers.clear();
    this.#clocks.delete(clock);
  }

  /**
   * Lets time pass; the timers of windows that are awake go off at their moments, late ones at once. After each everything
   * may run that is ready, for so many rounds of the event loop.
   */
  async pass(ms: number, rounds = 1): Promise<void> {
    const end = this.#virtual.now() + ms;
    for (;;) {
      const next = this.#next(end);
      if (next === null) break;
      const { timer, clock } = next;
      this.#virtual.advance(Math.max(0, timer.at - this.#virtual.now()));
      if (timer.period === null) clock.timers.delete(timer);
      else timer.at = this.#virtual.now() + timer.period;
      timer.fire();
      await settled(rounds);
    }
    this.#virtual.advance(Math.max(0, end - this.#virtual.now()));
  }

  /** The machine sleeps: no timer goes off, and afterwards each is late. */
  jump(ms: number): void {
    this.#virtual.advance(ms);
  }

  #next(end: number): { readonly timer: Timer; readonly clock: WindowClock } | null {
    let first: { readonly timer: Timer; readonly clock: WindowClock } | null = null;
    for (const clock of this.#clocks) {
      if (clock.isAsleep) continue;
      for (const timer of clock.timers) {
        if (timer.at <= end && (first === null || timer.at < first.timer.at)) first = { timer, clock };
      }
    }
    return first;
  }
}

/** The clock of one window that is alone: what watches does so seldom. */
export class PlayClock extends WindowClock {
  readonly #time: SharedTime;

  constructor(virtual: VirtualClock) {
    super(virtual);
    this.#time = new SharedTime(virtual);
    this.#time.join(this);
  }

  override every(ms: number, callback: () => void): () => void {
    return super.every(Math.max(ms, leastPeriodMs), callback);
  }

  /** Lets time pass; timers go off at their moments. */
  pass(ms: number): Promise<void> {
    return this.#time.pass(ms, 3);
  }
}

/** Lets everything run that is ready. */
export async function settled(rounds = 3): Promise<void> {
  for (let round = 0; round < rounds; round += 1) await new Promise((resolve) => setImmediate(resolve));
}
