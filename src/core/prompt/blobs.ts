/** The bytes of images and documents, as a request needs them. */
import type { Entry } from '../record/record';
import type { Store } from '../record/store';

/** Base64 of the blobs that the path's images and documents name. A missing one is sent as a note in words. */
export type Blobs = ReadonlyMap<string, string>;

/** With those that entries of the path name, as far as the store still has them; the same map where none is new. */
export async function withBlobsOf(path: readonly Entry[], known: Blobs, store: Pick<Store, 'getBlob'>): Promise<Blobs> {
  const added = new Map<string, string>();
  for (const blob of path.flatMap(blobsOf)) {
    if (known.has(blob) || added.has(blob)) continue;
    const bytes = await store.getBlob(blob);
    if (bytes !== null) added.set(blob, Buffer.from(bytes).toString('base64'));
  }
  return added.size === 0 ? known : new Map([...known, ...added]);
}

function blobsOf(entry: Entry): readonly string[] {
  if (entry.kind === 'toolResult') return (entry.media ?? []).map(({ blob }) => blob);
  return entry.kind === 'user' ? entry.content.flatMap((block) => ('blob' in block ? [block.blob] : [])) : [];
}
