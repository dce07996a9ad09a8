/** What is said above the text, where it is loaded later: the popup of the open files, the queue, pastes. */
import { plural, t } from './language';

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

/** Messages that wait. */
export const queueStrings = {
  queue: () => t('Queued Messages'),
  queuedNext: () => t('Sends after the current step'),
  queuedHeld: () => t('Needs your attention'),
  editQueued: () => t('Edit Queued Message'),
  save: () => t('Save'),
  moveUp: () => t('Move Up'),
  moveDown: () => t('Move Down'),
  unqueue: () => t('Remove'),
  sendNow: () => t('Send Now'),
  attachedCount: (count: number) => plural(count, '{0} attachment', '{0} attachments'),
} as const;

/** What is asked of an image's address that was pasted. */
export const addressStrings = {
  askAddress: () => t('Send the address of the image?'),
  sendAddress: () => t('Send Address'),
  keepText: () => t('Keep as Text'),
} as const;

/** What a command in a terminal has left, which may be added. */
export const outputStrings = {
  outputFacts: (exitCode: number | null, tokens: string) =>
    exitCode === null ? tokens : t('exit {0} · {1}', exitCode, tokens),
  add: () => t('Add'),
  addOutput: (command: string) => t('Add Output of {0}', command),
  dismissOutput: (command: string) => t('Dismiss Output of {0}', command),
} as const;
