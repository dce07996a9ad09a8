/**
 * The record of a conversation: an append-only log of entries, each with its parent. What is shown (`eventsOf`) and
 * what is sent (`request.ts`) are pure functions of the entries on the current path, root first.
 */
import type Anthropic from '@anthropic-ai/sdk';
import type {
  CacheMiss,
  CompactionItem,
  DearerChat,
  ExcludeTarget,
  LocalizableMessage,
  Outcome,
} from '../../shared/chat';
import type { FreshSnapshot } from '../../shared/contextLine';
import type { EditedFile, EditKind } from '../../shared/edits';
import type { TokenUsage } from '../../shared/tokenUsage';
import type { CacheTtl } from '../base/settings';

interface EntryBase {
  readonly id: string;
  /** null for the first entry of a conversation. */
  readonly parent: string | null;
  /** ms since the epoch. */
  readonly at: number;
}

/** A part of a user message, as it is stored: bytes are blobs, texts are verbatim. */
export type UserBlock =
  | { readonly type: 'text'; readonly text: string }
  | {
      readonly type: 'image';
      /** SHA-256 of the bytes, hex: the key of the blob. */
      readonly blob: string;
      readonly mediaType: 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp';
      readonly width: number;
      readonly height: number;
      readonly name: string;
      /** Length of the bytes. */
      readonly bytes?: number;
    }
  /** An image that the API fetches itself; the address is https. */
  | { readonly type: 'imageUrl'; readonly url: string }
  | {
      readonly type: 'document';
      readonly blob: string;
      readonly mediaType: 'application/pdf' | 'text/plain';
      readonly name: string;
      readonly bytes?: number;
      /** Of a PDF, where they could be counted. */
      readonly pages?: number;
      /** Words that the user pasted, too many for the text box: sent as text. Its name is their first line. */
      readonly pasted?: true;
    }
  /** Lines that the question is about: they belong to it, whatever is selected later. */
  | { readonly type: 'selection'; readonly selection: ContextSelection };

/** An image or a document whose bytes are a blob. */
export type MediaBlock = Extract<UserBlock, { readonly type: 'image' | 'document' }>;

/** True for a text that the user pasted and that stands beside the words. */
export function isPasted(block: UserBlock): boolean {
  return block.type === 'document' && block.pasted === true;
}

/** The box of Source Control that an answer is for. */
export interface CommitBoxAsked {
  /** The URI of the repository's root. */
  readonly repository: string;
  /** What stood in the box when it was asked for. */
  readonly before: string;
}

/** What a question of a command has besides its words, true of its own conversation alone. Missing for most. */
export interface CommandQuestion {
  /** Where it would have been asked, if that were not so dear. */
  readonly instead?: DearerChat;
  readonly commit?: CommitBoxAsked;
}

/** What the user said. It opens a turn; the turn has its id. */
export interface UserEntry extends EntryBase, CommandQuestion {
  readonly kind: 'user';
  readonly content: readonly UserBlock[];
  /** The model that was asked. */
  readonly model: string;
  /** "Continue" and the like are sent by a button: shown as a quiet line, not as the user's own words. */
  readonly auto?: 'continue';
}

/** The text of a file at one moment. */
export interface ContextFile {
  /** The URI, as a string: what identifies the file. */
  readonly uri: string;
  /** How it is named to the model and the user: relative to its root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** What one cursor has selected. */
export interface SelectedLines {
  /** One-based, inclusive; in a notebook counted in their cell. */
  readonly startLine: number;
  readonly endLine: number;
  readonly text: string;
  /** The cell of a notebook, one-based; missing elsewhere. */
  readonly cell?: number;
  /** True where nothing is selected in the cell: it is the one that is active. */
  readonly wholeCell?: true;
}

/** Selected lines of a document, as they were when they were told: those of the first cursor, and of the others. */
export interface ContextSelection extends SelectedLines {
  /** Of the document; of a cell that of its notebook. */
  readonly uri: string;
  readonly path: string;
  /** Those of the other cursors, in the order of the document. */
  readonly more?: readonly SelectedLines[];
  /** Cursors that are not in it, since there are too many. */
  readonly leftOut?: number;
  /** What a document is that is no plain file of the workspace; missing for one that is. */
  readonly document?: DocumentFacts;
}

/** What a document is, and where it comes from. */
export interface DocumentFacts {
  /** In words of the user's: "login.ts (HEAD)". */
  readonly label: string;
  /** In words for the model: "version HEAD in Git". */
  readonly what: string;
}

/** A place in the prompt: the end of the request that an answer came to, or the end of that answer. */
export interface LongLivedBreakpoint {
  readonly answer: string;
  readonly side: 'before' | 'after';
}

/** Opens an epoch: the context prefix from here on (DESIGN "The prompt"). */
export interface SnapshotEntry extends EntryBase {
  readonly kind: 'snapshot';
  /** Instructions of the project (CLAUDE.md, AGENTS.md), in their order. */
  readonly project: readonly ContextFile[];
  readonly files: readonly ContextFile[];
  readonly selection: ContextSelection | null;
  /** Of a later epoch, where the context was begun anew by price; missing in the first one. */
  readonly rebase?: FreshSnapshot;
}

/** How one file, or the selection, came to differ from what the model has seen. */
export type ContextChange =
  | { readonly change: 'modified'; readonly uri: string; readonly path: string; readonly patch: string }
  | {
      readonly change: 'rewritten' | 'added';
      readonly uri: string;
      readonly path: string;
      readonly text: string;
      readonly linesAdded: number;
      readonly linesRemoved: number;
      /** True for instructions of the project, which are no file of the context; missing in old records. */
      readonly project?: true;
    }
  | { readonly change: 'removed'; readonly uri: string; readonly path: string }
  /** Files that were opened later: the model is told their names alone. */
  | { readonly change: 'named'; readonly files: readonly { readonly uri: string; readonly path: string }[] }
  | { readonly change: 'selection'; readonly selection: ContextSelection | null }
  /** What the user took back of the model's edits, or made of a code block of its answers. */
  | ({ readonly change: 'undone' } & ToldEdit)
  | ({ readonly change: 'applied' } & ToldEdit);

/** Appended at the tail: before the user's words, or inside the last tool_result of a step. */
export interface ChangeEntry extends EntryBase {
  readonly kind: 'change';
  readonly changes: readonly ContextChange[];
}

/** What the request of an answer held, as digests (prefix.ts): whether another one begins with the very same. */
export interface HeldRequest {
  /** Of all of it: model, tools, system and each message, as they were sent. */
  readonly digest: string;
  /** Of the tools' definitions and of the instructions; their bytes are in the store under these names. */
  readonly tools: string;
  readonly instructions: string;
  /** The base URL that it went to. */
  readonly address: string;
  /** True where all earlier thinking was left out because the API had refused it: none of it is sent again. */
  readonly bare: boolean;
}

/** What the model said: content blocks verbatim as the API returned them. */
export interface AssistantEntry extends EntryBase {
  readonly kind: 'assistant';
  readonly content: readonly Anthropic.ContentBlock[];
  /** null when the answer broke off; then `partial` says why. */
  readonly stopReason: string | null;
  readonly partial: 'stopped' | 'failed' | 'interrupted' | null;
  readonly refusal: { readonly category: string | null; readonly explanation: string | null } | null;
  readonly usage: TokenUsage;
  /** US dollars at the prices of that moment; null when unknown. */
  readonly usd: number | null;
  /** The model that was asked for. */
  readonly model: string;
  /** The level that was asked for; null where none was sent. Missing in records from before it was kept. */
  readonly effort?: string | null;
  /** When its request started, ms since the epoch: the cache's life counts from there. Missing in old records. */
  readonly askedAt?: number;
  /** How long the cache was asked to keep the whole of its request; missing in old records: 5 minutes. */
  readonly ttl?: CacheTtl;
  /** The place up to which its request kept the prompt for an hour; null and missing for none. */
  readonly anchor?: LongLivedBreakpoint | null;
  readonly messageId: string | null;
  readonly requestId: string | null;
  /** What its request held; missing where that was not kept: then it is not known. Stored in a table of its own. */
  readonly held?: HeldRequest;
  /** Where its request read clearly less from the cache than it could have. */
  readonly cacheMiss?: CacheMiss;
  /** Per content block, ms from its first to its last byte; null where unknown. */
  readonly durations: readonly (number | null)[];
}

/** What a call of a tool did to one file. The bytes are in the store under their digests (SHA-256, hex). */
export interface FileEdit {
  readonly uri: string;
  /** As it is named to the model and the user. */
  readonly path: string;
  readonly kind: EditKind;
  /** Of a rename: where it lies now. */
  readonly to?: { readonly uri: string; readonly path: string };
  /** What was there before; null for no file. Of an unsaved editor its text, as it would be saved. */
  readonly before: string | null;
  /** What was there right after; null for no file. */
  readonly after: string | null;
  /** True where it was changed in an editor that was left unsaved. */
  readonly unsaved: boolean;
  readonly added: number;
  readonly removed: number;
}

/** What one call of a tool gave back: `content` for the model, `label` and `summary` for the user. */
export interface ToolResultEntry extends EntryBase {
  readonly kind: 'toolResult';
  readonly toolUseId: string;
  readonly content: string;
  /** Images and PDFs that it gave back, which go before its words. Missing: none. */
  readonly media?: readonly MediaBlock[];
  /** The MCP server that was not running, so that nothing was called. Missing: none. */
  readonly absentServer?: string;
  /** Files that it changed. Missing: none. */
  readonly edits?: readonly FileEdit[];
  readonly isError: boolean;
  readonly cancelled: boolean;
  readonly label: LocalizableMessage;
  readonly summary: LocalizableMessage | null;
}

/** A file that a turn has changed, and the versions that its hunks are between. */
export interface TurnFile extends EditedFile {
  /** Of a rename: the URI where it lay before. */
  readonly from?: string;
  /** Digest of what the file would be without the turn's edits that are not decided; null for no file. */
  readonly base: string | null;
  /** Digest of the file with them; null for no file. */
  readonly current: string | null;
}

/** What the user did to a file, as the model is told it. */
export interface ToldEdit {
  /** As it is named to the model. */
  readonly path: string;
  /** A unified diff of it, without a header; '' where it cannot be told so. */
  readonly patch: string;
}

/**
 * The files that a turn has changed, as they stand: once before its end, again after each decision about them, and where
 * the user has applied a code block of it. The last one of a turn holds.
 */
export interface EditsEntry extends EntryBase {
  readonly kind: 'edits';
  /** The id of the turn. */
  readonly turn: string;
  readonly files: readonly TurnFile[];
  /** What this decision undid: told to the model with the user's next message. Missing: nothing. */
  readonly undone?: readonly ToldEdit[];
  /** What of its code blocks the user applied to files: told likewise. Missing: nothing. */
  readonly applied?: readonly ToldEdit[];
  /** What names that among the changes that are being made (`PendingEdits`). */
  readonly call?: string;
}

/** Closes a turn. A path that does not end with one belongs to a running turn, or to one that was interrupted. */
interface EndEntry extends EntryBase {
  readonly kind: 'end';
  readonly outcome: Outcome;
}

/** Leaves something out of what is sent, or takes it back in: the last word about a target holds. */
export interface LeaveOutEntry extends EntryBase {
  readonly kind: 'leaveOut';
  readonly target: ExcludeTarget;
  readonly out: boolean;
}

/**
 * A summary by a model, sent in place of everything before it but for the turn that it keeps. One that did not come about is kept for what it cost,
 * and stands for nothing. Undone as anything else is left out.
 */
export interface CompactionEntry extends EntryBase, Omit<CompactionItem, 'type' | 'outcome'> {
  readonly kind: 'compaction';
  readonly outcome: Outcome;
  readonly effort: string | null;
  readonly requestId: string | null;
}

/** Stored by earlier versions, made no more: a request without an answer, which kept the prompt in the cache. */
export interface WarmUpEntry extends EntryBase {
  readonly kind: 'warmUp';
  readonly usage: TokenUsage;
  /** US dollars at the prices of that moment; null when unknown. */
  readonly usd: number | null;
  readonly model: string;
  readonly effort: string | null;
  /** When it started, ms since the epoch. */
  readonly askedAt: number;
  /** Why it was the last one for this model; null while it was not. */
  readonly stopped: 'refused' | 'missed' | null;
}

/** Stands in the place of an entry whose bytes have changed on the disk. It is made when it is read, never stored. */
export interface UnreadableEntry extends EntryBase {
  readonly kind: 'unreadable';
  /** What it was, as far as that is known. */
  readonly was: string;
}

/** What is said of a turn beside its answer: what was left out of it. Stands before the turn's end. */
interface NoticeEntry extends EntryBase {
  readonly kind: 'notice';
  readonly words: readonly LocalizableMessage[];
}

/** An entry of a conversation's log. The state and the next request are pure functions of those on the current path. */
export type Entry =
  | UserEntry
  | SnapshotEntry
  | ChangeEntry
  | AssistantEntry
  | ToolResultEntry
  | EditsEntry
  | EndEntry
  | LeaveOutEntry
  | CompactionEntry
  | WarmUpEntry
  | NoticeEntry
  | UnreadableEntry;

/** An entry before it has its place in the log. */
export type NewEntry =
  Exclude<Entry, UnreadableEntry> extends infer E ? (E extends Entry ? Omit<E, 'id' | 'parent' | 'at'> : never) : never;

/** What is new of a partial answer since the piece before it. */
export interface CheckpointPiece {
  /** The id that the assistant entry will have. */
  readonly entry: string;
  readonly parent: string;
  readonly model: string;
  /** ms since the epoch. */
  readonly at: number;
  /** How many pieces of this answer come before it. */
  readonly before: number;
  /** What its request held; in the first piece only. */
  readonly held?: HeldRequest;
  readonly news: readonly BlockDiff[];
}

/** What is new of one content block, or a new one behind those that are known. */
export interface BlockDiff {
  readonly index: number;
  /** Fields that have another value. */
  readonly set?: Readonly<Record<string, unknown>>;
  /** What was added to its text, of a thinking block to its thinking. */
  readonly text?: string;
  /** What was added to its citations. */
  readonly citations?: readonly unknown[];
}
