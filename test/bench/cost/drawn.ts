/** Each trace ten times, with sizes, gaps and files drawn anew, played in memory: medians and worst. */
import { profiles } from '../../fakeClaude/tokens';
import { median } from '../bench';
import { billsOf } from './bill';
import { boundOf } from './bound';
import { policies, requestsUnder } from './policies';
import { simulate } from './simulate';
import { tell } from './story';
import type { Trace } from './trace';

export const rule = { profile: profiles.middle, appendedImagesKeepCache: true };

/** One drawing, in tokens of base input. */
export interface Drawn {
  readonly ours: number;
  readonly bound: number;
  /** By the name of the policy. */
  readonly others: ReadonlyMap<string, number>;
}

/** Plays one drawing. */
export async function drawnOf(trace: Trace): Promise<Drawn> {
  const story = await tell(trace);
  const { paid } = await simulate(trace, rule);
  const others = policies.map((policy) => {
    const bills = billsOf(requestsUnder(policy, story), rule);
    return [policy.name, bills.reduce((sum, bill) => sum + bill, 0)] as const;
  });
  return { ours: paid, bound: boundOf(story, rule).all, others: new Map(others) };
}

/** Median and worst of what `of` makes of each. */
export function spread(drawn: readonly Drawn[], of: (one: Drawn) => number): { median: number; worst: number } {
  const values = drawn.map(of);
  return { median: median(values), worst: Math.max(...values) };
}
