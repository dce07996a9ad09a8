/** What requests have used, and how it adds up: what is unknown stays unknown, and is never zero. */

/**
 * Tokens of one or more requests, as the API's `usage` splits them (API-FACTS §6.4); null where a server did not say,
 * or said what is no count of tokens.
 */
export interface TokenUsage {
  /** After the last cache breakpoint. */
  readonly input: number | null;
  readonly cacheRead: number | null;
  readonly cacheWrite5m: number | null;
  readonly cacheWrite1h: number | null;
  readonly output: number | null;
  /** Searches of the web, which are billed apart; missing for none. */
  readonly searches?: number;
}

/** Of a request that was never answered. */
export const noUsage: TokenUsage = { input: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, output: 0 };

/** Of a request whose answer does not say what it used. */
export const unknownUsage: TokenUsage = {
  input: null,
  cacheRead: null,
  cacheWrite5m: null,
  cacheWrite1h: null,
  output: null,
};

/** Adds up the tokens of two requests. */
export function addUsage(a: TokenUsage, b: TokenUsage): TokenUsage {
  return {
    input: addKnown(a.input, b.input),
    cacheRead: addKnown(a.cacheRead, b.cacheRead),
    cacheWrite5m: addKnown(a.cacheWrite5m, b.cacheWrite5m),
    cacheWrite1h: addKnown(a.cacheWrite1h, b.cacheWrite1h),
    output: addKnown(a.output, b.output),
    ...searchesIn((a.searches ?? 0) + (b.searches ?? 0)),
  };
}

/** The field for so many searches of the web. */
export function searchesIn(count: number): Pick<TokenUsage, 'searches'> {
  return count === 0 ? {} : { searches: count };
}

/** Adds tokens or dollars; what is unknown makes the sum unknown, never zero. */
export function addKnown(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b;
}

/** Adds dollars; an unknown price makes the sum unknown. */
export const addUsd = addKnown;
