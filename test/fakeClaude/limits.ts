/** Rate limits: the headers of every answer, and 429 when a limit is set and used up (API-FACTS §3.1). */
import type { Clock } from './clock';
import type { Model } from './models';

/** Limits per minute and model. */
export interface RateLimits {
  readonly requests: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

const startTier: RateLimits = { requests: 1_000, inputTokens: 2_000_000, outputTokens: 400_000 };
const minute = 60_000;

interface Window {
  readonly from: number;
  requests: number;
  input: number;
  output: number;
}

export class RateLimiter {
  readonly #clock: Clock;
  readonly #limits: RateLimits;
  readonly #enforced: boolean;
  readonly #windows = new Map<string, Window>();

  /** Without limits of its own it reports the start tier and refuses nothing. */
  constructor(clock: Clock, limits?: RateLimits) {
    this.#clock = clock;
    this.#limits = limits ?? startTier;
    this.#enforced = limits !== undefined;
  }

  /** Counts a request of `input` uncached tokens, or returns the seconds after which it may be tried again. */
  take(model: Model, input: number): { readonly retryAfter: number; readonly message: string } | undefined {
    const window = this.#window(model);
    const tokens = window.input + input > this.#limits.inputTokens;
    if (this.#enforced && (tokens || window.requests + 1 > this.#limits.requests)) {
      const limit = tokens
        ? `${this.#limits.inputTokens.toLocaleString('en')} input tokens`
        : `${this.#limits.requests} requests`;
      const message = `This request would exceed your organization's rate limit of ${limit} per minute (model: ${model.id}). For details, refer to: https://docs.claude.com/en/api/rate-limits. You can see the response headers for current usage. Please reduce the prompt length or the maximum tokens requested, or try again later.`;
      return { retryAfter: Math.max(Math.ceil((window.from + minute - this.#clock.now()) / 1_000), 1), message };
    }
    window.requests += 1;
    window.input += input;
    return undefined;
  }

  /** Counts output that was said. */
  spend(model: Model, output: number): void {
    this.#window(model).output += output;
  }

  /** The `anthropic-ratelimit-*` headers; tokens left are rounded to the nearest thousand. */
  headers(model: Model): Record<string, string> {
    const window = this.#window(model);
    const reset = new Date(window.from + minute).toISOString().replace(/\.\d+Z$/, 'Z');
    const { requests, inputTokens, outputTokens } = this.#limits;
    const rows: readonly (readonly [string, number, number])[] = [
      ['requests', requests, requests - window.requests],
      ['tokens', inputTokens + outputTokens, round(inputTokens + outputTokens - window.input - window.output)],
      ['input-tokens', inputTokens, round(inputTokens - window.input)],
      ['output-tokens', outputTokens, round(outputTokens - window.output)],
    ];
    return Object.fromEntries(
      rows.flatMap(([name, limit, left]) => [
        [`anthropic-ratelimit-${name}-limit`, `${limit}`],
        [`anthropic-ratelimit-${name}-remaining`, `${Math.max(left, 0)}`],
        [`anthropic-ratelimit-${name}-reset`, reset],
      ]),
    );
  }

  #window(model: Model): Window {
    const now = this.#clock.now();
    const known = this.#windows.get(model.id);
    if (known !== undefined && now < known.from + minute) return known;
    const fresh = { from: now, requests: 0, input: 0, output: 0 };
    this.#windows.set(model.id, fresh);
    return fresh;
  }
}

const round = (tokens: number): number => Math.round(tokens / 1_000) * 1_000;
