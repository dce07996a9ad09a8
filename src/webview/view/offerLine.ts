/** Conversations that belong here from another place, with the way to bring them. */
import { html, type TemplateResult } from 'lit-html';
import type { MovedConversations } from '../../shared/protocol';
import { listWords } from '../l10n/listWords';

interface OfferCallbacks {
  adopt(key: string): void;
  dismiss(key: string): void;
}

export function offerLine({ key, count, from }: MovedConversations, acts: OfferCallbacks): TemplateResult {
  return html`<div class="listOffer" role="note"><span>${listWords.offer(count, from)}</span><span class="offerButtons"><button
    class="linkButton" type="button" data-list="adopt" @click=${() => acts.adopt(key)}
  >${listWords.bring(count, from)}</button><button
    class="iconButton codicon codicon-close" type="button" data-list="dismiss" title=${listWords.notNow()}
    aria-label=${listWords.notNow()} @click=${() => acts.dismiss(key)}
  ></button></span></div>`;
}
