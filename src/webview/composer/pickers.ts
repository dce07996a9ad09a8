/** The pickers of the composer's bar: their buttons, and what changing costs. What they open is in `pickerPopup.ts`. */
import { html, nothing, type TemplateResult } from 'lit-html';
import { costStrings } from '../l10n/costStrings';
import { dollars } from '../l10n/format';
import { effortName, pickerButtonStrings } from '../l10n/pickerButtonStrings';
import type { View } from '../view/view';
import type { PickerProps } from './popup';

/** The buttons; the effort's is there for models that take one, that of the review where something can be written. */
export function pickerButtons(view: View, props: PickerProps): TemplateResult {
  const { modelName, effort, review } = view.composer;
  const model = pickerButtonStrings.model(modelName);
  return html`
    <button
      class="pickerButton composerModel" type="button" title=${model} aria-label=${model}
      aria-haspopup="listbox" aria-expanded=${props.open === 'model' ? 'true' : 'false'} data-picker="model"
      @click=${() => props.toggle('model')}
    ><span class="pickerName">${modelName}</span><span class="codicon codicon-chevron-down" aria-hidden="true"></span></button>
    ${
      effort === null
        ? nothing
        : html`<button
          class="pickerButton composerEffort" type="button" title=${pickerButtonStrings.effort(effortName(effort))}
          aria-label=${pickerButtonStrings.effort(effortName(effort))} aria-haspopup="listbox"
          aria-expanded=${props.open === 'effort' ? 'true' : 'false'} data-picker="effort"
          @click=${() => props.toggle('effort')}
        ><span class="pickerName">${effortName(effort)}</span><span class="codicon codicon-chevron-down" aria-hidden="true"></span></button>`
    }
    ${
      review === null
        ? nothing
        : html`<button
          class="pickerButton composerReview" type="button"
          title=${pickerButtonStrings.review(review)} aria-label=${pickerButtonStrings.review(review)}
          aria-haspopup="listbox" aria-expanded=${props.open === 'review' ? 'true' : 'false'} data-picker="review"
          @click=${() => props.toggle('review')}
        ><span class="codicon codicon-edit" aria-hidden="true"></span><span class="pickerName">${pickerButtonStrings.review(review)}</span><span class="codicon codicon-chevron-down" aria-hidden="true"></span></button>`
    }
  `;
}

/** What another model or effort costs with the next message; nothing while it costs nothing. */
export function rewriteLine(view: View): TemplateResult | typeof nothing {
  const { rewrite } = view.composer;
  if (rewrite === null) return nothing;
  const name = (of: string): string => (rewrite.kind === 'effort' ? effortName(of) : of);
  const change =
    rewrite.kind === 'sent' ? costStrings.sentChanged() : costStrings.change(name(rewrite.from), name(rewrite.to));
  const text =
    rewrite.usd === null ? costStrings.dearerUnknown(change) : costStrings.dearer(change, dollars(rewrite.usd));
  return html`<div class="composerNote rewriteNote" role="status">${text}</div>`;
}
