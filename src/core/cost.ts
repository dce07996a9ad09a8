/** Money: what usage cost, and what it would. */
import type Anthropic from '@anthropic-ai/sdk';
import type { TokenUsage } from '../shared/chat';
import type { Model, Prices, Rates } from './models';

/** The tokens of one response. Nullable fields may be absent on the wire (API-FACTS §2.1). */
export function tokenUsage(usage: Anthropic.Usage): TokenUsage {
  const written = usage.cache_creation_input_tokens ?? 0;
  const write1h = usage.cache_creation?.ephemeral_1h_input_tokens ?? 0;
  return {
    input: usage.input_tokens,
    cacheRead: usage.cache_read_input_tokens ?? 0,
    cacheWrite5m: usage.cache_creation?.ephemeral_5m_input_tokens ?? written - write1h,
    cacheWrite1h: write1h,
    output: usage.output_tokens,
  };
}

/** The rates of a request with a prompt of so many tokens, cached ones included. */
export function ratesFor(prices: Prices, promptTokens: number): Rates {
  const { above } = prices;
  return above !== undefined && promptTokens > above.promptTokens ? above.rates : prices;
}

/** US dollars of one request's usage; null when the model's price is unknown. */
export function usdOf(model: Model, usage: TokenUsage): number | null {
  if (model.prices === null) return null;
  const price = ratesFor(model.prices, inputTokens(usage));
  const sum =
    usage.input * price.input +
    usage.cacheRead * price.read +
    usage.cacheWrite5m * price.write5m +
    usage.cacheWrite1h * price.write1h +
    usage.output * price.output;
  return sum / 1_000_000;
}

/** All tokens that went in, read from the cache or not. */
export function inputTokens(usage: TokenUsage): number {
  return usage.input + usage.cacheRead + usage.cacheWrite5m + usage.cacheWrite1h;
}
