/**
 * A compaction: a model is asked to sum up the conversation. The request is the next one as it would have been, with
 * the same tools, system and messages, and one message more: so it reads the cache, where that holds the conversation.
 * Otherwise any model may be asked, and nothing is kept of it. Nothing is changed until the summary is whole, and
 * nothing is run that the model asks for.
 */
import type { ChatEvent, CompactionItem, ExcludeTarget, Outcome } from '../../shared/chat';
import type { TokenUsage } from '../../shared/tokenUsage';
import { addUsage, addUsd, noUsage } from '../../shared/tokenUsage';
import type { ApiAccess } from '../api/access';
import { failureOf, TurnFailureError } from '../api/failures';
import type { Request } from '../api/requestBody';
import { SpendPauseError } from '../cost/spend';
import { inputTokens, isInputUnknown, usdOf } from '../models/cost';
import { effortFor } from '../models/models';
import { estimateTokens, firstFactor, sumOf, tokensOf } from '../models/tokens';
import { entryStats } from '../prompt/blockStats';
import type { CachePlan } from '../prompt/cachePlan';
import { withShortResults } from '../prompt/compactPlan';
import { summaryText } from '../prompt/entryBlocks';
import { instructions } from '../prompt/instructions';
import { contextOf } from '../prompt/messages';
import { type PlannedRequest, planRequest, type RequestInput } from '../prompt/request';
import { excludedIn, sentOf } from '../record/excluded';
import { outcomeOf } from '../record/outcome';
import type { Entry, HeldRequest, NewEntry } from '../record/record';
import { toolDefinitions } from '../tools/all';
import type { AnswerStream, Whole } from './answerStream';
import { usageOf } from './commitAnswer';
import { ask, type PlannedAnswer } from './retries';
import type { Replan } from './thinkingRefused';
import type { TurnInput } from './turnInput';

interface CompactionInput
  extends Pick<
    TurnInput,
    | 'api'
    | 'addresses'
    | 'clock'
    | 'diagnostics'
    | 'tools'
    | 'settings'
    | 'model'
    | 'fetch'
    | 'blobs'
    | 'pauseHistogram'
    | 'spend'
    | 'memo'
    | 'tryNow'
  > {
  /** What is to be summed up, root first. */
  readonly path: readonly Entry[];
  /** False: nothing of the conversation is read from the cache, and nothing is kept in it. */
  readonly reads: boolean;
  /** How many of its long results are shortened, the oldest first. */
  readonly shortened: number;
  /** The turn of it that stays word for word; null for none. */
  readonly keeps: string | null;
  /** The id that the entry will have. */
  readonly id: string;
}

/** The entry of a compaction, before it has its place in the log. */
export type NewCompaction = Extract<NewEntry, { kind: 'compaction' }>;

/** Said in the user's place. */
const request = `The conversation has become long. Write a summary that will stand in its place: after it you will see only the summary, the files as they are then, and what the user says next.

Keep what is needed to go on without a break:
- what the user wants and how they want it done, in their own words where these matter;
- what was decided, and why; what was tried and did not work;
- what was found out: paths with lines, names, commands, error texts, exact values;
- what has been changed so far, what is still open, and the next step.

Leave out what no longer matters. Do not call any tools: they are not run now. Answer with the summary alone, in Markdown, in the language of the conversation.`;

/** Said before the last sentences where the last turn stays. */
const keptRequest = `What the user said last, and everything behind it, stays in the conversation word for word, behind your summary: do not repeat it.`;

/** Stands for the result of a tool that was called all the same. */
const notRun = 'Tools are not run while the conversation is summed up. Write the summary from what you know.';

/** Requests of one compaction: one, and some more for tools that were called and for a conversation that does not fit. */
const maxRounds = 4;

/** What has come about so far. */
interface Progress {
  summary: string;
  usage: TokenUsage;
  usd: number | null;
  tokensBefore: number;
  requestId: string | null;
}

/**
 * Asks for the summary. Yields what is to be shown while it is written and returns the entry, which says how it ended:
 * only `done` stands for the conversation. Commits nothing. Aborting `signal` with a StopCause ends it.
 */
export async function* runCompaction(
  input: CompactionInput,
  signal: AbortSignal,
): AsyncGenerator<ChatEvent, NewCompaction> {
  const progress: Progress = { summary: '', usage: noUsage, usd: 0, tokensBefore: 0, requestId: null };
  const item = begun(input.id, input.clock.now(), input.model.id);
  yield { type: 'compaction', item };
  let outcome: Outcome;
  try {
    outcome = yield* summarize(input, progress, item, signal);
  } catch (error) {
    if (signal.aborted) outcome = { kind: signal.reason === 'interrupted' ? 'interrupted' : 'stopped' };
    else if (error instanceof SpendPauseError) outcome = error.pause;
    else {
      if (!(error instanceof TurnFailureError)) input.diagnostics.error('the compaction failed', error);
      outcome = { kind: 'failed', failure: failureOf(error) };
    }
  }
  // What a refusal had begun to say is not kept (API-FACTS §4.4).
  const summary = outcome.kind === 'refusal' ? '' : progress.summary.trim();
  const { usage, usd, tokensBefore, requestId } = progress;
  return {
    kind: 'compaction',
    summary,
    outcome,
    automatic: false,
    ...(input.keeps === null ? {} : { keeps: input.keeps }),
    ...(input.shortened > 0 && { shortened: input.shortened }),
    tokensBefore,
    tokensAfter: tokensWith(summary, input),
    usage,
    usd,
    model: input.model.id,
    effort: effortFor(input.model, input.settings.effort),
    requestId,
  };
}

/** As it is shown before anything of it has come. */
export function begun(id: string, at: number, model: string): CompactionItem {
  const nothing = { summary: '', tokensBefore: 0, tokensAfter: 0, usage: noUsage, usd: 0, outcome: null };
  return { type: 'compaction', id, at, model, automatic: false, ...nothing };
}

async function* summarize(
  input: CompactionInput,
  progress: Progress,
  item: CompactionItem,
  signal: AbortSignal,
): AsyncGenerator<ChatEvent, Outcome> {
  let path = firstPath(input);
  let tight = false;
  for (let round = 0; round < maxRounds; round += 1) {
    signal.throwIfAborted();
    let answered: Summarized;
    try {
      answered = yield* oneRequest(input, path, progress, signal);
    } catch (error) {
      if (tight || signal.aborted || !isTooLong(error)) throw error;
      tight = true;
      path = withCompactionQuestion(tightened(input.path), input);
      continue;
    }
    const { message } = answered.stream;
    if (message === null) throw new Error('a stream ended without a message');
    const outcome = outcomeOf({ stopReason: message.stop_reason, content: message.content, refusal: null });
    if (outcome?.kind === 'contextWindow' && !tight) {
      tight = true;
      path = withCompactionQuestion(tightened(input.path), input);
    } else if (outcome !== null) return refusalOr(outcome, message);
    else path = [...path, ...unrun(message, path, answered.held, input)];
    progress.summary = '';
    yield { type: 'compaction', item };
  }
  return { kind: 'stepLimit', steps: maxRounds };
}

function refusalOr(outcome: Outcome, message: Whole): Outcome {
  if (outcome.kind !== 'refusal') return outcome;
  const details = message.stop_details;
  return { kind: 'refusal', category: details?.category ?? null, explanation: details?.explanation ?? null };
}

/** One request that was answered. */
interface Summarized {
  readonly stream: AnswerStream;
  /** What it held. */
  readonly held: HeldRequest;
}

/** Streams one request; waits and tries again where nothing of the answer had arrived. */
async function* oneRequest(
  input: CompactionInput,
  path: readonly Entry[],
  progress: Progress,
  signal: AbortSignal,
): AsyncGenerator<ChatEvent, Summarized> {
  const { clock, model, settings, id, spend } = input;
  const tools = toolDefinitions(input.tools);
  const plan = (access: ApiAccess, replan: Replan): PlannedAnswer => {
    const planned = planSummary(path, input, { address: access.baseUrl, ...replan });
    return { ...planned, access, fetch: input.fetch, why: 'a summary', clock, answer: id, entry: id };
  };
  const toolsJson = JSON.stringify(tools);
  const check = ({ request }: PlannedAnswer): Promise<void> | undefined =>
    spend?.check({ path, model, settings, toolsJson, json: () => JSON.stringify(request) });
  const events = async function* (stream: AnswerStream): AsyncGenerator<ChatEvent> {
    try {
      yield* summaryEvents(stream, progress, id, signal);
    } catch (error) {
      if (stream.begun) count(stream, progress, model);
      throw error;
    }
    count(stream, progress, model);
  };
  const { stream, planned } = yield* ask(input, { turn: null, plan, check, events }, signal);
  return { stream, held: planned.held };
}

/** What the request for a summary is made of. */
type SummaryRequest = Pick<
  CompactionInput,
  | 'path'
  | 'model'
  | 'settings'
  | 'tools'
  | 'blobs'
  | 'pauseHistogram'
  | 'clock'
  | 'memo'
  | 'reads'
  | 'shortened'
  | 'keeps'
>;

/** The request for a summary as it goes out first, without sending it. `address`: where it goes, and what that does not take. */
export function summaryRequest(
  input: SummaryRequest,
  address: Pick<RequestInput, 'address' | 'limits'>,
): PlannedRequest['request'] {
  return planSummary(firstPath(input), input, address).request;
}

function firstPath(input: SummaryRequest): readonly Entry[] {
  return withCompactionQuestion(withShortResults(input.path, input.model, input.shortened), input);
}

function planSummary(path: readonly Entry[], input: SummaryRequest, more: Partial<RequestInput>): PlannedRequest {
  const { model, settings, tools, blobs, clock, pauseHistogram, memo, reads } = input;
  const planned = planRequest({
    path,
    model,
    // The user's limit is for answers: a summary that is cut off would be of no use.
    settings: { ...settings, maxTokens: null },
    tools: toolDefinitions(tools),
    blobs,
    times: { now: clock.now(), pauseHistogram },
    ...(memo === undefined ? {} : { memo }),
    ...(reads ? {} : { plan: unkept }),
    ...more,
  });
  return reads ? planned : { ...planned, request: withoutBreakpoints(planned.request) };
}

/** Nobody asks the same again: what would be written to the cache would be paid for nothing. */
const unkept: CachePlan = { ttl: '5m', longLived: null, skipMessageBreakpoint: true };

function withoutBreakpoints(request: Request): Request {
  return { ...request, system: request.system.map(({ cache_control: _, ...block }) => block) };
}

/** Of the answer's events those that the summary is made of. */
async function* summaryEvents(
  stream: AnswerStream,
  progress: Progress,
  id: string,
  signal: AbortSignal,
): AsyncGenerator<ChatEvent> {
  const texts = new Set<string>();
  const add = (text: string): ChatEvent => {
    progress.summary += text;
    return { type: 'summaryDelta', id, text };
  };
  for await (const event of stream.events(signal)) {
    if (event.type === 'activity') yield event;
    else if (event.type === 'partStarted' && event.part.type === 'text') {
      texts.add(event.part.key);
      const text = `${progress.summary === '' ? '' : '\n\n'}${event.part.text}`;
      if (text !== '') yield add(text);
    } else if (event.type === 'delta' && texts.has(event.key)) yield add(event.text);
  }
}

function count(stream: AnswerStream, progress: Progress, model: CompactionInput['model']): void {
  const usage = usageOf(stream);
  if (progress.tokensBefore === 0) {
    progress.tokensBefore = isInputUnknown(usage) ? estimateTokens(stream.sent) : inputTokens(usage);
  }
  progress.usage = addUsage(progress.usage, usage);
  progress.usd = addUsd(progress.usd, usdOf(model, usage));
  progress.requestId = stream.requestId ?? progress.requestId;
}

function isTooLong(error: unknown): boolean {
  const code = error instanceof TurnFailureError ? error.failure.code : null;
  return code === 'promptTooLong' || code === 'requestTooLarge';
}

/** The path with the request for a summary at its end. */
function withCompactionQuestion(path: readonly Entry[], { clock, model, keeps }: SummaryRequest): readonly Entry[] {
  const text = keeps === null ? request : request.replace('\n\nLeave out', () => `\n\n${keptRequest}\n\nLeave out`);
  const content = [{ type: 'text', text }] as const;
  const parent = path.at(-1)?.id ?? null;
  return [...path, { kind: 'user', id: 'compaction-request', parent, at: clock.now(), content, model: model.id }];
}

/** Without the results of tools and without attachments: what is left where the whole does not fit any more. */
function tightened(path: readonly Entry[]): readonly Entry[] {
  const out = excludedIn(path);
  const targets = sentOf(path, out).said.flatMap((entry): readonly ExcludeTarget[] => {
    if (entry.kind === 'user') {
      const attached = entry.content.filter(({ type }) => type !== 'text');
      return attached.map((_, index) => ({ what: 'attachment', entry: entry.id, index }));
    }
    if (entry.kind !== 'assistant') return [];
    return entry.content.flatMap((block, index) =>
      block.type === 'tool_use' ? [{ what: 'result', entry: entry.id, index }] : [],
    );
  });
  const at = path.at(-1)?.at ?? 0;
  const said = targets.map((target, index): Entry => {
    return { kind: 'leaveOut', id: `tight-${index}`, parent: null, at, target, out: true };
  });
  return [...path, ...said];
}

/** What the model called or where it paused, answered so that it goes on without anything being run. */
function unrun(
  { content, stop_reason }: Whole,
  path: readonly Entry[],
  held: HeldRequest,
  { clock, model, settings }: CompactionInput,
): readonly Entry[] {
  const place = { parent: null, at: clock.now() };
  const said: Entry = {
    ...place,
    kind: 'assistant',
    id: `compaction-answer-${path.length}`,
    content,
    stopReason: stop_reason,
    partial: null,
    refusal: null,
    usage: noUsage,
    usd: 0,
    model: model.id,
    effort: effortFor(model, settings.effort),
    held,
    messageId: null,
    requestId: null,
    durations: [],
  };
  const results = content.flatMap((block): readonly Entry[] => {
    if (block.type !== 'tool_use') return [];
    const label = { text: block.name };
    const result = { content: notRun, isError: true, cancelled: true, label, summary: null };
    return [{ ...place, kind: 'toolResult', id: `${block.id}-result`, toolUseId: block.id, ...result }];
  });
  return [said, ...results];
}

/** Tokens of a request that begins with the summary and what it keeps, estimated. */
function tokensWith(summary: string, { path, model, tools, keeps }: CompactionInput): number {
  const texts = [instructions, JSON.stringify(toolDefinitions(tools)), ...contextOf(path), summaryText(summary)];
  const from = keeps === null ? path.length : path.findIndex(({ id }) => id === keeps);
  const kept = sumOf(path.slice(from).map((entry) => entryStats(entry, model)));
  const sum = texts.reduce((tokens, text) => tokens + estimateTokens(text), model.toolOverhead);
  return sum + Math.round(tokensOf(kept, firstFactor(model.id)));
}
