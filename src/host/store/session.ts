/** One worker's connection to the record: opens it, runs calls on it, and knows what to do when the file is at fault. */
import { randomUUID } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { StoreError } from '../../core/base/errors';
import { checkDatabase, mendList, setAside } from './file/damage';
import { type Database, type FileIdentity, identityOf, pause } from './file/database';
import { isDamagedIndex, sqliteCode, toStoreError } from './file/errors';
import { anyLease } from './file/leases';
import { dropMark, readMark, writeMark } from './file/mark';
import { openDatabase } from './file/openDatabase';
import { setAsideKey, storeNameKey, vanishedKey } from './file/protocol';
import { refuseNewer, versionOf } from './file/schema';
import { storeStrings } from './file/strings';
import { eraseKept, isTakenIn, keptAside } from './rescueFile';
import { dropUnsentBlobs } from './tables/blobs';
import { getValue, setValue } from './tables/keyValues';
import { isScrubDue, scrub, vacuumStep } from './tables/scrub';
import { catchUp, hasFts5, rebuildIndex } from './tables/textIndex';
import { takeIn } from './takeIn';

/** What the session tells besides answers. */
interface SessionEvents {
  damaged(movedTo: string): void;
  /** There was a database, and it is gone, or empty. */
  vanished(file: string): void;
  warn(message: string): void;
}

/** What a test may change about a connection. */
export interface SessionOptions {
  /** Called with every new connection, when its tables are there. */
  readonly configure?: (raw: DatabaseSync) => void;
  /** False leaves the search index alone, as on a SQLite without FTS5. */
  readonly fullText?: boolean;
  /** Stands in for the file's: it is open, has its tables and the index, and stays open when the session is closed. */
  readonly database?: Database;
}

/** Keeps one connection open: sets a damaged file aside, finds one that is gone, and opens again. */
export class Session {
  readonly #file: string;
  readonly #events: SessionEvents;
  readonly #options: SessionOptions;
  #db: Database | null = null;
  #identity: FileIdentity | null = null;
  #indexText = false;
  /** Where a damaged database was moved, until the fresh one knows. */
  #movedTo: string | null = null;

  constructor(file: string, events: SessionEvents, options: SessionOptions = {}) {
    this.#file = file;
    this.#events = events;
    this.#options = options;
    this.#indexText = options.database !== undefined;
  }

  /** True when entries are to be put into the search index. */
  get indexText(): boolean {
    return this.#indexText;
  }

  /** Opens the database if it is not open; sets a damaged one aside. Throws a StoreError. */
  open(): void {
    this.#connect();
  }

  /**
   * Runs one call in one transaction. A damaged search index is built again and the call repeated. A damaged database
   * is set aside, a fresh one opened, and the call fails with `damaged`.
   */
  run<Result>(mode: 'read' | 'write', work: (db: Database) => Result): Result {
    const db = this.#connect();
    try {
      return this.#attempt(db, mode, work);
    } catch (error) {
      if (!this.#mayBeIndex(db, error)) throw this.#failed(error);
      this.#events.warn('the search index is damaged: building it again');
    }
    try {
      rebuildIndex(db);
      return this.#attempt(db, mode, work);
    } catch (error) {
      throw this.#failed(error);
    }
  }

  /** Removes the traces of what was deleted, if any are owed. Failing to is not fatal: it is tried again. */
  scrubIfOwed(): void {
    const db = this.#db;
    if (db === null) return;
    try {
      if (isScrubDue(db) && !scrub(db, Date.now())) {
        this.#events.warn('traces of deleted text are removed later: a window answers, or reads the log');
      }
    } catch (error) {
      const failure = this.#failed(error);
      if (failure.code === 'damaged') throw failure;
      this.#events.warn(`traces of deleted text could not be removed yet: ${failure.message}`);
    }
  }

  /** A little of what can wait, while nothing is asked; true when there is more of it. Never throws. */
  idle(): boolean {
    const db = this.#db;
    if (db === null) return false;
    try {
      refuseNewer(versionOf(db));
      if (isScrubDue(db)) {
        if (!anyLease(db, Date.now())) this.scrubIfOwed();
        return false;
      }
      return vacuumStep(db, Date.now());
    } catch {
      // Another window writes: there will be another quiet moment.
      return false;
    }
  }

  /** Takes in what was kept aside of a conversation; false when some of it has to wait still. Throws a StoreError. */
  takeIn(conversation: string): boolean {
    const folder = dirname(this.#file);
    if (isTakenIn(folder, conversation)) return true;
    if (!this.run('write', (db) => takeIn(db, folder, conversation, this.#indexText))) return false;
    eraseKept(folder, conversation);
    return true;
  }

  /** The same, where nothing depends on it: what cannot be taken in now is kept. */
  tryTakeIn(conversation: string): void {
    try {
      if (!this.takeIn(conversation)) this.#events.warn(`${conversation} has entries that wait beside the record`);
    } catch (error) {
      this.#events.warn(`what was kept aside could not be taken in: ${toStoreError(error).message}`);
    }
  }

  takeInAll(): void {
    for (const conversation of keptAside(dirname(this.#file))) this.tryTakeIn(conversation);
  }

  eraseKept(conversation: string): void {
    eraseKept(dirname(this.#file), conversation);
  }

  close(): void {
    this.#db?.close();
    this.#db = null;
  }

  #attempt<Result>(db: Database, mode: 'read' | 'write', work: (db: Database) => Result): Result {
    return db.transaction(mode, () => {
      // Another window with a newer version may have migrated the file under this one.
      refuseNewer(versionOf(db));
      return work(db);
    });
  }

  /** FTS5 does not always say that it is the index that is damaged: then a look at everything else decides. */
  #mayBeIndex(db: Database, error: unknown): boolean {
    if (!this.#indexText || toStoreError(error).code !== 'damaged') return false;
    if (isDamagedIndex(error)) return true;
    try {
      return checkDatabase(db, 'whole') !== 'damaged';
    } catch {
      return false;
    }
  }

  #failed(error: unknown): StoreError {
    const failure = toStoreError(error);
    if (failure.code !== 'damaged') return failure;
    this.#replace();
    this.#connect();
    return new StoreError('damaged', storeStrings.setAside(failure.said), {
      cause: error,
    });
  }

  /** The connection, to the file that has the name now: another window may have set the one of before aside. */
  #connect(): Database {
    if (this.#options.database !== undefined) return this.#options.database;
    if (this.#db !== null && identityOf(this.#file) === this.#identity) return this.#db;
    this.close();
    for (let attempt = 1; ; attempt += 1) {
      this.#identity = identityOf(this.#file);
      try {
        return this.#openOnce();
      } catch (error) {
        const failure = this.#explain(error);
        const isDamaged = failure.code === 'damaged';
        // Another window may set the file aside, or start a fresh one, while this one opens it: that fails in any way.
        if (attempt === 5 || (!isDamaged && identityOf(this.#file) === this.#identity)) throw failure;
        if (isDamaged) this.#replace();
      }
    }
  }

  /** Leaves a damaged database open: it is closed after it was set aside. */
  #openOnce(): Database {
    try {
      openDatabase(this.#file, { adopt: (db) => this.#adopt(db), configure: this.#options.configure });
      const db = this.#db;
      if (db === null) throw new StoreError('failed', storeStrings.notOpened());
      const state = checkDatabase(db);
      if (state === 'damaged') throw new StoreError('damaged', storeStrings.damaged());
      if (state === 'list') this.#mendList(db);
      this.#indexText = this.#options.fullText !== false && hasFts5(db);
      if (this.#indexText) this.#openIndex(db, state === 'index');
      else this.#events.warn('no FTS5 in this SQLite: conversations are kept, but their text cannot be searched');
      dropUnsentBlobs(db, Date.now());
      this.#sign(db);
      return db;
    } catch (error) {
      if (toStoreError(error).code !== 'damaged') this.close();
      throw error;
    }
  }

  /** Gives a fresh database its name, and notes in it which one it stands in for: the user may not have been told yet. */
  #sign(db: Database): void {
    // Most often there is nothing to note, and then no lock is taken.
    if (this.#movedTo !== null || getValue(db, storeNameKey) === null) {
      if (db.transaction('write', () => this.#noteBefore(db))) this.#events.vanished(this.#file);
    }
    this.#movedTo = null;
    this.#mark(getValue(db, storeNameKey) ?? '');
  }

  /**
   * True when a database was here and is gone. Runs under the lock: of the windows that create a database at once, one
   * finds it without a name, and the mark that it finds then is none of theirs.
   */
  #noteBefore(db: Database): boolean {
    const isFresh = getValue(db, storeNameKey) === null;
    if (isFresh) setValue(db, storeNameKey, JSON.stringify(randomUUID()));
    if (this.#movedTo !== null) setValue(db, setAsideKey, JSON.stringify(this.#movedTo));
    const isGone = isFresh && this.#movedTo === null && readMark(this.#file) !== null;
    if (isGone) setValue(db, vanishedKey, JSON.stringify(this.#file));
    return isGone;
  }

  /** Notes beside the database that there is one. */
  #mark(name: string): void {
    try {
      if (readMark(this.#file) !== name) writeMark(this.#file, name);
    } catch (error) {
      this.#events.warn(`the mark beside the database was not written: ${toStoreError(error).message}`);
    }
  }

  #mendList(db: Database): void {
    this.#events.warn('the list of conversations is damaged: building it again');
    try {
      mendList(db);
    } catch (error) {
      const failure = toStoreError(error);
      throw failure.code === 'failed' ? new StoreError('damaged', failure.said, { cause: error }) : failure;
    }
  }

  #adopt(db: Database): void {
    this.#db = db;
    // Where there was a file, it is the one that was there before: another window may have replaced it since.
    this.#identity ??= identityOf(this.#file);
  }

  #openIndex(db: Database, damaged: boolean): void {
    try {
      if (damaged) rebuildIndex(db);
      else catchUp(db);
    } catch (error) {
      if (!this.#mayBeIndex(db, error)) throw error;
      rebuildIndex(db);
    }
  }

  /** Sets the database of `#identity` aside, with the connection to it closed afterwards. */
  #replace(): void {
    let moved: string | null;
    try {
      dropMark(this.#file);
      // Before closing, so that closing finds the file gone and leaves its log as it is.
      moved = setAside(this.#file, this.#identity, new Date());
      this.close();
    } catch {
      // Windows does not rename an open file.
      this.close();
      try {
        moved = setAside(this.#file, this.#identity, new Date());
      } catch (error) {
        throw new StoreError('damaged', storeStrings.cannotSetAside(this.#file), { cause: error });
      }
    }
    if (moved !== null) {
      this.#movedTo = moved;
      this.#events.damaged(moved);
    }
    // Another window is setting it aside right now.
    else pause(50);
  }

  /** SQLite says "unable to open" for a folder that may not be written. */
  #explain(error: unknown): StoreError {
    const failure = toStoreError(error);
    if (failure.code !== 'unavailable' || sqliteCode(error) === null) return failure;
    try {
      accessSync(dirname(this.#file), constants.W_OK);
      return failure;
    } catch (cause) {
      const denied = toStoreError(cause);
      return denied.code === 'readOnly' ? denied : failure;
    }
  }
}
