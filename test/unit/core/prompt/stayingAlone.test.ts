/** What of a request is written, and for how long, by what will read it: in this conversation or in another one. */
import assert from 'node:assert/strict';
import { type Follow, nextTurnsOf, pauseHistogramOf } from '../../../../src/core/base/pauseHistogram';
import { modelOf } from '../../../../src/core/models/models';
import { type CachePlan, planCache } from '../../../../src/core/prompt/cachePlan';
import type { Entry } from '../../../../src/core/record/record';

const minute = 60_000;
const day = 24 * 60 * minute;
const words: Entry = { kind: 'user', id: 'q', parent: null, at: 0, content: [], model: 'claude-opus-4-8' } as never;

/** The plan of a conversation's first question after turns that were followed so. */
function first(follows: readonly Follow[], openMs: number | null = null): CachePlan {
  const next = nextTurnsOf(follows, openMs === null ? null : { ms: openMs, first: true });
  return planCache({
    path: [words],
    model: modelOf('claude-opus-4-8'),
    effort: 'high',
    ttl: 'auto',
    pauseHistogram: { ...pauseHistogramOf([]), next },
    now: 0,
    freshTokens: 9000,
  });
}
const follow = (ms: number, same: boolean): Follow => ({ ms, same, first: true });
const times = (count: number, one: Follow): readonly Follow[] => Array(count).fill(one);

describe('What a later question writes to the cache', () => {
  it('is all of it where the conversation is gone on with soon, though another one is asked in between each time', () => {
    const others = times(40, { ms: 2 * minute, same: false, first: false });
    const asked = (at: number): Entry => ({ ...(words as object), id: `q${at}`, at }) as never;
    const answered = {
      kind: 'assistant',
      id: 'a',
      at: minute,
      usage: {},
      content: [],
      durations: [],
    } as never as Entry;
    const later = (at: number): CachePlan =>
      planCache({
        path: [asked(0), answered, asked(at)],
        model: modelOf('claude-opus-4-8'),
        effort: 'high',
        ttl: 'auto',
        pauseHistogram: { ...pauseHistogramOf([]), next: nextTurnsOf(others, null) },
        now: at,
        freshTokens: 9000,
      });
    assert.equal(later(5 * minute).skipMessageBreakpoint, undefined);
    assert.equal(later(day).skipMessageBreakpoint, true);
  });
});

describe('What a first question writes to the cache', () => {
  it('is all of it before anything is known, for 5 minutes', () => {
    const { skipMessageBreakpoint, system, ttl } = first([]);
    assert.deepEqual([skipMessageBreakpoint, system, ttl], [undefined, undefined, '5m']);
  });

  it('is nothing for who asks one question a day, from the second on', () => {
    for (const plan of [first([], day), first(times(5, follow(day, false)), day)]) {
      assert.deepEqual([plan.skipMessageBreakpoint, plan.system], [true, null]);
    }
  });

  it('is what conversations share where others follow soon, and nothing that only it could read', () => {
    const plan = first(times(8, follow(minute, false)));
    assert.deepEqual([plan.skipMessageBreakpoint, plan.system], [true, '5m']);
  });

  it('is not learnt from what came before that which it follows, as where the clock was set back', () => {
    assert.deepEqual(first(times(8, follow(-minute, true)), day), first([], day));
    assert.notDeepEqual(first(times(8, follow(minute, true)), day), first([], day));
  });

  it('lives an hour at its head where conversations follow each other after a while', () => {
    const plan = first([...times(6, follow(minute, true)), ...times(4, follow(20 * minute, false))]);
    assert.deepEqual([plan.skipMessageBreakpoint, plan.system, plan.ttl], [undefined, '1h', '5m']);
    assert.equal(first([...times(6, follow(minute, true)), ...times(6, follow(day, false))]).system, undefined);
  });

  it('lives an hour at its head from the first one on that comes after a while: the pause that it ends is one', () => {
    assert.equal(first([], 2 * minute).system, undefined);
    assert.equal(first([], 20 * minute).system, '1h');
    assert.equal(first(times(40, follow(minute, true)), 20 * minute).system, '1h');
  });
});
