/** A short run of the machine "Odd servers"; `npm run fuzz -- servers` runs any number. */
import assert from 'node:assert/strict';
import { runMachine, whatHappened } from '../../fuzz/machine';
import { serversMachine } from '../../fuzz/servers';

describe('Odd servers', () => {
  it('200 of their answers leave nothing thrown, stuck, hidden or unsendable', async function () {
    this.timeout(60_000);
    const limits = { from: 1, cases: 200, until: Number.POSITIVE_INFINITY, enough: 3 };
    const { cases, failures } = await runMachine(serversMachine, limits);
    for (const { seed, error } of failures) throw new Error(`seed ${seed}: ${whatHappened(error)}`);
    assert.equal(cases, 200);
  });
});
