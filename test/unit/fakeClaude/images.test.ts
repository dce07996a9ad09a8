import assert from 'node:assert/strict';
import { imageTokens, scaledSize, sniffImage, sniffPdf } from '../../fakeClaude/images';
import { gif, jpeg, pdf, png, webp } from './media';

describe('Images and PDFs are known by their bytes', () => {
  it('costs what the documented examples cost', () => {
    const size = (width: number, height: number) => ({ width, height });
    assert.equal(imageTokens(size(200, 200), false), 64);
    assert.equal(imageTokens(size(1000, 1000), false), 1296);
    assert.deepEqual(scaledSize(size(1920, 1080), false), size(1456, 819));
    assert.equal(imageTokens(size(1920, 1080), false), 1560);
    assert.equal(imageTokens(size(1920, 1080), true), 2691);
    assert.equal(imageTokens(size(2000, 1500), false), 1564);
    assert.equal(imageTokens(size(2000, 1500), true), 3888);
    assert.equal(imageTokens(size(3840, 2160), false), 1560);
    assert.deepEqual(scaledSize(size(3840, 2160), true), size(2576, 1449));
    assert.equal(imageTokens(size(3840, 2160), true), 4784);
    assert.deepEqual(scaledSize(size(1075, 1520), false), size(924, 1307));
  });

  it('reads type and size of all four formats', () => {
    assert.deepEqual(sniffImage(png(640, 480)), { type: 'image/png', width: 640, height: 480 });
    assert.deepEqual(sniffImage(jpeg(321, 123)), { type: 'image/jpeg', width: 321, height: 123 });
    assert.deepEqual(sniffImage(gif(10, 20)), { type: 'image/gif', width: 10, height: 20 });
    assert.deepEqual(sniffImage(webp(300, 200)), { type: 'image/webp', width: 300, height: 200 });
    assert.equal(sniffImage(Buffer.from('not an image, but long enough to be read as one')), undefined);
  });

  it('counts the pages of a PDF and sees that one is encrypted', () => {
    assert.deepEqual(sniffPdf(pdf(3)), { pages: 3, counted: true, encrypted: false });
    assert.equal(sniffPdf(pdf(1, true))?.encrypted, true);
    assert.equal(sniffPdf(Buffer.from('plain text')), undefined);
  });
});
