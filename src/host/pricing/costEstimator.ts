/** What the next message of one conversation would send and cost, kept up to date while one types and while time passes. */

import { orElse } from '../../core/base/orElse';
import type { PauseHistogram } from '../../core/base/pauseHistogram';
import type { SeenContext } from '../../core/context/context';
import type { ContextNow } from '../../core/context/editorContext';
import type { ConversationCost } from '../../core/cost/conversationCost';
import { type EstimateInput, estimateNext, rewriteOf } from '../../core/cost/estimate';
import { fromSummary, ownWriter, type SummaryWriter, summaryInput, summaryWriter } from '../../core/cost/fromSummary';
import { questionCosts } from '../../core/cost/questionCosts';
import { costlyPause } from '../../core/cost/unusual';
import { ratesFor } from '../../core/models/cost';
import { effortFor } from '../../core/models/models';
import { cacheState } from '../../core/prompt/cachePlan';
import type { ContextFile, Entry, UserBlock } from '../../core/record/record';
import type { NextCost } from '../../shared/nextCost';
import type { ComposerState } from '../../shared/protocol';
import type { ChipRates } from './chips';
import type { Offering } from './conversationTools';
import { beginningNow, freshSnapshotNow } from './nextTurn';
import { limitedTo } from './openTurn';
import type { PricingDeps } from './pricingDeps';
import { askedOf } from './systemPrefixCache';

/** What an estimate needs of the host. */
export type CostEstimatorDeps = Pick<
  PricingDeps,
  'clock' | 'log' | 'settings' | 'models' | 'tokens' | 'pauses' | 'store' | 'api'
>;

/** What the next message is made of. The path and the context are the same objects as long as they are the same. */
export interface NextMessage {
  readonly path: readonly Entry[];
  readonly seen: SeenContext | null;
  readonly context: ContextNow;
  readonly draft: string;
  readonly attached: readonly UserBlock[];
}

/** The composer's share of what is known of the next message. */
type Estimated = Pick<ComposerState, 'next' | 'rewrite' | 'todayUsd' | 'pausedSince'>;

const noPauses: PauseHistogram = { short: 0, middle: 0, long: 0 };
/** A pause is said in whole minutes, then in whole hours. */
const minute = 60_000;
const hour = 60 * minute;
/** ms for which an estimate holds while nothing that it is made of changes: what expires beside the cache is not told. */
const holdsMs = 1000;
/** ms after the moment at which the cache goes cold: then it surely has. */
const coldMargin = 50;

/** Nothing is known of what it costs. */
export function unknownCost(windowTokens: number): NextCost {
  const none = { tokens: 0, usd: null };
  return {
    tokens: 0,
    cachedTokens: 0,
    askUsd: null,
    answerUsd: null,
    rangeUsd: null,
    byModel: {},
    summary: null,
    freshUsd: null,
    windowTokens,
    rows: { cached: none, fresh: none, written: none, output: none, steps: null },
    cache: { kind: 'unknown' },
    parts: { instructions: 0, tools: 0, files: 0, history: 0, images: 0 },
    counted: { kind: 'estimate' },
  };
}

/** What was estimated of these, and until when, ms since the epoch. */
interface Held<T> {
  readonly of: readonly unknown[];
  readonly from: number;
  readonly until: number;
  readonly value: T;
}

/** Estimates the next message of one conversation, and tells when the figure changes because time passes. */
export class CostEstimator {
  private held: Held<Estimated> | null = null;
  /** What messages cost that wait, each by its content. */
  private readonly waiting = new WeakMap<readonly UserBlock[], Held<number | null>>();
  private pauseHistogram = noPauses;
  private fresh: { readonly key: readonly unknown[]; readonly begins: boolean } | null = null;
  /** That it cannot be estimated is logged once. */
  private failed = false;
  private timer: { readonly at: number; readonly abort: AbortController } | null = null;

  constructor(
    private readonly deps: CostEstimatorDeps,
    readonly cost: ConversationCost,
    /** What the conversation offers. */
    readonly tools: Offering,
    /** Time has passed, and with it the cache, or another hour of a pause. */
    private readonly changed: () => void,
  ) {}

  /** A view that comes, and what is read anew because it came, ask for the same: that is computed once. */
  of(message: NextMessage): Estimated {
    const { models, settings, log, pauses } = this.deps;
    const { todayUsd } = pauses;
    try {
      const of = this.dependencies(message);
      if (this.holds(this.held, of)) return this.held.value;
      const input = this.input(message);
      const estimate = estimateNext(input, this.cost);
      const summary = orElse(
        () => fromSummary(input, estimate, models.available ?? [], this.cost),
        () => null,
      );
      const chosen = models.listed?.map(({ model }) => model) ?? [];
      const next = { ...estimate, byModel: questionCosts(input, estimate, chosen), summary };
      const pausedSince = costlyPause(next, pauses.usualUsd, message.path);
      const estimated = { next, rewrite: rewriteOf(input, (id) => models.of(id), this.cost), todayUsd, pausedSince };
      this.held = { of, ...heldFrom(input.now, next), value: estimated };
      return estimated;
    } catch (error) {
      // It is only shown: nothing is kept from being typed, opened or sent by it.
      if (!this.failed) log.error('what the next message costs could not be estimated', error);
      this.failed = true;
      return { next: unknownCost(models.of(settings().model).window), rewrite: null, todayUsd, pausedSince: null };
    }
  }

  /**
   * US dollars of one message's input, beside what is typed; null where that is not known. `onlyFiles`: where it begins a
   * conversation, of the files these alone go along.
   */
  askUsd(message: NextMessage, onlyFiles?: readonly string[]): number | null {
    return orElse(
      () => {
        const of = [...this.dependencies(message), onlyFiles?.join('\n')];
        const held = this.waiting.get(message.attached) ?? null;
        if (this.holds(held, of)) return held.value;
        const context = message.seen === null ? limitedTo(onlyFiles, message.context) : message.context;
        const input = this.input({ ...message, context });
        const next = estimateNext(input, this.cost);
        this.waiting.set(message.attached, { of, ...heldFrom(input.now, next), value: next.askUsd });
        return next.askUsd;
      },
      () => null,
    );
  }

  private holds<T>(held: Held<T> | null, of: readonly unknown[]): held is Held<T> {
    const now = this.deps.clock.now();
    return held !== null && now >= held.from && now < held.until && isSame(held.of, of);
  }

  /** Who would write a summary of the conversation now; `own`: it is to be the conversation's own model. */
  writerOf(message: NextMessage, own: boolean): SummaryWriter {
    const { models, settings } = this.deps;
    return orElse(
      () => {
        const input = summaryInput(this.input(message));
        const next = estimateNext(input, this.cost);
        return own ? ownWriter(input, next, this.cost) : summaryWriter(input, next, models.available ?? [], this.cost);
      },
      () => ({ model: models.of(settings().model), reads: true, shortened: 0, usd: null }),
    );
  }

  /** All that an estimate depends on but for the time. */
  private dependencies(message: NextMessage): readonly unknown[] {
    const { path, seen, context, draft, attached } = message;
    const { models, settings, tokens, pauses } = this.deps;
    const { model, effort, cacheTtl } = settings();
    const last = path.findLast((entry) => entry.kind === 'assistant');
    const before = last?.kind === 'assistant' ? models.of(last.model) : null;
    const { counted, countedSent } = this.cost;
    const learnt = [this.pauseHistogram, tokens.version, pauses.todayUsd, pauses.usualUsd, counted, countedSent];
    const { json } = this.tools.offered;
    return [
      path,
      seen,
      context,
      draft,
      json,
      models.available,
      models.of(model),
      effort,
      cacheTtl,
      before,
      ...learnt,
      this.begins(message),
      ...attached,
    ];
  }

  input(message: NextMessage): EstimateInput {
    const { models, settings, clock, tokens } = this.deps;
    const chosen = settings();
    const model = models.of(chosen.model);
    const effort = effortFor(model, chosen.effort);
    const now = clock.now();
    const { json: toolsJson } = this.tools.offered;
    const asked = askedOf(model.id, effort);
    const begins = this.begins(message);
    return {
      ...message,
      ...(begins === null ? {} : { begins }),
      model,
      effort,
      toolsJson,
      now,
      factor: (id) => tokens.factorOf(id),
      turns: tokens.turnsOf(effort),
      cache: { ttl: chosen.cacheTtl ?? 'auto', pauseHistogram: this.pauseHistogram },
      freshSnapshot: this.beginsFresh(message),
      shared: (texts) => tokens.prefixes.readable(asked, toolsJson, texts, now),
    };
  }

  /** The files that a new conversation begins with, as another one left them in the cache: the same object each time. */
  begins({ path, context }: NextMessage): readonly ContextFile[] | null {
    if (!isNew(path)) return null;
    const { models, settings, clock, tokens } = this.deps;
    const chosen = settings();
    const model = models.of(chosen.model);
    const asked = askedOf(model.id, effortFor(model, chosen.effort));
    return tokens.prefixes.beginning(asked, this.tools.offered.json, context, clock.now(), this.cost)?.files ?? null;
  }

  /** What other tools would make the next request write that the cache holds now; null when that is nothing. */
  ofOtherTools(message: NextMessage): { readonly tokens: number; readonly usd: number | null } | null {
    const { tokens, cachedTokens } = this.of(message).next;
    if (cachedTokens === 0) return null;
    const { models, settings } = this.deps;
    const { prices } = models.of(settings().model);
    return {
      tokens: cachedTokens,
      usd: prices === null ? null : (cachedTokens * ratesFor(prices, tokens).write5m) / 1_000_000,
    };
  }

  /** What a token of the context is and costs in this next request. */
  chipRates({ rows, tokens, cachedTokens }: NextCost): ChipRates {
    const { models, settings } = this.deps;
    const model = models.of(settings().model);
    const factor = this.deps.tokens.factorOf(model.id);
    const common = { factor, memo: this.cost };
    if (model.prices === null) return { ...common, seenUsd: null, newUsd: null };
    const price = ratesFor(model.prices, tokens);
    const kept = rows.written.tokens > 0 ? rows.written : rows.fresh;
    const newUsd = kept.tokens > 0 && kept.usd !== null ? kept.usd / kept.tokens : price.write5m / 1_000_000;
    return { ...common, seenUsd: cachedTokens > 0 ? price.read / 1_000_000 : newUsd, newUsd };
  }

  /** Reads what time has brought: the pauses between turns, and what was spent. */
  async read(): Promise<void> {
    this.pauseHistogram = await this.deps.pauses.now();
  }

  /** Looks up whether conversations that a new one would begin like are there still, as before it is sent. */
  async lookUp({ path, context }: Pick<NextMessage, 'path' | 'context'>): Promise<void> {
    // It will be told once it is sent.
    if (isNew(path)) await beginningNow(this.deps, this, context).catch(() => null);
  }

  /** Calls `changed` at the moment at which what is shown changes by time alone. */
  watch({ next: { cache }, pausedSince }: Pick<Estimated, 'next' | 'pausedSince'>): void {
    const at = cache.kind === 'warm' ? cache.until : pausedSince === null ? null : this.nextUnit(pausedSince);
    if (this.timer?.at === at) return;
    this.dispose();
    if (at === null) return;
    const abort = new AbortController();
    this.timer = { at, abort };
    const { clock, log } = this.deps;
    clock
      .sleep(Math.max(0, at - clock.now()) + coldMargin, abort.signal)
      .then(() => {
        this.timer = null;
        this.changed();
      })
      .catch((error: unknown) => {
        if (!abort.signal.aborted) log.error('the cost line could not be renewed', error);
      });
  }

  /** When a pause that began then is another unit longer. */
  private nextUnit(since: number): number {
    const elapsed = Math.max(0, this.deps.clock.now() - since);
    const unit = elapsed < hour ? minute : hour;
    return since + (Math.floor(elapsed / unit) + 1) * unit;
  }

  dispose(): void {
    this.timer?.abort.abort();
    this.timer = null;
  }

  /** Whether the next turn begins anew: computed once for what it depends on. */
  beginsFresh({ path, seen, context }: NextMessage): boolean {
    if (seen === null || path.length === 0) return false;
    const { settings, models, clock } = this.deps;
    const { model, effort, cacheTtl } = settings();
    const { cachedTokens } = cacheState(path, models.of(model), effort, clock.now());
    const key = [
      path,
      seen,
      context,
      model,
      effort,
      cacheTtl,
      this.pauseHistogram,
      cachedTokens,
      this.tools.offered.json,
    ];
    if (this.fresh === null || !isSame(this.fresh.key, key)) {
      const decided = freshSnapshotNow(path, this.pauseHistogram, this.deps, this)(seen, context);
      this.fresh = { key, begins: decided !== null };
    }
    return this.fresh.begins;
  }
}

/** True before a conversation has told anything of the workspace. */
function isNew(path: readonly Entry[]): boolean {
  return !path.some(({ kind }) => kind === 'snapshot');
}

/** How long what was estimated then holds by itself. */
function heldFrom(from: number, { cache }: NextCost): Pick<Held<unknown>, 'from' | 'until'> {
  const cold = cache.kind === 'warm' ? cache.until : Number.POSITIVE_INFINITY;
  return { from, until: Math.min(from + holdsMs, cold) };
}

function isSame(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((value, index) => value === other[index]);
}
