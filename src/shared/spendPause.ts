/** A turn that the spend guard paused. */

/** The next request would have crossed a limit. "Continue" goes on with the same turn. */
export interface SpendPause {
  readonly kind: 'spendLimit';
  readonly per: 'turn' | 'day';
  /** US dollars that were allowed, and that were spent. */
  readonly limitUsd: number;
  readonly spentUsd: number;
  /** Of the input that the next request would send, estimated; null when the price is unknown. */
  readonly nextUsd: number | null;
  /** Requests of the turn so far. */
  readonly steps: number;
  /** Requests whose price is not known: they are not in `spentUsd`. */
  readonly unpriced: number;
  /** Where the model has no price, the turn is paused by its tokens: that many were allowed, and were used. */
  readonly tokens?: { readonly limit: number; readonly spent: number; readonly next: number };
}
