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
import { icon } from '../dom/icon';
import { dollars, modelName, percentText, tokenCount } from '../l10n/format';
import { allInput, hitRate } from '../l10n/usageStrings';
import { longDay, signedDollars, usageViewStrings as strings } from '../l10n/usageViewStrings';
import { type Day, type Kind, kindNames, kindsOf, plot } from './plot';

/** What the usage view shows. */
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

/** What the usage view's buttons do. */
export interface UsageActions {
  show(all: boolean): void;
  open(conversation: string): void;
  reload(): void;
  openSettings(): void;
}

/** The whole page. */
export function usageView(state: UsageState, actions: UsageActions): TemplateResult {
  const { environment, failure, report } = state;
  return html`<main class="usage">
    <header class="usageHeader">
      <h1>${strings.title()}</h1>
      ${scope(state, actions)}
    </header>
    ${environment.demo ? html`<p class="note">${icon('info')}${strings.demo()}</p>` : nothing}
    ${state.problem === null ? nothing : html`<p class="failure" role="alert">${state.problem}</p>`}
    ${
      failure !== null
        ? html`<p class="failure" role="alert">${failure} <button
          class="button" type="button" data-do="reload" @click=${() => actions.reload()}
        >${strings.tryAgain()}</button></p>`
        : report === null
          ? html`<p class="note" role="status">${strings.loading()}</p>`
          : bounded(null, () => sums(state, report, actions), partFailed)
    }
  </main>`;
}

function scope({ all, environment }: UsageState, actions: UsageActions): TemplateResult {
  const choice = (value: boolean, label: string) =>
    html`<button
      class="choice" type="button" data-scope=${value ? 'all' : 'here'}
      aria-pressed=${all === value ? 'true' : 'false'} @click=${() => actions.show(value)}
    >${all === value ? icon('check') : nothing}${label}</button>`;
  return html`<div class="scope" role="group" aria-label=${strings.scope()}>
    ${choice(false, strings.thisWorkspace(environment.workspaceName))}${choice(true, strings.allWorkspaces())}
  </div>`;
}

function sums(state: UsageState, report: UsageReport, actions: UsageActions): TemplateResult {
  const days = state.days.slice(0, -1).map((at, index): Day => ({ at, spending: report.days[index] ?? noSpending }));
  const total = sumOf(days);
  if (total.requests === 0) {
    return html`<p class="empty">${strings.empty(days.length)}${state.all ? '' : ` ${strings.emptyHere()}`}</p>${notes(actions)}`;
  }
  return html`
    <div class="cards">
      ${card(strings.today(), sumOf(days.slice(-1)))}
      ${card(strings.lastDays(7), sumOf(days.slice(-7)))}
      ${card(strings.lastDays(days.length), total)}
    </div>
    ${total.unpriced > 0 ? html`<p class="note">${icon('warning')}${strings.unpriced(total.unpriced)}</p>` : nothing}
    <section aria-label=${strings.plot(days.length)}>
      <h2>${strings.plot(days.length)}</h2>
      ${alone(() => plot(days))}
      ${alone(() => dayTable(days))}
    </section>
    <section aria-label=${strings.byModel()}>
      <h2>${strings.byModel()}</h2>
      ${alone(() => modelTable(report))}
    </section>
    <section aria-label=${strings.byConversation()}>
      <h2>${strings.byConversation()}</h2>
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
  return rate === null ? '—' : percentText(rate);
}

function card(title: string, spending: Spending): TemplateResult {
  return html`<section class="card" aria-label=${title}>
    <h2>${title}</h2>
    <p class="sum">${dollars(spentUsd(spending))}</p>
    <dl>
      <div title=${strings.savedNote()}><dt>${strings.saved()}</dt><dd>${savedText(spending)}</dd></div>
      <div><dt>${strings.hitRate()}</dt><dd>${hits(spending)}</dd></div>
      <div><dt>${strings.requests()}</dt><dd>${spending.requests}</dd></div>
    </dl>
  </section>`;
}

interface Column {
  readonly head: () => string;
  readonly text: (spending: Spending) => string;
}

const ofKind = (kind: Kind): Column => ({
  head: kindNames[kind],
  text: (spending) => (spentUsd(spending) === null ? '—' : dollars(spending.usd[kind])),
});

/** What can be said of a sum. */
const columns = {
  read: ofKind('read'),
  written: ofKind('written'),
  input: ofKind('input'),
  output: ofKind('output'),
  searches: ofKind('searches'),
  total: { head: strings.total, text: (spending) => dollars(spentUsd(spending)) },
  saved: { head: strings.saved, text: savedText },
  hitRate: { head: strings.hitRate, text: hits },
  tokensIn: { head: strings.tokensIn, text: ({ tokens }) => tokenCount(allInput(tokens)) },
  tokensOut: { head: strings.tokensOut, text: ({ tokens }) => tokenCount(tokens.output) },
  requests: { head: strings.requests, text: ({ requests }) => String(requests) },
} as const satisfies Readonly<Record<string, Column>>;

type Columns = readonly (keyof typeof columns)[];

/** The columns of the other tables, behind that of what a row is about. */
const shown = {
  model: ['total', 'saved', 'hitRate', 'tokensIn', 'tokensOut', 'requests'],
  conversation: ['total', 'saved', 'hitRate', 'requests'],
} as const satisfies Readonly<Record<string, Columns>>;

function table(label: string, of: 'day' | keyof typeof shown, names: Columns, rows: unknown): TemplateResult {
  const heads = [strings[of], ...names.map((name) => columns[name].head)];
  return html`<div class="tableFrame" tabindex="0" role="group" aria-label=${label}><table>
    <thead><tr>${heads.map((head) => html`<th scope="col">${head()}</th>`)}</tr></thead>
    <tbody>${rows}</tbody>
  </table></div>`;
}

function cells(names: Columns, spending: Spending): unknown {
  return names.map((name) => html`<td>${columns[name].text(spending)}</td>`);
}

/** Days without a request say nothing. */
function dayTable(days: readonly Day[]): TemplateResult {
  const rows = days.filter(({ spending }) => spending.requests > 0).toReversed();
  const names: Columns = [...kindsOf(sumOf(days)), 'total', 'saved', 'requests'];
  return html`<details class="asTable">
    <summary>${strings.asTable()}</summary>
    ${table(
      strings.plot(days.length),
      'day',
      names,
      rows.map(({ at, spending }) => html`<tr><th scope="row">${longDay(at)}</th>${cells(names, spending)}</tr>`),
    )}
  </details>`;
}

function modelTable({ models }: UsageReport): TemplateResult {
  const rows = models.map(
    ({ model, spending }) =>
      html`<tr><th scope="row" title=${model}>${model === '' ? '—' : modelName(model)}</th>${cells(shown.model, spending)}</tr>`,
  );
  return table(strings.byModel(), 'model', shown.model, rows);
}

function conversationTable(state: UsageState, report: UsageReport, actions: UsageActions): TemplateResult {
  const { conversations, others, deleted } = report;
  const sum = (name: string, spending: Spending) =>
    html`<tr><th scope="row">${name}</th>${cells(shown.conversation, spending)}</tr>`;
  return table(
    strings.byConversation(),
    'conversation',
    shown.conversation,
    html`${conversations.map(({ id, title, workspaceName, spending }) => {
      const name = title === '' ? strings.untitled() : title;
      const where = state.all && workspaceName !== '' ? html`<span class="where">${workspaceName}</span>` : nothing;
      return html`<tr><th scope="row"><button
        class="link" type="button" data-conversation=${id} title=${strings.open(name)}
        @click=${() => actions.open(id)}
      ><span dir="auto">${name}</span></button>${where}</th>${cells(shown.conversation, spending)}</tr>`;
    })}
    ${others.count === 0 ? nothing : sum(strings.others(others.count), others.spending)}
    ${deleted.requests === 0 ? nothing : sum(strings.deleted(), deleted)}`,
  );
}

function notes(actions: UsageActions): TemplateResult {
  return html`<footer class="notes">
    ${strings.notes().map((note) => html`<p>${note}</p>`)}
    <p><button class="link" type="button" data-do="settings" @click=${() => actions.openSettings()}>${strings.limits()}</button></p>
  </footer>`;
}
