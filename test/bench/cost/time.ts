/** The controller's clock on the fake API's virtual time: timers go off when the player lets time pass. */
import type { Clock } from '../../../src/core/ports';
import type { VirtualClock } from '../../fakeClaude/clock';

/** Timers that watch every second would go off thousands of times in a pause; so seldom is often enough to be seen. */
const leastPeriodMs = 15_000;

interface Timer {
  at: number;
  readonly period: number | null;
  readonly fire: () => void;
}

export class PlayClock implements Clock {
  readonly #virtual: VirtualClock;
  readonly #timers = new Set<Timer>();

  constructor(virtual: VirtualClock) {
    this.#virtual = virtual;
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
      this.#timers.add(timer);
      signal.addEventListener('abort', () => {
        this.#timers.delete(timer);
        reject(signal.reason);
      });
    });
  }

  every(ms: number, callback: () => void): () => void {
    const period = Math.max(ms, leastPeriodMs);
    const timer: Timer = { at: this.now() + period, period, fire: callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Lets time pass; timers go off at their moments. */
  async pass(ms: number): Promise<void> {
    const end = this.now() + ms;
    for (;;) {
      const next = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#virtual.advance(Math.max(0, next.at - this.now()));
      if (next.period === null) this.#timers.delete(next);
      else next.at = this.now() + next.period;
      next.fire();
      await settled();
    }
    this.#virtual.advance(end - this.now());
  }
}

/** Lets everything run that is ready. */
export async function settled(rounds = 3): Promise<void> {
  for (let round = 0; round < rounds; round += 1) await new Promise((resolve) => setImmediate(resolve));
}
