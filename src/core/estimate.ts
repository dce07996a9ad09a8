/** What the next request will hold and cost, by what is known on this machine: nothing is asked of the API for it. */
import type { NextCost } from '../shared/protocol';
import { changesSince, changesText, type SeenContext, snapshotTexts } from './context';
import { inputTokens } from './cost';
import { instructions } from './instructions';
import type { Model } from './models';
import type { ContextNow } from './ports';
import type { AssistantEntry, Entry } from './record';
import { estimateTokens } from './tokens';

export interface EstimateInput {
  readonly path: readonly Entry[];
  /** What the path has shown the model (context.ts). */
  readonly seen: SeenContext | null;
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
  const index = path.findLastIndex((entry) => entry.kind === 'assistant' && inputTokens(entry.usage) > 0);
  const last = path[index];
  const sent = last?.kind === 'assistant' ? last : null;
  // Another model counts a little differently and finds nothing in its cache; the conversation is as long for it.
  const known = sent === null ? 0 : inputTokens(sent.usage) + sent.usage.output;
  const fresh = estimateTokens(input.draft) + contextTokens(input, sent !== null) + wordsTokens(path.slice(index + 1));
  const cachedTokens = sent !== null && isWarm(sent, input) ? inputTokens(sent.usage) : 0;
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

/** True while the cache is expected to hold what this answer's request wrote. */
function isWarm(sent: AssistantEntry, { model, now }: EstimateInput): boolean {
  // The entry has the time of its last byte; what it took to say it is the least that the request is older.
  const startedAt = sent.at - sent.durations.reduce<number>((sum, ms) => sum + (ms ?? 0), 0);
  return sent.model === model.id && now - startedAt < cacheLifeMs && inputTokens(sent.usage) >= model.minCacheable;
}

/** Tokens of what came into the record after the last request whose size is known: it goes out with the next. */
function wordsTokens(entries: readonly Entry[]): number {
  const texts = entries.flatMap((entry): readonly string[] => {
    switch (entry.kind) {
      case 'user':
        return entry.content.map((block) =>
          block.type === 'text' ? block.text : block.type === 'selection' ? block.selection.text : '',
        );
      case 'toolResult':
        return [entry.content];
      case 'change':
        return [changesText(entry.changes)];
      case 'assistant':
        return entry.content.map((block) => (block.type === 'text' ? block.text : ''));
      default:
        return [];
    }
  });
  return texts.reduce((sum, text) => sum + estimateTokens(text), 0);
}

function contextTokens({ seen, context, model, toolsJson }: EstimateInput, sent: boolean): number {
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
