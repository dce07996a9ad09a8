/** What the definitions of our own tools add to every request. */
import assert from 'node:assert/strict';
import { estimateTokens } from '../../../src/core/models/tokens';
import { toolDefinitions, tools } from '../../../src/core/tools/all';

/** Tokens of all together, by the estimator. */
const most = 3_500;

describe('The definitions of our own tools', () => {
  it(`weigh at most ${most} tokens together`, () => {
    const weights = toolDefinitions(tools).map((one) => [one.name, estimateTokens(JSON.stringify(one))] as const);
    for (const [name, tokens] of weights) console.log(`      ${name}: ${Math.round(tokens)}`);
    const all = weights.reduce((sum, [, tokens]) => sum + tokens, 0);
    console.log(`      together: ${Math.round(all)}`);
    assert.ok(all <= most, `${Math.round(all)} tokens`);
  });
});
