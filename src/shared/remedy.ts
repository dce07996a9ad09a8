/** How a refused request could be made again so that it is taken, and what an address is known not to take. */

/** What can be changed of what is sent so that the server takes it. */
export type Remedy =
  /** The first of these that is sent still is the one to leave out. */
  | { readonly kind: 'leaveOut'; readonly fields: readonly string[] }
  /** `max_tokens` is to be at most this; null where the server did not say how much. */
  | { readonly kind: 'maxTokens'; readonly tokens: number | null };

/** Something that is not sent to an address, or less of it. */
export interface AddressNote {
  /** Names it when it is taken back. */
  readonly key: string;
  readonly what:
    | { readonly kind: 'field'; readonly field: string }
    /** `model` is its name. */
    | { readonly kind: 'maxTokens'; readonly model: string; readonly tokens: number }
    | { readonly kind: 'unsignedThinking' };
  /** The id of the turn in which it was noticed: it is told there. */
  readonly turn: string | null;
}

/** Where requests go now, and what does not go there. */
export interface AddressState {
  readonly host: string;
  readonly notes: readonly AddressNote[];
}

/** The field that a remedy leaves out next; null when each is left out already. */
export function fieldToOmit(fields: readonly string[], isOmitted: (field: string) => boolean): string | null {
  return fields.find((field) => !isOmitted(field)) ?? null;
}
