/** What shows changes of files, as the panel loads it with the first of them. */
import { html, nothing } from 'lit-html';
import { icon } from '../dom/icon';
import type { Asks } from '../view/asks';
import type { EditParts } from '../view/view';
import { blockCards } from './blockCard';
import { editCard } from './editCard';
import { editsEnd } from './editsEnd';
import { Reviews } from './reviews';

/** `changed` draws what came. */
export function createEditParts(asks: Pick<Asks, 'ask' | 'ofChat'>, changed: () => void): EditParts {
  const reviews = new Reviews(asks, changed);
  return {
    card: (view, answer, calls, shell) => editCard(view, answer, calls, reviews, shell),
    blocks: (view, blocks, leave) => blockCards(view, blocks, reviews, leave),
    refusal: () =>
      reviews.refusal === null
        ? nothing
        : html`<div class="editProblem" role="alert">${icon('warning')} ${reviews.refusal}</div>`,
    end: (view, answer) => editsEnd(view, answer, reviews),
  };
}
