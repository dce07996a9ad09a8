/** Cost by day as stacked bars: an SVG that stretches with its box. Its numbers stand in the table below it. */
import { html, nothing, svg, type TemplateResult } from 'lit-html';
import { addSpending, noSpending, type Spending, type SpentUsd, spentUsd } from '../../shared/usage';
import { dollars } from '../l10n/format';
import { longDay, shortDay, usageViewStrings } from '../l10n/usageViewStrings';
import { axisTicks } from './days';

/** From the bottom up. Each has a colour and a pattern of its own. */
const kinds = ['read', 'written', 'input', 'output', 'searches'] as const;
/** What dollars are paid for. */
export type Kind = (typeof kinds)[number];

/** The kinds that are told of such a sum: searches only where there were any. */
export function kindsOf({ usd }: Spending): readonly Kind[] {
  return kinds.filter((kind) => kind !== 'searches' || usd.searches > 0);
}

/** The plot's legend. */
export const kindNames: Readonly<Record<Kind, () => string>> = {
  read: usageViewStrings.read,
  written: usageViewStrings.written,
  input: usageViewStrings.input,
  output: usageViewStrings.output,
  searches: usageViewStrings.searches,
};

/** px. */
const height = 160;
const top = 10;
const bottom = 20;
/** A bar with something in it is never invisible. */
const leastBar = 1;

/** A day with its sums. */
export interface Day {
  /** When it begins, ms since the epoch. */
  readonly at: number;
  readonly spending: Spending;
}

/** The bars of these days, with a label that reads them aloud. */
export function plot(days: readonly Day[]): TemplateResult {
  const most = days.reduce((best, day) => (sumOf(day) > sumOf(best) ? day : best), days[0] ?? noDay);
  const ticks = axisTicks(sumOf(most));
  const scale = (height - top - bottom) / (ticks.at(-1) || 1);
  const all = days.reduce((sum, { spending }) => addSpending(sum, spending), noSpending);
  const label = usageViewStrings.plotSpoken(
    days.length,
    dollars(spentUsd(all)),
    dollars(sumOf(most)),
    longDay(most.at),
  );
  const slot = 100 / days.length;
  return html`<div class="plot">
    <div class="axis" aria-hidden="true">${ticks.map((tick) => html`<span class="tick" data-value=${tick}>${dollars(tick)}</span>`)}</div>
    <svg class="bars" role="img" aria-label=${label} width="100%" height=${height}>
      ${patterns()}
      ${ticks.map((tick) => {
        const y = height - bottom - tick * scale;
        return svg`<line class="grid" x1="0" x2="100%" y1=${y} y2=${y}></line>`;
      })}
      ${days.map((day, index) => bar(day, index * slot, slot, scale))}
      ${days.map((day, index) => dayLabel(day, (index + 0.5) * slot, days.length - 1 - index))}
    </svg>
  </div>
  <ul class="legend" aria-hidden="true">${kindsOf(all).map(legendEntry)}</ul>`;
}

function legendEntry(kind: Kind): TemplateResult {
  const swatch = svg`<rect class="bar ${kind}" width="12" height="12"></rect>
    <rect class="hatch" fill="url(#hatch-${kind})" width="12" height="12"></rect>`;
  return html`<li><svg class="swatch" width="12" height="12">${swatch}</svg>${kindNames[kind]()}</li>`;
}

const noDay: Day = { at: 0, spending: noSpending };

function sumOf({ spending }: Day): number {
  return spentUsd(spending) ?? 0;
}

function bar(day: Day, x: number, slot: number, scale: number): unknown {
  const { usd } = day.spending;
  let y = height - bottom;
  const rects = kinds.flatMap((kind) => {
    const size = usd[kind] * scale;
    if (size <= 0) return [];
    y -= size;
    const shape = { x: `${x + slot * 0.12}%`, width: `${slot * 0.76}%`, height: Math.max(size, leastBar) };
    return [
      svg`<rect class="bar ${kind}" x=${shape.x} y=${y} width=${shape.width} height=${shape.height}></rect>
        <rect class="hatch" fill="url(#hatch-${kind})" x=${shape.x} y=${y} width=${shape.width} height=${shape.height}></rect>`,
    ];
  });
  return svg`<g class="day">
    <title>${dayText(day)}</title>
    <rect class="reach" x=${`${x}%`} y="0" width=${`${slot}%`} height=${height - bottom}></rect>
    ${rects}
  </g>`;
}

/** "Sunday, 22 November: $0.42" and what it was for. */
function dayText({ at, spending }: Day): string {
  const parts = kindsOf(spending).map((kind: keyof SpentUsd & Kind) =>
    usageViewStrings.costOf(kindNames[kind](), dollars(spending.usd[kind])),
  );
  return [
    usageViewStrings.costOf(longDay(at), dollars(spentUsd(spending))),
    ...(spending.requests === 0 ? [] : parts),
  ].join('\n');
}

/** One label a week, counted back from today; where there is little room, every other one goes. */
function dayLabel({ at }: Day, x: number, ago: number): unknown {
  if (ago % 7 !== 0) return nothing;
  const place = ago === 0 ? { x: 100, anchor: 'end' } : { x, anchor: 'middle' };
  return svg`<text
    class="dayLabel ${ago % 14 === 0 ? '' : 'minor'}" x=${`${place.x}%`} y=${height - 5}
    text-anchor=${place.anchor} aria-hidden="true"
  >${shortDay(at)}</text>`;
}

/** Lines and dots, so that kinds are told apart without their colours. */
function patterns(): unknown {
  return svg`<defs>
    <pattern id="hatch-read" width="6" height="6" patternUnits="userSpaceOnUse"></pattern>
    <pattern
      id="hatch-written" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"
    ><line class="stroke" x1="0" y1="0" x2="0" y2="5"></line></pattern>
    <pattern id="hatch-input" width="4" height="4" patternUnits="userSpaceOnUse"><line class="stroke" x1="0" y1="0" x2="4" y2="0"></line></pattern>
    <pattern id="hatch-output" width="5" height="5" patternUnits="userSpaceOnUse"><circle class="dot" cx="1.5" cy="1.5" r="1"></circle></pattern>
    <pattern
      id="hatch-searches" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)"
    ><line class="stroke" x1="0" y1="0" x2="0" y2="6"></line><line class="stroke" x1="0" y1="0" x2="6" y2="0"></line></pattern>
  </defs>`;
}
