/** The store as the extension host sees it: each call goes to the worker and comes back as a promise. */

import { Worker } from 'node:worker_threads';
import { isElsewhere } from '../../core/base/elsewhere';
import { StoreError } from '../../core/base/errors';
import type { RecentTurns } from '../../core/base/pauseHistogram';
import type { Log } from '../../core/base/ports';
import type { Claim, Lease } from '../../core/record/leases';
import { readEntry } from '../../core/record/readEntry';
import type { CheckpointPiece, Entry, HeldRequest } from '../../core/record/record';
import type {
  Checkpoint,
  ConversationMeta,
  ConversationPage,
  KnownWorkspace,
  ListOptions,
  QueuedMessage,
  Spent,
  Store,
  StoredConversation,
  WorkspaceFacts,
  WorkspaceIdentity,
} from '../../core/record/store';
import type { Spending, UsageQuery, UsageReport } from '../../shared/usage';
import { toStoreError } from './file/errors';
import type {
  Calls,
  FindOptions,
  Found,
  FromWorker,
  HeldRow,
  Method,
  Moved,
  Request,
  StoreNotice,
  WorkerStart,
} from './file/protocol';
import { storeStrings } from './file/strings';
import { noticeWords, patiently } from './opening';
import { keepAside, toWire } from './rescueFile';
import { readCheckpoint, readComposer, readQueued, readText } from './tables/stored';

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

/** Starts the worker and opens the database. Rejects with a StoreError when it cannot be opened. */
export async function openStore(options: OpenOptions): Promise<SqliteStore> {
  const store = new SqliteStore(options);
  try {
    await patiently(() => store.open(), options.onWaiting);
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

interface Pending {
  readonly method: Method;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: StoreError) => void;
}

interface Connection {
  readonly worker: StoreWorker;
  readonly pending: Map<number, Pending>;
  readonly gone: Promise<void>;
}

/** The Store port over SQLite, and a search of the text. Made by `openStore`. */
export class SqliteStore implements Store {
  readonly #options: OpenOptions;
  #connection: Connection | null = null;
  #lastId = 0;
  #closed: Promise<void> | null = null;

  constructor(options: OpenOptions) {
    this.#options = options;
  }

  open(): Promise<void> {
    return this.#call('open');
  }

  createConversation(workspace: WorkspaceIdentity, meta: ConversationMeta): Promise<void> {
    return this.#call('createConversation', workspace, meta);
  }

  append(
    conversation: string,
    entries: readonly Entry[],
    claim: Claim | null = null,
    queued: string | null = null,
    draft: string | null = null,
  ): Promise<void> {
    const left = draft === null ? null : JSON.stringify(draft);
    return this.#call('append', conversation, entries.map(toWire), claim, queued, left);
  }

  setHead(conversation: string, head: string | null, claim: Claim | null = null): Promise<void> {
    return this.#call('setHead', conversation, head, claim);
  }

  /** Does without the worker and its database: they may be what fails. */
  async rescue(conversation: string, entries: readonly Entry[]): Promise<void> {
    try {
      await keepAside(this.#options.folder, conversation, entries.map(toWire));
    } catch (error) {
      throw toStoreError(error);
    }
  }

  takeIn(conversation: string): Promise<boolean> {
    return this.#call('takeIn', conversation);
  }

  saveBranch(
    workspace: WorkspaceIdentity,
    meta: ConversationMeta,
    path: readonly Entry[],
    fresh: number,
  ): Promise<void> {
    return this.#call('saveBranch', workspace, meta, path.map(toWire), fresh);
  }

  async load(conversation: string): Promise<StoredConversation | null> {
    const wire = await this.#call('load', conversation);
    if (wire === null) return null;
    const held = new Map(wire.held.map((row) => [row.entry, heldRequest(row)]));
    return {
      meta: wire.meta,
      path: wire.path.map((entry) => withHeld(readEntry(entry.json, entry), held)),
      ...readComposer(wire),
      checkpoint: readCheckpoint(wire.checkpoint),
    };
  }

  list(options: ListOptions): Promise<ConversationPage> {
    return this.#call('list', options);
  }

  listWorkspaces(): Promise<readonly KnownWorkspace[]> {
    return this.#call('listWorkspaces');
  }

  noteWorkspace(workspace: WorkspaceIdentity, facts: WorkspaceFacts): Promise<void> {
    return this.#call('noteWorkspace', workspace, facts);
  }

  moveConversations(which: Moved, to: string): Promise<readonly string[]> {
    return this.#call('moveConversations', which, to);
  }

  setDeleted(conversation: string, at: number | null): Promise<void> {
    return this.#call('setDeleted', conversation, at);
  }

  purgeDeleted(before: number): Promise<number> {
    return this.#call('purgeDeleted', before);
  }

  setTitle(conversation: string, title: string): Promise<void> {
    return this.#call('setTitle', conversation, title);
  }

  setDraft(conversation: string, draft: string): Promise<void> {
    return this.#call('setDraft', conversation, JSON.stringify(draft));
  }

  setRemovedContext(conversation: string, uris: readonly string[]): Promise<void> {
    return this.#call('setRemovedContext', conversation, JSON.stringify(uris));
  }

  setAddedContext(conversation: string, uris: readonly string[]): Promise<void> {
    return this.#call('setAddedContext', conversation, JSON.stringify(uris));
  }

  async setQueued(
    conversation: string,
    messages: readonly QueuedMessage[],
    known: readonly string[] = [],
    draft: string | null = null,
  ): Promise<readonly QueuedMessage[]> {
    const left = draft === null ? null : JSON.stringify(draft);
    return readQueued(await this.#call('setQueued', conversation, JSON.stringify(messages), known, left));
  }

  checkpoint(conversation: string, piece: CheckpointPiece | null, owner: string | null = null): Promise<boolean> {
    if (piece === null) return this.#call('checkpoint', conversation, null, owner);
    const { entry, parent, before } = piece;
    return this.#call('checkpoint', conversation, { entry, parent, before, json: JSON.stringify(piece) }, owner);
  }

  async getCheckpoint(conversation: string): Promise<Checkpoint | null> {
    return readCheckpoint(await this.#call('getCheckpoint', conversation));
  }

  acquireLease(lease: Lease, now: number): Promise<boolean> {
    return this.#call('acquireLease', lease, now);
  }

  getMeta(conversation: string): Promise<ConversationMeta | null> {
    return this.#call('getMeta', conversation);
  }

  getLease(conversation: string): Promise<Lease | null> {
    return this.#call('getLease', conversation);
  }

  recentTurns(limit: number): Promise<RecentTurns> {
    return this.#call('recentTurns', limit);
  }

  releaseLease(conversation: string, owner: string): Promise<void> {
    return this.#call('releaseLease', conversation, owner);
  }

  putBlob(bytes: Uint8Array): Promise<string> {
    return this.#call('putBlob', bytes);
  }

  keepText(digest: string, text: string): Promise<void> {
    return this.#call('keepText', digest, text);
  }

  async keptText(digest: string): Promise<string | null> {
    return readText(await this.#call('keptText', digest), null);
  }

  getBlob(hash: string): Promise<Uint8Array | null> {
    return this.#call('getBlob', hash);
  }

  deleteForever(conversation: string): Promise<void> {
    return this.#call('deleteForever', conversation);
  }

  async getValue(key: string): Promise<string | null> {
    const json = await this.#call('getValue', key);
    return readText(json, null);
  }

  setValue(key: string, value: string | null): Promise<void> {
    return this.#call('setValue', key, value === null ? null : JSON.stringify(value));
  }

  usageReport(query: UsageQuery): Promise<UsageReport> {
    return this.#call('usageReport', query);
  }

  usageOf(conversation: string): Promise<Spending> {
    return this.#call('usageOf', conversation);
  }

  spentSince(at: number): Promise<Spent> {
    return this.#call('spentSince', at);
  }

  /** Entries whose words (of the user or of Claude) include all of the query's, best first. */
  search(query: string, options: FindOptions): Promise<readonly Found[]> {
    return this.#call('search', query, options);
  }

  /** Everything asked for before is on disk when this resolves. Later calls are refused. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    const connection = this.#connection;
    if (connection === null) return;
    try {
      await this.#send(connection, 'close', []);
    } catch (error) {
      this.#options.log.error('store: closing failed', error);
    }
    await connection.gone;
  }

  async #call<M extends Method>(method: M, ...args: Parameters<Calls[M]>): Promise<ReturnType<Calls[M]>> {
    if (this.#closed !== null) throw new StoreError('unavailable', storeStrings.closed());
    // A worker that died is replaced by the next call; its own calls have been rejected.
    this.#connection ??= this.#start();
    return this.#send(this.#connection, method, args);
  }

  #send<M extends Method>(
    connection: Connection,
    method: M,
    args: Parameters<Calls[M]>,
  ): Promise<ReturnType<Calls[M]>> {
    return new Promise((resolve, reject) => {
      this.#lastId += 1;
      const request: Request<M> = { id: this.#lastId, method, args };
      connection.pending.set(request.id, {
        method,
        resolve: (value) => resolve(value as ReturnType<Calls[M]>),
        reject,
      });
      connection.worker.postMessage(request);
    });
  }

  #start(): Connection {
    const { folder, workerPath, log } = this.#options;
    const start: WorkerStart = { folder };
    const worker: StoreWorker =
      this.#options.startWorker?.(start) ?? new Worker(workerPath, { workerData: start, name: 'prelude-store' });
    const pending = new Map<number, Pending>();
    let reason = '';
    const gone = new Promise<void>((resolve) => {
      worker.on('exit', (code) => {
        if (this.#connection === connection) this.#connection = null;
        if (pending.size > 0) log.warn(`store: the worker ended with code ${code}, ${pending.size} calls unanswered`);
        const said = reason === '' ? `code ${code}` : reason;
        for (const { reject } of pending.values()) {
          reject(new StoreError('unavailable', storeStrings.stopped(said)));
        }
        pending.clear();
        resolve();
      });
    });
    const connection: Connection = { worker, pending, gone };
    worker.on('message', (message: FromWorker) => this.#receive(pending, message));
    // An `exit` follows.
    worker.on('error', (error) => {
      reason = error.message;
      log.error('store: the worker failed', error);
    });
    return connection;
  }

  #receive(pending: Map<number, Pending>, message: FromWorker): void {
    const { log, onNotice } = this.#options;
    switch (message.type) {
      case 'log':
        log[message.level](`store: ${message.message}`);
        return;
      case 'notice':
        log.warn(noticeWords(message.notice));
        onNotice?.(message.notice);
        return;
      case 'answer':
        take(pending, message.id)?.resolve(message.value);
        return;
      case 'failure': {
        const { code, message: said, detail } = message.failure;
        const call = take(pending, message.id);
        const error = new StoreError(code, said, detail === '' ? undefined : { cause: detail });
        log[isElsewhere(error) ? 'info' : 'warn'](`store: ${call?.method ?? 'a call'} failed: ${code}: ${said}`);
        call?.reject(error);
      }
    }
  }
}

function take(pending: Map<number, Pending>, id: number): Pending | undefined {
  const call = pending.get(id);
  pending.delete(id);
  return call;
}

function heldRequest({ digest, tools, instructions, address, bare }: HeldRow): HeldRequest {
  return { digest, tools, instructions, address: readText(address, ''), bare: bare !== 0 };
}

/** An answer with what its request held, which is stored beside it. */
function withHeld(entry: Entry, held: ReadonlyMap<string, HeldRequest>): Entry {
  const own = entry.kind === 'assistant' ? held.get(entry.id) : undefined;
  return own === undefined ? entry : ({ ...entry, held: own } as Entry);
}
