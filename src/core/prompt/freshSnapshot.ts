/**
 * Whether the next turn begins with a fresh snapshot of the context (DESIGN "The prompt"). Superseded text
 * is read with each request as long as it stays in the prompt; leaving it out rewrites everything behind it. Pure: by
 * prices, sizes, idle time and the user's pauses.
 */
import type { FreshSnapshot } from '../../shared/contextLine';
import { Memo } from '../base/memo';
import type { PauseHistogram } from '../base/pauseHistogram';
import type { CacheTtl, Effort } from '../base/settings';
import { changesSince, changesText, type SeenContext, snapshotTexts } from '../context/context';
import type { ContextNow } from '../context/editorContext';
import { ratesFor, totalTokens } from '../models/cost';
import type { Model } from '../models/models';
import { estimateConstant, estimateTokens, sumOf, tokensOf } from '../models/tokens';
import type { Entry } from '../record/record';
import { entryStats } from './blockStats';
import { cacheState, middlePauseProbability } from './cachePlan';
import { instructions } from './instructions';

interface FreshSnapshotInput {
  readonly path: readonly Entry[];
  /** What the path has shown the model. */
  readonly seen: SeenContext;
  readonly context: ContextNow;
  readonly model: Model;
  readonly effort: Effort | null;
  /** The setting. */
  readonly ttl: 'auto' | CacheTtl;
  readonly pauseHistogram: PauseHistogram;
  /** ms since the epoch. */
  readonly now: number;
  /** JSON of the tool definitions. */
  readonly toolsJson: string;
  /** Of the conversation. */
  readonly memo?: Memo;
}

/** Sizes in tokens, and what a token costs in US dollars per million. */
export interface FreshSnapshotCosts {
  /** Tools and instructions: they stay as they are. */
  readonly shared: number;
  /** The whole next request if nothing is begun anew, the user's words apart. */
  readonly keep: number;
  /** The same with a fresh snapshot. */
  readonly fresh: number;
  /** Of `keep`, what can be read. */
  readonly cached: number;
  /** True when `shared` can be read. */
  readonly sharedCached: boolean;
  readonly read: number;
  readonly write: number;
  /** Requests that are expected to follow. */
  readonly expected: number;
  /** How likely one of them finds the cache cold. */
  readonly coldChance: number;
  readonly window: number;
}

/** Parts of the window from which room counts more than money. */
const crowded = 0.8;
/** Part of the window that has to come free for that. */
const worthIt = 0.05;
/** Tokens below which nothing is begun anew: a line more in the chat for fractions of a cent is noise. */
const leastStale = 200;

/** Decides by sizes alone. */
export function decideFreshSnapshot(costs: FreshSnapshotCosts): FreshSnapshot | null {
  const { shared, keep, fresh, cached, read, write, expected, coldChance } = costs;
  const stale = keep - fresh;
  if (stale < leastStale) return null;
  const keepUsd = (read * cached + write * (keep - cached)) / 1_000_000;
  const freshUsd = ((costs.sharedCached ? read : write) * shared + write * (fresh - shared)) / 1_000_000;
  const each = ((1 - coldChance) * read + coldChance * write) / 1_000_000;
  const saving = { savedTokens: stale, usd: freshUsd - keepUsd };
  if (freshUsd - keepUsd < expected * each * stale) {
    return { reason: cached <= shared ? 'cold' : 'stale', ...saving };
  }
  if (keep > crowded * costs.window && stale > worthIt * costs.window) return { reason: 'window', ...saving };
  return null;
}

/** null where the conversation goes on as it is. Call it when a turn begins. */
export function freshSnapshotOf(input: FreshSnapshotInput): FreshSnapshot | null {
  const { path, seen, context, model, effort, pauseHistogram, now, memo = new Memo() } = input;
  const state = cacheState(path, model, effort, now);
  const start = path.findLastIndex((entry) => entry.kind === 'snapshot');
  const snapshot = path[start];
  if (state.last === null || snapshot?.kind !== 'snapshot') return null;
  const since = path.slice(start + 1);
  const sizeOf = (entries: readonly Entry[]): number =>
    tokensOf(sumOf(entries.map((entry) => entryStats(entry, model, memo))), 1);
  const announced = sizeOf(since.filter(({ kind }) => kind === 'change'));
  const said = sizeOf(since.filter(({ kind }) => kind !== 'change'));
  const next = changesSince(seen, context, memo);
  // Nothing was superseded, and nothing is now: what is closed is left out by a fresh one.
  if (announced === 0 && next.length === 0 && (context.closed ?? []).length === 0) return null;
  const shared = model.toolOverhead + estimateConstant(instructions) + estimateConstant(input.toolsJson);
  const texts = snapshotTexts(snapshot, memo);
  const prefix = memo.get(texts, 'size', () => size(texts));
  const anew = (): number => size(snapshotTexts({ ...snapshot, ...context }));
  const snapshotSize = memo.get(context, 'snapshot size', anew, snapshot);
  const last = totalTokens(state.last);
  // What is estimated is brought to the scale of what was counted; the messages are what is left.
  const scale = Math.min(1.5, Math.max(0.5, last / (shared + prefix + announced + said)));
  const tell = next.length === 0 ? 0 : size([changesText(next)]);
  const keep = last + scale * tell;
  const price = model.prices === null ? null : ratesFor(model.prices, keep);
  const { read, write5m, write1h } = price ?? { read: 0.1, write5m: 1.25, write1h: 2 };
  const turns = path.filter((entry) => entry.kind === 'user').length;
  const decided = decideFreshSnapshot({
    shared: scale * shared,
    keep,
    fresh: keep - scale * (prefix + announced + tell - snapshotSize),
    cached: state.cachedTokens,
    sharedCached: state.cachedTokens > 0,
    read,
    write: input.ttl === '1h' ? write1h : write5m,
    // A conversation that has gone on for so long is expected to go on for as long again.
    expected: Math.max(1, turns),
    coldChance: middlePauseProbability({ ...pauseHistogram, middle: pauseHistogram.middle + pauseHistogram.long }),
    window: model.window,
  });
  if (decided === null) return null;
  return { ...decided, savedTokens: Math.round(decided.savedTokens), usd: price === null ? null : decided.usd };
}

function size(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + estimateTokens(text), 0);
}
