/**
 * A turn: the user's words are in the record; stream the answer, commit it, run its tools, commit each result, and
 * again, until a stop reason ends it (DESIGN "The turn"). Each step is committed before the next begins.
 */
import type { ChatEvent, LocalizableMessage, Outcome } from '../../shared/chat';
import type { TurnFailure } from '../../shared/failure';
import { type ApiAccess, isOfficial } from '../api/access';
import { failureOf, storageFailure, TurnFailureError } from '../api/failures';
import { logFailure } from '../base/elsewhere';
import { StoreError } from '../base/errors';
import { Memo } from '../base/memo';
import { changesSince, seenIfKnown } from '../context/context';
import { readSeen } from '../context/seenFiles';
import { SpendPauseError } from '../cost/spend';
import { usdOf } from '../models/cost';
import { withBlobsOf } from '../prompt/blobs';
import { keepTexts } from '../prompt/keptTexts';
import { planRequest } from '../prompt/request';
import { outcomeOf } from '../record/outcome';
import type { NewEntry } from '../record/record';
import { toolDefinitions } from '../tools/all';
import { eventsOf } from '../transcript/transcript';
import type { AnswerStream } from './answerStream';
import { commitAnswer, usageOf } from './commitAnswer';
import { editsOf } from './editsOfTurn';
import { keepCheckpoints } from './keepCheckpoints';
import { mediaPort } from './resultMedia';
import { ask, type PlannedAnswer, type Question } from './retries';
import { sameFailure } from './sameFailure';
import type { Replan } from './thinkingRefused';
import { runTools } from './toolStep';
import type { TurnInput } from './turnInput';

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
      times: { now: clock.now(), pauseHistogram, ...(input.held === undefined ? {} : { held: input.held }) },
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
