/** Messages that wait for their turn: rows above the composer. */
import { html, nothing, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import type { QueuedRow } from '../../shared/protocol';
import { visible } from '../../shared/visible';
import { strings } from '../l10n/strings';
import { editedAttachments } from '../view/inlineEdits';
import type { View } from '../view/view';

/** The queued messages, each with what can be done with it; nothing when none waits. */
export function queueRows(view: View): unknown {
  const { queued } = view.composer;
  if (queued.length === 0) return nothing;
  return html`<ul class="queue" aria-label=${strings.queue()}>${repeat(
    queued,
    ({ id }) => id,
    (row, index) => queueRow(view, row, index),
  )}</ul>`;
}

function queueRow(view: View, row: QueuedRow, index: number): TemplateResult {
  const { editor, actions } = view;
  const { id, held } = row;
  if (editor.isOpen('queued', id)) {
    return html`<li class="queueRow editing" data-queued=${id}>${editedAttachments(view, id)}${editor.template(strings.editQueued(), strings.save(), view.environment.sendsWithCtrl === true)}</li>`;
  }
  const state = held ? strings.queuedHeld() : strings.queuedNext();
  const text = visible(row.text);
  const last = index === view.composer.queued.length - 1;
  const more =
    row.attachments === 0
      ? nothing
      : html`<span
        class="queueAttached codicon codicon-attach" role="img" title=${strings.attachedCount(row.attachments)}
        aria-label=${strings.attachedCount(row.attachments)}
      ></span>`;
  return html`<li class="queueRow ${held ? 'held' : ''}" data-queued=${id}>
    <span class="codicon codicon-${held ? 'debug-pause' : 'watch'}" role="img" title=${state} aria-label=${state}></span>
    <span class="queueText" dir="auto" title=${text}>${text}</span>${more}
    <span class="queueButtons">
      ${button('edit', strings.edit(), id, () => editor.start('queued', id, row.text))}
      ${index === 0 ? nothing : button('arrow-up', strings.moveUp(), null, () => actions.here('moveQueued', { id, by: -1 }))}
      ${last ? nothing : button('arrow-down', strings.moveDown(), null, () => actions.here('moveQueued', { id, by: 1 }))}
      ${button('close', strings.unqueue(), null, () => actions.here('unqueue', { id }))}
      ${button('send', strings.sendNow(), null, () => actions.here('sendQueuedNow', { id }))}
    </span>
  </li>`;
}

function button(icon: string, label: string, edits: string | null, act: () => void): TemplateResult {
  return html`<button
    class="iconButton codicon codicon-${icon}" type="button" tabindex="0" data-queue=${icon}
    data-edit=${edits ?? nothing} title=${label} aria-label=${label} @click=${act}
  ></button>`;
}
