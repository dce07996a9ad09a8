/** What is typed, or given back, is stored as soon as the store takes it: while it refuses it is asked again (L2). */
import type { Clock, Log } from '../../../core/base/ports';

/** ms between two attempts. */
const againMs = 2000;

export class DraftKeeper {
  private asking: Promise<void> | null = null;
  /** The last attempt that somebody waits for. */
  private attempt: Promise<unknown> = Promise.resolve();
  private readonly closed = new AbortController();

  constructor(
    private readonly deps: { readonly clock: Clock; readonly log: Log },
    /** Stores the draft as it is now. */
    private readonly store: () => Promise<void>,
  ) {}

  /** Rejects with why it could not be stored now; it is tried again by itself. */
  keep(): Promise<void> {
    const attempt = this.store().catch((error: unknown) => {
      this.asking ??= this.askAgain();
      throw error;
    });
    this.attempt = attempt.catch(() => undefined);
    return attempt;
  }

  /** Tries once more what is owed, and then no more. */
  async close(): Promise<void> {
    this.closed.abort();
    await this.attempt;
    await this.asking;
  }

  /** Never rejects. */
  private async askAgain(): Promise<void> {
    const { clock, log } = this.deps;
    const { signal } = this.closed;
    for (let stored = false; !stored; ) {
      // Woken by the end of the conversation: then this is the last attempt.
      await clock.sleep(againMs, signal).catch(() => undefined);
      stored = await this.store().then(
        () => true,
        (error: unknown) => {
          if (signal.aborted) log.error('a draft could not be stored', error);
          return signal.aborted;
        },
      );
    }
    this.asking = null;
  }
}
