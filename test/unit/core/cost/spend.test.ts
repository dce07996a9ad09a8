/** The spend guard: a turn pauses before the request that would cross a limit. */
import assert from 'node:assert/strict';
import type { SpendLimits } from '../../../../src/core/base/settings';
import { pausedAt, raiseAfter, SpendGuard, SpendPauseError } from '../../../../src/core/cost/spend';
import { modelOf } from '../../../../src/core/models/models';
import type { Entry } from '../../../../src/core/record/record';
import type { SpendPause } from '../../../../src/shared/spendPause';
import { opus, PathMaker, text } from '../prompt/paths';
import {
  answer,
  blockFrames,
  checkAfter,
  endFrames,
  failure,
  Played,
  play,
  readFile,
  settle,
  start,
  type TurnOptions,
  tool,
} from '../turn/turnKit';

/** US dollars of one scripted answer of Opus 4.8 (turnKit.ts): its four kinds of input, and its output. */
const perStep = (40 * 5 + 1000 * 0.5 + 60 * 6.25 + 25 * 25) / 1e6;

/** What is kept beside the record. */
class Values {
  usd = 0;
  unpriced = 0;
  readonly asked: number[] = [];
  readonly values = new Map<string, string>();

  async spentSince(at: number): Promise<{ readonly usd: number; readonly unpriced: number }> {
    this.asked.push(at);
    return { usd: this.usd, unpriced: this.unpriced };
  }

  async getValue(key: string): Promise<string | null> {
    return this.values.get(key) ?? null;
  }

  async setValue(key: string, value: string | null): Promise<void> {
    if (value === null) this.values.delete(key);
    else this.values.set(key, value);
  }
}

/** Ten steps with a tool each, and an end. */
function tenSteps(limits: SpendLimits, store = new Values(), more: Partial<TurnOptions> = {}): TurnOptions {
  return {
    replies: [
      ...Array.from({ length: 10 }, (_, n) => answer('tool_use', tool(`toolu_${n}`))),
      answer('end_turn', 'So.'),
    ],
    tools: [readFile],
    spend: (clock) => new SpendGuard({ limits, raisedTo: null, store, clock }),
    ...more,
  };
}

function pauseOf(played: Played): SpendPause {
  assert.equal(played.outcome?.kind, 'spendLimit');
  return played.outcome as SpendPause;
}

describe('The spend guard', () => {
  it('pauses a turn before the request that would cross its limit, never after', async () => {
    const played = await play(tenSteps({ perTurn: 4.2 * perStep, perDay: null }));
    const pause = pauseOf(played);
    assert.ok(Math.abs(pause.spentUsd - 4 * perStep) < 1e-9, `${pause.spentUsd}`);
    assert.ok(pause.nextUsd !== null && pause.nextUsd > 0);
    assert.ok(pause.spentUsd + pause.nextUsd > pause.limitUsd);
    assert.deepEqual([pause.per, pause.limitUsd, pause.steps, pause.unpriced], ['turn', 4.2 * perStep, 4, 0]);
    assert.equal(played.requests.length, 4);
    assert.deepEqual(played.kinds().slice(-3), ['assistant', 'toolResult', 'end'], 'what the tools found is kept');
    checkAfter(played);
  });

  it('lets a turn go on that just fits', async () => {
    const played = await play(tenSteps({ perTurn: 12 * perStep, perDay: null }));
    assert.deepEqual(played.outcome, { kind: 'done' });
    assert.equal(played.requests.length, 11);
  });

  it('sends nothing when the first request alone would cross the limit', async () => {
    const path = new PathMaker().snapshot().user('x'.repeat(300_000)).entries;
    const played = await play(tenSteps({ perTurn: 0.1, perDay: null }, undefined, { path }));
    const pause = pauseOf(played);
    assert.deepEqual([pause.steps, pause.spentUsd, played.requests.length], [0, 0, 0]);
    assert.ok((pause.nextUsd ?? 0) > 0.1);
    checkAfter(played);
  });

  it('is off without limits, and then asks the store for nothing', async () => {
    const store = new Values();
    store.usd = 1000;
    const played = await play(tenSteps({ perTurn: null, perDay: null }, store));
    assert.deepEqual(played.outcome, { kind: 'done' });
    assert.deepEqual(store.asked, []);
  });

  it('counts what was spent today, in other conversations and windows too', async () => {
    const store = new Values();
    store.usd = 4.9999;
    store.unpriced = 2;
    const played = await play(tenSteps({ perTurn: null, perDay: 5 }, store));
    const pause = pauseOf(played);
    assert.deepEqual([pause.per, pause.limitUsd, pause.spentUsd, pause.unpriced], ['day', 5, 4.9999, 2]);
    const midnight = new Date(played.clock.now()).setHours(0, 0, 0, 0);
    assert.deepEqual(store.asked, [midnight]);
    assert.equal(played.requests.length, 0);
  });

  it('looks again before a repeated request: another window may have spent in the meantime', async () => {
    const store = new Values();
    const played = new Played({
      ...tenSteps({ perTurn: null, perDay: 5 }, store),
      replies: [failure(529, 'overloaded_error'), answer('end_turn', 'So.')],
    });
    await settle();
    assert.equal(played.retries.length, 1);
    store.usd = 5;
    await played.clock.advance(2000);
    await played.done;
    assert.equal(pauseOf(played).spentUsd, 5);
    assert.equal(played.requests.length, 1);
    checkAfter(played);
  });

  it('counts the input of attempts that the API had taken and that broke off', async () => {
    const frames = [start, { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }];
    const broken = (): Response =>
      new Response(frames.map((frame) => `event: ${frame.type}\ndata: ${JSON.stringify(frame)}\n\n`).join(''), {
        headers: { 'content-type': 'text/event-stream' },
      });
    const taken = (40 * 5 + 1000 * 0.5 + 60 * 6.25 + 25) / 1e6;
    const run = async (perTurn: number): Promise<Played> => {
      const played = new Played({
        ...tenSteps({ perTurn, perDay: null }),
        path: new PathMaker().snapshot().user('y'.repeat(900)).entries,
        replies: [broken, broken, answer('end_turn', 'So.')],
      });
      for (let round = 0; round < 4; round += 1) {
        await settle();
        await played.clock.advance(20_000);
      }
      await played.done;
      return played;
    };
    const enough = await run(1);
    assert.deepEqual(enough.outcome, { kind: 'done' });
    const first = pauseOf(await run(0.00001)).nextUsd ?? 0;
    const tight = await run(first + 1.5 * taken);
    const pause = pauseOf(tight);
    assert.ok(Math.abs(pause.spentUsd - 2 * taken) < 1e-9, `${pause.spentUsd}`);
    assert.equal(tight.requests.length, 2);
  });

  it('counts an unknown price as nothing, and says how many requests that were', async () => {
    const unknown = await play(tenSteps({ perTurn: 0.000001, perDay: null }, undefined, { model: 'someone/else' }));
    assert.deepEqual(unknown.outcome, { kind: 'done' });
    const path = new PathMaker()
      .snapshot()
      .user('Why?')
      .assistant([{ type: 'tool_use', id: 'toolu_a', name: 'read_file', input: {}, caller: { type: 'direct' } }], {
        usd: null,
        model: 'someone/else',
      })
      .result('toolu_a').entries;
    const mixed = pauseOf(await play(tenSteps({ perTurn: 6 * perStep, perDay: null }, undefined, { path })));
    assert.ok(mixed.steps > 1);
    assert.equal(mixed.unpriced, 1);
  });

  it('counts its own estimate where a server does not say what it used, for the turn and for the day (L39)', async () => {
    const path = new PathMaker().snapshot().user('z'.repeat(30_000)).entries;
    const { usage: _, ...message } = start.message;
    const silent = (n: number) => (): Response => {
      const delta = { stop_reason: 'tool_use', stop_sequence: null };
      const frames = [{ ...start, message }, ...blockFrames(0, tool(`toolu_${n}`)), { type: 'message_delta', delta }];
      const bytes = frames.map((frame) => `event: ${frame.type}\ndata: ${JSON.stringify(frame)}\n\n`).join('');
      return new Response(bytes, { headers: { 'content-type': 'text/event-stream' } });
    };
    const replies = Array.from({ length: 10 }, (_one, n) => silent(n));
    // Each request is some 10,000 tokens of input: five cents at the price of Opus 4.8.
    const turn = pauseOf(await play({ ...tenSteps({ perTurn: 0.22, perDay: null }), path, replies }));
    assert.ok(turn.steps >= 2 && turn.steps <= 4, `${turn.steps}`);
    assert.equal(turn.unpriced, 0, 'all are counted');
    assert.ok(turn.spentUsd > 0.08 && turn.spentUsd <= 0.22, `${turn.spentUsd}`);
    const store = new Values();
    const day = pauseOf(await play({ ...tenSteps({ perTurn: null, perDay: 0.22 }, store), path, replies }));
    assert.ok(day.per === 'day' && day.steps >= 2 && day.steps <= 4, `${day.steps}`);
    assert.match(store.values.get('spend:guessed') ?? '', /"requests":[234]/);
  });

  it('pauses every two million tokens where a model has no price, and goes on with as many again (L39)', async () => {
    const path = new PathMaker().snapshot().user('Why?').entries;
    const usage = { ...start.message.usage, input_tokens: 700_000 };
    const heavy = (n: number) => (): Response => {
      const frames = [{ ...start, message: { ...start.message, usage } }, ...blockFrames(0, tool(`toolu_${n}`))];
      const bytes = [...frames, ...endFrames('tool_use')].map(
        (frame) => `event: ${frame.type}\ndata: ${JSON.stringify(frame)}\n\n`,
      );
      return new Response(bytes.join(''), { headers: { 'content-type': 'text/event-stream' } });
    };
    const replies = [...[0, 1, 2, 3].map(heavy), answer('end_turn', 'So.')];
    const limits = { perTurn: 2, perDay: null };
    const played = await play({ ...tenSteps(limits), path, replies, model: 'someone/else' });
    const pause = pauseOf(played);
    assert.equal(played.requests.length, 2, 'the third would cross it');
    assert.equal(pause.tokens?.limit, 2_000_000);
    const found = pausedAt(played.log.path);
    assert.ok(found !== null);
    const raised = await raiseAfter(found, { limits, store: new Values(), clock: played.clock });
    assert.deepEqual(raised, { tokens: 4_000_000 });
    const off = await play({ ...tenSteps({ perTurn: null, perDay: null }), path, replies, model: 'someone/else' });
    assert.notEqual(off.outcome?.kind, 'spendLimit');
  });

  it('counts half of the request’s bytes where the estimate fails, and lets it go out (L38)', async () => {
    const broken = { ...new PathMaker().snapshot().entries[0], project: null } as unknown as Entry;
    const path = [broken, ...new PathMaker().user('Why?').entries];
    const { model, settings } = { model: modelOf(opus), settings: { effort: 'high' } } as const;
    const check = (json: string): Promise<void> => {
      const limits = { perTurn: 1, perDay: null };
      const guard = new SpendGuard({ limits, raisedTo: null, store: new Values(), clock: { now: () => 0 } });
      return guard.check({ path, model, settings, toolsJson: '[]', json: () => json });
    };
    await check('x'.repeat(390_000));
    await assert.rejects(check('x'.repeat(410_000)), SpendPauseError);
    await assert.rejects(check('é'.repeat(210_000)), SpendPauseError);
  });
});

describe('Going on after a pause', () => {
  const pause: SpendPause = {
    kind: 'spendLimit',
    per: 'turn',
    limitUsd: 2,
    spentUsd: 1.97,
    nextUsd: 0.05,
    steps: 31,
    unpriced: 0,
  };
  const now = new Date(2026, 10, 22, 12).getTime();
  const clock = { now: () => now };

  function ended(outcome: SpendPause): PathMaker {
    const maker = new PathMaker().user('Why?').assistant([text('A.')], { usd: 3.2 });
    maker.add({ kind: 'end', outcome });
    return maker;
  }

  const paused = (outcome: SpendPause) => {
    const found = pausedAt(ended(outcome).entries);
    assert.ok(found);
    return found;
  };
  const raise = (outcome: SpendPause, limits: SpendLimits, store = new Values()) =>
    raiseAfter(paused(outcome), { limits, store, clock });

  it('is there only for a turn that the guard paused and nothing followed', () => {
    const maker = ended(pause);
    assert.deepEqual(pausedAt(maker.entries), { pause, head: 'e2', turnUsd: 3.2 });
    // Keeping it warm meanwhile changes nothing of it.
    const usage = { input: 0, cacheRead: 5000, cacheWrite5m: 0, cacheWrite1h: 0, output: 0 };
    maker.add({ kind: 'warmUp', usage, usd: 0.0025, model: opus, effort: 'high', askedAt: 0, stopped: null });
    assert.equal(pausedAt(maker.entries)?.head, 'e2');
    assert.equal(pausedAt(maker.user('More').entries), null);
    assert.equal(pausedAt(new PathMaker().user('Why?').end().entries), null);
    assert.equal(pausedAt([]), null);
  });

  it('raises the limit by the same amount again, as often as the next request needs', async () => {
    assert.deepEqual(await raise(pause, { perTurn: 2, perDay: null }), { usd: 4 });
    assert.deepEqual(await raise({ ...pause, limitUsd: 4, spentUsd: 3.99 }, { perTurn: 2, perDay: null }), { usd: 6 });
    assert.deepEqual(await raise({ ...pause, nextUsd: 6 }, { perTurn: 2, perDay: null }), { usd: 8 });
    assert.deepEqual(await raise({ ...pause, spentUsd: 2.5, nextUsd: null }, { perTurn: 2, perDay: null }), { usd: 4 });
    assert.equal(await raise(pause, { perTurn: null, perDay: null }), null, 'switched off since');
  });

  it('raises that of the day for today, everywhere, and keeps what the turn was allowed', async () => {
    const store = new Values();
    const day: SpendPause = { ...pause, per: 'day', limitUsd: 5, spentUsd: 4.99 };
    assert.deepEqual(await raise(day, { perTurn: 2, perDay: 5 }, store), { usd: 4 });
    const check = async (at: number, usd: number): Promise<boolean> => {
      store.usd = usd;
      const guard = new SpendGuard({
        limits: { perTurn: null, perDay: 5 },
        raisedTo: null,
        store,
        clock: { now: () => at },
      });
      const path: readonly Entry[] = new PathMaker().user('Why?').entries;
      const { model, settings } = { model: modelOf(opus), settings: { effort: 'high' } } as const;
      return guard.check({ path, model, settings, toolsJson: '[]' }).then(
        () => true,
        () => false,
      );
    };
    assert.equal(await check(now, 7), true, 'ten dollars by now');
    assert.equal(await check(now, 10), false);
    assert.equal(await check(now + 24 * 3_600_000, 7), false, 'tomorrow it is five again');
  });
});
