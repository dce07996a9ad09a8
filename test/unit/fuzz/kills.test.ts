/** A short run of the machine "Kills"; `npm run fuzz -- kills` runs any number. */
import { killsMachine, rounds } from '../../fuzz/kills';
import { cases } from '../../short';
import { bundle } from '../store/kit';

describe('A process that is killed in the middle of an answer', () => {
  before(async function () {
    this.timeout(60_000);
    await bundle();
  });

  for (let seed = 1; seed <= cases(10, 5); seed += 1) {
    it(`loses nothing that was stored, and the next goes on: case ${seed}, ${rounds} kills (L3)`, async function () {
      this.timeout(20_000);
      await killsMachine.run(seed);
    });
  }
});
