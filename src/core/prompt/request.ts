/**
 * The next request as a pure function of the record: the same entries and settings give the same bytes. Its layout, with
 * the cache breakpoints, of which four are placed at most:
 *
 *   tools      in their fixed order (tools/all.ts)
 *   system     the instructions                         1  shared by all conversations
 *              project instructions, files, selection   2  fixed until a fresh snapshot
 *   messages   turns                                    3  the long-lived one, at the end of a request or an answer
 *              the end of the request before            4  where 20 blocks or more have come behind it
 *              changes, the user's words, tool results  5  the rolling end
 *
 * The first two are left out below the model's minimum, and where the messages need all four, 2 before 1. How long each
 * lives is decided in cachePlan.ts: an hour before one that lives an hour.
 */
import type Anthropic from '@anthropic-ai/sdk';
import { isOfficial } from '../api/access';
import {
  type AddressLimits,
  leavesOut,
  leavesOutUnsignedThinking,
  noLimitsKnown,
  offeredAt,
  withinLimits,
} from '../api/addressLimits';
import type { Request } from '../api/requestBody';
import { Memo } from '../base/memo';
import { orElse } from '../base/orElse';
import type { PauseHistogram } from '../base/pauseHistogram';
import type { CacheTtl, ChatSettings, Effort } from '../base/settings';
import { inputTokens } from '../models/cost';
import { defaultMaxTokens, effortFor, type Model } from '../models/models';
import { estimateConstant, estimateTokens, firstFactor, tokensOf } from '../models/tokens';
import type { Entry, HeldRequest, LongLivedBreakpoint } from '../record/record';
import { soundPath } from '../record/sound';
import { statsOf } from './blockStats';
import type { Message } from './building';
import { type CachePlan, planCache } from './cachePlan';
import { instructions } from './instructions';
import { type Blobs, buildMessages, contextOf } from './messages';
import { constantDigest } from './prefix';

/** All that a request is made from: of the same input come the same bytes. */
export interface RequestInput {
  /** The entries of the current path, root first. */
  readonly path: readonly Entry[];
  readonly model: Model;
  readonly settings: ChatSettings;
  /** In their fixed order (tools/all.ts). */
  readonly tools: readonly Anthropic.ToolUnion[];
  readonly blobs: Blobs;
  /** What the life of the cache breakpoints is chosen by; without it they take the setting's, or 5 minutes. */
  readonly times?: {
    /** ms since the epoch. */
    readonly now: number;
    readonly pauseHistogram: PauseHistogram;
    /** How many of the texts of `system` the cache holds, whichever conversation wrote them; without it, nobody knows. */
    readonly held?: (system: readonly string[]) => number;
  };
  /** True asks why the cache missed (cacheMiss.ts). */
  readonly diagnosis?: boolean;
  /** The lives of the breakpoints, where they are known: those of a request that is made again. */
  readonly plan?: CachePlan;
  /** What the address that it goes to does not take; without it, all is sent. */
  readonly limits?: AddressLimits;
  /** The base URL that it goes to. */
  readonly address?: string;
  /** True: all thinking is left out. */
  readonly withoutThinking?: boolean;
  /** Of the conversation. */
  readonly memo?: Memo;
}

/** The `diagnostics` of the next request: which answer it goes on from. */
function diagnosisOf(path: readonly Entry[]): Anthropic.DiagnosticsParam {
  const last = path.findLast((entry) => entry.kind === 'assistant' && entry.messageId !== null);
  return { previous_message_id: last?.kind === 'assistant' ? last.messageId : null };
}

/** A breakpoint reaches back at most this many blocks, itself included (API-FACTS §6.1). */
const lookBack = 20;

/** Breakpoints of one request at most (API-FACTS §6.1). */
const maxBreakpoints = 4;

/** A request, and how long it asks the cache to keep it. */
export interface PlannedRequest {
  readonly request: Request;
  readonly ttl: CacheTtl;
  /** Up to where it keeps the prompt for an hour although its end lives less; null for nowhere. */
  readonly longLived: LongLivedBreakpoint | null;
  /** What belongs to the record of its answer. */
  readonly held: HeldRequest;
  /** The texts that `held` names. */
  readonly texts: readonly { readonly digest: string; readonly text: string }[];
  /** Whether what the last answer's request held is in it unchanged; null where that is not known. */
  readonly intact: boolean | null;
  /** True where thinking is left out since what it was made with has changed. */
  readonly lostThinking: boolean;
}

/** Builds the request, and tells how long it asks the cache to keep it. */
export function planRequest(input: RequestInput): PlannedRequest {
  const { model, settings, address = '', withoutThinking = false, limits = noLimitsKnown, memo = new Memo() } = input;
  const tools = offeredAt(input.tools, limits);
  const path = soundPath(input.path, memo);
  const toolsJson = JSON.stringify(tools);
  const built = buildMessages({
    path,
    model,
    blobs: input.blobs,
    tools: toolsJson,
    untitled: leavesOut(limits, 'document.title'),
    unsignedTo: takesUnsigned(address, limits) ? address : null,
    withoutThinking,
    memo,
  });
  const { messages, ends: answerEnds } = built;
  if (messages.length === 0) throw new Error('there is nothing to send');
  const effort = effortFor(model, settings.effort);
  const context = contextOf(path, memo);
  const system = [instructions, ...context];
  // Files are long, and stay the same texts from one request to the next.
  const contextTokens = memo.get(context, 'tokens', () => context.map((text) => estimateTokens(text)));
  const tokens = [estimateConstant(instructions), ...contextTokens];
  const plan = planOf({ ...input, path, memo }, effort, { toolsJson, tokens, messages, ends: answerEnds });
  const hourEnd = placeOf(plan.longLived, messages, answerEnds);
  const places = plan.skipMessageBreakpoint === true ? [] : messagePlaces(messages, hourEnd);
  const ends = systemPlaces(
    hasSelection(path) ? tokens.slice(0, -1) : tokens,
    tools.length === 0 ? '' : toolsJson,
    model,
    { isWritten: plan.system !== null, held: input.times?.held?.(system) ?? 0 },
  );
  const systemBreakpoints = ends.slice(0, maxBreakpoints - places.length);
  // An hour's breakpoint may not come after one of 5 minutes (API-FACTS §3.2).
  const before: CacheTtl = plan.ttl === '1h' || hourEnd !== -1 ? '1h' : (plan.system ?? '5m');
  const request: Request = {
    model: model.id,
    max_tokens: Math.min(settings.maxTokens ?? defaultMaxTokens(model), model.maxOutput),
    ...(model.adaptiveThinking ? { thinking: { type: 'adaptive', display: settings.thinkingDisplay } } : {}),
    // What the model does anyway need not be asked for: gateways may not know the field (LESSONS L44).
    ...(effort === null || effort === model.defaultEffort ? {} : { output_config: { effort } }),
    ...(input.diagnosis === true ? { diagnostics: diagnosisOf(path) } : {}),
    tools: [...tools],
    system: system.map((text, index) => ({
      type: 'text',
      text,
      ...(systemBreakpoints.includes(index) ? { cache_control: cacheControlOf(before) } : {}),
    })),
    messages: withBreakpoints(messages, places, (index) => (index <= hourEnd ? '1h' : plan.ttl)),
  };
  const held = {
    digest: built.digest,
    tools: constantDigest(toolsJson),
    instructions: constantDigest(instructions),
    address,
    bare: withoutThinking,
  };
  const { intact, lostThinking } = built;
  return {
    request: withinLimits(request, limits),
    ttl: plan.ttl,
    longLived: hourEnd === -1 ? null : plan.longLived,
    held,
    texts: [
      { digest: held.tools, text: toolsJson },
      { digest: held.instructions, text: instructions },
    ],
    intact,
    lostThinking,
  };
}

/** What is selected stands behind what conversations share. */
function hasSelection(path: readonly Entry[]): boolean {
  const snapshot = path.findLast((entry) => entry.kind === 'snapshot');
  return snapshot?.kind === 'snapshot' && snapshot.selection !== null;
}

/** Anthropic's own address never takes thinking without a signature; another that sent it may even need it. */
function takesUnsigned(address: string, limits: AddressLimits): boolean {
  return !isOfficial(address) && !leavesOutUnsignedThinking(limits);
}

/** The message that a long-lived breakpoint ends; -1 for none. */
function placeOf(
  breakpoint: LongLivedBreakpoint | null,
  messages: readonly Message[],
  ends: ReadonlyMap<string, number>,
): number {
  const end = breakpoint === null ? undefined : ends.get(breakpoint.answer);
  if (breakpoint === null || end === undefined) return -1;
  const place = breakpoint.side === 'before' ? end : end + 1;
  const isThere = breakpoint.side === 'before' || messages[place]?.role === 'assistant';
  return isThere && lastMarkable(messages[place]) !== -1 ? place : -1;
}

function cacheControlOf(ttl: CacheTtl): Anthropic.CacheControlEphemeral {
  return ttl === '1h' ? { type: 'ephemeral', ttl } : { type: 'ephemeral' };
}

interface Parts {
  readonly toolsJson: string;
  /** Of each text of `system`. */
  readonly tokens: readonly number[];
  readonly messages: readonly Message[];
  readonly ends: ReadonlyMap<string, number>;
}

function planOf(input: RequestInput, effort: Effort | null, { toolsJson, tokens, messages, ends }: Parts): CachePlan {
  const { path, model, settings, times, limits } = input;
  const short = leavesOut(limits ?? noLimitsKnown, 'cache_control.ttl');
  if (input.plan !== undefined) return short ? { ...input.plan, ttl: '5m', longLived: null } : input.plan;
  const ttl = short ? '5m' : (settings.cacheTtl ?? 'auto');
  if (times === undefined) return { ttl: ttl === 'auto' ? '5m' : ttl, longLived: null };
  const last = path.findLast((entry) => entry.kind === 'assistant' && inputTokens(entry.usage) > 0);
  // The answer itself is in the usage already: what is new comes behind it.
  const from = last === undefined ? -1 : (ends.get(last.id) ?? -1);
  const fresh = messages.slice(from === -1 ? 0 : from + 2).flatMap(({ blocks }) => blocks);
  const before = from === -1 ? [estimateConstant(toolsJson), ...tokens] : [];
  const freshTokens = () =>
    before.reduce((sum, count) => sum + count, 0) + tokensOf(statsOf(fresh, model, input.memo), firstFactor(model.id));
  // By price: what cannot be told is kept as long as is usual.
  return orElse(
    () => planCache({ path, model, effort, ttl, ...times, freshTokens: freshTokens(), tools: toolsJson }),
    () => ({ ttl: ttl === 'auto' ? '5m' : ttl, longLived: null }),
  );
}

/**
 * The end of tools + instructions, which all conversations share, and the end of the context prefix. What is held and not
 * written anew is read up to its own end, which costs nothing; so is what the end of the prefix does not reach back to.
 */
function systemPlaces(
  tokens: readonly number[],
  toolsJson: string,
  model: Model,
  { isWritten, held }: { readonly isWritten: boolean; readonly held: number },
): readonly number[] {
  const heldEnd = Math.min(held, tokens.length) - 1;
  const last = isWritten ? tokens.length - 1 : heldEnd;
  const places = [...(last >= 0 ? [0] : []), ...(last - heldEnd >= lookBack ? [heldEnd] : []), last];
  let sum = toolsJson === '' ? 0 : model.toolOverhead + estimateConstant(toolsJson);
  return tokens.flatMap((count, index) => {
    sum += count;
    return places.includes(index) && sum >= model.minCacheable ? [index] : [];
  });
}

/**
 * The messages that end with a breakpoint: the rolling end; the long-lived breakpoint; and, when the last step added more blocks than a
 * breakpoint reaches back, the end of the request before, where an entry was written.
 */
function messagePlaces(messages: readonly Message[], hourEnd: number): readonly number[] {
  const last = messages.length - 1;
  // The request before ended with the last user message that an answer follows.
  const before = messages.findLastIndex((message, index) => message.role === 'user' && index < last);
  const far = before !== -1 && blocksAfter(messages, before) >= lookBack;
  const places = new Set([...(hourEnd >= 0 && hourEnd < last ? [hourEnd] : []), ...(far ? [before] : []), last]);
  return [...places].filter((index) => lastMarkable(messages[index]) !== -1).sort((a, b) => a - b);
}

function withBreakpoints(
  messages: readonly Message[],
  places: readonly number[],
  ttlOf: (index: number) => CacheTtl,
): Anthropic.MessageParam[] {
  return messages.map((message, index) => {
    const at = places.includes(index) ? lastMarkable(message) : -1;
    const content = message.blocks.map(({ block }, i) =>
      i === at ? { ...block, cache_control: cacheControlOf(ttlOf(index)) } : block,
    );
    return { role: message.role, content: content as Anthropic.ContentBlockParam[] };
  });
}

function blocksAfter(messages: readonly Message[], index: number): number {
  let blocks = 0;
  for (const message of messages.slice(index + 1)) blocks += message.blocks.length;
  return blocks;
}

/** The blocks that take cache_control (API-FACTS §6.1): thinking and the API's own tool calls do not. */
const markable: readonly string[] = ['text', 'image', 'document', 'tool_use', 'tool_result'];

function lastMarkable(message: Message | undefined): number {
  return message?.blocks.findLastIndex(({ block }) => markable.includes(block.type)) ?? -1;
}
