/**
 * A turn: the user's words are in the record; stream the answer, commit it, run its tools, commit each result, and
 * again, until a stop reason ends it (DESIGN "The turn"). Each step is committed before the next begins.
 */
import type Anthropic from '@anthropic-ai/sdk';
import {
  type ChatEvent,
  type LocalizableMessage,
  noUsage,
  type Outcome,
  searchesIn,
  type TokenUsage,
} from '../../shared/chat';
import type { TurnFailure } from '../../shared/failure';
import { type ApiAccess, isOfficial } from '../api/access';
import { failureOf, storageFailure, TurnFailureError } from '../api/failures';
import { logFailure } from '../base/elsewhere';
import { StoreError } from '../base/errors';
import { inputJson } from '../base/inputJson';
import { Memo } from '../base/memo';
import { orElse } from '../base/orElse';
import type { PauseHistogram } from '../base/pauseHistogram';
import type { Ids } from '../base/ports';
import type { ChatSettings } from '../base/settings';
import { coreStrings } from '../base/strings';
import { TimeSlice } from '../base/timeSlice';
import { changesSince, seenIfKnown } from '../context/context';
import type { EditorContext } from '../context/editorContext';
import { readSeen } from '../context/seenFiles';
import { cacheMissOf } from '../cost/cacheMiss';
import { type SpendGuard, SpendPauseError } from '../cost/spend';
import { usdOf } from '../models/cost';
import { effortFor, type Model } from '../models/models';
import { estimateTokens } from '../models/tokens';
import { type Blobs, withBlobsOf } from '../prompt/blobs';
import { keepTexts } from '../prompt/keptTexts';
import { planRequest } from '../prompt/request';
import type { ConversationLog } from '../record/conversationLog';
import { outcomeOf } from '../record/outcome';
import type { AssistantEntry, NewEntry } from '../record/record';
import type { Store } from '../record/store';
import { toolDefinitions } from '../tools/all';
import type { Tool } from '../tools/tool';
import type { ToolPorts } from '../tools/workspace';
import { eventsOf, partKey, type ReplayCursor } from '../transcript/transcript';
import type { AnswerStream } from './answerStream';
import { editsOf } from './editsOfTurn';
import { keepCheckpoints } from './keepCheckpoints';
import { mediaPort } from './resultMedia';
import { type AskPorts, ask, type PlannedAnswer, type Question } from './retries';
import { sameFailure } from './sameFailure';
import type { Replan } from './thinkingRefused';
import type { Approvals } from './toolCall';
import { runTools } from './toolStep';

/** What a turn runs on: the conversation's log, the ports, and the user's choices as they are now. */
export interface TurnInput extends AskPorts {
  readonly log: ConversationLog;
  /** What `log.path` shows: kept up to date by whoever applies `eventsOf`. */
  readonly shown: ReplayCursor;
  readonly store: Store;
  /** Of the lease; missing where there are no other windows. */
  readonly owner?: string;
  readonly ids: Ids;
  readonly context: EditorContext;
  readonly tools: readonly Tool[];
  /** True where the user has chosen among tools of others: that they are not what they were is no update of ours. */
  readonly toolsChosen?: boolean;
  readonly ports: ToolPorts;
  readonly approvals: Approvals;
  readonly settings: ChatSettings;
  /** What is known of the model of the settings: the same for the whole turn. */
  readonly model: Model;
  readonly fetch: typeof globalThis.fetch;
  readonly blobs: Blobs;
  /** The user's pauses so far: the life of cache entries is chosen by them. */
  readonly pauseHistogram: PauseHistogram;
  /** Asked before each request; without it nothing is limited. */
  readonly spend?: SpendGuard;
  /** Of the conversation; without it, each request is made as if it were the first. */
  readonly memo?: Memo;
  /** True while the user's next words wait: the turn ends after the tools of a step, and their turn goes on from there. */
  readonly handOver: () => boolean;
}

/** Why a signal was aborted decides how the turn ends. */
export type StopCause = 'stopped' | 'interrupted';

/** Requests of one turn. */
const maxSteps = 100;
/** Server-tool loops resumed in a row (API-FACTS §4.4). */
const maxPauses = 5;

/** What leads on to the next step. */
type Next = { readonly outcome: Outcome } | { readonly outcome: null; readonly paused: boolean };

/**
 * Runs the turn that the path's last user entry opened. Yields its events; the last is `answerEnded`. Aborting
 * `signal` with a StopCause as its reason keeps what arrived and leaves a path whose next request is valid.
 */
export async function* runTurn(input: TurnInput, signal: AbortSignal): AsyncGenerator<ChatEvent> {
  const answer = input.log.path.findLast((entry) => entry.kind === 'user')?.id;
  if (answer === undefined) throw new Error('no user entry to answer');
  let outcome: Outcome;
  const notices: LocalizableMessage[] = [];
  try {
    outcome = yield* steps(input, answer, notices, signal);
  } catch (error) {
    if (signal.aborted) outcome = { kind: signal.reason === 'interrupted' ? 'interrupted' : 'stopped' };
    else if (error instanceof SpendPauseError) outcome = error.pause;
    else {
      if (!(error instanceof TurnFailureError)) logFailure(input.diagnostics, 'the turn failed', error);
      outcome = { kind: 'failed', failure: failureIn(input, error) };
    }
  }
  yield* commitEnd(input, answer, notices, outcome);
}

async function* commitEnd(
  input: TurnInput,
  answer: string,
  notices: readonly LocalizableMessage[],
  outcome: Outcome,
): AsyncGenerator<ChatEvent> {
  const said: readonly NewEntry[] = notices.length === 0 ? [] : [{ kind: 'notice', words: notices }];
  try {
    const edits = await editsOf(input, answer);
    const entries = await input.log.append([...said, ...edits, { kind: 'end', outcome }]);
    const { rescued } = input.log;
    // The record will say how it ended; until it is there, the user has to know.
    const storageOutcome: Outcome | null =
      rescued === null ? null : { kind: 'failed', failure: storageFailure(rescued, true) };
    for (const event of entries.flatMap((entry) => eventsOf(entry, input.shown))) {
      yield event.type === 'answerEnded' && storageOutcome !== null ? { ...event, outcome: storageOutcome } : event;
    }
  } catch (error) {
    // The disk refuses: say so now; the next start repairs the open turn.
    logFailure(input.diagnostics, 'the end of a turn could not be stored', error);
    yield {
      type: 'answerEnded',
      answer,
      at: input.clock.now(),
      outcome: { kind: 'failed', failure: failureIn(input, error) },
    };
  }
}

/** What went wrong in a turn, whose words are stored: something may have been sent. */
function failureIn({ log }: TurnInput, error: unknown): TurnFailure {
  return error instanceof StoreError ? storageFailure(error, log.rescued !== null) : failureOf(error);
}

async function* steps(
  input: TurnInput,
  answer: string,
  notices: LocalizableMessage[],
  signal: AbortSignal,
): AsyncGenerator<ChatEvent, Outcome> {
  let pauses = 0;
  let { blobs } = input;
  for (let step = 0; step < maxSteps; step += 1) {
    signal.throwIfAborted();
    if (input.log.rescued !== null) throw input.log.rescued;
    // What the tools of the step before gave back goes out with this one.
    blobs = await withBlobsOf(input.log.path, blobs, input.store);
    const next: Next = yield* oneStep({ ...input, blobs }, answer, notices, signal);
    if (next.outcome !== null) return next.outcome;
    // Not after a pause: that answer is resent as it is, with nothing behind it (API-FACTS §4.4).
    if (!next.paused && input.handOver()) return { kind: 'done' };
    pauses = next.paused ? pauses + 1 : 0;
    if (pauses > maxPauses) return { kind: 'pauseLimit' };
    const failing = sameFailure(input.log.path);
    if (failing !== null) return failing;
  }
  return { kind: 'stepLimit', steps: maxSteps };
}

async function* oneStep(
  input: TurnInput,
  answer: string,
  notices: LocalizableMessage[],
  signal: AbortSignal,
): AsyncGenerator<ChatEvent, Next> {
  const { log, settings, model, clock, spend, pauseHistogram, memo = new Memo() } = input;
  const entry = input.ids.next();
  const plan = (access: ApiAccess, replan: Replan): PlannedAnswer => ({
    ...planRequest({
      path: log.path,
      model,
      settings,
      tools: toolDefinitions(input.tools),
      blobs: input.blobs,
      times: { now: clock.now(), pauseHistogram },
      // A gateway may not know the field.
      diagnosis: isOfficial(access.baseUrl),
      address: access.baseUrl,
      memo,
      ...replan,
    }),
    ...{ access, fetch: input.fetch, clock, answer, entry, serverCalls: input.shown.serverCalls },
  });
  const check = ({ request }: PlannedAnswer): Promise<void> | undefined => {
    const toolsJson = JSON.stringify(request.tools ?? []);
    const cache = { ttl: settings.cacheTtl ?? 'auto', pauseHistogram } as const;
    return spend?.check({ path: log.path, model, settings, toolsJson, cache, json: () => JSON.stringify(request) });
  };
  const question: Question = {
    turn: answer,
    plan,
    check,
    events: (stream, planned) => streamEvents(input, stream, planned, notices, signal),
  };
  const { stream, planned } = yield* ask(input, question, signal);
  keepTexts(input.store, planned, input.diagnostics, memo);
  const message = stream.message;
  if (message === null) throw new Error('a stream ended without a message');
  const outcome = outcomeOf(yield* commitAnswer(input, stream, planned, null));
  if (outcome !== null) return { outcome };
  // No tool runs, and no more is asked for and paid, while what came cannot be stored.
  if (log.rescued !== null) throw log.rescued;
  if (message.stop_reason === 'pause_turn') return { outcome: null, paused: true };
  yield* runTools(
    {
      log,
      conversation: log.conversation,
      clock,
      diagnostics: input.diagnostics,
      tools: input.tools,
      ports: { ...input.ports, media: mediaPort(log.path, model, input.store, memo) },
      approvals: input.approvals,
      answer,
      entry,
      content: message.content,
      broken: stream.broken,
    },
    signal,
  );
  signal.throwIfAborted();
  yield* commitChanges(input, signal);
  return { outcome: null, paused: false };
}

/** One attempt at an answer. Of one that broke off, what had arrived is committed. */
async function* streamEvents(
  input: TurnInput,
  stream: AnswerStream,
  planned: PlannedAnswer,
  notices: LocalizableMessage[],
  signal: AbortSignal,
): AsyncGenerator<ChatEvent> {
  const stopCheckpoints = checkpointsOf(input, stream, planned);
  try {
    try {
      yield* stream.events(signal);
    } finally {
      // Before anything is committed: a checkpoint behind its own answer would outlive it.
      stopCheckpoints();
      notices.push(...stream.dropped);
    }
  } catch (error) {
    if (stream.content.length > 0) {
      const partial = signal.aborted ? (signal.reason === 'interrupted' ? 'interrupted' : 'stopped') : 'failed';
      yield* commitAnswer(input, stream, planned, partial);
    } else if (error instanceof TurnFailureError && stream.begun) {
      input.spend?.lost(usdOf(input.model, usageOf(stream)));
    }
    throw error;
  }
}

function checkpointsOf(input: TurnInput, stream: AnswerStream, { entry, held }: PlannedAnswer): () => void {
  const { log, store, clock, diagnostics, owner = null } = input;
  const parent = log.path.at(-1)?.id;
  if (parent === undefined) return () => undefined;
  const ports = { store, clock, diagnostics, conversation: log.conversation, owner };
  return keepCheckpoints(ports, stream, { entry, parent, model: input.settings.model, held });
}

/** Puts the answer, whole or partial, into the record, and closes what is still open of it on the screen. */
async function* commitAnswer(
  input: TurnInput,
  stream: AnswerStream,
  planned: PlannedAnswer,
  partial: AssistantEntry['partial'],
): AsyncGenerator<ChatEvent, AssistantEntry> {
  const { model, settings } = input;
  const { answer, entry, ttl, longLived, held } = planned;
  const slice = new TimeSlice();
  const refused = stream.message?.stop_reason === 'refusal';
  const usage = usageOf(stream);
  const details = stream.message?.stop_details;
  const effort = effortFor(model, settings.effort);
  const { askedAt, diagnostics } = stream;
  const missInput = {
    path: input.log.path,
    model,
    effort,
    askedAt,
    ttl,
    usage,
    diagnostics,
    planned,
    toolsChosen: input.toolsChosen === true,
  };
  const cacheMiss = orElse(
    () => cacheMissOf(missInput),
    () => null,
    (error) => input.diagnostics.error('a cache miss could not be told', error),
  );
  const news: NewEntry = {
    kind: 'assistant',
    // What a refusal had begun to say is not kept (API-FACTS §4.4).
    content: refused ? [] : (JSON.parse(JSON.stringify(stream.content)) as Anthropic.ContentBlock[]),
    stopReason: stream.message?.stop_reason ?? null,
    partial,
    refusal: refused ? { category: details?.category ?? null, explanation: details?.explanation ?? null } : null,
    usage,
    usd: usdOf(model, usage),
    model: model.id,
    effort,
    askedAt,
    ttl,
    anchor: longLived,
    held,
    messageId: stream.messageId,
    requestId: stream.requestId,
    ...(cacheMiss === null ? {} : { cacheMiss }),
    durations: refused ? [] : stream.durations,
  };
  if (slice.isOver) await slice.yieldToOthers();
  yield* settleParts(stream, answer, entry, refused);
  const [committed] = (await input.log.append([news], { id: entry })) as readonly [AssistantEntry];
  await input.spend?.answered(input.log.path, committed).catch((error: unknown) => {
    input.diagnostics.error('what an answer has cost could not be counted', error);
  });
  // The parts are on the screen already: of the entry's events only the usage is news.
  for (const event of eventsOf(committed, input.shown)) if (event.type === 'usage') yield event;
  return committed;
}

/** Brings streamed parts to the state that the record gives them. */
function* settleParts(stream: AnswerStream, answer: string, entry: string, refused: boolean): Generator<ChatEvent> {
  const willRun = stream.message?.stop_reason === 'tool_use';
  const durations = stream.durations;
  for (const [index, block] of stream.content.entries()) {
    const key = partKey(entry, index);
    if (refused) yield { type: 'partRemoved', answer, key };
    else if (block.type === 'tool_use') {
      const input = inputJson(block.input);
      const status = willRun ? 'preparing' : 'cancelled';
      yield {
        type: 'tool',
        answer,
        key,
        status,
        label: coreStrings.preparing(block.name),
        summary: null,
        input,
        output: null,
      };
    } else {
      yield* stream.callEvents(block, key);
      if (durations[index] === null) yield { type: 'partEnded', answer, key, durationMs: null };
    }
  }
}

/** The final usage; for an answer that broke off, the input that was billed and an estimate of what was written. */
export function usageOf(stream: AnswerStream): TokenUsage {
  if (!stream.begun) return noUsage;
  const counted = stream.usage;
  if (stream.message !== null) return counted;
  const written = stream.content.map((block) =>
    block.type === 'text' ? block.text : block.type === 'thinking' ? block.thinking : '',
  );
  // What was searched is billed, and told at the end only.
  const searches = stream.content.filter((block) => isSearched(block)).length;
  const output = Math.max(counted.output ?? 0, estimateTokens(written.join('')));
  return { ...counted, output, ...searchesIn(Math.max(counted.searches ?? 0, searches)) };
}

function isSearched(block: Anthropic.ContentBlock): boolean {
  return block.type === 'web_search_tool_result' && Array.isArray(block.content);
}

/** In a tool loop only files that the model has seen are looked at again; selection and tabs wait for the user's turn. */
async function* commitChanges(input: TurnInput, signal: AbortSignal): AsyncGenerator<ChatEvent> {
  const seen = seenIfKnown(input.log.path);
  if (seen === null || seen.files.size === 0) return;
  const now = await readSeen(input, [...seen.files.keys()], signal);
  if (now === null) return;
  const changes = changesSince(
    seen,
    { project: [...seen.project.values()], ...now, selection: seen.selection },
    input.memo,
  );
  if (changes.length === 0) return;
  const entries = await input.log.append([{ kind: 'change', changes }]);
  for (const entry of entries) yield* eventsOf(entry, input.shown);
}
