/** Messages that are written anew where they stand: what the host is told of it, and what is attached to them meanwhile. */
import { html, nothing } from 'lit-html';
import { ref } from 'lit-html/directives/ref.js';
import { icon } from '../dom/icon';
import { type FieldLists, InlineEditor } from '../dom/inlineEditor';
import { byteCount } from '../l10n/format';
import { strings } from '../l10n/strings';
import type { Asks } from './asks';
import type { ViewState } from './store';
import type { View } from './view';

interface InlineEditsHost {
  asks(): Asks;
  state(): ViewState | null;
  /** Something has to be rendered again, and kept. */
  changed(): void;
  /** It has only to be kept. */
  keep(): void;
  /** Resolves when what was pasted is on its way: to false where some of it was refused since. */
  settled(): Promise<boolean>;
  /** What is typed in its field opens. */
  lists(field: HTMLTextAreaElement, edit: string, signal: AbortSignal): FieldLists;
  /** A message that was sent goes out anew. */
  resent(): void;
}

/** The editor of a panel, with what it asks of the host. */
export function createInlineEditor(host: InlineEditsHost): InlineEditor {
  return new InlineEditor({
    changed: () => host.changed(),
    keep: () => host.keep(),
    lists: (...of) => host.lists(...of),
    started: (kind, id) => kind === 'queued' && void host.asks().here('editQueued', { id, text: null }),
    ready: () => host.settled(),
    saved: ({ kind, id, text }) => {
      void host.asks().here(kind === 'queued' ? 'editQueued' : 'editMessage', { id, text });
      if (kind === 'message') host.resent();
    },
    cancelled: ({ id }) => {
      const conversation = host.state()?.conversation ?? '';
      // After what was pasted into it.
      host.settled().then(() => void host.asks().tell({ type: 'dropFromEdit', conversation, edit: id, id: null }));
    },
  });
}

/** What was pasted into a message that is being written anew. */
export function editedAttachments(view: View, edit: string): unknown {
  const attached = (view.composer.edited ?? []).filter((one) => one.edit === edit);
  if (attached.length === 0) return nothing;
  return html`<div class="attachments">${attached.map(({ id, kind, label, bytes }) => {
    const remove = strings.removeChip(label);
    const face =
      kind === 'image'
        ? html`<img class="thumb" alt="" ${ref((element) => view.images.show(element, id))}>`
        : icon('file');
    return html`<span class="chip attachment" data-attachment=${id}
      ><span class="chipMain plain" title=${label}>${face}<span class="chipLabel">${label}</span>
      <span class="chipWeight">${bytes === undefined ? '' : byteCount(bytes)}</span></span><button
        class="chipRemove codicon codicon-close" type="button" title=${remove} aria-label=${remove}
        @click=${() => view.actions.here('dropFromEdit', { edit, id })}
      ></button></span>`;
  })}</div>`;
}
