/** Offered at the conversation's end while little room is left in the model's window. */
import { html, nothing } from 'lit-html';
import type { AnswerItem, Item } from '../../shared/chat';
import { icon } from '../dom/icon';
import { dollars, percentText } from '../l10n/format';
import { transcriptStrings } from '../l10n/transcriptStrings';
import type { View } from '../view/view';

/** Percent of the window from which on it is offered; after "Not Now" only from the next one on. */
const levels = [80, 90, 95] as const;

/** Percent of the window that the conversation itself must fill: open files are not summed up. */
const leastHistory = 30;

/** The last thing that somebody said: what the cache or the context did since is nothing to go on with. */
export function lastSaid(items: readonly Item[]): Item | undefined {
  return items.findLast(({ type }) => type !== 'context');
}

/** Says how full the window is and what a compaction would cost; nothing while there is room, or while a turn runs. */
export function compactOffer(view: View): unknown {
  const { chat, composer, folds, actions } = view;
  const { tokens, windowTokens, parts, compactUsd } = composer.next;
  const last = lastSaid(chat.items);
  if (windowTokens === 0 || chat.activity !== null || last?.type !== 'answer' || offersIt(last)) return nothing;
  const percent = Math.floor((tokens / windowTokens) * 100);
  const level = levels.findLast((one) => percent >= one);
  if (level === undefined || ((parts.history + parts.images) / windowTokens) * 100 < leastHistory) return nothing;
  const key = `compactOffer/${level}`;
  if (folds.isOpen(key)) return nothing;
  const price = compactUsd === null ? '' : ` ${transcriptStrings.compactPrice(dollars(compactUsd))}`;
  return html`<div class="notice warning compactOffer" role="note">
    ${icon('warning')}
    <div class="noticeBody">
      <div class="noticeText">${transcriptStrings.windowFills(percentText(percent), composer.modelName)}${price}</div>
      <div class="noticeButtons">
        <button
          class="button" type="button" data-step="compact" title=${transcriptStrings.compactHint()}
          @click=${() => actions.step('compact')}
        >${transcriptStrings.compact()}</button>
        <button class="linkButton" type="button" data-step="manageExcluded" @click=${() => actions.step('manageExcluded')}>${transcriptStrings.exclude()}</button>
        <button class="linkButton" type="button" data-do="notNow" @click=${() => folds.toggle(key)}>${transcriptStrings.notNow()}</button>
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
