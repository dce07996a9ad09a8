/**
 * Makes an image as large as the model sees it and no larger, in the browser that shows the panel (API-FACTS §8.1). An
 * image that fits is left as it is, byte for byte; a larger one keeps its kind, but for animations: what the API would
 * look at of a GIF is its first frame, and that becomes a PNG.
 */
import type { LocalizableMessage } from '../../shared/chat';
import { type ImageType, readImage } from '../../shared/images/imageHeader';
import { attachedSize, type ImageTier, maxImageBytes, type PixelSize } from '../../shared/images/imageSize';

type Fitted =
  | { readonly kind: 'file'; readonly bytes: Uint8Array<ArrayBuffer>; readonly mediaType: string }
  | { readonly kind: 'refused'; readonly reason: LocalizableMessage };

/** Pixels that a browser can be expected to hold at once. */
const maxPixels = 120_000_000;
/** How much smaller each try is that has to save bytes. */
const step = 0.8;
const quality = 0.9;

/**
 * Fits a file. What is no image, and what is damaged as its header shows, goes back as it came: the host has the words
 * for it. What only decoding shows to be damaged is refused here.
 */
export async function fitImage(
  name: string,
  declared: string,
  bytes: Uint8Array<ArrayBuffer>,
  tier: ImageTier,
): Promise<Fitted> {
  const asItIs: Fitted = { kind: 'file', bytes, mediaType: declared };
  const image = readImage(bytes);
  // A file that says it is something else is the host's to refuse, as it is.
  if (image.kind !== 'image' || (declared !== '' && declared !== image.type)) return asItIs;
  if (image.width * image.height > maxPixels) {
    const text = '{0} has {1} × {2} pixels, which is more than can be made smaller here. Make it smaller first.';
    return { kind: 'refused', reason: { text, args: [name, image.width, image.height] } };
  }
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(new Blob([bytes], { type: image.type }));
  } catch {
    const text = '{0} is damaged: it cannot be shown. Save it again.';
    return { kind: 'refused', reason: { text, args: [name] } };
  }
  try {
    const size = attachedSize(bitmap, tier);
    if (size.width === bitmap.width && size.height === bitmap.height && bytes.length <= maxImageBytes) return asItIs;
    return await shrink(bitmap, image.type === 'image/gif' ? 'image/png' : image.type, size);
  } finally {
    bitmap.close();
  }
}

/** A PNG of which no side is longer than this; rejects for what cannot be shown. */
export async function smallOf(image: Blob, side: number): Promise<Blob> {
  const bitmap = await createImageBitmap(image);
  try {
    const scale = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
    const [width, height] = [bitmap.width, bitmap.height].map((one) => Math.max(1, Math.round(one * scale)));
    return await encode(bitmap, 'image/png', width ?? 1, height ?? 1);
  } finally {
    bitmap.close();
  }
}

/** Draws it smaller and smaller until its bytes fit too. */
async function shrink(bitmap: ImageBitmap, type: Exclude<ImageType, 'image/gif'>, size: PixelSize): Promise<Fitted> {
  for (let scale = 1; ; scale *= step) {
    const width = Math.max(1, Math.round(size.width * scale));
    const height = Math.max(1, Math.round(size.height * scale));
    const blob = await encode(bitmap, type, width, height);
    if (blob.size <= maxImageBytes || Math.max(width, height) <= 64) {
      return { kind: 'file', bytes: new Uint8Array(await blob.arrayBuffer()), mediaType: blob.type };
    }
  }
}

async function encode(bitmap: ImageBitmap, type: string, width: number, height: number): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('this browser draws no images');
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, width, height);
  // A browser that cannot write the kind writes PNG, and says so in the blob's type.
  return canvas.convertToBlob({ type, quality });
}

/** As messages carry them. Rejects when the bytes cannot be read. */
export function toBase64(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onerror = () => reject(reader.error ?? new Error('the bytes could not be read'));
    reader.onload = () => {
      const url = String(reader.result);
      resolve(url.slice(url.indexOf(',') + 1));
    };
    reader.readAsDataURL(new Blob([bytes]));
  });
}
