/** What may succeed a little later is tried again: the store while another window writes. */
import type { Clock } from './ports';

/** How often, and for how long, work that failed is tried again. */
export interface Patience {
  readonly clock: Pick<Clock, 'sleep'>;
  /** Between two attempts. */
  readonly everyMs: number;
  /** Ends the pause, not the attempts. Asked for at each pause. */
  readonly signal?: (() => AbortSignal | undefined) | undefined;
  /** Asked after each failure: false ends it with that error. */
  readonly goesOn: (error: unknown) => boolean;
}

/** Rejects with the error of the last attempt. */
export async function tryAgain<T>(work: () => Promise<T>, patience: Patience): Promise<T> {
  const { clock, everyMs, signal, goesOn } = patience;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!goesOn(error)) throw error;
      await clock.sleep(everyMs, signal?.() ?? new AbortController().signal).catch(() => undefined);
    }
  }
}
