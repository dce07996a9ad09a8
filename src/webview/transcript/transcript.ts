/** The transcript: the last items of the conversation, each rendered only when it has changed. */
import { html, nothing, type TemplateResult } from 'lit-html';
import { ref } from 'lit-html/directives/ref.js';
import { repeat } from 'lit-html/directives/repeat.js';
import type { Activity, Attachment, Item, UserItem } from '../../shared/chat';
import { placeKey } from '../../shared/find';
import { isQuiet } from '../../shared/turn/work';
import { visible } from '../../shared/visible';
import { bounded, plainPart, textWithin } from '../dom/bounded';
import { escaped } from '../dom/escapes';
import { icon } from '../dom/icon';
import { placedLabel } from '../dom/placedLabel';
import { clockTime, listOf } from '../l10n/format';
import { strings } from '../l10n/strings';
import { transcriptStrings } from '../l10n/transcriptStrings';
import { codeLook } from '../markdown/code';
import { editedAttachments } from '../view/inlineEdits';
import { labelled } from '../view/placesInWords';
import type { View } from '../view/view';
import { answerTurn } from './answer';
import { branchWalker } from './branches';
import { compactionTurn } from './compaction';
import { emptyState } from './empty';
import { excludedNote, isExcluded, menuContext, moreButton, turnTarget } from './exclude';
import { contextLines } from './lines';
import { turnWhen } from './when';
import { type ContextItem, isHeld } from './work';

/** The items from an index on. An item is rendered again only when it, or something it shows, has changed. */
export function transcript(view: View, first: number): unknown {
  const { items, above } = view.chat;
  if (items.length === 0) return emptyState(view);
  const last = lastSaid(items);
  const shownBy = commonTo(view);
  return html`
    ${first + above.items > 0 ? html`<button class="earlier linkButton" type="button" @click=${() => view.actions.showEarlier()}>${strings.earlier()}</button>` : nothing}
    ${repeat(
      withSent(questionsFirst(items.slice(first)), last),
      ({ item }) => `${item.type}/${item.id}`,
      ({ item, sent }) => boundedItem(view, item, sent, item === last, shownBy),
    )}
    ${bounded(
      null,
      () => waitingForAnswer(view),
      () => nothing,
    )}
  `;
}

/** The last thing that somebody said: what the cache or the context did since is nothing to go on with. */
function lastSaid(items: readonly Item[]): Item | undefined {
  return items.findLast(({ type }) => type !== 'context');
}

/** What was sent with a question is recorded before it, and shown below it. */
function questionsFirst(items: readonly Item[]): readonly Item[] {
  const ordered: Item[] = [];
  let waiting: Item[] = [];
  for (const item of items) {
    if ((item ?? null) === null) continue;
    if (item.type === 'context') waiting.push(item);
    else {
      ordered.push(...(item.type === 'user' ? [item, ...waiting] : [...waiting, item]));
      waiting = [];
    }
  }
  return [...ordered, ...waiting];
}

interface Row {
  readonly item: Item;
  /** What went along with the question of a finished answer: it stands in the answer's fold. null where there is none. */
  readonly sent: readonly ContextItem[] | null;
}

function withSent(items: readonly Item[], last: Item | undefined): readonly Row[] {
  const rows: Row[] = [];
  let sent: ContextItem[] = [];
  for (const item of items) {
    if (item.type === 'context' && isQuiet(item.lines)) sent.push(item);
    else {
      const isFolded = item.type === 'answer' && item.outcome !== null && !isHeld(item.id, item === last);
      if (!isFolded) rows.push(...sent.map(alone));
      rows.push({ item, sent: isFolded ? sent : null });
      sent = [];
    }
  }
  return [...rows, ...sent.map(alone)];
}

function alone(item: Item): Row {
  return { item, sent: null };
}

/** What every item is drawn by, besides itself. */
function commonTo({ environment, folds, outputs, edits, editor, chat, composer }: View): readonly unknown[] {
  return [
    environment,
    folds.version,
    outputs.version,
    edits.version,
    editor.version,
    chat.activity?.kind === 'elsewhere',
    // What can be done with an item depends on it.
    chat.activity === null,
    chat.items.findLast(({ type }) => type === 'compaction')?.id,
    chat.excluded,
    chat.branches,
    composer.modelId,
    composer.modelName,
    composer.edited?.map(({ edit, id }) => `${edit} ${id}`).join(),
    codeLook(),
  ];
}

/** Drawn again only when something that it shows has changed. One that cannot be drawn is shown as its text. */
function boundedItem(
  view: View,
  item: Item,
  sent: readonly ContextItem[] | null,
  last: boolean,
  shownBy: readonly unknown[],
): unknown {
  const running = (item.type === 'answer' || item.type === 'compaction') && item.outcome === null;
  const activity = running ? view.chat.activity : null;
  return bounded(
    [item, last, activity, activity === null ? 0 : view.now, ...shownBy, sent === null, ...(sent ?? [])],
    () => turn(view, item, sent, activity, last),
    () => html`<article class="turn" tabindex="-1">${plainPart(textWithin([...(sent ?? []), item]))}</article>`,
  );
}

function turn(
  view: View,
  item: Item,
  sent: readonly ContextItem[] | null,
  activity: Activity | null,
  last: boolean,
): TemplateResult {
  switch (item.type) {
    case 'user':
      return userTurn(view, item);
    case 'context':
      return html`<div class="turn contextTurn">${contextLines(view, item.id, item.lines)}</div>`;
    case 'answer':
      return answerTurn(view, item, sent, activity, last);
    case 'compaction':
      return compactionTurn(view, item, activity, last);
  }
}

/** Longer questions are cut until they are opened. */
const shownLines = 16;
const shownCharacters = 1600;

function userTurn(view: View, item: UserItem): TemplateResult {
  if (item.auto === 'continue') {
    return html`<div class="turn continued"><div class="line quietLine"><span class="lineWords">${strings.continued()}</span></div>${branchWalker(view, `user/${item.id}`)}</div>`;
  }
  const label = listOf([strings.you(), clockTime(item.at)]);
  if (view.editor.isOpen('message', item.id)) {
    return html`<article class="turn user" tabindex="-1" data-turn=${item.id} aria-label=${label}>
      <div class="bubbleRow"><div class="bubble editing">${sentAttachments(view, item)}${editedAttachments(view, item.id)}${view.editor.template(strings.editMessage(), strings.send(), view.environment.sendsWithCtrl === true)}</div></div>
    </article>`;
  }
  const target = turnTarget(item.id);
  const out = isExcluded(view, target);
  const spoken = out ? transcriptStrings.spokenOut(label) : label;
  return html`<article class="turn user ${out ? 'excluded' : ''}" tabindex="-1" data-turn=${item.id} aria-label=${spoken} data-vscode-context=${menuContext(view, target, item.id)}>
    <div class="bubbleRow"><div class="bubbleActions">${editButton(view, item)}${moreButton(view, target, item.id, label)}</div>
    <div class="bubble">
      ${out ? excludedNote(view, target, transcriptStrings.turnOut()) : nothing}
      ${question(view, item)}
      ${bounded(
        null,
        () => sentAttachments(view, item),
        () => plainPart(textWithin(item.attachments)),
      )}
    </div></div>
    <div class="bubbleFoot">${turnWhen(item.at)}${branchWalker(view, `user/${item.id}`)}</div>
  </article>`;
}

function sentAttachments(view: View, { id, attachments }: UserItem): unknown {
  if (attachments.length === 0) return nothing;
  return html`<div class="attachments">${attachments.map((sent, index) => {
    const target = { what: 'attachment', entry: id, index } as const;
    const out = isExcluded(view, target);
    return html`<span
      class="sentOne ${out || sent.notSent === true ? 'excluded' : ''}"
      data-vscode-context=${menuContext(view, target, id)}
    >${attachment(view, sent, out)}${moreButton(view, target, id, labelled(sent).label)}</span>`;
  })}</div>${attachments.map((sent) => openedText(view, id, sent))}`;
}

/** What find has opened. */
function openedText(view: View, message: string, { id, kind }: Attachment): unknown {
  const key = `${message}/${id}`;
  if (/^im/.test(kind) || !view.folds.isOpen(key)) return nothing;
  const { text, problem } = view.outputs.of({ key, output: '', outputLength: 1 }) ?? { text: '…', problem: null };
  return html`<pre class="sentText" dir="auto" tabindex="0" data-place=${placeKey(`user/${message}`, id)}>${escaped(problem ?? text)}</pre><button
      class="linkButton bubbleMore" type="button" aria-expanded="true" @click=${() => view.folds.toggle(key)}
    >${strings.showLess()}</button>`;
}

/** Not while another window asks: what it answers stands. */
function editButton(view: View, { id, text }: UserItem): unknown {
  if (view.chat.activity?.kind === 'elsewhere') return nothing;
  return html`<button
    class="iconButton bubbleEdit codicon codicon-edit" type="button" data-edit=${id} title=${strings.edit()}
    aria-label=${strings.edit()} @click=${() => view.editor.start('message', id, text)}
  ></button>`;
}

function question(view: View, { id, text }: UserItem): TemplateResult {
  const shown = visible(text, 'prose');
  const place = placeKey(`user/${id}`);
  const long = shown.length > shownCharacters || shown.split('\n', shownLines + 1).length > shownLines;
  const drawn = escaped(text, 'prose');
  if (!long) return html`<div class="bubbleText" dir="auto" data-place=${place}>${drawn}</div>`;
  const key = `${id}/question`;
  const open = view.folds.isOpen(key);
  return html`<div class="bubbleText ${open ? '' : 'cut'}" dir="auto" data-place=${place}>${drawn}</div>
    <button
      class="linkButton bubbleMore" type="button" aria-expanded=${open ? 'true' : 'false'}
      @click=${() => view.folds.toggle(key)}
    >${open ? strings.showLess() : strings.showAll()}</button>`;
}

const attachmentIcons = {
  selection: 'list-selection',
  file: 'file',
  image: 'file-media',
  imageUrl: 'globe',
  document: 'file-pdf',
} as const;

function attachment(view: View, sent: Attachment, excluded: boolean): TemplateResult {
  const { kind, id, mediaType, pasted, notSent = false } = sent;
  const { label, place } = labelled(sent);
  const out = excluded || notSent;
  const note = excluded ? strings.excluded() : transcriptStrings.refused();
  const title = excluded
    ? transcriptStrings.attachmentOut(label)
    : out
      ? transcriptStrings.attachmentRefused(label)
      : label;
  const eye = icon('eye-closed');
  if (kind === 'image') {
    const name = out ? listOf([strings.showImage(label), note]) : strings.showImage(label);
    return html`<button
      class="sentImage" type="button" title=${title} aria-label=${name}
      @click=${() => view.images.open(id, label)}
    ><img
      class="thumb" alt="" ${ref((element) => view.images.show(element, id))}
    >${out ? eye : nothing}</button>`;
  }
  const text = pasted === true ? 'clippy' : 'file';
  const name = kind === 'document' && mediaType === 'text/plain' ? text : attachmentIcons[kind];
  const noted = out ? html`<span class="chipNote">${note}</span>` : nothing;
  const face = html`${out ? eye : icon(name)}${placedLabel(label, place)}${noted}`;
  const open = opener(view, sent);
  // What nothing here can show is no button.
  if (open === null) return html`<span class="chip sent" title=${title}>${face}</span>`;
  return html`<button class="chip sent" type="button" title=${out ? title : strings.openFile(label)} @click=${open}>${face}</button>`;
}

function opener(view: View, { kind, id, label, mediaType, source }: Attachment): (() => void) | null {
  if (kind === 'imageUrl') return () => view.actions.ask({ type: 'openLink', url: id });
  if (kind === 'document')
    return mediaType === 'text/plain' ? () => view.actions.ask({ type: 'openText', id, label }) : null;
  return source === undefined ? null : () => view.actions.ask({ type: 'openSource', ...source });
}

/** Between Send and the first sign of an answer. */
function waitingForAnswer(view: View): unknown {
  const last = lastSaid(view.chat.items);
  const { activity } = view.chat;
  if (activity === null || last?.type === 'answer' || last?.type === 'compaction') return nothing;
  const text = activity.kind === 'askingWeb' ? strings.askingWeb(activity.tool) : strings.waiting();
  return html`<div class="turn"><div class="line status">${icon('loading spin')}<span class="lineWords">${text}</span></div></div>`;
}
