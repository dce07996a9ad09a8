/** Versions of a file as they are in the store: what differs between them, and what is told of it. */
import type { ToldEdit } from '../../record/record';
import type { Store } from '../../record/store';
import type { EditVersions } from '../../record/turnEdits';
import { type Carried, carried, withOverlaps, writtenAgain } from './carry';
import { changedCounts, reviewHunks, unifiedDiff } from './hunks';

/** Characters of a diff that the model is told; a longer one is left out. */
const maxPatch = 8000;

/**
 * Over the store, for a conversation. Bytes are taken as characters: line ends are what they are in any encoding that
 * files are edited in, and what comes out is bytes again. Each rejects where a version is not there any more.
 */
export function editVersions(store: Pick<Store, 'fileVersion' | 'putFileVersion'>, conversation: string): EditVersions {
  const text = async (digest: string): Promise<string> => {
    const bytes = await store.fileVersion(digest);
    if (bytes === null) throw new Error(`the version ${digest} of a file is not in the store`);
    return Buffer.from(bytes).toString('latin1');
  };
  const put = (own: string): Promise<string> => store.putFileVersion(conversation, Buffer.from(own, 'latin1'));
  type Digests = readonly [base: string | null, from: string | null, to: string | null];
  const merged = async (
    [base, from, to]: Digests,
    of: (both: Carried, to: string) => string,
  ): Promise<string | null> => {
    if (base === from) return to;
    if (from === to) return base;
    // A file that came or went has no lines in common with what it was.
    if (base === null || from === null || to === null) return base;
    const now = await text(to);
    const own = of(carried(await text(base), await text(from), now), now);
    return await put(own);
  };
  return {
    compare: async (base, current) => {
      if (base === current) return { added: 0, removed: 0, hunks: 0 };
      const [before, after] = [base === null ? '' : await text(base), current === null ? '' : await text(current)];
      const hunks = base === null || current === null ? 1 : reviewHunks(before, after).length;
      return { ...changedCounts(before, after), hunks };
    },
    carried: (...all) => merged(all, ({ base }) => base),
    writtenAgain: async ({ base, current }, before, after) => {
      if (base === null || current === null || before === null || after === null) return null;
      const said = { base: await text(base), current: await text(current) };
      const again = writtenAgain(said, await text(before), await text(after));
      return again === null ? null : { base: await put(again.base), current: await put(again.current) };
    },
    handedOver: (...all) => merged(all, ({ base, overlaps }, to) => withOverlaps(base, to, overlaps)),
  };
}

/** What the user made of a file, as the model is told it. */
export function toldEdit(path: string, before: string, after: string): ToldEdit {
  const patch = unifiedDiff(before, after);
  return { path, patch: patch === null || patch.length > maxPatch ? '' : patch };
}

/** Bytes that were taken as characters, as what they most likely are. */
export function readableText(text: string): string {
  const utf8 = Buffer.from(text, 'latin1').toString('utf8');
  return utf8.includes('\ufffd') ? text : utf8;
}
