/** Failures that more than one floor has to know. */

/** The store could not do what was asked; `damaged` when the database itself is at fault. */
export class StoreError extends Error {
  override readonly name = 'StoreError';

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
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
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
