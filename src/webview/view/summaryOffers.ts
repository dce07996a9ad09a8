/** Going on from a summary: offered at the conversation's end while little room is left in the model's window, and by price. */
import { html, nothing, type TemplateResult } from 'lit-html';
import type { AnswerItem } from '../../shared/chat';
import { icon } from '../dom/icon';
import { costPopupStrings } from '../l10n/costPopupStrings';
import { percentText, sentences, wholeCents } from '../l10n/format';
import { strings } from '../l10n/strings';
import type { View } from './view';

/** Percent of the window from which on it is offered; after "Not Now" only from the next one on. */
const levels = [80, 90, 95] as const;

/** Percent of the window that the conversation itself must fill: open files are not summed up. */
const leastHistory = 30;

/** Says how full the window is and what going on would cost; nothing while there is room, or while a turn runs. */
export function fullWindow(view: View): unknown {
  const { chat, composer, folds, actions } = view;
  const { tokens, windowTokens, parts, summary } = composer.next;
  const last = chat.items.findLast(({ type }) => type !== 'context');
  if (summary?.isFull !== true || chat.activity !== null || last?.type !== 'answer' || offersIt(last)) return nothing;
  const percent = Math.floor((tokens / windowTokens) * 100);
  const level = levels.findLast((one) => percent >= one);
  if (level === undefined || ((parts.history + parts.images) / windowTokens) * 100 < leastHistory) return nothing;
  const key = `compactOffer/${level}`;
  if (folds.isOpen(key)) return nothing;
  const { usd } = summary;
  const price = usd === null ? '' : costPopupStrings.fromSummary(wholeCents(usd));
  const fills = costPopupStrings.windowFills(percentText(percent), composer.modelName);
  return html`<div class="notice warning compactOffer" role="note">
    ${icon('warning')}
    <div class="noticeBody">
      <div class="noticeText">${sentences([fills, price])}</div>
      <div class="noticeButtons">
        ${button(view, 'button')}
        <button class="linkButton" type="button" data-step="manageExcluded" @click=${() => actions.step('manageExcluded')}>${costPopupStrings.exclude()}</button>
        <button class="linkButton" type="button" data-do="notNow" @click=${() => folds.toggle(key)}>${strings.notNow()}</button>
      </div>
    </div>
  </div>`;
}

/** Its own notice says so already. */
function offersIt({ outcome }: AnswerItem): boolean {
  if (outcome?.kind === 'contextWindow') return true;
  return (
    outcome?.kind === 'failed' &&
    (outcome.failure.code === 'promptTooLong' || outcome.failure.code === 'requestTooLarge')
  );
}

/** Below the cost line, where the next message is much dearer than from a summary. */
export function continueFromSummary(view: View): TemplateResult {
  return html`<div class="summaryOffer">${button(view, 'linkButton')}</div>`;
}

/** The button, in the look of the place that it stands in. */
function button({ composer, actions }: View, style: string): TemplateResult {
  const { summary } = composer.next;
  const hint = costPopupStrings.summaryHint(summary?.modelName ?? composer.modelName);
  const title = (summary?.shortened ?? 0) === 0 ? hint : `${hint}\n${costPopupStrings.shortenedHint()}`;
  return html`<button
    class=${style} type="button" data-step="compact" title=${title}
    @click=${() => actions.step('compact')}
  >${costPopupStrings.continueFromSummary()}</button>`;
}
