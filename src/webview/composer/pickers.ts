/** The pickers of the composer's bar: a list above its button that narrows as one types. */
import { html, nothing, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import type { ModelChoice } from '../../shared/protocol';
import { dollars, tokenCount } from '../l10n/format';
import { localize } from '../l10n/language';
import { effortWords, pickerWords } from '../l10n/pickerWords';
import type { View } from '../view/view';

export type PickerKind = 'model' | 'effort';

/** What of the open picker is being looked at. */
export interface PickerProps {
  readonly open: PickerKind | null;
  readonly filter: string;
  /** The option that Enter takes. */
  readonly active: number;
  toggle(kind: PickerKind): void;
  typed(text: string): void;
  key(event: KeyboardEvent): void;
  pick(value: string): void;
  /** The focus went elsewhere. */
  left(event: FocusEvent): void;
}

export interface Option {
  readonly value: string;
  readonly chosen: boolean;
  readonly content: TemplateResult;
}

/** The two buttons; the effort's is there for models that take one. */
export function pickerButtons(view: View, look: PickerProps): TemplateResult {
  const { modelName, effort } = view.composer;
  const model = pickerWords.model(modelName);
  return html`
    <button
      class="pickerButton composerModel" type="button" title=${model} aria-label=${model}
      aria-haspopup="listbox" aria-expanded=${look.open === 'model' ? 'true' : 'false'} data-picker="model"
      @click=${() => look.toggle('model')}
    ><span class="pickerName">${modelName}</span><span class="codicon codicon-chevron-down" aria-hidden="true"></span></button>
    ${
      effort === null
        ? nothing
        : html`<button
          class="pickerButton composerEffort" type="button" title=${pickerWords.effort(effortWords(effort))}
          aria-label=${pickerWords.effort(effortWords(effort))} aria-haspopup="listbox"
          aria-expanded=${look.open === 'effort' ? 'true' : 'false'} data-picker="effort"
          @click=${() => look.toggle('effort')}
        ><span class="pickerName">${effortWords(effort)}</span><span class="codicon codicon-chevron-down" aria-hidden="true"></span></button>`
    }
  `;
}

/** The popup of the open picker. */
export function pickerPopup(view: View, look: PickerProps): TemplateResult | typeof nothing {
  if (look.open === null) return nothing;
  const options = pickerOptions(view, look.open, look.filter);
  const active = Math.min(look.active, options.length - 1);
  const title = look.open === 'model' ? pickerWords.models() : pickerWords.efforts();
  const { effort } = view.composer;
  return html`<div class="popup picker ${look.open}Picker" data-popup=${look.open} @focusout=${look.left}>
    <input
      class="pickerFilter" type="text" role="combobox" autocomplete="off" spellcheck="false"
      aria-label=${title} aria-autocomplete="list" aria-expanded="true" aria-controls="pickerList"
      aria-activedescendant=${active < 0 ? nothing : optionId(active)} placeholder=${pickerWords.filter()}
      .value=${look.filter} @input=${(event: Event) => look.typed((event.target as HTMLInputElement).value)}
      @keydown=${look.key}
    >
    <ul class="pickerList" id="pickerList" role="listbox" aria-label=${title} @mousedown=${keepFocus}>${repeat(
      options,
      ({ value }) => value,
      (option, index) => row(option, index, index === active, look),
    )}</ul>
    <div class="pickerNote" role="status">${options.length === 0 ? pickerWords.none() : look.open === 'model' ? listNote(view) : ''}</div>
    ${
      look.open === 'model' && effort !== null
        ? html`<button class="pickerMore" type="button" @click=${() => look.toggle('effort')}>${pickerWords.effort(effortWords(effort))}</button>`
        : nothing
    }
  </div>`;
}

/** The options that the filter lets through, in their order. */
export function pickerOptions(view: View, kind: PickerKind, filter: string): readonly Option[] {
  const words = filter.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const passes = (text: string): boolean => words.every((word) => text.toLocaleLowerCase().includes(word));
  const { modelId, effort } = view.composer;
  const { models } = view.environment;
  if (kind === 'model') {
    return models
      .filter((model) => passes(`${model.name} ${model.id} ${localize(model.phrase)}`))
      .map((model) => modelOption(model, model.id === modelId));
  }
  const efforts = models.find((model) => model.id === modelId)?.efforts ?? [];
  return efforts
    .filter((level) => passes(`${effortWords(level)} ${level} ${pickerWords.effortPhrase(level)}`))
    .map((level) => effortOption(level, level === effort));
}

function modelOption(model: ModelChoice, chosen: boolean): Option {
  const { inputUsd, outputUsd, above } = model;
  const price = pickerWords.prices(rate(inputUsd), rate(outputUsd));
  const spoken = pickerWords.spokenPrices(rate(inputUsd), rate(outputUsd));
  const window = pickerWords.window(tokenCount(model.windowTokens));
  const more =
    above === null
      ? ''
      : pickerWords.above(tokenCount(above.promptTokens), rate(above.inputUsd), rate(above.outputUsd));
  const phrase = localize(model.phrase);
  return {
    value: model.id,
    chosen,
    content: html`<span class="optionName">${model.name}</span>
      <span class="optionFacts" title=${pickerWords.pricesTitle()}><span aria-hidden="true">${price}</span><span class="spoken">${spoken}</span></span>
      <span class="optionPhrase">${phrase}</span>
      <span class="optionFacts">${window}</span>
      ${more === '' ? nothing : html`<span class="optionMore">${more}</span>`}`,
  };
}

function effortOption(level: string, chosen: boolean): Option {
  const name = effortWords(level);
  const phrase = pickerWords.effortPhrase(level);
  return {
    value: level,
    chosen,
    content: html`<span class="optionName">${name}</span> <span class="optionPhrase">${phrase}</span>`,
  };
}

/** Dollars per million tokens: "$5", "$0.10"; unknown: "—". */
function rate(usd: number | null): string {
  return usd !== null && usd >= 1 && Number.isInteger(usd) ? `$${usd}` : dollars(usd);
}

function row({ value, chosen, content }: Option, index: number, active: boolean, look: PickerProps): TemplateResult {
  return html`<li
    class="option ${active ? 'active' : ''}" id=${optionId(index)} role="option"
    aria-selected=${chosen ? 'true' : 'false'} data-value=${value} @click=${() => look.pick(value)}
  >
    <span class="codicon codicon-${chosen ? 'check' : 'blank'}" aria-hidden="true"></span><span class="optionBody">${content}</span>
  </li>`;
}

/** A click on an option leaves the focus in the filter. */
function keepFocus(event: Event): void {
  event.preventDefault();
}

function optionId(index: number): string {
  return `pickerOption${index}`;
}

function listNote(view: View): string {
  if (view.environment.modelList === 'asking') return pickerWords.asking();
  return view.environment.modelList === 'failed' ? pickerWords.askingFailed() : '';
}

/** What another model or effort costs with the next message; nothing while it costs nothing. */
export function rewriteLine(view: View): TemplateResult | typeof nothing {
  const { rewrite } = view.composer;
  if (rewrite === null) return nothing;
  const name = (of: string): string => (rewrite.kind === 'effort' ? effortWords(of) : of);
  const change =
    rewrite.kind === 'sent' ? pickerWords.sentChanged() : pickerWords.change(name(rewrite.from), name(rewrite.to));
  const price = dollars(rewrite.usd);
  return html`<div class="composerNote rewriteNote" role="status">${pickerWords.rewrites(change, tokenCount(rewrite.tokens), price)}</div>`;
}
