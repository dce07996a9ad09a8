/** What has changed in the workspace's repositories, as tools may see it: the host asks VS Code's Git extension. */

/** Which changes are meant. */
export type ChangesOf =
  /** Everything since the last commit, staged or not, and what is not tracked. */
  | { readonly kind: 'workingTree' }
  | { readonly kind: 'staged' }
  | { readonly kind: 'unstaged' }
  | { readonly kind: 'commit'; readonly ref: string }
  /** What `to` has since it branched off `from`. */
  | { readonly kind: 'range'; readonly from: string; readonly to: string };

/** How a file has changed. */
export type ChangeStatus =
  | 'modified'
  | 'added'
  | 'deleted'
  | 'renamed'
  | 'copied'
  | 'type changed'
  | 'conflicted'
  | 'untracked';

/** Why the text of a change is not there. */
export type Withheld = 'secret' | 'ignored' | 'binary' | 'untracked' | 'unjudged' | 'budget' | 'failed';

/** One changed file. */
export interface ChangedFile {
  readonly path: string;
  /** Its former path, of one that was renamed or copied; else null. */
  readonly from: string | null;
  readonly status: ChangeStatus;
  /** Its unified diff from the first hunk on, cut to the bytes that were left; '' when only its name or mode changed. */
  readonly diff: string | null;
  /** Lines of the diff that were cut off. */
  readonly cutLines: number;
  readonly withheld: Withheld | null;
}

/** The changes in one repository. */
export interface RepositoryChanges {
  /** How it is named: its folder, '' where it is the workspace itself. */
  readonly name: string;
  /** The branch; null when there is none (detached). */
  readonly branch: string | null;
  /** What was compared, for the model: "commit 1a2b3c4 by Ada, 2026-01-31: Mend the login". */
  readonly title: string;
  /** By path. */
  readonly files: readonly ChangedFile[];
  /** Changed files that lie outside the workspace's folders: not named. */
  readonly outside: number;
}

/** What was found in all repositories that were asked for. */
export interface ChangesFound {
  readonly repositories: readonly RepositoryChanges[];
  /** Files with unsaved changes in the editor, of which git knows nothing. */
  readonly unsaved: readonly string[];
}

/** Asks for changes. Throws a ToolError with words for the model, and ends: there is a limit of time. */
export interface Changes {
  /** `path` limits it to a file or a folder; `maxBytes` is for all diffs together. */
  changes(of: ChangesOf, path: string | null, maxBytes: number, signal: AbortSignal): Promise<ChangesFound>;
}
