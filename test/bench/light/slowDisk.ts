/** The store's worker on a disk that takes 50 ms to confirm what is written: nothing else of it is slow. */
import { parentPort, workerData } from 'node:worker_threads';
import { Database, pause } from '../../../src/host/store/file/database';
import type { WorkerStart } from '../../../src/host/store/file/protocol';
import { serve } from '../../../src/host/store/serve';

/** ms. */
export const fsyncMs = 50;

function confirmSlowly(): void {
  const { run } = Database.prototype;
  let writes = false;
  Database.prototype.run = function (sql, ...values) {
    if (sql.startsWith('BEGIN')) writes = sql === 'BEGIN IMMEDIATE';
    // As SQLite does with full sync: a transaction is committed once the disk says so.
    if (sql === 'COMMIT' && writes) pause(fsyncMs);
    return run.call(this, sql, ...values);
  };
}

if (parentPort !== null) {
  confirmSlowly();
  serve(parentPort, workerData as WorkerStart, {});
}
