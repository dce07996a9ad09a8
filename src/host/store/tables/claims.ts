/** Who may write to a conversation: looked at in the transaction of the write, so that an overtaken window writes nothing. */
import { StoreError } from '../../../core/base/errors';
import type { Claim } from '../../../core/record/leases';
import type { Database } from '../file/database';
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
