/** What a picker opens: a list above its button that narrows as one types. */
import { html, nothing, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import { longestQuery } from '../../shared/find';
import type { ModelChoice } from '../../shared/protocol';
import { dollars, percentText, spokenDollars, tokenCount, wholeCents } from '../l10n/format';
import { language, localize } from '../l10n/language';
import { effortName } from '../l10n/pickerButtonStrings';
import { pickerStrings } from '../l10n/pickerStrings';
import type { View } from '../view/view';
import type { Option, PickerKind, PickerProps } from './popup';

/** The popup of the open picker. */
export function pickerPopup(view: View, props: PickerProps): TemplateResult | typeof nothing {
  if (props.open === null) return nothing;
  const options = pickerOptions(view, props.open, props.filter);
  const active = Math.min(props.active, options.length - 1);
  const title = { model: pickerStrings.models, effort: pickerStrings.efforts, review: pickerStrings.reviews }[
    props.open
  ]();
  const { effort } = view.composer;
  return html`<div class="popup picker ${props.open}Picker" data-popup=${props.open} @focusout=${props.left}>
    <input
      class="pickerFilter" type="text" dir="auto" role="combobox" autocomplete="off" spellcheck="false"
      maxlength=${longestQuery} aria-label=${title} aria-autocomplete="list" aria-expanded="true" aria-controls="pickerList"
      aria-activedescendant=${active < 0 ? nothing : optionId(active)} placeholder=${pickerStrings.filter()}
      .value=${props.filter} @input=${(event: Event) => props.typed((event.target as HTMLInputElement).value)}
      @keydown=${props.key}
    >
    <ul class="pickerList" id="pickerList" role="listbox" aria-label=${title} @mousedown=${keepFocus}>
      ${rows(options, active, false, props)}
      ${
        options.some(({ isOlder }) => isOlder)
          ? html`<li role="presentation">
            <div class="optionHeading" aria-hidden="true">${pickerStrings.older()}</div>
            <ul class="olderModels" role="group" aria-label=${pickerStrings.older()}>${rows(options, active, true, props)}</ul>
          </li>`
          : nothing
      }
    </ul>
    <div class="pickerNote" role="status">${options.length === 0 ? pickerStrings.none() : props.open === 'model' ? listNote(view) : ''}</div>
    ${
      props.open === 'model' && effort !== null
        ? html`<button class="pickerMore" type="button" @click=${() => props.toggle('effort')}>${pickerStrings.effort(effortName(effort))}</button>`
        : nothing
    }
  </div>`;
}

/** The older ones, or the others; each with its place among all. */
function rows(options: readonly Option[], active: number, older: boolean, props: PickerProps): unknown {
  return repeat(
    options.map((option, index) => ({ option, index })).filter(({ option }) => option.isOlder === older),
    ({ option }) => option.value,
    ({ option, index }) => row(option, index, index === active, props),
  );
}

/** The options that the filter lets through, in their order. */
export function pickerOptions(view: View, kind: PickerKind, filter: string): readonly Option[] {
  const words = filter.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const passes = (text: string): boolean => words.every((word) => text.toLocaleLowerCase().includes(word));
  const { modelId, effort, review } = view.composer;
  const { models } = view.environment;
  if (kind === 'model') {
    return models
      .filter((model) => passes(`${model.name} ${model.id} ${localize(model.phrase)}`))
      .map((model) => modelOption(model, model.id === modelId, view.composer.next.byModel[model.id]));
  }
  if (kind === 'review') {
    return reviewWays
      .filter((way) => passes(`${pickerStrings.reviewName(way)} ${pickerStrings.reviewPhrase(way)}`))
      .map((way) => plainOption(way, way === review, pickerStrings.reviewName(way), pickerStrings.reviewPhrase(way)));
  }
  const efforts = models.find((model) => model.id === modelId)?.efforts ?? [];
  return efforts
    .filter((level) => passes(`${effortName(level)} ${level} ${pickerStrings.effortPhrase(level)}`))
    .map((level) => plainOption(level, level === effort, effortName(level), pickerStrings.effortPhrase(level)));
}

/** `usd`: what the next message likely costs with it, where that is known. */
function modelOption(model: ModelChoice, chosen: boolean, usd: number | undefined): Option {
  const { inputUsd, outputUsd, isDefault, isOlder } = model;
  const price = pickerStrings.prices(rate(inputUsd), rate(outputUsd));
  const spoken = pickerStrings.spokenPrices(rate(inputUsd), rate(outputUsd));
  return {
    value: model.id,
    chosen,
    isOlder,
    content: html`<span class="optionTitle"><span class="optionName">${model.name}</span>${isDefault ? html` <span class="optionBadge">${pickerStrings.default()}</span>` : nothing}</span>
      <span class="optionFacts" title=${pickerStrings.pricesTitle()}><span aria-hidden="true">${price}</span><span class="spoken">${spoken}</span></span>
      <span class="optionPhrase">${localize(model.phrase)}</span>
      ${model.windowTokens < fullWindow ? html`<span class="optionFacts">${pickerStrings.window(tokenCount(model.windowTokens))}</span>` : nothing}
      ${usd === undefined ? nothing : html`<span class="optionMore"><span aria-hidden="true">${pickerStrings.question(wholeCents(usd))}</span><span class="spoken">${pickerStrings.spokenQuestion(spokenDollars(usd))}</span></span>`}
      ${moreOf(model).map((more) => html`<span class="optionMore">${more}</span>`)}`,
  };
}

const reviewWays = ['ask', 'atEnd'] as const;

/** A smaller window than this, in tokens, is said. */
const fullWindow = 1_000_000;

/** What else speaks for a model or against it, a line each. */
function moreOf({ above, cheaper, retiresAt }: ModelChoice): readonly string[] {
  const more: string[] = [];
  if (above !== null)
    more.push(pickerStrings.above(tokenCount(above.promptTokens), rate(above.inputUsd), rate(above.outputUsd)));
  if (cheaper !== null) more.push(pickerStrings.cheaper(cheaper.name, percentText(cheaper.percent)));
  if (retiresAt !== null)
    more.push((retiresAt > Date.now() ? pickerStrings.retires : pickerStrings.retired)(dayText(retiresAt)));
  return more;
}

function plainOption(value: string, chosen: boolean, name: string, phrase: string): Option {
  return {
    value,
    chosen,
    isOlder: false,
    content: html`<span class="optionName">${name}</span> <span class="optionPhrase">${phrase}</span>`,
  };
}

/** Dollars per million tokens: "$5", "$0.10"; unknown: "—". */
function rate(usd: number | null): string {
  return usd !== null && usd >= 1 && Number.isInteger(usd) ? `$${usd}` : dollars(usd);
}

function row({ value, chosen, content }: Option, index: number, active: boolean, props: PickerProps): TemplateResult {
  return html`<li
    class="option ${active ? 'active' : ''}" id=${optionId(index)} role="option"
    aria-selected=${chosen ? 'true' : 'false'} data-value=${value} @click=${() => props.pick(value)}
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
  if (view.environment.modelList === 'asking') return pickerStrings.asking();
  return view.environment.modelList === 'failed' ? pickerStrings.askingFailed() : '';
}

/** A day, as it is called in UTC: "November 30". */
function dayText(at: number): string {
  return new Date(at).toLocaleDateString(language(), { day: 'numeric', month: 'long', timeZone: 'UTC' });
}
