/** What the user says to calls of tools: an answer to one that asks, a stop to one that runs; and who else sees that. */
import { messageOf } from '../../../core/base/errors';
import type { OpenCalls } from '../../../core/turn/openCalls';
import type { Handlers } from '../../../shared/intents';
import type { ComposerState } from '../../../shared/protocol';
import { refusals } from '../../base/plainStrings';
import { refused } from '../../base/refused';
import type { ControllerDeps } from './controllerDeps';

/** How edits are reviewed, for the composer; null where nothing can be written. */
export function reviewOf(
  { way }: OpenCalls,
  { tools, situation }: Pick<ControllerDeps, 'tools' | 'situation'>,
): ComposerState['review'] {
  if (tools.edits === undefined || !situation().trusted) return null;
  return way.isAtEnd ? 'atEnd' : 'ask';
}

/** From now on other windows see which calls of a conversation ask here. */
export function tellOthers(
  conversation: string,
  calls: OpenCalls,
  { store, owner, log }: Pick<ControllerDeps, 'store' | 'owner' | 'log'>,
): void {
  calls.onDidChange(() => {
    // It is only shown: what is not stored is missing there until the next one.
    store
      .noteAsking(conversation, owner, calls.asking)
      .catch((error: unknown) => log.warn(`other windows were not told what is asked: ${messageOf(error)}`));
  });
}

/** How often a call that waits looks whether another window has allowed it, ms. */
const lookMs = 2000;

/** From now on a call that waits goes on once a yes given elsewhere covers it: in another conversation, or another window. */
export function followConsents(
  conversation: string,
  calls: OpenCalls,
  { consents, clock }: Pick<ControllerDeps, 'consents' | 'clock'>,
): void {
  let stops: readonly (() => void)[] = [];
  /** A slow store is asked once at a time. */
  let looking: 'no' | 'yes' | 'again' = 'no';
  const look = (): void => {
    if (looking !== 'no') return;
    looking = 'yes';
    calls
      .allowed(conversation, consents)
      .finally(() => {
        const isMissed = looking === 'again';
        looking = 'no';
        if (isMissed) look();
      })
      .catch(() => undefined);
  };
  // What was allowed meanwhile may not be in its answer.
  const changed = (): void => {
    if (looking === 'no') look();
    else looking = 'again';
  };
  calls.onDidChange(() => {
    const waits = calls.waiting > 0;
    if (waits === stops.length > 0) return;
    for (const stop of stops) stop();
    stops = waits ? [consents.onDidChange(changed), clock.every(lookMs, look)] : [];
  });
}

/** The handlers of a conversation's calls. One that has ended meanwhile refuses. */
export function callHandlers(
  calls: Pick<OpenCalls, 'answer' | 'review' | 'cancel' | 'textsOf'>,
  { reviewEditor }: Pick<ControllerDeps, 'reviewEditor'>,
  blocks: Pick<OpenCalls, 'textsOf'>,
) {
  return {
    approve: ({ key, span }) => {
      if (!calls.answer(key, { allow: true, span })) throw refused(refusals.notAsking());
    },
    deny: ({ key, reason }) => {
      if (!calls.answer(key, { allow: false, reason })) throw refused(refusals.notAsking());
    },
    setReview: ({ atEnd }) => calls.review(atEnd),
    stopCall: ({ key }) => {
      if (!calls.cancel(key)) throw refused(refusals.callEnded());
    },
    openProposed: async ({ key, conversation }) => {
      const texts = calls.textsOf(key) ?? blocks.textsOf(key);
      if (texts === null) throw refused(refusals.notAsking());
      await reviewEditor?.propose(texts, { conversation, answer: null });
    },
  } satisfies Partial<Handlers<'chat'>>;
}
