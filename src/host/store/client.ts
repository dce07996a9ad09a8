/** The store as the extension host sees it: each call goes to the worker and comes back as a promise. */
import { Worker } from 'node:worker_threads';
import { isElsewhere } from '../../core/base/elsewhere';
import { StoreError } from '../../core/base/errors';
import type { Log } from '../../core/base/ports';
import { readEntry } from '../../core/record/readEntry';
import type { Entry } from '../../core/record/record';
import type { Store, StoredConversation } from '../../core/record/store';
import { toStoreError } from './file/errors';
import type {
  Calls,
  FromWorker,
  Method,
  ReadEntry,
  Request,
  StoreNotice,
  WireConversation,
  WorkerStart,
} from './file/protocol';
import { storeStrings } from './file/strings';
import { noticeText, patiently } from './opening';
import { keepAside, toWire } from './rescueFile';

/** Where the database is, and who hears of trouble with it. */
export interface OpenOptions {
  /** Where the database is, or is to be: the extension's global storage. */
  readonly folder: string;
  /** The bundled worker: dist/storeWorker.js. */
  readonly workerPath: string;
  readonly log: Log;
  /** Called when a damaged database was set aside: the user must know where the old conversations are. */
  readonly onNotice?: (notice: StoreNotice) => void;
  /** Called once when opening takes long because another window answers, or holds the database. */
  readonly onWaiting?: () => void;
  /** Starts what answers the calls; a worker thread where it is missing. */
  readonly startWorker?: (start: WorkerStart) => StoreWorker;
}

/** What the client needs of a worker thread. */
export interface StoreWorker {
  postMessage(request: Request): void;
  on(event: 'message', listener: (message: FromWorker) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'exit', listener: (code: number) => void): unknown;
}

type Promised<Sync> = {
  readonly [M in keyof Sync]: Sync[M] extends (...args: infer Args) => infer Result
    ? (...args: Args) => Promise<Result>
    : never;
};

/** Starts the worker and opens the database. Rejects with a StoreError when it cannot be opened. */
export async function openStore(options: OpenOptions): Promise<Store> {
  const calls = new Connection(options);
  try {
    await patiently(() => calls.call('open'), options.onWaiting);
    return storeOver(calls, options.folder);
  } catch (error) {
    await calls.close();
    throw error;
  }
}

/** The methods that are more than the worker's call of the same name. */
type Own = 'close' | { [M in keyof Store]: Store[M] extends Promised<Calls>[M & keyof Calls] ? never : M }[keyof Store];

function storeOver(worker: Connection, folder: string): Store {
  const own: Pick<Store, Own> = {
    append: (conversation, entries, ...rest) => worker.call('append', conversation, entries.map(toWire), ...rest),
    saveBranch: (workspace, meta, path, fresh) => worker.call('saveBranch', workspace, meta, path.map(toWire), fresh),
    load: async (conversation, head) => loaded(await worker.call('load', conversation, head)),
    loadEnd: async (conversation, count) => loaded(await worker.call('loadEnd', conversation, count)),
    // Does without the worker and its database: they may be what fails.
    rescue: async (conversation, entries) => {
      try {
        await keepAside(folder, conversation, entries.map(toWire));
      } catch (error) {
        throw toStoreError(error);
      }
    },
    close: () => worker.close(),
  };
  return new Proxy(own as Store, {
    get: (target, name) => {
      // What is awaited is asked for its `then`.
      if (name in target || name === 'then' || typeof name === 'symbol') return Reflect.get(target, name);
      return (...args: Parameters<Calls[Method]>) => worker.call(name as Method, ...args);
    },
  });
}

interface Pending {
  readonly method: Method;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: StoreError) => void;
}

interface Running {
  readonly worker: StoreWorker;
  readonly pending: Map<number, Pending>;
  readonly gone: Promise<void>;
}

/** Calls to a worker, which is started by the first. */
class Connection {
  #running: Running | null = null;
  #lastId = 0;
  #closed: Promise<void> | null = null;

  constructor(private readonly options: OpenOptions) {}

  async call<M extends Method>(method: M, ...args: Parameters<Calls[M]>): Promise<ReturnType<Calls[M]>> {
    if (this.#closed !== null) throw new StoreError('unavailable', storeStrings.closed());
    // A worker that died is replaced by the next call; its own calls have been rejected.
    this.#running ??= this.#start();
    return this.#send(this.#running, method, args);
  }

  /** Everything asked for before is on disk when this resolves. Later calls are refused. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    const running = this.#running;
    if (running === null) return;
    try {
      await this.#send(running, 'close', []);
    } catch (error) {
      this.options.log.error('store: closing failed', error);
    }
    await running.gone;
  }

  #send<M extends Method>(
    { worker, pending }: Running,
    method: M,
    args: Parameters<Calls[M]>,
  ): Promise<ReturnType<Calls[M]>> {
    return new Promise((resolve, reject) => {
      this.#lastId += 1;
      const request: Request<M> = { id: this.#lastId, method, args };
      pending.set(request.id, {
        method,
        resolve: (value) => resolve(value as ReturnType<Calls[M]>),
        reject,
      });
      worker.postMessage(request);
    });
  }

  #start(): Running {
    const { folder, workerPath, log } = this.options;
    const start: WorkerStart = { folder };
    const worker: StoreWorker =
      this.options.startWorker?.(start) ?? new Worker(workerPath, { workerData: start, name: 'prelude-store' });
    const pending = new Map<number, Pending>();
    let reason = '';
    const gone = new Promise<void>((resolve) => {
      worker.on('exit', (code) => {
        if (this.#running === running) this.#running = null;
        if (pending.size > 0) log.warn(`store: the worker ended with code ${code}, ${pending.size} calls unanswered`);
        const said = reason === '' ? `code ${code}` : reason;
        for (const { reject } of pending.values()) {
          reject(new StoreError('unavailable', storeStrings.stopped(said)));
        }
        pending.clear();
        resolve();
      });
    });
    const running: Running = { worker, pending, gone };
    worker.on('message', (message: FromWorker) => this.#receive(pending, message));
    // An `exit` follows.
    worker.on('error', (error) => {
      reason = error.message;
      log.error('store: the worker failed', error);
    });
    return running;
  }

  #receive(pending: Map<number, Pending>, message: FromWorker): void {
    const { log, onNotice } = this.options;
    switch (message.type) {
      case 'log':
        log.warn(`store: ${message.message}`);
        return;
      case 'notice':
        log.warn(noticeText(message.notice));
        onNotice?.(message.notice);
        return;
      case 'answer':
        take(pending, message.id)?.resolve(message.value);
        return;
      case 'failure': {
        const { code, said, detail } = message.failure;
        const call = take(pending, message.id);
        const error = new StoreError(code, said, detail === '' ? undefined : { cause: detail });
        log[isElsewhere(error) ? 'info' : 'warn'](
          `store: ${call?.method ?? 'a call'} failed: ${code}: ${error.message}`,
        );
        call?.reject(error);
        return;
      }
      default:
        message satisfies never;
    }
  }
}

function take(pending: Map<number, Pending>, id: number): Pending | undefined {
  const call = pending.get(id);
  pending.delete(id);
  return call;
}

function loaded(wire: WireConversation | null): StoredConversation | null {
  return wire === null ? null : { ...wire, path: wire.path.map(fromWire) };
}

function fromWire({ held, ...wire }: ReadEntry): Entry {
  const entry = readEntry(wire.json, wire);
  return held === undefined || entry.kind !== 'assistant' ? entry : { ...entry, held };
}
