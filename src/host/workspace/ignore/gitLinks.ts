/** The symbolic links that git keeps in a work tree, as its index has them: it is read again when that has changed. */
import { stat } from 'node:fs/promises';
import { runsCode } from '../../../core/tools/edits/protectedNames';
import { diskDoor } from '../files/door';
import type { WorkspaceFacts } from '../files/facts';
import { joined } from '../files/links';
import type { WorkTree } from './gitPlaces';
import { harmless, runGit } from './runGit';

/** Of all that is tracked its mode and its name, from the top of the work tree. */
const stagedArgs: readonly string[] = [...harmless, 'ls-files', '-z', '--stage', '--full-name', ':/'];
/** Whether it is a symbolic link with a protected name. */
const isProtectedLink = (record: Buffer): boolean =>
  record.subarray(0, 7).toString('latin1') === '120000 ' && runsCode(nameIn(record).toString('utf8'));
/** Between the tab and the NUL; it need not be UTF-8. */
const nameIn = (record: Buffer): Buffer => record.subarray(record.indexOf('\t') + 1, record.indexOf(0));

interface Known {
  readonly stamp: string;
  readonly links: readonly (string | Buffer)[];
}

/** By the index that they are from; of each window by itself. */
const known = new WeakMap<WorkspaceFacts, Map<string, Known>>();

/**
 * Where those with protected names lie; none where there is no git, null where it did not name them all. `place`: whose
 * disk it is.
 */
export async function askGitLinks(
  facts: WorkspaceFacts,
  { top, index }: WorkTree,
  place: string,
  signal: AbortSignal,
): Promise<Known['links'] | null> {
  const stamp = await stampOf(index, place);
  const git = stamp === null ? null : await facts.git();
  if (stamp === null || git?.kind !== 'found') return [];
  const ofWindow = known.get(facts) ?? new Map<string, Known>();
  known.set(facts, ofWindow);
  const before = ofWindow.get(index);
  return before?.stamp === stamp ? before.links : await asked(git.file);

  async function asked(file: string): Promise<Known['links'] | null> {
    const names: Buffer[] = [];
    const { ok, cut } = await runGit(file, stagedArgs, top, signal, (record) => {
      if (isProtectedLink(record)) names.push(Buffer.from(nameIn(record)));
      return false;
    });
    if (!ok || cut || stamp === null) return null;
    const links = names.map((name) => joined(top, name));
    ofWindow.set(index, { stamp, links });
    return links;
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
