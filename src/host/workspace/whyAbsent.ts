/** Why a file that is open does not go along: asked only where it does not. */
import { isNotebookPath } from '../../core/tools/words/notebook';
import { ToolError } from '../../core/tools/workspace';
import { diskOf } from './files/disk';
import { DiskSilent } from './files/door';
import { fileTypeOf, headBytes } from './files/fileType';
import { isSecret, type Located, type Locator } from './ignore/locate';
import { documentOf } from './readLines';

/** What keeps a file from going along by itself. */
export type Absence = 'outside' | 'secret' | 'ignored' | 'image' | 'pdf' | 'binary' | 'tooLarge' | 'unreadable';

/** Of a file that `FileAccess` gives no text of. Rejects with DiskSilent, and when aborted. */
export async function whyAbsent(
  locator: Locator,
  uri: string,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Absence> {
  const located = await locator.locateUri(uri);
  if (located === null) return isBelowRoot(locator, uri) ? 'unreadable' : 'outside';
  if (isSecret(located.requested) || isSecret(located)) return 'secret';
  if (!(await locator.isVisible(located, false))) return 'ignored';
  const document = documentOf(locator.facts, located);
  if (document !== undefined) return document.text().length > maxBytes ? 'tooLarge' : 'secret';
  try {
    return await whyNotOnDisk(locator, located, maxBytes, signal);
  } catch (error) {
    if (error instanceof ToolError && !(error instanceof DiskSilent)) return 'unreadable';
    throw error;
  }
}

async function whyNotOnDisk(
  { facts }: Locator,
  { root, relative }: Located,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Absence> {
  const disk = diskOf(root, facts);
  const found = await disk.stat(relative, signal);
  if (found?.kind !== 'file') return 'unreadable';
  const head = await disk.read(relative, Math.min(headBytes, Math.max(found.size, 1)), signal);
  if (head === null) return 'unreadable';
  const { kind } = fileTypeOf(head);
  if (kind !== 'text') return kind;
  if (isNotebookPath(relative)) return found.size > maxBytes ? 'tooLarge' : 'unreadable';
  return found.size > maxBytes ? 'tooLarge' : 'secret';
}

function isBelowRoot({ roots }: Locator, uri: string): boolean {
  return roots.some((root) => uri.startsWith(`${root.uri.replace(/\/$/, '')}/`));
}
