/** What the user says to calls of tools: an answer to one that asks, a stop to one that runs. */
import type { OpenCalls } from '../../../core/turn/openCalls';
import type { Handlers } from '../../../shared/intents';
import { refusals } from '../../base/plainStrings';
import { refused } from '../../base/refused';

/** The handlers of a conversation's calls. One that has ended meanwhile refuses. */
export function callHandlers(calls: OpenCalls) {
  return {
    approve: ({ key, span }) => {
      if (!calls.answer(key, { allow: true, span })) throw refused(refusals.notAsking());
    },
    deny: ({ key, reason }) => {
      if (!calls.answer(key, { allow: false, reason })) throw refused(refusals.notAsking());
    },
    stopCall: ({ key }) => {
      if (!calls.cancel(key)) throw refused(refusals.callEnded());
    },
    setReview: nothingWritten,
    editHunks: nothingWritten,
    decideEdits: nothingWritten,
    reviewChanges: nothingWritten,
    openProposed: nothingWritten,
  } satisfies Partial<Handlers<'chat'>>;
}

/** No tool that is offered writes. */
function nothingWritten(): never {
  throw refused(refusals.unknownIntent());
}
