/** The end of a turn that changed files: what it changed, file by file and hunk by hunk, with Keep and Undo. */
import { html, nothing, type TemplateResult } from 'lit-html';
import type { AnswerItem } from '../../shared/chat';
import type { EditedFile, EditKind, ReviewHunk } from '../../shared/edits';
import { visible } from '../../shared/visible';
import { icon } from '../dom/icon';
import { editedText, editStrings, kindText, stateText } from '../l10n/editStrings';
import { listOf } from '../l10n/format';
import { strings } from '../l10n/strings';
import type { View } from '../view/view';
import { counts, fileRows } from './editCard';
import { hunkLines, placeText } from './hunkView';
import type { Reviews } from './reviews';

/** Hunks that a file shows until more are asked for. */
const mostHunks = 50;

const icons: Readonly<Record<EditKind, string>> = {
  edit: 'edit',
  create: 'new-file',
  rename: 'arrow-right',
  delete: 'trash',
};

/** "Edited 3 files, +41 −12 · Review Changes · Undo All", and a row for each file. */
export function editsEnd(view: View, answer: AnswerItem, reviews: Reviews): unknown {
  const { edits: files = [], id } = answer;
  if (files.length === 0) return nothing;
  const readOnly = view.chat.activity?.kind === 'elsewhere';
  const canDecide = !readOnly && files.some(({ open }) => open > 0);
  const added = files.reduce((sum, file) => sum + file.added, 0);
  const removed = files.reduce((sum, file) => sum + file.removed, 0);
  const all = { answer: id, uri: null, hunk: null };
  const title = editedText(files.length);
  return html`<section class="editsEnd" tabindex="-1" data-answer=${id} aria-label=${title}>
    <div class="editsHead">
      <span class="editsTitle">${icon('edit')}<span>${added + removed === 0 ? title : strings.counted(title)}</span> ${counts(added, removed)}</span>
      <span class="editsActs"><button class="linkButton" type="button" data-do="reviewChanges" @click=${() => view.actions.here('reviewChanges', { answer: id, uri: null })}>${editStrings.reviewChanges()}</button>
      ${
        canDecide
          ? html`<button class="linkButton" type="button" data-do="keepAll" ?disabled=${reviews.isDecided(all)} @click=${() => reviews.decide({ ...all, keep: true })}>${editStrings.keepAll()}</button>
            <button class="linkButton" type="button" data-do="undoAll" ?disabled=${reviews.isDecided(all)} @click=${() => reviews.decide({ ...all, keep: false })}>${editStrings.undoAll()}</button>`
          : nothing
      }</span>
    </div>
    ${problem(reviews.problemOf(all))}
    ${fileRows(view, `${id}/edits/allFiles`, files, (file) => fileRow(view, answer, file, readOnly, reviews))}
  </section>`;
}

function fileRow(
  view: View,
  answer: AnswerItem,
  file: EditedFile,
  readOnly: boolean,
  reviews: Reviews,
): TemplateResult {
  const key = `${answer.id}/${file.uri}/edits`;
  const open = view.folds.isOpen(key);
  const path = visible(file.path);
  const kind = kindText(file);
  const whole = { answer: answer.id, uri: file.uri, hunk: null };
  return html`<li class="editFile">
    <div class="editRow">
      <button class="line foldLine" type="button" aria-expanded=${open ? 'true' : 'false'} title=${kind === '' ? path : listOf([path, kind])} @click=${() => view.folds.toggle(key)}>
        ${icon(open ? 'chevron-down' : 'chevron-right')}${icon(icons[file.kind])}<span class="lineWords">${path}</span>${kind === '' ? nothing : html`<span class="editKind ${file.kind === 'rename' ? 'newName' : ''}">${kind}</span>`}
        ${counts(file.added, file.removed)}<span class="editState">${stateText(file, file.kind !== 'rename' && reviews.isWithoutHunks(answer, file))}</span>
      </button>
      ${file.open > 0 && !readOnly ? deciders(whole, path, reviews) : nothing}
    </div>
    ${problem(reviews.problemOf(whole))}
    ${open ? body(view, answer, file, readOnly, reviews) : nothing}
  </li>`;
}

function deciders(
  what: { readonly answer: string; readonly uri: string; readonly hunk: string | null },
  name: string,
  reviews: Reviews,
): TemplateResult {
  const decided = reviews.isDecided(what);
  return html`<span class="editDeciders">
    <button class="linkButton" type="button" data-do="keep" aria-label=${editStrings.keepOf(name)} ?disabled=${decided} @click=${() => reviews.decide({ ...what, keep: true })}>${editStrings.keep()}</button>
    <button class="linkButton" type="button" data-do="undo" aria-label=${editStrings.undoOf(name)} ?disabled=${decided} @click=${() => reviews.decide({ ...what, keep: false })}>${editStrings.undo()}</button>
  </span>`;
}

function body(view: View, answer: AnswerItem, file: EditedFile, readOnly: boolean, reviews: Reviews): TemplateResult {
  const hunks = reviews.hunksOf(answer, file);
  if (hunks === null) return html`<div class="editBody approvalNote">${editStrings.loading()}</div>`;
  if (hunks.length === 0) {
    const isNew = file.kind === 'rename' && file.open > 0;
    const note = isNew ? editStrings.nameOnly() : editStrings.noHunks();
    return html`<div class="editBody approvalNote">${reviews.isWithoutHunks(answer, file) ? note : ''}</div>`;
  }
  const more = `${answer.id}/${file.uri}/all`;
  const shown = view.folds.isOpen(more) ? hunks : hunks.slice(0, mostHunks);
  return html`<div class="editBody">
    ${shown.map((hunk) => hunkRow(answer, file, hunk, readOnly, reviews))}
    ${
      shown.length === hunks.length
        ? nothing
        : html`<button class="linkButton" type="button" @click=${() => view.folds.toggle(more)}>${editStrings.moreHunks(hunks.length - shown.length)}</button>`
    }
  </div>`;
}

function hunkRow(
  answer: AnswerItem,
  file: EditedFile,
  hunk: ReviewHunk,
  readOnly: boolean,
  reviews: Reviews,
): TemplateResult {
  const place = placeText(hunk);
  const what = { answer: answer.id, uri: file.uri, hunk: hunk.id };
  const name = listOf([visible(file.path), place]);
  return html`<div class="hunk" role="group" aria-label=${name} data-hunk=${hunk.id}>
    <div class="editRow"><span class="hunkPlace">${place}</span>${hunkAnswers(what, name, hunk, readOnly, reviews)}</div>
    ${hunk.changedSince === true ? html`<div class="approvalNote editNote">${icon('warning')}<span>${editStrings.changedSince()}</span></div>` : nothing}
    ${problem(reviews.problemOf(what))}
    ${hunkLines(hunk)}
  </div>`;
}

function hunkAnswers(
  what: { readonly answer: string; readonly uri: string; readonly hunk: string },
  name: string,
  hunk: ReviewHunk,
  readOnly: boolean,
  reviews: Reviews,
): unknown {
  const decided = reviews.decisionOf(what);
  if (decided !== null)
    return html`<span class="editState">${decided ? editStrings.kept() : editStrings.undone()}</span>`;
  if (readOnly) return nothing;
  if (hunk.changedSince !== true) return deciders(what, name, reviews);
  return html`<span class="editDeciders"><button class="linkButton" type="button" data-do="keep" aria-label=${editStrings.keepOf(name)} @click=${() => reviews.decide({ ...what, keep: true })}>${editStrings.keep()}</button></span>`;
}

function problem(text: string | null): unknown {
  return text === null ? nothing : html`<div class="editProblem" role="alert">${icon('warning')} ${text}</div>`;
}
