/** The messages that wait in a conversation: whichever window sends one, it is sent once. */
import { StoreError } from '../../../core/base/errors';
import type { QuestionFrom, QueuedMessage } from '../../../core/record/store';
import type { Database } from '../file/database';
import { parseJson } from '../file/stored';
import { storeStrings } from '../file/strings';
import { setComposer } from './conversations';

interface Waiting {
  readonly id: string;
}

function waitingIn(db: Database, conversation: string): readonly Waiting[] {
  return listIn(db, conversation, 'queued').filter(
    (one): one is Waiting => typeof (one as Waiting | null)?.id === 'string',
  );
}

function listIn(db: Database, conversation: string, part: 'queued' | 'asked'): readonly unknown[] {
  const sql = `SELECT ${part} AS list FROM composers WHERE conversation = ?`;
  const value = parseJson(db.get<{ list: string }>(sql, conversation)?.list ?? null);
  return Array.isArray(value) ? value : [];
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

/**
 * Part of a transaction: a question waits in another conversation from now on, and no more in its own. null where it was
 * handed over before, by whichever window.
 */
export function handOver(
  db: Database,
  { conversation, id, waits }: QuestionFrom,
  to: string,
  message: QueuedMessage,
): readonly Waiting[] | null {
  const asked = listIn(db, conversation, 'asked');
  if (asked.includes(id)) return null;
  if (waits) unqueue(db, conversation, id);
  setComposer(db, conversation, 'asked', [...asked, id]);
  const waiting = [...waitingIn(db, to), message];
  setComposer(db, to, 'queued', waiting);
  return waiting;
}
