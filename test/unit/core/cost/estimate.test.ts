/** What the next request is expected to hold and cost. */
import assert from 'node:assert/strict';
import { seenContext } from '../../../../src/core/context/context';
import type { ContextNow } from '../../../../src/core/context/editorContext';
import { ConversationCost } from '../../../../src/core/cost/conversationCost';
import { type EstimateInput, estimatedTokens, estimateNext } from '../../../../src/core/cost/estimate';
import { priorTurns } from '../../../../src/core/cost/turnPrior';
import type { TurnSize } from '../../../../src/core/cost/turnSizes';
import { modelOf } from '../../../../src/core/models/models';
import { firstFactor, measureBlock, tokensOf } from '../../../../src/core/models/tokens';
import { blockStats } from '../../../../src/core/prompt/blockStats';
import { toolDefinitions, tools } from '../../../../src/core/tools/all';
import type { TokenUsage } from '../../../../src/shared/tokenUsage';
import { CacheLedger } from '../../../fakeClaude/ledger';
import type { RequestBody } from '../../../fakeClaude/wire';
import { file, haiku, opus, PathMaker, requestOf, sonnet, text, toolUse } from '../prompt/paths';

/** Tokens around a block, as they are taken to begin with. */
const frame = tokensOf(measureBlock(''), 1);

describe('The estimate of the next request', () => {
  const toolsJson = JSON.stringify(toolDefinitions(tools));
  const context: ContextNow = { project: [], files: [file('a.ts', 'const a = 1;\n'.repeat(600))], selection: null };
  const snapshot = (): PathMaker => new PathMaker().snapshot(...context.files);
  const used: TokenUsage = { input: 20, cacheRead: 0, cacheWrite5m: 6_000, cacheWrite1h: 0, output: 500 };

  function estimate(maker: PathMaker, more: Partial<EstimateInput> = {}): ReturnType<typeof estimateNext> {
    const now = (maker.entries.at(-1)?.at ?? 0) + 1000;
    const model = modelOf(opus);
    return estimateNext({
      path: maker.entries,
      seen: seenContext(maker.entries),
      model,
      effort: 'high',
      context,
      draft: '',
      toolsJson,
      now,
      ...more,
    });
  }

  it('of a first request holds everything and expects nothing cached', () => {
    const next = estimate(new PathMaker(), { draft: 'x'.repeat(300) });
    assert.equal(next.cachedTokens, 0);
    const less = estimate(new PathMaker(), { draft: '' });
    assert.equal(next.tokens - less.tokens, 100 + frame);
    assert.ok(Math.abs((next.askUsd ?? 0) - (next.tokens * 6.25) / 1e6) < 1e-12);
    assert.equal(next.windowTokens, 1_000_000);
  });

  it('of a first request is near what the API will count, and rather above it', () => {
    const path = new PathMaker().snapshot(...context.files).user('Why?').entries;
    for (const id of [opus, sonnet, haiku]) {
      const body = JSON.parse(JSON.stringify(requestOf(path, id))) as RequestBody;
      const counted = new CacheLedger().countTokens(body);
      const { tokens } = estimate(new PathMaker(), { draft: 'Why?', model: modelOf(id) });
      assert.ok(tokens > counted * 0.75 && tokens < counted * 1.7, `${id}: ${tokens} for ${counted}`);
    }
  });

  it('measures what gateways leave out of an answer as nothing (L38)', () => {
    for (const block of [{ type: 'thinking', thinking: 'Hm.' }, { type: 'thinking' }, { type: 'redacted_thinking' }]) {
      const { guessed } = blockStats({ block: block as never, entry: null }, modelOf(opus));
      assert.ok(Number.isFinite(guessed), block.type);
    }
  });

  it('goes on from what the last request is known to have held', () => {
    const maker = snapshot()
      .user('one')
      .assistant([text('A.')], { usage: used })
      .end();
    const next = estimate(maker, { draft: 'abc' });
    assert.equal(next.tokens, 6_020 + 500 + 1 + frame);
    assert.equal(next.cachedTokens, 6_020);
    assert.ok(Math.abs((next.askUsd ?? 0) - (6_020 * 0.5 + (501 + frame) * 6.25) / 1e6) < 1e-12);
    assert.ok(Math.abs((next.freshUsd ?? 0) - (next.tokens * 6.25) / 1e6) < 1e-12, 'with nothing cached');
    assert.deepEqual(next.rows.cached, { tokens: 6_020, usd: (6_020 * 0.5) / 1e6 });
    assert.deepEqual(next.rows.fresh, { tokens: 0, usd: 0 });
    assert.equal(next.rows.written.tokens, 501 + frame);
  });

  it('counts what came into the record after the last answer whose size is known', () => {
    const long = 'y'.repeat(30_000);
    const maker = snapshot()
      .user('one')
      .assistant([toolUse('x')], { usage: used })
      .result('x', long)
      .end('stopped');
    const before = estimate(maker).tokens;
    assert.equal(before, 6_520 + 10_000 + 2 * frame);
    maker.user('z'.repeat(3_000)).end('stopped');
    assert.equal(estimate(maker).tokens, before + 1_000 + frame);
  });

  it('keeps the whole conversation in it when the model changes, and expects nothing cached then', () => {
    const maker = snapshot()
      .user('one')
      .assistant([text('A.')], { usage: used })
      .end();
    const next = estimate(maker, { model: modelOf(sonnet) });
    // The older tokenizer makes fewer tokens of the same text.
    const share = firstFactor(sonnet);
    assert.ok(next.tokens > 6_520 * share * 0.97 && next.tokens < 6_520, String(next.tokens));
    assert.equal(next.cachedTokens, 0);
    assert.equal(next.cache.kind, 'none');
  });

  it('adds what changed of the context, once', () => {
    const maker = snapshot()
      .user('one')
      .assistant([text('A.')], { usage: used })
      .end();
    const [first = file('a.ts', '')] = context.files;
    const changed = { ...context, files: [{ ...first, text: `${first.text}// end\n` }] };
    const more = estimate(maker, { context: changed }).tokens - estimate(maker).tokens;
    assert.ok(more > 20 && more < 100, `${more}`);
  });

  it('expects a cold cache five minutes after the request began, not after its answer ended', () => {
    const durations = [60_000, null, 120_000];
    const maker = snapshot()
      .user('one')
      .assistant([text('A.')], { usage: used, durations })
      .end();
    const answered = maker.entries.at(-2)?.at ?? 0;
    const cached = (ms: number): number => estimate(maker, { now: answered + ms }).cachedTokens;
    assert.equal(cached(119_000), 6_020);
    assert.equal(cached(121_000), 0);
  });

  it('expects nothing cached below the smallest prefix that the model keeps', () => {
    const small = { ...used, cacheWrite5m: 900 };
    const maker = snapshot()
      .user('one')
      .assistant([text('A.')], { usage: small })
      .end();
    assert.equal(estimate(maker).cachedTokens, 0);
  });

  it('takes the middle of the last turns for the next one, and shows from the tenth to the ninetieth of a hundred', () => {
    const usd = (one: TurnSize): number => (one.output * 25) / 1e6;
    const sizes = [...Array(48).keys()].map(
      (place): TurnSize => ({ model: opus, output: 100 * (place + 1), steps: 0, added: 0 }),
    );
    const turns = sizes.toSorted((a, b) => (a.output % 700) - (b.output % 700));
    const { rows, askUsd, answerUsd, rangeUsd } = estimate(snapshot(), { turns });
    assert.deepEqual([rows.output.tokens, rows.steps], [2_500, null]);
    assert.equal(answerUsd, (2_500 * 25) / 1e6);
    const outside = sizes.filter((one) => (askUsd ?? 0) + usd(one) < (rangeUsd?.low ?? 0) - 1e-9);
    const above = sizes.filter((one) => (askUsd ?? 0) + usd(one) > (rangeUsd?.high ?? 0) + 1e-9);
    assert.deepEqual([outside.length, above.length], [3, 3], 'a tenth at each end, and rather fewer');
    const last = [...Array<TurnSize>(60).fill({ model: opus, output: 9_000, steps: 0, added: 0 }), ...turns];
    assert.ok(estimate(snapshot(), { turns: last }).rows.output.tokens < 3_000, 'only the last fifty count');
  });

  it('has a usual turn until there are five, by effort, never without a step, and never with one where nothing can be called', () => {
    const turns = Array<TurnSize>(4).fill({ model: opus, output: 9_000, steps: 0, added: 0 });
    const next = estimate(snapshot(), { turns });
    const [short, usual, long] = priorTurns(opus, 'high');
    assert.equal(next.rows.output.tokens, usual?.output);
    assert.ok((next.rows.steps?.usd ?? 0) > 0);
    assert.equal(next.answerUsd, (next.rows.output.usd ?? 0) + (next.rows.steps?.usd ?? 0));
    const { low = 0, high = 0 } = next.rangeUsd ?? {};
    assert.equal(low, (next.askUsd ?? 0) + ((short?.output ?? 0) * 25) / 1e6);
    assert.ok(high > (next.askUsd ?? 0) + ((long?.output ?? 0) * 25) / 1e6);
    assert.ok((estimate(snapshot(), { effort: 'max' }).rangeUsd?.high ?? 0) > high * 1.5);
    assert.equal(estimate(snapshot(), { toolsJson: '[]' }).rows.steps, null);
    assert.equal(estimate(snapshot(), { turns: [...turns, ...turns] }).rows.output.tokens, 9_000);
  });

  it('has no price where none is known', () => {
    const next = estimate(snapshot(), { model: modelOf('someone/else') });
    assert.deepEqual([next.askUsd, next.answerUsd, next.rangeUsd, next.freshUsd], [null, null, null, null]);
    assert.ok(next.tokens > 0);
  });

  it('is at the full price, and nothing is kept, while it is too short for the cache', () => {
    const short = { ...context, files: [] };
    const next = estimate(new PathMaker(), { context: short, toolsJson: '[]', draft: 'Hi' });
    assert.ok(next.tokens < 1024, String(next.tokens));
    assert.deepEqual([next.rows.cached.tokens, next.rows.written.tokens], [0, 0]);
    assert.equal(next.rows.fresh.tokens, next.tokens);
    assert.ok(Math.abs((next.askUsd ?? 0) - (next.tokens * 5) / 1e6) < 1e-12);
  });

  it('says until when the cache is warm, and that it has gone cold', () => {
    const maker = snapshot()
      .user('one')
      .assistant([text('A.')], { usage: used })
      .end();
    const asked = maker.entries.at(-2)?.at ?? 0;
    const warm = estimate(maker, { now: asked + 1000 });
    assert.deepEqual(warm.cache, { kind: 'warm', until: asked + 5 * 60_000 });
    const cold = estimate(maker, { now: asked + 5 * 60_000 });
    assert.deepEqual(cold.cache, { kind: 'cold' });
    assert.equal(cold.tokens, warm.tokens);
    assert.ok((cold.askUsd ?? 0) > 6 * (warm.askUsd ?? 0));
    assert.deepEqual(estimate(new PathMaker()).cache, { kind: 'none' });
  });

  it('takes the hour that a request asked for, and the price of the one that the next will ask for', () => {
    const maker = snapshot()
      .user('one')
      .assistant([text('A.')], { usage: used, ttl: '1h' })
      .end();
    const asked = maker.entries.at(-2)?.at ?? 0;
    assert.deepEqual(estimate(maker).cache, { kind: 'warm', until: asked + 60 * 60_000 });
    const pauseHistogram = { short: 0, middle: 0, long: 0 };
    const hour = estimate(maker, { draft: 'abc', cache: { ttl: '1h', pauseHistogram } });
    assert.ok(Math.abs((hour.rows.written.usd ?? 0) - (hour.rows.written.tokens * 10) / 1e6) < 1e-12);
  });

  it('has the price of an hour up to the long-lived breakpoint that the next request sets, and only there', () => {
    const large = { ...used, cacheWrite5m: 60_000 };
    const maker = snapshot()
      .user('one')
      .assistant([text('A.')], { usage: large })
      .end();
    const pauseHistogram = { short: 3, middle: 1, long: 0 };
    const { written } = estimate(maker, { draft: 'abc', cache: { ttl: 'auto', pauseHistogram } }).rows;
    assert.equal(written.tokens, 501 + frame);
    assert.ok(Math.abs((written.usd ?? 0) - (500 * 10 + (1 + frame) * 6.25) / 1e6) < 1e-12);
    const short = estimate(maker, { draft: 'abc', cache: { ttl: '5m', pauseHistogram } }).rows;
    assert.ok(Math.abs((short.written.usd ?? 0) - (written.tokens * 6.25) / 1e6) < 1e-12);
  });

  it('expects messages to be sent anew, and not kept, where each image more was seen to lose them', () => {
    const image = { type: 'image', blob: 'b', mediaType: 'image/png', width: 100, height: 100, name: 'b.png' } as const;
    const maker = snapshot()
      .user('one')
      .assistant([text('A.')], { usage: { ...used, cacheWrite5m: 8_000 } });
    const at = maker.entries.at(-1)?.at ?? 0;
    const path = [
      ...maker.entries,
      { kind: 'user', id: 'u', parent: maker.entries.at(-1)?.id ?? null, at: at + 1, content: [image], model: opus },
      {
        ...maker.entries.at(-1),
        id: 'a',
        parent: 'u',
        at: at + 2,
        usage: { ...used, cacheRead: 3_500, cacheWrite5m: 5_500 },
      },
    ] as typeof maker.entries;
    const cache = { ttl: 'auto', pauseHistogram: { short: 0, middle: 0, long: 0 } } as const;
    const now = at + 1000;
    const { rows } = estimate(maker, { path, seen: seenContext(path), now, attached: [image], cache });
    assert.equal(rows.written.tokens, 0);
    assert.ok(rows.fresh.tokens > 500 && rows.cached.tokens < 9_020);
    assert.ok(Math.abs((rows.fresh.usd ?? 0) - (rows.fresh.tokens * 5) / 1e6) < 1e-12);
    const words = estimate(maker, { path, seen: seenContext(path), now, draft: 'And?', cache }).rows;
    assert.equal(words.cached.tokens, 9_020);
  });

  it('prices the steps of a turn anew: each reads what is sent now, and writes what the one before has added', () => {
    const turns = Array<TurnSize>(5).fill({ model: opus, output: 400, steps: 2, added: 1_000 });
    const { rows, tokens, answerUsd } = estimate(snapshot(), { turns });
    assert.equal(rows.output.tokens, 400);
    assert.equal(rows.steps?.tokens, 2 * tokens + 500 + 1_000);
    const usd = ((2 * tokens + 500) * 0.5 + 1_000 * 6.25 + 400 * 25) / 1e6;
    assert.ok(Math.abs((answerUsd ?? 0) - usd) < 1e-12);
    const short = { toolsJson, context: { ...context, files: [] }, turns };
    const unkept = estimate(new PathMaker(), { ...short, model: { ...modelOf(opus), minCacheable: 99_000 } });
    assert.ok(Math.abs((unkept.rows.steps?.usd ?? 0) - ((unkept.rows.steps?.tokens ?? 0) * 5) / 1e6) < 1e-12);
  });

  it('prices the turns of one model for another: at its rates, in its tokens', () => {
    const turns = Array<TurnSize>(5).fill({ model: sonnet, output: 1_000, steps: 0, added: 0 });
    const factor = (model: string): number => (model === opus ? 1.3 : 1);
    const { rows } = estimate(snapshot(), { turns, factor });
    assert.deepEqual(rows.output, { tokens: 1_300, usd: (1_300 * 25) / 1e6 });
  });

  it('tells what fills the window, in parts that add up', () => {
    const maker = snapshot().user('one', {
      type: 'image',
      blob: 'b1',
      mediaType: 'image/png',
      width: 1000,
      height: 1000,
      name: 'a.png',
    });
    maker.assistant([text('A long answer. '.repeat(100))], { usage: { ...used, cacheWrite5m: 8_000 } }).end();
    const next = estimate(maker, { draft: 'x'.repeat(3_000) });
    const { instructions, tools: offered, files, history, images } = next.parts;
    assert.equal(instructions + offered + files + history + images, next.tokens);
    assert.equal(images, 1_296 + frame);
    assert.ok(files > 2_000 && history > 1_200 && offered > 500 && instructions > 300, JSON.stringify(next.parts));
  });

  it('leaves a refused turn out, as the next request does', () => {
    const maker = snapshot()
      .user('one')
      .assistant([text('A.')], { usage: used })
      .end();
    const before = estimate(maker).tokens;
    maker
      .user('y'.repeat(30_000))
      .assistant([], { usage: { ...used, cacheWrite5m: 16_000 }, stopReason: 'refusal' })
      .end();
    const after = estimate(maker).tokens;
    assert.ok(Math.abs(after - before) < 0.05 * before, `${after} for ${before}`);
  });

  it('goes on from what the API counted, as long as that is of this conversation and this model', () => {
    const draft = 'A draft. '.repeat(50);
    const input = {
      path: [],
      seen: null,
      model: modelOf(opus),
      effort: 'high' as const,
      context,
      draft,
      toolsJson,
      now: 0,
    };
    const counted = { model: opus, head: null, tokens: 9_000, estimated: estimatedTokens(input) };
    const cost = Object.assign(new ConversationCost(), { counted });
    const exact = estimateNext(input, cost);
    assert.deepEqual([exact.tokens, exact.counted.kind], [9_000, 'exact']);
    const typed = estimateNext({ ...input, draft: `${draft}${'x'.repeat(300)}` }, cost);
    assert.deepEqual([typed.tokens, typed.counted.kind], [9_100, 'estimate']);
    assert.notEqual(estimateNext({ ...input, model: modelOf(sonnet) }, cost).tokens, 9_000);
    assert.notEqual(estimateNext(input, Object.assign(cost, { counted: { ...counted, head: 'e1' } })).tokens, 9_000);
  });

  it('expects a fresh snapshot to leave out what is superseded, and to read no more than tools and instructions', () => {
    const [first = file('a.ts', '')] = context.files;
    const maker = snapshot()
      .user('one')
      .assistant([text('A.')], { usage: used })
      .end();
    const rewritten = {
      change: 'rewritten',
      ...first,
      text: first.text.repeat(2),
      linesAdded: 1,
      linesRemoved: 1,
    } as const;
    maker
      .change(rewritten)
      .user('two')
      .assistant([text('B.')], { usage: { ...used, cacheWrite5m: 12_000 } })
      .end();
    const now = { ...context, files: [{ ...first, text: rewritten.text }] };
    const on = estimate(maker, { context: now });
    const anew = estimate(maker, { context: now, freshSnapshot: true });
    assert.ok(anew.tokens < on.tokens - 1_500, `${anew.tokens} and ${on.tokens}`);
    assert.ok(anew.cachedTokens < 4_600 && anew.cachedTokens >= 1_024, String(anew.cachedTokens));
  });

  it('reads tools and files again, and no message, when something is left out', () => {
    const maker = snapshot()
      .user('y'.repeat(9_000))
      .assistant([text('A.')], { usage: { ...used, cacheWrite5m: 9_000 } })
      .end();
    const before = estimate(maker);
    assert.equal(before.cachedTokens, 9_020);
    const turn = maker.entries.find(({ kind }) => kind === 'user');
    assert.ok(turn);
    maker.add({ kind: 'leaveOut', target: { what: 'turn', entry: turn.id, index: 0 }, out: true });
    maker.user('And now?');
    const after = estimate(maker);
    assert.ok(after.cachedTokens > 5_000 && after.cachedTokens < 7_500, String(after.cachedTokens));
    assert.ok(after.tokens < before.tokens - 2_000, `${after.tokens} and ${before.tokens}`);
  });
});
