/** What the bytes of images and PDFs say about themselves, and what images cost (API-FACTS §8.1, §8.2). */

export type ImageType = 'image/jpeg' | 'image/png' | 'image/gif' | 'image/webp';

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface SniffedImage extends Size {
  readonly type: ImageType;
}

/** Reads the true type and pixel size from the bytes; undefined when they are no image of the four types. */
export function sniffImage(bytes: Buffer): SniffedImage | undefined {
  if (bytes.length >= 24 && bytes.readUInt32BE(0) === 0x89504e47 && bytes.toString('latin1', 12, 16) === 'IHDR') {
    return sized('image/png', bytes.readUInt32BE(16), bytes.readUInt32BE(20));
  }
  if (bytes.length >= 10 && /^GIF8[79]a$/.test(bytes.toString('latin1', 0, 6))) {
    return sized('image/gif', bytes.readUInt16LE(6), bytes.readUInt16LE(8));
  }
  if (bytes.length >= 4 && bytes.readUInt16BE(0) === 0xffd8) return sniffJpeg(bytes);
  if (bytes.length >= 30 && bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP') {
    return sniffWebp(bytes);
  }
  return undefined;
}

function sized(type: ImageType, width: number, height: number): SniffedImage | undefined {
  return width > 0 && height > 0 ? { type, width, height } : undefined;
}

/** Walks the JPEG segments to the frame header (SOF0 to SOF15, without DHT, JPG and DAC). */
function sniffJpeg(bytes: Buffer): SniffedImage | undefined {
  let at = 2;
  while (at + 9 < bytes.length) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) {
      return sized('image/jpeg', bytes.readUInt16BE(at + 7), bytes.readUInt16BE(at + 5));
    }
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  return undefined;
}

function sniffWebp(bytes: Buffer): SniffedImage | undefined {
  const chunk = bytes.toString('latin1', 12, 16);
  if (chunk === 'VP8X') return sized('image/webp', bytes.readUIntLE(24, 3) + 1, bytes.readUIntLE(27, 3) + 1);
  if (chunk === 'VP8L') {
    const bits = bytes.readUInt32LE(21);
    return sized('image/webp', (bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1);
  }
  if (chunk === 'VP8 ') return sized('image/webp', bytes.readUInt16LE(26) & 0x3fff, bytes.readUInt16LE(28) & 0x3fff);
  return undefined;
}

const tile = 28;
const tiles = (pixels: number): number => Math.ceil(pixels / tile);
const area = (size: Size): number => tiles(size.width) * tiles(size.height);

function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

/**
 * The size an image is scaled down to before it is seen, in pixels. Standard tier: long edge and tokens at most
 * 1568; high-resolution tier: 2576 px and 4784 tokens (API-FACTS §8.1, the reference rule).
 */
export function scaledSize(size: Size, highRes: boolean): Size {
  const maxEdge = highRes ? 2576 : 1568;
  const maxTokens = highRes ? 4784 : 1568;
  const fits = (s: Size): boolean =>
    tiles(s.width) * tile <= maxEdge && tiles(s.height) * tile <= maxEdge && area(s) <= maxTokens;
  if (fits(size)) return size;
  const portrait = size.height > size.width;
  const long = portrait ? size.height : size.width;
  const aspect = long / (portrait ? size.width : size.height);
  const at = (edge: number): Size => ({ width: edge, height: Math.max(roundHalfToEven(edge / aspect), 1) });
  let low = 1;
  let high = long;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(at(middle))) low = middle;
    else high = middle - 1;
  }
  const scaled = at(low);
  return portrait ? { width: scaled.height, height: scaled.width } : scaled;
}

/** Tokens an image costs: one per started 28 × 28 square after scaling. */
export function imageTokens(size: Size, highRes: boolean): number {
  return area(scaledSize(size, highRes));
}

export interface SniffedPdf {
  /** Pages counted from the page objects or the page tree; 1 when both are hidden in compressed streams. */
  readonly pages: number;
  /** Whether `pages` was read and not assumed. */
  readonly counted: boolean;
  readonly encrypted: boolean;
}

/** Reads what a PDF says of itself without decompressing it; undefined when the bytes are no PDF. */
export function sniffPdf(bytes: Buffer): SniffedPdf | undefined {
  const text = bytes.toString('latin1');
  if (!text.slice(0, 1024).includes('%PDF-')) return undefined;
  const objects = text.match(/\/Type\s*\/Page(?![A-Za-z])/g)?.length ?? 0;
  const counts = [...text.matchAll(/\/Count\s+(\d+)/g)].map((match) => Number(match[1]));
  const pages = objects > 0 ? objects : Math.max(0, ...counts);
  return { pages: Math.max(pages, 1), counted: pages > 0, encrypted: /\/Encrypt\s+\d+\s+\d+\s+R/.test(text) };
}
