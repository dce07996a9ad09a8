/** What clicks do that no template handles by itself. */
import { html, type TemplateResult } from 'lit-html';
import { plainTextOf } from '../dom/bounded';
import { icon } from '../dom/icon';
import { strings } from '../l10n/strings';
import { codeOf } from '../markdown/code';
import type { Actions } from './view';

/** Links and the buttons of code blocks, wherever they are. */
export function clicked(event: MouseEvent, actions: Actions): void {
  if (!(event.target instanceof Element)) return;
  const link = event.target.closest('a');
  const button = event.target.closest('[data-code]');
  if (link !== null) {
    // VS Code would open it too: it is told once.
    event.preventDefault();
    event.stopPropagation();
    const path = link.dataset['path'];
    const line = link.dataset['line'];
    if (path !== undefined) actions.ask({ type: 'openFile', path, line: line === undefined ? null : Number(line) });
    else actions.ask({ type: 'openLink', url: link.href });
  } else if (button !== null) {
    if (button.getAttribute('data-code') === 'copy') actions.ask({ type: 'copy', text: codeOf(button) });
    else actions.ask({ type: 'insert', text: codeOf(button) });
  } else {
    const plain = event.target.closest('[data-plain]');
    if (plain !== null) actions.ask({ type: 'copy', text: plainTextOf(plain) });
  }
}

/** Back to the tail, where one has scrolled away from it. */
export function pillButton(actions: Actions): TemplateResult {
  return html`<button
    class="pill" type="button" title=${strings.jumpToLatest()} @click=${() => actions.jumpToLatest()}
  >${icon('arrow-down')}<span>${strings.jumpToLatest()}</span></button>`;
}
