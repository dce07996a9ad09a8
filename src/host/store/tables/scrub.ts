/**
 * A deletion that is no longer undone reaches the bytes. `secure_delete` writes zeros over what is deleted, but where SQLite had moved a
 * row to another page before, the old page can still hold a copy of it. So the file is written anew (VACUUM) while that
 * takes seconds at most, and the write-ahead log is emptied. A mark in the database says that this is still owed, so
 * that a crash, another window's lock or a turn that runs in any window only postpones it: rewriting holds up every
 * commit. What is deleted otherwise is given back to the disk a few pages at a time.
 */
import type { Database } from '../file/database';
import { anyLease } from '../file/leases';
import { getValue, setValue } from './keyValues';

/** Larger databases keep to `secure_delete`; theirs are big rows, which lie in pages of their own. Bytes. */
const rewritten = 256 * 1024 * 1024;

const dueKey = 'store:scrubOwed';

/** Part of the transaction that deletes. */
export function markScrubDue(db: Database): void {
  setValue(db, dueKey, 'true');
}

/** True when deleted bytes may still be in the file. */
export function isScrubDue(db: Database): boolean {
  return getValue(db, dueKey) !== null;
}

/** Pages that are given back at once: some ms. */
const stepPages = 64;

/** Databases of before give nothing back until they were rewritten once: worth it from so many free pages on. */
const worthRewriting = 256;

/**
 * False when another window is reading the log right now, so that it could not be emptied, or when a turn runs anywhere.
 * Throws like any write.
 */
export function scrub(db: Database, now: number): boolean {
  if (anyLease(db, now)) return false;
  if (isSmall(db)) db.exec('VACUUM');
  if (!emptyLog(db)) return false;
  setValue(db, dueKey, null);
  return true;
}

/** Gives some free pages back to the disk; true when there are more. Throws like any write. */
export function vacuumStep(db: Database, now: number): boolean {
  const free = count(db, 'freelist_count');
  if (free === 0) return false;
  if (count(db, 'auto_vacuum') !== 0) {
    db.exec(`PRAGMA incremental_vacuum(${stepPages})`);
    if (free > stepPages) return true;
    // The file itself becomes shorter with the last step.
    emptyLog(db);
    return false;
  }
  // The setting is on this connection already, and holds for the file once it is rewritten.
  if (free < worthRewriting || !isSmall(db) || anyLease(db, now)) return false;
  db.exec('VACUUM');
  emptyLog(db);
  return false;
}

function isSmall(db: Database): boolean {
  return count(db, 'page_count') * count(db, 'page_size') <= rewritten;
}

function count(db: Database, pragma: 'page_count' | 'page_size' | 'freelist_count' | 'auto_vacuum'): number {
  return db.get<Record<string, number>>(`PRAGMA ${pragma}`)?.[pragma] ?? 0;
}

/** In rollback mode there is no log: `busy` is 0 there too. */
function emptyLog(db: Database): boolean {
  return db.get<{ busy: number }>('PRAGMA wal_checkpoint(TRUNCATE)')?.busy === 0;
}
