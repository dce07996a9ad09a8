/** What the next message costs, and how full the model's window is. Nothing is asked of the API for it. */
import { html, nothing, type TemplateResult } from 'lit-html';
import { costStrings } from '../l10n/costStrings';
import { clockTime, dollars, percent, spokenDollars, tokenCount } from '../l10n/format';
import type { View } from '../view/view';
import { costPopup, partNames } from './costPopup';

interface CostProps {
  readonly open: boolean;
  toggle(): void;
}

/** The line below the composer; what it says depends on its width. A click shows what it is made of. */
export function costLine(view: View, props: CostProps): TemplateResult {
  const { askUsd, answerUsd, tokens, cachedTokens, windowTokens, cache } = view.composer.next;
  const demo = view.environment.key.kind === 'demo';
  const cold = cache.kind === 'cold';
  const sum = askUsd === null || answerUsd === null ? null : askUsd + answerUsd;
  const used = percent(tokens, windowTokens);
  const cached = percent(cachedTokens, tokens);
  const level = used >= 95 ? 'full' : used >= 80 ? 'high' : '';
  const short = (demo ? costStrings.demoShort : costStrings.short)(dollars(sum), cold);
  const long = (demo ? costStrings.demo : costStrings.long)(dollars(askUsd), dollars(answerUsd), cold);
  const facts = [
    costStrings.tokens(tokenCount(tokens)),
    ...(cache.kind === 'unknown' ? [costStrings.cachedUnknown()] : cached > 0 ? [costStrings.cached(cached)] : []),
    ...(cache.kind === 'warm' ? [costStrings.warmUntil(clockTime(cache.until))] : []),
  ].join(', ');
  const spoken = cold
    ? costStrings.spokenCold(spokenDollars(sum), used)
    : costStrings.spoken(spokenDollars(sum), cached, used);
  const windowTitle = costStrings.windowUsed(used, tokenCount(windowTokens));
  return html`<div class="costArea">
    <div class="costFace" aria-hidden="true">
      <span class="window"><progress class="windowBar ${level}" max="100" value=${used}></progress><span class="windowPercent">${used}%</span></span>
      <span class="cost">
        <span class="onlyNarrow">${short}</span><span class="notNarrow">${long}</span><span class="onlyWide"> · ${facts}</span>
      </span>
    </div>
    <button
      class="costLine" type="button" aria-haspopup="dialog" aria-expanded=${props.open ? 'true' : 'false'}
      aria-label=${spoken} title=${windowTooltip(view, windowTitle)} @click=${() => props.toggle()}
    ></button>
    <span class="spoken cacheSpoken" role="status">${cold ? costStrings.wentCold() : ''}</span>
    ${props.open ? costPopup(view, props.toggle) : nothing}
  </div>`;
}

/** The window's share, and what fills it, a line each. */
function windowTooltip({ composer }: View, title: string): string {
  const { parts } = composer.next;
  const filled = partNames.filter((name) => parts[name] > 0);
  return [title, ...filled.map((name) => costStrings.part(costStrings.parts[name](), tokenCount(parts[name])))].join(
    '\n',
  );
}
