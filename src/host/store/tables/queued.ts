/** The messages that wait in a conversation: whichever window sends one, it is sent once. */
import { StoreError } from '../../../core/base/errors';
import type { QueuedMessage } from '../../../core/record/store';
import type { Database } from '../file/database';
import { storeStrings } from '../file/strings';

interface Waiting {
  readonly id: string;
}

function waitingIn(db: Database, conversation: string): readonly Waiting[] {
  const row = db.get<{ queued: string }>('SELECT queued FROM composers WHERE conversation = ?', conversation);
  try {
    const value: unknown = JSON.parse(row?.queued ?? '[]');
    return Array.isArray(value) ? value.filter((one) => typeof one?.id === 'string') : [];
  } catch {
    return [];
  }
}

/** Takes a message from those that wait, in the transaction that stores it as sent. */
export function unqueue(db: Database, conversation: string, id: string): void {
  const waiting = waitingIn(db, conversation);
  if (!waiting.some((one) => one.id === id)) {
    throw new StoreError('sent', storeStrings.sent());
  }
  const left = waiting.filter((one) => one.id !== id);
  db.run('UPDATE composers SET queued = ? WHERE conversation = ?', JSON.stringify(left), conversation);
}

/**
 * What waits when a window wants `wanted` to, which knew of `known`: what another has sent or taken out meanwhile is
 * gone, what it added comes behind.
 */
export function mergeQueued(
  db: Database,
  conversation: string,
  wanted: readonly QueuedMessage[],
  known: readonly string[],
): readonly Waiting[] {
  const stored = waitingIn(db, conversation);
  const isStored = new Set(stored.map(({ id }) => id));
  const wasKnown = new Set(known);
  const isWanted = new Set(wanted.map(({ id }) => id));
  return [
    ...wanted.filter(({ id }) => isStored.has(id) || !wasKnown.has(id)),
    ...stored.filter(({ id }) => !wasKnown.has(id) && !isWanted.has(id)),
  ];
}
