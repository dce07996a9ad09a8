/** Who may drive the turns of a conversation, and write what belongs to them. */

/** Who drives a turn right now. A lease that is not renewed expires. */
export interface Lease {
  readonly conversation: string;
  readonly owner: string;
  /** ms since the epoch. */
  readonly expiresAt: number;
}

/** Who deletes a conversation, and when: it is refused while another owner holds the lease. */
export interface Deletion {
  readonly owner: string;
  /** ms since the epoch. */
  readonly at: number;
}

/**
 * Who writes what belongs to a turn. It is checked in the transaction of the write: what another window has taken, or
 * gone on with, is not written to (`overtaken`); a lease that ran out and that nobody took is renewed.
 */
export interface Claim {
  readonly owner: string;
  /** ms since the epoch until which the lease is renewed. */
  readonly expiresAt: number;
  /** The head as this writer knows it. */
  readonly head: string | null;
}
