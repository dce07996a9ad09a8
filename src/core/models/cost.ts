/** Money: what usage cost, and what it would. */
import { searchesIn, type TokenUsage, unknownUsage } from '../../shared/tokenUsage';
import { usdPerSearch } from '../../shared/web/prices';
import type { Model, Prices, Rates } from './models';
import { estimateTokens } from './tokens';

/**
 * The tokens of one response, by field: a count is an integer of at least 0, anything else is unknown. What the cache
 * read and wrote may be null or absent where the input is said: none (API-FACTS §2.1).
 */
export function tokenUsage(usage: unknown): TokenUsage {
  if (typeof usage !== 'object' || usage === null) return unknownUsage;
  const said = usage as Readonly<Record<string, unknown>>;
  const input = countOf(said['input_tokens']);
  const cached = (value: unknown): number | null => countOf(said['input_tokens'] == null ? value : (value ?? 0));
  const lives = said['cache_creation'] ?? {};
  const split = typeof lives === 'object' ? (lives as Readonly<Record<string, unknown>>) : { [hour]: lives };
  const cacheWrite1h = cached(split[hour]);
  // The total is cumulative and may exceed the split of message_start: the rest lives 5 minutes (API-FACTS §10.1).
  const total = said['cache_creation_input_tokens'] ?? null;
  const written = cached(total ?? split['ephemeral_5m_input_tokens']);
  const apart = total === null ? 0 : cacheWrite1h;
  return {
    input,
    cacheRead: cached(said['cache_read_input_tokens']),
    cacheWrite5m: written === null || apart === null ? null : Math.max(0, written - apart),
    cacheWrite1h,
    output: countOf(said['output_tokens']),
    ...searchesIn(searchesOf(said['server_tool_use'])),
  };
}

const hour = 'ephemeral_1h_input_tokens';

/** What is not said, or is no count, is none: an answer without a search says nothing of it. */
function searchesOf(said: unknown): number {
  if (typeof said !== 'object' || said === null) return 0;
  return countOf((said as Readonly<Record<string, unknown>>)['web_search_requests']) ?? 0;
}

/** A count of tokens; null for anything that is none. */
function countOf(value: unknown): number | null {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : null;
}

/** The rates of a request with a prompt of so many tokens, cached ones included. */
export function ratesFor(prices: Prices, promptTokens: number): Rates {
  const { above } = prices;
  return above !== undefined && promptTokens > above.promptTokens ? above.rates : prices;
}

/** US dollars of one request's usage; null when the model's price is unknown. */
export function usdOf(model: Model, usage: TokenUsage): number | null {
  const { input, cacheRead, cacheWrite5m, cacheWrite1h, output } = usage;
  if (model.prices === null || output === null) return null;
  if (input === null || cacheRead === null || cacheWrite5m === null || cacheWrite1h === null) return null;
  const price = ratesFor(model.prices, inputTokens(usage));
  const sum =
    input * price.input +
    cacheRead * price.read +
    cacheWrite5m * price.write5m +
    cacheWrite1h * price.write1h +
    output * price.output;
  return sum / 1_000_000 + searchUsd(usage);
}

/** US dollars of a usage's searches of the web. */
export function searchUsd({ searches = 0 }: Pick<TokenUsage, 'searches'>): number {
  return searches * usdPerSearch;
}

/** All tokens that went in, read from the cache or not; 0 where a part of them is unknown, as where nothing went in. */
export function inputTokens({ input, cacheRead, cacheWrite5m, cacheWrite1h }: TokenUsage): number {
  if (input === null || cacheRead === null || cacheWrite5m === null || cacheWrite1h === null) return 0;
  return input + cacheRead + cacheWrite5m + cacheWrite1h;
}

/** True when the request was answered and the answer did not say, or not wholly, what went in. */
export function isInputUnknown({ input, cacheRead, cacheWrite5m, cacheWrite1h }: TokenUsage): boolean {
  return input === null || cacheRead === null || cacheWrite5m === null || cacheWrite1h === null;
}

/** Tokens of an answer's request and of what it said; those of the request are 0 where they are not known. */
export function totalTokens(answer: { readonly usage: TokenUsage; readonly content: unknown }): number {
  return inputTokens(answer.usage) + outputTokens(answer);
}

/** Tokens of what an answer said, as billed; estimated where the server did not say. */
export function outputTokens({ usage, content }: { readonly usage: TokenUsage; readonly content: unknown }): number {
  return usage.output ?? estimateTokens(JSON.stringify(content));
}
