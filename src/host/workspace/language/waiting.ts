/** Waiting for language services, with an end: one that has just been started answers empty at first. */
import { setTimeout as delay } from 'node:timers/promises';
import { orAborted } from '../../../core/base/orAborted';
import { ToolError } from '../../../core/tools/workspace';

/** ms. */
export interface LanguageTimes {
  /** For one answer: a service that hangs is not waited for any longer. */
  readonly answer: number;
  /** From the first empty answer on, while nothing at all has answered. */
  readonly silent: number;
  /** The same, while the service has answered something simpler. */
  readonly starting: number;
  /** Between two questions. */
  readonly pause: number;
  /** For the problems of a file that was just loaded. */
  readonly problems: number;
}

/** Those of the product. */
export const languageTimes: LanguageTimes = {
  answer: 30_000,
  silent: 10_000,
  starting: 5_000,
  pause: 300,
  problems: 6_000,
};

/** Rejects with a ToolError when the answer takes too long, or its service fails. */
export async function inTime<T>(what: string, ms: number, work: Promise<T>, signal: AbortSignal): Promise<T> {
  const late = AbortSignal.timeout(ms);
  try {
    return await orAborted(work, AbortSignal.any([signal, late]));
  } catch (error) {
    signal.throwIfAborted();
    if (late.aborted)
      throw new ToolError(
        `The language service did not tell ${what} within ${Math.round(ms / 1_000)} s, so this was given up. It may be ` +
          'busy: try again later, or use search_text.',
      );
    if (error instanceof ToolError) throw error;
    const said = error instanceof Error ? error.message : String(error);
    throw new ToolError(`The language service failed to tell ${what}: ${said.slice(0, 300)}. search_text still works.`);
  }
}

/** Waits; rejects with the signal's reason when it is aborted. */
export async function pauseFor(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw error;
  });
}
