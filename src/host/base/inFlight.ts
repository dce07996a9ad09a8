/** What is being done for whoever asked. Its end waits for that, and after the end nothing more is begun. */
import type { Clock } from '../../core/base/ports';
import { refusals } from './plainStrings';
import { refused } from './refused';

/** Counts the work that runs, so that an end can wait for it. */
export class InFlight {
  private readonly running = new Set<Promise<unknown>>();
  private closed = false;

  constructor(private readonly clock: Clock) {}

  /** Begins at once. Rejects with a Refused after the end. */
  async run<T>(work: () => T | Promise<T>): Promise<T> {
    if (this.closed) throw refused(refusals.closing());
    const done = (async () => work())();
    this.running.add(done);
    try {
      return await done;
    } finally {
      this.running.delete(done);
    }
  }

  /** Resolves when nothing runs any more, what was begun meanwhile included, or after `ms`: what waits for a person or a disk may never end. */
  async close(ms: number): Promise<void> {
    const over = new AbortController();
    const late = this.clock.sleep(ms, over.signal).catch(() => undefined);
    let isLate = false;
    void late.then(() => {
      isLate = true;
    });
    while (this.running.size > 0 && !isLate) await Promise.race([late, Promise.allSettled(this.running)]);
    this.closed = true;
    over.abort();
  }
}
