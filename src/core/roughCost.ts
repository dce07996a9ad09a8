/**
 * What serves in the place of an estimate that fails: nothing that is only shown, or only counted, stands in the way of
 * sending, storing or opening (LESSONS L38).
 */
import type { NextCost } from '../shared/nextCost';
import { ratesFor } from './cost';
import type { Model } from './models';

/** Computes, or gives what serves in its place. `failed` is told why. */
export function orElse<T>(compute: () => T, otherwise: () => T, failed: (error: unknown) => void = () => undefined): T {
  try {
    return compute();
  } catch (error) {
    failed(error);
    return otherwise();
  }
}

/** Tokens of a request by its bytes alone: half of them, which is more than any text comes to. */
export function roughTokens(json: string): number {
  let bytes = json.length;
  for (let at = 0; at < json.length; at += 1) {
    const code = json.charCodeAt(at);
    if (code >= 0x80) bytes += code >= 0x800 ? 2 : 1;
  }
  return Math.ceil(bytes / 2);
}

/** The cost of the next message by its bytes alone. */
export function roughCost(model: Model, tokens: number): NextCost {
  const price = model.prices === null ? null : ratesFor(model.prices, tokens);
  const usd = price === null ? null : (tokens * price.input) / 1_000_000;
  const none = { tokens: 0, usd: price === null ? null : 0 };
  return {
    tokens,
    cachedTokens: 0,
    askUsd: usd,
    answerUsd: null,
    windowTokens: model.window,
    rows: { cached: none, fresh: { tokens, usd }, written: none, output: none, steps: null },
    cache: { kind: 'unknown' },
    parts: { instructions: 0, tools: 0, files: 0, history: tokens, images: 0 },
    counted: { kind: 'estimate' },
  };
}
