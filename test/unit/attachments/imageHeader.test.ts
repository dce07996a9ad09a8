import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readImage } from '../../../src/shared/images/imageHeader';
import { attachedSize, imageCost, imageTier, tierSize } from '../../../src/shared/images/imageSize';
import { gifFile, jpegFile, pngFile, webpFile } from './files';

const whole = {
  'image/png': pngFile(30, 20),
  'image/jpeg': jpegFile(30, 20),
  'image/gif': gifFile(30, 20),
  'image/webp': webpFile(30, 20),
} as const;

describe('An image’s bytes', () => {
  for (const [type, bytes] of Object.entries(whole)) {
    it(`tell the kind and the size of a ${type}`, () => {
      assert.deepEqual(readImage(bytes), { kind: 'image', type, width: 30, height: 20 });
    });

    it(`tell of a ${type} that is cut off anywhere (L5)`, () => {
      for (let length = 12; length < bytes.length - 1; length += 1) {
        const reading = readImage(bytes.subarray(0, length));
        assert.equal(reading.kind, 'damaged', `${length} of ${bytes.length} bytes`);
      }
    });
  }

  it('tell of images without a width or a height (L5)', () => {
    for (const bytes of [pngFile(0, 20), jpegFile(0, 20), gifFile(30, 0)]) {
      const reading = readImage(bytes);
      assert.equal(reading.kind === 'damaged' && reading.why, 'noSize');
    }
  });

  it('tell of a PNG with one changed byte (L5)', () => {
    for (const at of [20, 45, 60]) {
      const bytes = Buffer.from(whole['image/png']);
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      assert.equal(readImage(bytes).kind, 'damaged', `byte ${at}`);
    }
  });

  it('read the size of an extended and of a lossy WebP', () => {
    const lossy = Buffer.alloc(44);
    lossy.write('RIFF', 0, 'latin1');
    lossy.writeUInt32LE(36, 4);
    lossy.write('WEBPVP8 ', 8, 'latin1');
    lossy.writeUInt32LE(24, 16);
    lossy.set([0x9d, 0x01, 0x2a], 23);
    lossy.writeUInt16LE(640, 26);
    lossy.writeUInt16LE(480, 28);
    assert.deepEqual(readImage(lossy), { kind: 'image', type: 'image/webp', width: 640, height: 480 });
    const extended = Buffer.concat([
      Buffer.from('RIFF\0\0\0\0WEBPVP8X', 'latin1'),
      Buffer.alloc(14),
      lossy.subarray(12),
    ]);
    extended.writeUInt32LE(extended.length - 8, 4);
    extended.writeUInt32LE(10, 16);
    extended.writeUIntLE(799, 24, 3);
    extended.writeUIntLE(599, 27, 3);
    assert.deepEqual(readImage(extended), { kind: 'image', type: 'image/webp', width: 800, height: 600 });
  });

  it('find the size of a JPEG behind segments that look like one', () => {
    const jpeg = jpegFile(640, 480);
    const fill = Buffer.concat([Buffer.from('ffe1000affc0001108ff', 'hex'), Buffer.from('ffff', 'hex')]);
    const bytes = Buffer.concat([jpeg.subarray(0, 20), fill, jpeg.subarray(20)]);
    assert.deepEqual(readImage(bytes), { kind: 'image', type: 'image/jpeg', width: 640, height: 480 });
  });

  it('never make the reader fail, whatever they are', () => {
    const starts = Object.values(whole).map((bytes) => [...bytes]);
    const mangled = fc
      .tuple(fc.constantFrom(...starts), fc.array(fc.tuple(fc.nat(80), fc.nat(255)), { maxLength: 6 }))
      .map(([bytes, changes]) => {
        const copy = Uint8Array.from(bytes);
        for (const [at, value] of changes) if (at < copy.length) copy[at] = value;
        return copy;
      });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), mangled), (bytes) => {
        const reading = readImage(bytes);
        if (reading.kind === 'image') assert.ok(reading.width > 0 && reading.height > 0);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('An image’s size', () => {
  const standard = imageTier(1568);
  const high = imageTier(4784);

  const vectors: readonly (readonly [number, number, 'standard' | 'high', number, number, number])[] = [
    [200, 200, 'standard', 200, 200, 64],
    [1000, 1000, 'standard', 1000, 1000, 1296],
    [1920, 1080, 'standard', 1456, 819, 1560],
    [1920, 1080, 'high', 1920, 1080, 2691],
    [2000, 1500, 'standard', 1270, 952, 1564],
    [2000, 1500, 'high', 2000, 1500, 3888],
    [3840, 2160, 'standard', 1456, 819, 1560],
    [3840, 2160, 'high', 2576, 1449, 4784],
    [1075, 1520, 'standard', 924, 1307, 1551],
  ];
  for (const [width, height, tier, toWidth, toHeight, tokens] of vectors) {
    it(`is scaled as the API scales it: ${width}×${height}, ${tier}`, () => {
      const limits = tier === 'high' ? high : standard;
      assert.deepEqual(tierSize({ width, height }, limits), { width: toWidth, height: toHeight });
      assert.equal(imageCost({ width, height }, limits), tokens);
    });
  }

  it('is at most 2000 pixels a side when it is attached, and never grows (L5)', () => {
    assert.deepEqual(attachedSize({ width: 4000, height: 3000 }, high), { width: 2000, height: 1500 });
    assert.deepEqual(attachedSize({ width: 300, height: 9000 }, high), { width: 67, height: 2000 });
    const size = fc.integer({ min: 1, max: 20_000 });
    fc.assert(
      fc.property(size, size, fc.constantFrom(standard, high), (width, height, tier) => {
        const scaled = attachedSize({ width, height }, tier);
        assert.ok(scaled.width >= 1 && scaled.height >= 1);
        assert.ok(scaled.width <= Math.min(width, 2000) && scaled.height <= Math.min(height, 2000));
        // The API has nothing left to scale.
        assert.deepEqual(tierSize(scaled, tier), scaled);
        const exact = (scaled.width * height) / width;
        const other = (scaled.height * width) / height;
        assert.ok(Math.min(Math.abs(exact - scaled.height), Math.abs(other - scaled.width)) <= 1, 'the shape is kept');
      }),
    );
  });
});
