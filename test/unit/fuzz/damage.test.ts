/** A short run of the machine "Damage"; `npm run fuzz -- damage` runs any number. */
import assert from 'node:assert/strict';
import { damageMachine, harmEach } from '../../fuzz/damage';
import { runMachine, whatHappened } from '../../fuzz/machine';
import { cases } from '../../short';

describe('A damaged database', () => {
  it('shows no message that was not stored, and hides none, in the first of its corruptions', async function () {
    this.timeout(60_000);
    const wanted = cases(100, 50);
    const limits = { from: 1, cases: wanted, until: Number.POSITIVE_INFINITY, enough: 3 };
    const { cases: ran, failures } = await runMachine(damageMachine, limits);
    for (const { seed, error } of failures) throw new Error(`seed ${seed}: ${whatHappened(error)}`);
    assert.equal(ran, wanted);
  });

  it('keeps each conversation, wherever a letter of its name has changed', async function () {
    this.timeout(60_000);
    assert.ok((await harmEach('answered')) > 20);
  });

  it('gives out no picture that is another', async function () {
    this.timeout(60_000);
    assert.ok((await harmEach('\x07'.repeat(3000))) > 0);
  });
});
