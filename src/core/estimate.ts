/** What the next request will hold and cost, by what is known on this machine: nothing is asked of the API for it. */
import type { CacheRewrite, NextCost } from '../shared/protocol';
import { blockTokens } from './attachments';
import { changesSince, changesText, type SeenContext, snapshotTexts } from './context';
import { inputTokens, ratesFor } from './cost';
import { instructions } from './instructions';
import type { Effort, Model } from './models';
import type { ContextNow } from './ports';
import type { AssistantEntry, Entry, SnapshotEntry, UserBlock } from './record';
import { estimateTokens } from './tokens';

export interface EstimateInput {
  readonly path: readonly Entry[];
  /** What the path has shown the model (context.ts). */
  readonly seen: SeenContext | null;
  readonly model: Model;
  /** The level that the next request will have; null for none. */
  readonly effort: Effort | null;
  readonly context: ContextNow;
  readonly draft: string;
  /** What goes with the draft. */
  readonly attached?: readonly UserBlock[];
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
  const index = lastSent(path);
  const last = path[index];
  const sent = last?.kind === 'assistant' ? last : null;
  // Another model counts a little differently and finds nothing in its cache; the conversation is as long for it.
  const known = sent === null ? 0 : inputTokens(sent.usage) + sent.usage.output;
  const attached = (input.attached ?? []).reduce((sum, block) => sum + blockTokens(block, model), 0);
  const unsent = wordsTokens(path.slice(index + 1), model);
  const fresh = estimateTokens(input.draft) + attached + contextTokens(input, sent !== null) + unsent;
  const cachedTokens = sent === null ? 0 : cachedOf(sent, input);
  const tokens = known + fresh;
  const price = model.prices === null ? null : ratesFor(model.prices, tokens);
  const written = tokens - cachedTokens;
  return {
    tokens,
    cachedTokens,
    askUsd: price === null ? null : (cachedTokens * price.read + written * price.write5m) / 1_000_000,
    answerUsd: price === null ? null : (answerTokens(path, model) * price.output) / 1_000_000,
    windowTokens: model.window,
  };
}

/**
 * What another model or effort makes the next request write anew although the cache still holds it; null when nothing.
 * `from` is the model of the last answer.
 */
export function rewriteOf(input: EstimateInput, from: (id: string) => Model): CacheRewrite | null {
  const { model, effort, path, now } = input;
  const sent = path[lastSent(path)];
  if (sent?.kind !== 'assistant') return null;
  const before = from(sent.model);
  if (!isWarm(sent, before, now)) return null;
  const known = inputTokens(sent.usage);
  const lost = known - cachedOf(sent, input);
  if (lost <= 0) return null;
  const price = model.prices === null ? null : ratesFor(model.prices, known);
  const usd = price === null ? null : (lost * price.write5m) / 1_000_000;
  const switched =
    sent.model === model.id ? { from: sent.effort ?? '', to: effort ?? '' } : { from: before.name, to: model.name };
  return { kind: sent.model === model.id ? 'effort' : 'model', ...switched, tokens: lost, usd };
}

/** The last answer whose request's size is known. */
function lastSent(path: readonly Entry[]): number {
  return path.findLastIndex((entry) => entry.kind === 'assistant' && inputTokens(entry.usage) > 0);
}

/** Tokens of the last request that the cache is expected to hold for the next one. */
function cachedOf(sent: AssistantEntry, input: EstimateInput): number {
  const { model, effort, now } = input;
  if (sent.model !== model.id || !isWarm(sent, model, now)) return 0;
  const known = inputTokens(sent.usage);
  if (sent.effort === undefined || sent.effort === effort) return known;
  // Another effort leaves tools and system as they are and begins the messages anew (API-FACTS §6.3).
  const prefix = Math.min(prefixTokens(input), known);
  return prefix >= model.minCacheable ? prefix : 0;
}

/** True while the cache is expected to hold what this answer's request wrote. */
function isWarm(sent: AssistantEntry, model: Model, now: number): boolean {
  // The entry has the time of its last byte; what it took to say it is the least that the request is older.
  const startedAt = sent.at - sent.durations.reduce<number>((sum, ms) => sum + (ms ?? 0), 0);
  return now - startedAt < cacheLifeMs && inputTokens(sent.usage) >= model.minCacheable;
}

/** Tokens of what came into the record after the last request whose size is known: it goes out with the next. */
function wordsTokens(entries: readonly Entry[], model: Model): number {
  return entries.reduce((sum, entry) => sum + entryTokens(entry, model), 0);
}

function entryTokens(entry: Entry, model: Model): number {
  switch (entry.kind) {
    case 'user':
      return entry.content.reduce((sum, block) => sum + blockTokens(block, model), 0);
    case 'toolResult':
      return estimateTokens(entry.content);
    case 'change':
      return estimateTokens(changesText(entry.changes));
    case 'assistant':
      return entry.content.reduce((sum, block) => sum + (block.type === 'text' ? estimateTokens(block.text) : 0), 0);
    default:
      return 0;
  }
}

function contextTokens({ seen, context, model, toolsJson }: EstimateInput, sent: boolean): number {
  if (seen !== null && sent) {
    const changes = changesSince(seen, context);
    return changes.length === 0 ? 0 : estimateTokens(changesText(changes));
  }
  return systemTokens({ kind: 'snapshot', id: '', parent: null, at: 0, ...context }, model, toolsJson);
}

/** Tokens of tools and system as the last request had them. */
function prefixTokens({ path, model, toolsJson }: EstimateInput): number {
  const snapshot = path.findLast((entry) => entry.kind === 'snapshot');
  return systemTokens(snapshot?.kind === 'snapshot' ? snapshot : null, model, toolsJson);
}

function systemTokens(snapshot: SnapshotEntry | null, model: Model, toolsJson: string): number {
  const texts = [instructions, toolsJson, ...(snapshot === null ? [] : snapshotTexts(snapshot))];
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
