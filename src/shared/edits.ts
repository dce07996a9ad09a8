/** Changes of files as they are shown: on a card before they are made, and at the end of the turn that made them. JSON-safe. */

/** What is done to a file. */
export type EditKind = 'edit' | 'create' | 'rename' | 'delete';

/** A run of changed lines with a few unchanged ones around it. */
export interface Hunk {
  /** The first line before the change, one-based. */
  readonly oldStart: number;
  /** The first line after it, one-based. */
  readonly newStart: number;
  /** Each begins with ' ', '+' or '-'. */
  readonly lines: readonly string[];
  /** Lines at its end that are not in `lines`; missing: none. */
  readonly cut?: number;
}

/** A change that waits for the user: what its card shows. */
export interface ProposedChange {
  readonly kind: EditKind;
  /** As the file is named to the user. */
  readonly path: string;
  /** Of a rename: the new name. */
  readonly to?: string;
  /** Lines. */
  readonly added: number;
  readonly removed: number;
  /** The first ones. */
  readonly hunks: readonly Hunk[];
  /** How many more there are. */
  readonly moreHunks: number;
  /** The file has changes that are not saved: it is changed in its editor and stays unsaved. */
  readonly unsaved?: true;
}

/** A file that a turn has changed, and what has been decided about it. */
export interface EditedFile {
  /** Where it lies now; of a deleted one, where it lay. */
  readonly uri: string;
  /** As it was named when the turn began. */
  readonly path: string;
  readonly kind: EditKind;
  /** Of a rename: the new name. */
  readonly to?: string;
  /** Lines that the turn added and removed and that were not undone. */
  readonly added: number;
  readonly removed: number;
  /** Hunks that are not decided yet: they stay applied. A file that was created, renamed or deleted has one. */
  readonly open: number;
  /** True where any of it was undone. */
  readonly undone: boolean;
  /** What was open of it is decided with the last turn: the branch that was left had it open still. */
  readonly handedOn?: true;
}

/** A hunk that can be kept or undone by itself. */
export interface ReviewHunk extends Hunk {
  /** What names it in an intent: a digest of its lines and their place. */
  readonly id: string;
  /** Somebody else has changed these lines since: it cannot be undone, only kept. */
  readonly changedSince?: true;
}
