/** The head of the next request in its price: what others sent of it, and how long it is kept. */
import assert from 'node:assert/strict';
import { seenContext } from '../../../../src/core/context/context';
import type { ContextNow } from '../../../../src/core/context/editorContext';
import { type EstimateInput, estimateNext } from '../../../../src/core/cost/estimate';
import { modelOf } from '../../../../src/core/models/models';
import { measureBlock, tokensOf } from '../../../../src/core/models/tokens';
import { toolDefinitions, tools } from '../../../../src/core/tools/all';
import { file, opus, PathMaker, text } from '../prompt/paths';

describe('The head of the next request', () => {
  const toolsJson = JSON.stringify(toolDefinitions(tools));
  const context: ContextNow = { project: [], files: [file('a.ts', 'const a = 1;\n'.repeat(600))], selection: null };
  const selection = {
    uri: 'file:///work/a.ts',
    path: 'a.ts',
    startLine: 1,
    endLine: 90,
    text: 'const a = 1;\n'.repeat(90),
  };
  const words = Math.round(tokensOf(measureBlock('Why?'), 1));
  const follow = { soonSame: 9, soonOther: 0, laterSame: 9, laterOther: 9, none: 0 };
  const pauseHistogram = { short: 9, middle: 0, long: 0, next: { first: follow, later: follow } };
  /** Tools and context are kept an hour, the messages for 5 minutes. */
  const cache = { ttl: 'auto', pauseHistogram } as const;

  function estimate(maker: PathMaker, more: Partial<EstimateInput> = {}): ReturnType<typeof estimateNext> {
    const path = maker.entries;
    const now = (path.at(-1)?.at ?? 0) + 1000;
    const seen = seenContext(path);
    return estimateNext({
      path,
      seen,
      model: modelOf(opus),
      effort: 'high',
      context,
      draft: 'Why?',
      toolsJson,
      now,
      ...more,
    });
  }
  const near = (actual: number | null, expected: number): void =>
    assert.ok(actual !== null && Math.abs(actual - expected) < 1e-5, `${actual} is not ${expected}`);
  /** In US dollars, by the rates of the model. */
  const priced = (read: number, hour: number, minutes: number): number =>
    (read * 0.5 + hour * 10 + minutes * 6.25) / 1e6;

  it('is as large as the API has counted it where others keep it warm: what is new is the words alone', () => {
    const cold = estimate(new PathMaker());
    const asked: number[] = [];
    const shared = (given: readonly string[]) => {
      asked.push(given.length);
      return { texts: given.length, tokens: 9_000 };
    };
    const warm = estimate(new PathMaker(), { shared });
    assert.deepEqual(new Set(asked), new Set([2]));
    assert.ok(Math.abs(cold.tokens - 9_000) > 500, 'it is estimated otherwise');
    assert.deepEqual([warm.cachedTokens, warm.tokens], [9_000, 9_000 + words]);
    near(warm.askUsd, priced(9_000, 0, words));
    // Tools and instructions alone, and not counted yet.
    const part = estimate(new PathMaker(), { shared: () => ({ texts: 1, tokens: null }) });
    assert.equal(part.tokens, cold.tokens);
    assert.ok(part.cachedTokens > 1_024 && part.cachedTokens < part.tokens - 2_000, `${part.cachedTokens}`);
    assert.equal(estimate(new PathMaker(), { shared: () => ({ texts: 0, tokens: null }) }).cachedTokens, 0);
  });

  it('is written for an hour, and neither the words nor the selection behind it', () => {
    const plain = estimate(new PathMaker(), { cache });
    near(plain.askUsd, priced(0, plain.tokens - words, words));
    const selected = estimate(new PathMaker(), { cache, context: { ...context, selection } });
    near(selected.askUsd, priced(0, plain.tokens - words, selected.tokens - plain.tokens + words));
  });

  it('is not what is told of files in a conversation that has it', () => {
    const usage = { input: 20, cacheRead: 0, cacheWrite5m: 9_000, cacheWrite1h: 0, output: 500 };
    const maker = new PathMaker()
      .snapshot(...context.files)
      .user('one')
      .assistant([text('A.')], { usage })
      .end();
    const files = [...context.files, file('b.ts', 'const b = 2;\n'.repeat(300))];
    const { rows, askUsd, cachedTokens } = estimate(maker, { cache, context: { ...context, files } });
    assert.equal(cachedTokens, 9_020);
    assert.ok(rows.written.tokens > 1_500, 'a file that is told whole');
    near(askUsd, priced(9_020, 0, rows.written.tokens));
  });
});
