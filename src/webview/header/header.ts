/** The row above the transcript. */
import { html, nothing, type TemplateResult } from 'lit-html';
import { dollars } from '../l10n/format';
import { strings } from '../l10n/strings';
import type { View } from '../view/view';

/** The conversation's title and what it has cost; in the demo, the line that says who answers. */
export function titleRow({ chat, environment, actions }: View): TemplateResult {
  const demo = environment.key.kind === 'demo';
  const title = chat.title === '' ? strings.untitled() : chat.title;
  const usd = dollars(chat.usd);
  const spent = demo ? strings.wouldHaveSpent(usd) : strings.spent(usd);
  const usage = strings.openUsage(spent, chat.requests);
  return html`
    <div class="titleRow">
      <h1 class="title" title=${title}><button
        class="titleButton" type="button" data-do="conversations" aria-haspopup="true"
        title=${strings.openConversations(title)} @click=${() => actions.showConversations()}
      ><span class="titleText" dir="auto">${title}</span><span class="codicon codicon-chevron-down" aria-hidden="true"></span></button></h1>
      ${
        chat.items.length === 0
          ? nothing
          : html`<button
        class="totalCost" type="button" data-do="usage" title=${usage} aria-label=${usage}
        @click=${() => actions.step('showUsage')}
      >${usd}</button>`
      }
    </div>
    ${demo ? html`<div class="demoLine"><span class="codicon codicon-info" aria-hidden="true"></span><span>${strings.demo()}</span></div>` : nothing}
  `;
}
