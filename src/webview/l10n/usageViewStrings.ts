/** What the usage view says. */
import { dollars } from './format';
import { language, plural, t } from './language';

/** Headings, columns and notes of the usage view. */
export const usageViewStrings = {
  costOf: (what: string, usd: string) => t('{0}: {1}', what, usd),
  title: () => t('Usage'),
  thisWorkspace: (name: string | null) => (name === null ? t('This window') : t('This workspace: {0}', name)),
  allWorkspaces: () => t('All workspaces'),
  scope: () => t('Scope'),
  demo: () => t('Demo: a local stand-in answers. The sums are what Claude would cost.'),
  loading: () => t('Loading'),
  tryAgain: () => t('Try Again'),
  empty: (days: number) => t('Nothing was spent in the last {0} days.', days),
  emptyHere: () => t('Other workspaces may have more.'),

  today: () => t('Today'),
  lastDays: (days: number) => t('{0} days', days),
  spent: () => t('Spent'),
  saved: () => t('Saved by the cache'),
  savedNote: () => t('Compared with the same requests without a prompt cache, at the prices at that time.'),
  hitRate: () => t('Cache hit rate'),
  requests: () => t('Requests'),

  plot: (days: number) => t('Cost by day, last {0} days', days),
  plotSpoken: (days: number, sum: string, most: string, when: string) =>
    t(
      'Bars: cost by day over the last {0} days, {1} in all, most on {3} with {2}. The table below has the numbers.',
      days,
      sum,
      most,
      when,
    ),
  asTable: () => t('Show as table'),
  day: () => t('Day'),
  read: () => t('Cache reads'),
  written: () => t('Cache writes'),
  input: () => t('Uncached input'),
  output: () => t('Output'),
  searches: () => t('Web searches'),
  total: () => t('Cost'),

  byModel: () => t('By model'),
  model: () => t('Model'),
  tokensIn: () => t('Tokens in'),
  tokensOut: () => t('Tokens out'),
  byConversation: () => t('By conversation'),
  conversation: () => t('Conversation'),
  untitled: () => t('New chat'),
  open: (title: string) => t('Open {0}', title),
  others: (count: number) => plural(count, '{0} more conversation', '{0} more conversations'),
  deleted: () => t('Deleted conversations'),

  unpriced: (count: number) =>
    plural(
      count,
      '{0} request has no known price: its cost is in none of these sums.',
      '{0} requests have no known price: their cost is in none of these sums.',
    ),
  notes: () => [
    t(
      'Dollars are computed from the usage that the API reports with each answer, at the prices Prelude knew then. Your bill is what counts.',
    ),
    t(
      'Of conversations that were deleted forever only the sums of each day are kept. They count under “All workspaces”.',
    ),
  ],
  limits: () => t('Set spend limits'),
} as const;

/** Dollars that may be less than nothing: writing the cache can cost more than reading it has saved. */
export function signedDollars(usd: number): string {
  return usd < 0 ? `−${dollars(-usd)}` : dollars(usd);
}

/** "22 Nov", as short as the language has it. */
export function shortDay(at: number): string {
  return new Date(at).toLocaleDateString(language(), { day: 'numeric', month: 'short' });
}

/** "Sunday, 22 November". */
export function longDay(at: number): string {
  return new Date(at).toLocaleDateString(language(), { weekday: 'long', day: 'numeric', month: 'long' });
}
