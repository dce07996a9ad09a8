/** The real store without its thread and without a disk that has to be waited for: for machines that open thousands. */
import { EventEmitter } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MessagePort } from 'node:worker_threads';
import { openStore, type StoreWorker } from '../../src/host/store/client';
import { databaseName, type FromWorker, type Request, type WorkerStart } from '../../src/host/store/protocol';
import { serve } from '../../src/host/store/serve';

/** Where files cost no disk: Linux keeps this folder in memory. */
export const memoryFolder = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** Answers each call in this thread, a moment later and in order, with nothing shared. */
class LocalWorker extends EventEmitter implements StoreWorker {
  readonly #port = new EventEmitter();

  constructor(start: WorkerStart) {
    super();
    const port = Object.assign(this.#port, {
      postMessage: (message: FromWorker) => this.#later(() => this.emit('message', structuredClone(message))),
      close: () => this.#later(() => this.emit('exit', 0)),
    });
    serve(port as unknown as MessagePort, start);
  }

  postMessage(request: Request): void {
    const sent = structuredClone(request);
    this.#later(() => this.#port.emit('message', sent));
  }

  #later(work: () => void): void {
    setImmediate(work);
  }
}

/** What `openStore` takes as `startWorker`. */
export function startLocalWorker(start: WorkerStart): StoreWorker {
  return new LocalWorker(start);
}

let emptyBytes: Buffer | null = null;

/** Puts an empty database of this version into a folder: to create one each time is a good part of a short history. */
export async function putEmptyDatabase(folder: string): Promise<void> {
  emptyBytes ??= await makeEmpty();
  writeFileSync(join(folder, databaseName), emptyBytes);
}

async function makeEmpty(): Promise<Buffer> {
  const folder = mkdtempSync(join(memoryFolder, 'prelude-empty-'));
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  try {
    const store = await openStore({ folder, workerPath: '', log, startWorker: startLocalWorker });
    await store.close();
    return readFileSync(join(folder, databaseName));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
