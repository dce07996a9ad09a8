/** The store's worker thread. Disk and SQLite are used here and nowhere else, so that they never hold up the host. */
import { parentPort, workerData } from 'node:worker_threads';
import type { WorkerStart } from './file/protocol';
import { serve } from './serve';

if (parentPort === null) throw new Error('the store worker was started outside a worker thread');
serve(parentPort, workerData as WorkerStart);
