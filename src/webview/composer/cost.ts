/** What the next message costs, and how full the model's window is. Nothing is asked of the API for it. */
import { html, type TemplateResult } from 'lit-html';
import { clockTime, dollars, percent, spokenDollars, tokenCount } from '../format';
import type { View } from '../view';
import { costWords } from './costWords';

/** The line below the composer; what it says depends on its width. */
export function costLine(view: View): TemplateResult {
  const { askUsd, answerUsd, tokens, cachedTokens, windowTokens, cache } = view.composer.next;
  const demo = view.environment.key.kind === 'demo';
  const cold = cache.kind === 'cold';
  const sum = askUsd === null || answerUsd === null ? null : askUsd + answerUsd;
  const used = percent(tokens, windowTokens);
  const cached = percent(cachedTokens, tokens);
  const level = used >= 95 ? 'full' : used >= 80 ? 'high' : '';
  const short = (demo ? costWords.demoShort : costWords.short)(dollars(sum), cold);
  const long = (demo ? costWords.demo : costWords.long)(dollars(askUsd), dollars(answerUsd), cold);
  const facts = [
    costWords.tokens(tokenCount(tokens)),
    ...(cached > 0 ? [costWords.cached(cached)] : []),
    ...(cache.kind === 'warm' ? [costWords.warmUntil(clockTime(cache.until))] : []),
  ].join(', ');
  const spoken = cold
    ? costWords.spokenCold(spokenDollars(sum), used)
    : costWords.spoken(spokenDollars(sum), cached, used);
  const windowTitle = costWords.windowUsed(used, tokenCount(windowTokens));
  return html`<div class="costLine" role="group" aria-label=${spoken}>
    <span class="window" title=${windowTitle}>
      <progress class="windowBar ${level}" max="100" value=${used} aria-label=${windowTitle}></progress><span class="windowPercent" aria-hidden="true">${used}%</span>
    </span>
    <span class="cost" aria-hidden="true">
      <span class="onlyNarrow">${short}</span><span class="notNarrow">${long}</span><span class="onlyWide"> · ${facts}</span>
    </span>
    <span class="spoken cacheSpoken" role="status">${cold ? costWords.wentCold() : ''}</span>
  </div>`;
}
