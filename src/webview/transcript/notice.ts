/** What is said at the end of a turn that did not simply end: in place, never a toast. */
import { html, nothing, type TemplateResult } from 'lit-html';
import type { NextStep, TurnFailure } from '../../shared/failure';
import { icon } from '../dom/icon';
import { type Notice, stepLabel } from '../l10n/failures';
import { strings } from '../l10n/strings';
import type { View } from '../view/view';
import { copiedAnswer } from './answerText';

const icons = { info: 'info', warning: 'warning', error: 'error' } as const;

/** The notice of a turn. Only the last turn can still be acted on. */
export function noticeCard(view: View, notice: Notice, actsOn: boolean): TemplateResult {
  if (notice.tone === 'info') {
    return html`<div class="line stopped">
      <span class="lineWords">${notice.text}</span>
      ${actsOn ? buttons(view, notice, 'linkButton') : nothing}
    </div>`;
  }
  return html`<div class="notice ${notice.tone}">
    ${icon(icons[notice.tone])}
    <div class="noticeBody">
      <div class="noticeText" dir="auto">${notice.text}</div>
      ${actsOn && notice.primary !== null ? html`<div class="noticeButtons">${buttons(view, notice, 'button')}</div>` : nothing}
      ${notice.failure === null ? nothing : details(notice.failure)}
    </div>
  </div>`;
}

function buttons(view: View, { primary, also, mend }: Notice, kind: string): unknown {
  const button = (step: NextStep, style: string) =>
    html`<button class=${style} type="button" data-step=${step} @click=${() => act(view, step)}>${stepLabel(step, mend)}</button>`;
  return [primary === null ? nothing : button(primary, kind), ...also.map((step) => button(step, 'linkButton'))];
}

function act(view: View, step: NextStep): void {
  if (step !== 'copyAnswer') {
    view.actions.step(step);
    return;
  }
  const answer = view.chat.items.findLast((item) => item.type === 'answer');
  view.actions.ask({ type: 'copy', text: answer?.type === 'answer' ? copiedAnswer(answer) : '' });
}

function details({ status, type, requestId, message }: TurnFailure): TemplateResult {
  const rows: readonly (readonly [string, string])[] = [
    [strings.status(), status === null ? strings.noResponse() : String(status)],
    [strings.type(), type ?? strings.noResponse()],
    [strings.requestId(), requestId ?? strings.noResponse()],
    [strings.message(), message],
  ];
  return html`<details class="noticeDetails">
    <summary>${strings.details()}</summary>
    <dl>${rows.map(([name, value]) => (value === '' ? nothing : html`<dt>${name}</dt><dd>${value}</dd>`))}</dl>
  </details>`;
}
