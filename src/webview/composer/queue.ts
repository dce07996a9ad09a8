/** Messages that wait for their turn: rows above the composer. */

import { html, nothing, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import type { QueuedRow } from '../../shared/protocol';
import { visible } from '../../shared/visible';
import { costPopupStrings } from '../l10n/costPopupStrings';
import { queueStrings } from '../l10n/filesPopupStrings';
import { wholeCents } from '../l10n/format';
import { strings } from '../l10n/strings';
import { editedAttachments } from '../view/inlineEdits';
import type { View } from '../view/view';

/** The queued messages, each with what can be done with it, and where else the last question could be asked. */
export function queueRows(view: View): unknown {
  const { queued } = view.composer;
  const line = dearerLine(view);
  if (queued.length === 0) return line;
  return html`${line}<ul class="queue" aria-label=${queueStrings.queue()}>${repeat(
    queued,
    ({ id }) => id,
    (row, index) => queueRow(view, row, index),
  )}</ul>`;
}

/** While it is the last question. The click leads to the other chat, whoever has asked there. */
function dearerLine({ composer, actions }: View): unknown {
  const { dearer } = composer;
  if (dearer === undefined) return nothing;
  const { id, state, conversation, usd } = dearer;
  const words = costPopupStrings.dearer[state](wholeCents(usd));
  actions.announceOnce(`${id}/${state}`, words);
  const there = async (): Promise<void> => {
    if (await actions.here('askThere', { id })) actions.ask({ type: 'openConversation', id: conversation });
  };
  return html`<div class="askedInNewChat" role="note">${words}<span class="dot"> </span><span class="dotted"><button class="linkButton" type="button" data-do="askThere" @click=${there}>${state === 'there' ? costPopupStrings.openChat() : costPopupStrings.askThere()}</button></span></div>`;
}

function queueRow(view: View, row: QueuedRow, index: number): TemplateResult {
  const { editor, actions } = view;
  const { id, held, usd } = row;
  if (editor.isOpen('queued', id)) {
    return html`<li class="queueRow editing" data-queued=${id}>${editedAttachments(view, id)}${editor.template(queueStrings.editQueued(), queueStrings.save(), view.environment.sendsWithCtrl === true)}</li>`;
  }
  const price = usd === undefined ? null : wholeCents(usd);
  const state = held ? queueStrings.queuedHeld() : queueStrings.queuedNext();
  const text = visible(row.text);
  const send = (): unknown => actions.here('sendQueuedNow', { id });
  const last = index === view.composer.queued.length - 1;
  const more =
    row.attachments === 0
      ? nothing
      : html`<span
        class="queueAttached codicon codicon-attach" role="img" title=${queueStrings.attachedCount(row.attachments)}
        aria-label=${queueStrings.attachedCount(row.attachments)}
      ></span>`;
  return html`<li class="queueRow ${held ? 'held' : ''}" data-queued=${id}>
    <span class="codicon codicon-${held ? 'debug-pause' : 'watch'}" role="img" title=${state} aria-label=${state}></span>
    <span class="queueText" dir="auto" title=${text}>${text}</span>${more}
    <span class="queueButtons">
      ${button('edit', strings.edit(), id, () => editor.start('queued', id, row.text))}
      ${index === 0 ? nothing : button('arrow-up', queueStrings.moveUp(), null, () => actions.here('moveQueued', { id, by: -1 }))}
      ${last ? nothing : button('arrow-down', queueStrings.moveDown(), null, () => actions.here('moveQueued', { id, by: 1 }))}
      ${button('close', queueStrings.unqueue(), null, () => actions.here('unqueue', { id }))}
      ${price === null ? button('send', queueStrings.sendNow(), null, send) : nothing}
    </span>${price === null ? nothing : html`<span class="queuePrice">${costPopupStrings.waits(price)}<span class="dot"> </span><span class="dotted"><button class="linkButton" type="button" data-queue="send" aria-label=${costPopupStrings.sendAt(text, price)} @click=${send}>${strings.send()}</button></span></span>`}
  </li>`;
}

function button(icon: string, label: string, edits: string | null, act: () => void): TemplateResult {
  return html`<button
    class="iconButton codicon codicon-${icon}" type="button" tabindex="0" data-queue=${icon}
    data-edit=${edits ?? nothing} title=${label} aria-label=${label} @click=${act}
  ></button>`;
}
