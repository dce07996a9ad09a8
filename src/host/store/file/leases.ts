/** Whether any window drives a turn: what would disturb it waits. */
import type { Database } from './database';

/** True when a lease of anyone has not run out by `now`, ms since the epoch. */
export function anyLease(db: Database, now: number): boolean {
  return db.get('SELECT 1 FROM leases WHERE expiresAt > ? LIMIT 1', now) !== undefined;
}
