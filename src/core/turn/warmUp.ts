/**
 * Warm-ups: requests with `max_tokens: 0` that only read or write the prompt cache (API-FACTS §6.7). They hold what was
 * sent before and nothing else, and are made only where the user turned them on.
 */
import type Anthropic from '@anthropic-ai/sdk';
import { noUsage } from '../../shared/chat';
import { connect } from '../api/client';
import { isObject } from '../base/doorValues';
import { lifeMs } from '../base/pauseHistogram';
import type { Effort } from '../base/settings';
import { inputTokens, ratesFor, tokenUsage, usdOf } from '../models/cost';
import { effortFor, type Model } from '../models/models';
import { type CachePlan, cacheState, isUpdated } from '../prompt/cachePlan';
import { planRequest } from '../prompt/request';
import { changesPrompt, lastSaid } from '../record/excluded';
import type { AssistantEntry, Entry, NewEntry, WarmUpEntry } from '../record/record';
import { toolDefinitions } from '../tools/all';
import type { TurnInput } from './turn';

/** ms before an entry would expire at which it is read once more. */
const aheadMs = 30_000;

/** ms that a warm-up may take. */
const timeoutMs = 60_000;

export interface WarmUpPlan {
  /** When it is due, ms since the epoch. */
  readonly at: number;
  /** What its request is built from: the path as the last request had it. */
  readonly path: readonly Entry[];
  /** The lives of its breakpoints: as they were. */
  readonly plan: CachePlan;
}

export interface WarmUpQuestion {
  readonly path: readonly Entry[];
  readonly model: Model;
  readonly effort: Effort | null;
  /** JSON of the tools' definitions. */
  readonly tools?: string;
  /** ms since the epoch. */
  readonly now: number;
}

/** The next warm-up that keeps what is in the cache; null when none is worth its price. */
export function keepPlan(question: WarmUpQuestion): WarmUpPlan | null {
  const sent = sentBefore(question);
  if (sent === null) return null;
  const { path, model, effort, now, tools } = question;
  const { cachedTokens, warmUntil } = cacheState(path, model, effort, now, tools);
  // What expired is for the next question to write: it is not known to come.
  if (warmUntil === null || cachedTokens < inputTokens(sent.last.usage)) return null;
  const kept = path.slice(path.indexOf(sent.last)).filter(({ kind }) => kind === 'warmUp').length;
  return kept + 1 < sent.reads ? { ...sent.again, at: warmUntil - aheadMs } : null;
}

/** A warm-up that puts what was sent back into the cache, due at once; null when it is there, or was never sent. */
export function startPlan(question: WarmUpQuestion): WarmUpPlan | null {
  const sent = sentBefore(question);
  if (sent === null) return null;
  const { path, model, effort, now } = question;
  const { cachedTokens } = cacheState(path, model, effort, now);
  return cachedTokens < inputTokens(sent.last.usage) ? { ...sent.again, at: now } : null;
}

interface SentBefore {
  readonly last: AssistantEntry;
  readonly again: Omit<WarmUpPlan, 'at'>;
  /** Reads that cost as much as one write: more are not worth it. */
  readonly reads: number;
}

/** The last request, where a read of it is known to be cheaper than a write and nothing has changed since. */
function sentBefore({ path, model, effort, now, tools }: WarmUpQuestion): SentBefore | null {
  const { last } = cacheState(path, model, effort, now);
  // After an update of ours a request would not begin as that one did.
  if (last !== null && isUpdated(last, tools)) return null;
  if (last === null || lastSaid(path)?.kind !== 'end' || model.prices === null) return null;
  const size = inputTokens(last.usage);
  const price = ratesFor(model.prices, size);
  const write = last.ttl === '1h' ? price.write1h : price.write5m;
  const at = path.indexOf(last);
  if (size < model.minCacheable || price.read >= write || path.slice(at).some(changesPrompt)) return null;
  if (last.model !== model.id || (last.effort ?? null) !== effort) return null;
  return {
    last,
    again: { path: path.slice(0, at), plan: { ttl: last.ttl ?? '5m', anchor: last.anchor ?? null } },
    reads: write / price.read,
  };
}

type WarmUpInput = Pick<
  TurnInput,
  'api' | 'addresses' | 'clock' | 'tools' | 'settings' | 'model' | 'fetch' | 'blobs' | 'spend'
>;

/**
 * Makes a warm-up. Resolves to its entry; one that the API refuses is the last for its model. null without a key.
 * Rejects for any other failure, and where the spend guard would pause.
 */
export async function runWarmUp(
  input: WarmUpInput,
  { path, plan }: WarmUpPlan,
  signal: AbortSignal,
): Promise<Extract<NewEntry, { kind: 'warmUp' }> | null> {
  const { model, settings, clock } = input;
  const access = await input.api.access();
  if (access === null) return null;
  const tools = toolDefinitions(input.tools);
  const limits = await input.addresses.of(access.baseUrl);
  const address = access.baseUrl;
  const { request } = planRequest({ path, model, settings, tools, blobs: input.blobs, plan, limits, address });
  const json = (): string => JSON.stringify(request);
  await input.spend?.check({ path, model, settings, toolsJson: JSON.stringify(tools), json });
  const entry = {
    kind: 'warmUp' as const,
    model: model.id,
    effort: effortFor(model, settings.effort),
    askedAt: clock.now(),
  };
  let message: unknown;
  try {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const { messages } = connect(access, input.fetch);
    const body = { ...request, max_tokens: 0, stream: false } as Anthropic.MessageCreateParamsNonStreaming;
    message = await messages.create(body, { signal: limited });
  } catch (error) {
    if ((error as { status?: unknown }).status !== 400) throw error;
    return { ...entry, usage: noUsage, usd: 0, stopped: 'refused' };
  }
  const usage = tokenUsage(isObject(message) ? message['usage'] : null);
  return { ...entry, usage, usd: usdOf(model, usage), stopped: null };
}

/** Part of what a warm-up held that the next request has to read; less, and it did not help. */
const enough = 0.9;

/**
 * The warm-up that the last turn should have read and did not; null when there is none. Call it when a turn has ended.
 */
export function missedWarmUp(path: readonly Entry[]): WarmUpEntry | null {
  const turn = path.findLastIndex(({ kind }) => kind === 'user');
  const before = path.slice(0, turn).findLastIndex(({ kind }) => kind === 'warmUp' || kind === 'assistant');
  const warmed = path[before];
  if (warmed?.kind !== 'warmUp' || warmed.stopped !== null) return null;
  const between = path.slice(before + 1);
  if (between.some((entry) => changesPrompt(entry) || entry.kind === 'snapshot')) return null;
  const first = between.find((entry) => entry.kind === 'assistant' && inputTokens(entry.usage) > 0);
  if (first?.kind !== 'assistant' || first.model !== warmed.model || first.effort !== warmed.effort) return null;
  const idle = (first.askedAt ?? first.at) - warmed.askedAt;
  return idle < lifeMs['5m'] && (first.usage.cacheRead ?? 0) < enough * inputTokens(warmed.usage) ? warmed : null;
}
