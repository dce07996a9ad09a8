/** The models the fake serves: limits, capabilities and prices (API-FACTS §5, §6.1, §7.2, §7.3). */
import type { Switches } from './switches';
import type { InputUsage } from './wire';

type Line = 'haiku' | 'sonnet' | 'opus' | 'fable';
export type ThinkingType = 'adaptive' | 'enabled' | 'disabled' | 'between_tools';

/** Prices in US dollars per million tokens. */
export interface Prices {
  readonly input: number;
  readonly output: number;
  readonly write5m: number;
  readonly write1h: number;
  readonly read: number;
}

export interface Model {
  readonly id: string;
  /** Dated names that mean the same model. */
  readonly aliases: readonly string[];
  readonly name: string;
  /** RFC 3339. */
  readonly created: string;
  readonly line: Line;
  readonly window: number;
  readonly maxOutput: number;
  readonly minCacheable: number;
  readonly prices: Prices;
  readonly thinking: readonly ThinkingType[];
  readonly thinksByDefault: boolean;
  readonly display: 'omitted' | 'summarized';
  readonly efforts: readonly string[];
  readonly defaultEffort: string;
  readonly prefill: boolean;
  /** Earlier turns' thinking stays in the prompt (§5, last lines). */
  readonly keepsThinking: boolean;
  readonly boundThinking: boolean;
  readonly systemMessages: boolean;
  readonly newTokenizer: boolean;
  readonly highResImages: boolean;
  /** Prompt tokens that tools add: tool_choice auto or none, and any or tool (§8.3). */
  readonly toolOverhead: readonly [number, number];
}

function prices(input: number, readFactor = 0.1): Prices {
  return { input, output: input * 5, write5m: input * 1.25, write1h: input * 2, read: input * readFactor };
}

const five = ['low', 'medium', 'high', 'xhigh', 'max'] as const;
const four = ['low', 'medium', 'high', 'max'] as const;
const modern = {
  aliases: [],
  window: 1_000_000,
  maxOutput: 128_000,
  efforts: five,
  defaultEffort: 'high',
  prefill: false,
  keepsThinking: true,
  boundThinking: false,
  newTokenizer: true,
  highResImages: true,
} as const;
const older = {
  ...modern,
  newTokenizer: false,
  highResImages: false,
  systemMessages: false,
  thinksByDefault: false,
  display: 'summarized',
} as const;

const table: readonly Model[] = [
  {
    ...modern,
    id: 'claude-opus-5-5',
    name: 'Claude Opus 5.5',
    created: '2026-10-15T00:00:00Z',
    line: 'opus',
    minCacheable: 512,
    prices: prices(4, 0.05),
    thinking: ['adaptive'],
    thinksByDefault: true,
    display: 'omitted',
    defaultEffort: 'medium',
    boundThinking: true,
    systemMessages: true,
    toolOverhead: [286, 406],
  },
  {
    ...modern,
    id: 'claude-opus-4-8',
    name: 'Claude Opus 4.8',
    created: '2026-05-28T00:00:00Z',
    line: 'opus',
    minCacheable: 1_024,
    prices: prices(5),
    thinking: ['adaptive', 'disabled'],
    thinksByDefault: false,
    display: 'omitted',
    systemMessages: true,
    toolOverhead: [290, 410],
  },
  {
    ...modern,
    id: 'claude-opus-4-7',
    name: 'Claude Opus 4.7',
    created: '2026-04-16T00:00:00Z',
    line: 'opus',
    minCacheable: 2_048,
    prices: prices(5),
    thinking: ['adaptive', 'disabled'],
    thinksByDefault: false,
    display: 'omitted',
    systemMessages: false,
    toolOverhead: [675, 804],
  },
  {
    ...older,
    id: 'claude-sonnet-4-6',
    name: 'Claude Sonnet 4.6',
    created: '2026-02-17T00:00:00Z',
    line: 'sonnet',
    maxOutput: 64_000,
    minCacheable: 1_024,
    prices: prices(3),
    thinking: ['adaptive', 'enabled', 'disabled'],
    efforts: four,
    toolOverhead: [497, 589],
  },
  {
    ...older,
    id: 'claude-opus-4-6',
    name: 'Claude Opus 4.6',
    created: '2026-02-04T00:00:00Z',
    line: 'opus',
    minCacheable: 4_096,
    prices: prices(5),
    thinking: ['adaptive', 'enabled', 'disabled'],
    efforts: four,
    toolOverhead: [497, 589],
  },
  {
    ...older,
    id: 'claude-haiku-4-5',
    aliases: ['claude-haiku-4-5-20251001'],
    name: 'Claude Haiku 4.5',
    created: '2025-10-15T00:00:00Z',
    line: 'haiku',
    window: 200_000,
    maxOutput: 64_000,
    minCacheable: 4_096,
    prices: prices(1),
    thinking: ['enabled', 'disabled'],
    efforts: [],
    prefill: true,
    keepsThinking: false,
    toolOverhead: [496, 588],
  },
  {
    ...older,
    id: 'claude-sonnet-4-5',
    aliases: ['claude-sonnet-4-5-20250929'],
    name: 'Claude Sonnet 4.5',
    created: '2025-09-29T00:00:00Z',
    line: 'sonnet',
    window: 200_000,
    maxOutput: 64_000,
    minCacheable: 1_024,
    prices: prices(3),
    thinking: ['enabled', 'disabled'],
    efforts: [],
    prefill: true,
    keepsThinking: false,
    toolOverhead: [496, 588],
  },
];

/** The models under these switches, newest first. */
export function modelsUnder(switches: Switches): readonly Model[] {
  return table.map((model) =>
    model.id === 'claude-sonnet-4-6'
      ? { ...model, maxOutput: switches.sonnet46MaxOutput, minCacheable: switches.sonnet46MinCacheable }
      : model,
  );
}

/** The model of an id or dated alias; undefined when there is none. */
export function findModel(models: readonly Model[], id: string): Model | undefined {
  return models.find((model) => model.id === id || model.aliases.includes(id));
}

/** A ModelInfo as GET /v1/models returns it (§7.2). */
export function modelInfo(model: Model): Record<string, unknown> {
  const yes = (supported: boolean): { supported: boolean } => ({ supported });
  return {
    id: model.aliases[0] ?? model.id,
    type: 'model',
    display_name: model.name,
    created_at: model.created,
    lifecycle: 'active',
    deprecated_at: null,
    retires_at: null,
    line: model.line,
    max_input_tokens: model.window,
    max_tokens: model.maxOutput,
    capabilities: {
      batch: yes(true),
      citations: yes(true),
      code_execution: yes(true),
      image_input: yes(true),
      pdf_input: yes(true),
      structured_outputs: yes(true),
      context_management: {
        supported: true,
        clear_thinking_20251015: yes(true),
        clear_tool_uses_20250919: yes(true),
        compact_20260112: yes(!model.prefill),
      },
      effort: {
        supported: model.efforts.length > 0,
        ...Object.fromEntries(five.map((level) => [level, yes(model.efforts.includes(level))])),
      },
      server_tools: { supported: true, web_search: yes(true), code_execution: yes(true) },
      thinking: {
        supported: true,
        types: Object.fromEntries(
          (['adaptive', 'between_tools', 'disabled', 'enabled'] as const).map((type) => [
            type,
            yes(model.thinking.includes(type)),
          ]),
        ),
      },
    },
  };
}

/**
 * One page of GET /v1/models, or undefined when the query is invalid (limit 1 to 1000, default 20; §7.2).
 * An unknown cursor gives an empty page.
 */
export function modelsPage(models: readonly Model[], query: URLSearchParams): Record<string, unknown> | undefined {
  const limit = Number(query.get('limit') ?? 20);
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000) return undefined;
  const infos = models.map(modelInfo);
  const ids = infos.map((info) => String(info['id']));
  const after = query.get('after_id');
  const before = query.get('before_id');
  let from = 0;
  let to = ids.length;
  if (after !== null) from = ids.includes(after) ? ids.indexOf(after) + 1 : ids.length;
  if (before !== null) to = Math.max(ids.indexOf(before), 0);
  const start = before !== null && after === null ? Math.max(to - limit, from) : from;
  const data = infos.slice(start, Math.min(start + limit, to));
  const more = before !== null && after === null ? start > 0 : start + limit < to;
  return {
    data,
    has_more: more,
    first_id: data[0]?.['id'] ?? null,
    last_id: data.at(-1)?.['id'] ?? null,
  };
}

/** What input costs, in US dollars. */
export function inputCost(model: Model, usage: InputUsage): number {
  const { input, write5m, write1h, read } = model.prices;
  return (
    (usage.input_tokens * input +
      usage.cache_creation.ephemeral_5m_input_tokens * write5m +
      usage.cache_creation.ephemeral_1h_input_tokens * write1h +
      usage.cache_read_input_tokens * read) /
    1e6
  );
}

/** What output costs, in US dollars. */
export function outputCost(model: Model, outputTokens: number): number {
  return (outputTokens * model.prices.output) / 1e6;
}
