/** What the pickers and the line about a switch say. */
import { t } from './language';

type Way = 'ask' | 'atEnd';

/** The pickers of model, effort and review; prices and windows of models are told in them. */
export const pickerStrings = {
  model: (name: string) => t('Model: {0}', name),
  models: () => t('Model'),
  effort: (name: string) => t('Effort: {0}', name),
  efforts: () => t('Effort'),
  reviews: () => t('Edits'),
  review: (way: Way) => (way === 'ask' ? t('Edits: ask first') : t('Edits: review at end')),
  reviewName: (way: Way) => (way === 'ask' ? t('Ask first') : t('Review at end')),
  reviewPhrase: (way: Way) =>
    way === 'ask'
      ? t('Each edit waits for your approval')
      : t('Edits are applied at once. Keep or undo them at the end'),
  filter: () => t('Type to filter'),
  none: () => t('No matching models'),
  asking: () => t('Loading models…'),
  askingFailed: () => t('Couldn’t load models from the API. Showing built-in models.'),
  prices: (input: string, output: string) => t('{0} / {1}', input, output),
  pricesTitle: () => t('US dollars per million tokens, in / out'),
  spokenPrices: (input: string, output: string) => t('{0} in and {1} out per million tokens', input, output),
  window: (tokens: string) => t('{0} window', tokens),
  above: (tokens: string, input: string, output: string) => t('above {0} tokens {1} / {2}', tokens, input, output),
  default: () => t('Default'),
  older: () => t('Older models'),
  cheaper: (name: string, percent: string) => t('{0} is newer and costs {1} less', name, percent),
  retires: (date: string) => t('Retires on {0}', date),
  retired: (date: string) => t('Retired on {0}', date),
  effortPhrase: (level: string) => (Object.hasOwn(effortPhrases, level) ? t(effortPhrases[level] ?? '') : ''),
} as const;

const effortNames: Readonly<Record<string, string>> = {
  low: 'Low',
  medium: 'Medium',
  high: 'High',
  xhigh: 'Extra high',
  max: 'Max',
};

const effortPhrases: Readonly<Record<string, string>> = {
  low: 'Short, quick and cheap',
  medium: 'A balance of cost and care',
  high: 'Thinks when needed',
  xhigh: 'For long work over many files',
  max: 'As much as the model can do',
};

/** "high" as it is shown: "High". Empty for none: "no effort". */
export function effortName(level: string): string {
  if (level === '') return t('no effort');
  return Object.hasOwn(effortNames, level) ? t(effortNames[level] ?? level) : level;
}
