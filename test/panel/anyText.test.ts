import assert from 'node:assert/strict';
import { runMachine } from '../fuzz/machine';
import { textMachine } from '../fuzz/text/machine';

const cases = 200;

describe('Any text', function () {
  this.timeout(120_000);

  it(`is shown without a throw, within the bounds, and streamed as it is whole, and copied with its code to the letter: ${cases} texts (L62, L65)`, async () => {
    const machine = await textMachine();
    const found = await runMachine(machine, { from: 1, cases, until: Number.POSITIVE_INFINITY, enough: 5 });
    assert.deepEqual(found.failures, []);
    assert.equal(found.cases, cases);
  });
});
