/** What the server remembers of each request and of its cost. */
import type { IncomingHttpHeaders } from 'node:http';
import { inputCost, type Model, outputCost } from './models';
import type { AnswerMessage, RequestBody, Usage } from './wire';

export interface RecordedResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The final usage, once the answer ended or broke off. */
  readonly usage?: Usage;
  /** The answer as far as it was said. */
  readonly message?: AnswerMessage;
  /** The text of the error, when it was one. */
  readonly error?: string;
}

/** One request, whatever became of it. */
export interface RecordedRequest {
  /** The `request-id` of the response. */
  readonly id: string;
  /** The ledger's clock when it arrived, in ms. */
  readonly at: number;
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  /** The parsed JSON; trust its shape only when the request was valid. Undefined when it had no JSON body. */
  readonly body: RequestBody;
  /** The exact body. */
  readonly raw: string;
  readonly response: RecordedResponse | undefined;
  /** Whether the client closed the connection before the answer ended. */
  readonly aborted: boolean;
  /** Resolves when the response has ended, by either side. */
  readonly done: Promise<void>;
}

/** The same, while the server works on it. */
export type OpenRecord = { -readonly [Name in keyof RecordedRequest]: RecordedRequest[Name] };

/** What one answered request cost. */
export interface UsageEntry {
  readonly requestId: string;
  readonly messageId: string;
  readonly model: string;
  readonly usage: Usage;
  /** False for a refusal before any output: it is not billed (API-FACTS §4.4). */
  readonly billed: boolean;
  /** US dollars. */
  readonly inputUsd: number;
  readonly outputUsd: number;
  /** $10 for 1,000 searches of the web. */
  readonly searchUsd: number;
}

/** Money of several answers, in US dollars, and their tokens. */
export interface Bill {
  readonly requests: number;
  readonly inputUsd: number;
  readonly outputUsd: number;
  readonly totalUsd: number;
  /** What the input had cost without any cache. */
  readonly uncachedInputUsd: number;
  readonly inputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  readonly outputTokens: number;
}

/** Prices an answer with the real prices (API-FACTS §7.3). */
export function usageEntry(requestId: string, message: AnswerMessage, model: Model, billed: boolean): UsageEntry {
  const { usage } = message;
  return {
    requestId,
    messageId: message.id,
    model: model.id,
    usage,
    billed,
    inputUsd: billed ? inputCost(model, usage) : 0,
    outputUsd: billed ? outputCost(model, usage.output_tokens) : 0,
    searchUsd: billed ? (usage.server_tool_use?.web_search_requests ?? 0) * 0.01 : 0,
  };
}

/** Adds up what was billed. */
export function billOf(entries: readonly UsageEntry[], models: readonly Model[]): Bill {
  const billed = entries.filter((entry) => entry.billed);
  const sum = (value: (entry: UsageEntry) => number): number =>
    billed.reduce((total, entry) => total + value(entry), 0);
  const inputUsd = sum((entry) => entry.inputUsd);
  const outputUsd = sum((entry) => entry.outputUsd);
  return {
    requests: billed.length,
    inputUsd,
    outputUsd,
    totalUsd: inputUsd + outputUsd + sum((entry) => entry.searchUsd),
    uncachedInputUsd: sum(({ model, usage }) => {
      const price = models.find(({ id }) => id === model)?.prices.input ?? 0;
      const { input_tokens, cache_creation_input_tokens, cache_read_input_tokens } = usage;
      return ((input_tokens + cache_creation_input_tokens + cache_read_input_tokens) * price) / 1e6;
    }),
    inputTokens: sum(({ usage }) => usage.input_tokens),
    cacheReadTokens: sum(({ usage }) => usage.cache_read_input_tokens),
    cacheWriteTokens: sum(({ usage }) => usage.cache_creation_input_tokens),
    outputTokens: sum(({ usage }) => usage.output_tokens),
  };
}
