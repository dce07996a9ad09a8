/** Failures that more than one floor has to know. */
import type { LocalizableMessage } from '../../shared/chat';
import { filled } from '../../shared/phrase';

/** The store could not do what was asked; `damaged` when the database itself is at fault. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly said: LocalizableMessage;

  constructor(
    readonly code:
      | 'unavailable'
      | 'damaged'
      | 'full'
      | 'readOnly'
      | 'busy'
      /** Another window is answering: the database is brought to this version when it is done. */
      | 'leased'
      | 'newerVersion'
      /** Another window has taken the conversation: nothing was written. */
      | 'overtaken'
      /** A waiting message has been sent already: nothing was written. */
      | 'sent'
      | 'failed',
    /** What is said of it to the user; of a text alone nothing is translated. */
    said: LocalizableMessage | string,
    options?: ErrorOptions,
  ) {
    const words = typeof said === 'string' ? { text: said } : said;
    super(filled(words.text, words.args ?? []), options);
    this.said = words;
  }
}

/** The name of what was thrown, for logs: its words may hold content. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}

/** What was thrown, in its own words. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
