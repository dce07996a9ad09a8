/** What the next message costs, and how full the model's window is. Nothing is asked of the API for it. */
import { html, nothing, type TemplateResult } from 'lit-html';
import { costWords } from '../l10n/costWords';
import { clockTime, dollars, percent, spokenDollars, tokenCount } from '../l10n/format';
import type { View } from '../view/view';
import { costPopup, partNames } from './costPopup';

interface CostProps {
  readonly open: boolean;
  toggle(): void;
}

/** The line below the composer; what it says depends on its width. A click shows what it is made of. */
export function costLine(view: View, look: CostProps): TemplateResult {
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
    ...(cache.kind === 'unknown' ? [costWords.cachedUnknown()] : cached > 0 ? [costWords.cached(cached)] : []),
    ...(cache.kind === 'warm' ? [costWords.warmUntil(clockTime(cache.until))] : []),
  ].join(', ');
  const spoken = cold
    ? costWords.spokenCold(spokenDollars(sum), used)
    : costWords.spoken(spokenDollars(sum), cached, used);
  const windowTitle = costWords.windowUsed(used, tokenCount(windowTokens));
  return html`<div class="costArea">
    <div class="costFace" aria-hidden="true">
      <span class="window"><progress class="windowBar ${level}" max="100" value=${used}></progress><span class="windowPercent">${used}%</span></span>
      <span class="cost">
        <span class="onlyNarrow">${short}</span><span class="notNarrow">${long}</span><span class="onlyWide"> · ${facts}</span>
      </span>
    </div>
    <button
      class="costLine" type="button" aria-haspopup="dialog" aria-expanded=${look.open ? 'true' : 'false'}
      aria-label=${spoken} title=${windowTooltip(view, windowTitle)} @click=${() => look.toggle()}
    ></button>
    <span class="spoken cacheSpoken" role="status">${cold ? costWords.wentCold() : ''}</span>
    ${look.open ? costPopup(view, look.toggle) : nothing}
  </div>`;
}

/** The window's share, and what fills it, a line each. */
function windowTooltip({ composer }: View, title: string): string {
  const { parts } = composer.next;
  const filled = partNames.filter((name) => parts[name] > 0);
  return [title, ...filled.map((name) => costWords.part(costWords.parts[name](), tokenCount(parts[name])))].join('\n');
}
