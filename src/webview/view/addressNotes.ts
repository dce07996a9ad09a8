/** What is not sent to an address because it was refused there, and the way back: where it was noticed, and in the popup of the cost. */
import { html, type TemplateResult } from 'lit-html';
import type { AddressNote, AddressState } from '../../shared/remedy';
import { icon } from '../dom/icon';
import { transcriptStrings } from '../l10n/transcriptStrings';
import type { View } from './view';

/** The lines of a turn in which something was left out for the address. */
export function addressLines(view: View, turn: string): readonly TemplateResult[] {
  const { address } = view.environment;
  if (address === undefined) return [];
  return address.notes.filter((note) => note.turn === turn).map((note) => addressLine(view, address, note));
}

/** All that is left out for the address. */
export function allAddressLines(view: View): readonly TemplateResult[] {
  const { address } = view.environment;
  return address === undefined ? [] : address.notes.map((note) => addressLine(view, address, note));
}

function addressLine(view: View, { host }: AddressState, note: AddressNote): TemplateResult {
  return html`<div class="line addressNote">
    ${icon('filter')}
    <span class="lineWords">${noteText(host, note)}</span>
    <button
      class="linkButton" type="button" data-do="takeBackLimit"
      @click=${() => view.actions.ask({ type: 'takeBackLimit', key: note.key })}
    >${transcriptStrings.undo()}</button>
  </div>`;
}

function noteText(host: string, { what }: AddressNote): string {
  switch (what.kind) {
    case 'field':
      return transcriptStrings.fieldOut(what.field, host);
    case 'maxTokens':
      return transcriptStrings.lengthLimited(host, what.model);
    case 'unsignedThinking':
      return transcriptStrings.thinkingOut(host);
  }
}
