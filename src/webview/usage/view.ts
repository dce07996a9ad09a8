/** The usage view: sums, the plot with its table, by model, by conversation. */
import { html, nothing, type TemplateResult } from 'lit-html';
import {
  addSpending,
  noSpending,
  type Spending,
  spentUsd,
  type UsageEnvironment,
  type UsageReport,
} from '../../shared/usage';
import { bounded, partFailed } from '../dom/bounded';
import { dollars, modelName, tokenCount } from '../l10n/format';
import { longDay, signedDollars, usageViewWords as words } from '../l10n/usageViewWords';
import { allInput, hitRate } from '../l10n/usageWords';
import { type Day, kindNames, kinds, plot } from './plot';

export interface UsageState {
  readonly environment: UsageEnvironment;
  readonly all: boolean;
  /** The days that `report` is about: where each begins, and where the last one ends. */
  readonly days: readonly number[];
  /** null before the first answer. */
  readonly report: UsageReport | null;
  /** Why the last question was not answered; null when it was. */
  readonly failure: string | null;
  /** Why something else that was asked for was not done; null when it was. */
  readonly problem: string | null;
}

export interface UsageActions {
  show(all: boolean): void;
  open(conversation: string): void;
  reload(): void;
  openSettings(): void;
}

export function usageView(state: UsageState, actions: UsageActions): TemplateResult {
  const { environment, failure, report } = state;
  return html`<main class="usage">
    <header class="usageHeader">
      <h1>${words.title()}</h1>
      ${scope(state, actions)}
    </header>
    ${environment.demo ? html`<p class="note"><span class="codicon codicon-info" aria-hidden="true"></span>${words.demo()}</p>` : nothing}
    ${state.problem === null ? nothing : html`<p class="failure" role="alert">${state.problem}</p>`}
    ${
      failure !== null
        ? html`<p class="failure" role="alert">${words.failed(failure)} <button class="button" type="button" data-do="reload" @click=${() => actions.reload()}>${words.tryAgain()}</button></p>`
        : report === null
          ? html`<p class="note" role="status">${words.loading()}</p>`
          : bounded(null, () => sums(state, report, actions), partFailed)
    }
  </main>`;
}

function scope({ all, environment }: UsageState, actions: UsageActions): TemplateResult {
  const choice = (value: boolean, label: string) =>
    html`<button class="choice" type="button" data-scope=${value ? 'all' : 'here'} aria-pressed=${all === value ? 'true' : 'false'} @click=${() => actions.show(value)}>${all === value ? html`<span class="codicon codicon-check" aria-hidden="true"></span>` : nothing}${label}</button>`;
  return html`<div class="scope" role="group" aria-label=${words.scope()}>
    ${choice(false, words.thisWorkspace(environment.workspaceName))}${choice(true, words.allWorkspaces())}
  </div>`;
}

function sums(state: UsageState, report: UsageReport, actions: UsageActions): TemplateResult {
  const days = state.days.slice(0, -1).map((at, index): Day => ({ at, spending: report.days[index] ?? noSpending }));
  const total = sumOf(days);
  if (total.requests === 0) {
    return html`<p class="empty">${words.empty(days.length)}${state.all ? '' : ` ${words.emptyHere()}`}</p>${notes(actions)}`;
  }
  return html`
    <div class="cards">
      ${card(words.today(), sumOf(days.slice(-1)))}
      ${card(words.lastDays(7), sumOf(days.slice(-7)))}
      ${card(words.lastDays(days.length), total)}
    </div>
    ${total.unpriced > 0 ? html`<p class="note"><span class="codicon codicon-warning" aria-hidden="true"></span>${words.unpriced(total.unpriced)}</p>` : nothing}
    <section aria-label=${words.plot(days.length)}>
      <h2>${words.plot(days.length)}</h2>
      ${alone(() => plot(days))}
      ${alone(() => dayTable(days))}
    </section>
    <section aria-label=${words.byModel()}>
      <h2>${words.byModel()}</h2>
      ${alone(() => modelTable(report))}
    </section>
    <section aria-label=${words.byConversation()}>
      <h2>${words.byConversation()}</h2>
      ${alone(() => conversationTable(state, report, actions))}
    </section>
    ${notes(actions)}`;
}

function alone(draw: () => unknown): unknown {
  return bounded(null, draw, partFailed);
}

function sumOf(days: readonly Day[]): Spending {
  return days.reduce((sum, { spending }) => addSpending(sum, spending), noSpending);
}

/** What the cache saved, in dollars; "—" where no price is known. */
function savedText(spending: Spending): string {
  const spent = spentUsd(spending);
  return spent === null ? '—' : signedDollars(spending.usd.uncached - spent);
}

function hits(spending: Spending): string {
  const rate = hitRate(spending.tokens);
  return rate === null ? '—' : `${rate} %`;
}

function card(title: string, spending: Spending): TemplateResult {
  return html`<section class="card" aria-label=${title}>
    <h2>${title}</h2>
    <p class="sum">${dollars(spentUsd(spending))}</p>
    <dl>
      <div title=${words.savedNote()}><dt>${words.saved()}</dt><dd>${savedText(spending)}</dd></div>
      <div><dt>${words.hitRate()}</dt><dd>${hits(spending)}</dd></div>
      <div><dt>${words.requests()}</dt><dd>${spending.requests}</dd></div>
    </dl>
  </section>`;
}

/** Days without a request say nothing. */
function dayTable(days: readonly Day[]): TemplateResult {
  const rows = days.filter(({ spending }) => spending.requests > 0).toReversed();
  return html`<details class="asTable">
    <summary>${words.asTable()}</summary>
    <div class="tableFrame" tabindex="0" role="group" aria-label=${words.plot(days.length)}><table>
      <thead><tr><th scope="col">${words.day()}</th>${kinds.map((kind) => html`<th scope="col">${kindNames[kind]()}</th>`)}<th scope="col">${words.total()}</th><th scope="col">${words.saved()}</th><th scope="col">${words.requests()}</th></tr></thead>
      <tbody>${rows.map(
        ({ at, spending }) =>
          html`<tr><th scope="row">${longDay(at)}</th>${kinds.map((kind) => html`<td>${spentUsd(spending) === null ? '—' : dollars(spending.usd[kind])}</td>`)}<td>${dollars(spentUsd(spending))}</td><td>${savedText(spending)}</td><td>${spending.requests}</td></tr>`,
      )}</tbody>
    </table></div>
  </details>`;
}

function modelTable({ models }: UsageReport): TemplateResult {
  return html`<div class="tableFrame" tabindex="0" role="group" aria-label=${words.byModel()}><table>
    <thead><tr><th scope="col">${words.model()}</th><th scope="col">${words.total()}</th><th scope="col">${words.saved()}</th><th scope="col">${words.hitRate()}</th><th scope="col">${words.tokensIn()}</th><th scope="col">${words.tokensOut()}</th><th scope="col">${words.requests()}</th></tr></thead>
    <tbody>${models.map(({ model, spending }) => {
      const { output } = spending.tokens;
      return html`<tr><th scope="row" title=${model}>${model === '' ? '—' : modelName(model)}</th><td>${dollars(spentUsd(spending))}</td><td>${savedText(spending)}</td><td>${hits(spending)}</td><td>${tokenCount(allInput(spending.tokens))}</td><td>${tokenCount(output)}</td><td>${spending.requests}</td></tr>`;
    })}</tbody>
  </table></div>`;
}

function conversationTable(state: UsageState, report: UsageReport, actions: UsageActions): TemplateResult {
  const { conversations, others, deleted } = report;
  const cells = (spending: Spending) =>
    html`<td>${dollars(spentUsd(spending))}</td><td>${savedText(spending)}</td><td>${hits(spending)}</td><td>${spending.requests}</td>`;
  return html`<div class="tableFrame" tabindex="0" role="group" aria-label=${words.byConversation()}><table>
    <thead><tr><th scope="col">${words.conversation()}</th><th scope="col">${words.total()}</th><th scope="col">${words.saved()}</th><th scope="col">${words.hitRate()}</th><th scope="col">${words.requests()}</th></tr></thead>
    <tbody>
      ${conversations.map(({ id, title, workspaceName, spending }) => {
        const name = title === '' ? words.untitled() : title;
        return html`<tr><th scope="row"><button class="link" type="button" data-conversation=${id} title=${words.open(name)} @click=${() => actions.open(id)}><span dir="auto">${name}</span></button>${state.all && workspaceName !== '' ? html`<span class="where">${workspaceName}</span>` : nothing}</th>${cells(spending)}</tr>`;
      })}
      ${others.count === 0 ? nothing : html`<tr><th scope="row">${words.others(others.count)}</th>${cells(others.spending)}</tr>`}
      ${deleted.requests === 0 ? nothing : html`<tr><th scope="row">${words.deleted()}</th>${cells(deleted)}</tr>`}
    </tbody>
  </table></div>`;
}

function notes(actions: UsageActions): TemplateResult {
  return html`<footer class="notes">
    ${words.notes().map((note) => html`<p>${note}</p>`)}
    <p><button class="link" type="button" data-do="settings" @click=${() => actions.openSettings()}>${words.limits()}</button></p>
  </footer>`;
}
