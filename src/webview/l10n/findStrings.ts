/** What the box says that finds in a chat. */
import { keptFormat } from './format';
import { plural, t } from './language';

/** Its field, its buttons, and how much was found. */
export const findStrings = {
  title: () => t('Find in Chat'),
  find: () => t('Find'),
  matchCase: () => t('Match Case'),
  wholeWord: () => t('Match Whole Word'),
  previous: () => t('Previous Match (Shift+Enter)'),
  next: () => t('Next Match (Enter)'),
  close: () => t('Close (Escape)'),
  none: () => t('No results'),
  /** What the list has found, and what is drawn has no words of. */
  beside: () => t('Not in the text itself'),
  /** "3 of 14". */
  place: (at: number, count: string) => t('{0} of {1}', number(at), count),
  /** Nothing of it is gone to yet. */
  count: (count: number, text: string) => plural(count, '{1} result', '{1} results', text),
  total: (count: number, more: boolean) => (more ? t('{0}+', number(count)) : number(count)),
} as const;

function number(count: number): string {
  return keptFormat('count', (tag) => new Intl.NumberFormat(tag)).format(count);
}
