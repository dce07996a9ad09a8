/** Each trace ten times, with sizes, gaps and files drawn anew, played in memory: medians and worst. */
import { profiles } from '../../fakeClaude/tokens';
import { median } from '../bench';
import { billsOf } from './bill';
import { boundOf } from './bound';
import { outsideRange } from './measure';
import { policies, requestsUnder } from './policies';
import { type Simulated, simulate } from './simulate';
import { tell } from './story';
import type { Trace } from './trace';

export const rule = { profile: profiles.middle, appendedImagesKeepCache: true };

/** One drawing, in tokens of base input. */
export interface Drawn {
  readonly ours: number;
  readonly bound: number;
  /** By the name of the policy. */
  readonly others: ReadonlyMap<string, number>;
  /** Its messages from the composer, and how many were billed outside what was shown before. */
  readonly asked: number;
  readonly outside: number;
  /** Of each message but the very first, which nothing is known of: |asking price ÷ bill of its first request − 1|. */
  readonly errors: readonly number[];
}

/** Plays one drawing. */
export async function drawnOf(trace: Trace): Promise<Drawn> {
  const { paid, turns } = await simulate(trace, rule);
  const story = await tell(
    trace,
    turns.map(({ conversation }) => conversation),
  );
  const asked = turns.flatMap(({ shown, usd }) => (shown === null ? [] : [{ shown, turnUsd: usd }]));
  const others = policies.map((policy) => {
    const bills = billsOf(requestsUnder(policy, story), rule);
    return [policy.name, bills.reduce((sum, bill) => sum + bill, 0)] as const;
  });
  const known = turns.slice((trace.daysBefore ?? 0) > 0 ? 0 : 1);
  const errors = known.flatMap(({ shown, firstUsd }) =>
    shown === null ? [] : [Math.abs((shown.askUsd ?? Number.NaN) / firstUsd - 1)],
  );
  const counts = { asked: asked.length, outside: outsideRange(asked) };
  return { ours: paid, bound: boundOf(story, rule).all, others: new Map(others), ...counts, errors };
}

/** What it costs where each open tab goes along by itself, in tokens of base input. */
export async function everyTabPaid(trace: Trace): Promise<number> {
  return (await simulate(trace, rule, { everyTab: true })).paid;
}

/** What it costs where a selection is explained in the open chat with what is open, in tokens of base input. */
export async function explainedHerePaid(trace: Trace): Promise<number> {
  return (await simulate(trace, rule, { explainsHere: true })).paid;
}

/** What going on from a summary saves in a chat. */
export interface SummaryShare {
  /** Paid for the first dear message with its summary, in parts of what it costs without; and for that and all behind it. */
  readonly message: number;
  readonly rest: number;
  readonly isOffered: boolean;
}

/** Plays a trace as it is, and from a summary. */
export async function summaryShare(trace: Trace): Promise<SummaryShare> {
  const [without, summed] = [await simulate(trace, rule), await simulate(trace, rule, { summarizes: true })];
  const turn = summed.turns.findIndex(({ offered }) => offered !== null);
  const paid = ({ turns }: Simulated, end?: number): number =>
    turns.slice(turn, end).reduce((sum, { inputUsd }) => sum + inputUsd, 0);
  return {
    message: paid(summed, turn + 1) / paid(without, turn + 1),
    rest: paid(summed) / paid(without),
    isOffered: summed.turns[turn]?.offered === true,
  };
}

/** Median and worst of what `of` makes of each. */
export function spread(drawn: readonly Drawn[], of: (one: Drawn) => number): { median: number; worst: number } {
  const values = drawn.map(of);
  return { median: median(values), worst: Math.max(...values) };
}
