/** The tools of one step: those that only read run side by side, the others one at a time, each result committed. */
import type Anthropic from '@anthropic-ai/sdk';
import type { ChatEvent, LocalizableMessage } from '../../shared/chat';
import { visible } from '../../shared/visible';
import { failureOf } from '../api/failures';
import { EventQueue } from '../base/eventQueue';
import type { Log } from '../base/ports';
import { coreStrings } from '../base/strings';
import type { ConversationLog } from '../record/conversationLog';
import type { NewEntry, ToolResultEntry } from '../record/record';
import { runTool, validateInput } from '../tools/all';
import type { Tool } from '../tools/tool';
import { ToolError, type ToolPorts } from '../tools/workspace';
import { partKey, toolEvent } from '../transcript/transcript';

interface ToolStepInput {
  readonly log: ConversationLog;
  readonly diagnostics: Log;
  readonly tools: readonly Tool[];
  readonly ports: ToolPorts;
  /** The id of the turn. */
  readonly answer: string;
  /** The assistant entry that asked for them. */
  readonly entry: string;
  readonly content: readonly Anthropic.ContentBlock[];
  /** The inputs of calls that cannot be run, as they came: by the place of the block. */
  readonly broken: ReadonlyMap<number, string>;
}

type Result = Omit<Extract<NewEntry, { kind: 'toolResult' }>, 'kind' | 'toolUseId'>;

interface Call {
  readonly block: Anthropic.ToolUseBlock;
  readonly key: string;
  readonly tool: Tool | undefined;
  /** Its input as it came, where that is no JSON, or no object; null where it is. */
  readonly broken: string | null;
}

/** Calls of one answer that are run: no model asks for more at once. */
const maxCalls = 64;

/** Characters of a broken input that the model is shown. */
const shownInput = 200;

/**
 * Runs every tool_use of an answer. Ends when each has its result in the record: on abort those that have not
 * finished get an is_error result at once, however long the tool itself takes to notice.
 */
export async function* runTools(input: ToolStepInput, signal: AbortSignal): AsyncGenerator<ChatEvent> {
  const requested = input.content.flatMap((block, index): Call[] =>
    block.type === 'tool_use'
      ? [
          {
            block,
            key: partKey(input.entry, index),
            tool: input.tools.find((tool) => tool.name === block.name),
            broken: input.broken.get(index) ?? null,
          },
        ]
      : [],
  );
  const calls = requested.slice(0, maxCalls);
  const queue = new EventQueue<ChatEvent>();
  const commit = async (results: readonly (readonly [Call, Result])[]): Promise<void> => {
    const news = results.map(([{ block }, result]) => ({
      kind: 'toolResult' as const,
      toolUseId: block.id,
      ...result,
    }));
    const entries = await input.log.append(news);
    for (const [index, entry] of entries.entries()) {
      const call = results[index]?.[0];
      if (call !== undefined) queue.push(toolEvent(input.answer, call.key, entry as ToolResultEntry));
    }
  };
  const run = async (call: Call): Promise<void> => {
    await commit([[call, await runOne(call, input, signal, (event) => queue.push(event))]]);
  };
  const inOrder = async (): Promise<void> => {
    for (const call of calls) if (call.tool?.readOnly === false) await run(call);
  };
  const beyond = async (): Promise<void> => {
    const rest = requested.slice(maxCalls);
    if (rest.length > 0)
      await commit(
        rest.map((call) => [call, failed(coreStrings.preparing(call.block.name), tooMany(requested.length))]),
      );
  };
  // Each is waited for, even when the disk refuses one: no result comes in behind the turn's end.
  const all = Promise.allSettled([
    ...calls.filter((call) => call.tool?.readOnly !== false).map(run),
    inOrder(),
    beyond(),
  ]);
  const ended = all.then(() => queue.end());
  yield* queue;
  await ended;
  for (const one of await all) if (one.status === 'rejected') throw one.reason;
}

function tooMany(calls: number): string {
  return `This was not run: ${calls} calls were made at once, and only the first ${maxCalls} are run. Call it again if it is still needed.`;
}

async function runOne(
  call: Call,
  input: ToolStepInput,
  signal: AbortSignal,
  emit: (event: ChatEvent) => void,
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
  if (signal.aborted) return cancelled(words.done);
  emit({
    type: 'tool',
    answer: input.answer,
    key: call.key,
    status: 'running',
    label: words.running,
    summary: null,
    output: null,
  });
  try {
    const output = await runTool(tool, valid, input.ports, signal);
    return { content: output.content, isError: false, cancelled: false, label: words.done, summary: output.summary };
  } catch (error) {
    if (signal.aborted) return cancelled(words.done);
    if (error instanceof ToolError) return failed(words.done, error.message);
    input.diagnostics.error(`tool ${block.name} failed`, error);
    return failed(words.done, `${block.name} failed: ${error instanceof Error ? error.message : 'unknown error'}`);
  }
}

function failed(label: LocalizableMessage, content: string): Result {
  return { content, isError: true, cancelled: false, label, summary: coreStrings.toolFailed() };
}

function cancelled(label: LocalizableMessage): Result {
  return {
    content: 'The user stopped this before it finished.',
    isError: true,
    cancelled: true,
    label,
    summary: coreStrings.toolStopped(),
  };
}
