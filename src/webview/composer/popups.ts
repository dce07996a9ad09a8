/** What draws the popups of the composer, as the panel loads it with the first of them, or when there is time. */

import { html, type TemplateResult } from 'lit-html';
import { addressStrings } from '../l10n/filesPopupStrings';
import { strings } from '../l10n/strings';
import { continueFromSummary, fullWindow } from '../view/summaryOffers';
import { costPopup } from './costPopup';
import { filesPopup } from './filesPopup';
import { inlineLists, Lists } from './mentions/lists';
import { mentionList } from './mentions/mentionList';
import { Pasting } from './pasting';
import { pickerOptions, pickerPopup } from './pickerPopup';
import type { Popups } from './popup';
import { queueRows } from './queue';
import { Recall } from './recall';

/** All of them. */
export const popups: Popups = {
  picker: pickerPopup,
  options: pickerOptions,
  files: filesPopup,
  address: addressRow,
  recall: new Recall(),
  pasting: (host, signal) => new Pasting(host, signal),
  cost: costPopup,
  fullWindow,
  queue: queueRows,
  continueFromSummary,
  mentions: mentionList,
  lists: (text, host, signal) => new Lists(text, host, signal),
  inlineLists,
};

/** What is asked about the address of an image that was pasted. */
function addressRow(control: { answerAddress(send: boolean): void }, address: string): TemplateResult {
  return html`<div class="attachmentNote ask" role="group" aria-label=${addressStrings.askAddress()}>
    <span class="codicon codicon-globe" aria-hidden="true"></span><span class="noteWords" title=${address}>${addressStrings.askAddress()}</span>
    <button class="button" type="button" data-do="sendAddress" @click=${() => control.answerAddress(true)}>${addressStrings.sendAddress()}</button>
    <button class="button secondary" type="button" data-do="keepText" @click=${() => control.answerAddress(false)}>${addressStrings.keepText()}</button>
  </div>`;
}
