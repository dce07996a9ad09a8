/** What a view is told of what it asked for and was not done: as the host says it. */
import { notDone } from '../../src/host/base/notDone';
import type { Intent, IntentType } from '../../src/shared/intents';
import { filled } from '../../src/shared/phrase';
import type { Answer } from '../../src/shared/protocol';

/** The answer as it is posted. */
export function posted<A>(intent: Intent, answer: Answer<A>): Answer<A> {
  return answer.ok ? answer : { ok: false, reason: notDone(intent, answer.reason) };
}

/** The words that are read then; of an intent by its name, what it says besides is missing. */
export function notDoneWords(intent: Intent | IntentType, reason: string): string {
  const asked = typeof intent === 'string' ? ({ type: intent } as Intent) : intent;
  const { text, args = [] } = notDone(asked, { text: reason });
  return filled(text, args);
}
