/** What draws the popups of the composer, as the panel loads it with the first of them, or when there is time. */

import { html, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import type { OfferedOutput } from '../../shared/protocol';
import { visible } from '../../shared/visible';
import { addressStrings, outputStrings } from '../l10n/filesPopupStrings';
import { tokenCount } from '../l10n/format';
import { continueFromSummary, fullWindow } from '../view/summaryOffers';
import type { View } from '../view/view';
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
  outputs: outputChips,
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

/** The rows of what commands in a terminal have left. */
function outputChips(view: View, outputs: readonly OfferedOutput[], control: { focusText(): void }): unknown {
  const isFirst = view.composer.attachments.length === 0;
  return repeat(
    outputs,
    ({ id }) => id,
    (output, index) => outputChip(view, control, output, isFirst && index === 0),
  );
}

/** "npm test · exit 1 · 1.2k · Add": nothing of it goes before it is added. */
function outputChip(
  view: View,
  control: { focusText(): void },
  { id, command, exitCode, tokens }: OfferedOutput,
  first: boolean,
): TemplateResult {
  const shown = visible(command);
  const facts = outputStrings.outputFacts(exitCode, tokenCount(tokens));
  const dismiss = outputStrings.dismissOutput(shown);
  const leave = (type: 'addOutput' | 'dismissOutput'): void => {
    view.actions.here(type, { id });
    control.focusText();
  };
  return html`<span class="chip attachment offered" data-output=${id}>
    <span class="codicon codicon-terminal" aria-hidden="true"></span><span class="chipLabel" title=${shown}>${shown}</span>
    <span class="chipWeight">${facts}</span><button
      class="linkButton chipAdd" type="button" tabindex=${first ? 0 : -1} data-do="addOutput"
      aria-label=${outputStrings.addOutput(shown)} title=${outputStrings.addOutput(shown)} @click=${() => leave('addOutput')}
    >${outputStrings.add()}</button><button
      class="chipRemove codicon codicon-close" type="button" tabindex="-1" title=${dismiss} aria-label=${dismiss}
      data-remove=${id} @click=${() => leave('dismissOutput')}
    ></button>
  </span>`;
}
