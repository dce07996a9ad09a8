/** The tools of one step: those that only read run side by side, the others one at a time, each result committed. */
import type Anthropic from '@anthropic-ai/sdk';
import type { ChatEvent } from '../../shared/chat';
import { EventQueue } from '../base/eventQueue';
import { after, type Place, Slots } from '../base/slots';
import { coreStrings } from '../base/strings';
import type { ConversationLog } from '../record/conversationLog';
import type { ToolResultEntry } from '../record/record';
import type { Tool } from '../tools/tool';
import { partKey, toolEvent } from '../transcript/transcript';
import { type Call, type CallInput, failed, type Result, runCall } from './toolCall';

interface ToolStepInput extends CallInput {
  readonly log: ConversationLog;
  readonly tools: readonly Tool[];
  readonly content: readonly Anthropic.ContentBlock[];
  /** The inputs of calls that cannot be run, as they came: by the place of the block. */
  readonly broken: ReadonlyMap<number, string>;
}

/** Calls of one answer that are run: no model asks for more at once. */
const maxCalls = 64;

/** Reads that run side by side: more would only hold up each other, and the disk. */
const readsAtOnce = 8;

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
  const run = async (call: Call, place: Place, decided?: () => void): Promise<void> => {
    const steps = { emit: (event: ChatEvent) => queue.push(event), decided };
    await commit([[call, await runCall(call, input, place, signal, steps)]]);
  };
  const reads = new Slots(readsAtOnce);
  // Each edit is planned after the one before, so that all of a step are asked about at once; they run in their order.
  const inOrder = async (): Promise<void> => {
    let before: Promise<void> = Promise.resolve();
    const all: Promise<void>[] = [];
    for (const call of calls.filter(runsAlone)) {
      const decided = Promise.withResolvers<void>();
      const together = call.tool?.foreign === undefined;
      const own = run(call, after(before), together ? decided.resolve : undefined).finally(decided.resolve);
      all.push(own);
      // It is told when all have ended.
      own.catch(() => undefined);
      before = own;
      await decided.promise;
    }
    for (const one of await Promise.allSettled(all)) if (one.status === 'rejected') throw one.reason;
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
    ...calls.filter((call) => !runsAlone(call)).map((call) => run(call, reads)),
    inOrder(),
    beyond(),
  ]);
  const ended = all.then(() => queue.end());
  yield* queue;
  await ended;
  for (const one of await all) if (one.status === 'rejected') throw one.reason;
}

/** What is not ours may change something, whatever it says of itself. */
function runsAlone({ tool }: Call): boolean {
  return tool !== undefined && (!tool.readOnly || tool.foreign !== undefined);
}

function tooMany(calls: number): string {
  return `This was not run: ${calls} calls were made at once, and only the first ${maxCalls} are run. Call it again if it is still needed.`;
}
