/** What is known of each model by its id, without asking: prices and limits (API-FACTS §5–7). */
import { type Effort, effortLevels } from '../base/settings';
/** US dollars per million tokens. */
export interface Rates {
  readonly input: number;
  readonly output: number;
  readonly write5m: number;
  readonly write1h: number;
  readonly read: number;
}

/** A model's rates; where a long prompt costs more, the whole request is billed at the rates of its size. */
export interface Prices extends Rates {
  readonly above?: {
    /** The largest prompt, in tokens, that the lower rates are for. */
    readonly promptTokens: number;
    readonly rates: Rates;
  };
}

/** A model with its limits and prices; what the server says of it has replaced what the table says. */
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
  /** False where pictures are refused. */
  readonly imageInput: boolean;
  /** False where the API's own tools of the web are refused (API-FACTS §7.2, §10.1). */
  readonly webSearch: boolean;
  readonly webFetch: boolean;
  /** The levels of `output_config.effort`; empty for models that take none. */
  readonly efforts: readonly Effort[];
  /** The level that it takes where none is sent; null where that is not known. */
  readonly defaultEffort: Effort | null;
  /** Tokens of one image at most. */
  readonly maxImageTokens: number;
  /** True where thinking blocks are bound to the prefix they were made with (API-FACTS §5). */
  readonly bindsThinking: boolean;
  /** Tokens that the API adds when tools are offered (API-FACTS §8.3). */
  readonly toolOverhead: number;
  /** When it stops answering, as a date of ISO 8601 in UTC; missing where none is known (API-FACTS §7.3). */
  readonly retiresAt?: string;
}

const million = 1_000_000;
const efforts46: readonly Effort[] = ['low', 'medium', 'high', 'max'];

/** The usual multipliers: write 1.25× and 2×, read 0.1× (API-FACTS §6.2). */
function prices(input: number, output: number, read = input * 0.1): Rates {
  return { input, output, write5m: input * 1.25, write1h: input * 2, read };
}

const base = {
  window: million,
  maxOutput: 128_000,
  minCacheable: 1024,
  adaptiveThinking: true,
  imageInput: true,
  webSearch: true,
  webFetch: true,
  efforts: effortLevels as readonly Effort[],
  defaultEffort: 'high' as Effort | null,
  maxImageTokens: 4784,
  bindsThinking: false,
  toolOverhead: 400,
} as const;

const older = {
  window: 200_000,
  maxOutput: 64_000,
  adaptiveThinking: false,
  efforts: [],
  defaultEffort: null,
  maxImageTokens: 1568,
} as const;
const gen5 = { ...base, minCacheable: 512, toolOverhead: 354 } as const;
const gen55 = { ...gen5, bindsThinking: true } as const;

/** The model of the settings' default. */
export const defaultModelId = 'claude-opus-4-8';

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
  { ...base, ...older, id: 'claude-sonnet-4-5', name: 'Sonnet 4.5', prices: prices(3, 15), retiresAt: '2026-11-30' },
  { ...gen5, id: 'claude-opus-5', name: 'Opus 5', prices: prices(5, 25), toolOverhead: 286, webFetch: false },
  { ...gen5, id: 'claude-sonnet-5', name: 'Sonnet 5', prices: prices(2, 10), minCacheable: 1024 },
  { ...gen5, id: 'claude-fable-5', name: 'Fable 5', prices: prices(10, 50) },
  { ...gen5, id: 'claude-mythos-5', name: 'Mythos 5', prices: prices(10, 50) },
  { ...gen55, id: 'claude-opus-5-5', name: 'Opus 5.5', prices: prices(4, 20, 0.2), defaultEffort: 'medium' },
  // Reads cost half of the usual share since 2026-10-07 (API-FACTS §7.3).
  { ...gen55, id: 'claude-sonnet-5-5', name: 'Sonnet 5.5', prices: prices(2, 10, 0.1) },
  {
    ...gen55,
    id: 'claude-haiku-5-5',
    name: 'Haiku 5.5',
    efforts: efforts46,
    defaultEffort: 'medium',
    prices: { ...prices(0.1, 0.5), above: { promptTokens: 100_000, rates: prices(0.5, 2.5) } },
  },
  { ...gen55, id: 'claude-fable-5-2', name: 'Fable 5.2', prices: prices(8, 40, 0.2) },
  { ...gen55, id: 'claude-fable-5-1', name: 'Fable 5.1', prices: prices(10, 50, 0.25) },
  { ...gen55, id: 'claude-mythos-5-1', name: 'Mythos 5.1', prices: prices(10, 50, 0.25) },
];

/** The id without the date at its end: `claude-haiku-4-5-20251001` and `claude-haiku-4-5` are one model. */
export function undated(id: string): string {
  return id.replace(/-\d{8}$/, '');
}

/**
 * What is known of a model by its id, dated ids and those of gateways included. An unknown one gets cautious values: no
 * price, no thinking and effort parameters, limits that every current model has, and thinking that is bound to its prefix.
 */
export function modelOf(id: string): Model {
  const known = modelTable.find((model) => id === model.id || undated(id) === model.id);
  if (known !== undefined) return known.id === id ? known : { ...known, id };
  const behind = behindGateway(id);
  if (behind === null) {
    return { ...base, ...older, id, name: id, prices: null, minCacheable: 4096, bindsThinking: true };
  }
  // Two ids of one gateway may be the same model: each goes by its own. What it costs is the gateway's.
  return { ...behind, id, name: id, prices: null };
}

/**
 * The model that a gateway's id means: `us.anthropic.claude-opus-4-8-v1:0`, `claude-sonnet-4-6@20260217`,
 * `anthropic/claude-opus-4.8`, `claude-sonnet-4-5[1m]` (LESSONS L46); null for none of the table.
 */
export function behindGateway(id: string): Model | null {
  const read = gatewayId.exec(id.toLowerCase().slice(-200));
  if (read === null) return null;
  const [, oldMajor, oldMinor, family, major = oldMajor, minor = oldMinor, rest = ''] = read;
  const known = modelTable.find((model) => model.id === ['claude', family, major, minor].filter(Boolean).join('-'));
  if (known === undefined) return null;
  // A mark of gateways for the long window.
  return /\[1m\]|[:-]1m\b/.test(rest) ? { ...known, window: Math.max(known.window, million) } : known;
}

/** Whatever in front; family and version in either order, with dots or dashes; then dates, versions and marks. */
const gatewayId =
  /(?:^|[^a-z0-9])claude-(?:(\d)(?:[.-](\d))?-)?(opus|sonnet|haiku|fable|mythos)(?:-(\d)(?:[.-](\d))?)?((?:-\d{8}|@\d{8}|@default|@latest|-latest|-v\d+(?::\d+)?|-1m|:[a-z0-9]+|-thinking|\[\w+\])*)$/;

/** `max_tokens` when the user set none: room for long answers, within what the model gives. */
export function defaultMaxTokens(model: Model): number {
  return Math.min(32_000, model.maxOutput);
}

/** The level that is sent for the one that was chosen: the highest up to it that the model takes; null for none. */
export function effortFor(model: Model, chosen: Effort): Effort | null {
  const rank = effortLevels.indexOf(chosen);
  return model.efforts.findLast((level) => effortLevels.indexOf(level) <= rank) ?? model.efforts[0] ?? null;
}
