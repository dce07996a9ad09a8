/** How the SQLite file is opened: its folder, its journal, its tables. */
import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { StoreError } from '../../../core/base/errors';
import { Database, pause } from './database';
import { isBusy, toStoreError } from './errors';
import { migrate, refuseNewer, versionOf } from './schema';
import { storeStrings } from './strings';

/** How long a call waits for a lock of another window, ms. Transactions are short; a VACUUM is the longest. */
const busyMs = 5000;

/** `node:sqlite`, loaded when it is first needed: Node before 22.13 does not have it (nodejs.org/api/sqlite.html). */
function sqlite(): typeof import('node:sqlite') {
  try {
    // The module announces itself as experimental on stderr; in this worker nothing else warns.
    process.removeAllListeners('warning');
    return require('node:sqlite') as typeof import('node:sqlite');
  } catch (error) {
    throw new StoreError('unavailable', storeStrings.noSqlite(process.versions.node), { cause: error });
  }
}

/** What the owner of a connection hands to `openDatabase`. */
interface OpenHooks {
  /**
   * Takes the connection as soon as there is one, and closes it, also when opening fails later on: closing a damaged
   * database can write to it and delete its log, so that is done after it was set aside.
   */
  adopt(db: Database): void;
  /** The last touch, when the tables are there. */
  configure?: ((raw: DatabaseSync) => void) | undefined;
}

/** Opens the database, creating folder, file and tables as needed. Throws what SQLite or the file system threw. */
export function openDatabase(file: string, hooks: OpenHooks): void {
  const { DatabaseSync } = sqlite();
  mkdirSync(dirname(file), { recursive: true });
  if (existsSync(file)) peek(new DatabaseSync(file, { readOnly: true }));
  const connect = (): [DatabaseSync, Database] => {
    const raw = new DatabaseSync(file);
    const db = new Database(raw);
    hooks.adopt(db);
    db.exec(`PRAGMA busy_timeout = ${busyMs}`);
    return [raw, db];
  };
  let [raw, db] = connect();
  try {
    prepare(db);
    useWal(db);
  } catch (error) {
    if (!mayBeForWantOfWal(error)) throw error;
    db.close();
    [raw, db] = connect();
    leaveWal(db);
    prepare(db);
  }
  migrate(db);
  hooks.configure?.(raw);
}

/** Refuses a database of a newer version before a writing connection has touched it. */
function peek(raw: DatabaseSync): void {
  const db = new Database(raw);
  let version = 0;
  try {
    version = versionOf(db);
  } catch {
    // A log left by a crash cannot always be replayed read-only; the writing connection replays it and looks again.
  } finally {
    db.close();
  }
  refuseNewer(version);
}

function prepare(db: Database): void {
  // Only has effect while the file is empty.
  db.exec('PRAGMA auto_vacuum = INCREMENTAL');
  db.exec('PRAGMA synchronous = FULL');
  db.exec('PRAGMA foreign_keys = ON');
  db.exec('PRAGMA secure_delete = ON');
  db.exec(`PRAGMA journal_size_limit = ${4 * 1024 * 1024}`);
}

/**
 * WAL for a new database. An existing one keeps what it has: where it is not WAL, the file system could not do it, and
 * trying again would disturb another window. Throws when the shared memory that WAL needs cannot be had.
 */
function useWal(db: Database): void {
  if (versionOf(db) === 0) retryWhileBusy(() => db.get('PRAGMA journal_mode = WAL'));
  // The mode is set before the shared memory is mapped: only a transaction shows that it works.
  db.exec('BEGIN IMMEDIATE');
  db.exec('COMMIT');
}

/** Back to a rollback journal. In exclusive mode SQLite keeps the WAL's index in its own memory (sqlite.org/wal.html). */
function leaveWal(db: Database): void {
  db.exec('PRAGMA locking_mode = EXCLUSIVE');
  retryWhileBusy(() => db.get('PRAGMA journal_mode = DELETE'));
  db.exec('PRAGMA locking_mode = NORMAL');
  // The lock is given up by the next access to the file.
  db.get('SELECT count(*) FROM sqlite_master');
}

/** A file system that cannot share memory says so in many ways; a held lock, damage or a full disk is none of them. */
function mayBeForWantOfWal(error: unknown): boolean {
  const { code } = toStoreError(error);
  return code === 'readOnly' || code === 'unavailable' || code === 'failed';
}

/** SQLite does not wait for locks while the journal mode changes; two windows may create the database at once. */
function retryWhileBusy(work: () => void): void {
  const until = Date.now() + busyMs;
  for (;;) {
    try {
      work();
      return;
    } catch (error) {
      if (!isBusy(error) || Date.now() > until) throw error;
      pause(20);
    }
  }
}
