/** The pages that a search or a fetch found, below its line: each opens in the browser, and none is loaded here. */
import { html, nothing, type TemplateResult } from 'lit-html';
import { hostOf, type Source } from '../../shared/web/sources';
import { icon } from '../dom/icon';
import { transcriptStrings } from '../l10n/transcriptStrings';
import { linkTarget } from '../markdown/links';
import { linkTooltip } from '../markdown/tooltip';

/** Pages that are shown while the line is closed. */
const shownAtOnce = 3;

/** `numbers`: those of the citations, by address. `more`: opens the line. */
export function sourceList(
  sources: readonly Source[],
  open: boolean,
  numbers: ReadonlyMap<string, number>,
  more: () => void,
): unknown {
  if (sources.length === 0) return nothing;
  // One that is cited stands before one that is not.
  const cited = ({ url }: Source): boolean => url !== null && numbers.has(url);
  const ordered = open ? sources : [...sources.filter(cited), ...sources.filter((one) => !cited(one))];
  const shown = open || sources.length <= shownAtOnce + 1 ? ordered : ordered.slice(0, shownAtOnce);
  const rest = sources.length - shown.length;
  return html`<ul class="sources" aria-label=${transcriptStrings.sources()}>
    ${shown.map((source) => html`<li>${sourceRow(source, numbers)}</li>`)}
    ${
      rest === 0
        ? nothing
        : html`<li><button class="linkButton" type="button" data-more="sources" @click=${more}>${transcriptStrings.moreSources(rest)}</button></li>`
    }
  </ul>`;
}

function sourceRow({ url, title, age }: Source, numbers: ReadonlyMap<string, number>): TemplateResult {
  const target = url === null ? null : linkTarget(url);
  const number = url === null ? undefined : numbers.get(url);
  const place = url === null ? transcriptStrings.noAddress() : hostOf(url);
  const words = html`${number === undefined ? nothing : html`<span class="sourceNumber">${number}</span>`}
    <span class="sourceTitle">${title === '' ? place : title}</span>
    <span class="sourcePlace">${age === null ? place : transcriptStrings.placeAndAge(place, age)}</span>`;
  if (target?.kind !== 'web') return html`<span class="source" title=${title}>${icon('circle-slash')}${words}</span>`;
  return html`<a class="source" href=${target.url} title=${linkTooltip(target.url, title)}>${words}</a>`;
}
