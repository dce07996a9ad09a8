/** What a call of a tool waits for: the facts of its card, and the answers that the user can give. JSON-safe. */

/**
 * Why a file or folder is not read without asking. `secret`: its name or what is in it; `unchecked`: it is too large to
 * be looked through for secrets.
 */
export type Concern = 'ignored' | 'secret' | 'unchecked' | 'outside';

/** How long a yes holds: for this call, until the conversation's window closes or 12 hours have gone, or in this workspace. */
export type Span = 'once' | 'conversation' | 'workspace';

/** A file or folder on a card. */
export interface ApprovalFile {
  /** As it is named to the user. */
  readonly path: string;
  /** Empty for a plain file that is to be written. */
  readonly why: readonly Concern[];
}

/** What a card says: facts only, nothing that the model or a tool wrote about itself. */
export type Approval = (
  | { readonly kind: 'read' | 'write'; readonly files: readonly ApprovalFile[] }
  /** A tool of another extension or server; `source` is who it is from, as VS Code names it. */
  | { readonly kind: 'other'; readonly tool: string; readonly source: string }
  /** The API does it, for US dollars a time; null when the price is unknown. */
  | { readonly kind: 'web'; readonly tool: string; readonly usd: number | null }
) & {
  /** The spans that can be chosen. */
  readonly spans: readonly Span[];
};

/** The user's answer; a reason for a no goes to the model, '' is none. */
export type ApprovalAnswer =
  | { readonly allow: true; readonly span: Span }
  | { readonly allow: false; readonly reason: string };
