/** The store's worker on a disk with a fault, as SQLite itself reports it. `faultVariable` in the environment names it. */
import type { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import type { WorkerStart } from '../../../src/host/store/file/protocol';
import { serve } from '../../../src/host/store/serve';
import type { SessionOptions } from '../../../src/host/store/session';
import { faultVariable } from './fixtures';

const faults: Readonly<Record<string, SessionOptions>> = {
  /** Room for 60 pages: SQLITE_FULL, as when the disk has no more. */
  full: { configure: (raw) => raw.exec('PRAGMA max_page_count = 60') },
  /** SQLITE_READONLY for every write. */
  readOnly: { configure: (raw) => raw.exec('PRAGMA query_only = ON') },
  /** A held lock fails at once. */
  impatient: { configure: (raw) => raw.exec('PRAGMA busy_timeout = 0') },
  noFullText: { fullText: false },
  /** The thread ends in the middle of the transaction that stores the value "die". */
  dies: { configure: dieOnValue },
};

function dieOnValue(raw: DatabaseSync): void {
  raw.function('die', () => process.exit(7));
  raw.exec(`CREATE TEMP TRIGGER dying AFTER INSERT ON main.keyValues WHEN new.key = 'die' BEGIN SELECT die(); END`);
}

if (parentPort !== null) {
  serve(parentPort, workerData as WorkerStart, faults[process.env[faultVariable] ?? ''] ?? {});
}
