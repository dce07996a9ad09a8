/** What ships stays small. */
import assert from 'node:assert/strict';
import { mostBytes, type Sizes, shippedSizes } from '../../bench/light/sizes';

describe('What ships', () => {
  let sizes: Sizes;
  before(async function () {
    // It builds all that ships, beside whatever else the machine does.
    this.timeout(120_000);
    sizes = await shippedSizes();
  });

  const isSmall = (name: keyof Sizes): void =>
    assert.ok(sizes[name] > 0 && sizes[name] <= mostBytes[name], `${sizes[name]} bytes`);

  it('is at most 20 kB as the thin entry (L22)', () => isSmall('thinEntry'));
  it('is at most 900 kB as the host', () => isSmall('host'));
  it('is at most 250 kB as the panel, before its lazy parts', () => isSmall('panel'));
  it('is at most 600 kB as the package', () => isSmall('vsix'));
});
