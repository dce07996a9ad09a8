/** What stands in the place of a conversation that cannot be opened: its name, why, and what can be done. */
import { html, nothing, type TemplateResult } from 'lit-html';
import { icon } from '../dom/icon';
import { stepLabel } from '../l10n/failures';
import { strings } from '../l10n/strings';
import type { Unopened } from '../view/store';
import type { Actions } from '../view/view';

/** The title row, from which the list opens as ever. */
export function unopenedTitle({ title }: Unopened, actions: Actions): TemplateResult {
  const shown = title === '' ? strings.untitled() : title;
  return html`<div class="titleRow">
    <h1 class="title" title=${shown}><button
      class="titleButton" type="button" data-do="conversations" aria-haspopup="true"
      title=${strings.openConversations(shown)} @click=${() => actions.showConversations()}
    ><span class="titleText" dir="auto">${shown}</span>${icon('chevron-down')}</button></h1>
  </div>`;
}

/** `problem`: why what was asked for here was not done. */
export function unopenedState(
  { conversation, title, reason }: Unopened,
  problem: string | null,
  actions: Actions,
): TemplateResult {
  return html`<div class="empty" role="alert" data-unopened>
    <span class="codicon codicon-warning emptyIcon" aria-hidden="true"></span>
    <p class="emptyTitle" dir="auto">${strings.unopened(title)}</p>
    <p class="emptyText" dir="auto">${reason === '' ? strings.unreadableState() : reason}</p>
    <p class="emptyNote">${strings.othersOpen()}</p>
    <button class="button wide" type="button" data-step="retry" @click=${() => actions.ask({ type: 'reopen' })}>${stepLabel('retry')}</button>
    <div class="emptyLinks">
      ${
        conversation === null
          ? nothing
          : html`<button
        class="linkButton" type="button" data-do="export"
        @click=${() => actions.ask({ type: 'exportConversation', id: conversation })}
      >${strings.exportReadable()}</button>`
      }
      <button class="linkButton" type="button" data-step="newChat" @click=${() => actions.step('newChat')}>${stepLabel('newChat')}</button>
      <button class="linkButton" type="button" data-step="openLog" @click=${() => actions.step('openLog')}>${stepLabel('openLog')}</button>
    </div>
    ${problem === null ? nothing : html`<p class="emptyText" role="alert">${problem}</p>`}
  </div>`;
}
