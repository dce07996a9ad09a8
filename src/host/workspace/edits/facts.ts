/** What changing files asks of VS Code and of the store, so that everything else in this folder runs without them. */
import type { FileEdit } from '../../../core/record/record';

/** The text of an editor. */
export interface EditorDocument {
  readonly uri: string;
  readonly dirty: boolean;
  /** Another one for each text that it had. */
  readonly version: number;
  /** VS Code's name for the encoding that it is saved in: "utf8", "windows1252". */
  readonly encoding: string;
  text(): string;
}

/** A run of a text, by offsets, and what comes in its place. */
export interface TextChange {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** How a file stands in the window's tabs. */
export type Shown = 'text' | 'notebook' | 'custom' | 'none';

/** Globs of a setting that are switched on. */
export type ReadonlyGlobs = readonly string[];

/** The window's editors and what writes files; vscodeEdits.ts implements it, tests make their own. */
export interface EditFacts {
  /** In a workspace that is not trusted nothing is written. */
  isTrusted(): boolean;
  /** The documents that are loaded, of any scheme. */
  documents(): readonly EditorDocument[];
  shown(uri: string): Shown;
  /** `files.eol` and `files.encoding` of a place, there or not. */
  settingsOf(uri: string): { readonly eol: '\n' | '\r\n'; readonly encoding: string };
  /** `files.readonlyInclude` and `files.readonlyExclude` of a place. */
  readonlyOf(uri: string): { readonly include: ReadonlyGlobs; readonly exclude: ReadonlyGlobs };
  /** VS Code's name for the encoding that it reads a file in; loads it unseen. */
  encodingOf(uri: string): Promise<string>;
  /** By VS Code's name of an encoding. What has no place in it becomes something else. */
  encode(text: string, encoding: string): Promise<Uint8Array>;
  /** Changes a loaded document, if it is still of this version: false when it is not, and nothing has changed then. */
  change(uri: string, version: number, changes: readonly TextChange[]): Promise<boolean>;
  /** With all that runs on saving. False when it could not be saved. */
  save(uri: string): Promise<boolean>;
  /** Of other schemes than `file`; each rejects with VS Code's errors. */
  readonly virtual: {
    isWritable(uri: string): boolean;
    write(uri: string, bytes: Uint8Array): Promise<void>;
    createFolder(uri: string): Promise<void>;
    rename(from: string, to: string): Promise<void>;
  };
  /** Of any scheme: to the trash, or for ever. */
  remove(uri: string, useTrash: boolean): Promise<void>;
}

/** The store, as far as changes of files need it. */
export interface EditStore {
  /** Keeps bytes for a conversation: their SHA-256, in hex. */
  putFileVersion(conversation: string, bytes: Uint8Array): Promise<string>;
  /** Notes what a call is about to write, in place of what it noted before. */
  notePendingEdits(
    conversation: string,
    pending: { readonly call: string; readonly edits: readonly FileEdit[] },
  ): Promise<void>;
}
