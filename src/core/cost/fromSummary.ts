/** Going on from a summary: who writes it, and what it and the message behind it cost. Nothing is asked of the API. Pure. */
import type { FromSummary, NextCost } from '../../shared/nextCost';
import { noUsage } from '../../shared/tokenUsage';
import { ratesFor } from '../models/cost';
import type { Model } from '../models/models';
import { firstFactor } from '../models/tokens';
import { compactionPlan, enoughOf, longResults } from '../prompt/compactPlan';
import type { Entry } from '../record/record';
import { ConversationCost } from './conversationCost';
import { type EstimateInput, estimatedTokens, estimateNext } from './estimate';

/** Tokens of a summary, with the thoughts about it; and those of the summary alone. */
const written = { all: 4000, alone: 1500 } as const;

/** US dollars of input above which the offer is made, and how many times dearer than from a summary that input is then. */
const dear = { usd: 0.25, times: 5 } as const;

/** How many times dearer the whole turn is at least: what the answer costs is the same from a summary. */
const dearTurn = 2;

/** The share of the window from which on the offer is made whatever it costs. */
const nearlyFull = 0.8;

/** How much longer than estimated a prompt may be, and what is left for the summary. */
const room = { times: 1.15, tokens: 16_000 } as const;

/** Who writes a summary, and how its request is sent. */
export interface SummaryWriter {
  readonly model: Model;
  /** True where the request reads what the cache holds of the conversation; otherwise nothing of it is to be kept. */
  readonly reads: boolean;
  /** How many of the long results before the last turn are shortened in its request, the oldest first (compactPlan.ts). */
  readonly shortened: number;
  /** US dollars; null when the price is unknown. */
  readonly usd: number | null;
}

/** The request for a summary: neither what is typed nor what is attached is in it, and no fresh snapshot. */
export function summaryInput(input: EstimateInput): EstimateInput {
  return { ...input, draft: '', attached: [], freshSnapshot: false };
}

/**
 * Both of the request for the summary (`summaryInput`). While the cache holds the conversation, its own model; otherwise
 * the cheapest of those that the account has (`models`) whose window takes it and that takes what its own model does.
 */
export function summaryWriter(
  input: EstimateInput,
  next: NextCost,
  models: readonly Model[],
  cost = new ConversationCost(),
): SummaryWriter {
  const own = ownWriter(input, next, cost);
  const { model } = input;
  if (own.reads || own.usd === null) return own;
  const priced = models
    .filter((one) => one.id !== model.id && one.prices !== null && takesAllOf(model, one))
    .map((one) => ({ one, rough: usdOf(one, next.tokens) ?? 0 }))
    .sort((a, b) => a.rough - b.rough);
  for (const { one } of priced) {
    const tokens = estimatedTokens({ ...input, model: one }, cost);
    if (tokens * room.times + room.tokens > one.window) continue;
    const writer = alone(input, one, tokens, cost);
    if (writer.usd !== null && writer.usd < own.usd) return writer;
  }
  return own;
}

/** The conversation's own model, as where the user asks for it. */
export function ownWriter(
  input: EstimateInput,
  { tokens, cachedTokens, askUsd }: NextCost,
  cost = new ConversationCost(),
): SummaryWriter {
  const { model } = input;
  if (cachedTokens <= tokens / 2) return alone(input, model, tokens, cost);
  const price = model.prices === null ? null : ratesFor(model.prices, tokens);
  // The request is the next one and a few words.
  const usd = askUsd === null || price === null ? null : askUsd + (written.all * price.output) / 1_000_000;
  return { model, reads: true, shortened: 0, usd };
}

/**
 * Of a request of which the cache holds and keeps nothing. Where a long prompt has a higher price, old results of tools
 * are shortened until it has the lower one: the summary says little of their middle in any case, and none of it is lost.
 */
function alone(input: EstimateInput, model: Model, tokens: number, cost: ConversationCost): SummaryWriter {
  const most = (model.prices?.above?.promptTokens ?? Number.POSITIVE_INFINITY) / room.times;
  if (tokens <= most) return { model, reads: false, shortened: 0, usd: usdOf(model, tokens) };
  const results = cost.get(input.path, 'long results', () => longResults(input.path, model), model);
  const shortened = enoughOf(results, tokens - most, input.factor?.(model.id) ?? firstFactor(model.id)) ?? 0;
  return { model, reads: false, shortened, usd: usdOf(model, shortened === 0 ? tokens : most) };
}

function usdOf({ prices }: Model, tokens: number): number | null {
  if (prices === null) return null;
  const price = ratesFor(prices, tokens);
  return (tokens * price.input + written.all * price.output) / 1_000_000;
}

function takesAllOf(own: Model, other: Model): boolean {
  return (['imageInput', 'webSearch', 'webFetch'] as const).every((what) => other[what] || !own[what]);
}

/**
 * What is offered before the next message: by its price, where it is dear and much dearer than from a summary, or since
 * the window is nearly full. null otherwise, and where there is nothing to sum up.
 */
export function fromSummary(
  input: EstimateInput,
  next: NextCost,
  models: readonly Model[],
  cost = new ConversationCost(),
): FromSummary | null {
  const { askUsd, answerUsd, tokens, windowTokens } = next;
  const isFull = tokens >= nearlyFull * windowTokens;
  const isDear = askUsd !== null && askUsd > dear.usd;
  if (!isFull && !isDear) return null;
  const behind = pathBehind(input, cost);
  if (behind === null) return null;
  const after = estimateNext({ ...input, path: behind, seen: null }, cost);
  const ask = after.askUsd;
  const answer = after.answerUsd;
  const whole = (writer: SummaryWriter): number | null =>
    writer.usd === null || ask === null || answer === null ? null : writer.usd + ask + answer;
  const asked = summaryInput(input);
  const request = estimateNext(asked, cost);
  const writer = summaryWriter(asked, request, models, cost);
  const usd = whole(writer);
  const byPrice =
    isDear &&
    usd !== null &&
    answer !== null &&
    askUsd > dear.times * (usd - answer) &&
    askUsd + (answerUsd ?? 0) > dearTurn * usd;
  if (!isFull && !byPrice) return null;
  return {
    usd,
    ownUsd: whole(ownWriter(asked, request, cost)),
    modelName: writer.model.name,
    shortened: writer.shortened,
    byPrice,
    isFull,
  };
}

/** Of the length of a summary. */
const standIn = 'word '.repeat(written.alone);

/** The path as it would be behind a summary; null where there is nothing to sum up. */
function pathBehind({ path, model }: EstimateInput, cost: ConversationCost): readonly Entry[] | null {
  const compute = (): readonly Entry[] | null => {
    const plan = compactionPlan(path, model);
    if (plan === null) return null;
    const compaction: Entry = {
      kind: 'compaction',
      id: '',
      parent: null,
      at: 0,
      model: model.id,
      automatic: false,
      ...(plan.keeps === null ? {} : { keeps: plan.keeps.id }),
      summary: standIn,
      tokensBefore: 0,
      tokensAfter: 0,
      usage: noUsage,
      usd: 0,
      outcome: { kind: 'done' },
      effort: null,
      requestId: null,
    };
    return [...plan.path, compaction];
  };
  return cost.get(path, 'behind a summary', compute, model);
}
