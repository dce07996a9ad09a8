/**
 * Threads for the store's worker that run one after another: to start a thread takes longer than most tests do in it.
 * Each store has the worker that ships, started anew in a thread that the store before has left.
 */
import { EventEmitter, once } from 'node:events';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import type { StoreWorker } from '../../../src/host/store/client';
import type { FromWorker, Request, WorkerStart } from '../../../src/host/store/file/protocol';

/** Runs in each thread: starts the worker of a file on a port, as if the thread had been started for it. */
const thread = `
  const threads = require('node:worker_threads');
  const { parentPort } = threads;
  parentPort.on('message', ({ workerPath, start, port }) => {
    threads.parentPort = port;
    threads.workerData = start;
    port.once('close', () => parentPort.postMessage('left'));
    delete require.cache[workerPath];
    require(workerPath);
  });
`;

declare global {
  // Each file of tests is built with its own copy of this module. A name of the global object is a `var`.
  var storeThreads: Worker[] | undefined;
}

/** A store's worker, from its start until it has closed itself. */
class ThreadWorker extends EventEmitter implements StoreWorker {
  readonly #port: MessagePort;

  constructor(workerPath: string, start: WorkerStart) {
    super();
    globalThis.storeThreads ??= [];
    const idle = globalThis.storeThreads;
    const worker = idle.pop() ?? new Worker(thread, { eval: true, name: 'prelude-store' });
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    const failed = (error: Error): void => void this.emit('error', error);
    const exited = (code: number): void => void this.emit('exit', code);
    port1.on('message', (message: FromWorker) => this.emit('message', message));
    // The last answer is read, and the thread says that it lives: one that ends closes its ports, too.
    const left = Promise.all([once(port1, 'close'), once(worker, 'message')]);
    left.then(
      () => {
        worker.off('error', failed).off('exit', exited).unref();
        idle.push(worker);
        this.emit('exit', 0);
      },
      // It failed, and is told of by its own listener.
      () => undefined,
    );
    worker.ref();
    worker.postMessage({ workerPath, start, port: port2 }, [port2]);
  }

  postMessage(request: Request): void {
    this.#port.postMessage(request);
  }
}

/** What `openStore` takes as `startWorker`, for the worker that is built in this file. */
export function inThread(workerPath: string): (start: WorkerStart) => StoreWorker {
  return (start) => new ThreadWorker(workerPath, start);
}
