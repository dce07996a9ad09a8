/** What is known of each model without asking: the table for when `models.list` cannot be reached (API-FACTS §5–7). */

/** US dollars per million tokens. */
export interface Prices {
  readonly input: number;
  readonly output: number;
  readonly write5m: number;
  readonly write1h: number;
  readonly read: number;
}

export interface Model {
  readonly id: string;
  readonly name: string;
  /** Tokens that input and output share. */
  readonly window: number;
  /** Tokens of one answer at most. */
  readonly maxOutput: number;
  /** null when no price is known: then costs are shown as "—", never as 0. */
  readonly prices: Prices | null;
  /** The smallest prefix, in tokens, that the cache keeps (API-FACTS §6.1). */
  readonly minCacheable: number;
  readonly adaptiveThinking: boolean;
  /** The levels of `output_config.effort`; empty for models that take none. */
  readonly efforts: readonly string[];
  /** Tokens of one image at most. */
  readonly maxImageTokens: number;
  /** True where thinking blocks are bound to the prefix they were made with (API-FACTS §5). */
  readonly bindsThinking: boolean;
  /** Tokens that the API adds when tools are offered (API-FACTS §8.3). */
  readonly toolOverhead: number;
}

const million = 1_000_000;
const allEfforts = ['low', 'medium', 'high', 'xhigh', 'max'] as const;
const efforts46 = ['low', 'medium', 'high', 'max'] as const;

/** The usual multipliers: write 1.25× and 2×, read 0.1× (API-FACTS §6.2). */
function prices(input: number, output: number, read = input * 0.1): Prices {
  return { input, output, write5m: input * 1.25, write1h: input * 2, read };
}

const base = {
  window: million,
  maxOutput: 128_000,
  minCacheable: 1024,
  adaptiveThinking: true,
  efforts: allEfforts as readonly string[],
  maxImageTokens: 4784,
  bindsThinking: false,
  toolOverhead: 400,
} as const;

const older = {
  window: 200_000,
  maxOutput: 64_000,
  adaptiveThinking: false,
  efforts: [],
  maxImageTokens: 1568,
} as const;
const gen5 = { ...base, minCacheable: 512, toolOverhead: 354 } as const;
const gen55 = { ...gen5, bindsThinking: true } as const;

/** Opus 4.8 first: the default. Sonnet 4.6's output is capped at the lower of two published figures (API-FACTS C1). */
export const modelTable: readonly Model[] = [
  { ...base, id: 'claude-opus-4-8', name: 'Opus 4.8', prices: prices(5, 25), toolOverhead: 290 },
  {
    ...base,
    id: 'claude-sonnet-4-6',
    name: 'Sonnet 4.6',
    maxOutput: 64_000,
    prices: prices(3, 15),
    efforts: efforts46,
    maxImageTokens: 1568,
    toolOverhead: 497,
  },
  {
    ...base,
    ...older,
    id: 'claude-haiku-4-5',
    name: 'Haiku 4.5',
    prices: prices(1, 5),
    minCacheable: 4096,
    toolOverhead: 496,
  },
  { ...base, id: 'claude-opus-4-7', name: 'Opus 4.7', prices: prices(5, 25), minCacheable: 2048, toolOverhead: 675 },
  {
    ...base,
    id: 'claude-opus-4-6',
    name: 'Opus 4.6',
    prices: prices(5, 25),
    minCacheable: 4096,
    efforts: efforts46,
    maxImageTokens: 1568,
  },
  { ...base, ...older, id: 'claude-opus-4-5', name: 'Opus 4.5', prices: prices(5, 25), minCacheable: 4096 },
  { ...base, ...older, id: 'claude-sonnet-4-5', name: 'Sonnet 4.5', prices: prices(3, 15) },
  { ...gen5, id: 'claude-opus-5', name: 'Opus 5', prices: prices(5, 25), toolOverhead: 286 },
  { ...gen5, id: 'claude-sonnet-5', name: 'Sonnet 5', prices: prices(2, 10), minCacheable: 1024 },
  { ...gen5, id: 'claude-fable-5', name: 'Fable 5', prices: prices(10, 50) },
  { ...gen5, id: 'claude-mythos-5', name: 'Mythos 5', prices: prices(10, 50) },
  { ...gen55, id: 'claude-opus-5-5', name: 'Opus 5.5', prices: prices(4, 20, 0.2) },
  // Its read price differs between sources (API-FACTS §7.3): the official page's figure, the higher one.
  { ...gen55, id: 'claude-sonnet-5-5', name: 'Sonnet 5.5', prices: prices(2, 10) },
  { ...gen55, id: 'claude-fable-5-1', name: 'Fable 5.1', prices: prices(10, 50, 0.25) },
  { ...gen55, id: 'claude-mythos-5-1', name: 'Mythos 5.1', prices: prices(10, 50, 0.25) },
];

/**
 * What is known of a model by its id, dated ids included (`claude-haiku-4-5-20251001`). An unknown one gets cautious
 * values: no price, no thinking and effort parameters, and limits that every current model has.
 */
export function modelOf(id: string): Model {
  const known = modelTable.find(
    (model) => id === model.id || (id.startsWith(`${model.id}-`) && /^\d{8}$/.test(id.slice(model.id.length + 1))),
  );
  if (known !== undefined) return { ...known, id };
  return { ...base, ...older, id, name: id, prices: null, minCacheable: 4096 };
}

/** `max_tokens` when the user set none: room for long answers, within what the model gives. */
export function defaultMaxTokens(model: Model): number {
  return Math.min(32_000, model.maxOutput);
}
