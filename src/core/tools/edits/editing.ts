/** Changing files, as the tools that write may do it: the host implements it over VS Code. */
import type { WriteConcern } from '../../../shared/approval';
import type { LocalizableMessage } from '../../../shared/chat';
import type { ProposedChange } from '../../../shared/edits';
import type { FilesNow } from '../../record/pendingEdits';
import type { FileEdit } from '../../record/record';

/** An exact text and what stands in its place afterwards. Line ends of either kind match any line end. */
export interface Replacement {
  readonly oldText: string;
  readonly newText: string;
  /** Every place of it is changed; otherwise it has to stand there exactly once. */
  readonly all: boolean;
}

/** What a call would do. Paths are as the model gave them. */
export type Change =
  | { readonly kind: 'edit'; readonly path: string; readonly replacements: readonly Replacement[] }
  | { readonly kind: 'create'; readonly path: string; readonly text: string }
  | { readonly kind: 'rename'; readonly path: string; readonly to: string }
  | { readonly kind: 'delete'; readonly path: string };

/** A file that a call would write. */
export interface Written {
  /** Where it really lies, symlinks resolved. */
  readonly uri: string;
  /** As it is named to the user. */
  readonly path: string;
  /** With a reason it asks each time, whatever was allowed. */
  readonly why: readonly WriteConcern[];
}

/** A change that can be made as things stand. */
export interface PlannedChange {
  readonly files: readonly Written[];
  readonly proposed: ProposedChange;
  /** The whole text before and after; missing where it is no text, or stays as it is. */
  readonly texts?: ProposedTexts;
}

/** A file's text before a change and after it. */
export interface ProposedTexts {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/** What a change has done. */
export interface AppliedChange {
  readonly edits: readonly FileEdit[];
  /** Lines added and removed. */
  readonly added: number;
  readonly removed: number;
  /** One-based lines of the file as it is now that were changed, first to last; null where there is no text. */
  readonly lines: { readonly first: number; readonly last: number } | null;
  /** Sentences for the model: that a formatter changed the text on saving and how it reads now, that it is unsaved. */
  readonly notes: readonly string[];
  /** Problems in the file that were not there before, one a line; null where no service answered in time. */
  readonly problems: readonly string[] | null;
}

/**
 * Changes files of the workspace for one call. Each method throws a ToolError with words for the model: outside the
 * workspace, a folder, no such text, a file that cannot be written back to the byte.
 */
export interface Editing {
  /** What a file holds now that a change would find: of an editor before the disk. */
  text(path: string, signal: AbortSignal): Promise<{ readonly path: string; readonly text: string }>;
  /**
   * What the change would be now, after those that were planned before it in the same step and that are not made yet.
   * Nothing is written.
   */
  plan(change: Change, signal: AbortSignal): Promise<PlannedChange>;
  /** Makes it, by the text as it is at that moment. What was there is in the store before anything is written. */
  apply(change: Change, signal: AbortSignal, report?: (words: LocalizableMessage) => void): Promise<AppliedChange>;
  /** What it has begun to write, and of which it is not known whether it was: a disk is silent, or it is on its way. */
  unresolved?(): readonly FileEdit[];
}

/** Makes changes for the calls of a conversation. */
export interface EditingPort {
  /** How files are now; missing where that is not known. */
  readonly filesNow?: FilesNow;
  /** `step`: the assistant entry whose calls these are; `call`: the tool_use id. */
  of(call: { readonly conversation: string; readonly step: string; readonly call: string }): Editing;
}
