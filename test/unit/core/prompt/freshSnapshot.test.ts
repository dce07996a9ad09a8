/** When the context is begun anew: by what it costs. */
import assert from 'node:assert/strict';
import { pauseHistogramOf } from '../../../../src/core/base/pauseHistogram';
import { seenContext } from '../../../../src/core/context/context';
import { modelOf } from '../../../../src/core/models/models';
import {
  decideFreshSnapshot,
  type FreshSnapshotCosts,
  freshSnapshotOf,
} from '../../../../src/core/prompt/freshSnapshot';
import type { ContextFile } from '../../../../src/core/record/record';
import { file, opus, PathMaker, text } from './paths';

const minute = 60_000;

describe('Beginning the context anew (L10)', () => {
  const costs: FreshSnapshotCosts = {
    shared: 3000,
    keep: 60_000,
    fresh: 50_000,
    cached: 58_000,
    sharedCached: true,
    read: 0.5,
    write: 6.25,
    expected: 5,
    coldChance: 0.1,
    window: 1_000_000,
  };

  it('waits while the cache is warm and few reads are expected', () => {
    assert.equal(decideFreshSnapshot(costs), null);
  });

  it('is done when the cache has gone cold anyway, and costs less from the first request on', () => {
    const decided = decideFreshSnapshot({ ...costs, cached: 0, sharedCached: false });
    assert.equal(decided?.reason, 'cold');
    assert.equal(decided?.savedTokens, 10_000);
    assert.ok((decided?.usd ?? 1) < 0);
  });

  it('is done when the expected reads of stale bytes cost more than one rewrite', () => {
    assert.equal(decideFreshSnapshot({ ...costs, fresh: 20_000, expected: 10 })?.reason, 'stale');
    assert.equal(decideFreshSnapshot({ ...costs, fresh: 20_000, expected: 1 }), null);
  });

  it('is done when the window fills and there is room to gain', () => {
    const full = { ...costs, keep: 180_000, cached: 178_000, fresh: 160_000, window: 200_000 };
    assert.equal(decideFreshSnapshot(full)?.reason, 'window');
    assert.equal(decideFreshSnapshot({ ...full, fresh: 175_000 }), null);
  });

  it('is not worth a line for a few tokens', () => {
    assert.equal(decideFreshSnapshot({ ...costs, fresh: 59_900, cached: 0 }), null);
  });

  /** Two files are sent, one is closed after the answer. */
  function decide(idle: number, now: readonly ContextFile[]) {
    const a = file('a.ts', 'const a = 1;\n'.repeat(400));
    const b = file('b.ts', 'const b = 2;\n'.repeat(400));
    const path = new PathMaker(0).snapshot(a, b).user('Why?');
    const usage = { input: 0, cacheRead: 0, cacheWrite5m: 6000, cacheWrite1h: 0, output: 100 };
    path.assistant([text('So.')], { usage, askedAt: 0, effort: 'high', ttl: '5m' });
    path.end();
    const seen = seenContext(path.entries);
    assert.ok(seen);
    return freshSnapshotOf({
      path: path.entries,
      seen,
      context: { project: [], files: now, selection: null },
      model: modelOf(opus),
      effort: 'high',
      ttl: 'auto',
      pauseHistogram: pauseHistogramOf([]),
      now: idle * minute,
      toolsJson: '[]',
    });
  }

  it('drops a closed file once the cache is cold, and keeps to the prefix while it is warm', () => {
    const a = file('a.ts', 'const a = 1;\n'.repeat(400));
    assert.equal(decide(1, [a]), null);
    const decided = decide(10, [a]);
    assert.equal(decided?.reason, 'cold');
    assert.ok((decided?.savedTokens ?? 0) > 1000);
    assert.ok((decided?.usd ?? 0) < 0);
  });

  it('has no reason where nothing was superseded', () => {
    const a = file('a.ts', 'const a = 1;\n'.repeat(400));
    const b = file('b.ts', 'const b = 2;\n'.repeat(400));
    assert.equal(decide(10, [a, b]), null);
    assert.equal(decide(10, [a, b, file('c.ts', 'const c = 3;\n')]), null);
  });
});
