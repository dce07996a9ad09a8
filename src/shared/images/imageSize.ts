/** How large an image may be and what it costs: the API's own rule (API-FACTS §8.1), on both sides of the panel. */

/** Pixels. */
export interface PixelSize {
  readonly width: number;
  readonly height: number;
}

/** Of one tier of models: what is larger the API scales down before the model sees it. */
export interface ImageTier {
  /** Pixels of the longer side, counted in whole tiles. */
  readonly maxEdge: number;
  readonly maxTokens: number;
}

/**
 * Pixels of a side. Beyond 20 images in one request the API refuses any that is larger, the first one of a long
 * conversation included; so none is ever taken in larger than this (LESSONS L5).
 */
export const maxImageSide = 2000;

/** Bytes of one image: 5 MB of base64, the smallest limit in force anywhere, less a little. */
export const maxImageBytes = 3_700_000;

const tile = 28;

/** The tier that a model's limit of tokens for one image tells. */
export function imageTier(maxTokens: number): ImageTier {
  return { maxTokens, maxEdge: maxTokens > 1568 ? 2576 : 1568 };
}

/** Tokens of an image that needs no scaling. */
function tiles({ width, height }: PixelSize): number {
  return Math.ceil(width / tile) * Math.ceil(height / tile);
}

/** True when the model sees an image of this size as it is. */
function fitsTier(size: PixelSize, { maxEdge, maxTokens }: ImageTier): boolean {
  const edge = Math.ceil(Math.max(size.width, size.height) / tile) * tile;
  return edge <= maxEdge && tiles(size) <= maxTokens;
}

/** The size that the API scales an image of this size to; the same when it fits. */
export function tierSize(size: PixelSize, tier: ImageTier): PixelSize {
  return largest(size, (scaled) => fitsTier(scaled, tier));
}

/** Tokens of an image of any size, as the API counts them. */
export function imageCost(size: PixelSize, tier: ImageTier): number {
  return tiles(tierSize(size, tier));
}

/** The size in which an image is attached: as the model sees it, and no side beyond `maxImageSide`. Never larger. */
export function attachedSize(size: PixelSize, tier: ImageTier): PixelSize {
  return largest(size, (scaled) => Math.max(scaled.width, scaled.height) <= maxImageSide && fitsTier(scaled, tier));
}

/** The same shape with the longest longer side, in whole pixels, that `fits`. */
function largest(size: PixelSize, fits: (scaled: PixelSize) => boolean): PixelSize {
  if (fits(size)) return size;
  const portrait = size.height > size.width;
  const long = Math.max(size.width, size.height);
  const aspect = long / Math.min(size.width, size.height);
  const scaled = (edge: number): PixelSize => {
    const short = Math.max(roundHalfToEven(edge / aspect), 1);
    return portrait ? { width: short, height: edge } : { width: edge, height: short };
  };
  let low = 1;
  let high = long;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(scaled(middle))) low = middle;
    else high = middle - 1;
  }
  return scaled(low);
}

function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
