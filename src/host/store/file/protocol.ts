/**
 * What the extension host and the store's worker say to each other. The calls are the Store's methods. Entries cross as
 * JSON text in both directions: the worker stores that text as it is, and a long conversation reaches the host as a few
 * strings instead of as a deep object that both sides would have to walk.
 */
import type { StoreError } from '../../../core/base/errors';
import type { Entry, HeldRequest } from '../../../core/record/record';
import type { Store, StoredConversation } from '../../../core/record/store';
import type { LocalizableMessage } from '../../../shared/chat';

/** The value under which a database keeps a name of its own. */
export const storeNameKey = 'store';
/** The path of the damaged database that it stands in for, until the user has been told. */
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

/** A conversation on its way to the host. */
export type WireConversation = Omit<StoredConversation, 'path'> & { readonly path: readonly ReadEntry[] };

/** Which conversations are moved. */
export type Moved = Parameters<Store['moveConversations']>[0];

/** An argument or an answer as it crosses. */
type Wire<T> = T extends readonly Entry[] ? readonly WireEntry[] : T extends StoredConversation ? WireConversation : T;
type WireArgs<Args extends readonly unknown[]> = { [Index in keyof Args]: Wire<Args[Index]> };

/** The Store's methods as the worker answers them, each in one transaction. `rescue` does without the worker. */
export type Calls = {
  readonly [M in Exclude<keyof Store, 'rescue'>]: (
    ...args: WireArgs<Parameters<Store[M]>>
  ) => Wire<Awaited<ReturnType<Store[M]>>>;
} & { open(): void };

/** The name of a call. */
export type Method = keyof Calls;

/** A call on its way to the worker. */
export interface Request<M extends Method = Method> {
  readonly id: number;
  readonly method: M;
  readonly args: Parameters<Calls[M]>;
}

interface Failure {
  readonly code: StoreError['code'];
  readonly said: LocalizableMessage;
  /** Where it came from, for the log. */
  readonly detail: string;
}

/** A damaged database was set aside under this path, and a fresh one stands in its place. */
interface DamagedNotice {
  readonly kind: 'damaged';
  readonly movedTo: string;
}

/** Where there was a database there is none any more, or an empty one: a fresh one stands there. */
interface VanishedNotice {
  readonly kind: 'vanished';
  readonly file: string;
}

/** What the user has to know of the database, told once. */
export type StoreNotice = DamagedNotice | VanishedNotice;

/** What the worker posts. */
export type FromWorker =
  | { readonly type: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly type: 'failure'; readonly id: number; readonly failure: Failure }
  | { readonly type: 'notice'; readonly notice: StoreNotice }
  | { readonly type: 'log'; readonly message: string };

/** `workerData` of the worker. */
export interface WorkerStart {
  readonly folder: string;
}

/** The name of the database in the store's folder. */
export const databaseName = 'prelude.db';
