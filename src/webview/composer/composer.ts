/** How the composer looks: everything below the transcript. */
import { html, type TemplateResult } from 'lit-html';
import { bounded, partFailed } from '../dom/bounded';
import { words } from '../l10n/words';
import type { View } from '../view/view';
import type { AttachmentsController } from './attachments';
import { attachmentsRow } from './attachmentsRow';
import { type ChipsProps, chipsLine } from './chips';
import { costLine } from './cost';
import { firstSendLine } from './firstSend';
import { type PickerProps, pickerButtons, pickerPopup, rewriteLine } from './pickers';
import { queueRows } from './queue';

export interface ComposerProps extends ChipsProps {
  /** True while there is something to send. */
  readonly filled: boolean;
  /** A quiet line above the text; empty when there is nothing to say. */
  readonly note: string;
  readonly running: boolean;
  /** False when it runs in another window: then it cannot be stopped here. */
  readonly stoppable: boolean;
  readonly picker: PickerProps;
  readonly attachments: AttachmentsController;
  input(): void;
  key(event: KeyboardEvent): void;
  blur(): void;
}

/** Chips, text, buttons, cost. The text itself lives in the textarea. */
export function composer(view: View, look: ComposerProps): TemplateResult {
  const workspace = view.environment.workspaceName;
  return html`
    ${alone(() => queueRows(view))}
    ${alone(() => firstSendLine(view))}
    <div class="composerNote" aria-hidden=${look.note === '' ? 'true' : 'false'}>${look.note}</div>
    ${alone(() => rewriteLine(view))}
    ${alone(() => chipsLine(view, look))}
    ${alone(() => attachmentsRow(view, look.attachments))}
    <div class="composerBox">
      <textarea
        class="composerText" rows="2" dir="auto" spellcheck="true" aria-label=${words.composer()}
        placeholder=${workspace === null ? words.placeholder(null) : words.placeholderWorkspace()}
        @input=${look.input} @keydown=${look.key} @blur=${look.blur}
      ></textarea>
      <div class="composerBar">
        <button
          class="iconButton attachButton codicon codicon-add" type="button" data-do="attach"
          title=${words.attach()} aria-label=${words.attach()} @click=${() => look.attachments.pick()}
        ></button>
        ${alone(() => pickerButtons(view, look.picker))}
        <span class="spring"></span>
        ${sendOrStop(view, look)}
        ${alone(() => pickerPopup(view, look.picker))}
      </div>
    </div>
    ${alone(() => costLine(view, { open: look.popup === 'cost', toggle: () => look.toggle('cost') }))}
  `;
}

/** What is only shown around the text never takes the text with it. */
function alone(draw: () => unknown): unknown {
  return bounded(null, draw, partFailed);
}

function sendOrStop(view: View, look: ComposerProps): TemplateResult {
  if (look.running && look.stoppable) {
    return html`<button
      class="iconButton sendButton codicon codicon-debug-stop" type="button" data-do="stop"
      title=${words.stop()} aria-label=${words.stop()} @click=${() => view.actions.step('stop')}
    ></button>`;
  }
  return html`<button
    class="iconButton sendButton codicon codicon-send" type="button" data-do="send" title=${words.send()}
    aria-label=${words.send()} ?disabled=${!look.filled || look.running} @click=${() => view.actions.send()}
  ></button>`;
}
