import assert from 'node:assert/strict';
import type { EstimateInput } from '../../../../src/core/cost/estimate';
import { estimateNext } from '../../../../src/core/cost/estimate';
import { questionCosts } from '../../../../src/core/cost/questionCosts';
import { modelOf } from '../../../../src/core/models/models';

const [opus, sonnet, haiku, unknown] = ['claude-opus-4-8', 'claude-sonnet-4-6', 'claude-haiku-4-5', 'own-model'].map(
  modelOf,
) as [ReturnType<typeof modelOf>, ReturnType<typeof modelOf>, ReturnType<typeof modelOf>, ReturnType<typeof modelOf>];

describe('What a question like this costs with each model', () => {
  const input = (model = opus): EstimateInput => ({
    path: [],
    seen: null,
    model,
    effort: 'high',
    context: { project: [], files: [], selection: null },
    draft: 'word '.repeat(20_000),
    toolsJson: '[{"name":"read_file"}]',
    now: 0,
    turns: Array.from({ length: 10 }, () => ({ model: opus.id, output: 1000, steps: 2, added: 600 })),
  });
  const costs = (model = opus): Readonly<Record<string, number>> =>
    questionCosts(input(model), estimateNext(input(model)), [opus, sonnet, haiku, unknown]);

  it('is the likely turn of the one that is chosen, and less with a cheaper one', () => {
    const next = estimateNext(input());
    const { [opus.id]: own = 0, [sonnet.id]: middle = 0, [haiku.id]: low = 0 } = costs();
    assert.equal(own, (next.askUsd ?? 0) + (next.answerUsd ?? 0));
    assert.ok(own > middle && middle > low && low > 0, `${own} ${middle} ${low}`);
  });

  it('is the same whichever is chosen while nothing is in a cache, but for what is not scaled', () => {
    const [byOpus, byHaiku] = [costs(opus), costs(haiku)];
    for (const { id } of [opus, sonnet, haiku])
      assert.ok(Math.abs((byOpus[id] ?? 0) / (byHaiku[id] ?? 0) - 1) < 0.03, `${id}: ${byOpus[id]} ${byHaiku[id]}`);
  });

  it('is not said of a model without a price', () => {
    assert.deepEqual(Object.keys(costs()).sort(), [haiku.id, opus.id, sonnet.id].sort());
    assert.deepEqual(questionCosts(input(unknown), estimateNext(input(unknown)), [unknown]), {});
  });
});
