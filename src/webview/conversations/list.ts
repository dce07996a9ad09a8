/** How the list of conversations looks. */
import { html, nothing, type TemplateResult } from 'lit-html';
import { ref } from 'lit-html/directives/ref.js';
import { repeat } from 'lit-html/directives/repeat.js';
import { longestQuery } from '../../shared/find';
import type { ConversationRow, MovedConversations } from '../../shared/protocol';
import { bounded, partFailed, textWithin } from '../dom/bounded';
import { icon } from '../dom/icon';
import { isComposing } from '../dom/keys';
import { listOf } from '../l10n/format';
import { dayGroup, listStrings, shortAge, spokenAge } from '../l10n/listStrings';
import { offerLine } from '../view/offerLine';

/** A deleted conversation that can still be brought back. */
export interface Deleted {
  readonly id: string;
  readonly title: string;
  /** It was the one that was shown. */
  readonly wasCurrent: boolean;
}

/** What the list shows, and what is being looked at in it. */
export interface ListProps {
  readonly query: string;
  readonly all: boolean;
  /** null while the first page is on its way. */
  readonly rows: readonly ConversationRow[] | null;
  readonly more: boolean;
  readonly elsewhere: number;
  readonly current: string | null;
  readonly offer: MovedConversations | null;
  readonly adopted: MovedConversations | null;
  /** The row that Tab goes to. */
  readonly active: string | null;
  /** The row whose title is being changed. */
  readonly renaming: string | null;
  readonly deleted: readonly Deleted[];
  /** Why what was asked for here was not done; `retry` where it may be asked for again. */
  readonly problem: { readonly text: string; readonly retry: boolean } | null;
  /** True when it has a column of its own. */
  readonly column: boolean;
  readonly now: number;
}

/** Rows below one heading. */
interface Group {
  readonly name: string;
  readonly rows: readonly ConversationRow[];
}

/** What the list's rows and buttons do. */
export interface ListCallbacks {
  search(query: string): void;
  setAll(all: boolean): void;
  open(id: string): void;
  openInEditor(id: string): void;
  startRename(id: string): void;
  endRename(id: string, title: string | null): void;
  remove(row: ConversationRow): void;
  undo(): void;
  /** Erases at once what was deleted. */
  deleteForever(): void;
  more(): void;
  adopt(key: string): void;
  putBack(key: string): void;
  dismiss(key: string): void;
  /** Asks for the rows again. */
  retry(): void;
  dismissProblem(): void;
  close(): void;
  activate(id: string): void;
}

/** The row's title, or the words for a chat without one. */
export function titleOf(row: ConversationRow): string {
  return row.title === '' ? listStrings.newChat() : row.title;
}

/** The search, the rows, and what can be brought or undone. */
export function conversationList(props: ListProps, acts: ListCallbacks): TemplateResult {
  return html`
    <div class="listHead">
      <input
        class="listSearch" type="search" dir="auto" maxlength=${longestQuery} placeholder=${listStrings.search()}
        aria-label=${listStrings.searchLabel()} .value=${props.query}
        @input=${(event: Event) => acts.search((event.target as HTMLInputElement).value)}
      >
      <button
        class="iconButton codicon codicon-close" type="button" data-list="close" title=${listStrings.close()}
        aria-label=${listStrings.close()} @click=${() => acts.close()}
      ></button>
    </div>
    <label class="listAll" title=${listStrings.allHint()}><input
      type="checkbox" data-list="all" .checked=${props.all}
      @change=${(event: Event) => acts.setAll((event.target as HTMLInputElement).checked)}
    ><span>${listStrings.all()}</span></label>
    ${bounded(null, () => movedLine(props, acts), partFailed)}
    ${props.problem === null ? nothing : problemLine(props.problem, acts)}
    <div class="listScroll">${rowsOrNote(props, acts)}</div>
    ${props.deleted.length === 0 ? nothing : undoLine(props.deleted, acts)}
  `;
}

function problemLine({ text, retry }: NonNullable<ListProps['problem']>, acts: ListCallbacks): TemplateResult {
  const again = html`<button class="linkButton" type="button" data-list="retry" @click=${() => acts.retry()}>${listStrings.retry()}</button>`;
  return html`<div class="notice warning listProblem" role="alert">${icon('warning')}<div class="noticeBody">${text} ${retry ? again : nothing}</div><button
    class="iconButton codicon codicon-close" type="button" data-list="dismissProblem"
    title=${listStrings.dismiss()} aria-label=${listStrings.dismiss()} @click=${() => acts.dismissProblem()}
  ></button></div>`;
}

function rowsOrNote(props: ListProps, acts: ListCallbacks): unknown {
  const { rows } = props;
  if (rows === null) return nothing;
  const none = props.query.trim() === '' ? listStrings.none() : listStrings.noneFound();
  return html`
    ${
      rows.length === 0
        ? html`<p class="listNote">${none}</p>`
        : groupsOf(rows, props.now).map(
            ({ name, rows: some }) => html`<h3 class="listGroup" aria-hidden="true">${name}</h3><ul
      class="listRows" role="list" aria-label=${name}
    >${repeat(some, rowKey, (row) => boundedRow(row, props, acts))}</ul>`,
          )
    }
    ${props.more ? html`<button class="linkButton listMore" type="button" data-list="more" @click=${() => acts.more()}>${listStrings.more()}</button>` : nothing}
    ${hiddenLine(props, acts)}
  `;
}

/** Rows of the same day, or of the same month where that is some time ago. */
function groupsOf(rows: readonly ConversationRow[], now: number): readonly Group[] {
  const groups: { readonly name: string; readonly rows: ConversationRow[] }[] = [];
  for (const row of rows) {
    const name = dayGroup(row.at, now);
    const last = groups.at(-1);
    if (last?.name === name) last.rows.push(row);
    else groups.push({ name, rows: [row] });
  }
  return groups;
}

function rowKey(row: ConversationRow): string {
  return row.id;
}

/** One that cannot be drawn can still be opened. */
function boundedRow(row: ConversationRow, props: ListProps, acts: ListCallbacks): unknown {
  return bounded(
    null,
    () => rowItem(row, props, acts),
    () =>
      html`<li class="listRow" data-id=${row.id}><button
        class="rowOpen" type="button" data-row="open" @click=${() => acts.open(row.id)}
      ><span class="rowLine"><span class="rowTitle" dir="auto">${textWithin(row) || listStrings.newChat()}</span></span></button></li>`,
  );
}

function rowItem(row: ConversationRow, props: ListProps, acts: ListCallbacks): TemplateResult {
  const current = row.id === props.current;
  const title = titleOf(row);
  const state = listStrings.state[row.state]();
  const stop = row.id === props.active ? '0' : '-1';
  return html`<li class=${current ? 'listRow current' : 'listRow'} data-id=${row.id}>
    ${row.id === props.renaming ? renameField(row, acts) : openButton(row, title, state, current, stop, props.now, acts)}
    ${
      row.id === props.renaming
        ? nothing
        : html`<span class="rowActions">
      <button
        class="iconButton codicon codicon-edit" type="button" tabindex=${stop} data-row="rename"
        title=${listStrings.renameHint()} aria-label=${listStrings.rename(title)}
        @click=${() => acts.startRename(row.id)}
      ></button>
      <button
        class="iconButton codicon codicon-go-to-file" type="button" tabindex=${stop} data-row="editor"
        title=${listStrings.openInEditorHint()} aria-label=${listStrings.openInEditor(title)}
        @click=${() => acts.openInEditor(row.id)}
      ></button>
      <button
        class="iconButton codicon codicon-trash" type="button" tabindex=${stop} data-row="delete"
        title=${listStrings.removeHint()} aria-label=${listStrings.remove(title)} @click=${() => acts.remove(row)}
      ></button>
    </span>`
    }
  </li>`;
}

function openButton(
  row: ConversationRow,
  title: string,
  state: string,
  current: boolean,
  stop: string,
  now: number,
  acts: ListCallbacks,
): TemplateResult {
  const workspace = row.workspace === '' ? listStrings.noFolder() : row.workspace;
  const age = spokenAge(row.at, now);
  return html`<button
    class="rowOpen" type="button" tabindex=${stop} data-row="open"
    aria-current=${current ? 'true' : 'false'} title=${`${title}\n${age}`}
    @click=${() => acts.open(row.id)} @focus=${() => acts.activate(row.id)}
  >
    <span class="rowLine">
      <span class=${`rowState ${row.state}`} aria-hidden="true">${stateIcon(row.state)}</span>
      <span class="rowTitle" dir="auto">${title}</span>
      <span class="spoken">${state === '' ? age : listOf([state, age])}</span>
      <span class="rowAge" aria-hidden="true">${shortAge(row.at, now)}</span>
    </span>
    ${workspace === null ? nothing : html`<span class="rowMore rowWorkspace">${workspace}</span>`}
    ${row.snippet === null ? nothing : html`<span class="rowMore rowSnippet" dir="auto">${snippetParts(row.snippet.text)}</span>`}
  </button>`;
}

const stateIcons = {
  running: 'loading spin',
  elsewhere: 'circle-large',
  needsYou: 'question',
  unread: 'circle-filled',
  unopened: 'warning',
} as const;

function stateIcon(state: ConversationRow['state']): unknown {
  return state === 'idle' ? nothing : icon(stateIcons[state]);
}

/** What was looked for stands between U+0002 and U+0003. */
function snippetParts(snippet: string): unknown {
  return snippet.split('\u0002').map((part, index) => {
    if (index === 0) return part;
    const [found = '', rest = ''] = part.split('\u0003');
    return html`<mark>${found}</mark>${rest}`;
  });
}

function renameField(row: ConversationRow, acts: ListCallbacks): TemplateResult {
  const title = titleOf(row);
  const key = (event: KeyboardEvent): void => {
    // An Enter that picks a candidate of an input method is not ours (L24).
    if (isComposing(event)) return;
    if (event.key !== 'Enter' && event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    acts.endRename(row.id, event.key === 'Enter' ? (event.target as HTMLInputElement).value : null);
  };
  const take = (element: Element | undefined): void => {
    if (!(element instanceof HTMLInputElement) || element.dataset['shown'] === 'yes') return;
    element.dataset['shown'] = 'yes';
    element.value = title;
    requestAnimationFrame(() => {
      element.focus();
      element.select();
    });
  };
  return html`<input
    class="rowRename" type="text" dir="auto" maxlength="200" aria-label=${listStrings.renameLabel(title)} ${ref(take)}
    @keydown=${key}
    @blur=${(event: Event) => acts.endRename(row.id, (event.target as HTMLInputElement).value)}
  >`;
}

/** A filter says that it hides (L7). */
function hiddenLine({ elsewhere, query }: ListProps, acts: ListCallbacks): unknown {
  if (elsewhere === 0) return nothing;
  const text = query.trim() === '' ? listStrings.hidden(elsewhere) : listStrings.hiddenFound(elsewhere);
  return html`<p class="listNote listHidden">${text} <button
    class="linkButton" type="button" data-list="showHidden" @click=${() => acts.setAll(true)}
  >${listStrings.showHidden()}</button></p>`;
}

function movedLine({ offer, adopted }: ListProps, acts: ListCallbacks): unknown {
  if (adopted !== null) {
    const { key, count, from } = adopted;
    return html`<div class="listOffer" role="note"><span>${listStrings.brought(count, from)}</span><span class="offerButtons"><button
      class="linkButton" type="button" data-list="putBack" @click=${() => acts.putBack(key)}
    >${listStrings.putBack()}</button><button
      class="iconButton codicon codicon-close" type="button" data-list="dismiss" title=${listStrings.dismiss()}
      aria-label=${listStrings.dismiss()} @click=${() => acts.dismiss(key)}
    ></button></span></div>`;
  }
  return offer === null ? nothing : offerLine(offer, acts);
}

/** What is said of what was deleted together: its title, or how many they are. */
export function undoText(
  deleted: readonly Deleted[],
  one: (title: string) => string = listStrings.deleted,
  many: (count: number) => string = listStrings.deletedMany,
): string {
  return deleted.length === 1 ? one(deleted[0]?.title ?? '') : many(deleted.length);
}

function undoLine(deleted: readonly Deleted[], acts: ListCallbacks): TemplateResult {
  return html`<div class="listUndo"><span class="undoText">${undoText(deleted)}</span><button
    class="linkButton" type="button" data-list="undo" @click=${() => acts.undo()}
  >${listStrings.undo()}</button><button
    class="linkButton" type="button" data-list="deleteForever" @click=${() => acts.deleteForever()}
  >${listStrings.deleteForever()}</button></div>`;
}
