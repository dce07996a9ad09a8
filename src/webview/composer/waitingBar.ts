/** The bar above the composer, while a card that waits for the user is out of sight. */
import { html, nothing } from 'lit-html';
import { icon } from '../dom/icon';
import { approvalStrings } from '../l10n/approvalStrings';
import type { View } from '../view/view';

/** "2 approvals needed · Review", or "2 edits wait · Review"; nothing while all cards are in sight. */
export function waitingBar({ waiting }: View): unknown {
  if (waiting.outOfSight === 0) return nothing;
  return html`<div class="waitingBar">
    ${icon('question')}<span>${(waiting.isEdits ? approvalStrings.editsWait : approvalStrings.waits)(waiting.outOfSight)}</span>
    <button class="linkButton" type="button" tabindex="0" data-do="review" @click=${() => waiting.review(null)}>${approvalStrings.review()}</button>
  </div>`;
}
