/** The conversation so far, replaced by a summary: said where it happened, opened to read it, and undone (L17). */
import { html, nothing, type TemplateResult } from 'lit-html';
import { type Activity, type CompactionItem, targetKey } from '../../shared/chat';
import { placeKey } from '../../shared/find';
import { icon } from '../dom/icon';
import { outcomeNotice, stepLabel } from '../l10n/failures';
import { modelName, wholeCents } from '../l10n/format';
import { compactionText, transcriptStrings } from '../l10n/transcriptStrings';
import { renderBlocks } from '../markdown/render';
import type { View } from '../view/view';
import { countdown } from './answer';
import { withTime } from './lines';

/** `activity` is set while it is the one that runs; `last` when nothing comes after it. */
export function compactionTurn(
  view: View,
  item: CompactionItem,
  activity: Activity | null,
  last: boolean,
): TemplateResult {
  const target = { what: 'compaction', entry: item.id, index: 0 } as const;
  const undone = view.chat.excluded.includes(targetKey(target));
  const free = view.chat.activity === null;
  const act = (label: string, out: boolean) =>
    html`<button
      class="linkButton" type="button" data-do=${out ? 'undoCompaction' : 'redoCompaction'}
      @click=${() => view.actions.here('exclude', { target, out })}
    >${label}</button>`;
  const done = item.outcome?.kind === 'done';
  return html`<article
    class="turn compaction ${undone ? 'undone' : ''}" tabindex="-1" aria-label=${compactionText(item, undone)}
    aria-busy=${item.outcome === null ? 'true' : 'false'}
  >
    <div class="compactionLine">
      ${summaryLine(view, item, undone)}
      ${done && free ? (undone ? act(transcriptStrings.useSummary(), false) : act(transcriptStrings.undo(), true)) : nothing}
      ${done && free && last && !undone && wasCut(view, item) ? continueButton(view) : nothing}
    </div>
    ${view.folds.isOpen(foldKey(item)) && item.summary !== '' ? summaryBody(view, item) : nothing}
    ${activity?.kind === 'retrying' ? countdown(view, activity, nameOf(view, item)) : nothing}
    ${item.outcome === null || done ? nothing : failed(view, item, last)}
  </article>`;
}

function foldKey({ id }: CompactionItem): string {
  return `${id}/summary`;
}

function nameOf(view: View, { model }: CompactionItem): string {
  return model === view.composer.modelId ? view.composer.modelName : modelName(model);
}

function summaryLine(view: View, item: CompactionItem, undone: boolean): TemplateResult {
  const text = compactionText(item, undone);
  const label =
    item.outcome === null
      ? withTime(text, item.at, view.now)
      : html`<span class="lineWords" title=${item.automatic ? transcriptStrings.automatic(text) : text}>${text}</span>`;
  const name =
    item.outcome === null
      ? 'loading spin'
      : item.outcome.kind !== 'done'
        ? 'circle-slash'
        : undone
          ? 'discard'
          : 'fold';
  const sign = icon(name);
  if (item.summary === '') return html`<div class="line">${sign}${label}</div>`;
  const open = view.folds.isOpen(foldKey(item));
  return html`<button class="line foldLine" type="button" aria-expanded=${open ? 'true' : 'false'} @click=${() => view.folds.toggle(foldKey(item))}>
    ${icon(open ? 'chevron-down' : 'chevron-right')}${item.outcome?.kind === 'done' && !undone ? nothing : sign}${label}
  </button>`;
}

function summaryBody(view: View, item: CompactionItem): TemplateResult {
  const part = { type: 'text', key: 'summary', text: item.summary, open: item.outcome === null } as const;
  const note =
    (item.shortened ?? 0) > 0 ? html`<div class="excludedNote">${transcriptStrings.shortened()}</div>` : nothing;
  return html`<div class="foldBody">${note}<div class="markdown" dir="auto" data-place=${placeKey(`compaction/${item.id}`)}>${renderBlocks(view.streams.of(item.id, part).blocks)}</div></div>`;
}

function failed(view: View, item: CompactionItem, last: boolean): unknown {
  const { outcome } = item;
  if (outcome === null || outcome.kind === 'stopped') return nothing;
  const notice = outcomeNotice(outcome, nameOf(view, item), null, view.environment.address);
  const step = (name: 'mend' | 'compact', label: string, style: string): TemplateResult =>
    html`<button class=${style} type="button" data-step=${name} @click=${() => view.actions.step(name)}>${label}</button>`;
  const mends = notice?.primary === 'mend';
  const buttons = [
    ...(mends ? [step('mend', stepLabel('mend', notice.mend), 'button')] : []),
    step('compact', transcriptStrings.tryAgain(), mends ? 'linkButton' : 'button'),
    ...byOwn(view, item),
  ];
  return html`<div class="notice warning">
    ${icon('warning')}
    <div class="noticeBody">
      <div class="noticeText" dir="auto">${transcriptStrings.nothingCompacted(notice?.text ?? '')}</div>
      ${last && view.chat.activity === null ? html`<div class="noticeButtons">${buttons}</div>` : nothing}
    </div>
  </div>`;
}

/** Where another model was to write it, the conversation's own is the next step: it costs more, and is not asked by itself. */
function byOwn({ composer, actions }: View, { model }: CompactionItem): readonly TemplateResult[] {
  if (model === composer.modelId) return [];
  const usd = composer.next.summary?.ownUsd ?? null;
  const { modelName } = composer;
  return [
    html`<button class="linkButton" type="button" data-step="compactByOwn" @click=${() => actions.here('compactByOwn')}>${
      usd === null
        ? transcriptStrings.compactByOwn(modelName)
        : transcriptStrings.compactByOwnPriced(modelName, wholeCents(usd))
    }</button>`,
  ];
}

/** The answer before it broke off: with room again it can be gone on with. */
function wasCut(view: View, item: CompactionItem): boolean {
  const before = view.chat.items.slice(0, view.chat.items.indexOf(item)).findLast((other) => other.type === 'answer');
  return before?.type === 'answer' && before.outcome !== null && before.outcome.kind !== 'done';
}

function continueButton(view: View): TemplateResult {
  return html`<button
    class="linkButton" type="button" data-step="continue" @click=${() => view.actions.step('continue')}
  >${transcriptStrings.continue()}</button>`;
}
