/** The card of a code block that is to be applied to a file: the change, or that its place cannot be told. */
import { html, nothing, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import type { BlockEdit } from '../../shared/approval';
import { visible } from '../../shared/visible';
import { icon } from '../dom/icon';
import { approvalStrings, concernsOf, spokenLines } from '../l10n/approvalStrings';
import { editStrings, editTitle } from '../l10n/editStrings';
import { listOf, sentence } from '../l10n/format';
import type { View } from '../view/view';
import { counts, diffButton, hunks } from './editCard';
import type { Reviews } from './reviews';

/** What answers a card. */
type Answers = Pick<Reviews, 'answerBlock' | 'insertBlock' | 'moveBlock' | 'blockProblem' | 'isAnswered'>;

/** One card for each block. */
export function blockCards(
  view: View,
  blocks: readonly BlockEdit[],
  answers: Answers,
  leave: (event: Event) => void,
): unknown {
  return repeat(
    blocks,
    ({ key }) => key,
    (block) => card(view, block, answers, leave),
  );
}

function card(view: View, block: BlockEdit, answers: Answers, leave: (event: Event) => void): TemplateResult {
  const { key, path, proposed } = block;
  const title = proposed === null ? editStrings.unclear(visible(path)) : editTitle(proposed);
  const spoken = proposed === null ? title : listOf([title, spokenLines(proposed.added, proposed.removed)]);
  const problem = answers.blockProblem(key);
  return html`<div
    class="approval editCard blockCard" role="group" tabindex="-1" data-approval=${key} data-edits="1"
    aria-label=${approvalStrings.needed(spoken)}
  >
    <div class="approvalTitle" dir="auto">${icon(proposed === null ? 'warning' : 'question')}<span>${title} ${
      proposed === null ? nothing : counts(proposed.added, proposed.removed)
    }</span>${proposed === null ? nothing : diffButton(view, key, path)}</div>
    <div class="editOne">${notes(block)}${proposed === null ? nothing : hunks(proposed)}</div>
    ${problem === null ? nothing : html`<div class="editProblem" role="alert">${icon('warning')} ${problem}</div>`}
    ${buttons(block, answers, leave)}
  </div>`;
}

/** Which file it is and why, and what else is to be known of it. */
function notes({ path, source, why, proposed }: BlockEdit): TemplateResult {
  const concerns = concernsOf({ path, why });
  const rest = [...concerns, ...(proposed?.unsaved === true ? [editStrings.unsaved()] : [])];
  return html`<div class="approvalNote">${editStrings.blockSource[source]()}</div>
    ${rest.length === 0 ? nothing : html`<div class="approvalNote editNote">${concerns.length === 0 ? nothing : icon('warning')}<span>${sentence(rest)}</span></div>`}`;
}

function buttons(block: BlockEdit, answers: Answers, leave: (event: Event) => void): TemplateResult {
  const { key, proposed, text = '' } = block;
  const busy = answers.isAnswered(key);
  const answer = (event: Event, apply: boolean): void => {
    // One that is refused stays, with the focus in it.
    if (!apply) leave(event);
    answers.answerBlock(key, apply);
  };
  const insert = (event: Event): void => {
    const card = event.currentTarget instanceof Element ? event.currentTarget.closest('.blockCard') : null;
    answers.insertBlock(key, text, () => {
      // Who has gone elsewhere meanwhile stays there.
      if (document.hasFocus() && card?.contains(document.activeElement) === true) leave(event);
    });
  };
  // One that is disabled loses the focus.
  return html`<div class="approvalButtons editButtons">
    ${
      proposed === null
        ? html`<button class="button" type="button" data-do="insertBlock" aria-disabled=${busy ? 'true' : nothing} @click=${insert}>${editStrings.insertAtCursor()}</button>`
        : html`<button class="button" type="button" data-do="applyBlock" aria-disabled=${busy ? 'true' : nothing} @click=${(event: Event) => answer(event, true)}>${editStrings.apply()}</button>`
    }
    <button class="button secondary" type="button" data-do="moveBlock" ?disabled=${busy} @click=${() => answers.moveBlock(key)}>${editStrings.chooseFile()}</button>
    <button class="button secondary" type="button" data-do="rejectBlock" ?disabled=${busy} @click=${(event: Event) => answer(event, false)}>${editStrings.rejectNow()}</button>
  </div>`;
}
