/** Where a question of a command goes, and when it waits for a click. */
import assert from 'node:assert/strict';
import { needsClick, questionPlace } from '../../../../src/core/cost/questionPlace';

describe('A question of a command', () => {
  for (const [open, fresh, place] of [
    [0.049, 0.001, 'current'],
    [0.05, 0.001, 'new'],
    [0.05, 0.0166, 'new'],
    [0.05, 0.0167, 'current'],
    [0.94, 0.32, 'current'],
    [0.94, 0.31, 'new'],
    [0.94, 0, 'new'],
    [0.2, 0.9, 'current'],
    [null, 0.01, 'current'],
    [0.94, null, 'current'],
    [null, null, 'current'],
  ] as const) {
    it(`goes to the ${place} chat at ${open} here and ${fresh} in a new one`, () => {
      assert.equal(questionPlace({ open, fresh }), place);
    });
  }

  for (const [usd, waits] of [
    [0, false],
    [0.25, false],
    [0.2501, true],
    [null, false],
  ] as const) {
    it(`${waits ? 'waits for a click' : 'goes at once'} at an input of ${usd}`, () => {
      assert.equal(needsClick(usd), waits);
    });
  }

  it('goes for about what a click was told', () => {
    assert.deepEqual([needsClick(0.9401, 0.94), needsClick(1.04, 0.94)], [false, true]);
  });
});
