/** Messages that are written anew where they stand: what the host is told of it, and what is attached to them meanwhile. */
import { html, nothing } from 'lit-html';
import { ref } from 'lit-html/directives/ref.js';
import { icon } from '../dom/icon';
import { InlineEditor } from '../dom/inlineEditor';
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
  /** Resolves when what was pasted is on its way. */
  settled(): Promise<void>;
  /** A message that was sent goes out anew. */
  resent(): void;
}

/** The editor of a panel, with what it asks of the host. */
export function createInlineEditor(host: InlineEditsHost): InlineEditor {
  const edited = (id: string): boolean => host.state()?.composer.edited?.some(({ edit }) => edit === id) === true;
  return new InlineEditor({
    changed: () => host.changed(),
    keep: () => host.keep(),
    started: (kind, id) => kind === 'queued' && void host.asks().here('editQueued', { id, text: null }),
    saved: ({ kind, id, text }) => {
      const conversation = host.state()?.conversation ?? '';
      const type = kind === 'queued' ? 'editQueued' : 'editMessage';
      host.settled().then(() => {
        void host.asks().tell({ type, conversation, id, text });
        if (kind === 'message') host.resent();
      });
    },
    cancelled: ({ kind, id }, text) => {
      if (edited(id)) void host.asks().here('dropFromEdit', { edit: id, id: null });
      if (kind === 'queued') void host.asks().here('editQueued', { id, text });
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
