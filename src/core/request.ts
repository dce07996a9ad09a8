/** The next request as a pure function of the record: the same entries and settings give the same bytes. */
import type Anthropic from '@anthropic-ai/sdk';
import { snapshotTexts } from './context';
import { instructions } from './instructions';
import { type Blobs, type Message, messagesOf } from './messages';
import { defaultMaxTokens, effortFor, type Model } from './models';
import type { ChatSettings } from './ports';
import type { Entry } from './record';
import { estimateTokens } from './tokens';

export interface RequestInput {
  /** The entries of the current path, root first. */
  readonly path: readonly Entry[];
  readonly model: Model;
  readonly settings: ChatSettings;
  /** In their fixed order (tools/all.ts). */
  readonly tools: readonly Anthropic.Tool[];
  readonly blobs: Blobs;
}

/** What is sent; always streamed. */
export type Request = Anthropic.MessageStreamParams & {
  system: Anthropic.TextBlockParam[];
  messages: Anthropic.MessageParam[];
};

/** A breakpoint reaches back at most this many blocks, itself included (API-FACTS §6.1). */
const lookBack = 20;

const mark: Anthropic.CacheControlEphemeral = { type: 'ephemeral' };

/** Builds the request. Throws when the path holds nothing to answer: that is a fault of the caller. */
export function buildRequest(input: RequestInput): Request {
  const { model, settings, tools } = input;
  const messages = messagesOf(input.path, model, input.blobs);
  if (messages.length === 0) throw new Error('there is nothing to send');
  const effort = effortFor(model, settings.effort);
  return {
    model: model.id,
    max_tokens: Math.min(settings.maxTokens ?? defaultMaxTokens(model), model.maxOutput),
    ...(model.adaptiveThinking ? { thinking: { type: 'adaptive', display: settings.thinkingDisplay } } : {}),
    ...(effort === null ? {} : { output_config: { effort } }),
    tools: [...tools],
    system: markSystem(systemBlocks(input.path), tools, model),
    messages: markMessages(messages),
  };
}

function systemBlocks(path: readonly Entry[]): readonly string[] {
  const snapshot = path.findLast((entry) => entry.kind === 'snapshot');
  return [instructions, ...(snapshot?.kind === 'snapshot' ? snapshotTexts(snapshot) : [])];
}

/** Marks the end of tools + instructions, which all conversations share, and the end of the context prefix. */
function markSystem(
  texts: readonly string[],
  tools: readonly Anthropic.Tool[],
  model: Model,
): Anthropic.TextBlockParam[] {
  let tokens = tools.length === 0 ? 0 : model.toolOverhead + estimateTokens(JSON.stringify(tools));
  return texts.map((text, index) => {
    tokens += estimateTokens(text);
    const marked = (index === 0 || index === texts.length - 1) && tokens >= model.minCacheable;
    return { type: 'text', text, ...(marked ? { cache_control: mark } : {}) };
  });
}

/**
 * Marks the rolling end, and, when the last step added more blocks than a breakpoint reaches back, the end of the
 * request before, where an entry was written.
 */
function markMessages(messages: readonly Message[]): Anthropic.MessageParam[] {
  const marks = new Map<number, number>();
  const last = messages.length - 1;
  const end = lastMarkable(messages[last]);
  if (end !== -1) marks.set(last, end);
  // The request before ended with the last user message that an answer follows.
  const before = messages.findLastIndex((message, index) => message.role === 'user' && index < last);
  if (before !== -1 && blocksAfter(messages, before) >= lookBack) {
    const at = lastMarkable(messages[before]);
    if (at !== -1) marks.set(before, at);
  }
  return messages.map((message, index) => {
    const at = marks.get(index);
    if (at === undefined) return message as Anthropic.MessageParam;
    const content = message.content.map((block, i) => (i === at ? { ...block, cache_control: mark } : block));
    return { role: message.role, content: content as Anthropic.ContentBlockParam[] };
  });
}

function blocksAfter(messages: readonly Message[], index: number): number {
  let blocks = 0;
  for (const message of messages.slice(index + 1)) blocks += message.content.length;
  return blocks;
}

/** The blocks that take cache_control (API-FACTS §6.1): thinking and the API's own tool calls do not. */
const markable: readonly string[] = ['text', 'image', 'document', 'tool_use', 'tool_result'];

function lastMarkable(message: Message | undefined): number {
  return message?.content.findLastIndex((block) => markable.includes(block.type)) ?? -1;
}
