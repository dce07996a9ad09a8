/** The record on disk, as the core asks for it: the host implements it over SQLite. */
import type Anthropic from '@anthropic-ai/sdk';
import type { Snippet } from '../../shared/protocol';
import type { UsageQuery, UsageReport } from '../../shared/usage';
import type { RecentTurns } from '../base/pauseHistogram';
import type { KeyValues } from '../base/ports';
import type { Beside } from './branches';
import type { OtherTool } from './chosenTool';
import type { AskingCall, Claim, Deletion, Lease } from './leases';
import type { CheckpointPiece, CommandQuestion, Entry, FileEdit, HeldRequest, UserBlock } from './record';

/** Where a conversation belongs: the folders of the window, or its .code-workspace file. */
export interface WorkspaceIdentity {
  /** Stable key: a hash of the sorted folder URIs or of the workspace file's URI; `none` without a folder. */
  readonly key: string;
  readonly name: string;
  readonly folders: readonly string[];
}

/** What tells one place on the disk from another, as it was when it was last open. */
export interface WorkspaceFingerprint {
  /** Addresses of the git remotes of its roots, without credentials. */
  readonly remotes: readonly string[];
  /** Names at the top level of its roots, sorted. */
  readonly names: readonly string[];
}

/** A workspace that the record knows. */
export interface KnownWorkspace extends WorkspaceIdentity {
  /** null when it was never looked at. */
  readonly facts: WorkspaceFingerprint | null;
  /** How many conversations a list of it would show. */
  readonly conversations: number;
}

/** A conversation without its entries. Times are ms since the epoch. */
export interface ConversationMeta {
  readonly id: string;
  readonly workspace: string;
  readonly title: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** The last entry of the current path; null when empty. */
  readonly head: string | null;
}

/** A conversation as it is opened: its path, and all that the composer and its views begin with. */
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
  /** The ids of the questions that were asked in another conversation, too (`handOver`). */
  readonly asked: readonly string[];
  /** Tools of others that it offers, in their order: what they say stays as it was when they were chosen. */
  readonly tools: readonly OtherTool[];
  /** The streaming text that was last checkpointed for an answer that was never committed. */
  readonly checkpoint: Checkpoint | null;
  /** What calls were about to do to files when they were last heard of: they have no result yet. */
  readonly pendingEdits: readonly PendingEdits[];
  /** What is in the record besides the path. Missing for nothing. */
  readonly beside?: Beside;
}

/** A turn that was asked again with a model or an effort of its own: so it goes on until it has ended well. */
export interface RegeneratedTurn {
  readonly turn: string;
  readonly model: string | null;
  readonly effort: string | null;
}

/** What a call of a tool is about to do to files: noted before anything is written. */
export interface PendingEdits {
  /** The tool_use id. */
  readonly call: string;
  readonly edits: readonly FileEdit[];
}

/** A message that waits for its turn. New words for it are another message, with another id. */
export interface QueuedMessage extends CommandQuestion {
  readonly id: string;
  readonly content: readonly UserBlock[];
  /** URIs: where it begins a conversation, of the open files these alone go along. */
  readonly onlyFiles?: readonly string[];
}

/** A question that goes from one conversation to another. */
export interface QuestionFrom {
  readonly conversation: string;
  /** Of the message that waits there, or was sent there. */
  readonly id: string;
  readonly waits: boolean;
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

/** Something that the user allowed in a workspace. */
export interface StoredConsent {
  /** What is allowed: one string for each thing. */
  readonly key: string;
  /** What it is called in the list in which it can be taken back: JSON. */
  readonly about: string;
  /** When, ms since the epoch. */
  readonly at: number;
}

/** An entry as it is stored. */
export interface StoredJson {
  /** Its place in the order of all entries. */
  readonly seq: number;
  /** The whole entry; of one that cannot be read what is known of it, and `unreadable`. */
  readonly json: string;
}

/** What has come to its end unseen: an answer, or a turn that waits for the user. */
export type Mark = 'unread' | 'needsYou';

/** Which page of the list of conversations is asked for. */
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
  /** null when only the title has what was looked for, and when nothing was. */
  readonly snippet: Snippet | null;
  /** Of the window that drives it, expired or not; null when there is none. */
  readonly lease: Lease | null;
  /** True when calls wait for the user in that window. */
  readonly asks: boolean;
  readonly mark: Mark | null;
}

/** A page of the list of conversations. */
export interface ConversationPage {
  /** Latest first. Neither blank conversations, which have no entry, title or draft, nor deleted ones. */
  readonly rows: readonly ListedConversation[];
  /** True when there are further pages. */
  readonly more: boolean;
  /** How many would be listed besides if all workspaces were. */
  readonly elsewhere: number;
}

/** What was spent in some time, as far as prices are known. */
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
export interface Store extends KeyValues {
  /** Resolves to the name of the database that it is in: after a loss there is another one. */
  createConversation(workspace: WorkspaceIdentity, meta: ConversationMeta): Promise<string | null>;
  /**
   * Appends entries in order, moves the head to the last, drops their checkpoints. `claim`: null for what belongs to no
   * turn. `queued`: they are that waiting message; rejects with `sent` when it waits no more. `draft`: from then on.
   */
  append(id: string, entries: readonly Entry[], claim: Claim | null, queued?: string, draft?: string): Promise<void>;
  /** Moves the head to an earlier entry: what follows it stays in the log, on a branch. `draft`: from then on. */
  setHead(conversation: string, head: string | null, claim: Claim | null, draft?: string): Promise<void>;
  /**
   * Keeps entries that cannot be appended beside the record, until they can be. They are taken in, in order and once,
   * when the record is opened or the conversation is read the next time.
   */
  rescue(conversation: string, entries: readonly Entry[]): Promise<void>;
  /** Takes in what was rescued of a conversation; false when some of it has to wait still. */
  takeIn(conversation: string): Promise<boolean>;
  /** Stores a path as a conversation of its own; of its entries the last `fresh` are in no other, the others cost nothing. */
  saveBranch(
    workspace: WorkspaceIdentity,
    meta: ConversationMeta,
    path: readonly Entry[],
    fresh: number,
  ): Promise<void>;
  /**
   * null when there is no such conversation, or it is deleted. `head`: with the path to that entry, in the place of the
   * current one.
   */
  load(conversation: string, head?: string): Promise<StoredConversation | null>;
  /** The same with the last entries of its path alone, so many at most; what was rescued is not taken in for it. */
  loadEnd(conversation: string, count: number): Promise<StoredConversation | null>;
  /** Entries of a conversation behind one, on whichever branch, in the order in which they came: some at a time. */
  entriesAfter(conversation: string, after: number): Promise<readonly StoredJson[]>;
  /** What is known of a conversation without its entries; null when there is none. */
  getMeta(conversation: string): Promise<ConversationMeta | null>;
  list(options: ListOptions): Promise<ConversationPage>;
  /** What the user has asked in conversations of these workspaces, the latest first: of each of the last ones, its last. */
  ownPrompts(workspaces: readonly string[]): Promise<readonly string[]>;
  /** Those that have conversations, or were noted. */
  listWorkspaces(): Promise<readonly KnownWorkspace[]>;
  /** Keeps what a workspace is known by. */
  noteWorkspace(workspace: WorkspaceIdentity, facts: WorkspaceFingerprint): Promise<void>;
  /** Moves conversations to a workspace that was noted: all of another one, or some. Resolves to their ids. */
  moveConversations(
    which: { readonly workspace: string } | { readonly ids: readonly string[] },
    to: string,
  ): Promise<readonly string[]>;
  setTitle(conversation: string, title: string): Promise<void>;
  /** Marks what has come to its end unseen; null when it was seen, `seen` also before another window has marked it. */
  setMark(conversation: string, mark: Mark | 'seen' | null): Promise<void>;
  /** The ids of those in some workspaces that are marked as waiting for the user. */
  needingYou(workspaces: readonly string[]): Promise<readonly string[]>;
  /** The leases, expired or not, under which a turn has begun and not ended. */
  openTurns(): Promise<readonly Lease[]>;
  /** null for none. */
  getMark(conversation: string): Promise<Mark | null>;
  setDraft(conversation: string, draft: string): Promise<void>;
  setRemovedContext(conversation: string, uris: readonly string[]): Promise<void>;
  setAddedContext(conversation: string, uris: readonly string[]): Promise<void>;
  /** Keeps which turn was last asked again in a conversation, in place of the one before. */
  setRegenerated(conversation: string, regenerated: RegeneratedTurn | null): Promise<void>;
  /** null for none, and for what cannot be read. */
  getRegenerated(conversation: string): Promise<RegeneratedTurn | null>;
  /** Keeps the tools of others that a conversation offers from now on. */
  setTools(conversation: string, tools: readonly OtherTool[]): Promise<void>;
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
   * Has a question wait in another conversation and no more in its own: once. Resolves to those that wait there now; null
   * where it was handed over before. Rejects with `sent` when it waits no more.
   */
  handOver(from: QuestionFrom, to: string, message: QueuedMessage): Promise<readonly QueuedMessage[] | null>;
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
  /**
   * What the last turns of all conversations tell, from so many messages and so many answers at most. `today`: when it
   * began, ms since the epoch.
   */
  recentTurns(limit: number, today: number): Promise<RecentTurns>;
  releaseLease(conversation: string, owner: string): Promise<void>;
  /** Tells other windows which calls wait for the user; nothing without the lease, with which it goes. */
  noteAsking(conversation: string, owner: string, calls: readonly AskingCall[]): Promise<void>;
  /** The calls that wait in the window that has the lease. */
  askingIn(conversation: string): Promise<readonly AskingCall[]>;
  putBlob(bytes: Uint8Array): Promise<string>;
  getBlob(hash: string): Promise<Uint8Array | null>;
  /** Keeps bytes of a file for a conversation, until it is erased; resolves to their SHA-256, hex. */
  putFileVersion(conversation: string, bytes: Uint8Array): Promise<string>;
  /** null when they are not there any more, or are not what was kept. */
  fileVersion(digest: string): Promise<Uint8Array | null>;
  /**
   * Notes all that a call is about to do to files, in place of what was noted of it before. The append of the call's
   * result drops it. `owner` holds the lease: rejects with `overtaken` when another window does.
   */
  notePendingEdits(conversation: string, pending: PendingEdits, owner: string | null): Promise<void>;
  /** Keeps a text that requests begin with (tools, instructions) under its digest, once for all of them. */
  keepText(digest: string, text: string): Promise<void>;
  /** Takes a conversation out of sight, to be erased later; null brings it back. Rejects with `overtaken` as a write does. */
  setDeleted(conversation: string, deletion: Deletion | null): Promise<void>;
  /** Erases what was deleted at `before` or earlier; resolves to how many conversations that were. */
  purgeDeleted(before: number): Promise<number>;
  /** Erases entries, blobs that nothing else holds, index and the bytes in the file. */
  deleteForever(conversation: string): Promise<void>;
  /** Keeps what the user allowed in a workspace: by its key alone, so that it goes nowhere with a conversation. */
  keepConsents(workspace: string, consents: readonly StoredConsent[]): Promise<void>;
  /** What is allowed in a workspace, the oldest first. */
  consentsIn(workspace: string): Promise<readonly StoredConsent[]>;
  takeBackConsents(workspace: string, keys: readonly string[]): Promise<void>;
  /** Sums over days, for the usage view. */
  usageReport(query: UsageQuery): Promise<UsageReport>;
  /** What all requests from a moment on have cost, in all conversations and windows. `at`: ms since the epoch. */
  spentSince(at: number): Promise<Spent>;
  close(): Promise<void>;
}
