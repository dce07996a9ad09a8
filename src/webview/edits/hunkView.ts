/** Hunks as they are shown: lines with their signs and the colours of the diff editor. */
import { html, nothing, type TemplateResult } from 'lit-html';
import type { Hunk } from '../../shared/edits';
import { escaped } from '../dom/escapes';
import { editStrings } from '../l10n/editStrings';

/** Lines of a hunk that are shown at the turn's end; a card has its own limit. */
const mostLines = 400;
/** Characters that have room in the narrowest panel: a first word that ends behind them is broken, and no row is left to the blanks before it. */
const narrowest = 18;

const kinds: Readonly<Record<string, string>> = { '+': 'added', '-': 'removed' };

/** The lines of a hunk; what is not shown is counted. */
export function hunkLines(hunk: Hunk, most = mostLines): TemplateResult {
  const shown = hunk.lines.slice(0, most);
  const more = hunk.lines.length - shown.length + (hunk.cut ?? 0);
  return html`<pre class="diff" tabindex="0" dir="ltr" aria-label=${placeText(hunk)}>${shown.map(line)}</pre>${
    more === 0 ? nothing : html`<div class="approvalNote">${editStrings.moreLines(more)}</div>`
  }`;
}

function line(text: string): TemplateResult {
  const sign = text.slice(0, 1);
  const [start = ''] = /^\s+\S+/.exec(text.slice(1)) ?? [];
  const isTight = start.length > narrowest;
  return html`<span class="diffLine ${kinds[sign] ?? ''}"><span class="diffSign">${sign}</span>${
    isTight ? html`<span class="diffStart">${escaped(start)}</span>` : nothing
  }${escaped(text.slice(isTight ? 1 + start.length : 1))}
</span>`;
}

/** "Lines 12–14": of what was changed, as it is now. */
export function placeText({ newStart, lines, cut = 0 }: Hunk): string {
  let before = 0;
  while (before < lines.length && lines[before]?.startsWith(' ') === true) before += 1;
  const first = newStart + before;
  let last = newStart - 1;
  let end = first;
  for (const [index, text] of lines.entries()) {
    if (!text.startsWith('-')) last += 1;
    if (index >= before && !text.startsWith(' ')) end = Math.max(end, last);
  }
  return editStrings.lines(first, end + cut);
}
