/**
 * Why a request read less from the prompt cache than the one before it could have left there: as the API says
 * (API-FACTS §6.5), else as the record tells.
 */
import type { CacheMiss, CacheMissReason } from '../../shared/chat';
import type { TokenUsage } from '../../shared/tokenUsage';
import { isObject } from '../base/doorValues';
import type { CacheTtl, Effort } from '../base/settings';
import { inputTokens, isInputUnknown, ratesFor } from '../models/cost';
import type { Model } from '../models/models';
import { cacheState } from '../prompt/cachePlan';
import { constantDigest } from '../prompt/prefix';
import type { AssistantEntry, Entry, HeldRequest } from '../record/record';

/** An answer whose request may have missed. */
export interface Answered {
  /** What its request was made of, root first. */
  readonly path: readonly Entry[];
  readonly model: Model;
  readonly effort: Effort | null;
  /** When its request started, ms since the epoch. */
  readonly askedAt: number;
  readonly ttl: CacheTtl;
  readonly usage: TokenUsage;
  /** As the answer has it; undefined where the request did not ask. */
  readonly diagnostics: unknown;
  /** True where the user has chosen tools: other ones are no update of ours. */
  readonly toolsChosen?: boolean;
  /** Of the request, as it was planned (request.ts); missing where that is not known. */
  readonly planned?: {
    readonly held: HeldRequest;
    readonly intact: boolean | null;
    readonly lostThinking: boolean;
  };
}

/** A part of what could have been read that is too small to speak of. */
const slightShare = 0.1;

/** null when it read about what it could, when there was nothing to read, or when the miss was meant and is told already. */
export function cacheMissOf(answered: Answered): CacheMiss | null {
  const { path, model, usage } = answered;
  const index = path.findLastIndex(
    (entry) => entry.kind === 'assistant' && (inputTokens(entry.usage) > 0 || isInputUnknown(entry.usage)),
  );
  const last = path[index];
  if (last?.kind !== 'assistant' || inputTokens(usage) === 0) return null;
  const since = path.slice(index + 1);
  const readable = inputTokens(last.usage);
  // A summary makes the prompt short, and a fresh snapshot is chosen by price: both say so themselves.
  if (readable < model.minCacheable || since.some(isReportedElsewhere)) return null;
  const tokens = Math.min(readable, inputTokens(usage)) - (usage.cacheRead ?? 0);
  if (tokens <= Math.max(model.minCacheable, slightShare * readable)) return null;
  return { reason: reasonOf(answered, last, since), tokens, usd: extraUsd(answered, tokens) };
}

function isReportedElsewhere(entry: Entry): boolean {
  return entry.kind === 'compaction' || (entry.kind === 'snapshot' && entry.rebase !== undefined);
}

function reasonOf(answered: Answered, last: AssistantEntry, since: readonly Entry[]): CacheMissReason {
  const { path, model, effort, askedAt, diagnostics, planned } = answered;
  const said = saidReason(diagnostics);
  if (said === 'model_changed' || last.model !== model.id) return 'model';
  const head = planned === undefined ? null : otherHead(last, planned.held, answered.toolsChosen === true);
  if (head !== null) return head;
  if (said === 'system_changed') return 'system';
  if (said === 'tools_changed') return 'tools';
  const explained = since.some(({ kind }) => kind === 'leaveOut' || kind === 'snapshot');
  // What was sent then is not what is sent now, and nobody asked for that: thinking could not go along.
  const lost = planned?.lostThinking === true && planned.intact !== true && !explained;
  if (said === 'messages_changed') return lost ? 'thinking' : 'messages';
  if (last.effort !== undefined && last.effort !== effort) return 'effort';
  if (since.some(({ kind }) => kind === 'snapshot')) return 'system';
  if (since.some(({ kind }) => kind === 'leaveOut')) return 'messages';
  if (cacheState(path, model, effort, askedAt).cachedTokens < inputTokens(last.usage)) return 'expired';
  if (lost) return 'thinking';
  // Any added picture begins the messages anew (API-FACTS §6.3).
  if (since.some(hasImage)) return 'image';
  if (planned?.intact === false) return 'messages';
  if (said === 'previous_message_not_found') return 'notFound';
  // Asked, and nothing differs: what was kept is gone (API-FACTS §6.5).
  return diagnostics === null ? 'gone' : 'unknown';
}

/** The reason as the API gives it; null where it gives none, or says what it never says. */
function saidReason(diagnostics: unknown): unknown {
  const reason = isObject(diagnostics) ? diagnostics['cache_miss_reason'] : null;
  return isObject(reason) ? reason['type'] : null;
}

/** What of the head is not what it was: an update of ours changes it, the user's choice, or an address that takes no tools. */
function otherHead({ held }: AssistantEntry, now: HeldRequest, toolsChosen: boolean): 'update' | 'tools' | null {
  if (held === undefined) return null;
  if (held.instructions !== now.instructions) return 'update';
  if (held.tools === now.tools) return null;
  const none = constantDigest('[]');
  return toolsChosen || held.tools === none || now.tools === none ? 'tools' : 'update';
}

function hasImage(entry: Entry): boolean {
  const blocks = entry.kind === 'user' ? entry.content : entry.kind === 'toolResult' ? (entry.media ?? []) : [];
  return blocks.some(({ type }) => type === 'image' || type === 'imageUrl');
}

/** What writing cost more than reading would have. */
function extraUsd({ model, usage, ttl }: Answered, tokens: number): number | null {
  if (model.prices === null) return null;
  const rates = ratesFor(model.prices, inputTokens(usage));
  const written = (usage.cacheWrite5m ?? 0) + (usage.cacheWrite1h ?? 0) > 0;
  const paid = !written ? rates.input : ttl === '1h' ? rates.write1h : rates.write5m;
  return (tokens * (paid - rates.read)) / 1_000_000;
}
