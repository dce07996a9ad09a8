/** What draws the popups of the composer, as the panel loads it with the first of them, or when there is time. */
import { costPopup } from './costPopup';
import { filesPopup } from './filesPopup';
import { mentionList } from './mentions/mentionList';
import { Slash } from './mentions/slash';
import { pickerOptions, pickerPopup } from './pickerPopup';
import type { Popups } from './popup';

/** All of them. */
export const popups: Popups = {
  picker: pickerPopup,
  options: pickerOptions,
  files: filesPopup,
  cost: costPopup,
  mentions: mentionList,
  slash: (text, host, signal) => new Slash(text, host, signal),
};
