/** What a tool says of itself, by what has become of it. */
import type { LocalizableMessage } from '../../../shared/chat';
import { phrase } from '../../../shared/phrase';

/** Of one call. */
export interface Doing {
  /** What was asked for, where nothing came of it: "Edit app.ts · Denied". */
  readonly asked: LocalizableMessage;
  readonly running: LocalizableMessage;
  readonly done: LocalizableMessage;
}

/** The three of them, in English, with the same values. */
export function doing(asked: string, running: string, done: string, ...args: readonly (string | number)[]): Doing {
  return { asked: phrase(asked, ...args), running: phrase(running, ...args), done: phrase(done, ...args) };
}
