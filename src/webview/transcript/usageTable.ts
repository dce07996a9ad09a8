/** What a turn used and cost, as a table: it is loaded when the first one is asked for. */
import { html, nothing, type TemplateResult } from 'lit-html';
import type { AnswerItem } from '../../shared/chat';
import { dollars, modelName } from '../l10n/format';
import { usageRows, usageStrings } from '../l10n/usageStrings';

/** A row for each kind of tokens, and the cost. */
export function usageTable(answer: AnswerItem): TemplateResult {
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
