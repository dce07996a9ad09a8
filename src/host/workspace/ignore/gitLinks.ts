/** The symbolic links that git keeps in a work tree, as its index has them: it is read again when that has changed. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { diskDoor } from '../files/door';
import type { WorkspaceFacts } from '../files/facts';
import type { WorkTree } from './gitPlaces';
import { harmless, runGit } from './runGit';

/** Of all that is tracked its mode and its name, from the top of the work tree. */
const stagedArgs: readonly string[] = [...harmless, 'ls-files', '-z', '--stage', '--full-name', ':/'];
/** The mode of a symbolic link. */
const isLink = (record: Buffer): boolean => record.subarray(0, 7).toString('latin1') === '120000 ';

interface Known {
  readonly stamp: string;
  readonly links: readonly string[];
}

/** By the index that they are from; of each window by itself. */
const known = new WeakMap<WorkspaceFacts, Map<string, Known>>();

/** Where they lie, and how they are named in their work tree; none where git cannot be asked. `place`: whose disk it is. */
export async function askGitLinks(
  facts: WorkspaceFacts,
  { top, index }: WorkTree,
  place: string,
  signal: AbortSignal,
): Promise<readonly { readonly file: string; readonly name: string }[]> {
  const stamp = await stampOf(index, place);
  const git = stamp === null ? null : await facts.git();
  if (stamp === null || git?.kind !== 'found') return [];
  const ofWindow = known.get(facts) ?? new Map<string, Known>();
  known.set(facts, ofWindow);
  const before = ofWindow.get(index);
  const links = before?.stamp === stamp ? before.links : await asked(git.file);
  return links.map((name) => ({ name, file: join(top, name) }));

  async function asked(file: string): Promise<readonly string[]> {
    const { said, ok, cut } = await runGit(file, stagedArgs, top, signal, isLink);
    const records = said.toString('utf8').split('\0').slice(0, -1);
    const names = [...new Set(records.map((record) => record.slice(record.indexOf('\t') + 1)))];
    if (ok && !cut && stamp !== null) ofWindow.set(index, { stamp, links: names });
    return names;
  }
}

/** Of another index it is another one; null where there is none. */
async function stampOf(index: string, place: string): Promise<string | null> {
  return await diskDoor.run(place, async () => {
    try {
      const { mtimeNs, ctimeNs, size, ino } = await stat(index, { bigint: true });
      return [mtimeNs, ctimeNs, size, ino].join(' ');
    } catch {
      return null;
    }
  });
}
