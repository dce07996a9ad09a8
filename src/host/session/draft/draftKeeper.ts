/** What is typed, or given back, is stored as soon as the store takes it: while it refuses it is asked again (L2). */
import type { Clock, Log } from '../../../core/base/ports';
import { tryAgain } from '../../../core/base/tryAgain';

/** ms between two attempts. */
const againMs = 2000;

/** Stores a draft that changed, and tries again for as long as the store refuses. */
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
    // Woken by the end of the conversation: then the next attempt is the last.
    await clock.sleep(againMs, signal).catch(() => undefined);
    try {
      await tryAgain(this.store, { clock, everyMs: againMs, signal: () => signal, goesOn: () => !signal.aborted });
    } catch (error) {
      log.error('a draft could not be stored', error);
    }
    this.asking = null;
  }
}
