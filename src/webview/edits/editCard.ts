/** The card of changes that wait for the user: those of one step share one. It takes no focus by itself. */
import { html, nothing, type TemplateResult } from 'lit-html';
import type { ToolPart } from '../../shared/chat';
import type { ProposedChange } from '../../shared/edits';
import { visible } from '../../shared/visible';
import { icon } from '../dom/icon';
import { approvalStrings, concernsOf, spokenLines } from '../l10n/approvalStrings';
import { editStrings, editsTitle, editTitle } from '../l10n/editStrings';
import { listOf, sentence } from '../l10n/format';
import type { EditCall, EditCardShell, View } from '../view/view';
import { hunkLines } from './hunkView';

/** Lines of a change, and hunks, that its card shows; those of the files that are open at first, together. */
const mostLines = 12;
const mostHunks = 3;
/** Files that a card or a turn's end shows; of more than that only the first, until more are asked for. */
const mostFiles = 6;
const firstFiles = 3;

/** What the user answers with; each call is answered once. */
export interface CardAnswers {
  /** True once it was answered here. */
  isAnswered(key: string): boolean;
  apply(keys: readonly string[], atEnd: boolean): void;
  reject(keys: readonly string[], reason: string): void;
}

/** One card for these calls. */
export function editCard(
  view: View,
  answer: string,
  calls: readonly EditCall[],
  answers: CardAnswers,
  shell: EditCardShell,
): unknown {
  const waiting = calls.filter(({ part }) => !answers.isAnswered(part.key));
  const [first] = waiting;
  if (first === undefined) return nothing;
  const several = waiting.length > 1;
  const added = waiting.reduce((sum, { change }) => sum + change.added, 0);
  const removed = waiting.reduce((sum, { change }) => sum + change.removed, 0);
  const title = several ? editsTitle(waiting.length) : editTitle(first.change);
  const keys = waiting.map(({ part }) => part.key);
  const elsewhere = view.chat.activity?.kind === 'elsewhere';
  const open = openAtFirst(waiting);
  return html`<div
    class="approval editCard" role="group" tabindex="-1" data-approval=${keys.join(' ')} data-edits=${keys.length}
    aria-label=${approvalStrings.needed(listOf([title, spokenLines(added, removed)]))}
  >
    <div class="approvalTitle" dir="auto">${icon('question')}<span>${title} ${counts(added, removed)}</span>${several || elsewhere ? nothing : openDiff(view, first)}</div>
    ${
      several
        ? fileRows(view, `${answer}/edits/files`, waiting, (call, index) =>
            fileRow(view, answer, call, index < open, elsewhere ? null : answers),
          )
        : html`<div class="editOne">${notes(first)}${hunks(first.change)}</div>`
    }
    ${
      elsewhere
        ? html`<div class="approvalNote">${approvalStrings.elsewhere()}</div>`
        : buttons(view, `${answer}/${first.alone ? first.part.key : 'edits'}/deny`, keys, !first.alone, answers, shell)
    }
  </div>`;
}

/** How many files are open at first: as many as a card has room for, and one. */
function openAtFirst(calls: readonly EditCall[]): number {
  let [lines, hunkCount] = [0, 0];
  const over = calls.findIndex(({ change }) => {
    lines += change.hunks.reduce((sum, hunk) => sum + hunk.lines.length, 0);
    hunkCount += change.hunks.length;
    return lines > mostLines || hunkCount > mostHunks;
  });
  return over === -1 ? calls.length : Math.max(1, over);
}

/** A row for each file: the first ones, until more are asked for. */
export function fileRows<File>(
  view: View,
  fold: string,
  files: readonly File[],
  row: (file: File, index: number) => TemplateResult,
): TemplateResult {
  const shown = files.length <= mostFiles || view.folds.isOpen(fold) ? files : files.slice(0, firstFiles);
  const more = files.length - shown.length;
  return html`<ul class="editFiles">${shown.map(row)}</ul>${
    more === 0
      ? nothing
      : html`<button class="linkButton" type="button" data-do="moreFiles" @click=${(event: Event) => showMore(view, fold, event)}>${editStrings.moreFiles(more)}</button>`
  }`;
}

/** The button goes: the first file that comes has the focus. */
function showMore(view: View, fold: string, event: Event): void {
  const list = event.currentTarget instanceof Element ? event.currentTarget.previousElementSibling : null;
  view.folds.toggle(fold);
  requestAnimationFrame(() => list?.children[firstFiles]?.querySelector('button')?.focus());
}

function buttons(
  view: View,
  fold: string,
  keys: readonly string[],
  canReviewAtEnd: boolean,
  answers: CardAnswers,
  shell: EditCardShell,
): TemplateResult {
  const open = view.folds.isOpen(fold);
  const apply = (event: Event, atEnd: boolean): void => {
    shell.leave(event);
    answers.apply(keys, atEnd);
  };
  return html`<div class="approvalButtons editButtons">
    <button class="button" type="button" data-do="apply" @click=${(event: Event) => apply(event, false)}>${editStrings.apply()}</button>
    ${
      canReviewAtEnd
        ? html`<button class="button secondary" type="button" data-do="applyAtEnd" @click=${(event: Event) => apply(event, true)}>${editStrings.applyAtEnd()}</button>`
        : nothing
    }
    <button
      class="button secondary" type="button" data-do="deny" aria-expanded=${open ? 'true' : 'false'}
      @click=${(event: Event) => shell.toggle(event, fold)}
    >${editStrings.reject()}</button>
    ${open ? shell.denial(fold, editStrings.rejectNow(), (reason) => answers.reject(keys, reason)) : nothing}
  </div>`;
}

function fileRow(
  view: View,
  answer: string,
  call: EditCall,
  openAtFirst: boolean,
  answers: CardAnswers | null,
): TemplateResult {
  const { part, change } = call;
  // What the user has opened or closed stays so, whatever it is at first.
  const key = `${answer}/${part.key}/${openAtFirst ? 'closed' : 'opened'}`;
  const open = view.folds.isOpen(key) !== openAtFirst;
  const title = editTitle(change);
  const reject = (event: Event): void => {
    event.currentTarget instanceof Element && event.currentTarget.closest<HTMLElement>('.approval')?.focus();
    answers?.reject([part.key], '');
  };
  return html`<li class="editFile">
    <div class="editRow">
      <button class="line foldLine" type="button" aria-expanded=${open ? 'true' : 'false'} title=${title} @click=${() => view.folds.toggle(key)}>
        ${icon(open ? 'chevron-down' : 'chevron-right')}<span class="lineWords">${title}</span>${counts(change.added, change.removed)}
      </button>
      ${
        answers === null
          ? nothing
          : html`${openDiff(view, call)}<button
            class="iconButton codicon codicon-close" type="button" data-do="rejectOne" title=${editStrings.rejectOne(visible(change.path))}
            aria-label=${editStrings.rejectOne(visible(change.path))} @click=${reject}
          ></button>`
      }
    </div>
    ${open ? html`<div class="editBody">${notes(call)}${hunks(change)}</div>` : nothing}
  </li>`;
}

function openDiff(view: View, { part, change }: EditCall): TemplateResult {
  return diffButton(view, part.key, change.path);
}

/** Opens a change that waits, by the key of its card, in VS Code's diff editor. */
export function diffButton(view: View, key: string, path: string): TemplateResult {
  const label = editStrings.openDiffOf(visible(path));
  return html`<button
    class="iconButton codicon codicon-diff" type="button" data-do="openDiff" title=${label} aria-label=${label}
    @click=${() => view.actions.here('openProposed', { key })}
  ></button>`;
}

/** "+3 −1"; nothing where no line differs. */
export function counts(added: number, removed: number): unknown {
  if (added + removed === 0) return nothing;
  return html`<span class="editCounts" aria-label=${spokenLines(added, removed)} role="img"><span class="linesAdded">+${added}</span> <span class="linesRemoved">−${removed}</span></span>`;
}

/** Why it asks each time, and that it stays unsaved. */
function notes({ part, change }: EditCall): unknown {
  const why = reasons(part);
  const all = [...why, ...(change.unsaved === true ? [editStrings.unsaved()] : [])];
  return all.length === 0
    ? nothing
    : html`<div class="approvalNote editNote">${why.length > 0 ? icon('warning') : nothing}<span>${sentence(all)}</span></div>`;
}

function reasons({ approval }: ToolPart): readonly string[] {
  if (approval?.kind !== 'write') return [];
  return approval.files.flatMap(concernsOf);
}

/** The first hunks of a change, and how many lines and hunks more there are. */
export function hunks({ hunks: all, moreHunks }: ProposedChange): TemplateResult {
  let left = mostLines;
  let hidden = 0;
  let notShown = moreHunks;
  const shown = all.map((hunk, index) => {
    // One that would be cut before its change says nothing.
    if (index >= mostHunks || left <= hunk.lines.findIndex((line) => !line.startsWith(' '))) {
      notShown += 1;
      return nothing;
    }
    const lines = hunk.lines.slice(0, left);
    left -= lines.length;
    hidden += hunk.lines.length - lines.length + (hunk.cut ?? 0);
    return hunkLines({ ...hunk, lines, cut: 0 });
  });
  return html`${shown}
    ${hidden === 0 ? nothing : html`<div class="approvalNote">${editStrings.moreLines(hidden)}</div>`}
    ${notShown === 0 ? nothing : html`<div class="approvalNote">${editStrings.moreHunks(notShown)}</div>`}`;
}
