/** What a turn used and cost: the button in its footer, and the table that pops up above it. */
import { html, nothing, render, type TemplateResult } from 'lit-html';
import type { AnswerItem } from '../../shared/chat';
import { dollars, modelName } from '../l10n/format';
import { usageRows, usageStrings } from '../l10n/usageStrings';

/** `content` is what the footer says of the cost; without a request there is nothing more to tell. */
export function costButton(answer: AnswerItem, content: unknown): TemplateResult {
  if (answer.requests === 0) return html`<span class="turnCost">${content}</span>`;
  const id = `usage-${answer.id}`;
  return html`<button class="turnCost" type="button" popovertarget=${id} title=${usageStrings.turnTable()}>${content}</button>
    <div
      class="turnUsage" id=${id} popover role="dialog" aria-label=${usageStrings.turnTable()}
      @beforetoggle=${(event: ToggleEvent) => fill(event, answer)}
    ></div>`;
}

/** Its rows are there only while it is open: a long conversation has many turns. */
function fill(event: ToggleEvent, answer: AnswerItem): void {
  if (event.target instanceof HTMLElement) render(event.newState === 'open' ? details(answer) : nothing, event.target);
}

function details(answer: AnswerItem): TemplateResult {
  return html`<table>
      <tbody>
        ${rows(answer).map(([name, value]) => html`<tr><th scope="row">${name}</th><td>${value}</td></tr>`)}
      </tbody>
    </table>
    ${answer.usd === null ? html`<p>${isUnsaid(answer) ? usageStrings.unsaid() : usageStrings.unpriced()}</p>` : nothing}`;
}

function isUnsaid({ usage }: AnswerItem): boolean {
  return Object.values(usage).some((tokens) => tokens === null);
}

function rows(answer: AnswerItem): readonly (readonly [string, string])[] {
  return [
    [usageStrings.model(), modelName(answer.model)],
    ...usageRows(answer.usage, answer.requests),
    [usageStrings.cost(), dollars(answer.usd)],
  ];
}
