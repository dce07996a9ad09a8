/** An answer goes into the record, whole or partial, with what it cost and where it missed the cache. */
import type Anthropic from '@anthropic-ai/sdk';
import type { ChatEvent } from '../../shared/chat';
import { noUsage, searchesIn, type TokenUsage } from '../../shared/tokenUsage';
import { inputJson } from '../base/inputJson';
import { orElse } from '../base/orElse';
import { coreStrings } from '../base/strings';
import { TimeSlice } from '../base/timeSlice';
import { cacheMissOf } from '../cost/cacheMiss';
import { usdOf } from '../models/cost';
import { effortFor } from '../models/models';
import { estimateTokens } from '../models/tokens';
import type { AssistantEntry, NewEntry } from '../record/record';
import { eventsOf, partKey } from '../transcript/transcript';
import type { AnswerStream } from './answerStream';
import type { PlannedAnswer } from './retries';
import type { TurnInput } from './turnInput';

/** Puts the answer, whole or partial, into the record, and closes what is still open of it on the screen. */
export async function* commitAnswer(
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
