/**
 * What could not be committed (a full disk, a lock that stays, a database of a newer version) is kept beside the database
 * until it can be: a file for each conversation, a line of JSON for each commit, in their order. It is taken in when the
 * database is opened or the conversation is read the next time, and erased with its conversation.
 */
import { closeSync, fsyncSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Entry } from '../../core/record/record';
import type { WireEntry } from './file/protocol';

const prefix = 'rescue-';
const suffix = '.jsonl';

function fileOf(folder: string, conversation: string): string {
  return join(folder, `${prefix}${encodeURIComponent(conversation)}${suffix}`);
}

/** One commit. */
interface Line {
  readonly version: 1;
  readonly conversation: string;
  readonly entries: readonly WireEntry[];
}

/** Adds to the rescue file, and resolves when it is on the disk. Only this user can read it. */
export async function keepAside(folder: string, conversation: string, entries: readonly WireEntry[]): Promise<void> {
  const line = JSON.stringify({ version: 1, conversation, entries } satisfies Line);
  const handle = await open(fileOf(folder, conversation), 'a', 0o600);
  try {
    await handle.chmod(0o600);
    // A line that a crash has cut ends here.
    await handle.write(`\n${crc32(line)} ${line}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The conversations of which something is kept aside. */
export function keptAside(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.startsWith(prefix) && name.endsWith(suffix))
    .map((name) => decodeURIComponent(name.slice(prefix.length, -suffix.length)));
}

/** True when nothing is kept aside of a conversation. */
export function isTakenIn(folder: string, conversation: string): boolean {
  return statSync(fileOf(folder, conversation), { throwIfNoEntry: false }) === undefined;
}

/** The entries that were kept, in their order, but for what a crash cut or bytes that have changed. */
export function readKept(folder: string, conversation: string): readonly WireEntry[] {
  return readFileSync(fileOf(folder, conversation), 'utf8')
    .split('\n')
    .flatMap((text): readonly WireEntry[] => {
      const space = text.indexOf(' ');
      const json = text.slice(space + 1);
      if (space < 1 || String(crc32(json)) !== text.slice(0, space)) return [];
      const line = JSON.parse(json) as Line;
      return line.version === 1 && line.conversation === conversation ? line.entries : [];
    });
}

/** The entry as JSON; what its request held is stored in a table of its own. */
export function toWire(entry: Entry): WireEntry {
  const { id, parent, kind, at } = entry;
  if (entry.kind !== 'assistant' || entry.held === undefined) {
    return { id, parent, kind, at, json: JSON.stringify(entry) };
  }
  const { held, ...body } = entry;
  return { id, parent, kind, at, json: JSON.stringify(body), held };
}

/** Removes what was kept of a conversation, its bytes too. */
export function eraseKept(folder: string, conversation: string): void {
  const file = fileOf(folder, conversation);
  const size = statSync(file, { throwIfNoEntry: false })?.size;
  if (size === undefined) return;
  const handle = openSync(file, 'r+');
  try {
    writeSync(handle, Buffer.alloc(size));
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  rmSync(file);
}
