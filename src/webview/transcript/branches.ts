/** ‹ 2 of 3 ›: goes to the other messages in the place of one, or to the other answers to it. */
import { html, nothing, type TemplateResult } from 'lit-html';
import { listOf } from '../l10n/format';
import { transcriptStrings } from '../l10n/transcriptStrings';
import type { View } from '../view/view';

/** Nothing where there is but one. `item`: its `itemKey`. While a turn runs nothing is gone to. */
export function branchWalker(view: View, item: string): unknown {
  const place = view.chat.branches.find((one) => one.item === item);
  if (place === undefined) return nothing;
  const { at, of } = place;
  const name = transcriptStrings.branchOf(at, of);
  const step = (by: 'previous' | 'next', label: string): TemplateResult => {
    const to = view.chat.activity === null ? place[by] : null;
    return html`<button
      class="iconButton codicon codicon-${by === 'next' ? 'chevron-right' : 'chevron-left'}" type="button" data-walk=${by}
      title=${label} aria-label=${listOf([label, name])} aria-disabled=${to === null ? 'true' : 'false'}
      @click=${(event: Event) => to !== null && view.actions.walk(item, to, event.currentTarget as HTMLElement)}
    ></button>`;
  };
  return html`<div class="branches" role="group" aria-label=${name}>
    ${step('previous', transcriptStrings.previousBranch())}<span class="branchPlace" aria-hidden="true">${transcriptStrings.countOf(at, of)}</span>${step('next', transcriptStrings.nextBranch())}
  </div>`;
}
