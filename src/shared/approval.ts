/** What a call of a tool, or a code block, waits for: the facts of its card, and the answers that the user can give. JSON-safe. */

import type { ProposedChange } from './edits';

/**
 * Why a file or folder is not read without asking. `secret`: its name or what is in it; `unchecked`: it is too large to
 * be looked through for secrets.
 */
export type Concern = 'ignored' | 'secret' | 'unchecked' | 'outside';

/**
 * Why a file is not written without asking, whatever was allowed. `runsCode`: what is written there may be run by
 * something; `yourLines`: it touches lines that the user has changed and not saved.
 */
export type WriteConcern = 'ignored' | 'secret' | 'runsCode' | 'yourLines';

/** How long a yes holds: for this call, until the conversation's window closes or 12 hours have gone, or in this workspace. */
export type Span = 'once' | 'conversation' | 'workspace';

/** A file or folder on a card. */
export interface ApprovalFile {
  /** As it is named to the user. */
  readonly path: string;
  /** Empty for a plain file that is to be written. */
  readonly why: readonly (Concern | WriteConcern)[];
}

/** What a card says: facts only, nothing that the model or a tool wrote about itself. */
export type Approval = (
  | { readonly kind: 'read'; readonly files: readonly ApprovalFile[] }
  /** `files`: those of the change that are asked about, with the reasons. null: it is not known what changes. */
  | { readonly kind: 'write'; readonly files: readonly ApprovalFile[]; readonly proposed: ProposedChange | null }
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

/** How it came that a code block is applied to a file: it says so, the words above it do, or the user chose it. */
export type BlockSource = 'named' | 'mentioned' | 'active' | 'chosen';

/** A code block of an answer that is to be applied to a file, as its card shows it. It waits for the user. */
export interface BlockEdit {
  /** What names it in intents. */
  readonly key: string;
  /** As the file is named to the user. */
  readonly path: string;
  readonly source: BlockSource;
  /** Why a change of it is said to be more than one. */
  readonly why: readonly WriteConcern[];
  /** null: it cannot be told where in the file the block belongs. */
  readonly proposed: ProposedChange | null;
  /** The block's text, where it can only be inserted. */
  readonly text?: string;
}
