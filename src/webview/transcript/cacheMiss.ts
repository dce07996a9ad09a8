/** Why an answer cost more than it would have with a warm cache, in a quiet line each. */
import { html, type TemplateResult } from 'lit-html';
import type { CacheMiss } from '../../shared/chat';
import { icon } from '../dom/icon';
import { cacheMissText } from '../l10n/transcriptStrings';

/** The line below an answer whose request found the cache cold. */
export function cacheMissLine(miss: CacheMiss): TemplateResult {
  const text = cacheMissText(miss);
  return html`<div class="line cacheMiss" data-reason=${miss.reason}>${icon('info')}<span class="lineWords" title=${text}>${text}</span></div>`;
}
