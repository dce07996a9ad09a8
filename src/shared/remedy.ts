/** How a refused request could be made again so that it is taken, and which address takes what. */

/** What can be changed of what is sent so that the server takes it. */
export type Remedy =
  /** The first of these that is sent still is the one to leave out. */
  | { readonly kind: 'leaveOut'; readonly fields: readonly string[] }
  /** `max_tokens` is to be at most this; null where the server did not say how much. */
  | { readonly kind: 'maxTokens'; readonly tokens: number | null };
