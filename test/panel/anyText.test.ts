import assert from 'node:assert/strict';
import { runMachine } from '../fuzz/machine';
import { textMachine } from '../fuzz/text/machine';
import { cases } from '../short';

const texts = cases(200, 80);

describe('Any text', function () {
  this.timeout(120_000);

  it(`is shown without a throw, within the bounds, and streamed as it is whole, and copied with its code to the letter, and what is meant as it was: ${texts} texts (L62, L65)`, async () => {
    const machine = await textMachine(Math.min(texts, 100));
    const found = await runMachine(machine, { from: 1, cases: texts, until: Number.POSITIVE_INFINITY, enough: 5 });
    assert.deepEqual(found.failures, []);
    assert.equal(found.cases, texts);
  });
});
