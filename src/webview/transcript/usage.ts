/** What a turn used and cost: the button in its footer, and the table that it opens. */
import { html, nothing, type TemplateResult } from 'lit-html';
import type { AnswerItem } from '../../shared/chat';
import { dollars } from '../format';
import { usageRows, usageWords } from '../usageWords';
import type { View } from '../view';

/** An answer of the model's own; without a request there is nothing to tell. */
export function costButton(view: View, answer: AnswerItem, content: unknown): TemplateResult {
  if (answer.requests === 0) return html`<span class="turnCost">${content}</span>`;
  const open = view.folds.isOpen(keyOf(answer));
  return html`<button class="turnCost" type="button" aria-expanded=${open ? 'true' : 'false'} title=${tooltip(answer)} @click=${() => view.folds.toggle(keyOf(answer))}>${content}</button>`;
}

export function costDetails(view: View, answer: AnswerItem): unknown {
  if (answer.requests === 0 || !view.folds.isOpen(keyOf(answer))) return nothing;
  return html`<table class="turnUsage" aria-label=${usageWords.turnTable()}>
    <tbody>
      ${rows(answer).map(([name, value]) => html`<tr><th scope="row">${name}</th><td>${value}</td></tr>`)}
    </tbody>
  </table>
  ${answer.usd === null ? html`<p class="turnUsageNote">${usageWords.unpriced()}</p>` : nothing}`;
}

function keyOf({ id }: AnswerItem): string {
  return `${id}/usage`;
}

function rows(answer: AnswerItem): readonly (readonly [string, string])[] {
  return [...usageRows(answer.usage, answer.requests), [usageWords.cost(), dollars(answer.usd)]];
}

function tooltip(answer: AnswerItem): string {
  return rows(answer)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
}
