/** What of a call's files and folders is not read without asking, and why: judged as the door judges them when it reads. */

import type { Reached } from '../../core/tools/consent';
import { ToolError } from '../../core/tools/workspace';
import type { Concern } from '../../shared/approval';
import { diskOf, maxVirtualBytes } from './files/disk';
import { type Judging, maxJudgedBytes } from './files/judge';
import { isSecret, type Located, type Locator } from './ignore/locate';
import { placeOf as namedBy, placeUri, splitList } from './ignore/patternPlaces';
import { documentOf } from './readLines';
import { cellsHoldKey } from './readWhole';

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

/**
 * The same of a pattern: of the files and folders that its parts name or begin with. A folder stands for all that lies
 * in it. `names`: what is in files is not asked for, only how they are called.
 */
export async function reachOfPattern(
  locator: Locator,
  judge: Judging,
  pattern: string,
  what: 'names' | 'text',
  signal: AbortSignal,
): Promise<readonly Reached[]> {
  const reached = new Map<string, Reached>();
  for (const part of splitList(pattern)) {
    signal.throwIfAborted();
    const place = await namedBy(locator, part, signal);
    if (place === null) continue;
    const { located, kind } = place;
    const isFolder = kind === 'directory';
    const all = await concernsOf(locator, judge, located, kind, signal);
    // That a file of the workspace is ignored is said by its name in any case.
    const why = what === 'names' && !isFolder ? all.filter((one) => one === 'outside') : all;
    if (why.length === 0) continue;
    const uri = placeUri(locator, place);
    reached.set(uri, { uri, path: isFolder ? `${located.path.replace(/[\\/]$/, '')}/**` : located.path, why });
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
  if (await cellsHoldKey(facts, judge, located, signal)) return 'secret';
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
