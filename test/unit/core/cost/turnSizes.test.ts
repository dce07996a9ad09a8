/** What a turn costs beyond the input of its first request. */
import assert from 'node:assert/strict';
import type { ContextNow } from '../../../../src/core/context/editorContext';
import { estimateNext, stepsIn } from '../../../../src/core/cost/estimate';
import { type FirstRequest, type TurnSize, turnCost } from '../../../../src/core/cost/turnSizes';
import { modelOf } from '../../../../src/core/models/models';
import { haiku, opus } from '../prompt/paths';

const turn = (more: Partial<TurnSize> = {}): TurnSize => ({ model: opus, output: 400, steps: 0, added: 0, ...more });
const first = (more: Partial<FirstRequest> = {}): FirstRequest => ({
  ...{ tokens: 20_000, held: 20_000, minCacheable: 1024, hasTools: true, hasSearch: false, scaleOf: () => 1 },
  ...more,
});
const near = (usd: number | null, expected: number): void =>
  assert.ok(Math.abs((usd ?? 0) - expected) < 1e-12, `${usd} for ${expected}`);

describe('The steps of a turn', () => {
  const { prices } = modelOf(opus);

  it('of which the first was not kept: the next one writes it, and those behind it read it', () => {
    const { stepsUsd, stepsTokens } = turnCost(turn({ steps: 5, added: 1_000 }), first({ held: 0 }), prices);
    near(stepsUsd, (20_200 * 6.25 + (4 * 20_000 + 200 + 400 + 600 + 800) * 0.5 + 800 * 6.25) / 1e6);
    assert.equal(stepsTokens, 5 * 20_000 + 3_000);
    const head = turnCost(turn({ steps: 1, added: 1_000 }), first({ held: 8_000 }), prices);
    near(head.stepsUsd, (8_000 * 0.5 + 13_000 * 6.25) / 1e6);
  });

  it('are kept from the one on that is long enough for the cache', () => {
    const short = first({ tokens: 900, held: 0 });
    near(turnCost(turn({ steps: 2, added: 200 }), short, prices).stepsUsd, (1_000 * 5 + 1_100 * 6.25) / 1e6);
  });

  it('have the rates of their own size, and the answer those of the last', () => {
    const { prices: tiers } = modelOf('claude-haiku-5-5');
    const { stepsUsd, outputUsd } = turnCost(
      turn({ steps: 2, added: 4_000 }),
      first({ tokens: 97_000, held: 97_000 }),
      tiers,
    );
    near(stepsUsd, (97_000 * 0.01 + 2_000 * 0.125 + 99_000 * 0.05 + 2_000 * 0.625) / 1e6);
    near(outputUsd, (400 * 2.5) / 1e6);
  });

  it('are as many as there were, however large a number is read', () => {
    const { stepsUsd } = turnCost(turn({ steps: 1e12 }), first(), prices);
    near((stepsUsd ?? 0) / 1e12, (20_000 * 0.5) / 1e6);
  });

  it('count searches where the web can be searched, and have a row for them', () => {
    const searched = turn({ searches: 2 });
    assert.equal(turnCost(searched, first(), prices).stepsUsd, 0);
    assert.equal(turnCost(searched, first({ hasSearch: true }), prices).stepsUsd, 0.02);
    const context: ContextNow = { project: [], files: [], selection: null };
    const toolsJson = '[{"type":"web_search_20250305","name":"web_search","max_uses":5}]';
    const input = {
      path: [],
      seen: null,
      model: modelOf(opus),
      effort: 'high',
      context,
      draft: 'Why?',
      now: 0,
    } as const;
    const turns = Array<TurnSize>(5).fill(searched);
    const next = estimateNext({ ...input, toolsJson, turns });
    assert.deepEqual(next.rows.steps, { tokens: 0, usd: 0.02 });
    assert.equal(next.answerUsd, (next.rows.output.usd ?? 0) + 0.02);
    assert.equal(estimateNext({ ...input, toolsJson: '[{"name":"read_file"}]', turns }).rows.steps, null);
    assert.deepEqual(stepsIn('[]'), { hasTools: false, hasSearch: false });
    assert.equal(turnCost(turn({ model: haiku, output: 100 }), first({ scaleOf: () => 2 }), prices).output, 200);
  });
});
