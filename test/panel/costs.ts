/** What the next message costs, for tests and pictures of the panel. */
import type { NextCost } from '../../src/shared/nextCost';

/** 18.4k tokens, of which 17.7k are cached, at Opus 4.8's prices. */
export function nextCost(more: Partial<NextCost> = {}): NextCost {
  return {
    tokens: 18_400,
    cachedTokens: 17_664,
    askUsd: 0.0134,
    answerUsd: 0.031,
    rangeUsd: { low: 0.024, high: 0.061 },
    byModel: {},
    summary: null,
    freshUsd: 0.115,
    windowTokens: 1_000_000,
    rows: {
      cached: { tokens: 17_664, usd: 0.0088 },
      fresh: { tokens: 0, usd: 0 },
      written: { tokens: 736, usd: 0.0046 },
      output: { tokens: 1_240, usd: 0.031 },
      steps: null,
    },
    // 22 November 2026, 10:47 in UTC.
    cache: { kind: 'warm', until: Date.UTC(2026, 10, 22, 10, 47) },
    parts: { instructions: 900, tools: 1_100, files: 9_800, history: 5_000, images: 1_600 },
    counted: { kind: 'estimate' },
    ...more,
  };
}

/** Where neither the model nor its price is known. */
export const unknownCost: NextCost = nextCost({
  tokens: 100,
  cachedTokens: 0,
  askUsd: null,
  answerUsd: null,
  rangeUsd: null,
  freshUsd: null,
  rows: {
    cached: { tokens: 0, usd: null },
    fresh: { tokens: 100, usd: null },
    written: { tokens: 0, usd: null },
    output: { tokens: 800, usd: null },
    steps: null,
  },
  cache: { kind: 'none' },
  parts: { instructions: 50, tools: 50, files: 0, history: 0, images: 0 },
});
