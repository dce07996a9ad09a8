/** What the next message would send and cost, as the host tells it to the panel. */

/** Tokens, and what they cost in US dollars; null when the price is unknown. */
export interface CostRow {
  readonly tokens: number;
  readonly usd: number | null;
}

/** US dollars: eight of ten turns are expected to cost no less and no more. */
export interface CostRange {
  readonly low: number;
  readonly high: number;
}

/** A range as it is shown: in whole cents. */
export function centsOf({ low, high }: CostRange): CostRange {
  return { low: Math.round(low * 100), high: Math.round(high * 100) };
}

/** What fills the window, in tokens. */
export interface WindowParts {
  /** Prelude's own words to the model, and the project's (CLAUDE.md, AGENTS.md). */
  readonly instructions: number;
  /** The definitions of the tools. */
  readonly tools: number;
  /** Open and added files, the selection, and what changed of them since. */
  readonly files: number;
  /** What was said, and what tools returned. */
  readonly history: number;
  /** Images and documents. */
  readonly images: number;
}

/** What the prompt cache is expected to hold of this conversation. */
export type CacheStatus =
  /** Nothing was sent yet, or too little to be kept, or to another model. */
  | { readonly kind: 'none' }
  /** Until then, ms since the epoch. */
  | { readonly kind: 'warm'; readonly until: number }
  /** It held it, and no longer does. */
  | { readonly kind: 'cold' }
  /** The last answer did not say what it used. */
  | { readonly kind: 'unknown' };

/** Whether the size is estimated here or was counted by the API. */
export type Counted =
  | { readonly kind: 'estimate' }
  | { readonly kind: 'exact' }
  /** The API is being asked. */
  | { readonly kind: 'asking' }
  /** `unsupported`: the address does not count, and is not asked again. */
  | { readonly kind: 'failed'; readonly why: 'unsupported' | 'failed' | 'noKey' };

/** The next message behind a summary of the conversation. */
export interface FromSummary {
  /** US dollars of both, the summary and the message behind it; null when a price is unknown. */
  readonly usd: number | null;
  /** The same with a summary by the conversation's own model. */
  readonly ownUsd: number | null;
  /** The model that would write it. */
  readonly modelName: string;
  /** How many results of tools are shortened in the request for the summary. Missing: none. */
  readonly shortened?: number;
  /** Offered since the message is dear, and much dearer than from a summary. */
  readonly byPrice: boolean;
  /** Offered since the window is nearly full. */
  readonly isFull: boolean;
}

/** Computed on this machine: nothing is asked of the API, unless the user wants an exact count. */
export interface NextCost {
  /** Tokens of the whole next request, the draft included as it was last told. */
  readonly tokens: number;
  /** Of those, the tokens that the cache is expected to hold. */
  readonly cachedTokens: number;
  /** US dollars; null when the price is unknown. */
  readonly askUsd: number | null;
  readonly answerUsd: number | null;
  /** Between which US dollars the whole turn likely costs; null when the price is unknown. */
  readonly rangeUsd: CostRange | null;
  /** US dollars of a likely turn with each model that can be chosen, by its id; one without a price is missing. */
  readonly byModel: Readonly<Record<string, number>>;
  /** What going on from a summary would be, where that is worth a word; null where it is not. */
  readonly summary: FromSummary | null;
  /** US dollars of sending the whole prompt with nothing of it cached; null when the price is unknown. */
  readonly freshUsd: number | null;
  /** The model's context window. */
  readonly windowTokens: number;
  readonly rows: {
    /** Read from the cache. */
    readonly cached: CostRow;
    /** Sent at the full price and not kept: a prompt too short for the cache. */
    readonly fresh: CostRow;
    /** Sent and written to the cache. */
    readonly written: CostRow;
    /** Of a likely answer. */
    readonly output: CostRow;
    /** What the further requests of a likely turn read and write, and its web searches; null where it takes neither. */
    readonly steps: CostRow | null;
  };
  readonly cache: CacheStatus;
  readonly parts: WindowParts;
  readonly counted: Counted;
}
