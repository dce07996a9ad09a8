/**
 * The tools that the API runs itself and that can be offered: plain versions, which the model calls directly, with a bound
 * on how often in one answer (API-FACTS §8.4).
 */
import { usdPerSearch } from '../../../shared/web/prices';

/** The definition of a tool of the API, as it is sent: the same bytes always. `max_uses` counts the calls of one answer. */
export type ServerToolDefinition =
  | { readonly type: 'web_search_20250305'; readonly name: 'web_search'; readonly max_uses: number }
  | {
      readonly type: 'web_fetch_20250910';
      readonly name: 'web_fetch';
      readonly max_uses: number;
      /** Tokens of a page that the model reads. */
      readonly max_content_tokens: number;
    };

/** A tool of the API that the user may switch on. */
export interface ServerTool {
  readonly definition: ServerToolDefinition;
  /** US dollars of one call, its tokens apart. */
  readonly usdPerCall: number;
}

/** In the order in which they are offered. */
export const serverTools: readonly ServerTool[] = [
  { definition: { type: 'web_search_20250305', name: 'web_search', max_uses: 5 }, usdPerCall: usdPerSearch },
  {
    definition: { type: 'web_fetch_20250910', name: 'web_fetch', max_uses: 5, max_content_tokens: 20_000 },
    usdPerCall: 0,
  },
];
