/** A short run of the machine "Edits"; `npm run fuzz -- edits` runs any number. */
import assert from 'node:assert/strict';
import { editsMachine } from '../../fuzz/edits/machine';
import { runMachine, whatHappened } from '../../fuzz/machine';
import { cases } from '../../short';

const all = cases(30, 20);

describe('Random edits of files', () => {
  for (let from = 1; from <= all; from += 10) {
    it(`lose no line of anybody’s, and are undone to the byte: ${from} and on`, async function () {
      this.timeout(120_000);
      const limits = { from, cases: 10, until: Number.POSITIVE_INFINITY, enough: 1 };
      const found = await runMachine(editsMachine, limits);
      for (const { seed, error } of found.failures) throw new Error(`seed ${seed}: ${whatHappened(error)}`);
      assert.equal(found.cases, 10);
    });
  }
});
