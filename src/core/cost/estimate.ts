/**
 * What the next request will hold and cost, by what is known on this machine: nothing is asked of the API for it. What
 * was sent is known by its usage; only what is new is estimated, at the model's own scale (tokens.ts).
 */
import type { CacheStatus, CostRow, NextCost } from '../../shared/nextCost';
import type { CacheRewrite } from '../../shared/protocol';
import type { PauseHistogram } from '../base/pauseHistogram';
import { type CacheTtl, type Effort, effortLevels } from '../base/settings';
import { type Beginning, beginningOver } from '../context/beginning';
import { changesSince, type SeenContext } from '../context/context';
import type { ContextNow } from '../context/editorContext';
import { inputTokens, isInputUnknown, outputTokens, ratesFor, totalTokens } from '../models/cost';
import type { Model } from '../models/models';
import { firstFactor, sumOf, tokensOf } from '../models/tokens';
import { entryStats } from '../prompt/blockStats';
import { type CachePlan, type CacheState, cacheState, isUpdated, planCache } from '../prompt/cachePlan';
import { blocksOf } from '../prompt/entryBlocks';
import { isPromptChanged } from '../record/excluded';
import type {
  AssistantEntry,
  ContextFile,
  Entry,
  LongLivedBreakpoint,
  SnapshotEntry,
  UserBlock,
} from '../record/record';
import { ConversationCost } from './conversationCost';
import {
  blocksBreakdown,
  isAppended,
  type PromptBreakdown,
  plus,
  promptBreakdownOf,
  scaledTo,
  wholeOf,
} from './promptBreakdown';
import { type SharedPrefix, type SystemHead, systemHead } from './systemHead';
import { priorTurns } from './turnPrior';
import { expectedTurn, type TurnSize } from './turnSizes';

/** All that the estimate of the next message depends on. */
export interface EstimateInput {
  readonly path: readonly Entry[];
  /** What the path has shown the model (context.ts). */
  readonly seen: SeenContext | null;
  readonly model: Model;
  /** The level that the next request will have; null for none. */
  readonly effort: Effort | null;
  /** The same object as long as it is the same context: what it changes is computed once. */
  readonly context: ContextNow;
  readonly draft: string;
  /** What goes with the draft. */
  readonly attached?: readonly UserBlock[];
  /** JSON of the tool definitions. */
  readonly toolsJson: string;
  /** ms since the epoch. */
  readonly now: number;
  /** The factor of each model's tokens; without it, what is documented. */
  readonly factor?: (model: string) => number;
  /** The last turns at this effort in any conversation, the oldest first. */
  readonly turns?: readonly TurnSize[];
  /** What the life of the cache is chosen by, as for the request itself; without it, it lives for 5 minutes. */
  readonly cache?: { readonly ttl: 'auto' | CacheTtl; readonly pauseHistogram: PauseHistogram };
  /** True when the next turn begins with a fresh snapshot (DESIGN "The prompt"). */
  readonly freshSnapshot?: boolean;
  /** The files that a new conversation begins with, as the cache holds them: the same object as long as they are the same. */
  readonly begins?: readonly ContextFile[];
  /** What a request with these texts in `system` would read of what other conversations sent; without it, nothing. */
  readonly shared?: (texts: readonly string[]) => SharedPrefix;
}

/** The cost of the next message, in tokens and US dollars, by what is known here. Nothing is asked of the API. */
export function estimateNext(input: EstimateInput, cost = new ConversationCost()): NextCost {
  const { model, path, effort, now } = input;
  const factor = factorIn(input, model.id);
  const parts = partsOf(input, cost);
  const estimated = totalOf(input, parts, cost);
  const { counted } = cost;
  const holds = counted !== null && counted.model === model.id && counted.head === (path.at(-1)?.id ?? null);
  const tokens = Math.max(0, Math.round(holds ? counted.tokens + estimated - counted.estimated : estimated));
  const state = cacheState(path, model, effort, now, input.toolsJson);
  const plan = planOf(input, state, tokens);
  const isSkipped = plan.skipMessageBreakpoint === true;
  const system = headOf(input, cost);
  const cachedTokens = Math.min(Math.max(ownCached(input, state, isSkipped, cost), system.held), tokens);
  const rest = tokens - cachedTokens;
  const kept = tokens >= model.minCacheable && !isSkipped;
  const price = model.prices === null ? null : ratesFor(model.prices, tokens);
  const usd = (count: number, rate: number | undefined): CostRow => ({
    tokens: count,
    usd: rate === undefined ? null : (count * rate) / 1_000_000,
  });
  const shown = scaledTo(tokens, plus(parts.path, parts.added), factor);
  // What all conversations share is written by a question, too, of which nothing else is.
  const head = Math.max(0, Math.round(system.tokens) - cachedTokens);
  const headWritten = plan.system == null || head < model.minCacheable ? 0 : head;
  const written = kept ? rest : isSkipped ? Math.min(rest, headWritten) : 0;
  const turn = expectedTurn(
    input.turns ?? [],
    priorTurns(model.id, effort),
    {
      tokens,
      held: cachedTokens + written,
      minCacheable: model.minCacheable,
      ...stepsIn(input.toolsJson),
      scaleOf: (other) => factor / factorIn(input, other),
    },
    model.prices,
  );
  const { likely } = turn;
  const anHour = Math.min(
    plan.system === '1h' ? Math.max(head, hourTokens(plan, state, tokens)) : hourTokens(plan, state, tokens),
    written,
  );
  const writtenUsd = price === null ? null : (anHour * price.write1h + (written - anHour) * price.write5m) / 1_000_000;
  const rows: NextCost['rows'] = {
    cached: usd(cachedTokens, price?.read),
    fresh: usd(rest - written, price?.input),
    written: { tokens: written, usd: writtenUsd },
    output: { tokens: likely.output, usd: likely.outputUsd },
    steps:
      likely.stepsTokens === 0 && (likely.stepsUsd ?? 0) === 0
        ? null
        : { tokens: likely.stepsTokens, usd: likely.stepsUsd },
  };
  const askUsd = price === null ? null : (rows.cached.usd ?? 0) + (rows.fresh.usd ?? 0) + (rows.written.usd ?? 0);
  const rewrite = plan.ttl === '1h' ? price?.write1h : price?.write5m;
  return {
    tokens,
    cachedTokens,
    askUsd,
    byModel: {},
    summary: null,
    freshUsd: usd(tokens, kept ? rewrite : price?.input).usd,
    answerUsd: price === null ? null : (likely.outputUsd ?? 0) + (likely.stepsUsd ?? 0),
    rangeUsd:
      askUsd === null || turn.lowUsd === null || turn.highUsd === null
        ? null
        : { low: askUsd + turn.lowUsd, high: askUsd + turn.highUsd },
    windowTokens: model.window,
    rows,
    cache: cacheStatusOf(input),
    parts: shown,
    counted: { kind: holds && Math.abs(estimated - counted.estimated) < 0.5 ? 'exact' : 'estimate' },
  };
}

/** What a turn can do between its requests with tools of this JSON. */
export function stepsIn(toolsJson: string): { readonly hasTools: boolean; readonly hasSearch: boolean } {
  return { hasTools: toolsJson !== '[]', hasSearch: toolsJson.includes('"name":"web_search"') };
}

/** The estimate of all the next request's tokens, whatever was counted: what `CountedTokens.estimated` is. */
export function estimatedTokens(input: EstimateInput, cost = new ConversationCost()): number {
  return totalOf(input, partsOf(input, cost), cost);
}

/**
 * What another model or effort makes the next request write anew although the cache still holds it; null when nothing.
 * `from` is the model of the last answer.
 */
export function rewriteOf(
  input: EstimateInput,
  from: (id: string) => Model,
  cost: ConversationCost,
): CacheRewrite | null {
  const { model, effort, path, now } = input;
  const sent = path[lastSent(path)];
  if (sent?.kind !== 'assistant') return null;
  const before = from(sent.model);
  const changed = isPromptChanged(path, path.indexOf(sent));
  // As it was when that was sent: what is left out since is what makes it anew.
  const was = cacheState(
    changed ? upTo(path, path.indexOf(sent) + 1, cost) : path,
    before,
    levelOf(sent, null),
    now,
    input.toolsJson,
  );
  if (was.last !== sent || was.cachedTokens === 0) return null;
  const own = ownCached(input, cacheState(path, model, effort, now, input.toolsJson), false, cost);
  const held = Math.max(own, headOf(input, cost).held);
  // What is gone is not written anew, and another model counts in tokens of its own.
  const rest =
    changed || sent.model !== model.id ? Math.round(estimatedTokens(input, cost)) - held : Number.POSITIVE_INFINITY;
  const lost = Math.min(was.cachedTokens - held, rest);
  if (lost <= 0) return null;
  const price = model.prices === null ? null : ratesFor(model.prices, was.cachedTokens);
  const usd = price === null ? null : (lost * price.write5m) / 1_000_000;
  if (sent.model !== model.id) return { kind: 'model', from: before.name, to: model.name, tokens: lost, usd };
  if (changed) return { kind: 'sent', from: '', to: '', tokens: lost, usd };
  return { kind: 'effort', from: sent.effort ?? '', to: effort ?? '', tokens: lost, usd };
}

function factorIn({ factor }: EstimateInput, model: string): number {
  return factor?.(model) ?? firstFactor(model);
}

/** The level that was asked for; `missing` where the record is from before it was kept. */
function levelOf({ effort }: AssistantEntry, missing: Effort | null): Effort | null {
  return effort === undefined ? missing : (effortLevels.find((level) => level === effort) ?? null);
}

/** The last answer whose request's size is known and whose turn goes out again; -1 when there is none. */
function lastSent(path: readonly Entry[]): number {
  return path.findLastIndex(
    (entry) => entry.kind === 'assistant' && entry.stopReason !== 'refusal' && inputTokens(entry.usage) > 0,
  );
}

/** What the next request is made of. */
interface Parts {
  /** The path alone, with its snapshot, or with a whole first context. */
  readonly path: PromptBreakdown;
  /** What comes behind it: changes of the context, and the user's words with what is attached. */
  readonly added: PromptBreakdown;
}

function partsOf(input: EstimateInput, cost: ConversationCost): Parts {
  const { path, model, toolsJson, draft, attached = [] } = input;
  const words = blocksBreakdown(blocksOf(opening(input, [...attached, { type: 'text', text: draft }])), model);
  return {
    path: promptBreakdownOf(startsFresh(input) ? withSnapshot(input, cost) : path, model, toolsJson, cost),
    added: plus(changesIn(input, cost), words),
  };
}

/** The message that is typed, as it would stand in the record. */
function opening({ model, now }: EstimateInput, content: readonly UserBlock[]): Entry {
  return { kind: 'user', id: '', parent: null, at: now, content, model: model.id };
}

/** True when the next turn begins with a snapshot of the context as it is now. */
function startsFresh({ seen, freshSnapshot }: EstimateInput): boolean {
  return seen === null || freshSnapshot === true;
}

function withSnapshot(input: EstimateInput, cost: ConversationCost): readonly Entry[] {
  const { path, context, begins } = input;
  const compute = (): readonly Entry[] => {
    const { files } = beginningIn(input, cost);
    const snapshot: SnapshotEntry = { kind: 'snapshot', id: '', parent: null, at: 0, ...context, files };
    return [...path, snapshot];
  };
  return cost.get(context, 'path', compute, path, path.length, begins);
}

/** What a snapshot that comes now holds, and what is told right behind it. */
function beginningIn({ context, begins }: EstimateInput, cost: ConversationCost): Beginning {
  if (begins === undefined) return { files: context.files, changes: [] };
  return cost.get(context, 'begins', () => beginningOver(context, begins, cost), begins);
}

/** What is told of the context before the words. */
function changesIn(input: EstimateInput, cost: ConversationCost): PromptBreakdown {
  const { seen, context, model, now } = input;
  const compute = (): PromptBreakdown => {
    const isAnew = seen === null || startsFresh(input);
    const changes = isAnew ? beginningIn(input, cost).changes : changesSince(seen, context, cost);
    const announced: Entry = { kind: 'change', id: '', parent: null, at: now, changes };
    return blocksBreakdown(changes.length === 0 ? [] : blocksOf(announced), model);
  };
  return cost.get(context, 'changes', compute, seen, input.begins, input.freshSnapshot);
}

/** The first entries of a path; the same array each time. */
function upTo(path: readonly Entry[], length: number, cost: ConversationCost): readonly Entry[] {
  return cost.get(path, `first ${length}`, () => path.slice(0, length));
}

function totalOf(input: EstimateInput, parts: Parts, cost: ConversationCost): number {
  const { model } = input;
  const factor = factorIn(input, model.id);
  return pathTokens(input, parts, factor, cost) + tokensOf(wholeOf(parts.added), factor);
}

/** Tokens of the path as the next request has it. */
function pathTokens(input: EstimateInput, parts: Parts, factor: number, cost: ConversationCost): number {
  const { path, model, toolsJson } = input;
  const index = lastSent(path);
  const sent = path[index];
  const now = tokensOf(wholeOf(parts.path), factor);
  if (sent?.kind !== 'assistant') return now + headOf(input, cost).corrected;
  const known = totalTokens(sent);
  const since = path.slice(index + 1);
  if (sent.model === model.id && !startsFresh(input) && since.every(isAppended)) {
    // What an answer without a size said is unknown; what it left to be told is not.
    const announced = since.filter(({ kind }) => kind !== 'assistant');
    return known + tokensOf(sumOf(announced.map((entry) => entryStats(entry, model, cost))), factor);
  }
  // An earlier part is another one, or is counted by another tokenizer: the estimate of both, scaled by what is known.
  const asSent = promptBreakdownOf(upTo(path, index + 1, cost), { ...model, id: sent.model }, toolsJson, cost);
  const then = tokensOf(wholeOf(asSent), factorIn(input, sent.model));
  const { countedSent } = cost;
  if (countedSent?.entry === sent.id && countedSent.model === model.id) {
    // What stood before the answer is exact; the answer and what came since are estimated.
    const beforeAnswer = promptBreakdownOf(upTo(path, index, cost), model, toolsJson, cost);
    return countedSent.tokens + Math.max(0, now - tokensOf(wholeOf(beforeAnswer), factor));
  }
  return then <= 0 ? now : known * (now / then);
}

/** Tokens that the next request is expected to read of what this conversation sent. */
function ownCached(input: EstimateInput, state: CacheState, messagesLost: boolean, cost: ConversationCost): number {
  const { path, model, effort, toolsJson, freshSnapshot } = input;
  if (freshSnapshot !== true && !messagesLost && state.cachedTokens > 0) return state.cachedTokens;
  const index = lastSent(path);
  const sent = path[index];
  if (sent?.kind !== 'assistant' || sent.model !== model.id) return 0;
  // Another effort, and something left out, leave tools and system as they are and begin the messages anew; a fresh
  // snapshot leaves tools and instructions (API-FACTS §6.3).
  const asSent = cacheState(upTo(path, index + 1, cost), model, levelOf(sent, effort), input.now, toolsJson);
  if (asSent.cachedTokens === 0) return 0;
  const kept = freshSnapshot === true ? null : snapshotIn(path);
  const { tokens } = systemHead(kept, input, factorIn(input, model.id), cost);
  const prefix = Math.min(tokens, asSent.cachedTokens);
  return prefix >= model.minCacheable ? Math.round(prefix) : 0;
}

/** Tools, instructions and context of the next request. */
function headOf(input: EstimateInput, cost: ConversationCost): SystemHead {
  const snapshot = snapshotIn(startsFresh(input) ? withSnapshot(input, cost) : input.path);
  return systemHead(snapshot, input, factorIn(input, input.model.id), cost);
}

function snapshotIn(path: readonly Entry[]): SnapshotEntry | null {
  return path.findLast((entry): entry is SnapshotEntry => entry.kind === 'snapshot') ?? null;
}

/** How the next request's breakpoints will be set (cachePlan.ts). */
function planOf(input: EstimateInput, { last }: CacheState, tokens: number): CachePlan {
  const { path, model, effort, now, cache, attached = [] } = input;
  if (cache === undefined) return { ttl: '5m', longLived: null };
  const freshTokens = tokens - (last === null ? 0 : totalTokens(last));
  return planCache({
    path: [...path, opening(input, attached)],
    model,
    effort,
    now,
    freshTokens,
    ...cache,
    tools: input.toolsJson,
  });
}

/** Tokens that the next request writes for an hour: all that is new, or only up to a new long-lived breakpoint. */
function hourTokens(plan: CachePlan, { last, longLived }: CacheState, tokens: number): number {
  if (plan.ttl === '1h') return tokens;
  // What stands before a long-lived breakpoint behind the last answer was read but for that answer.
  const isBehindLast = (one: LongLivedBreakpoint | null): boolean => one?.side === 'after' && one.answer === last?.id;
  return last !== null && isBehindLast(plan.longLived) && !isBehindLast(longLived) ? outputTokens(last) : 0;
}

/** Whatever the effort: another one is said apart (`rewriteOf`). */
function cacheStatusOf({ path, model, effort, now, toolsJson }: EstimateInput): CacheStatus {
  const sent = path[lastSent(path)];
  const asSent = sent?.kind === 'assistant' ? levelOf(sent, effort) : effort;
  const { last, warmUntil } = cacheState(path, model, asSent, now, toolsJson);
  if (isWarmthUnknown(path)) return { kind: 'unknown' };
  if (warmUntil !== null) return { kind: 'warm', until: warmUntil };
  // It did not go cold by itself: that it is of no use any more is said apart.
  if (isPromptChanged(path, lastSent(path)) || (last !== null && isUpdated(last, toolsJson))) return { kind: 'none' };
  const kept = last !== null && last.model === model.id && inputTokens(last.usage) >= model.minCacheable;
  return { kind: kept ? 'cold' : 'none' };
}

/** True when the last answer did not say what went in: the cache may hold it, or not. */
function isWarmthUnknown(path: readonly Entry[]): boolean {
  const last = path.findLast((entry) => entry.kind === 'assistant' && entry.stopReason !== 'refusal');
  return last?.kind === 'assistant' && isInputUnknown(last.usage);
}
