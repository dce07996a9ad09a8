/** The asking price that the composer shows, against what the fake API bills by token profiles that the client does not know. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type Asked, play } from '../../bench/cost/player';
import { readTrace } from '../../bench/cost/trace';
import { type ProfileName, profiles } from '../../fakeClaude/tokens';
import { repoRoot } from '../../vscode/paths';

const mixture = readTrace(join(repoRoot(), 'test', 'bench', 'traces', 'mixture.json'));
const percent = ({ shown, billedUsd }: Asked): number => 100 * ((shown.askUsd ?? Number.NaN) / billedUsd - 1);

describe('The asking price', () => {
  for (const profile of Object.keys(profiles) as ProfileName[]) {
    it(`is within 2 % of the bill from the third turn on, while the words turn from English to Chinese to code (${profile})`, async () => {
      const { asked } = await play(mixture, { profile, appendedImagesKeepCache: true });
      const later = asked.filter(({ inConversation }) => inConversation >= 2);
      assert.equal(later.length, 13);
      for (const one of later) {
        assert.ok(Math.abs(percent(one)) < 2, `turn ${one.turn + 1} is off by ${percent(one).toFixed(1)} %`);
      }
    });
  }
});
