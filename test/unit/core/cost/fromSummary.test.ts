/** When going on from a summary is offered, who writes it, and what both cost. */
import assert from 'node:assert/strict';
import { seenContext } from '../../../../src/core/context/context';
import { type EstimateInput, estimateNext } from '../../../../src/core/cost/estimate';
import { fromSummary, ownWriter, summaryInput, summaryWriter } from '../../../../src/core/cost/fromSummary';
import { type Model, modelOf } from '../../../../src/core/models/models';
import { withShortResults } from '../../../../src/core/prompt/compactPlan';
import type { UserBlock } from '../../../../src/core/record/record';
import { toolDefinitions, tools } from '../../../../src/core/tools/all';
import type { FromSummary } from '../../../../src/shared/nextCost';
import { file, haiku, image, opus, PathMaker, sonnet, text, toolUse } from '../prompt/paths';

const haiku55 = 'claude-haiku-5-5';
const hour = 3_600_000;

describe('Going on from a summary', () => {
  const toolsJson = JSON.stringify(toolDefinitions(tools));
  const context = { project: [], files: [file('a.ts', 'const a = 1;\n'.repeat(60))], selection: null };
  const all = [opus, sonnet, haiku, haiku55].map(modelOf);

  /** A turn of so many tokens, and a short one. */
  function chat(tokens: number, ...more: readonly UserBlock[]): PathMaker {
    const used = { input: 10, cacheRead: 0, cacheWrite5m: tokens - 210, cacheWrite1h: 0, output: 100 };
    const last = { input: 10, cacheRead: tokens - 200, cacheWrite5m: 90, cacheWrite1h: 0, output: 100 };
    return new PathMaker()
      .snapshot(...context.files)
      .user('x'.repeat(tokens * 3), ...more)
      .assistant([text('A.')], { usage: used })
      .end()
      .user('And then?')
      .assistant([text('B.')], { usage: last })
      .end();
  }

  function asked(maker: PathMaker, more: Partial<EstimateInput> = {}, idle = hour): EstimateInput {
    const path = maker.entries;
    const now = (path.at(-1)?.at ?? 0) + idle;
    const model = modelOf(opus);
    return { path, seen: seenContext(path), model, effort: 'high', context, draft: 'Go on', toolsJson, now, ...more };
  }

  const offer = (input: EstimateInput, models: readonly Model[] = all): FromSummary | null =>
    fromSummary(input, estimateNext(input), models);

  it('has the price of both, the summary and the message behind it, and names who writes it', () => {
    const input = asked(chat(150_000));
    const next = estimateNext(input);
    assert.ok(next.askUsd !== null && Math.abs(next.askUsd - 0.94) < 0.05, String(next.askUsd));
    const offered = offer(input);
    assert.deepEqual([offered?.byPrice, offered?.isFull, offered?.modelName], [true, false, 'Haiku 5.5']);
    const bare = summaryInput(input);
    const request = estimateNext(bare);
    const writer = summaryWriter(bare, request, all);
    // 150,000 tokens at the price of a long prompt, and the summary.
    assert.ok(writer.usd !== null && Math.abs(writer.usd - 0.085) < 0.01, String(writer.usd));
    const usd = offered?.usd ?? 0;
    assert.ok(usd > writer.usd + 0.02 && usd < writer.usd + 0.09 + (next.answerUsd ?? 0), String(usd));
    const dearer = (ownWriter(input, request).usd ?? 0) - writer.usd;
    assert.ok(dearer > 0.75 && Math.abs((offered?.ownUsd ?? 0) - usd - dearer) < 1e-9, String(offered?.ownUsd));
  });

  it('is written by whom it would be without what is typed and attached: that is in no request for it', () => {
    const big = 'y'.repeat(600_000);
    const offered = offer(asked(chat(150_000), { draft: big }));
    assert.equal(offered?.modelName ?? 'Haiku 5.5', 'Haiku 5.5');
    const warm = summaryInput(asked(chat(150_000), { draft: big }, 1000));
    assert.equal(summaryWriter(warm, estimateNext(warm), all).reads, true);
    const full = fromSummary(
      { ...asked(chat(150_000), { draft: big }, 1000) },
      { ...estimateNext(asked(chat(150_000), { draft: big }, 1000)), windowTokens: 300_000 },
      all,
    );
    assert.equal(full?.modelName, modelOf(opus).name);
  });

  it('is offered where the message is dear and much dearer than from it, and not for what the cache holds', () => {
    assert.equal(offer(asked(chat(150_000), {}, 1000)), null, 'the cache holds it');
    assert.equal(offer(asked(chat(30_000))), null, 'less than a quarter of a dollar');
    assert.equal(offer(asked(chat(150_000)), [modelOf(opus), modelOf(sonnet)]), null, 'not five times as dear');
    const long = new PathMaker()
      .snapshot()
      .user('one')
      .assistant([text('A.')])
      .end();
    const large = { input: 10, cacheRead: 0, cacheWrite5m: 150_000, cacheWrite1h: 0, output: 100 };
    const last = long
      .user('y'.repeat(420_000))
      .assistant([text('B.')], { usage: large })
      .end();
    assert.equal(offer(asked(last)), null, 'the last turn, which stays, is what is long');
    assert.equal(offer(asked(new PathMaker(), { draft: 'z'.repeat(600_000) })), null, 'nothing to sum up');
  });

  it('is offered near the end of the window, whatever it costs', () => {
    const warm = asked(chat(820_000), {}, 1000);
    const offered = offer(warm);
    assert.deepEqual([offered?.isFull, offered?.byPrice, offered?.modelName], [true, false, 'Opus 4.8']);
    const { askUsd } = estimateNext(warm);
    assert.ok(offered?.usd !== null && (offered?.usd ?? 0) > (askUsd ?? 0) + 0.1, 'the summary is a tenth of a dollar');
    const unpriced = asked(chat(170_000), { model: { ...modelOf('someone/else'), window: 200_000 } });
    assert.deepEqual(offer(unpriced), {
      ...{ usd: null, ownUsd: null, modelName: 'someone/else', shortened: 0, byPrice: false, isFull: true },
    });
  });

  it('is written by the cheapest whose window takes it, only of those that the account has, and that take what it holds', () => {
    const writerOf = (input: EstimateInput, models: readonly Model[]): string =>
      summaryWriter(input, estimateNext(input), models).model.id;
    const cold = asked(chat(150_000));
    assert.equal(writerOf(cold, all), haiku55);
    assert.equal(writerOf(cold, []), opus);
    assert.equal(writerOf(cold, [modelOf(opus), modelOf(sonnet), modelOf(haiku)]), haiku);
    assert.equal(
      writerOf(asked(chat(260_000)), [modelOf(opus), modelOf(sonnet), modelOf(haiku)]),
      sonnet,
      'its window',
    );
    assert.equal(writerOf(cold, [modelOf('claude-fable-5')]), opus, 'it is dearer');
    assert.equal(writerOf(cold, [{ ...modelOf(haiku55), prices: null }]), opus, 'without a price');
    for (const what of ['imageInput', 'webSearch', 'webFetch'] as const)
      assert.equal(writerOf(cold, [{ ...modelOf(haiku55), [what]: false }]), opus, what);
    const other = asked(chat(150_000), { model: modelOf('someone/else') });
    assert.equal(writerOf(other, all), 'someone/else', 'what it costs there is not known');
    assert.equal(writerOf(asked(chat(150_000), {}, 1000), all), opus, 'the cache holds it');
  });

  it('has long results of tools before the last turn shortened, the oldest first, where it then has the price of a short prompt', () => {
    const turns = 40;
    const maker = new PathMaker().snapshot(...context.files);
    for (let turn = 0; turn < turns; turn += 1) {
      const size = 5000 + 3000 * turn;
      const used = { input: 10, cacheRead: 0, cacheWrite5m: size, cacheWrite1h: 0, output: 100 };
      maker
        .user(`question ${turn}`)
        .assistant([toolUse(`call${turn}`)], { usage: used })
        .result(`call${turn}`, `first ${turn}\n${'const code = 1;\n'.repeat(540)}last ${turn}`)
        .assistant([text('A.')], { usage: { ...used, cacheWrite5m: size + 2900 } })
        .end();
    }
    const input = summaryInput(asked(maker));
    const next = estimateNext(input);
    assert.ok(next.tokens > 115_000, String(next.tokens));
    const writer = summaryWriter(input, next, all);
    assert.equal(writer.model.id, haiku55);
    assert.ok(writer.shortened > 5 && writer.shortened < turns - 1, String(writer.shortened));
    assert.ok((writer.usd ?? 1) < 0.012, 'a fifth of the price of a long prompt');
    assert.equal(offer(asked(maker))?.shortened, writer.shortened);
    const results = withShortResults(maker.entries, writer.model, writer.shortened).flatMap((entry) =>
      entry.kind === 'toolResult' ? [entry.content] : [],
    );
    for (const [turn, content] of results.entries()) {
      assert.ok(content.startsWith(`first ${turn}\n`) && content.endsWith(`last ${turn}`));
      assert.equal(content.includes('characters are left out here'), turn < writer.shortened, `${turn}`);
    }
    assert.equal(summaryWriter(input, next, [modelOf(haiku)]).shortened, 0, 'where it is no cheaper, nothing is');
  });

  it('shortens results of earlier turns, never those of the last turn', () => {
    const long = 'const code = 1;\n'.repeat(300);
    const asks = (maker: PathMaker, call: string): PathMaker =>
      maker
        .user(call)
        .assistant([toolUse(call)])
        .result(call, long)
        .assistant([text('A.')])
        .end();
    const path = asks(asks(new PathMaker().snapshot(), 'one'), 'two').entries;
    const [first, second] = withShortResults(path, modelOf(haiku), 9).flatMap((entry) =>
      entry.kind === 'toolResult' ? [entry.content] : [],
    );
    assert.ok((first?.length ?? 0) < 2500 && second === long);
    assert.equal(withShortResults(path, modelOf(haiku), 0), path);
  });

  it('reads the cache only where that holds most of it', () => {
    const warm = asked(chat(150_000), {}, 1000);
    assert.equal(ownWriter(warm, estimateNext(warm)).reads, true);
    const cold = asked(chat(150_000, image('pixel')));
    const { reads, usd } = ownWriter(cold, estimateNext(cold));
    assert.equal(reads, false);
    assert.ok(Math.abs((usd ?? 0) - 0.85) < 0.05, 'nothing is written to the cache');
  });
});
