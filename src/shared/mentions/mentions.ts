/** What `@` offers in the composer: files and folders of the workspace, and what the window has beside them. */

/** What a mention can be. */
export const mentionKinds = ['file', 'folder', 'symbol', 'selection', 'problems', 'changes', 'terminal'] as const;

/** What one is. */
export type MentionKind = (typeof mentionKinds)[number];

/**
 * What a mention has put beside the message, and how it goes again, each as "how:what": `block:` an attachment, `image:` one
 * that comes back from the panel, `file:` a file of the context, `removed:` one that the user had removed before.
 */
export type Brought = readonly string[];

/** What was mentioned in a text, by how it stands there.: what a view keeps of it. */
export interface KeptMention {
  readonly words: string;
  readonly kind: MentionKind;
  readonly id: string;
  readonly brought: Brought;
}

/** A row of the list. */
export interface Mention {
  readonly kind: MentionKind;
  /** What the host knows it by: the path of a file or a folder, with its line that of a symbol, '' for what there is one of. */
  readonly id: string;
  /** As it is called, without its folders. */
  readonly name: string;
  /** Where it is, or what is to be known of it; '' for nothing. */
  readonly detail: string;
  /** Places of the matching characters in the name, rising. */
  readonly marks: readonly number[];
  /** True for one that was in use lately. */
  readonly recent: boolean;
}

/** What there is one of in the window, as it is now. */
export interface Beside {
  readonly kind: 'selection' | 'problems' | 'changes' | 'terminal';
  /** Which it is, where there may be another by the time it is chosen; else ''. */
  readonly id: string;
  /** Which it is, or how many: "login.ts:3-8", "12", "npm test". */
  readonly detail: string;
}

/** Files and folders that match, the best first. */
export interface FoundFiles {
  readonly rows: readonly Mention[];
  /** How many match in all. */
  readonly total: number;
  /** True while the files are still being listed: asking again may find more. */
  readonly partial: boolean;
}

/** What can be mentioned. */
export interface MentionList extends FoundFiles {
  /** What the window has beside files, whatever the query. */
  readonly beside: readonly Beside[];
  /** True while symbols are still being looked for: asking again may find some. */
  readonly more: boolean;
}
