/** The rows of the list of tools of others, and what checking one does to the others. No vscode here. */
import type { ToolSource } from '../../core/record/chosenTool';
import type { PricedTool } from '../pricing/toolPrices';

/** A server or an extension with its tools. */
export interface SourceRow {
  readonly source: ToolSource;
  readonly tools: readonly PricedTool[];
}

/** The tools by where they come from, in their order. */
export function sourceRows(list: readonly PricedTool[]): readonly SourceRow[] {
  const groups = Map.groupBy(list, ({ source }) => `${source.kind} ${source.id}`);
  return [...groups.values()].flatMap((tools) => (tools[0] === undefined ? [] : [{ source: tools[0].source, tools }]));
}

/** Tokens and US dollars of a request for those of these keys; null where a price is not known. */
export function total(
  list: readonly PricedTool[],
  keys: ReadonlySet<string>,
): { readonly tokens: number; readonly usd: number | null } {
  const counted = list.filter(({ key }) => keys.has(key));
  return {
    tokens: counted.reduce((sum, { tokens }) => sum + tokens, 0),
    usd: counted.reduce<number | null>((sum, { usd }) => (sum === null || usd === null ? null : sum + usd), 0),
  };
}

/**
 * The keys that are checked after a click. `keys`: those before it; `rows`: what is checked on screen now. The row of a
 * server checks or clears all of its tools; one that cannot be offered is never checked.
 */
export function checked(
  groups: readonly SourceRow[],
  keys: ReadonlySet<string>,
  rows: ReadonlySet<SourceRow | PricedTool>,
): ReadonlySet<string> {
  const now = groups.flatMap((group) => {
    const usable = group.tools.filter(({ tool }) => tool !== null);
    const wasWhole = usable.length > 0 && usable.every(({ key }) => keys.has(key));
    const ticked = usable.filter((tool) => rows.has(tool));
    if (rows.has(group) === wasWhole) return ticked.map(({ key }) => key);
    // Some of them were cleared with it, as where the list is filtered: the others stay.
    if (wasWhole && ticked.length < usable.length) return ticked.map(({ key }) => key);
    return rows.has(group) ? usable.map(({ key }) => key) : [];
  });
  const same = now.length === keys.size && now.every((key) => keys.has(key));
  return same ? keys : new Set(now);
}

/**
 * What VS Code may call a server of this name: one of a folder's, of the workspace's, of the user's or of the machine's
 * mcp.json. Those that extensions bring have ids of their extensions' making.
 */
export function serverIds(server: string, folders: number): readonly string[] {
  const places = [...Array.from({ length: folders }, (_, index) => `ws${index}`), 'workspace', 'usrlocal', 'usrremote'];
  return places.map((place) => `mcp.config.${place}.${server}`);
}
