/**
 * Leaving something out of what is sent: VS Code's own context menu on it, the same from its ⋯, and how it looks while
 * it is out.
 */
import { html, nothing, type TemplateResult } from 'lit-html';
import { type ExcludeTarget, targetKey } from '../../shared/chat';
import { sentSize } from '../../shared/tail';
import { icon } from '../dom/icon';
import { openMenu } from '../dom/menu';
import { dollars } from '../l10n/format';
import { transcriptStrings } from '../l10n/transcriptStrings';
import type { View } from '../view/view';

/** True while it is not sent, itself or with the turn that it belongs to. */
export function isExcluded(view: View, target: ExcludeTarget): boolean {
  return view.chat.excluded.includes(targetKey(target));
}

/** A message with its answer, by the id of its user entry. */
export function turnTarget(entry: string): ExcludeTarget {
  return { what: 'turn', entry, index: 0 };
}

/** An answer alone, by the id of its user entry. */
export function answerTarget(entry: string): ExcludeTarget {
  return { what: 'answer', entry, index: 0 };
}

/**
 * What VS Code's menus know of it (`data-vscode-context`): the commands take it as their argument. `item` is what it is
 * in. Nothing can be left out while a turn runs: within it nothing earlier changes.
 */
export function menuContext(view: View, target: ExcludeTarget, item: string, button = false): string {
  const { what, entry, index } = target;
  const state = isFixed(view, item) ? 'fixed' : isExcluded(view, target) ? 'out' : 'sent';
  return JSON.stringify({
    preludeTarget: what,
    preludeState: state,
    conversation: view.conversation,
    entry,
    index,
    // From the button only what it is there for.
    ...(button ? { preludeButton: true, preventDefaultContextMenuItems: true } : {}),
  });
}

/** True while nothing can be done about an item: a turn runs, or a summary is sent in its place. */
function isFixed({ chat }: View, item: string): boolean {
  if (chat.activity !== null) return true;
  const { items, excluded } = chat;
  const at = items.findLastIndex(
    (one) =>
      one.type === 'compaction' &&
      one.outcome?.kind === 'done' &&
      !excluded.includes(targetKey({ what: 'compaction', entry: one.id, index: 0 })),
  );
  const summary = items[at];
  if (summary?.type !== 'compaction') return false;
  const index = items.findIndex(({ id }) => id === item);
  // What it keeps word for word goes out.
  return index < at && (summary.keeps === undefined || index < items.findIndex(({ id }) => id === summary.keeps));
}

/** ⋯: opens the menu that a right click opens. Not there where it would do nothing; a message and its answer can be forked at any time. */
export function moreButton(view: View, target: ExcludeTarget, item: string, label: string): unknown {
  const fixed = isFixed(view, item);
  if (fixed && target.what !== 'turn' && target.what !== 'answer') return nothing;
  const name = transcriptStrings.moreActions(label);
  const price = (event: Event): void => {
    if (event.currentTarget instanceof HTMLElement)
      event.currentTarget.title = (fixed ? null : priceText(view, item)) ?? name;
  };
  return html`<button
    class="iconButton more codicon codicon-ellipsis" type="button" data-more=${target.what}
    data-vscode-context=${menuContext(view, target, item, true)} aria-label=${name} aria-haspopup="menu"
    title=${name} @pointerenter=${price} @focus=${price} @click=${openOwnMenu}
  ></button>`;
}

function openOwnMenu(event: MouseEvent): void {
  if (!(event.currentTarget instanceof HTMLElement)) return;
  event.preventDefault();
  event.stopPropagation();
  openMenu(event.currentTarget);
}

/** "Excluded", and the way back. */
export function excludedNote(view: View, target: ExcludeTarget, text: string): TemplateResult {
  const back = html`<button
    class="linkButton" type="button" data-do="takeBack"
    @click=${() => view.actions.here('exclude', { target, out: false })}
  >${transcriptStrings.takeBack()}</button>`;
  return html`<div class="excludedNote">${icon('eye-closed')}<span>${text}</span>${view.chat.activity === null ? back : nothing}</div>`;
}

/** What leaving out from this item on makes the next message write anew; null where that is not known. */
function priceText(view: View, item: string): string | null {
  const { tokens, freshUsd } = view.composer.next;
  if (freshUsd === null || tokens === 0) return null;
  const sizes = view.chat.items.map(sentSize);
  const all = sizes.reduce((sum, size) => sum + size, view.chat.above.size);
  const at = view.chat.items.findIndex(({ id }) => id === item);
  const behind = sizes.slice(Math.max(0, at)).reduce((sum, size) => sum + size, 0);
  const share = all === 0 ? 0 : behind / all;
  return transcriptStrings.moreActionsPrice(dollars(share * freshUsd));
}
