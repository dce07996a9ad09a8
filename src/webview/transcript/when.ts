/** When a message or an answer came: shown while one is at its turn. The article's name has it for the screen reader. */
import { html, type TemplateResult } from 'lit-html';
import { momentText, whenText } from '../l10n/format';

/** The whole of it is in the tooltip. */
export function turnWhen(at: number): TemplateResult {
  return html`<span class="turnWhen" title=${momentText(at)} aria-hidden="true">${whenText(at)}</span>`;
}
