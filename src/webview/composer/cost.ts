/** What the next message costs, and how full the model's window is. Nothing is asked of the API for it. */
import { html, type TemplateResult } from 'lit-html';
import { dollars, percent, spokenDollars, tokenCount } from '../format';
import type { View } from '../view';
import { words } from '../words';

/** The line below the composer; what it says depends on its width. */
export function costLine(view: View): TemplateResult {
  const { askUsd, answerUsd, tokens, cachedTokens, windowTokens } = view.composer.next;
  const demo = view.environment.key.kind === 'demo';
  const sum = askUsd === null || answerUsd === null ? null : askUsd + answerUsd;
  const used = percent(tokens, windowTokens);
  const cached = percent(cachedTokens, tokens);
  const level = used >= 95 ? 'full' : used >= 80 ? 'high' : '';
  const short = demo ? words.costDemoShort(dollars(sum)) : words.costShort(dollars(sum));
  const long = (demo ? words.costDemo : words.cost)(dollars(askUsd), dollars(answerUsd));
  const windowTitle = words.windowUsed(used, tokenCount(windowTokens));
  return html`<div class="costLine" role="group" aria-label=${words.costSpoken(spokenDollars(sum), cached, used)}>
    <span class="window" title=${windowTitle}>
      <progress class="windowBar ${level}" max="100" value=${used} aria-label=${windowTitle}></progress><span class="windowPercent" aria-hidden="true">${used}%</span>
    </span>
    <span class="cost" aria-hidden="true">
      <span class="onlyNarrow">${short}</span><span class="notNarrow">${long}</span><span class="onlyWide"> · ${words.costTokens(tokenCount(tokens), cached)}</span>
    </span>
  </div>`;
}
