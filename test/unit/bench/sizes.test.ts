/** What ships stays small. */
import assert from 'node:assert/strict';
import { mostBytes, type Sizes, shippedSizes } from '../../bench/light/sizes';

describe('What ships', () => {
  let sizes: Sizes;
  before(async () => {
    sizes = await shippedSizes();
  });

  for (const [name, most] of Object.entries(mostBytes)) {
    it(`has at most ${most} bytes: ${name} (L22)`, () => {
      const bytes = sizes[name as keyof Sizes];
      assert.ok(bytes > 0 && bytes <= most, `${bytes}`);
    });
  }
});
