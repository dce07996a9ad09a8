/** What is about to be done to files: noted before anything is written, dropped with the entry that tells of it. */
import { crc32 } from 'node:zlib';
import { areFileEdits } from '../../../core/record/readEntry';
import type { PendingEdits } from '../../../core/record/store';
import type { Database } from '../file/database';
import { noConversation } from '../file/errors';
import { parseJson } from '../file/stored';
import { overtaken } from './claims';
import { leaseOf } from './listing';

/**
 * No edits: nothing was written. Throws when there is no such conversation, and `overtaken` when another window than
 * `owner` has its lease, or has had it and given it back.
 */
export function notePendingEdits(
  db: Database,
  conversation: string,
  { call, edits }: PendingEdits,
  owner: string | null,
): void {
  if (db.get('SELECT 1 FROM conversations WHERE id = ?', conversation) === undefined)
    throw noConversation(conversation);
  const lease = leaseOf(db, conversation);
  // One that has merely run out is there still. What is not written any more may be said without one.
  const isOthers = lease === null ? edits.length > 0 : lease.owner !== owner;
  if (owner !== null && isOthers) throw overtaken();
  if (edits.length === 0) {
    dropPendingEdits(db, conversation, call);
    return;
  }
  const json = JSON.stringify(edits);
  db.run(
    'INSERT OR REPLACE INTO pendingEdits (conversation, call, sum, edits) VALUES (?, ?, ?, ?)',
    conversation,
    JSON.stringify(call),
    crc32(json),
    json,
  );
}

/** Those of a conversation, but for what is not as it was noted. */
export function pendingEditsIn(db: Database, conversation: string): readonly PendingEdits[] {
  const sql = 'SELECT call, sum, edits FROM pendingEdits WHERE conversation = ? ORDER BY call';
  return db.all<{ call: string; sum: number; edits: string }>(sql, conversation).flatMap((row) => {
    const [call, edits] = [parseJson(row.call), parseJson(row.edits)];
    return typeof call === 'string' && row.sum === crc32(row.edits) && areFileEdits(edits) ? [{ call, edits }] : [];
  });
}

/** Part of the transaction that makes them needless. `call`: of this one only. */
export function dropPendingEdits(db: Database, conversation: string, call: string | null = null): void {
  if (call === null) db.run('DELETE FROM pendingEdits WHERE conversation = ?', conversation);
  else db.run('DELETE FROM pendingEdits WHERE conversation = ? AND call = ?', conversation, JSON.stringify(call));
}
