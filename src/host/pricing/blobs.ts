/** The bytes of images and documents, as a request needs them. */
import { type Blobs, withBlobsOf } from '../../core/prompt/blobs';
import type { Entry } from '../../core/record/record';
import type { Store } from '../../core/record/store';
import { readImage } from '../../shared/images/imageHeader';
import type { ImageData } from '../../shared/protocol';

/** Base64 of every blob that the path names and the store still has. */
export async function loadBlobs(path: readonly Entry[], store: Store): Promise<Blobs> {
  return await withBlobsOf(path, new Map(), store);
}

/** An image that the panel shows; null when it is not stored. Only images are given out: what else is stored the panel has no use for. */
export async function blobForView(id: string, store: Store): Promise<ImageData | null> {
  const bytes = await store.getBlob(id);
  const image = bytes === null ? null : readImage(bytes);
  if (bytes === null || image?.kind !== 'image') return null;
  return { mediaType: image.type, data: Buffer.from(bytes).toString('base64') };
}
