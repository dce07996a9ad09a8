/** What the cache holds, where breakpoints go and how long they live: against the true ledger, and by hand. */
import assert from 'node:assert/strict';
import type { Request } from '../../../../src/core/api/requestBody';
import { pauseHistogramOf } from '../../../../src/core/base/pauseHistogram';
import { modelOf } from '../../../../src/core/models/models';
import { cacheState, middlePauseProbability, planCache } from '../../../../src/core/prompt/cachePlan';
import { planRequest } from '../../../../src/core/prompt/request';
import type { AssistantEntry } from '../../../../src/core/record/record';
import { toolDefinitions, tools } from '../../../../src/core/tools/all';
import type { TokenUsage } from '../../../../src/shared/tokenUsage';
import { CacheLedger } from '../../../fakeClaude/ledger';
import { inputCost } from '../../../fakeClaude/models';
import type { RequestBody } from '../../../fakeClaude/wire';
import { blobs, file, image, opus, PathMaker, settings, sonnet, text, toolUse } from './paths';

const minute = 60_000;
const unknown = pauseHistogramOf([]);
const model = modelOf(opus);

function usage(more: Partial<TokenUsage>): TokenUsage {
  return { input: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, output: 0, ...more };
}

/** Entries with the time that a test gives them. */
class Timeline extends PathMaker {
  now = 0;

  answered(more: Partial<AssistantEntry>, minutes = this.now): this {
    return this.assistant([text('Because.')], { askedAt: minutes * minute, effort: 'high', ...more });
  }
}

const opened = (): Timeline => new Timeline().snapshot(file('a.ts', 'x')).user('Why?') as Timeline;
const big = usage({ cacheWrite5m: 40_000, output: 500 });

describe('What the cache holds', () => {
  it('is the whole last request for its life, and nothing after it', () => {
    const path = opened().answered({ usage: big, ttl: '5m' }, 10).entries;
    assert.equal(cacheState(path, model, 'high', 14.9 * minute).cachedTokens, 40_000);
    assert.equal(cacheState(path, model, 'high', 14.9 * minute).warmUntil, 15 * minute);
    assert.equal(cacheState(path, model, 'high', 15 * minute).cachedTokens, 0);
    const hour = opened().answered({ usage: big, ttl: '1h' }, 10).entries;
    assert.equal(cacheState(hour, model, 'high', 69 * minute).cachedTokens, 40_000);
    assert.equal(cacheState(hour, model, 'high', 70 * minute).cachedTokens, 0);
  });

  it('is what stands before the long-lived breakpoint when only that lives', () => {
    const path = opened().answered({ usage: big, ttl: '1h' }, 0);
    const [first] = path.entries.slice(-1);
    path.user('And?');
    const anchor = { answer: first?.id ?? '', side: 'before' } as const;
    path.answered({ usage: usage({ cacheRead: 40_000, cacheWrite5m: 2000 }), ttl: '5m', anchor }, 40);
    assert.equal(cacheState(path.entries, model, 'high', 44 * minute).cachedTokens, 42_000);
    assert.equal(cacheState(path.entries, model, 'high', 99 * minute).cachedTokens, 40_000);
    assert.equal(cacheState(path.entries, model, 'high', 100 * minute).cachedTokens, 0);
    const behind = opened().answered({ usage: big, ttl: '5m' }, 0);
    const after = { answer: behind.entries.at(-1)?.id ?? '', side: 'after' } as const;
    behind.user('And?');
    behind.answered({ usage: usage({ cacheRead: 40_000, cacheWrite5m: 2000 }), ttl: '5m', anchor: after }, 4);
    assert.equal(cacheState(behind.entries, model, 'high', 30 * minute).cachedTokens, 40_500);
  });

  it('is not known once something before was left out', () => {
    const path = opened().answered({ usage: big, ttl: '1h' }, 0);
    const target = { what: 'turn', entry: 'e2', index: 0 } as const;
    path.end().add({ kind: 'leaveOut', target, out: true });
    assert.equal(cacheState(path.entries, model, 'high', minute).cachedTokens, 0);
    // Taken back in, it is what was sent.
    path.add({ kind: 'leaveOut', target, out: false });
    assert.equal(cacheState(path.entries, model, 'high', minute).cachedTokens, 40_000);
  });

  it('is nothing for another model or effort, in a new epoch, and below the minimum', () => {
    const path = opened().answered({ usage: big, ttl: '1h' }, 0);
    assert.equal(cacheState(path.entries, modelOf(sonnet), 'high', minute).cachedTokens, 0);
    assert.equal(cacheState(path.entries, model, 'low', minute).cachedTokens, 0);
    const small = opened().answered({ usage: usage({ input: 900 }), ttl: '5m' }, 0).entries;
    assert.equal(cacheState(small, model, 'high', minute).cachedTokens, 0);
    path.snapshot(file('a.ts', 'y')).user('Now?');
    assert.equal(cacheState(path.entries, model, 'high', minute).cachedTokens, 0);
  });
});

describe('The life of cache breakpoints', () => {
  const plan = (
    path: Timeline,
    now: number,
    freshTokens: number,
    pauses: readonly number[] = [],
    ttl = 'auto' as const,
  ) =>
    planCache({
      path: path.entries,
      model,
      effort: 'high',
      ttl,
      pauseHistogram: pauseHistogramOf(pauses),
      now: now * minute,
      freshTokens,
    });

  it('begins with 5 minutes, and with an hour for a user who pauses for long', () => {
    assert.equal(plan(opened(), 0, 20_000).ttl, '5m');
    const week = Array.from({ length: 40 }, (_, index) => (index % 4 === 0 ? 2 : 12) * minute);
    assert.equal(plan(opened(), 0, 20_000, week).ttl, '1h');
    assert.equal(plan(opened(), 0, 20_000, Array(40).fill(2 * minute)).ttl, '5m');
    assert.equal(plan(opened(), 0, 20_000, Array(40).fill(200 * minute)).ttl, '5m', 'an hour would not help');
  });

  it('sets a long-lived breakpoint behind the last answer, and moves it when much stands behind it', () => {
    const path = opened().answered({ usage: big, ttl: '5m' }, 0);
    path.user('And?');
    const first = { answer: 'e3', side: 'after' } as const;
    assert.deepEqual(plan(path, 2, 100), { ttl: '5m', longLived: first });
    path.answered({ usage: usage({ cacheRead: 40_000, cacheWrite5m: 600, output: 500 }), ttl: '5m', anchor: first }, 2);
    path.user('And then?');
    assert.deepEqual(plan(path, 4, 100), { ttl: '5m', longLived: first });
    path.answered({ usage: usage({ cacheRead: 90_000, cacheWrite5m: 600, output: 500 }), ttl: '5m', anchor: first }, 5);
    path.user('Well?');
    assert.deepEqual(plan(path, 6, 100), { ttl: '5m', longLived: { answer: 'e7', side: 'after' } });
  });

  it('keeps a whole request for an hour where a long pause is likely behind it', () => {
    const path = opened().answered({ usage: big, ttl: '5m' }, 0);
    path.user('And?');
    const slow = Array<number>(40).fill(12 * minute);
    assert.equal(plan(path, 2, 3000, slow).ttl, '1h');
    const loop = opened().assistant([toolUse('toolu_1')], { usage: big, ttl: '5m', askedAt: 0, effort: 'high' });
    loop.result('toolu_1');
    const steps = (last: number): string =>
      planCache({
        path: loop.entries,
        model,
        effort: 'high',
        ttl: 'auto',
        pauseHistogram: pauseHistogramOf(
          slow,
          Array.from({ length: 20 }, (_, index) => index < last),
        ),
        now: 1000,
        freshTokens: 3000,
      }).ttl;
    assert.equal(steps(1), '5m', 'most answers to tool results ask for more tools');
    assert.equal(steps(19), '1h', 'they end the turn');
  });

  it('is not bought behind an image before the conversation has shown that images keep the cache', () => {
    const shot = image('pixel');
    const path = opened().answered({ usage: big, ttl: '5m' }, 0);
    path.user('And this?', shot);
    assert.deepEqual(plan(path, 2, 1600), { ttl: '5m', longLived: null, skipMessageBreakpoint: false });
    const kept = { usage: usage({ cacheRead: 40_000, cacheWrite5m: 2100, output: 500 }), ttl: '5m' } as const;
    const lost = { usage: usage({ cacheRead: 3000, cacheWrite5m: 39_000, output: 500 }), ttl: '5m' } as const;
    const next = (more: Partial<AssistantEntry>): Timeline => {
      const again = opened().answered({ usage: big, ttl: '5m' }, 0);
      again.user('And this?', shot);
      again.answered(more, 2);
      again.user('And that?', shot);
      return again;
    };
    assert.equal(plan(next(kept), 3, 1600).skipMessageBreakpoint, undefined, 'they do');
    assert.equal(
      plan(next(lost), 3, 1600).skipMessageBreakpoint,
      true,
      'they do not: what is written would be lost again',
    );
    const words = next(lost);
    words.answered(lost, 3);
    words.user('So?');
    assert.equal(plan(words, 4, 10).skipMessageBreakpoint, undefined);
  });

  it('takes the setting', () => {
    const path = opened().answered({ usage: big, ttl: '5m' }, 0);
    path.user('And?');
    const fixed = (ttl: '5m' | '1h') =>
      planCache({
        path: path.entries,
        model,
        effort: 'high',
        ttl,
        pauseHistogram: unknown,
        now: minute,
        freshTokens: 10,
      }).ttl;
    assert.equal(fixed('5m'), '5m');
    assert.equal(fixed('1h'), '1h');
  });

  it('counts pauses of three kinds', () => {
    const { short, middle, long } = pauseHistogramOf([0, 4 * minute, 5 * minute, 59 * minute, 60 * minute]);
    assert.deepEqual([short, middle, long], [2, 2, 1]);
    assert.ok(middlePauseProbability(pauseHistogramOf(Array(200).fill(10 * minute))) > 0.85);
    assert.ok(middlePauseProbability(pauseHistogramOf(Array(50).fill(minute))) < 0.02);
  });
});

describe('Requests over pauses', () => {
  /** Plays turns through the builder and the ledger; what each cost, and what it wrote. */
  function run(
    pauses: readonly number[],
    ttl: 'auto' | '5m' = 'auto',
    calls = 0,
  ): { usd: number; requests: Request[] } {
    const ledger = new CacheLedger({ profile: 'middle' });
    const path = new PathMaker().snapshot(file('a.ts', 'export const value = compute(1);\n'.repeat(1500)));
    const requests: Request[] = [];
    let now = 0;
    let usd = 0;
    const seen: number[] = [];
    const send = (answer: (more: Partial<AssistantEntry>) => void): void => {
      const {
        request,
        ttl: asked,
        longLived: anchor,
      } = planRequest({
        path: path.entries,
        model,
        settings: { ...settings, cacheTtl: ttl },
        tools: toolDefinitions(tools),
        blobs,
        times: { now, pauseHistogram: pauseHistogramOf(seen) },
      });
      requests.push(request);
      const pass = ledger.play(request as unknown as RequestBody, now);
      usd += inputCost(pass.model, pass.usage);
      const { ephemeral_5m_input_tokens: write5m, ephemeral_1h_input_tokens: write1h } = pass.usage.cache_creation;
      const { input_tokens: input, cache_read_input_tokens: read } = pass.usage;
      const counted = { input, cacheRead: read, cacheWrite5m: write5m, cacheWrite1h: write1h, output: 200 };
      answer({ usage: counted, askedAt: now, ttl: asked, anchor, effort: 'high' });
    };
    for (const [turn, pause] of pauses.entries()) {
      now += pause * minute;
      if (turn > 0) seen.push(pause * minute);
      path.user(`Question ${turn}: why is that so, and what follows from it?`);
      for (let call = 0; call < calls; call += 1) {
        const id = `toolu_${turn}_${call}`;
        send((more) => path.assistant([toolUse(id)], more));
        path.result(id, 'a line that was found\n'.repeat(40));
        now += 3000;
      }
      send((more) => path.assistant([text('Because of the loop. '.repeat(30))], more));
      path.end();
    }
    return { usd, requests };
  }

  const breakpointsIn = (request: Request): number =>
    JSON.stringify([request.system, request.messages]).split('"cache_control"').length - 1;

  it('cost much less with a long-lived breakpoint than with entries of 5 minutes when the user pauses', () => {
    const pauses = [0, 4, 7, 12, 50, 4, 7, 12, 50, 4, 7, 12];
    assert.ok(run(pauses).usd < 0.35 * run(pauses, '5m').usd);
    assert.ok(run(pauses, 'auto', 3).usd < 0.5 * run(pauses, '5m', 3).usd);
  });

  it('cost hardly more when the user never pauses', () => {
    const pauses = Array<number>(20).fill(1);
    assert.ok(run(pauses).usd < 1.03 * run(pauses, '5m').usd);
    assert.ok(run(pauses, 'auto', 3).usd < 1.03 * run(pauses, '5m', 3).usd);
  });

  it('never carry more than four breakpoints, nor an hour behind 5 minutes', () => {
    for (const request of [...run([0, 4, 7, 12, 50, 4, 7], 'auto', 4).requests, ...run([0, 90, 90, 1, 1]).requests]) {
      assert.ok(breakpointsIn(request) <= 4);
      const lives = [...JSON.stringify([request.system, request.messages]).matchAll(/"cache_control":(\{.*?\})/g)].map(
        (match) => (match[1]?.includes('1h') ? '1h' : '5m'),
      );
      assert.ok(!lives.join().includes('5m,1h'), lives.join());
    }
  });
});
