/** When a request that failed is sent again by itself: after a countdown that is shown, and never long after it broke. */
import type { ChatEvent } from '../../shared/chat';
import { isRetryable, retryAfterMs, type TurnFailureError } from '../api/failures';
import type { Clock } from '../base/ports';

const maxAttempts = 5;
/** ms after a break beyond which nothing is sent again by itself. */
const maxWaitMs = 60_000;
/** ms by which a timer may be late before the machine must have slept. */
const timerSlackMs = 2_000;

/** ms to wait before the next attempt; null when there is none. */
export function retryWait(cause: unknown, error: TurnFailureError, attempt: number, now: number): number | null {
  if (attempt >= maxAttempts || !isRetryable(error.failure, cause)) return null;
  const asked = retryAfterMs(cause, now);
  const wait = asked ?? 1000 * 2 ** (attempt - 1) * (1 + Math.random() / 4);
  return wait <= maxWaitMs ? wait : null;
}

/** Counts down. Throws `error` when the machine slept meanwhile, and the signal's reason when aborted. */
export async function* waitForRetry(
  input: { readonly clock: Clock; readonly tryNow: () => Promise<void> },
  error: TurnFailureError,
  attempt: number,
  wait: number,
  signal: AbortSignal,
): AsyncGenerator<ChatEvent> {
  const since = input.clock.now();
  const failure = error.failure;
  yield {
    type: 'activity',
    activity: { kind: 'retrying', since, at: since + wait, attempt: attempt + 1, of: maxAttempts, failure },
  };
  const waiting = new AbortController();
  let asked: boolean;
  try {
    const either = AbortSignal.any([signal, waiting.signal]);
    const slept = input.clock.sleep(wait, either).then(() => false);
    asked = await Promise.race([slept, input.tryNow().then(() => true)]);
  } finally {
    waiting.abort();
  }
  signal.throwIfAborted();
  // The machine slept through the countdown: the user is asked instead.
  if (!asked && input.clock.now() - since > maxWaitMs + timerSlackMs) throw error;
}
