/** The bytes of images and documents, as a request needs them. */
import type { Blobs } from '../../core/prompt/messages';
import type { Entry } from '../../core/record/record';
import type { Store } from '../../core/record/store';
import { readImage } from '../../shared/imageHeader';
import type { ImageData } from '../../shared/protocol';

/** Base64 of every blob that the path names and the store still has. */
export async function loadBlobs(path: readonly Entry[], store: Store): Promise<Blobs> {
  const blobs = new Map<string, string>();
  for (const entry of path) {
    if (entry.kind !== 'user') continue;
    for (const block of entry.content) {
      if (!('blob' in block) || blobs.has(block.blob)) continue;
      const bytes = await store.getBlob(block.blob);
      if (bytes !== null) blobs.set(block.blob, Buffer.from(bytes).toString('base64'));
    }
  }
  return blobs;
}

/** An image that the panel shows; null when it is not stored. Only images are given out: what else is stored the panel has no use for. */
export async function blobForView(id: string, store: Store): Promise<ImageData | null> {
  const bytes = await store.getBlob(id);
  const image = bytes === null ? null : readImage(bytes);
  if (bytes === null || image?.kind !== 'image') return null;
  return { mediaType: image.type, data: Buffer.from(bytes).toString('base64') };
}
