/** The chat before its first message. */
import { html, nothing, type TemplateResult } from 'lit-html';
import type { EnvironmentKey } from '../../shared/protocol';
import { roundDollars, sentences } from '../l10n/format';
import { strings } from '../l10n/strings';
import { offerLine } from '../view/offerLine';
import type { View } from '../view/view';

const keyPage = 'https://platform.claude.com/settings/keys';

/** What a chat without entries shows: the way to a key, or prompts to start with. */
export function emptyState(view: View): TemplateResult {
  const { environment, actions } = view;
  if (environment.key.kind === 'missing') {
    return html`<div class="empty">
      <span class="codicon codicon-comment-discussion emptyIcon" aria-hidden="true"></span>
      <p class="emptyTitle">${strings.askAbout()}</p>
      ${
        environment.key.offer === undefined
          ? html`<button class="button wide" type="button" data-step="setKey" @click=${() => actions.step('setKey')}>${strings.setKey()}</button>`
          : foundKey(view, environment.key.offer)
      }
      <a href=${keyPage} title=${keyPage}>${strings.getKey()}</a>
      <p class="emptyNote">${strings.keyNeeded()}</p>
      <p class="emptyNote">${sentences([strings.keyNote(), pauses(view)])}</p>
      ${moved(view)}
    </div>`;
  }
  const suggestions = environment.suggestions;
  return html`<div class="empty">
    <span class="codicon codicon-comment-discussion emptyIcon" aria-hidden="true"></span>
    <p class="emptyTitle">${strings.askAbout()}</p>
    ${
      suggestions.length === 0
        ? nothing
        : html`<div class="prompts">${suggestions.map(
            (prompt) => html`<button
      class="prompt" type="button" @click=${() => actions.usePrompt(prompt)}
    ><span dir="auto">${prompt}</span></button>`,
          )}</div>`
    }
    ${moved(view)}
  </div>`;
}

/** Where turns pause, as the settings say. */
function pauses({ environment: { limits } }: View): string {
  const shown = (usd: number | null | undefined): string | null => (usd == null ? null : roundDollars(usd));
  return strings.pausesAt(shown(limits?.perTurn), shown(limits?.perDay));
}

/** A folder that was moved or renamed begins empty: its history is one click away. */
function moved({ environment, actions }: View): unknown {
  const offer = environment.moved;
  return offer === null
    ? nothing
    : offerLine(offer, {
        adopt: actions.adopt,
        dismiss: (key) => actions.ask({ type: 'dismissOffer', key }),
      });
}

/** A key that is there already is one click away; it is asked for once. */
function foundKey({ actions }: View, { lastFour, host }: EnvironmentKey): TemplateResult {
  return html`<p class="emptyText">${strings.foundKey(lastFour, host)}</p>
    <button
      class="button wide" type="button" data-step="useEnvironmentKey"
      @click=${() => actions.step('useEnvironmentKey')}
    >${strings.useFoundKey(lastFour)}</button>
    <div class="emptyLinks">
      <button class="linkButton" type="button" data-step="setKey" @click=${() => actions.step('setKey')}>${strings.setKey()}</button>
      <button
        class="linkButton" type="button" data-step="declineEnvironmentKey"
        @click=${() => actions.step('declineEnvironmentKey')}
      >${strings.notNow()}</button>
    </div>`;
}

/** Nothing for 150 ms (the stylesheet delays it), then three grey lines. */
export function loadingState(): TemplateResult {
  return html`<div class="loading" role="status"><div></div><div></div><div></div><h1 class="spoken">${strings.loading()}</h1></div>`;
}
