/** What the panel says on code blocks. */
import { t } from './language';

/** Buttons of a code block, and why one of shell code has only Copy. */
export const codeStrings = {
  copy: () => t('Copy Code'),
  copyOnly: (why: string) => t('Copy Code. {0}', why),
  insert: () => t('Insert at Cursor'),
  wrap: () => t('Toggle Word Wrap'),
  terminal: () => t('Insert in Terminal'),
  more: () => t('More Actions for This Code'),
  notForTerminal: {
    lines: {
      brief: () => t('Several lines: copy to run'),
      full: () => t('Several lines would run as soon as they are inserted in a terminal.'),
    },
    hidden: {
      brief: () => t('Hidden characters: copy and check'),
      full: () => t('It has characters that you can’t see or that act as keys in a terminal.'),
    },
    long: {
      brief: () => t('Long line: copy to run'),
      full: () => t('It is too long for a terminal.'),
    },
  },
} as const;
