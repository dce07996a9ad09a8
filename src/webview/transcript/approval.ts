/** The card of a call that waits for the user: what, where, why it asks, and the answers. It takes no focus by itself. */
import { html, nothing, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import type { Approval, Span } from '../../shared/approval';
import type { AnswerItem, Part, ToolPart } from '../../shared/chat';
import { changeOnCard } from '../../shared/turn/work';
import { visible } from '../../shared/visible';
import { partFailed } from '../dom/bounded';
import { escaped } from '../dom/escapes';
import { icon } from '../dom/icon';
import { isComposing } from '../dom/keys';
import { approvalNote, approvalStrings, approvalTitle, concernsOf, spanStrings } from '../l10n/approvalStrings';
import { listOf, sentence } from '../l10n/format';
import type { EditCall, EditCardShell, View } from '../view/view';
import { pretty } from './pretty';

/** Files that are named on a card; the rest is counted. */
const shownFiles = 12;

/** The card; nothing for a call that does not ask. */
export function approvalCard(view: View, answer: string, part: ToolPart): unknown {
  const { approval, key } = part;
  // A change that is known has a card at the answer's end.
  if (approval === undefined || (editCall(part) !== null && !view.edits.failed)) return nothing;
  const title = approvalTitle(approval);
  return html`<div
    class="approval" role="group" tabindex="-1" data-approval=${key} aria-label=${approvalStrings.needed(title)}
  >
    <div class="approvalTitle" dir="auto">${icon('question')}<span>${title}</span></div>
    ${facts(approval)}
    ${approval.kind === 'other' ? html`<pre class="toolText" tabindex="0" dir="ltr">${escaped(pretty(part.input))}</pre>` : nothing}
    ${view.chat.activity?.kind === 'elsewhere' ? html`<div class="approvalNote">${approvalStrings.elsewhere()}</div>` : answers(view, answer, key, approval)}
  </div>`;
}

function facts(approval: Approval): unknown {
  const note = approvalNote(approval);
  if (!('files' in approval)) return note === null ? nothing : html`<div class="approvalNote" dir="auto">${note}</div>`;
  const { files } = approval;
  const [only] = files;
  if (files.length === 1 && only !== undefined) {
    const why = concernsOf(only);
    return why.length === 0 ? nothing : html`<div class="approvalNote">${sentence(why)}</div>`;
  }
  return html`<ul class="approvalFiles">${files.slice(0, shownFiles).map((file) => {
    const path = visible(file.path);
    return html`<li title=${path}><span class="approvalPath" dir="ltr">${path}</span><span class="approvalNote">${listOf(concernsOf(file))}</span></li>`;
  })}${files.length > shownFiles ? html`<li class="approvalNote">+${files.length - shownFiles}</li>` : nothing}</ul>`;
}

function answers(view: View, answer: string, key: string, { spans }: Approval): TemplateResult {
  const fold = `${answer}/${key}/deny`;
  const open = view.folds.isOpen(fold);
  const allow = (event: Event, span: Span): void => {
    leave(event);
    view.actions.here('approve', { key, span });
  };
  return html`<div class="approvalButtons">
    ${repeat(
      spans,
      (span) => span,
      (span, index) => html`<button
        class="button ${index === 0 ? '' : 'secondary'}" type="button" data-allow=${span}
        @click=${(event: Event) => allow(event, span)}
      >${spanStrings[span]()}</button>`,
    )}
    <button
      class="button secondary" type="button" data-do="deny" aria-expanded=${open ? 'true' : 'false'}
      @click=${(event: Event) => toggle(view, fold, event)}
    >${approvalStrings.denyWith()}</button>
    ${open ? denial(view, fold, approvalStrings.deny(), (reason) => view.actions.here('deny', { key, reason })) : nothing}
  </div>`;
}

function denial(view: View, fold: string, button: string, denied: (reason: string) => void): TemplateResult {
  const deny = (event: Event): void => {
    const reason = cardOf(event)?.querySelector('input')?.value ?? '';
    leave(event);
    view.editor.keepWords(fold, '');
    view.folds.toggle(fold);
    denied(reason);
  };
  const pressed = (event: KeyboardEvent): void => {
    if (isComposing(event)) return;
    if (event.key === 'Enter') {
      event.preventDefault();
      // One that is held down has opened it.
      if (!event.repeat) deny(event);
    } else if (event.key === 'Escape') {
      event.preventDefault();
      // It closes this, and stops no answer.
      event.stopPropagation();
      cardOf(event)?.querySelector<HTMLElement>('[data-do="deny"]')?.focus();
      view.folds.toggle(fold);
    }
  };
  return html`<div class="denial">
    <input
      class="denialReason" type="text" maxlength="2000" dir="auto" placeholder=${approvalStrings.reason()}
      aria-label=${approvalStrings.reason()} .value=${view.editor.wordsOf(fold)}
      @input=${(event: Event) => view.editor.keepWords(fold, (event.target as HTMLInputElement).value)} @keydown=${pressed}
    >
    <button class="button" type="button" data-do="denyNow" @click=${deny}>${button}</button>
  </div>`;
}

/** A call that waits to change a file as its card can show; null for all others. */
function editCall(part: ToolPart): EditCall | null {
  const { approval } = part;
  const change = changeOnCard(part);
  if (change === null || approval?.kind !== 'write') return null;
  return { part, change, alone: approval.files.some(({ why }) => why.length > 0) };
}

/** True for a call whose change stands on a card at the answer's end: its line says nothing more. */
export function isOnCard(view: View, part: ToolPart): boolean {
  return changeOnCard(part) !== null && view.edits.parts !== null;
}

/** The changes that wait: those of a step share a card, but for what always asks by itself. */
export function editCards(view: View, answer: string, parts: readonly Part[]): unknown {
  const calls = parts.flatMap((part) => (part.type === 'tool' ? (editCall(part) ?? []) : []));
  if (calls.length === 0) return nothing;
  const drawn = view.edits.parts;
  if (drawn === null) return nothing;
  const shell: EditCardShell = {
    leave,
    toggle: (event, fold) => toggle(view, fold, event),
    denial: (fold, button, deny) => denial(view, fold, button, deny),
  };
  const cards = [calls.filter(({ alone }) => !alone), ...calls.filter(({ alone }) => alone).map((call) => [call])];
  return html`${repeat(
    cards,
    ([first]) => (first?.alone === true ? first.part.key : ''),
    (card) => drawn.card(view, answer, card, shell),
  )}${drawn.refusal()}`;
}

/** Code blocks that are to be applied to files. */
export function blockCards(view: View, { blocks = [] }: AnswerItem): unknown {
  if (blocks.length === 0) return nothing;
  return view.edits.parts?.blocks(view, blocks, leave) ?? (view.edits.failed ? partFailed() : nothing);
}

function toggle(view: View, fold: string, event: Event): void {
  const card = cardOf(event);
  view.folds.toggle(fold);
  // Opened by the user's own hand, who writes next.
  requestAnimationFrame(() => card?.querySelector('input')?.focus());
}

function cardOf(event: Event): HTMLElement | null {
  return event.target instanceof Element ? event.target.closest<HTMLElement>('.approval') : null;
}

/** The card goes: the focus goes on to the next one, else into the text. */
function leave(event: Event): void {
  const card = cardOf(event);
  const others = [...document.querySelectorAll<HTMLElement>('.approval')].filter((one) => one !== card);
  (others[0] ?? document.querySelector<HTMLElement>('.composerText'))?.focus({ preventScroll: true });
}
