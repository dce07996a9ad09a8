/** Conversations that belong here from another place, with the way to bring them. */
import { html, type TemplateResult } from 'lit-html';
import type { MovedConversations } from '../../shared/protocol';
import { offerStrings } from '../l10n/offerStrings';

interface OfferCallbacks {
  adopt(key: string): void;
  dismiss(key: string): void;
}

/** The row above the list with Bring and its ×. */
export function offerLine({ key, count, from }: MovedConversations, acts: OfferCallbacks): TemplateResult {
  return html`<div class="listOffer" role="note"><span>${offerStrings.offer(count, from)}</span><span class="offerButtons"><button
    class="linkButton" type="button" data-list="adopt" @click=${() => acts.adopt(key)}
  >${offerStrings.bring(count, from)}</button><button
    class="iconButton codicon codicon-close" type="button" data-list="dismiss" title=${offerStrings.notNow()}
    aria-label=${offerStrings.notNow()} @click=${() => acts.dismiss(key)}
  ></button></span></div>`;
}
