/** What the panel says of the context: what was sent, how it changed, when it was sent anew, where it was selected. JSON-safe. */

/** Requests that only kept what was sent in the prompt cache, and what they cost. */
export interface WarmUps {
  readonly times: number;
  /** US dollars; null when the price is unknown. */
  readonly usd: number | null;
  readonly model: string;
  /** Why there are no more for this model: the API refused one, or what it kept was not read. */
  readonly stopped: 'refused' | 'missed' | null;
}

/** One line about context: "login.ts changed, +3 −1". */
export interface ContextLine {
  /**
   * `undone`, `applied`: the model was told what the user took back of its edits, or applied of its code; `unreadable`:
   * something is stored here that cannot be shown.
   */
  readonly change:
    | ('opened' | 'modified' | 'added' | 'removed' | 'undone' | 'applied' | 'selection')
    | ('rebased' | 'warmed' | 'unreadable');
  readonly path: string;
  readonly linesAdded: number;
  readonly linesRemoved: number;
  /** Of 'warmed'. */
  readonly warm?: WarmUps;
  /** Of 'rebased'. */
  readonly rebase?: FreshSnapshot;
}

/** Why a later epoch began, and what that changes now. */
export interface FreshSnapshot {
  /** The cache had gone cold, too many stale bytes were sent each time, or the window filled. */
  readonly reason: 'cold' | 'stale' | 'window';
  /** Tokens of superseded text that are sent no more, estimated. */
  readonly savedTokens: number;
  /** US dollars more than going on would have cost, negative for less; null when the price is unknown. */
  readonly usd: number | null;
}

/** True for US dollars that are worth a word; null is a price that is not known. */
export function isPriceShown(usd: number | null): usd is number {
  return usd !== null && Math.abs(usd) >= 0.0001;
}

/** Where something was selected: what a click on it opens. */
export interface SelectionSource {
  /** Of the document, or of the notebook. */
  readonly uri: string;
  /** As the chat names it: it leads there where the URI no longer does, as in a folder that was moved. */
  readonly path: string;
  /** From 1; in the cell of a notebook. */
  readonly line: number;
  /** From 1; null for what is no notebook. */
  readonly cell: number | null;
}

/**
 * A label with the number of its cell in the words of whoever reads it: "work.ipynb · cell 3:2". What the core makes is
 * in the model's language.
 */
export function withCellIn(label: string, words: (cell: string) => string): string {
  return label.replace(/ · cell (\d+)(?=(?::\d+(?:-\d+)?)?(?: \+\d+)?$)/, (_, cell: string) => ` · ${words(cell)}`);
}
