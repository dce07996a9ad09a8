/** What the popup of a turn's cost, and the usage view, say of tokens that were used. */
import { addKnown, type TokenUsage } from '../../shared/tokenUsage';
import { usdPerSearch } from '../../shared/web/prices';
import { dollars, percent, percentText, tokenCount } from './format';
import { t } from './language';

/** The names of what is billed, and what was saved. */
export const usageStrings = {
  model: () => t('Model'),
  cost: () => t('Cost'),
  requests: () => t('Requests'),
  searches: () => t('Web searches'),
  searchesFor: (count: number, usd: string) => t('{0}, {1}', count, usd),
  input: () => t('Input, not cached'),
  read: () => t('Read from the cache'),
  written5m: () => t('Written to the cache, 5 min'),
  written1h: () => t('Written to the cache, 1 h'),
  output: () => t('Output'),
  hitRate: () => t('Cache hit rate'),
  noHitRate: () => '—',
  unpriced: () => t('Unknown price: spend limits count this model’s tokens.'),
  unsaid: () => t('The server didn’t report all usage: spend limits count an estimate.'),
} as const;

/** Tokens that went in, read from the cache or not; null where a part is unknown. */
export function allInput({ input, cacheRead, cacheWrite5m, cacheWrite1h }: TokenUsage): number | null {
  return [input, cacheRead, cacheWrite5m, cacheWrite1h].reduce(addKnown, 0);
}

/** Whole percent of the input that was read from the cache; null without any, and where it is unknown. */
export function hitRate(usage: TokenUsage): number | null {
  const { cacheRead } = usage;
  const input = allInput(usage);
  return input === null || input === 0 || cacheRead === null ? null : percent(cacheRead, input);
}

function searchPrice(count: number): string {
  return dollars(count * usdPerSearch);
}

/** Names and numbers of what requests used. */
export function usageRows(usage: TokenUsage, requests: number): readonly (readonly [string, string])[] {
  const hits = hitRate(usage);
  return [
    [usageStrings.input(), tokenCount(usage.input)],
    [usageStrings.read(), tokenCount(usage.cacheRead)],
    [usageStrings.written5m(), tokenCount(usage.cacheWrite5m)],
    ...(usage.cacheWrite1h === 0 ? [] : [[usageStrings.written1h(), tokenCount(usage.cacheWrite1h)] as const]),
    [usageStrings.output(), tokenCount(usage.output)],
    ...(usage.searches === undefined
      ? []
      : [[usageStrings.searches(), usageStrings.searchesFor(usage.searches, searchPrice(usage.searches))] as const]),
    [usageStrings.requests(), String(requests)],
    [usageStrings.hitRate(), hits === null ? usageStrings.noHitRate() : percentText(hits)],
  ];
}
