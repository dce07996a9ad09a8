import { plans } from '../../fuzz/history/acts';
import { playSeed } from '../../fuzz/history/machine';
import { cases } from '../../short';

/** `npm run fuzz -- history` plays as many as one likes. */
const histories = cases(120, 60);
const kinds = plans([1, 1, 2], [false, false, true]);

describe('Random histories', () => {
  for (let from = 1; from <= histories; from += 20) {
    it(`keep requests valid, the record whole, and view, host and store of one mind: ${from} and on`, async function () {
      this.timeout(60_000);
      for (let seed = from; seed < from + 20; seed += 1) await playSeed(kinds, seed);
    });
  }
});
