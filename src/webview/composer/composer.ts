/** How the composer looks: everything below the transcript. */
import { html, nothing, render, type TemplateResult } from 'lit-html';
import { bounded, partFailed } from '../dom/bounded';
import type { ComposerLayout } from '../dom/layout';
import { strings } from '../l10n/strings';
import type { View } from '../view/view';
import type { AttachmentsController } from './attachments';
import { attachmentsRow } from './attachmentsRow';
import { type ChipsProps, chipsLine } from './chips';
import { costLine } from './cost';
import { firstSendLine } from './firstSend';
import type { ListProps } from './mentions/mentionProps';
import { pickerButtons, rewriteLine } from './pickers';
import type { PickerProps } from './popup';
import { waitingBar } from './waitingBar';

/** What the composer looks like beside its state: what is typed, and what is open. */
export interface ComposerProps extends ChipsProps {
  /** True while there is something to send. */
  readonly filled: boolean;
  /** A quiet line above the text; empty when there is nothing to say. */
  readonly note: string;
  readonly running: boolean;
  /** False when it runs in another window: then it cannot be stopped here. */
  readonly stoppable: boolean;
  readonly picker: PickerProps;
  /** The list that what is typed has opened; null for none. */
  readonly mentions: ListProps | null;
  readonly attachments: AttachmentsController;
}

/** Renders what is around the text: the text box itself stays as it is. */
export function renderComposer({ above, text, bar, below }: ComposerLayout, view: View, props: ComposerProps): void {
  const { workspaceName } = view.environment;
  const placeholder = workspaceName === null ? strings.placeholder(null) : strings.placeholderWorkspace();
  if (text.placeholder !== placeholder) text.placeholder = placeholder;
  if (text.ariaLabel !== strings.composer()) text.ariaLabel = strings.composer();
  render(aboveText(view, props), above);
  render(buttons(view, props), bar);
  render(
    alone(() =>
      costLine(view, { open: props.popup === 'cost', popups: props.popups, toggle: () => props.toggle('cost') }),
    ),
    below,
  );
}

function aboveText(view: View, props: ComposerProps): TemplateResult {
  return html`
    ${alone(() => props.popups?.fullWindow(view) ?? nothing)}
    ${alone(() => waitingBar(view))}
    ${alone(() => props.popups?.queue(view) ?? nothing)}
    ${alone(() => firstSendLine(view))}
    <div class="composerNote" aria-hidden=${props.note === '' ? 'true' : 'false'}>${props.note}</div>
    ${alone(() => rewriteLine(view))}
    ${alone(() => chipsLine(view, props))}
    ${alone(() => attachmentsRow(view, props.attachments, props.popups))}
    ${alone(() => (props.mentions === null ? nothing : (props.popups?.mentions(props.mentions) ?? nothing)))}
  `;
}

function buttons(view: View, props: ComposerProps): TemplateResult {
  return html`
    <button
      class="iconButton attachButton codicon codicon-add" type="button" data-do="attach"
      title=${strings.attach()} aria-label=${strings.attach()} @click=${() => props.attachments.pick()}
    ></button>
    <button
      class="iconButton notNarrow codicon codicon-tools" type="button" data-do="chooseTools"
      title=${strings.chooseTools()} aria-label=${strings.chooseTools()}
      @click=${() => view.actions.here('chooseTools')}
    ></button>
    ${alone(() => pickerButtons(view, props.picker))}
    <span class="spring"></span>
    ${sendOrStop(view, props)}
    ${alone(() => (props.picker.open === null ? nothing : (props.popups?.picker(view, props.picker) ?? nothing)))}
  `;
}

/** What is only shown around the text never takes the text with it. */
function alone(draw: () => unknown): unknown {
  return bounded(null, draw, partFailed);
}

function sendOrStop(view: View, props: ComposerProps): TemplateResult {
  if (props.running && props.stoppable) {
    return html`<button
      class="iconButton sendButton codicon codicon-debug-stop" type="button" data-do="stop"
      title=${strings.stop()} aria-label=${strings.stop()} @click=${() => view.actions.step('stop')}
    ></button>`;
  }
  return html`<button
    class="iconButton sendButton codicon codicon-send" type="button" data-do="send" title=${strings.send()}
    aria-label=${strings.send()} ?disabled=${!props.filled || props.running} @click=${() => view.actions.send()}
  ></button>`;
}
