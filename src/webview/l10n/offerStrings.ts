/** What is said of conversations outside their list: where it stands, and what could be brought into it. */
import { plural, t } from './language';

/** The list's name, and the offer of a moved folder's conversations. */
export const offerStrings = {
  conversations: () => t('Conversations'),
  offer: (count: number, from: string) =>
    plural(
      count,
      '{0} conversation of {1} seems to belong here.',
      '{0} conversations of {1} seem to belong here.',
      from,
    ),
  bring: (count: number, from: string) =>
    plural(count, 'Bring {0} conversation from {1}', 'Bring {0} conversations from {1}', from),
  notNow: () => t('Don’t Ask Again'),
} as const;
