/** What is attached to the draft: a row above the text, one tab stop, with what was refused and what is asked below. */
import { html, nothing, type TemplateResult } from 'lit-html';
import { ref } from 'lit-html/directives/ref.js';
import { repeat } from 'lit-html/directives/repeat.js';
import type { DraftAttachment } from '../../shared/protocol';
import { placedLabel } from '../dom/placedLabel';
import { byteCount } from '../l10n/format';
import { localize } from '../l10n/language';
import { strings } from '../l10n/strings';
import type { View } from '../view/view';
import type { AttachmentsController } from './attachments';
import { moveInToolbar } from './chips';
import type { Popups } from './popup';

const icons = { image: 'file-media', imageUrl: 'globe', selection: 'list-selection' } as const;

/** The row of attachments, those on their way, and what was refused. */
export function attachmentsRow(view: View, control: AttachmentsController, popups: Popups | null): TemplateResult {
  const { attachments } = view.composer;
  const { outputs = [] } = popups === null ? {} : view.composer;
  const taking = control.taking.filter(({ isNew }) => !isNew);
  const row = attachments.length + taking.length + outputs.length > 0;
  return html`
    ${
      row
        ? html`<div class="attachmentRow" role="toolbar" aria-label=${strings.attached()} @keydown=${moveInToolbar}>
      ${repeat(
        attachments,
        ({ id }) => id,
        (attachment, index) => attachmentChip(view, control, attachment, index === 0),
      )}
      ${popups?.outputs(view, outputs, control)}
      ${taking.map(
        ({ name }) => html`<span class="chip attachment taking" role="status" title=${strings.takingIn(name)}>
          <span class="codicon codicon-loading spin" aria-hidden="true"></span><span class="chipLabel">${strings.takingIn(name)}</span>
        </span>`,
      )}
    </div>`
        : nothing
    }
    ${control.address === null ? nothing : popups?.address(control, control.address)}
    ${repeat(
      control.refusals,
      ({ key }) => key,
      ({ key, reason }) => html`<div class="attachmentNote refused" role="alert">
        <span class="codicon codicon-warning" aria-hidden="true"></span><span class="noteWords">${localize(reason)}</span>
        <button
          class="iconButton codicon codicon-close" type="button" title=${strings.dismiss()}
          aria-label=${strings.dismiss()} @click=${() => control.dismiss(key)}
        ></button>
      </div>`,
    )}
  `;
}

function attachmentChip(
  view: View,
  control: AttachmentsController,
  attachment: DraftAttachment,
  first: boolean,
): TemplateResult {
  const { id, kind, label } = attachment;
  const weight = attachment.bytes === undefined ? '' : byteCount(attachment.bytes);
  const icon = kind === 'document' ? documentIcon(attachment) : icons[kind];
  const size = attachment.width === undefined ? '' : `\n${attachment.width} × ${attachment.height}`;
  const pasted = attachment.pasted === true;
  const title = pasted ? strings.pastedNamed(label) : `${label}${size}`;
  const open = opener(view, attachment);
  const stop = first ? 0 : -1;
  const face = html`${
    kind === 'image'
      ? html`<img class="thumb" alt="" ${ref((element) => view.images.show(element, id))}>`
      : html`<span class="codicon codicon-${icon}" aria-hidden="true"></span>`
  }${placedLabel(label, attachment.place)} <span class="chipWeight">${weight}</span>`;
  const remove = strings.removeChip(label);
  // What nothing here can show is no button: its cross is what the keys go to.
  return html`<span class="chip attachment" data-attachment=${id}>
    ${
      open === null
        ? html`<span class="chipMain plain" title=${title}>${face}</span>`
        : html`<button class="chipMain" type="button" tabindex=${stop} title=${title} data-remove=${id} @click=${open}>${face}</button>`
    }${
      pasted
        ? html`<button
          class="chipUnfold codicon codicon-unfold" type="button" tabindex="-1" data-do="unfold" title=${strings.unfold()}
          aria-label=${strings.unfoldNamed(label)} @click=${() => void control.unfold(id)}
        ></button>`
        : nothing
    }<button
      class="chipRemove codicon codicon-close" type="button" tabindex=${open === null ? stop : -1}
      title=${remove} aria-label=${remove} data-remove=${id} @click=${() => control.detach(id)}
    ></button>
  </span>`;
}

function documentIcon({ mediaType, pasted }: DraftAttachment): string {
  if (pasted === true) return 'clippy';
  return mediaType === 'application/pdf' ? 'file-pdf' : 'file';
}

/** Shows what is attached; null for what VS Code has nothing to show with. */
function opener(view: View, { id, kind, label, mediaType, source }: DraftAttachment): (() => void) | null {
  switch (kind) {
    case 'image':
      return () => view.images.open(id, label);
    case 'imageUrl':
      return () => view.actions.ask({ type: 'openLink', url: id });
    case 'document':
      return mediaType === 'text/plain' ? () => view.actions.ask({ type: 'openText', id, label }) : null;
    case 'selection':
      return source === undefined ? null : () => view.actions.ask({ type: 'openSource', ...source });
  }
}
