/** What was asked for is not done, and why, in words for the user: no fault of the program. */
import type { LocalizableMessage } from '../../shared/chat';
import { refusals } from './plainStrings';

/** Thrown where something is refused: its reason is shown to whoever asked, and it is no fault for the log. */
export class Refused extends Error {
  override readonly name = 'Refused';

  constructor(readonly reason: LocalizableMessage) {
    super(reason.text);
  }
}

/** Makes the error; throwing it is the caller's. */
export function refused(reason: LocalizableMessage): Refused {
  return new Refused(reason);
}

/** Another window drives the conversation. */
export function busyElsewhere(): Refused {
  return refused(refusals.busyElsewhere());
}

/** Another window has gone on with it: nothing of that is cut off unseen. */
export function goneOnElsewhere(): Refused {
  return refused(refusals.goneOnElsewhere());
}
