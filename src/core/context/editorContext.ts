/** What the user is looking at, as the core asks for it: the host implements it over VS Code's editors. */
import type { LocalizableMessage } from '../../shared/chat';
import type { ContextFile, ContextSelection } from '../record/record';

/** What the user is looking at. */
export interface ContextNow {
  /** Instructions: the user's own, then the project's. */
  readonly project: readonly ContextFile[];
  /** Of what goes along because instructions import it: the URIs of those that do. */
  readonly importedBy?: Readonly<Record<string, readonly string[]>>;
  /** Active first, then the most recently used; bounded by the port. */
  readonly files: readonly ContextFile[];
  readonly selection: ContextSelection | null;
  /**
   * URIs of those that a conversation is told whole although they are new to it: what one looks at, and what was added by
   * hand. The others are named until a fresh snapshot. Missing: all are.
   */
  readonly whole?: readonly string[];
  /**
   * Files that a conversation was told and whose editors are closed now: their changes are told as before. None where
   * nothing goes along by itself.
   */
  readonly closed?: readonly ContextFile[];
  /** URIs of files whose disk does not answer: nothing is known of them, which is no change. */
  readonly unread?: readonly string[];
  /** What one looks at, or has open, and does not go along. Only told to the user. */
  readonly absent?: readonly AbsentContext[];
}

/** Something that does not go along by itself, and why. */
export interface AbsentContext {
  readonly uri: string;
  /** How it is named to the user. */
  readonly label: string;
  readonly reason: LocalizableMessage;
  /** True for what the user is looking at. */
  readonly active: boolean;
  /** True where the project's instructions import it: it is told whatever goes along by itself. */
  readonly imported?: true;
}

/** `shown`: for looking at only. What was read before holds until something is known to have changed. */
export type ContextUse = 'sent' | 'shown';

/** Null for one that is gone or may not be sent; `unread` where its disk does not answer. */
export type ReadFile = ContextFile | 'unread' | null;

/** The port to the editors: what goes along by itself, and what was added by hand. */
export interface EditorContext {
  current(signal: AbortSignal, use?: ContextUse): Promise<ContextNow>;
  /** Files that the user added by hand, ignored ones too. Each fails alone; rejects when aborted. */
  readAdded(uris: readonly string[], signal: AbortSignal, use?: ContextUse): Promise<readonly ReadFile[]>;
  /** The text of these files now, wherever they are. Each fails alone; rejects when aborted. */
  read(uris: readonly string[], signal: AbortSignal, use?: ContextUse): Promise<readonly ReadFile[]>;
}
