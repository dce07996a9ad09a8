/** Putting files back, as the user decides about what a turn has changed: the host implements it over VS Code. */

/** What a file holds. */
export interface FileNow {
  /** As it is kept of it: the bytes on disk, of an editor with unsaved changes its text as it would be saved. null: there is no file. */
  readonly bytes: Uint8Array | null;
  readonly unsaved: boolean;
}

/**
 * Writes files by their URI, to the byte and without a formatter. Each rejects with a ToolError where a file cannot be
 * read or written: outside the workspace, in Restricted Mode, read-only. Nothing has changed then.
 */
export interface Restoring {
  now(uri: string): Promise<FileNow>;
  /**
   * Puts bytes in the place of what is there, null: no file (what was there goes to the trash). An editor with unsaved
   * changes is changed and left unsaved. False when something else than `expected` is there: nothing has changed then.
   */
  put(uri: string, expected: FileNow, bytes: Uint8Array | null): Promise<boolean>;
  /** Whether the model may be told what is in a file, there or not, that holds or held these texts. */
  mayTell(uri: string, texts: readonly string[]): Promise<boolean>;
  /** Moves a file to where nothing is. */
  move(from: string, to: string): Promise<void>;
}
