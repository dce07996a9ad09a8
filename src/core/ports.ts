/** What the core asks of the world. The host implements these over VS Code; tests over memory and temp folders. */

import type Anthropic from '@anthropic-ai/sdk';
import type { Spending, UsageQuery, UsageReport } from '../shared/usage';
import type { DiagnosisSetting } from './cacheMiss';
import type { RecentTurns } from './cachePlan';
import type { Claim, Lease } from './leases';
import type { Effort } from './models';
import type { CacheTtl, CheckpointPiece, ContextFile, ContextSelection, Entry, HeldRequest, UserBlock } from './record';
import type { SpendLimits } from './spend';

export interface Clock {
  /** Wall-clock time, ms since the epoch. */
  now(): number;
  /** Resolves after `ms`; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** Calls back about every `ms` until the returned function is called. */
  every(ms: number, callback: () => void): () => void;
}

/** Content-free diagnostics: never a key, a header or a file's text. */
export interface Log {
  info(message: string): void;
  warn(message: string): void;
  error(message: string, error?: unknown): void;
}

export interface Ids {
  /** A new id, unique and sortable by time. */
  next(): string;
}

/** Where a conversation belongs: the folders of the window, or its .code-workspace file. */
export interface WorkspaceIdentity {
  /** Stable key: a hash of the sorted folder URIs or of the workspace file's URI; `none` without a folder. */
  readonly key: string;
  readonly name: string;
  readonly folders: readonly string[];
}

/** What tells one place on the disk from another, as it was when it was last open. */
export interface WorkspaceFacts {
  /** Addresses of the git remotes of its roots, without credentials. */
  readonly remotes: readonly string[];
  /** Names at the top level of its roots, sorted. */
  readonly names: readonly string[];
}

/** A workspace that the record knows. */
export interface KnownWorkspace extends WorkspaceIdentity {
  /** null when it was never looked at. */
  readonly facts: WorkspaceFacts | null;
  /** How many conversations a list of it would show. */
  readonly conversations: number;
}

export interface ConversationMeta {
  readonly id: string;
  readonly workspace: string;
  readonly title: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** The last entry of the current path; null when empty. */
  readonly head: string | null;
}

export interface StoredConversation {
  readonly meta: ConversationMeta;
  /** The entries of the current path, root first. */
  readonly path: readonly Entry[];
  readonly draft: string;
  /** URIs of context that the user removed from this conversation. */
  readonly removedContext: readonly string[];
  /** URIs of files that the user added to it by hand, in that order. */
  readonly addedContext: readonly string[];
  /** Messages that were sent while a turn ran and have not had theirs yet, in their order. */
  readonly queued: readonly QueuedMessage[];
  /** The streaming text that was last checkpointed for an answer that was never committed. */
  readonly checkpoint: Checkpoint | null;
}

/** A message that waits for its turn. */
export interface QueuedMessage {
  readonly id: string;
  readonly content: readonly UserBlock[];
}

/** A partial answer, kept about once a second so that a crash loses at most that. */
export interface Checkpoint {
  /** The id that the assistant entry will have. */
  readonly entry: string;
  readonly parent: string;
  readonly model: string;
  readonly at: number;
  readonly held?: HeldRequest;
  readonly content: readonly Anthropic.ContentBlock[];
}

export interface ListOptions {
  /** Keys of workspaces; null lists those of all. */
  readonly workspaces: readonly string[] | null;
  /** Words that the title, the user's messages or the answers have; without any, all are listed. */
  readonly query?: string;
  readonly limit: number;
  /** Continue after this one: the last row of the page before. */
  readonly after?: { readonly updatedAt: number; readonly id: string };
}

/** A conversation in the list. */
export interface ListedConversation extends ConversationMeta {
  readonly workspaceName: string;
  /** The draft of one that has no title; else empty. */
  readonly draft: string;
  /** About a line of text around what was looked for, which stands between U+0002 and U+0003; null when only the
   * title has it, and when nothing was looked for. */
  readonly snippet: string | null;
  /** Of the window that drives it, expired or not; null when there is none. */
  readonly lease: Lease | null;
}

export interface ConversationPage {
  /** Latest first. Neither blank conversations, which have no entry, title or draft, nor deleted ones. */
  readonly rows: readonly ListedConversation[];
  /** True when there are further pages. */
  readonly more: boolean;
  /** How many would be listed besides if all workspaces were. */
  readonly elsewhere: number;
}

export interface Spent {
  /** US dollars. */
  readonly usd: number;
  /** Requests whose price is not known: they are not in `usd`. */
  readonly unpriced: number;
}

/**
 * The record on disk. Every method is one transaction, committed with full sync before it resolves; each rejects with
 * a StoreError when the disk refuses.
 */
export interface Store {
  createConversation(workspace: WorkspaceIdentity, meta: ConversationMeta): Promise<void>;
  /**
   * Appends entries in order, moves the head to the last, drops their checkpoints. `claim`: null for what belongs to no
   * turn. `queued`: they are that waiting message; rejects with `sent` when it waits no more. `draft`: from then on.
   */
  append(id: string, entries: readonly Entry[], claim: Claim | null, queued?: string, draft?: string): Promise<void>;
  /** Moves the head to an earlier entry: what follows it stays in the log, on a branch. */
  setHead(conversation: string, head: string | null, claim: Claim | null): Promise<void>;
  /**
   * Keeps entries that cannot be appended beside the record, until they can be. They are taken in, in order and once,
   * when the record is opened or the conversation is read the next time.
   */
  rescue(conversation: string, entries: readonly Entry[]): Promise<void>;
  /** Takes in what was rescued of a conversation; false when some of it has to wait still. */
  takeIn(conversation: string): Promise<boolean>;
  /** Stores a path as a conversation of its own; of its entries the last `fresh` are in no other. */
  saveBranch(
    workspace: WorkspaceIdentity,
    meta: ConversationMeta,
    path: readonly Entry[],
    fresh: number,
  ): Promise<void>;
  /** null when there is no such conversation, or it is deleted. */
  load(conversation: string): Promise<StoredConversation | null>;
  /** What is known of a conversation without its entries; null when there is none. */
  getMeta(conversation: string): Promise<ConversationMeta | null>;
  list(options: ListOptions): Promise<ConversationPage>;
  /** Those that have conversations, or were noted. */
  listWorkspaces(): Promise<readonly KnownWorkspace[]>;
  /** Keeps what a workspace is known by. */
  noteWorkspace(workspace: WorkspaceIdentity, facts: WorkspaceFacts): Promise<void>;
  /** Moves conversations to a workspace that was noted: all of another one, or some. Resolves to their ids. */
  moveConversations(
    which: { readonly workspace: string } | { readonly ids: readonly string[] },
    to: string,
  ): Promise<readonly string[]>;
  setTitle(conversation: string, title: string): Promise<void>;
  setDraft(conversation: string, draft: string): Promise<void>;
  setRemovedContext(conversation: string, uris: readonly string[]): Promise<void>;
  setAddedContext(conversation: string, uris: readonly string[]): Promise<void>;
  /**
   * Keeps the messages that wait. `known` are the ids of those that waited when this window last looked: what another
   * one has sent or added since stays so. `draft` is what the draft is from then on. Resolves to those that wait now.
   */
  setQueued(
    conversation: string,
    messages: readonly QueuedMessage[],
    known: readonly string[],
    draft?: string,
  ): Promise<readonly QueuedMessage[]>;
  /**
   * Keeps what is new of a partial answer behind the pieces before it; null drops it. `owner` holds the lease. False when
   * nothing was kept: it comes from a window that has lost the lease, or from before the head, or has to begin anew.
   */
  checkpoint(conversation: string, piece: CheckpointPiece | null, owner: string | null): Promise<boolean>;
  /** null when there is none. */
  getCheckpoint(conversation: string): Promise<Checkpoint | null>;
  /** True when the lease was free, expired or already held by this owner, and is now held until `expiresAt`. */
  acquireLease(lease: Lease, now: number): Promise<boolean>;
  /** The lease, expired or not; null when there is none. */
  getLease(conversation: string): Promise<Lease | null>;
  /** What the last turns of all conversations tell, from so many messages and so many answers at most. */
  recentTurns(limit: number): Promise<RecentTurns>;
  releaseLease(conversation: string, owner: string): Promise<void>;
  putBlob(bytes: Uint8Array): Promise<string>;
  getBlob(hash: string): Promise<Uint8Array | null>;
  /** Keeps a text that requests begin with (tools, instructions) under its digest, once for all of them. */
  keepText(digest: string, text: string): Promise<void>;
  /** A text that was kept; null for none. */
  keptText(digest: string): Promise<string | null>;
  /** Takes a conversation out of sight, to be erased later; null brings it back. `at`: ms since the epoch. */
  setDeleted(conversation: string, at: number | null): Promise<void>;
  /** Erases what was deleted at `before` or earlier; resolves to how many conversations that were. */
  purgeDeleted(before: number): Promise<number>;
  /** Erases entries, blobs that nothing else holds, index and the bytes in the file. */
  deleteForever(conversation: string): Promise<void>;
  /** Sums over days, for the usage view. */
  usageReport(query: UsageQuery): Promise<UsageReport>;
  /** All requests of a conversation, those on branches that were left included. */
  usageOf(conversation: string): Promise<Spending>;
  /** What all requests from a moment on have cost, in all conversations and windows. `at`: ms since the epoch. */
  spentSince(at: number): Promise<Spent>;
  /** A small value of this machine: the open conversation of a workspace, a consent. */
  getValue(key: string): Promise<string | null>;
  setValue(key: string, value: string | null): Promise<void>;
  close(): Promise<void>;
}

/** What the user is looking at. */
export interface ContextNow {
  readonly project: readonly ContextFile[];
  /** Active first, then the most recently used; bounded by the port. */
  readonly files: readonly ContextFile[];
  readonly selection: ContextSelection | null;
  /** URIs of files whose disk does not answer: nothing is known of them, which is no change. */
  readonly unread?: readonly string[];
}

/** `shown`: for looking at only. What was read before holds until something is known to have changed. */
export type ContextUse = 'sent' | 'shown';

/** Null for one that is gone or may not be sent; `unread` where its disk does not answer. */
export type ReadFile = ContextFile | 'unread' | null;
export interface EditorContext {
  current(signal: AbortSignal, use?: ContextUse): Promise<ContextNow>;
  /** Files that the user added by hand, ignored ones too. Each fails alone; rejects when aborted. */
  readAdded(uris: readonly string[], signal: AbortSignal, use?: ContextUse): Promise<readonly ReadFile[]>;
  /** The text of these files now, wherever they are. Each fails alone; rejects when aborted. */
  read(uris: readonly string[], signal: AbortSignal): Promise<readonly ReadFile[]>;
}

/** A file inside the workspace, with symlinks resolved. */
export interface WorkspaceFile {
  readonly uri: string;
  /** Relative to its root, forward slashes; in a multi-root workspace it begins with the root's name. */
  readonly path: string;
}

export interface DirectoryEntry {
  readonly name: string;
  readonly kind: 'file' | 'directory';
  /** Bytes; null for folders and where it is not known. */
  readonly size: number | null;
}

/** Lines of a text file. */
export interface FileLines {
  readonly file: WorkspaceFile;
  /** The lines from `startLine` on, without their line ends. */
  readonly lines: readonly string[];
  /** One-based. */
  readonly startLine: number;
  /** null when the file was too large to count. */
  readonly totalLines: number | null;
  /** True when it is an unsaved editor's text. */
  readonly unsaved: boolean;
}

export interface SearchQuery {
  readonly query: string;
  readonly isRegex: boolean;
  readonly caseSensitive: boolean;
  /** A glob that limits the files, relative to the workspace. */
  readonly include: string | null;
  readonly maxMatches: number;
}

export interface SearchMatch {
  readonly path: string;
  /** One-based. */
  readonly line: number;
  /** The line, cut around the match when it is long. */
  readonly text: string;
}

export interface SearchOutcome {
  readonly matches: readonly SearchMatch[];
  readonly files: number;
  /** True when there are more matches than were asked for. */
  readonly truncated: boolean;
  /** Sentences on what was not looked at, or not as it was meant. */
  readonly notes?: readonly string[];
}

/**
 * The files of the workspace as tools may see them: unsaved editors first, every root, symlinks resolved, nothing
 * outside the roots, no secrets and no ignored files. Each method throws a ToolError with words for the model.
 */
export interface Workspace {
  /** Empty in a window without a folder. */
  roots(): readonly { readonly name: string; readonly uri: string }[];
  readLines(
    path: string,
    startLine: number,
    maxLines: number,
    maxBytes: number,
    signal: AbortSignal,
  ): Promise<FileLines>;
  listDirectory(
    path: string,
    signal: AbortSignal,
  ): Promise<{ readonly path: string; readonly entries: readonly DirectoryEntry[] }>;
  findFiles(
    pattern: string,
    limit: number,
    signal: AbortSignal,
  ): Promise<{ readonly paths: readonly string[]; readonly truncated: boolean; readonly notes?: readonly string[] }>;
  searchText(query: SearchQuery, signal: AbortSignal): Promise<SearchOutcome>;
}

/** What tools may use. */
export interface ToolPorts {
  readonly workspace: Workspace;
}

/** A failure that the model can act on: its message becomes an is_error tool_result. */
export class ToolError extends Error {
  override readonly name = 'ToolError';
}

/** The store could not do what was asked; `damaged` when the database itself is at fault. */
export class StoreError extends Error {
  override readonly name = 'StoreError';

  constructor(
    readonly code:
      | 'unavailable'
      | 'damaged'
      | 'full'
      | 'readOnly'
      | 'busy'
      /** Another window is answering: the database is brought to this version when it is done. */
      | 'leased'
      | 'newerVersion'
      /** Another window has taken the conversation: nothing was written. */
      | 'overtaken'
      /** A waiting message has been sent already: nothing was written. */
      | 'sent'
      | 'failed',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** How to reach the API. Both are always given to the SDK explicitly: the shell's environment must not leak in. */
export interface ApiAccess {
  readonly apiKey: string;
  /** Without a trailing slash and without /v1. HTTPS, or HTTP on loopback. */
  readonly baseUrl: string;
  /** Extra request headers from the settings. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface Api {
  /** null when there is no key. Throws a TurnFailureError (`badAddress`) when the base URL may not be used. */
  access(): Promise<ApiAccess | null>;
}

/** What the user chose; read anew for each turn. */
export interface ChatSettings {
  readonly model: string;
  readonly effort: Effort;
  readonly thinkingDisplay: 'summarized' | 'omitted';
  /** Tokens; null takes the default for the model. */
  readonly maxTokens: number | null;
  /** Whether a conversation that has nearly filled the window is summed up without being asked; not when missing. */
  readonly compactAutomatically?: boolean;
  /** Whether the API is asked why the cache missed; `auto` when missing. */
  readonly diagnosis?: DiagnosisSetting;
  /** Where turns pause (spend.ts); nowhere when missing. */
  readonly spend?: SpendLimits;
  /** How long the prompt cache is asked to keep what is sent; by price when missing. */
  readonly cacheTtl?: 'auto' | CacheTtl;
  /** Whether requests without an answer put what was sent back into the cache when the user begins to type (`start`),
   * and keep it there while the conversation is shown (`keep`); neither when missing. */
  readonly warm?: { readonly start: boolean; readonly keep: boolean };
}
