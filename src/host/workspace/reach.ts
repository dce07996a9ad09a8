/** What of a call's files and folders is not read without asking, and why: judged as the door judges them when it reads. */

import type { Reached } from '../../core/tools/consent';
import { ToolError } from '../../core/tools/workspace';
import type { Concern } from '../../shared/approval';
import { diskOf, maxVirtualBytes } from './files/disk';
import { type Judging, maxJudgedBytes } from './files/judge';
import { isSecret, type Located, type Locator } from './ignore/locate';
import { documentOf } from './readLines';

/** In the order of the paths; what may be read, or leads nowhere, is left out. */
export async function reachOf(
  locator: Locator,
  judge: Judging,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<readonly Reached[]> {
  const reached = new Map<string, Reached>();
  for (const path of paths) {
    signal.throwIfAborted();
    const one = await placeOf(locator, judge, path, signal);
    if (one !== null && one.why.length > 0) reached.set(one.uri, one);
  }
  return [...reached.values()];
}

async function placeOf(locator: Locator, judge: Judging, path: string, signal: AbortSignal): Promise<Reached | null> {
  try {
    const located = await locator.locateAnywhere(path);
    const kind = await kindOf(locator, located, signal);
    if (kind === null) return null;
    const why = await concernsOf(locator, judge, located, kind, signal);
    return { uri: locator.uriOf(located), path: located.path, why };
  } catch (error) {
    // Reading it says what is wrong.
    if (error instanceof ToolError) return null;
    throw error;
  }
}

/** null for what is neither a plain file nor a folder: that is read by nobody. */
async function kindOf({ facts }: Locator, located: Located, signal: AbortSignal): Promise<'file' | 'directory' | null> {
  if (documentOf(facts, located) !== undefined) return 'file';
  const found = await diskOf(located.root, facts).stat(located.relative, signal);
  return found?.kind === 'file' || found?.kind === 'directory' ? found.kind : null;
}

async function concernsOf(
  locator: Locator,
  judge: Judging,
  located: Located,
  kind: 'file' | 'directory',
  signal: AbortSignal,
): Promise<readonly Concern[]> {
  const outside = located.isOutside === true;
  const ignored = !outside && !(await locator.isVisible(located, kind === 'directory'));
  const named = kind === 'file' && (isSecret(located.requested) || isSecret(located));
  const inside = kind === 'file' ? await contentOf(locator, judge, located, signal) : null;
  const secret = named || inside === 'secret';
  return [
    ...(outside ? (['outside'] as const) : []),
    ...(ignored ? (['ignored'] as const) : []),
    ...(secret ? (['secret'] as const) : []),
    ...(inside === 'unchecked' ? (['unchecked'] as const) : []),
  ];
}

/** What is in a file says more than its name. */
async function contentOf(
  { facts }: Locator,
  judge: Judging,
  located: Located,
  signal: AbortSignal,
): Promise<'secret' | 'unchecked' | null> {
  const document = documentOf(facts, located);
  if (document !== undefined) return (await judge.document(document, signal)) ? 'secret' : null;
  const disk = diskOf(located.root, facts);
  const found = await disk.stat(located.relative, signal);
  if (found?.kind !== 'file') return null;
  if (located.file === null) {
    const bytes = await disk.read(located.relative, maxVirtualBytes, signal);
    return bytes !== null && (await judge.bytes(bytes)) ? 'secret' : null;
  }
  if (found.size > maxJudgedBytes) return 'unchecked';
  return (await judge.file(disk, located.relative, found, signal))?.holdsKey === true ? 'secret' : null;
}
