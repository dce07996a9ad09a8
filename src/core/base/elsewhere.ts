/** What the store refuses because of another window: it stands in place of what was asked, and is no fault. */
import { StoreError } from './errors';
import type { Log } from './ports';

/** True when another window has taken the conversation, or has written to it since: nothing was written. */
export function isOvertaken(error: unknown): boolean {
  return error instanceof StoreError && error.code === 'overtaken';
}

/** The same, or another window has sent or taken out the waiting message that was to be sent. */
export function isElsewhere(error: unknown): boolean {
  return isOvertaken(error) || (error instanceof StoreError && error.code === 'sent');
}

/** Logs that something failed; as a mere information where another window is why. */
export function logFailure(log: Log, what: string, error: unknown): void {
  if (isElsewhere(error)) log.info(`${what}: another window was first`);
  else log.error(what, error);
}
