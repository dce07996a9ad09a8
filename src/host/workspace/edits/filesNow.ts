/** How files are now, on the disk and in an editor: what an edit that was cut off has come to is told by that. */
import { createHash } from 'node:crypto';
import type { FilesNow } from '../../../core/record/pendingEdits';
import type { Locator } from '../ignore/locate';
import { documentAt, type Ground } from './content';
import { bytesOfText, encodingOfOpen } from './fileText';
import { type Place, placeOfUri } from './places';
import { maxKeptBytes } from './writing';

/** Through the doors of the disks, as everything that reads: one that hangs is given up. `look`: one at the workspace. */
export function filesNowOf({ facts, edits, files }: Ground, look: () => Locator): FilesNow {
  const { signal } = new AbortController();
  const bytesAt = async (place: Place): Promise<Uint8Array | null> =>
    place.isThere ? await files.read(place, maxKeptBytes, signal) : null;
  return {
    bytesOf: async (uri) => await bytesAt(await placeOfUri(look(), uri)),
    digestsOf: async (uri) => {
      const place = await placeOfUri(look(), uri);
      const bytes = await bytesAt(place);
      const document = await documentAt(edits, place, facts);
      const saved = bytes === null ? null : digestOf(bytes);
      if (document?.dirty !== true) return [saved];
      const encodings = { decoder: facts.decoder, edits };
      const encoding = await encodingOfOpen({ ...place, bytes }, document.encoding, encodings);
      return [saved, digestOf(await bytesOfText(document.text(), encoding, place, encodings))];
    },
  };
}

function digestOf(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
