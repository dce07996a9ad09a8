/** What the next message costs, and how full the model's window is. Nothing is asked of the API for it. */
import { html, nothing, type TemplateResult } from 'lit-html';
import { type CostRange, centsOf } from '../../shared/nextCost';
import { costStrings } from '../l10n/costStrings';
import {
  bareDollars,
  dollars,
  listOf,
  longTime,
  percent,
  percentText,
  roundDollars,
  spokenDollars,
  spokenTime,
  wholeCents,
} from '../l10n/format';
import type { View } from '../view/view';
import type { Popups } from './popup';

/** From this share of the window on, in percent, its bar is shown; then it warns. */
const bar = { shown: 50, high: 80, full: 95 } as const;

interface CostProps {
  readonly open: boolean;
  readonly popups: Popups | null;
  toggle(): void;
}

/** The line below the composer: one figure, and a reason where it is unusual. A click shows what it is made of. */
export function costLine(view: View, props: CostProps): TemplateResult {
  const { next, pausedSince } = view.composer;
  const offered = offeredByPrice(view, props.popups);
  const { askUsd, answerUsd, rangeUsd, tokens, windowTokens } = next;
  const used = percent(tokens, windowTokens);
  const hasBar = used >= bar.shown;
  const level = used >= bar.full ? 'full' : used >= bar.high ? 'high' : '';
  const pause = pausedSince === null ? null : Math.max(0, Date.now() - pausedSince);
  const usd = (askUsd ?? 0) + (answerUsd ?? 0);
  // With a reason, and beside another, it is one figure.
  const isOne = pause !== null || offered !== null;
  const range = rangeUsd !== null && isOne ? { low: usd, high: usd } : rangeUsd;
  const demo = view.environment.key.kind === 'demo';
  const spoken = listOf([
    (demo ? costStrings.spokenDemo : costStrings.spoken)(spokenOf(range)),
    ...(pause === null ? [] : [costStrings.spokenPause(spokenTime(pause))]),
    ...(offered === null ? [] : [costStrings.spokenSummary(spokenDollars(offered))]),
  ]);
  const face = (about: boolean): string => {
    const figure = demo ? costStrings.wouldCost(figureOf(range, about)) : figureOf(range, about);
    if (offered !== null) return costStrings.fromSummary(figure, wholeCents(offered));
    return pause === null ? figure : costStrings.pause(figure, longTime(pause));
  };
  // Said once: what is typed changes it.
  if (pausedSince !== null) view.actions.announceOnce(`pause/${pausedSince}`, spoken);
  return html`<div class="costArea">
    <div class="costFace" aria-hidden="true">
      ${
        hasBar
          ? html`<span class="window ${offered === null ? '' : 'notNarrow'}"><progress class="windowBar ${level}" max="100" value=${used}></progress><span class="windowPercent">${percentText(used)}</span></span>`
          : nothing
      }
      <span class="cost ${pause === null ? '' : 'unusual'}">
        <span class="onlyNarrow">${face(false)}</span><span class="notNarrow">${face(true)}</span>
      </span>
    </div>
    <button
      class="costLine" type="button" aria-haspopup="dialog" aria-expanded=${props.open ? 'true' : 'false'}
      aria-label=${hasBar ? listOf([spoken, costStrings.spokenWindow(used)]) : spoken} title=${tooltip(view, hasBar ? used : null)} @click=${() => props.toggle()}
    ></button>
    ${props.open ? (props.popups?.cost(view, props.toggle) ?? nothing) : nothing}
  </div>
  ${offered === null ? nothing : (props.popups?.continueFromSummary(view) ?? nothing)}`;
}

/** US dollars of the next message and the summary that it would go on from, where its price is why that is offered here. */
function offeredByPrice(view: View, popups: Popups | null): number | null {
  const { summary } = view.composer.next;
  if (summary?.byPrice !== true || view.chat.activity !== null) return null;
  // The notice of a full window offers it, too.
  return (popups?.fullWindow(view) ?? nothing) === nothing ? summary.usd : null;
}

/** Whole cents: "$0.05–0.20", where both ends are the same "about $0.04", "< $0.01"; unknown: "—". */
function figureOf(range: CostRange | null, about: boolean): string {
  if (range === null) return wholeCents(null);
  const { low, high } = centsOf(range);
  const most = wholeCents(high / 100);
  if (low === 0) return costStrings.below(wholeCents((high + 1) / 100));
  if (low < high) return costStrings.range(wholeCents(low / 100), bareDollars(high / 100));
  return about ? costStrings.about(most) : most;
}

/** The same, read out: "about 2 to 6 cents", "less than 3 cents". */
function spokenOf(range: CostRange | null): string {
  if (range === null) return costStrings.about(spokenDollars(null));
  const { low, high } = centsOf(range);
  if (low === 0) return costStrings.spokenBelow(spokenDollars((high + 1) / 100));
  const most = spokenDollars(high / 100);
  if (low === high) return costStrings.about(most);
  return costStrings.about(costStrings.spokenRange(high < 100 ? low : bareDollars(low / 100), most));
}

/** What today has cost, and how full the window is where its bar is shown. */
function tooltip({ composer, environment }: View, used: number | null): string {
  const { todayUsd, modelName } = composer;
  const limit = environment.limits?.perDay ?? null;
  const today = todayUsd === null ? null : dollars(todayUsd);
  return [
    ...(today === null
      ? []
      : [limit === null ? costStrings.today(today) : costStrings.todayOf(today, roundDollars(limit))]),
    ...(used === null ? [] : [costStrings.windowUsed(percentText(used), modelName)]),
  ].join('\n');
}
