/** Files to attach, whole ones of every kind: pixels from nothing but a size. */
import { deflateSync } from 'node:zlib';

/** Node has one of its own from 22 on. */
function crc32(bytes: Buffer): number {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum & 1) === 0 ? sum >>> 1 : (sum >>> 1) ^ 0xedb88320;
  }
  return (sum ^ 0xffffffff) >>> 0;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const head = Buffer.alloc(4);
  head.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([head, body, sum]);
}

/** An RGB picture with a gradient; `noise` makes it hard to compress. `seed` makes one differ from another. */
export function pngFile(width: number, height: number, { noise = false, seed = 0 } = {}): Buffer {
  const row = 1 + width * 3;
  const pixels = Buffer.alloc(row * height);
  let random = seed + 1;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = y * row + 1 + x * 3;
      random = (random * 1103515245 + 12345) & 0x7fffffff;
      pixels[at] = noise ? random >> 16 : (x + seed) & 255;
      pixels[at + 1] = noise ? random >> 8 : y & 255;
      pixels[at + 2] = noise ? random >> 4 : (seed * 40) & 255;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(pixels, { level: noise ? 0 : 6 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A PNG whose structure is whole and whose pixels are not there. */
export function hollowPng(width: number, height: number): Buffer {
  const whole = pngFile(width, height);
  const hollow = chunk('IDAT', Buffer.from('these are no compressed pixels'));
  return Buffer.concat([whole.subarray(0, 33), hollow, chunk('IEND', Buffer.alloc(0))]);
}

/** Whole by its structure; its pixels are nothing. */
export function jpegFile(width: number, height: number): Buffer {
  const frame = Buffer.from('ffc000110800000000030122000211010311', 'hex');
  frame.writeUInt16BE(height, 5);
  frame.writeUInt16BE(width, 7);
  return Buffer.concat([
    Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex'),
    Buffer.concat([frame, Buffer.from('01', 'hex')]),
    Buffer.from('ffda000c03010002110311003f00d2cf20ffd9', 'hex'),
  ]);
}

/** One frame of one pixel on a canvas of this size. */
export function gifFile(width: number, height: number): Buffer {
  const bytes = Buffer.from(
    '47494638396100000000800000ffffff00000021f90401000000002c00000000010001000002024401003b',
    'hex',
  );
  bytes.writeUInt16LE(width, 6);
  bytes.writeUInt16LE(height, 8);
  return bytes;
}

/** A lossless WebP by its header. */
export function webpFile(width: number, height: number): Buffer {
  const bytes = Buffer.alloc(30);
  bytes.write('RIFF', 0, 'latin1');
  bytes.writeUInt32LE(22, 4);
  bytes.write('WEBPVP8L', 8, 'latin1');
  bytes.writeUInt32LE(10, 16);
  bytes[20] = 0x2f;
  bytes.writeUInt32LE(((width - 1) | ((height - 1) << 14)) >>> 0, 21);
  return bytes;
}

export function pdfFile(pages: number, { encrypted = false } = {}): Buffer {
  const kids = Array.from({ length: pages }, (_, index) => `${index + 3} 0 obj << /Type /Page /Parent 2 0 R >> endobj`);
  const head = `%PDF-1.7\n1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj\n2 0 obj << /Type /Pages /Count ${pages} >> endobj`;
  const trailer = `trailer << /Root 1 0 R ${encrypted ? '/Encrypt 9 0 R' : ''} >>`;
  return Buffer.from(`${head}\n${kids.join('\n')}\n${trailer}\nstartxref\n0\n%%EOF\n`);
}
