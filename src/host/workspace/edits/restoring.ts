/** The Restoring port: bytes go back to where they were, whatever editors have the file. */
import type { FileNow, Restoring } from '../../../core/tools/edits/restoring';
import { ToolError } from '../../../core/tools/workspace';
import type { Locator } from '../ignore/locate';
import { concernsOf, mayBeTold } from './concerns';
import { assertPlain, documentAt, type Ground, untilShown } from './content';
import type { EditorDocument } from './facts';
import { bytesOfText, encodingOfOpen, textOfBytes, textOfFile } from './fileText';
import { textChanges } from './newTexts';
import { type Place, placeOfUri } from './places';
import { isThere, maxKeptBytes } from './writing';

/** Each is one look at the workspace; the caller sees to it that one is at work at a time. */
export function createRestoring(ground: Ground, look: () => Locator): Restoring {
  const { facts, edits, files } = ground;
  const { signal } = new AbortController();
  const encodings = { decoder: facts.decoder, edits };

  const state = async (
    uri: string,
  ): Promise<FileNow & { readonly place: Place; readonly document: EditorDocument | null }> => {
    const place = await placeOfUri(look(), uri);
    assertPlain(ground, place);
    const document = await documentAt(edits, place, facts);
    const bytes = place.isThere ? await files.read(place, maxKeptBytes, signal) : null;
    if (document?.dirty === true) {
      const encoding = await encodingOfOpen({ ...place, bytes }, document.encoding, encodings);
      return { place, document, bytes: await bytesOfText(document.text(), encoding, place, encodings), unsaved: true };
    }
    return { place, document, bytes, unsaved: false };
  };

  return {
    now: async (uri) => {
      const { bytes, unsaved } = await state(uri);
      return { bytes, unsaved };
    },
    put: async (uri, expected, bytes) => {
      const { place, document, ...now } = await state(uri);
      if (!isSame(now, expected)) return false;
      if (isSame(now, { bytes, unsaved: now.unsaved })) return true;
      if (now.unsaved && document !== null) {
        if (bytes === null)
          throw new ToolError(`${place.path} has unsaved changes in its editor, so it is not deleted.`);
        const saved = place.isThere ? await files.read(place, maxKeptBytes, signal) : null;
        const encoding = await encodingOfOpen({ ...place, bytes: saved }, document.encoding, encodings);
        const text = await textOfBytes(bytes, encoding, place.uri, encodings);
        if (text === null) {
          throw new ToolError(
            `${place.path} has unsaved changes in another encoding than it had, so it is not changed.`,
          );
        }
        return await edits.change(document.uri, document.version, textChanges(document.text(), text));
      }
      if (bytes === null) {
        await files.remove(place);
        return true;
      }
      if (now.bytes === null) await files.create(place, bytes);
      else {
        await files.assertWritable(place);
        if (!(await files.replace(place, now.bytes, bytes))) return false;
      }
      if (document !== null) {
        const named = { path: place.path, uri: place.uri, bytes, known: document.encoding };
        const file = await textOfFile(named, encodings).catch(() => null);
        if (file !== null) await untilShown(edits, document.uri, file.text, signal);
      }
      return true;
    },
    mayTell: async (uri, texts) => {
      const locator = look();
      return mayBeTold(await concernsOf(locator, await placeOfUri(locator, uri), texts, signal));
    },
    move: async (from, to) => {
      const source = await state(from);
      if (source.bytes === null) throw new ToolError(`${source.place.path} is gone, so it is not moved.`);
      if (source.unsaved) throw new ToolError(`${source.place.path} has unsaved changes, so it is not moved.`);
      const target = await placeOfUri(look(), to);
      if (target.isThere && target.uri !== source.place.uri) throw isThere(target);
      await files.rename(source.place, target);
    },
  };
}

function isSame(one: FileNow, other: FileNow): boolean {
  if (one.unsaved !== other.unsaved) return false;
  if (one.bytes === null || other.bytes === null) return one.bytes === other.bytes;
  return Buffer.compare(one.bytes, other.bytes) === 0;
}
