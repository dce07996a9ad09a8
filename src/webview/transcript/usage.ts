/** What a turn used and cost: the button in its footer, and the table that pops up above it. */
import { html, nothing, render, type TemplateResult } from 'lit-html';
import type { AnswerItem } from '../../shared/chat';
import { transcriptStrings } from '../l10n/transcriptStrings';

/** `content` is what the footer says of the cost; without a request there is nothing more to tell. */
export function costButton(answer: AnswerItem, content: unknown): TemplateResult {
  if (answer.requests === 0) return html`<span class="turnCost">${content}</span>`;
  const id = `usage-${answer.id}`;
  return html`<button class="turnCost" type="button" popovertarget=${id} title=${transcriptStrings.turnTable()}>${content}</button>
    <div
      class="turnUsage" id=${id} popover role="dialog" aria-label=${transcriptStrings.turnTable()}
      @toggle=${(event: ToggleEvent) => void fill(event, answer)}
    ></div>`;
}

/** Its rows are there only while it is open: a long conversation has many turns. */
async function fill({ target, newState }: ToggleEvent, answer: AnswerItem): Promise<void> {
  if (!(target instanceof HTMLElement)) return;
  if (newState !== 'open') return void render(nothing, target);
  const part = await import('./usageTable').catch(() => null);
  if (part !== null && target.matches(':popover-open')) render(part.usageTable(answer), target);
}
