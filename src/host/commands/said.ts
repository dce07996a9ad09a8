/** Says what a command could not do: it has no place of its own on the screen. */
import type { Answer } from '../../shared/protocol';
import { messages } from '../base/messages';
import { localized } from '../base/strings';

/** Shows why something was not done, in a message. Resolves to what the answer holds. */
export async function said(answer: Promise<Answer>): Promise<unknown> {
  const answered = await answer;
  if (answered.ok) return answered.value;
  // Whoever closes it decides nothing.
  void messages.warn(localized(answered.reason));
  return null;
}
