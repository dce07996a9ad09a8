/** What the buttons of the pickers say. */
import { t } from './language';

/** When edits are looked at: each before it is made, or all at the end of the turn. */
export type ReviewWay = 'ask' | 'atEnd';

/** The buttons' titles. */
export const pickerButtonStrings = {
  model: (name: string) => t('Model: {0}', name),
  effort: (name: string) => t('Effort: {0}', name),
  review: (way: ReviewWay) => (way === 'ask' ? t('Edits: ask first') : t('Edits: review at end')),
} as const;

const effortNames: Readonly<Record<string, () => string>> = {
  low: () => t('Low'),
  medium: () => t('Medium'),
  high: () => t('High'),
  xhigh: () => t('Extra high'),
  max: () => t('Max'),
};

/** "high" as it is shown: "High". Empty for none: "no effort". */
export function effortName(level: string): string {
  if (level === '') return t('no effort');
  return (Object.hasOwn(effortNames, level) ? effortNames[level]?.() : null) ?? level;
}
