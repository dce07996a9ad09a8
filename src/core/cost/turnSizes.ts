/** How large turns were, and what the next one costs by that: its words, and what its further requests read and write. */
import { addKnown } from '../../shared/tokenUsage';
import type { Effort } from '../base/settings';
import { inputTokens, isInputUnknown, ratesFor, searchUsd } from '../models/cost';
import type { Model, Prices } from '../models/models';
import type { AssistantEntry, Entry } from '../record/record';

/** What one turn took beyond the input of its first request; whatever it cost then, it has another price now. */
export interface TurnSize {
  /** The model whose tokens these are. */
  readonly model: string;
  /** Tokens of all that the turn's answers said. */
  readonly output: number;
  /** Requests behind the first one. */
  readonly steps: number;
  /** Tokens that the last request had more than the first. */
  readonly added: number;
  /** Searches of the web; missing for none. */
  readonly searches?: number | undefined;
}

/** What a turn of some size costs now, beyond the input of its first request. US dollars are null without a price. */
export interface TurnCost {
  readonly output: number;
  readonly outputUsd: number | null;
  /** Tokens of the input of its further requests. */
  readonly stepsTokens: number;
  /** With its searches of the web. */
  readonly stepsUsd: number | null;
}

/** The middle turn, and what the cheap and the dear ones cost: nine of ten cost more than `low`, one of ten above `high`. */
export interface ExpectedTurn {
  readonly likely: TurnCost;
  /** null without a price. */
  readonly lowUsd: number | null;
  readonly highUsd: number | null;
}

/** The request that a turn begins with. */
export interface FirstRequest {
  readonly tokens: number;
  /** Of these, what the request behind it reads from the cache. */
  readonly held: number;
  /** Tokens below which the cache holds nothing. */
  readonly minCacheable: number;
  readonly hasTools: boolean;
  readonly hasSearch: boolean;
  /** How many tokens of the next model a token of this one is. */
  readonly scaleOf: (model: string) => number;
}

/** Turns that are kept at each effort. */
export const turnsKept = 50;
/** Turns that are enough to go by. */
const enough = 5;
/** The share of turns that cost less than what is shown, at both of its ends. */
const ends = { low: 0.1, high: 0.9 } as const;
/** Where the model has no price, turns are compared by the usual proportions. */
const usualRates: Prices = { input: 5, output: 25, write5m: 6.25, write1h: 10, read: 0.5 };

/** How large a path's last turn was; null where it was not this model's with this effort alone, or is not known. */
export function lastTurnSize(path: readonly Entry[], model: Model, effort: Effort | null): TurnSize | null {
  const begin = path.findLastIndex(({ kind }) => kind === 'user');
  const turn = path.slice(begin + 1).filter((entry): entry is AssistantEntry => entry.kind === 'assistant');
  const same = turn.every((one) => one.model === model.id && (one.effort === undefined || one.effort === effort));
  const output = turn.reduce<number | null>((sum, { usage }) => addKnown(sum, usage.output), 0);
  const [first, last] = [turn[0], turn.at(-1)];
  if (first === undefined || last === undefined || !same) return null;
  // What is unknown teaches nothing.
  if (output === null || output === 0 || turn.some(({ usage }) => isInputUnknown(usage))) return null;
  const searches = turn.reduce((sum, { usage }) => sum + (usage.searches ?? 0), 0);
  return {
    model: model.id,
    output,
    steps: turn.length - 1,
    added: Math.max(0, inputTokens(last.usage) - inputTokens(first.usage)),
    ...(searches === 0 ? {} : { searches }),
  };
}

/** Steps beyond so many cost what these do on average: a size that is read from the disk may be any number. */
const mostSteps = 200;

/**
 * What a turn of this size costs behind such a first request. Each step is a request of its own, at the rates of its
 * size: it reads what the one before it left in the cache, and writes the rest.
 */
export function turnCost(turn: TurnSize, first: FirstRequest, prices: Prices | null): TurnCost {
  const scale = first.scaleOf(turn.model);
  const output = Math.round(turn.output * scale);
  const steps = first.hasTools ? Math.round(turn.steps) : 0;
  const added = steps === 0 ? 0 : Math.round(turn.added * scale);
  const stepsTokens = Math.round(steps * first.tokens + ((steps + 1) / 2) * added);
  if (prices === null) return { output, outputUsd: null, stepsTokens, stepsUsd: null };
  const counted = Math.min(steps, mostSteps);
  let usd = 0;
  let held = Math.min(first.held, first.tokens);
  for (let step = 1; step <= counted; step += 1) {
    const size = first.tokens + (step / counted) * added;
    const { read, write5m, input } = ratesFor(prices, size);
    const isKept = size >= first.minCacheable;
    usd += held * read + (size - held) * (isKept ? write5m : input);
    if (isKept) held = size;
  }
  // The last request says most of it.
  const atEnd = ratesFor(prices, first.tokens + added);
  return {
    output,
    outputUsd: (output * atEnd.output) / 1_000_000,
    stepsTokens,
    stepsUsd:
      (usd * (counted === 0 ? 0 : steps / counted)) / 1_000_000 +
      (first.hasSearch ? searchUsd({ searches: turn.searches ?? 0 }) : 0),
  };
}

/** What the next turn costs by the last ones (`turns`), and while these are few by what a turn usually takes (`prior`). */
export function expectedTurn(
  turns: readonly TurnSize[],
  prior: readonly TurnSize[],
  first: FirstRequest,
  prices: Prices | null,
): ExpectedTurn {
  const usd = (one: TurnCost): number => (one.outputUsd ?? 0) + (one.stepsUsd ?? 0);
  const from = turns.length >= enough ? turns.slice(-turnsKept) : prior;
  const priced = from
    .map((turn) => ({ cost: turnCost(turn, first, prices), order: usd(turnCost(turn, first, prices ?? usualRates)) }))
    .sort((a, b) => a.order - b.order);
  // The place before which as many of all turns to come are expected: the ends of a few are the least and the most of them.
  const at = (place: number): TurnCost => priced[Math.min(priced.length, Math.max(1, place)) - 1]?.cost ?? nothing;
  const places = priced.length + 1;
  const likely = priced[Math.floor(priced.length / 2)]?.cost ?? nothing;
  return {
    likely,
    lowUsd: prices === null ? null : usd(at(Math.floor(ends.low * places))),
    highUsd: prices === null ? null : usd(at(Math.ceil(ends.high * places))),
  };
}

const nothing: TurnCost = { output: 0, outputUsd: 0, stepsTokens: 0, stepsUsd: 0 };
