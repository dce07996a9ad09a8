/** Tools of others with what each costs a request, before it is switched on. */
import { ratesFor } from '../../core/models/cost';
import type { Model } from '../../core/models/models';
import { estimateTokens } from '../../core/models/tokens';
import type { OtherTool, ToolSource } from '../../core/record/chosenTool';
import { tools as ownTools } from '../../core/tools/all';
import { adopted, type ToolProblem } from '../../core/tools/others/adopt';
import { isOwnName } from '../../core/tools/others/offered';
import { isTaken, serverToolOf, webTools } from '../../core/tools/others/web';
import type { LiveTool } from '../../core/tools/ports/otherTools';

/** A tool that can be chosen, or that cannot be, and why. */
export interface PricedTool {
  /** Its source and its name at VS Code: what tells it from all others. */
  readonly key: string;
  readonly source: ToolSource;
  readonly title: string;
  /** In one line or more, as the model is told. */
  readonly description: string;
  /** As it would be offered; null where it cannot be. */
  readonly tool: OtherTool | null;
  /** `model`: the model does not take it. */
  readonly problem: ToolProblem | 'model' | null;
  /** Of its definition, in each request. */
  readonly tokens: number;
  /** US dollars for each request that reads it from the cache; null where the price is not known. */
  readonly usd: number | null;
  /** US dollars of each call, beside its tokens; missing where a call costs nothing of its own. */
  readonly usdPerCall?: number;
  readonly chosen: boolean;
  /** `gone`: it was chosen, and VS Code does not hold it now. `changed`: it says something else than when it was chosen. */
  readonly since: 'gone' | 'changed' | null;
}

/** All that can be chosen, by source and name: the same choice is sent in the same order, whoever makes it. */
export async function pricedTools(
  chosen: readonly OtherTool[],
  live: readonly LiveTool[],
  model: Model,
  factor: number,
): Promise<readonly PricedTool[]> {
  const rate = model.prices === null ? null : ratesFor(model.prices, 0).read;
  const priced = (tool: OtherTool | null): Pick<PricedTool, 'tokens' | 'usd'> => {
    const tokens = tool === null ? 0 : Math.ceil(estimateTokens(JSON.stringify(tool.definition)) * factor);
    return { tokens, usd: rate === null ? null : (tokens * rate) / 1_000_000 };
  };
  const isBefore = ({ id, source }: LiveTool) =>
    chosen.find((one) => one.id === id && one.source.kind === source.kind && one.source.id === source.id);
  const rows = live.map(async (one): Promise<PricedTool> => {
    const before = isBefore(one);
    const made = await adopted(one, (name) => isOwnName(ownTools, name));
    const tool = 'tool' in made ? made.tool : null;
    return {
      key: keyOf(one),
      source: tool?.source ?? one.source,
      title: tool?.title ?? one.title,
      description: tool?.definition.description ?? '',
      tool,
      problem: 'problem' in made ? made.problem : null,
      ...priced(tool),
      chosen: before !== undefined && tool !== null,
      since: before === undefined || before.digest === tool?.digest ? null : 'changed',
    };
  });
  const there = new Set(live.map(keyOf));
  const gone = chosen.flatMap((tool): PricedTool[] => {
    const key = keyOf(tool);
    if (there.has(key) || tool.source.kind === 'api') return [];
    const { source, title, definition } = tool;
    const { description } = definition;
    return [{ key, source, title, description, tool, problem: null, ...priced(tool), chosen: true, since: 'gone' }];
  });
  return [...(await Promise.all(rows)), ...gone].sort((a, b) => compare(a.key, b.key));
}

/** The tools that the API runs itself: they stand behind those of others; the model may not take them. */
export function webRows(chosen: readonly OtherTool[], model: Model, factor: number): readonly PricedTool[] {
  return webTools.flatMap((tool): PricedTool[] => {
    const server = serverToolOf(tool);
    if (server === undefined) return [];
    const { source, title } = tool;
    const tokens = Math.ceil(estimateTokens(JSON.stringify(server.definition)) * factor);
    const usd = model.prices === null ? null : (tokens * ratesFor(model.prices, 0).read) / 1_000_000;
    const key = keyOf(tool);
    const isOffered = isTaken(tool, model);
    return [
      {
        ...{ key, source, title, description: '', tokens, usd, since: null, usdPerCall: server.usdPerCall },
        ...(isOffered ? { tool, problem: null } : { tool: null, problem: 'model' }),
        chosen: isOffered && chosen.some((one) => keyOf(one) === key),
      },
    ];
  });
}

/** The API's own come last: what is offered behind them would be told anew when they are switched. */
const sourceOrder: readonly ToolSource['kind'][] = ['mcp', 'extension', 'api'];

function keyOf({ id, source }: Pick<LiveTool, 'id' | 'source'>): string {
  return JSON.stringify([sourceOrder.indexOf(source.kind), source.id, id]);
}

/** By code units: the same everywhere. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
