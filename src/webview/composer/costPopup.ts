/** What pops up above the cost line: a table of the next request, what fills the window, and what can be done. */
import { html, nothing, svg, type TemplateResult } from 'lit-html';
import type { CacheStatus, CostRow, Counted, NextCost, WindowParts } from '../../shared/nextCost';
import { costPopupStrings } from '../l10n/costPopupStrings';
import { clockTime, dollars, percent, percentText, tokenCount } from '../l10n/format';
import { allAddressLines } from '../view/addressNotes';
import type { View } from '../view/view';

/** In the order in which the request has them. */
const partNames = [
  'tools',
  'instructions',
  'files',
  'history',
  'images',
] as const satisfies readonly (keyof WindowParts)[];

/** `close` is called when another place has what was asked for. */
export function costPopup(view: View, close: () => void): TemplateResult {
  const { next } = view.composer;
  // Not really disabled: that would take the focus away from it.
  const counted = next.counted.kind === 'asking' || next.counted.kind === 'exact';
  const count = (): void => {
    if (!counted) view.actions.here('countExactly');
  };
  const inspect = (): void => {
    view.actions.here('inspectRequest');
    close();
  };
  return html`<div class="popup costPopup" role="dialog" aria-label=${costPopupStrings.popup()}>
    ${costTable(next)}
    ${note(cacheNote(next.cache))}
    ${windowParts(next)}
    ${countNote(next.counted)}
    ${allAddressLines(view)}
    <div class="costActions">
      <button
        class="button secondary" type="button" data-do="countExactly" title=${costPopupStrings.countTitle()}
        aria-disabled=${counted ? 'true' : 'false'} @click=${count}
      >${costPopupStrings.countExactly()}</button>
      <button
        class="button secondary" type="button" data-do="inspectRequest" title=${costPopupStrings.inspectTitle()}
        @click=${inspect}
      >${costPopupStrings.inspectRequest()}</button>
    </div>
  </div>`;
}

function costTable({ rows, tokens, askUsd, answerUsd, counted, cache }: NextCost): TemplateResult {
  const about = counted.kind === 'exact' ? '' : '≈ ';
  const sum = askUsd === null || answerUsd === null ? null : askUsd + answerUsd;
  return html`<table class="costTable">
    <thead><tr><td></td><th scope="col">${costPopupStrings.columnTokens()}</th><th scope="col">${costPopupStrings.columnPrice()}</th></tr></thead>
    <tbody>
      ${cache.kind === 'unknown' ? unknownRow(costPopupStrings.rows.cached()) : row(costPopupStrings.rows.cached(), rows.cached)}
      ${row(costPopupStrings.rows.fresh(), rows.fresh)}
      ${row(costPopupStrings.rows.written(), rows.written)}
      <tr class="sum"><th scope="row">${costPopupStrings.ask()}</th><td>${about}${tokenCount(tokens)}</td><td>${dollars(askUsd)}</td></tr>
      ${row(costPopupStrings.rows.output(), rows.output, '≈ ')}
      ${rows.steps === null ? nothing : row(costPopupStrings.rows.steps(), rows.steps, '≈ ')}
      <tr class="sum"><th scope="row">${costPopupStrings.together()}</th><td></td><td>${sum === null ? '' : '≈ '}${dollars(sum)}</td></tr>
    </tbody>
  </table>`;
}

function row([name, meaning]: readonly string[], { tokens, usd }: CostRow, about = ''): TemplateResult {
  const none = tokens === 0 && (usd ?? 0) === 0;
  return html`<tr class=${none ? 'none' : ''}><th scope="row" title=${meaning ?? ''}>${name}</th><td>${none ? '0' : `${about}${tokenCount(tokens)}`}</td><td>${none ? '' : dollars(usd)}</td></tr>`;
}

function unknownRow([name, meaning]: readonly string[]): TemplateResult {
  return html`<tr class="none"><th scope="row" title=${meaning ?? ''}>${name}</th><td>—</td><td>—</td></tr>`;
}

function note(text: string): TemplateResult | typeof nothing {
  return text === '' ? nothing : html`<p class="costNote">${text}</p>`;
}

function cacheNote(cache: CacheStatus): string {
  if (cache.kind === 'warm') return costPopupStrings.warmNote(clockTime(cache.until));
  if (cache.kind === 'unknown') return costPopupStrings.unknownNote();
  return cache.kind === 'cold' ? costPopupStrings.coldNote() : '';
}

/** How the size is known. Read out when it changes. */
function countNote(counted: Counted): TemplateResult {
  const text = {
    estimate: costPopupStrings.estimated,
    exact: costPopupStrings.counted,
    asking: costPopupStrings.counting,
    failed: () => (counted.kind === 'failed' ? costPopupStrings.countFailed[counted.why]() : ''),
  }[counted.kind]();
  return html`<p class="costNote countNote" role="status">${text}</p>`;
}

function windowParts({ parts, tokens, windowTokens }: NextCost): TemplateResult {
  const filled = partNames.filter((name) => parts[name] > 0);
  return html`<h2 class="costHeading">${costPopupStrings.windowUsed(percentText(percent(tokens, windowTokens)), tokenCount(windowTokens))}</h2>
    ${segments(parts, filled)}
    <ul class="windowParts">${filled.map(
      (name) =>
        html`<li><svg class="swatch ${name}" viewBox="0 0 10 10" aria-hidden="true"><rect width="10" height="10"></rect></svg><span class="partName">${costPopupStrings.parts[name]()}</span><span class="partTokens">${tokenCount(parts[name])}</span><span class="partShare">${percentText(percent(parts[name], tokens))}</span></li>`,
    )}</ul>`;
}

/** One bar, as wide as the popup, of what the request holds; its widths are attributes, which the page's policy allows. */
function segments(parts: WindowParts, filled: readonly (keyof WindowParts)[]): TemplateResult {
  const sum = filled.reduce((total, name) => total + parts[name], 0);
  let x = 0;
  return html`<svg class="segments" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">${filled.map(
    (name) => {
      const width = (parts[name] / sum) * 1000;
      const at = x;
      x += width;
      return svg`<rect class=${name} x=${at} width=${Math.max(1, width - 3)} height="10"></rect>`;
    },
  )}</svg>`;
}
