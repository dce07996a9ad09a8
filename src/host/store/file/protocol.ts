/**
 * What the extension host and the store's worker say to each other. Entries cross as JSON text in both directions: the
 * worker stores that text as it is, and a long conversation reaches the host as a few strings instead of as a deep
 * object that both sides would have to walk.
 */

import type { StoreError } from '../../../core/base/errors';
import type { RecentTurns } from '../../../core/base/pauseHistogram';
import type { Claim, Lease } from '../../../core/record/leases';
import type { HeldRequest } from '../../../core/record/record';
import type {
  ConversationMeta,
  ConversationPage,
  KnownWorkspace,
  ListOptions,
  Spent,
  Store,
  WorkspaceFacts,
  WorkspaceIdentity,
} from '../../../core/record/store';
import type { Spending, UsageQuery, UsageReport } from '../../../shared/usage';

/** Of each entry of a conversation, by its id. An address is JSON text: SQLite's own ends at a NUL. */
export interface HeldRow {
  readonly entry: string;
  readonly digest: string;
  readonly tools: string;
  readonly instructions: string;
  readonly address: string;
  readonly bare: number;
}

/** Values under which a database keeps a name of its own, and which damaged one it stands in for. */
export const storeNameKey = 'store';
export const setAsideKey = 'setAside';
/** The path of a database that was gone, until the user has been told. */
export const vanishedKey = 'vanished';

/** An entry on its way to the record. `json` is the whole entry; the other fields repeat parts of it. */
export interface WireEntry {
  readonly id: string;
  readonly parent: string | null;
  readonly kind: string;
  /** ms since the epoch. */
  readonly at: number;
  readonly json: string;
  /** What the request of an answer held: no part of its text. */
  readonly held?: HeldRequest;
}

/** An entry on its way back; `json` is null where it is not what was stored. */
export type ReadEntry = Omit<WireEntry, 'json'> & { readonly json: string | null };

/** A piece of a partial answer on its way to the record. `json` is the whole piece. */
export interface WirePiece {
  readonly entry: string;
  readonly parent: string;
  readonly before: number;
  readonly json: string;
}

/** StoredConversation with everything but `meta` as JSON text. */
export interface WireConversation extends WireComposer {
  readonly meta: ConversationMeta;
  /** The entries of the current path, root first. */
  readonly path: readonly ReadEntry[];
  /** The pieces of a partial answer. */
  readonly checkpoint: readonly string[];
  /** What the requests of its answers held, those on other branches too. */
  readonly held: readonly HeldRow[];
}

/** What the composer holds besides the record. */
export interface WireComposer {
  readonly draft: string;
  readonly removedContext: string;
  readonly addedContext: string;
  readonly queued: string;
}

/** Which conversations are moved. */
export type Moved = Parameters<Store['moveConversations']>[0];

export interface FindOptions {
  /** null searches all workspaces. */
  readonly workspace: string | null;
  readonly limit: number;
}

/** One entry whose text has all the words. */
export interface Found {
  readonly conversation: string;
  readonly entry: string;
  readonly title: string;
  /** ms since the epoch. */
  readonly at: number;
  /** About a line of the text around the words, which stand between U+0002 and U+0003. */
  readonly snippet: string;
}

/** Each call and what it answers. Every call is one transaction. */
export interface Calls {
  open(): void;
  createConversation(workspace: WorkspaceIdentity, meta: ConversationMeta): void;
  append(
    conversation: string,
    entries: readonly WireEntry[],
    claim: Claim | null,
    queued: string | null,
    draft: string | null,
  ): void;
  setHead(conversation: string, head: string | null, claim: Claim | null): void;
  takeIn(conversation: string): boolean;
  saveBranch(workspace: WorkspaceIdentity, meta: ConversationMeta, path: readonly WireEntry[], fresh: number): void;
  load(conversation: string): WireConversation | null;
  list(options: ListOptions): ConversationPage;
  listWorkspaces(): readonly KnownWorkspace[];
  noteWorkspace(workspace: WorkspaceIdentity, facts: WorkspaceFacts): void;
  moveConversations(which: Moved, to: string): readonly string[];
  setTitle(conversation: string, title: string): void;
  setDraft(conversation: string, draft: string): void;
  setRemovedContext(conversation: string, uris: string): void;
  setAddedContext(conversation: string, uris: string): void;
  setQueued(conversation: string, messages: string, known: readonly string[], draft: string | null): string;
  checkpoint(conversation: string, piece: WirePiece | null, owner: string | null): boolean;
  getCheckpoint(conversation: string): readonly string[];
  acquireLease(lease: Lease, now: number): boolean;
  getMeta(conversation: string): ConversationMeta | null;
  getLease(conversation: string): Lease | null;
  recentTurns(limit: number): RecentTurns;
  releaseLease(conversation: string, owner: string): void;
  putBlob(bytes: Uint8Array): string;
  getBlob(hash: string): Uint8Array | null;
  keepText(digest: string, text: string): void;
  keptText(digest: string): string | null;
  setDeleted(conversation: string, at: number | null): void;
  purgeDeleted(before: number): number;
  deleteForever(conversation: string): void;
  getValue(key: string): string | null;
  setValue(key: string, value: string | null): void;
  usageReport(query: UsageQuery): UsageReport;
  usageOf(conversation: string): Spending;
  spentSince(at: number): Spent;
  search(query: string, options: FindOptions): readonly Found[];
  close(): void;
}

export type Method = keyof Calls;

export interface Request<M extends Method = Method> {
  readonly id: number;
  readonly method: M;
  readonly args: Parameters<Calls[M]>;
}

export interface Failure {
  readonly code: StoreError['code'];
  readonly message: string;
  /** Where it came from, for the log. */
  readonly detail: string;
}

/** A damaged database was set aside under this path, and a fresh one stands in its place. */
export interface DamagedNotice {
  readonly kind: 'damaged';
  readonly movedTo: string;
}

/** Where there was a database there is none any more, or an empty one: a fresh one stands there. */
export interface VanishedNotice {
  readonly kind: 'vanished';
  readonly file: string;
}

export type StoreNotice = DamagedNotice | VanishedNotice;

export type FromWorker =
  | { readonly type: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly type: 'failure'; readonly id: number; readonly failure: Failure }
  | { readonly type: 'notice'; readonly notice: StoreNotice }
  | { readonly type: 'log'; readonly level: 'info' | 'warn'; readonly message: string };

/** `workerData` of the worker. */
export interface WorkerStart {
  readonly folder: string;
}

/** The name of the database in the store's folder. */
export const databaseName = 'prelude.db';
