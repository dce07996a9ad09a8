/** How the user's turns follow each other, by which the prompt cache is planned, and what one usually costs. */
import { nextTurnsOf, type PauseHistogram, pauseHistogramOf } from '../../core/base/pauseHistogram';
import type { Clock, Log } from '../../core/base/ports';
import { startOfDay } from '../../core/cost/spend';
import { medianOf } from '../../core/cost/unusual';
import type { Store } from '../../core/record/store';
import { beside } from '../base/beside';

/** How many pauses the histogram is made of: about a week's. */
const knownPauses = 300;
/** One more among hundreds changes next to nothing: so long, in ms, what was read holds. */
const freshMs = 60_000;
/** They only make a turn cheaper: how long it waits for them, ms. */
const waitMs = 500;

/** Reads them for all conversations of a window, at most once a minute. */
export class Pauses {
  /** US dollars of a usual turn, as it was last read: the median of the last ones; null where there are none. */
  usualUsd: number | null = null;
  /** US dollars of today, as they were last read; null before. */
  todayUsd: number | null = null;
  private read: { readonly at: number; readonly pauseHistogram: Promise<PauseHistogram> } | null = null;

  constructor(private readonly deps: { readonly store: Store; readonly clock: Clock; readonly log: Log }) {}

  /** As the store knew them lately; without them the prompt cache is used by what is usual. Never rejects. */
  now(): Promise<PauseHistogram> {
    const at = this.deps.clock.now();
    if (this.read === null || Math.abs(at - this.read.at) >= freshMs) this.read = { at, pauseHistogram: this.fresh() };
    return this.read.pauseHistogram;
  }

  /** A turn has ended: what it cost is read beside, and what was read before serves until then. */
  turnEnded(): void {
    const read = { at: this.deps.clock.now(), pauseHistogram: this.fresh() };
    void read.pauseHistogram.then(() => {
      this.read = read;
    });
  }

  private fresh(): Promise<PauseHistogram> {
    const { store, clock, log } = this.deps;
    return beside(
      async () => {
        const today = startOfDay(clock.now());
        const { pauses, lastSteps, usd, todayUsd, follows, last = null } = await store.recentTurns(knownPauses, today);
        this.usualUsd = medianOf(usd);
        this.todayUsd = todayUsd;
        const histogram = pauseHistogramOf(pauses, lastSteps);
        const open = last === null ? null : { ms: clock.now() - last.at, first: last.first };
        return follows === undefined ? histogram : { ...histogram, next: nextTurnsOf(follows, open) };
      },
      pauseHistogramOf([]),
      (error) => log.error('the pauses between turns could not be read', error),
      waitMs,
    );
  }
}
