/** What was asked for is not done, and why, in words for the user: no fault of the program. */
import type { LocalizableMessage } from '../../shared/chat';
import { refusals } from './plainStrings';

export class Refused extends Error {
  override readonly name = 'Refused';

  constructor(readonly reason: LocalizableMessage) {
    super(reason.text);
  }
}

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
