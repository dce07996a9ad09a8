/** What the changes' part asks of VS Code's Git extension, so that everything else in this folder runs without it. */

/** A change as the Git extension tells it: URIs, and the number of its `Status`. */
export interface GitChange {
  readonly uri: string;
  /** Where it was before, of one that was renamed or copied; else null. */
  readonly from: string | null;
  readonly status: number;
}

/** A commit. */
export interface GitCommit {
  readonly hash: string;
  readonly parents: readonly string[];
  readonly message: string;
  /** '' where it is not known. */
  readonly author: string;
  /** null where it is not known. */
  readonly date: Date | null;
  /** Lines that it added and removed; null where that is not known. */
  readonly lines: number | null;
}

/** One repository. Paths are URIs; a version is the hash of a commit, `HEAD`, or '' for what is staged. */
export interface GitRepository {
  readonly root: string;
  readonly branch: string | null;
  /** False before the first commit. */
  hasCommits(): boolean;
  /** Looks anew at what has changed. */
  refresh(): Promise<void>;
  staged(): readonly GitChange[];
  /** Not staged, untracked files among them. */
  unstaged(): readonly GitChange[];
  conflicts(): readonly GitChange[];
  /** Rejects for what names no commit. */
  commit(ref: string): Promise<GitCommit>;
  /** null when two commits have none in common. */
  mergeBase(a: string, b: string): Promise<string | null>;
  /** `from` must be an ancestor of `to`. */
  changesBetween(from: string, to: string): Promise<readonly GitChange[]>;
  /** Unified diffs, with their headers. */
  diffBetween(from: string, to: string, uri: string): Promise<string>;
  diffOfHead(uri: string): Promise<string>;
  diffOfStaged(uri: string): Promise<string>;
  diffOfUnstaged(uri: string): Promise<string>;
  /** Of any two objects, whole trees too. */
  diffOfObjects(from: string, to: string): Promise<string>;
  /** The bytes of a version of a file; null when there are more than `maxBytes`. */
  bytesOf(version: string, uri: string, maxBytes: number): Promise<Uint8Array | null>;
}

/** What there is of Git: `missing` without the extension, `off` where it is switched off or finds no git. */
export type GitState =
  | { readonly kind: 'missing' | 'off' }
  | { readonly kind: 'on'; readonly repositories: readonly GitRepository[] };

/** Git of this window; vscodeGit.ts implements it, tests make their own. */
export interface GitFacts {
  /** Waits a bounded time until the extension has looked for repositories. */
  open(signal: AbortSignal): Promise<GitState>;
  /** URIs of documents with unsaved changes. */
  unsaved(): readonly string[];
  isTrusted(): boolean;
}
