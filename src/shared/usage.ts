/** What was spent, added up: the usage view's data. JSON-safe. */

import type { Answered } from './protocol';
import { addUsage, noUsage, type TokenUsage } from './tokenUsage';

/** Requests added up. Dollars are those of the moment of each request. */
export interface Spending {
  readonly requests: number;
  /** Requests whose price was not known: their tokens are counted, their dollars are in no sum. */
  readonly unpriced: number;
  readonly tokens: TokenUsage;
  readonly usd: SpentUsd;
}

/** US dollars by what they were paid for. */
export interface SpentUsd {
  /** Input that was read from the prompt cache. */
  readonly read: number;
  /** Input that was written to it. */
  readonly written: number;
  /** Input that is not cached. */
  readonly input: number;
  readonly output: number;
  /** Searches of the web, their tokens apart. */
  readonly searches: number;
  /** What the same requests would have cost without a cache. */
  readonly uncached: number;
}

/** What the usage view asks of the store. */
export interface UsageQuery {
  /** Keys of workspaces; null counts all, and what is left of deleted conversations. */
  readonly workspaces: readonly string[] | null;
  /** Where each day begins and the last one ends, ms since the epoch, rising: days are as long as the clock makes them. */
  readonly days: readonly number[];
  /** Conversations at most; the others are added up. */
  readonly limit: number;
}

/** What was spent over the days that were asked for. */
export interface UsageReport {
  /** One for each day that was asked for. */
  readonly days: readonly Spending[];
  /** Over all those days, the dearest first. */
  readonly models: readonly { readonly model: string; readonly spending: Spending }[];
  /** Over all those days, the dearest first. */
  readonly conversations: readonly SpendingConversation[];
  /** How many more there are than are listed, and what they cost. */
  readonly others: { readonly count: number; readonly spending: Spending };
  /** Of conversations that were deleted: only sums of days are kept of them. */
  readonly deleted: Spending;
}

/** What one conversation cost. */
export interface SpendingConversation {
  readonly id: string;
  readonly title: string;
  readonly workspaceName: string;
  readonly spending: Spending;
}

/** Nothing was sent. */
export const noSpending: Spending = {
  requests: 0,
  unpriced: 0,
  tokens: noUsage,
  usd: { read: 0, written: 0, input: 0, output: 0, searches: 0, uncached: 0 },
};

/** US dollars of all of it; null when there were requests and the price of none is known. */
export function spentUsd({ requests, unpriced, usd }: Spending): number | null {
  if (requests > 0 && unpriced === requests) return null;
  return usd.read + usd.written + usd.input + usd.output + usd.searches;
}

/** Adds figures up, field by field. */
export function addSpending(a: Spending, b: Spending): Spending {
  return {
    requests: a.requests + b.requests,
    unpriced: a.unpriced + b.unpriced,
    tokens: addUsage(a.tokens, b.tokens),
    usd: {
      read: a.usd.read + b.usd.read,
      written: a.usd.written + b.usd.written,
      input: a.usd.input + b.usd.input,
      output: a.usd.output + b.usd.output,
      searches: a.usd.searches + b.usd.searches,
      uncached: a.usd.uncached + b.usd.uncached,
    },
  };
}

/** What the host tells the usage view. `usageChanged`: something was spent, renamed or deleted. */
export type HostToUsage = Answered | { readonly type: 'usageChanged' };

/** What the usage view knows of the window. */
export interface UsageEnvironment {
  /** null in a window without a folder. */
  readonly workspaceName: string | null;
  /** A local stand-in answers: nothing is billed. */
  readonly demo: boolean;
  /** Translated words: English key → text. Empty in English. */
  readonly words: Readonly<Record<string, string>>;
  /** A BCP 47 tag for dates and numbers. */
  readonly locale: string;
}
