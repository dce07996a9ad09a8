/**
 * What an image's bytes say of themselves, read without decoding a pixel: both sides of the panel ask, the view before
 * it scales and the host before anything enters the record (LESSONS L5). A file is walked to its end, so that one that
 * was cut off shows.
 */

/** The four kinds that the API takes (API-FACTS §8.1). */
export type ImageType = 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp';

type ImageReading =
  /** Whole, as far as its structure tells. Pixels. */
  | { readonly kind: 'image'; readonly type: ImageType; readonly width: number; readonly height: number }
  /** It begins as an image and is none: cut off, without a size, or with bytes that contradict each other. */
  | { readonly kind: 'damaged'; readonly type: ImageType; readonly why: 'truncated' | 'noSize' | 'damaged' }
  | { readonly kind: 'other' };

const other: ImageReading = { kind: 'other' };

/** Reads bytes of any kind. Never throws; linear in their length. */
export function readImage(bytes: Uint8Array): ImageReading {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    if (isText(bytes, 0, '\u0089PNG\r\n\u001a\n')) return readPng(bytes, view);
    if (isText(bytes, 0, 'GIF87a') || isText(bytes, 0, 'GIF89a')) return readGif(bytes, view);
    if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return readJpeg(bytes, view);
    if (isText(bytes, 0, 'RIFF') && isText(bytes, 8, 'WEBP')) return readWebp(bytes, view);
  } catch (error) {
    // Reading on behind the last byte is how a cut-off file shows.
    if (error instanceof RangeError) return damaged(typeOf(bytes), 'truncated');
    throw error;
  }
  return other;
}

function typeOf(bytes: Uint8Array): ImageType {
  const types: Readonly<Record<number, ImageType>> = { 137: 'image/png', 71: 'image/gif', 82: 'image/webp' };
  return types[bytes[0] ?? 0] ?? 'image/jpeg';
}

function damaged(type: ImageType, why: 'truncated' | 'noSize' | 'damaged'): ImageReading {
  return { kind: 'damaged', type, why };
}

function sized(type: ImageType, width: number, height: number): ImageReading {
  return width > 0 && height > 0 ? { kind: 'image', type, width, height } : damaged(type, 'noSize');
}

function isText(bytes: Uint8Array, at: number, text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    if (bytes[at + index] !== text.charCodeAt(index)) return false;
  }
  return true;
}

/** Walks the chunks from IHDR to IEND and checks each one's sum. */
function readPng(bytes: Uint8Array, view: DataView): ImageReading {
  const type = 'image/png';
  if (bytes.length < 33) return damaged(type, 'truncated');
  if (!isText(bytes, 12, 'IHDR') || view.getUint32(8) !== 13) return damaged(type, 'damaged');
  let data = false;
  for (let at = 8; ; ) {
    const length = view.getUint32(at);
    const end = at + 8 + length;
    const sum = view.getUint32(end);
    if (crc32(bytes, at + 4, end) !== sum) return damaged(type, 'damaged');
    if (isText(bytes, at + 4, 'IDAT')) data = true;
    if (isText(bytes, at + 4, 'IEND')) break;
    at = end + 4;
  }
  return data ? sized(type, view.getUint32(16), view.getUint32(20)) : damaged(type, 'damaged');
}

/** Walks the segments to the frame header (SOF0 to SOF15 without DHT, JPG and DAC), then looks for the end. */
function readJpeg(bytes: Uint8Array, view: DataView): ImageReading {
  const type = 'image/jpeg';
  let frame: ImageReading | null = null;
  for (let at = 2; ; ) {
    if (view.getUint8(at) !== 0xff) return damaged(type, 'damaged');
    const marker = view.getUint8(at + 1);
    // Fill bytes, and markers without a length.
    if (marker === 0xff) at += 1;
    else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) at += 2;
    else if (marker === 0xd9) return damaged(type, frame === null ? 'damaged' : 'truncated');
    else {
      const length = view.getUint16(at + 2);
      if (length < 2) return damaged(type, 'damaged');
      if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) {
        frame = sized(type, view.getUint16(at + 7), view.getUint16(at + 5));
      }
      at += 2 + length;
      if (marker !== 0xda) continue;
      if (frame === null) return damaged(type, 'damaged');
      return hasJpegEnd(bytes, at) ? frame : damaged(type, 'truncated');
    }
  }
}

function hasJpegEnd(bytes: Uint8Array, from: number): boolean {
  for (let at = bytes.indexOf(0xff, from); at !== -1; at = bytes.indexOf(0xff, at + 1)) {
    if (bytes[at + 1] === 0xd9) return true;
  }
  return false;
}

/** Walks the blocks to the end of the first frame: that is the one the API looks at. */
function readGif(bytes: Uint8Array, view: DataView): ImageReading {
  const type = 'image/gif';
  const flags = view.getUint8(10);
  let at = 13 + colourTable(flags);
  for (;;) {
    const block = view.getUint8(at);
    if (block === 0x21) at = afterSubBlocks(view, at + 2);
    else if (block === 0x2c) {
      const table = colourTable(view.getUint8(at + 9));
      const end = afterSubBlocks(view, at + 10 + table + 1);
      return end > bytes.length
        ? damaged(type, 'truncated')
        : sized(type, view.getUint16(6, true), view.getUint16(8, true));
    } else return damaged(type, 'damaged');
  }
}

function colourTable(flags: number): number {
  return (flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1);
}

function afterSubBlocks(view: DataView, from: number): number {
  let at = from;
  for (let length = view.getUint8(at); length !== 0; length = view.getUint8(at)) at += 1 + length;
  return at + 1;
}

/** Walks the chunks of the container to the one with the pixels. */
function readWebp(bytes: Uint8Array, view: DataView): ImageReading {
  const type = 'image/webp';
  if (view.getUint32(4, true) + 8 > bytes.length + 1) return damaged(type, 'truncated');
  let canvas: ImageReading | null = null;
  for (let at = 12; ; ) {
    const length = view.getUint32(at + 4, true);
    const data = at + 8;
    const whole = data + length <= bytes.length;
    if (isText(bytes, at, 'VP8X')) {
      canvas = sized(type, uint24(view, data + 4) + 1, uint24(view, data + 7) + 1);
    } else if (isText(bytes, at, 'VP8 ')) {
      if (!isText(bytes, data + 3, '\u009d\u0001\u002a')) return damaged(type, 'damaged');
      const frame = sized(type, view.getUint16(data + 6, true) & 0x3fff, view.getUint16(data + 8, true) & 0x3fff);
      return whole ? (canvas ?? frame) : damaged(type, 'truncated');
    } else if (isText(bytes, at, 'VP8L')) {
      if (view.getUint8(data) !== 0x2f) return damaged(type, 'damaged');
      const bits = view.getUint32(data + 1, true);
      const frame = sized(type, (bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1);
      return whole ? (canvas ?? frame) : damaged(type, 'truncated');
    } else if (isText(bytes, at, 'ANMF')) {
      if (canvas === null) return damaged(type, 'damaged');
      return whole ? canvas : damaged(type, 'truncated');
    }
    at = data + length + (length % 2);
  }
}

function uint24(view: DataView, at: number): number {
  return view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
}

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = (value & 1) === 0 ? value >>> 1 : (value >>> 1) ^ 0xedb88320;
  return value;
});

/** The sum that PNG keeps of each chunk. */
function crc32(bytes: Uint8Array, from: number, to: number): number {
  let sum = 0xffffffff;
  for (let at = from; at < to; at += 1) sum = (sum >>> 8) ^ (crcTable[(sum ^ (bytes[at] ?? 0)) & 255] ?? 0);
  return (sum ^ 0xffffffff) >>> 0;
}
