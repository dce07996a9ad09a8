/** The list that an `@` or a `/` opens, right above the text: its rows in their groups, what matches marked, and how many there are. */
import { html, nothing, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import { visible } from '../../../shared/visible';
import { mentionStrings, slashStrings } from '../../l10n/pickerStrings';
import { type ListProps, type ListRow, mentionId } from './mentionProps';

const icons: Readonly<Record<ListRow['kind'], string>> = {
  file: 'file',
  folder: 'folder',
  symbol: 'symbol-method',
  selection: 'list-selection',
  problems: 'warning',
  changes: 'git-compare',
  terminal: 'terminal',
  command: 'symbol-event',
  prompt: 'book',
};

/** The popup. The focus stays in the text. */
export function mentionList(props: ListProps): TemplateResult {
  const { of, rows, total, active, loading } = props;
  const title = of === 'mentions' ? mentionStrings.title() : slashStrings.title();
  return html`<div class="mentionPlace"><div class="popup picker mentionPopup" @mousedown=${keepFocus}>
    <ul class="pickerList" id="mentionRows" role="listbox" aria-label=${title}>${repeat(
      rows,
      ({ kind, id }) => `${kind} ${id}`,
      (mention, index) => row(mention, index, index === active, props),
    )}</ul>
    <div class="pickerNote ${rows.length > 0 && (loading || rows.length === total) ? 'spoken' : ''}" role="status">${
      loading && rows.length === 0
        ? mentionStrings.loading()
        : total === 0
          ? mentionStrings.none()
          : mentionStrings.count(rows.length, total)
    }</div>
  </div></div>`;
}

function row(mention: ListRow, index: number, active: boolean, props: ListProps): TemplateResult {
  const { kind, detail, recent } = mention;
  const group = kind === 'file' && recent ? mentionStrings.recent() : mentionStrings.kind(kind);
  return html`<li
    class="option mention ${active ? 'active' : ''}" id=${mentionId(index)} role="option" data-kind=${kind}
    aria-selected=${active ? 'true' : 'false'} title=${wholeOf(mention)}
    @click=${() => props.take(mention)}
  >
    <span class="codicon codicon-${kind === 'file' && recent ? 'history' : icons[kind]}" aria-hidden="true"></span><span
      class="mentionName" dir="auto">${marked(mention)}</span><span class="optionPhrase mentionDetail" dir="auto">${visible(detail)}</span><span class="spoken">${group}</span>
  </li>`;
}

/** A file with its folders; what is said of a command. */
function wholeOf({ kind, name, detail }: ListRow): string {
  if (kind === 'command' || kind === 'prompt') return detail;
  return visible(detail !== '' && (kind === 'file' || kind === 'folder') ? `${detail}/${name}` : detail || name);
}

/** The name with its matching characters set apart; where it has what is not seen, that is shown and nothing is marked. */
function marked({ name, marks }: ListRow): unknown {
  if (marks.length === 0 || visible(name) !== name) return visible(name);
  const parts: unknown[] = [];
  let done = 0;
  for (let n = 0; n < marks.length; ) {
    const from = marks[n] ?? 0;
    let to = from + 1;
    for (n += 1; marks[n] === to; n += 1) to += 1;
    parts.push(name.slice(done, from), html`<b>${name.slice(from, to)}</b>`);
    done = to;
  }
  return [...parts, name.slice(done) || nothing];
}

/** A click on a row leaves the focus in the text. */
function keepFocus(event: Event): void {
  event.preventDefault();
}
