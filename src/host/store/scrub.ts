/**
 * *Delete Forever* reaches the bytes. `secure_delete` writes zeros over what is deleted, but where SQLite had moved a
 * row to another page before, the old page can still hold a copy of it. So the file is written anew (VACUUM) while that
 * takes seconds at most, and the write-ahead log is emptied. A mark in the database says that this is still owed, so
 * that a crash or another window's lock only postpones it.
 */
import { getValue, setValue } from './blobs';
import type { Database } from './database';

/** Larger databases keep to `secure_delete`; theirs are big rows, which lie in pages of their own. Bytes. */
const rewritten = 256 * 1024 * 1024;

const owedKey = 'store:scrubOwed';

/** Part of the transaction that deletes. */
export function oweScrub(db: Database): void {
  setValue(db, owedKey, 'true');
}

export function isScrubOwed(db: Database): boolean {
  return getValue(db, owedKey) !== null;
}

/** False when another window is reading the log right now, so that it could not be emptied. Throws like any write. */
export function scrub(db: Database): boolean {
  const pages = db.get<{ page_count: number }>('PRAGMA page_count')?.page_count ?? 0;
  const pageSize = db.get<{ page_size: number }>('PRAGMA page_size')?.page_size ?? 0;
  if (pages * pageSize <= rewritten) db.exec('VACUUM');
  else db.all('PRAGMA incremental_vacuum');
  if (!emptyLog(db)) return false;
  setValue(db, owedKey, null);
  return true;
}

/** In rollback mode there is no log: `busy` is 0 there too. */
function emptyLog(db: Database): boolean {
  return db.get<{ busy: number }>('PRAGMA wal_checkpoint(TRUNCATE)')?.busy === 0;
}
