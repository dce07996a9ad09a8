import { html, nothing, type TemplateResult } from 'lit-html';
import type { View } from '../view';
import { words } from '../words';
import { type ChipsLook, chipsLine } from './chips';
import { costLine } from './cost';

export interface ComposerLook extends ChipsLook {
  /** True while there is something to send. */
  readonly filled: boolean;
  /** A quiet line above the text; empty when there is nothing to say. */
  readonly note: string;
  readonly running: boolean;
  /** False when it runs in another window: then it cannot be stopped here. */
  readonly stoppable: boolean;
  input(): void;
  key(event: KeyboardEvent): void;
  blur(): void;
}

/** Chips, text, buttons, cost. The text itself lives in the textarea. */
export function composer(view: View, look: ComposerLook): TemplateResult {
  const { modelName, effort } = view.composer;
  const workspace = view.environment.workspaceName;
  return html`
    <div class="composerNote" aria-hidden=${look.note === '' ? 'true' : 'false'}>${look.note}</div>
    ${chipsLine(view, look)}
    <div class="composerBox">
      <textarea class="composerText" rows="2" dir="auto" spellcheck="true" aria-label=${words.composer()} placeholder=${workspace === null ? words.placeholder(null) : words.placeholderWorkspace()} @input=${look.input} @keydown=${look.key} @blur=${look.blur}></textarea>
      <div class="composerBar">
        <span class="composerModel" title=${words.model(modelName)}>${modelName}</span>
        ${effort === null ? nothing : html`<span class="composerEffort notNarrow" title=${words.effort(effort)}>${effort.charAt(0).toUpperCase()}${effort.slice(1)}</span>`}
        <span class="spring"></span>
        ${sendOrStop(view, look)}
      </div>
    </div>
    ${costLine(view)}
  `;
}

function sendOrStop(view: View, look: ComposerLook): TemplateResult {
  if (look.running && look.stoppable) {
    return html`<button class="iconButton sendButton codicon codicon-debug-stop" type="button" data-do="stop" title=${words.stop()} aria-label=${words.stop()} @click=${() => view.actions.stop()}></button>`;
  }
  return html`<button class="iconButton sendButton codicon codicon-send" type="button" data-do="send" title=${words.send()} aria-label=${words.send()} ?disabled=${!look.filled || look.running} @click=${() => view.actions.send()}></button>`;
}
