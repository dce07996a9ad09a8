/**
 * What whole traces cost on the input side, by the bill of the fake API's ledger at Opus 4.8's prices: against a
 * clairvoyant's bound, against other policies, and against what the composer showed before each message.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { repoRoot } from '../vscode/paths';
import { type Bench, type BenchOptions, type Figure, figure, median } from './bench';
import { sumOf } from './cost/dissect';
import {
  type Drawn,
  drawnOf,
  everyTabPaid,
  explainedHerePaid,
  type SummaryShare,
  spread,
  summaryShare,
} from './cost/drawn';
import { type Measured, measure, outsideRange } from './cost/measure';
import { type Asked, inputUsdPerToken } from './cost/player';
import { policies } from './cost/policies';
import { drawnNames, drawnTraces } from './cost/someTraces';
import { readTrace } from './cost/trace';

/** Most that the median of ours ÷ bound may be, by the name of the trace; the others are only reported. */
const bars: Readonly<Record<string, number>> = {
  a: 1.06,
  b: 1.06,
  c: 1.06,
  d: 1.3,
  'd-week': 1.08,
  e: 1.06,
  f: 1.08,
  g: 1.3,
  h: 1.3,
  i: 1.1,
};
/** Most that the median of ours ÷ no caching may be. */
const plainBars: Readonly<Record<string, number>> = { j: 1.02 };
/** Traces in which files are opened and closed: what went along by itself before stands beside. */
const everyTabBefore: readonly string[] = ['h', 'i'];
/** Most that the first message from a summary may cost, with the summary, in parts of what it costs without. */
const summaryBar = 0.15;
const estimateBar = 0.02;
/** The same of 95 of 100 messages over all drawings. */
const usualErrorBar = 0.01;
const countBar = 0.05;
/** Most of all turns that may be billed outside the range that was shown. */
const outsideBar = 0.2;

export const costBench: Bench = {
  name: 'cost',
  about: 'input money of whole traces, against what it could be at the least, and against what others would pay',
  needsStore: true,
  async run({ traces, verbose, say }) {
    const folder = join(repoRoot(), 'test', 'bench', 'traces');
    const figures: Figure[] = [];
    const asked: Asked[] = [];
    const drawn: Drawn[] = [];
    if (traces.length === 0) for (const name of drawnNames) figures.push(...(await drawnFigures(name, drawn)));
    if (drawn.length > 0) {
      figures.push(outsideOf('all traces and drawings', drawn, outsideBar));
      figures.push(...errorsOf('all traces and drawings', drawn, usualErrorBar));
    }
    // Through the real controller, which takes its time: what the composer showed before each message.
    const all = verbose ? readdirSync(folder) : ['mixture.json'];
    for (const file of traces.length > 0 ? traces : all.map((name) => join(folder, name))) {
      const measured = await measure(readTrace(file));
      if (verbose) details(measured, say);
      figures.push(...figuresOf(measured));
      asked.push(...measured.asked);
    }
    if (asked.length > 0) {
      figures.push(figure(`of ${asked.length} turns, billed outside the range shown`, share(asked), '×', outsideBar));
    }
    return figures;
  },
};

/** A trace ten times, drawn anew each time, which go into `all`, too. */
async function drawnFigures(name: string, all: Drawn[]): Promise<readonly Figure[]> {
  const drawn: Drawn[] = [];
  for (const trace of drawnTraces(name)) drawn.push(await drawnOf(trace));
  all.push(...drawn);
  const before: number[] = [];
  if (everyTabBefore.includes(name)) for (const trace of drawnTraces(name)) before.push(await everyTabPaid(trace));
  const here: number[] = [];
  const explains = drawn.length > 0 && drawnTraces(name)[0]?.events.some((event) => event.do === 'explain') === true;
  if (explains) for (const trace of drawnTraces(name)) here.push(await explainedHerePaid(trace));
  const named = (said: string, value: number, unit = '×', bar: number | null = null): Figure =>
    figure(`(${name}) ${said}`, value, unit, bar);
  const shares: SummaryShare[] = [];
  if (name === 'k') for (const trace of drawnTraces(name)) shares.push(await summaryShare(trace));
  const ratio = spread(drawn, ({ ours, bound }) => ours / bound);
  const cents = (tokens: number): number => 100 * tokens * inputUsdPerToken;
  return [
    named('ours, median of ten', spread(drawn, ({ ours }) => cents(ours)).median, '¢'),
    ...(before.length === 0
      ? []
      : [named('the same with each open tab sent, as before, median', cents(median(before)), '¢')]),
    ...(here.length === 0
      ? []
      : [
          named(
            'the same with selections explained in the open chat, with what is open, median',
            cents(median(here)),
            '¢',
          ),
        ]),
    named('the bound, median', spread(drawn, ({ bound }) => cents(bound)).median, '¢'),
    named('ours ÷ bound, median', ratio.median, '×', bars[name] ?? null),
    named('ours ÷ bound, worst', ratio.worst),
    ...(shares.length === 0
      ? []
      : [
          named('a summary is offered, of ten', shares.filter(({ isOffered }) => isOffered).length, ''),
          named(
            'from a summary ÷ without, the message after lunch, median',
            median(shares.map((one) => one.message)),
            '×',
            summaryBar,
          ),
          named('from a summary ÷ without, that and all behind it, median', median(shares.map((one) => one.rest))),
        ]),
    ...policies.map((policy) => {
      const bar = policy.name === 'no caching' ? (plainBars[name] ?? null) : null;
      const { median } = spread(drawn, ({ ours, others }) => ours / (others.get(policy.name) ?? Number.NaN));
      return named(`ours ÷ ${policy.name}, median`, median, '×', bar);
    }),
    outsideOf(`(${name}) ten drawings`, drawn),
    ...errorsOf(`(${name}) ten drawings`, drawn),
  ];
}

/** How far the asking price was from the bill of the first request, which is its input alone. */
function errorsOf(what: string, drawn: readonly Drawn[], bar: number | null = null): readonly Figure[] {
  const errors = drawn.flatMap((one) => one.errors).toSorted((a, b) => a - b);
  if (errors.length === 0) return [];
  const usual = errors[Math.ceil(errors.length * 0.95) - 1] ?? 0;
  return [
    figure(`${what}: asking price by estimate, error of 95 of 100 of ${errors.length} messages`, usual, '×', bar),
    figure(`${what}: the largest error`, errors.at(-1) ?? 0, '×'),
  ];
}

/** How many of the turns of these were billed outside the range that was shown before. */
function outsideOf(what: string, drawn: readonly Drawn[], bar: number | null = null): Figure {
  const sum = (of: (one: Drawn) => number): number => drawn.reduce((total, one) => total + of(one), 0);
  const asked = sum((one) => one.asked);
  const share = asked === 0 ? 0 : sum(({ outside }) => outside) / asked;
  return figure(`${what}: billed outside the range shown, of ${asked} turns`, share, '×', bar);
}

function share(asked: readonly Asked[]): number {
  return outsideRange(asked) / asked.length;
}

function figuresOf(measured: Measured): readonly Figure[] {
  const { trace, ours, bound, least, compared, losing, leaning, otherRatios, asked } = measured;
  const { estimateError, countError } = measured;
  const named = (name: string, value: number, unit = '×', bar: number | null = null): Figure =>
    figure(`(${trace.name}) ${name}`, value, unit, bar);
  return [
    named('ours', ours * inputUsdPerToken, '$'),
    named('the bound', bound.all * inputUsdPerToken, '$'),
    named('ours ÷ bound', ours / bound.all),
    named('ours ÷ bound, where texts have more or fewer tokens', Math.max(...otherRatios)),
    named('ours ÷ least that billing allows', ours / least),
    ...(losing === null
      ? []
      : [named('ours ÷ bound, if an image more loses the messages cache', losing.ours / losing.bound)]),
    named('ours ÷ bound, if an entry lives no longer than what it stands on', leaning / bound.all),
    ...compared.flatMap(({ policy, paid, best }) => [
      named(`ours ÷ ${policy}`, ours / paid),
      ...(best === null ? [] : [named(`ours ÷ ${policy}, where that does best`, best)]),
    ]),
    ...(estimateError === null
      ? []
      : [named('asking price by estimate, largest error from the third turn on', estimateError, '×', estimateBar)]),
    ...(asked.length === 0 ? [] : [named(`billed outside the range shown, of ${asked.length} turns`, share(asked))]),
    ...(countError === null ? [] : [named('asking price after a count, largest error', countError, '×', countBar)]),
  ];
}

/** Where the money went, in tokens of base input. */
function details({ trace, dissection, bound, requests }: Measured, say: BenchOptions['say']): void {
  say(`\n  (${trace.name}) ${trace.about}: ${requests} requests`);
  const whole = (value: number): string => String(Math.round(value)).padStart(8);
  for (const [part, paid] of Object.entries(dissection.parts)) {
    const { read, write5m, write1h, plain } = paid;
    const least = part in bound ? bound[part as keyof typeof bound] : 0;
    say(
      `    ${part.padEnd(8)} ours${whole(sumOf(paid))} bound${whole(least)}   read${whole(read)} 5m${whole(write5m)} 1h${whole(write1h)} plain${whole(plain)}`,
    );
  }
  for (const one of dissection.lines) say(`    ${one}`);
}
