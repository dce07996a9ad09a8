/** The real store without its thread and without a disk that has to be waited for: for machines that open thousands. */
import { EventEmitter } from 'node:events';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { MessagePort } from 'node:worker_threads';
import type { OpenOptions, StoreWorker } from '../../src/host/store/client';
import type { Database } from '../../src/host/store/file/database';
import { openDatabase } from '../../src/host/store/file/openDatabase';
import type { FromWorker, Request, WorkerStart } from '../../src/host/store/file/protocol';
import { serve } from '../../src/host/store/serve';
import type { SessionOptions } from '../../src/host/store/session';
import { catchUp } from '../../src/host/store/tables/textIndex';

type StartWorker = NonNullable<OpenOptions['startWorker']>;

/** Where files cost no disk: Linux keeps this folder in memory. */
export const memoryFolder = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** Answers each call in this thread, a moment later and in order, with nothing shared. */
class LocalWorker extends EventEmitter implements StoreWorker {
  readonly #port = new EventEmitter();

  constructor(start: WorkerStart, options: SessionOptions) {
    super();
    const port = Object.assign(this.#port, {
      postMessage: (message: FromWorker) => {
        const sent =
          message.type === 'answer' ? { ...message, value: cloned(message.value) } : structuredClone(message);
        this.#later(() => this.emit('message', sent));
      },
      close: () => this.#later(() => this.emit('exit', 0)),
    });
    serve(port as unknown as MessagePort, start, options);
  }

  postMessage(request: Request): void {
    const sent = { ...request, args: request.args.map(cloned) };
    this.#later(() => this.#port.emit('message', sent));
  }

  #later(work: () => void): void {
    setImmediate(work);
  }
}

/** Most of what is asked and answered is a text, a number or nothing, which cannot be shared. */
function cloned(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? structuredClone(value) : value;
}

/** What `openStore` takes as `startWorker`. */
export function startLocalWorker(start: WorkerStart): StoreWorker {
  return new LocalWorker(start, {});
}

/** The record of one case in memory: each window's store has its own worker, and all of them this database. */
export interface MemoryStore {
  readonly startWorker: StartWorker;
  /** The rows of a query that takes nothing. */
  rows<Row>(sql: string): readonly Row[];
}

/** A database with all its tables and prepared statements, which take longer to make than a short history. */
let idle: Database | null = null;

/** Runs a case on an empty record. One whose case failed is not used again: something may still write into it. */
export async function inMemory(run: (store: MemoryStore) => Promise<void>): Promise<void> {
  const database = idle ?? create();
  idle = null;
  await run({
    startWorker: (start) => new LocalWorker(start, { database }),
    rows: (sql) => database.all(sql),
  });
  clear(database);
  idle = database;
}

function create(): Database {
  const made: Database[] = [];
  openDatabase(':memory:', { adopt: (db) => made.push(db) });
  const [database] = made;
  if (database === undefined) throw new Error('There is no database in memory.');
  catchUp(database);
  return database;
}

/** Without a pragma: each makes all statements be prepared anew. What was made last refers to what was made before. */
function clear(database: Database): void {
  database.transaction('write', () => {
    const tables = database.all<{ name: string }>(
      `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'entryText_%'
       ORDER BY rowid DESC`,
    );
    for (const { name } of tables) database.run(`DELETE FROM ${name}`);
  });
}
