/** What was asked for is not done, and why, in words for the user: no fault of the program. */
import type { Words } from '../shared/chat';

export class Refused extends Error {
  override readonly name = 'Refused';

  constructor(readonly reason: Words) {
    super(reason.text);
  }
}

export function refused(text: string, ...args: readonly (string | number)[]): Refused {
  return new Refused({ text, args });
}
