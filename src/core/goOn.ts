/** What "Continue" says to the model in the user's place. */
import { continueText } from './messages';
import type { Entry } from './record';

/** An answer without a word cannot be gone on with: the question is asked to be answered (API-FACTS §4.4). */
const answerText = 'Please continue: your previous turn ended without an answer.';

/** The words for the turn that ended the path. */
export function goOnText(path: readonly Entry[]): string {
  const end = path.at(-1);
  return end?.kind === 'end' && end.outcome.kind === 'empty' ? answerText : continueText;
}

/** True for words that a button said, not the user. */
export function isGoOn(words: string): boolean {
  return words === answerText || words === continueText;
}
