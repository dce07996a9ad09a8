/** What clicks do that no template handles by itself. */
import { html, type TemplateResult } from 'lit-html';
import { isShell, shellLine } from '../../shared/terminal/shellLine';
import { plainTextOf } from '../dom/bounded';
import { icon } from '../dom/icon';
import { openMenu } from '../dom/menu';
import { strings } from '../l10n/strings';
import { codeOf } from '../markdown/code';
import type { Actions } from './view';

/** Links and the buttons of code blocks, wherever they are. */
export function clicked(event: MouseEvent, actions: Actions, conversation: string): void {
  if (!(event.target instanceof Element)) return;
  const link = event.target.closest('a');
  const code = event.target.closest<HTMLElement>('[data-symbol]');
  const button = event.target.closest('[data-code]');
  if (link !== null) {
    // VS Code would open it too: it is told once.
    event.preventDefault();
    event.stopPropagation();
    const { path, line, column, end, note } = link.dataset;
    const known = (digits: string | undefined): number | null => (digits === undefined ? null : Number(digits));
    if (note !== undefined) goToNote(link, note, actions);
    else if (path !== undefined)
      actions.ask({ type: 'openFile', path, line: known(line), column: known(column), end: known(end) });
    else actions.ask({ type: 'openLink', url: link.href });
  } else if (code !== null) {
    if (!hasSelected(event, code)) actions.ask({ type: 'openSymbol', name: code.dataset['symbol'] ?? '' });
  } else if (button !== null) {
    codeClicked(button, actions, conversation);
  } else {
    const plain = event.target.closest('[data-plain]');
    if (plain !== null) actions.ask({ type: 'copy', text: plainTextOf(plain) });
  }
}

/** From a number in the text to its footnote, and from that back to the first of them. */
function goToNote(link: Element, note: string, actions: Actions): void {
  const isNote = (one: Element): boolean => one.matches('.footnote > :first-child > a');
  const others = [...(link.closest('.markdown')?.querySelectorAll<HTMLElement>('[data-note]') ?? [])];
  const other = others.find((one) => one.dataset['note'] === note && isNote(one) !== isNote(link));
  if (other === undefined) return;
  other.focus({ preventScroll: true });
  actions.reveal(other.closest('.footnote') ?? other);
}

/** It was the end of selecting in a place; keys select nothing (`detail` is 0). */
function hasSelected({ detail }: MouseEvent, place: Node): boolean {
  const selection = getSelection();
  return detail !== 0 && selection?.isCollapsed === false && selection.containsNode(place, true);
}

/** A button of a code block; ⋯ has VS Code's own menu, whose commands get the block as their argument. */
function codeClicked(button: Element, actions: Actions, conversation: string): void {
  const { text, language, info } = codeOf(button);
  const which = button.getAttribute('data-code');
  if (which === 'copy' || which === 'insert') actions.ask({ type: which, text });
  else if (which === 'word-wrap') actions.wrapCode(button);
  else if (which === 'terminal') actions.ask({ type: 'insertInTerminal', conversation, text });
  else {
    const preludeCode = isShell(language) && shellLine(text).kind === 'line' ? 'line' : 'text';
    const answer = button.closest<HTMLElement>('[data-answer]')?.dataset['answer'];
    const context = { preludeCode, preludeButton: true, preventDefaultContextMenuItems: true };
    const place = answer === undefined ? {} : { preludeAnswer: true, answer, info, above: aboveOf(button) };
    button.setAttribute(
      'data-vscode-context',
      JSON.stringify({ ...context, ...place, preludeTarget: '', conversation, language, text }),
    );
    openMenu(button);
    // It is read as the menu opens.
    button.removeAttribute('data-vscode-context');
  }
}

/** Characters of the words above a block that may name its file. */
const mostAbove = 500;

/** What stands right above a code block; '' for another one, and for none. */
function aboveOf(button: Element): string {
  const above = button.closest('.codeBlock')?.previousElementSibling ?? null;
  return above === null || above.matches('.codeBlock') ? '' : (above.textContent ?? '').slice(-mostAbove);
}

/** Back to the tail, where one has scrolled away from it. */
export function pillButton(actions: Actions): TemplateResult {
  return html`<button
    class="pill" type="button" title=${strings.jumpToLatest()} @click=${() => actions.jumpToLatest()}
  >${icon('arrow-down')}<span>${strings.jumpToLatest()}</span></button>`;
}
