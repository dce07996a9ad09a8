/** What was asked for is not done, and why, in words for the user: no fault of the program. */
import type { Words } from '../../shared/chat';

export class Refused extends Error {
  override readonly name = 'Refused';

  constructor(readonly reason: Words) {
    super(reason.text);
  }
}

export function refused(text: string, ...args: readonly (string | number)[]): Refused {
  return new Refused({ text, args });
}

/** Another window drives the conversation. */
export function busyElsewhere(): Refused {
  return refused('Another window is asking in this conversation.');
}

/** Another window has gone on with it: nothing of that is cut off unseen. */
export function goneOnElsewhere(): Refused {
  return refused('Another window has gone on with this conversation. Look at what it says first.');
}
