/**
 * Who may write to a conversation: looked at in the transaction of the write, so that an overtaken window writes nothing.
 * With the lease goes what its window waits for.
 */
import { StoreError } from '../../../core/base/errors';
import { type AskingCall, askingJson, type Claim, readAsking } from '../../../core/record/leases';
import type { Database } from '../file/database';
import { parseJson } from '../file/stored';
import { storeStrings } from '../file/strings';
import { leaseOf } from './listing';

/** Throws `overtaken` when another window has taken the conversation, or has written to it since; else renews the lease. */
export function renewLease(db: Database, conversation: string, claim: Claim): void {
  const lease = leaseOf(db, conversation);
  if (lease !== null && lease.owner !== claim.owner) throw overtaken();
  const head = db.get<{ head: string | null }>('SELECT head FROM conversations WHERE id = ?', conversation)?.head;
  // Between a window that slept and its return another may have come and gone.
  if (head !== undefined && head !== claim.head) throw overtaken();
  db.run(
    `INSERT INTO leases (conversation, owner, expiresAt) VALUES (?, ?, ?)
     ON CONFLICT (conversation) DO UPDATE SET expiresAt = max(expiresAt, excluded.expiresAt)`,
    conversation,
    claim.owner,
    claim.expiresAt,
  );
}

/** Another window was first. */
export function overtaken(): StoreError {
  return new StoreError('overtaken', storeStrings.overtaken());
}

/** Keeps which calls wait for the user in the window that has the lease; does nothing for another one. */
export function noteAsking(db: Database, conversation: string, owner: string, calls: readonly AskingCall[]): void {
  const sql = 'UPDATE leases SET asking = ? WHERE conversation = ? AND owner = ?';
  db.run(sql, askingJson(calls), conversation, owner);
}

/** Those calls, as far as they can be read. */
export function askingIn(db: Database, conversation: string): readonly AskingCall[] {
  const sql = 'SELECT asking FROM leases WHERE conversation = ?';
  const row = db.get<{ asking: string | null }>(sql, conversation);
  return row == null || row.asking === null ? [] : readAsking(parseJson(row.asking));
}
