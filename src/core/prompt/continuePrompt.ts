/** What "Continue" says to the model in the user's place. */
import type { Model } from '../models/models';
import { compactionAt, lastSaid } from '../record/excluded';
import type { Entry } from '../record/record';
import { continueText, messagesOf } from './messages';

/** An answer without a word cannot be gone on with: the question is asked to be answered (API-FACTS §4.4). */
const answerText = 'Please continue: your previous turn ended without an answer.';

/** Behind a summary there is no end of an answer to go on from. */
const workOnText = 'Please go on with the task from where the summary leaves it.';

/** Behind a call that failed in the same way again and again. */
const otherWayText = 'Go on with the task, but do not repeat the call that kept failing: find another way, or ask.';

/** The words for the turn that ended the path. */
export function continuePrompt(path: readonly Entry[], model: Model): string {
  const end = lastSaid(path);
  const at = compactionAt(path);
  if (end !== undefined && at > path.lastIndexOf(end)) {
    const kept = messagesOf(path, model);
    if (!kept.some(({ blocks }) => blocks.some(({ entry }) => entry?.kind === 'user'))) return workOnText;
    if (!kept.some(({ role }) => role === 'assistant')) return answerText;
  }
  const ended = end?.kind === 'end' ? end.outcome.kind : null;
  return ended === 'empty' ? answerText : ended === 'sameFailure' ? otherWayText : continueText;
}
