/** A short run of the machine "Odd servers"; `npm run fuzz -- servers` runs any number. */
import assert from 'node:assert/strict';
import { runMachine, whatHappened } from '../../fuzz/machine';
import { serversMachine } from '../../fuzz/servers';
import { cases } from '../../short';

describe('Odd servers', () => {
  it('their first answers leave nothing thrown, stuck, hidden or unsendable', async function () {
    this.timeout(60_000);
    const wanted = cases(200, 100);
    const limits = { from: 1, cases: wanted, until: Number.POSITIVE_INFINITY, enough: 3 };
    const { cases: ran, failures } = await runMachine(serversMachine, limits);
    for (const { seed, error } of failures) throw new Error(`seed ${seed}: ${whatHappened(error)}`);
    assert.equal(ran, wanted);
  });
});
