/** The next request as Send would send it now, without sending it. */
import type { Request } from '../../core/api/requestBody';
import { type SnapshotPart, snapshotParts } from '../../core/context/context';
import type { ContextNow } from '../../core/context/editorContext';
import type { SummaryWriter } from '../../core/cost/fromSummary';
import type { SummaryFacts } from '../../core/cost/inspection';
import { effortFor } from '../../core/models/models';
import { compactionPlan } from '../../core/prompt/compactPlan';
import { planRequest } from '../../core/prompt/request';
import type { Entry, NewEntry, UserBlock } from '../../core/record/record';
import { toolDefinitions } from '../../core/tools/all';
import { summaryRequest } from '../../core/turn/compact';
import { loadBlobs } from './blobs';
import type { OfferedTools } from './conversationTools';
import type { NextMessage } from './costEstimator';
import { addressNow, freshSnapshotNow, heldNow, warmFilesNow } from './nextTurn';
import { type ChosenContext, openTurn } from './openTurn';
import type { PricingDeps } from './pricingDeps';

/** Stands in for words that are not typed yet: a request ends with the user's. */
const standIn = '…';

interface NextRequest {
  readonly request: Request;
  /** What stands in its `system` behind the instructions. */
  readonly context: readonly SnapshotPart[];
  /** What it was made of. */
  readonly message: NextMessage;
  /** True when `standIn` is in it. */
  readonly stoodIn: boolean;
}

/** What knows the draft and the context of a conversation. */
export interface NextSource extends ChosenContext {
  readonly next: NextMessage;
  /** Reads the context anew. */
  now(signal: AbortSignal): Promise<ContextNow>;
}

/** Builds the request without sending it. Rejects when there is no key, or when the signal is aborted. */
export async function nextRequest(
  source: NextSource,
  deps: Pick<
    PricingDeps,
    'store' | 'log' | 'models' | 'settings' | 'clock' | 'api' | 'addresses' | 'pauses' | 'tokens'
  >,
  signal: AbortSignal,
): Promise<NextRequest> {
  const { path, draft, attached } = source.next;
  const settings = deps.settings();
  const words = draft.toWellFormed();
  const stoodIn = words.trim() === '' && attached.length === 0;
  const spoken = stoodIn ? standIn : words;
  const text: readonly UserBlock[] = spoken.trim() === '' ? [] : [{ type: 'text', text: spoken }];
  const content = [...attached, ...text];
  const pauseHistogram = await deps.pauses.now();
  const rule = freshSnapshotNow(path, pauseHistogram, deps, source);
  const said = { content, model: settings.model };
  const opening = await openTurn(said, path, source, deps, signal, rule, warmFilesNow(deps, source));
  const now = deps.clock.now();
  const entries = placed(path, opening, now);
  const model = deps.models.of(settings.model);
  const { request } = planRequest({
    path: entries,
    model,
    settings,
    tools: toolDefinitions(source.tools.offered.list),
    blobs: await loadBlobs(entries, deps.store),
    times: { now, pauseHistogram, held: heldNow(deps, source.tools.offered.json, model, settings.effort) },
    memo: source.cost,
    ...(await addressNow(deps)),
  });
  const snapshot = entries.findLast((entry) => entry.kind === 'snapshot');
  const context = snapshot === undefined ? [] : snapshotParts(snapshot);
  return { request, context, message: { ...source.next, path, draft: spoken, attached }, stoodIn };
}

/** The request for a summary of the conversation by this model, without sending it; null where there is nothing to sum up. */
export async function nextSummary(
  { next: { path }, cost, tools }: Pick<NextSource, 'next' | 'cost' | 'tools'>,
  writer: SummaryWriter,
  deps: Pick<PricingDeps, 'store' | 'settings' | 'models' | 'clock' | 'api' | 'addresses' | 'pauses' | 'tokens'>,
): Promise<SummaryFacts | null> {
  const { settings, models, clock } = deps;
  const plan = compactionPlan(path, models.of(settings().model));
  if (plan === null) return null;
  const input = {
    ...writer,
    path: plan.path,
    keeps: plan.keeps?.id ?? null,
    settings: settings(),
    tools: tools.offered.list,
    blobs: await loadBlobs(plan.path, deps.store),
    pauseHistogram: await deps.pauses.now(),
    clock,
    memo: cost,
  };
  const request = summaryRequest(input, await addressNow(deps));
  return { ...writer, request, factor: deps.tokens.factorOf(writer.model.id) };
}

/** The request that an answer of the path answered, as it would go to the model that is chosen now. */
export async function sentRequest(
  path: readonly Entry[],
  answer: number,
  offered: OfferedTools,
  deps: Pick<PricingDeps, 'store' | 'models' | 'settings' | 'api' | 'addresses'>,
): Promise<Request> {
  const settings = deps.settings();
  const model = deps.models.of(settings.model);
  const sent = path.slice(0, answer);
  const { request } = planRequest({
    path: sent,
    model,
    settings: { ...settings, effort: effortFor(model, settings.effort) ?? settings.effort },
    tools: toolDefinitions(offered.list),
    blobs: await loadBlobs(sent, deps.store),
    ...(await addressNow(deps)),
  });
  return request;
}

/** As they would stand in the record. */
function placed(path: readonly Entry[], news: readonly NewEntry[], at: number): readonly Entry[] {
  let parent = path.at(-1)?.id ?? null;
  const added = news.map((entry, index) => {
    const one = { ...entry, id: `next-${index}`, parent, at } as Entry;
    parent = one.id;
    return one;
  });
  return [...path, ...added];
}
