/** What "Continue" says to the model in the user's place. */
import { compactionAt, lastSaid } from '../record/excluded';
import type { Entry } from '../record/record';
import { continueText } from './messages';

/** An answer without a word cannot be gone on with: the question is asked to be answered (API-FACTS §4.4). */
const answerText = 'Please continue: your previous turn ended without an answer.';

/** Behind a summary there is no end of an answer to go on from. */
const workOnText = 'Please go on with the task from where the summary leaves it.';

/** Behind a call that failed in the same way again and again. */
const otherWayText = 'Go on with the task, but do not repeat the call that kept failing: find another way, or ask.';

/** The words for the turn that ended the path. */
export function continuePrompt(path: readonly Entry[]): string {
  const end = lastSaid(path);
  const summary = path[compactionAt(path)];
  const isGone = summary?.kind === 'compaction' && summary.keeps === undefined;
  if (end !== undefined && isGone && path.lastIndexOf(summary) > path.lastIndexOf(end)) return workOnText;
  const ended = end?.kind === 'end' ? end.outcome.kind : null;
  return ended === 'empty' ? answerText : ended === 'sameFailure' ? otherWayText : continueText;
}
