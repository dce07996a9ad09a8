/** What the next request will hold and cost, by what is known on this machine: nothing is asked of the API for it. */
import type { NextCost } from '../shared/protocol';
import { changesSince, changesText, seenContext, snapshotTexts } from './context';
import { inputTokens } from './cost';
import { instructions } from './instructions';
import type { Model } from './models';
import type { ContextNow } from './ports';
import type { AssistantEntry, Entry } from './record';
import { estimateTokens } from './tokens';

export interface EstimateInput {
  readonly path: readonly Entry[];
  readonly model: Model;
  readonly context: ContextNow;
  readonly draft: string;
  /** JSON of the tool definitions. */
  readonly toolsJson: string;
  /** ms since the epoch. */
  readonly now: number;
}

/** ms that a 5-minute cache entry lives, counted from the start of the request that wrote or read it (API-FACTS §6.1). */
const cacheLifeMs = 5 * 60_000;

/** Tokens of an answer before there is one to go by. */
const firstAnswerTokens = 800;

export function estimateNext(input: EstimateInput): NextCost {
  const { model, path } = input;
  const last = path.findLast((entry) => entry.kind === 'assistant' && inputTokens(entry.usage) > 0);
  const sent = last?.kind === 'assistant' && last.model === model.id ? last : null;
  const fresh = estimateTokens(input.draft) + contextTokens(input, sent !== null);
  const known = sent === null ? 0 : inputTokens(sent.usage) + sent.usage.output;
  const warm = sent !== null && input.now - sent.at < cacheLifeMs && inputTokens(sent.usage) >= model.minCacheable;
  const cachedTokens = warm ? inputTokens(sent.usage) : 0;
  const tokens = known + fresh;
  const price = model.prices;
  const written = tokens - cachedTokens;
  return {
    tokens,
    cachedTokens,
    askUsd: price === null ? null : (cachedTokens * price.read + written * price.write5m) / 1_000_000,
    answerUsd: price === null ? null : (answerTokens(path, model) * price.output) / 1_000_000,
    windowTokens: model.window,
  };
}

function contextTokens({ path, context, model, toolsJson }: EstimateInput, sent: boolean): number {
  const seen = seenContext(path);
  if (seen !== null && sent) {
    const changes = changesSince(seen, context);
    return changes.length === 0 ? 0 : estimateTokens(changesText(changes));
  }
  const snapshot = { kind: 'snapshot', id: '', parent: null, at: 0, ...context } as const;
  const texts = [instructions, toolsJson, ...snapshotTexts(snapshot)];
  return model.toolOverhead + texts.reduce((sum, text) => sum + estimateTokens(text), 0);
}

/** The median output of the last ten turns with this model. */
function answerTokens(path: readonly Entry[], model: Model): number {
  const turns: number[] = [];
  let output = 0;
  for (const entry of path) {
    if (entry.kind === 'user') output = 0;
    else if (entry.kind === 'assistant' && entry.model === model.id) output += (entry as AssistantEntry).usage.output;
    else if (entry.kind === 'end' && output > 0) turns.push(output);
  }
  const sorted = turns.slice(-10).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? firstAnswerTokens;
}
