/**
 * A request is sent until its answer is whole: again without what the address refuses to take back, and after a
 * countdown that is shown where nothing of the answer had arrived, but never long after it broke.
 */
import type { ChatEvent } from '../../shared/chat';
import type { Api, ApiAccess } from '../api/access';
import type { KnownLimits } from '../api/addressBook';
import { isRetryable, localFailure, retryAfterMs, TurnFailureError } from '../api/failures';
import type { Clock, Log } from '../base/ports';
import { failureStrings } from '../base/strings';
import { TimeSlice } from '../base/timeSlice';
import type { PlannedRequest } from '../prompt/request';
import { AnswerStream, type AnswerStreamInput } from './answerStream';
import { type Replan, withoutRefused } from './thinkingRefused';

const maxAttempts = 5;
/** ms after a break beyond which nothing is sent again by itself. */
const maxWaitMs = 60_000;
/** ms by which a timer may be late before the machine must have slept. */
const timerSlackMs = 2_000;

/** One request, how long it asks the cache to keep it, and where its answer belongs. */
export type PlannedAnswer = AnswerStreamInput & PlannedRequest;

/** What every request to the API needs of the outside. */
export interface AskPorts {
  readonly api: Api;
  /** What addresses do not take. */
  readonly addresses: KnownLimits;
  readonly clock: Clock;
  readonly diagnostics: Log;
  /** Resolves when the user wants a countdown ended by asking now. */
  readonly tryNow: () => Promise<void>;
}

/** A request that is tried until it is answered: how it is planned, checked and shown. */
export interface Question {
  /** The user entry of the turn; null outside of one. */
  readonly turn: string | null;
  readonly plan: (access: ApiAccess, replan: Replan) => PlannedAnswer;
  /** Rejects where it may not be sent. */
  readonly check: (planned: PlannedAnswer) => Promise<void> | undefined;
  /** What is shown of one attempt; what it throws has been dealt with, but for trying again. */
  readonly events: (stream: AnswerStream, planned: PlannedAnswer) => AsyncGenerator<ChatEvent>;
}

/** Streams an answer until it is whole. Throws what the last attempt threw. */
export async function* ask(
  ports: AskPorts,
  { turn, plan, check, events }: Question,
  signal: AbortSignal,
): AsyncGenerator<ChatEvent, { readonly stream: AnswerStream; readonly planned: PlannedAnswer }> {
  const { addresses, clock, diagnostics } = ports;
  const access = await ports.api.access();
  if (access === null) throw new TurnFailureError(localFailure('noKey', failureStrings.noKey()));
  const address = access.baseUrl;
  let used: Replan = { limits: await addresses.of(address), withoutThinking: false };
  const slice = new TimeSlice();
  let planned = plan(access, used);
  if (slice.isOver) await slice.yieldToOthers(signal);
  for (let attempt = 1; ; ) {
    await check(planned);
    yield { type: 'activity', activity: { kind: 'waiting', since: clock.now() } };
    const stream = new AnswerStream(planned);
    try {
      yield* events(stream, planned);
      return { stream, planned };
    } catch (error) {
      // Where some of it has arrived it is not asked for again by itself.
      if (stream.content.length > 0 || !(error instanceof TurnFailureError)) throw error;
      const again = await withoutRefused(error, { planned, used, address, turn }, addresses, diagnostics);
      if (again === null) {
        const wait = retryWait(stream.error, error, attempt, clock.now());
        if (wait === null) throw error;
        yield* waitForRetry(ports, error, attempt, wait, signal);
        attempt += 1;
      } else {
        used = again;
        planned = plan(access, used);
      }
    }
  }
}

/** ms to wait before the next attempt; null when there is none. */
function retryWait(cause: unknown, error: TurnFailureError, attempt: number, now: number): number | null {
  if (attempt >= maxAttempts || !isRetryable(error.failure, cause)) return null;
  const retryAfter = retryAfterMs(cause, now);
  const wait = retryAfter ?? 1000 * 2 ** (attempt - 1) * (1 + Math.random() / 4);
  return wait <= maxWaitMs ? wait : null;
}

/** Counts down. Throws `error` when the machine slept meanwhile, and the signal's reason when aborted. */
async function* waitForRetry(
  input: Pick<AskPorts, 'clock' | 'tryNow'>,
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
  let isNow: boolean;
  try {
    const either = AbortSignal.any([signal, waiting.signal]);
    const slept = input.clock.sleep(wait, either).then(() => false);
    isNow = await Promise.race([slept, input.tryNow().then(() => true)]);
  } finally {
    waiting.abort();
  }
  signal.throwIfAborted();
  // The machine slept through the countdown: the user is asked instead.
  if (!isNow && input.clock.now() - since > maxWaitMs + timerSlackMs) throw error;
}
