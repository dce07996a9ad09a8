import { refusals } from '../../../src/host/base/plainStrings';
import { refused } from '../../../src/host/base/refused';
import type { MentionWindow } from '../../../src/host/workspace/mentions/mentions';

/** A window in which nothing is open, nothing is selected and nothing was run. */
export const nothingBeside: MentionWindow = {
  isRemote: false,
  recent: () => [],
  beside: () => [],
  symbols: async () => [],
  unsaved: async () => null,
  selection: async () => {
    throw refused(refusals.nothingSelected());
  },
  terminal: () => null,
};
