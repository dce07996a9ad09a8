/** An icon of VS Code's own, beside words that say the same. */
import { html, type TemplateResult } from 'lit-html';

/** `name`: of the codicon, with further classes behind a blank: `loading spin`. */
export function icon(name: string): TemplateResult {
  return html`<span class="codicon codicon-${name}" aria-hidden="true"></span>`;
}
