/** What the popup of the open files says. */
import { t } from './language';

/** The popup's rows, and the states of a file. */
export const filesPopupStrings = {
  openFiles: () => t('Open Files'),
  includeOpenFiles: () => t('Include open files in this workspace'),
  includeTitle: () => t('Turns the selection on or off, too. Files that you add yourself are always included.'),
  tokens: (count: string) => t('{0} tokens', count),
  /** The model has it as it is now. */
  sent: () => t('already sent'),
  changed: () => t('changed'),
  fresh: () => t('new'),
  removed: () => t('removed'),
  named: () => t('opened later, only its name'),
  notIncluded: () => t('Not Included'),
  together: (weight: string) => t('Together {0}', weight),
} as const;

/** What a paste says that is loaded with the first one. */
export const pasteStrings = {
  pasteWaits: () => t('The pasted text isn’t stored yet: VS Code’s extension host doesn’t respond.'),
} as const;
