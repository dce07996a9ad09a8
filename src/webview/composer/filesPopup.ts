/** What pops up above the chip of the open files: each with its weight, and which of them go along. */
import { html, nothing, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import type { ChipFile } from '../../shared/protocol';
import { wholeFile } from '../../shared/protocol';
import { filesPopupStrings } from '../l10n/filesPopupStrings';
import { beside, dollars, tokenCount } from '../l10n/format';
import { localize } from '../l10n/language';
import { strings } from '../l10n/strings';
import type { View } from '../view/view';
import type { FilesChip } from './popup';

/** The list of open files, those that are not included below it. */
export function filesPopup(view: View, { on, files, tokens, usd, absent = [] }: FilesChip): TemplateResult {
  return html`<div class="popup filesPopup" role="dialog" aria-label=${filesPopupStrings.openFiles()}>
    <label class="checkAll" title=${filesPopupStrings.includeTitle()}>
      <input
        type="checkbox" data-do="includeOpenFiles" .checked=${on}
        @change=${(event: Event) => view.actions.here('onlyWhatIAdd', { only: !(event.target as HTMLInputElement).checked })}
      >
      <span class="checkLabel">${filesPopupStrings.includeOpenFiles()}</span>
    </label>
    <ul class="checklist">${repeat(
      files,
      ({ id }) => id,
      (file) => fileRow(view, file),
    )}</ul>
    ${
      absent.length === 0
        ? nothing
        : html`<ul class="absentList" aria-label=${filesPopupStrings.notIncluded()}>${absent.map(
            ({ label, reason }) => html`<li class="absentRow">
              <span class="codicon codicon-circle-slash" aria-hidden="true"></span>
              <span class="checkText"><span class="checkLabel">${label}</span><span class="checkWeight">${localize(reason)}</span></span>
            </li>`,
          )}</ul>`
    }
    ${files.length > 1 ? html`<div class="checkSum">${filesPopupStrings.together(weightOf(tokens, usd))}</div>` : nothing}
  </div>`;
}

/** A file with its weight, and whether the model has it already; one that was removed has its way back. */
function fileRow(view: View, file: ChipFile): TemplateResult {
  const { id, label, path, included, named } = file;
  const state = !included
    ? 'removed'
    : named === true
      ? 'named'
      : file.changed
        ? 'changed'
        : file.sent
          ? 'sent'
          : 'fresh';
  const weight = weightOf(file.tokens, included ? file.usd : null, !included);
  return html`<li class="checkRow">
    <label title=${path}>
      <input
        type="checkbox" .checked=${included}
        @change=${(event: Event) => view.actions.here('includeFile', { id, included: (event.target as HTMLInputElement).checked })}
      >
      <span class="checkText"><span class="checkLabel">${label}</span><span class="checkWeight">${named === true ? nothing : html`<span>${weight}</span><span class="dot"> </span>`}<span>${filesPopupStrings[state]()}</span></span></span>
    </label>
    <button
      class="iconButton codicon codicon-go-to-file" type="button" title=${strings.openFile(label)}
      aria-label=${strings.openFile(label)}
      @click=${() => view.actions.ask({ type: 'openFile', path, ...wholeFile })}
    ></button>
  </li>`;
}

/** Tokens, and their share of what asking costs: "—" where that is not known. */
function weightOf(tokens: number, usd: number | null, unpriced = false): string {
  const weight = filesPopupStrings.tokens(tokenCount(tokens));
  return unpriced ? weight : beside(weight, dollars(usd));
}
