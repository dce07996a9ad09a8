/** One call of a tool: checked, asked about where it must be, run within a time, stopped where the user stops it. */
import type Anthropic from '@anthropic-ai/sdk';
import type { Approval } from '../../shared/approval';
import type { ChatEvent, LocalizableMessage } from '../../shared/chat';
import { visible } from '../../shared/visible';
import { failureOf } from '../api/failures';
import { orAborted } from '../base/orAborted';
import type { Clock, Log } from '../base/ports';
import type { Place } from '../base/slots';
import { coreStrings } from '../base/strings';
import type { FileEdit, NewEntry } from '../record/record';
import { runTool, validateInput } from '../tools/all';
import { type CallFacts, type Consents, decide, type Reached, type Situation } from '../tools/consent';
import type { Editing, ProposedTexts } from '../tools/edits/editing';
import type { Tool, ToolOutput } from '../tools/tool';
import { ToolError, type ToolPorts } from '../tools/workspace';
import type { OpenCalls } from './openCalls';

/** What decides about calls, and where they wait for the user. */
export interface Approvals {
  readonly consents: Consents;
  readonly situation: () => Omit<Situation, 'reviewAtEnd'>;
  readonly calls: OpenCalls;
}

/** What every call of a step is run with. */
export interface CallInput {
  readonly conversation: string;
  readonly clock: Clock;
  readonly diagnostics: Log;
  readonly ports: ToolPorts;
  readonly approvals: Approvals;
  /** The id of the turn. */
  readonly answer: string;
  /** The assistant entry that asked for it. */
  readonly entry: string;
}

/** A tool_use block, and where it is shown. */
export interface Call {
  readonly block: Anthropic.ToolUseBlock;
  readonly key: string;
  readonly tool: Tool | undefined;
  /** Its input as it came, where that is no JSON, or no object; null where it is. */
  readonly broken: string | null;
}

/** What is stored of a call's end. */
export type Result = Omit<Extract<NewEntry, { kind: 'toolResult' }>, 'kind' | 'toolUseId'>;

/** Characters of a broken input that the model is shown. */
const shownInput = 200;

/** ms that a call may take, the user's answer apart: one that reads the workspace, and any other. */
const defaultTimeoutMs = 60_000;
const longTimeoutMs = 300_000;

/** ms that a file which is being written is waited for after Stop: its call's result says what has become of it. */
const writingMs = 10_000;

/** ms between two words on a call's line. */
const reportMs = 100;

/** Whom a call tells how far it is. */
interface CallSteps {
  readonly emit: (event: ChatEvent) => void;
  /** It is known what it would do: it asks, or waits for its place. */
  readonly decided?: (() => void) | undefined;
}

/** Resolves to the call's result, whatever happens to it; rejects never. It runs in `place`. */
export async function runCall(
  call: Call,
  input: CallInput,
  place: Place,
  signal: AbortSignal,
  steps: CallSteps,
): Promise<Result> {
  const { block, tool, broken } = call;
  if (broken !== null) {
    const shown = broken.length > shownInput ? `${broken.slice(0, shownInput).toWellFormed()}…` : broken;
    return failed(
      coreStrings.preparing(block.name),
      `The input was not a JSON object, so nothing was done. It began: ${visible(shown)}\nCall it again with a valid input.`,
    );
  }
  if (tool === undefined) {
    return failed(coreStrings.preparing(block.name), `There is no tool named ${block.name}.`);
  }
  let valid: unknown;
  let words: ReturnType<Tool['describe']>;
  try {
    valid = validateInput(tool, block.input);
    words = tool.describe(valid);
  } catch (error) {
    return failed(coreStrings.preparing(block.name), failureOf(error).message);
  }
  return await new OneCall(call, tool, valid, words, input, steps).result(place, signal);
}

class OneCall {
  private readonly editing: Editing | undefined;
  /** What it would change, once that is known. */
  private texts: ProposedTexts | undefined;

  constructor(
    private readonly call: Call,
    private readonly tool: Tool,
    private readonly valid: unknown,
    private readonly words: ReturnType<Tool['describe']>,
    private readonly input: CallInput,
    private readonly steps: CallSteps,
  ) {
    const { ports, conversation, entry } = input;
    this.editing = tool.readOnly ? undefined : ports.edits?.of({ conversation, step: entry, call: call.block.id });
  }

  async result(place: Place, signal: AbortSignal): Promise<Result> {
    const { words, call, input, tool } = this;
    const absence = tool.absent?.(input.ports) ?? null;
    if (absence !== null) {
      const { reason, server } = absence;
      const result = failed(words.asked, reason);
      if (server === null) return { ...result, summary: coreStrings.toolAbsent() };
      return { ...result, summary: coreStrings.serverAbsent(), absentServer: server };
    }
    try {
      const reads = await this.consent(place, signal);
      // Who waits for a place has been asked already: the answer takes as long as it takes.
      return await place.run(() => this.run(reads, signal), signal);
    } catch (error) {
      const unresolved = this.editing?.unresolved?.() ?? [];
      // Whoever stops it or waits no longer: the user can still undo what may have been written.
      if (unresolved.length > 0) return { ...failed(words.asked, maybeChanged(unresolved)), edits: unresolved };
      if (signal.aborted) return stopped(words.asked);
      if (error instanceof Ended) return error.result;
      if (error instanceof ToolError) return failed(words.asked, error.message);
      input.diagnostics.error(`tool ${call.block.name} failed`, error);
      const reason = error instanceof Error ? error.message : 'unknown error';
      return failed(words.asked, `${call.block.name} failed: ${reason}`);
    }
  }

  /** What the door opens for it. Throws Ended where it is not to run. */
  private async consent(place: Place, signal: AbortSignal): Promise<readonly Reached[]> {
    const { words, call, input } = this;
    const { consents, calls } = input.approvals;
    const situation = () => ({ ...input.approvals.situation(), reviewAtEnd: calls.way.isAtEnd });
    const facts = await this.planned(place, signal);
    let decision = decide(facts, new Set(), situation());
    // What the user has allowed is only looked up where it matters.
    if (decision.kind === 'asks') decision = decide(facts, await consents.allowed(input.conversation), situation());
    signal.throwIfAborted();
    if (decision.kind === 'runs') {
      this.steps.decided?.();
      return decision.reads;
    }
    if (decision.kind === 'refused') throw new Ended(denied(words.asked, decision.reason));
    const { approval } = decision;
    this.tell('asks', words.running, null, approval);
    const isCovered = (allowed: ReadonlySet<string>) => decide(facts, allowed, situation()).kind === 'runs';
    const canBeReviewed = decide(facts, new Set(), { ...situation(), reviewAtEnd: true }).kind === 'runs';
    this.steps.decided?.();
    const card = { label: words.running, approval };
    const answer = await calls.ask(call.key, { card, isCovered, canBeReviewed, texts: this.texts }, signal);
    if (!answer.allow) throw new Ended(denied(words.asked, refusal(answer.reason)));
    // What is not offered is not taken.
    if (answer.span !== 'once' && approval.spans.includes(answer.span)) {
      await consents
        .allow(input.conversation, decision.permits, answer.span)
        .catch((error: unknown) => input.diagnostics.error('what was allowed could not be kept', error));
      await calls.allowed(input.conversation, consents);
    }
    return facts.kind === 'read' ? facts.reached : [];
  }

  /** What it would do. A change that cannot be planned is tried once more behind those before it. */
  private async planned(place: Place, signal: AbortSignal): Promise<CallFacts> {
    try {
      return await this.limited(signal, (own) => this.facts(own));
    } catch (error) {
      if (this.tool.readOnly || !(error instanceof ToolError)) throw error;
    }
    this.steps.decided?.();
    return await place.run(() => this.limited(signal, (own) => this.facts(own)), signal);
  }

  private async facts(signal: AbortSignal): Promise<CallFacts> {
    const { tool, valid, input } = this;
    if (tool.foreign !== undefined) return { kind: 'other', ...tool.foreign };
    if (!tool.readOnly) {
      const planned = await tool.writes?.(valid, this.ports([]), signal);
      this.texts = planned?.texts;
      return { kind: 'write', files: planned?.files ?? [], proposed: planned?.proposed ?? null };
    }
    return { kind: 'read', reached: (await tool.reach?.(valid, input.ports, signal)) ?? [] };
  }

  private async run(reads: readonly Reached[], turn: AbortSignal): Promise<Result> {
    const { tool, words, valid } = this;
    turn.throwIfAborted();
    this.tell('running', words.running);
    const ports = this.ports(reads);
    const work = (signal: AbortSignal): Promise<ToolOutput> => runTool(tool, valid, ports, signal);
    const { content, media, summary, edits } = await this.limited(
      turn,
      work,
      tool.readOnly || tool.writes === undefined ? 0 : writingMs,
    );
    const given = { ...(media === undefined ? {} : { media }), ...(edits === undefined ? {} : { edits }) };
    return { content, ...given, isError: false, cancelled: false, label: words.done, summary };
  }

  /**
   * Throws Ended when its time is over, or the user stops this call alone. `patience`: ms that it is waited for all the
   * same.
   */
  private async limited<T>(turn: AbortSignal, work: (signal: AbortSignal) => Promise<T>, patience = 0): Promise<T> {
    const { tool, words, call } = this;
    const { clock, approvals } = this.input;
    const ms = tool.timeoutMs ?? (tool.readOnly && tool.foreign === undefined ? defaultTimeoutMs : longTimeoutMs);
    const late = new AbortController();
    const over = new AbortController();
    const timed = async (own: AbortSignal): Promise<T> => {
      clock.sleep(ms, AbortSignal.any([own, over.signal])).then(
        () => late.abort('late'),
        () => undefined,
      );
      const signal = AbortSignal.any([own, late.signal]);
      try {
        const done = work(signal);
        return await orAborted(done, signal).catch(async (error: unknown) => {
          if (!signal.aborted || patience === 0) throw error;
          const given = clock.sleep(patience, over.signal).then(() => Promise.reject(error));
          return await Promise.race([done, given]);
        });
      } catch (error) {
        if (turn.aborted || !signal.aborted) throw error;
        throw new Ended(late.signal.aborted ? tooLate(words.asked, call.block.name, ms) : stopped(words.asked));
      } finally {
        over.abort();
      }
    };
    return await approvals.calls.run(call.key, timed, turn);
  }

  private ports(reads: readonly Reached[]): ToolPorts {
    const { ports, clock } = this.input;
    let last = Number.NEGATIVE_INFINITY;
    const report = (said: LocalizableMessage): void => {
      const now = clock.now();
      if (now - last < reportMs) return;
      last = now;
      this.tell('running', this.words.running, said);
    };
    const given = { ...ports, report, ...(this.editing === undefined ? {} : { editing: this.editing }) };
    if (reads.length === 0) return given;
    const opened = {
      workspace: ports.workspace.allowing?.(reads) ?? ports.workspace,
      languages: ports.languages.allowing?.(reads) ?? ports.languages,
      changes: ports.changes.allowing?.(reads) ?? ports.changes,
    };
    return { ...given, ...opened };
  }

  private tell(
    status: 'asks' | 'running',
    label: LocalizableMessage,
    summary: LocalizableMessage | null = null,
    approval?: Approval,
  ): void {
    const { answer } = this.input;
    const { key } = this.call;
    const asked = approval === undefined ? {} : { approval };
    this.steps.emit({ type: 'tool', answer, key, status, label, summary, output: null, ...asked });
  }
}

/** The call is over before its tool has an output. */
class Ended extends Error {
  constructor(readonly result: Result) {
    super();
  }
}

/** A result that says why there is none. */
export function failed(label: LocalizableMessage, content: string): Result {
  return { content, isError: true, cancelled: false, label, summary: coreStrings.toolFailed() };
}

function maybeChanged(edits: readonly FileEdit[]): string {
  const paths = edits.map(({ path, to }) => to?.path ?? path).join(', ');
  return `This did not come to its end while it wrote, so it is not known whether ${paths} was changed. Read it before you go on.`;
}

function denied(label: LocalizableMessage, content: string): Result {
  return { content, isError: true, cancelled: true, label, summary: coreStrings.toolDenied() };
}

function refusal(reason: string): string {
  const said = reason === '' ? '' : ` The user’s reason: ${reason}`;
  return `The user did not allow this, so nothing was done.${said}\nDo not try to get the same in another way: go on without it, or ask the user.`;
}

function tooLate(label: LocalizableMessage, tool: string, ms: number): Result {
  const seconds = Math.round(ms / 1000);
  return {
    content: `${tool} did not finish within ${seconds} seconds, so it was stopped. Ask for less of it at once, or go on without it.`,
    isError: true,
    cancelled: false,
    label,
    summary: coreStrings.toolTimedOut(seconds),
  };
}

function stopped(label: LocalizableMessage): Result {
  return {
    content: 'The user stopped this before it finished.',
    isError: true,
    cancelled: true,
    label,
    summary: coreStrings.toolStopped(),
  };
}
