/** The summary of a simulated conversation, made before the first message that is dear. */

import { seenIfKnown } from '../../../src/core/context/context';
import type { ContextNow } from '../../../src/core/context/editorContext';
import { estimateNext } from '../../../src/core/cost/estimate';
import { fromSummary, summaryInput, summaryWriter } from '../../../src/core/cost/fromSummary';
import { ratesFor } from '../../../src/core/models/cost';
import { type Model, modelOf } from '../../../src/core/models/models';
import type { Blobs } from '../../../src/core/prompt/blobs';
import { compactionPlan, withShortResults } from '../../../src/core/prompt/compactPlan';
import { planRequest } from '../../../src/core/prompt/request';
import type { Entry, NewEntry } from '../../../src/core/record/record';
import { toolDefinitions, tools } from '../../../src/core/tools/all';
import { noUsage } from '../../../src/shared/tokenUsage';
import type { CacheLedger } from '../../fakeClaude/ledger';
import type { RequestBody } from '../../fakeClaude/wire';

/** The account has it beside the own one, and it is the cheapest. Its tokens are those of the model that the traces are played with. */
const cheapest = modelOf('claude-haiku-5-5');
/** Tokens of a summary with the thoughts about it. */
const outputTokens = 4000;
const summary = 'word '.repeat(1500);

interface Summarized {
  readonly entry: NewEntry;
  /** True where the cost line would offer it. */
  readonly isOffered: boolean;
  /** US dollars of its request, and of that and the summary. */
  readonly inputUsd: number;
  readonly usd: number;
}

/** US dollars of input above which a message is dear. */
const dear = 0.25;

/** null where the next message is not dear. */
export function summarized(
  path: readonly Entry[],
  context: ContextNow,
  now: number,
  model: Model,
  blobs: Blobs,
  ledger: CacheLedger,
): Summarized | null {
  const definitions = toolDefinitions(tools);
  const seen = seenIfKnown(path);
  const toolsJson = JSON.stringify(definitions);
  const input = { path, seen, model, effort: 'high', context, draft: '', toolsJson, now } as const;
  const plan = compactionPlan(path, model);
  const next = estimateNext(input);
  if (plan === null || (next.askUsd ?? 0) <= dear) return null;
  const isOffered = fromSummary(input, next, [cheapest])?.byPrice === true;
  const summing = summaryInput(input);
  const writer = summaryWriter(summing, estimateNext(summing), [cheapest]);
  if (writer.model.prices === null || writer.reads) return null;
  const asked = { kind: 'user', id: 'asked', parent: null, at: now, model: model.id } as const;
  const { request } = planRequest({
    path: [
      ...withShortResults(plan.path, writer.model, writer.shortened),
      { ...asked, content: [{ type: 'text', text: 'Sum up.' }] },
    ],
    model,
    settings: { model: model.id, effort: 'high', thinkingDisplay: 'summarized', maxTokens: null },
    tools: definitions,
    blobs,
  });
  const tokens = ledger.countTokens(JSON.parse(JSON.stringify(request)) as RequestBody);
  const price = ratesFor(writer.model.prices, tokens);
  const entry: NewEntry = {
    kind: 'compaction',
    model: writer.model.id,
    automatic: false,
    ...(plan.keeps === null ? {} : { keeps: plan.keeps.id }),
    summary,
    tokensBefore: tokens,
    tokensAfter: 0,
    usage: noUsage,
    usd: 0,
    outcome: { kind: 'done' },
    effort: 'high',
    requestId: null,
  };
  const inputUsd = (tokens * price.input) / 1_000_000;
  return { entry, isOffered, inputUsd, usd: inputUsd + (outputTokens * price.output) / 1_000_000 };
}
