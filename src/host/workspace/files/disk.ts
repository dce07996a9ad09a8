/** One way to look at files, whether they lie on this machine's disk or behind another scheme. */
import { constants, type Stats } from 'node:fs';
import { open, opendir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { diskDoor, virtualDoor } from './door';
import type { FileKind, Root, VirtualFiles, WorkspaceFacts } from './facts';

/** Other schemes hand over whole files only: larger ones are not asked for. */
export const maxVirtualBytes = 8 * 1024 * 1024;
/** Bytes that are read at once, and entries that are listed at once. */
const pieceBytes = 256 * 1024;
const listedAtOnce = 512;
/** ms. */
const freshMs = 2_000;

/** What stands in a folder; links are not followed. */
export interface DiskEntry {
  readonly name: string;
  readonly kind: FileKind;
}

/** A file or folder; `size` in bytes. */
export interface DiskStat {
  readonly kind: FileKind;
  readonly size: number;
  /** Another one whenever the file, or what stands in the folder, is another; null where that cannot be told. */
  readonly stamp: string | null;
}

/**
 * The files below one root; paths are relative to it, with forward slashes, '' being the root. All reject with
 * DiskSilent where the disk does not answer, and with the signal's reason.
 */
export interface Disk {
  /** With symlinks followed; null when there is nothing. */
  stat(path: string, signal?: AbortSignal): Promise<DiskStat | null>;
  /** The first bytes of a plain file, at most `maxBytes`; null when there is none. */
  read(path: string, maxBytes: number, signal?: AbortSignal): Promise<Uint8Array | null>;
  /**
   * The bytes of a plain file from `start` on, in order, as far as it reached when it was opened, until `onPiece` says
   * false. The bytes hold only until it returns. False when there is no such file.
   */
  pieces(path: string, start: number, onPiece: (bytes: Buffer) => boolean, signal?: AbortSignal): Promise<boolean>;
  /** The entries of a folder, symlinks not followed. Stops after `limit`. */
  list(path: string, limit: number, signal?: AbortSignal): Promise<readonly DiskEntry[]>;
}

/** The files of a root: through Node where they lie on this machine, else through VS Code. */
export function diskOf(root: Root, facts: WorkspaceFacts): Disk {
  return root.folder === null ? virtualDisk(root, facts) : nodeDisk(root.folder);
}

/** True for the errors of a path that leads nowhere. */
function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG' || code === 'EINVAL' || code === 'ELOOP';
}

/** The path with all symlinks resolved and in the case that the disk has; null when there is nothing. */
export async function realPathOf(path: string | Buffer, place: string): Promise<string | null> {
  return await orNull(diskDoor.run(place, () => realpath(path)));
}

/** Whether there is something. */
export async function isThere(path: string, place: string): Promise<boolean> {
  return (await orNull(diskDoor.run(place, () => stat(path)))) !== null;
}

/** null for a path that leads nowhere. */
async function orNull<T>(work: Promise<T>): Promise<T | null> {
  return await work.catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
}

/** A whole plain file that lies anywhere on this machine; null when it is gone, larger or no file. */
export async function readWhole(path: string, place: string, maxBytes: number): Promise<Uint8Array | null> {
  const found = await orNull(diskDoor.run(place, () => stat(path)));
  if (found === null || found.size > maxBytes) return null;
  const disk = nodeDisk(dirname(path), place);
  return await disk.read(basename(path), maxBytes);
}

function nodeDisk(folder: string, place: string = folder): Disk {
  const at = (path: string) => join(folder, path);
  const pieces = async (path: string, range: PieceRange, onPiece: OnPiece, signal?: AbortSignal): Promise<boolean> => {
    const read = diskDoor.run(place, async (alive) => await readPieces(at(path), range, onPiece, alive), signal);
    return (await orNull(read)) ?? false;
  };
  return {
    stat: async (path, signal) => {
      const found = await orNull(diskDoor.run(place, () => stat(at(path)), signal));
      return found === null ? null : statOf(found);
    },
    pieces: async (path, start, onPiece, signal) => await pieces(path, { start, atOnce: pieceBytes }, onPiece, signal),
    read: async (path, maxBytes, signal) => {
      const head: Buffer[] = [];
      let length = 0;
      const take = (bytes: Buffer): boolean => {
        head.push(Buffer.from(bytes.subarray(0, maxBytes - length)));
        length += bytes.length;
        return length < maxBytes;
      };
      const range = { start: 0, atOnce: Math.min(maxBytes, pieceBytes) };
      return (await pieces(path, range, take, signal)) ? Buffer.concat(head) : null;
    },
    list: async (path, limit, signal) =>
      await diskDoor.run(place, async (alive) => await listFolder(at(path), limit, alive), signal),
  };
}

function statOf(found: Stats): DiskStat {
  const kind = found.isFile() ? 'file' : found.isDirectory() ? 'directory' : 'other';
  const { dev, ino, size, mtimeMs, ctimeMs } = found;
  // What changed a moment ago may change again without another time: some disks count whole seconds.
  const isFresh = Date.now() - Math.max(mtimeMs, ctimeMs) < freshMs;
  return { kind, size, stamp: isFresh ? null : [dev, ino, size, mtimeMs, ctimeMs].join(' ') };
}

async function listFolder(path: string, limit: number, alive: () => void): Promise<readonly DiskEntry[]> {
  const entries: DiskEntry[] = [];
  const folder = await opendir(path, { bufferSize: listedAtOnce });
  try {
    while (entries.length < limit) {
      const entry = await folder.read();
      if (entries.length % listedAtOnce === 0) alive();
      if (entry === null) break;
      entries.push({ name: entry.name, kind: kindOf(entry) });
    }
    return entries;
  } finally {
    await folder.close();
  }
}

function kindOf(entry: { isFile(): boolean; isDirectory(): boolean; isSymbolicLink(): boolean }): FileKind {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'directory';
  return entry.isSymbolicLink() ? 'symlink' : 'other';
}

type OnPiece = Parameters<Disk['pieces']>[2];

interface PieceRange {
  readonly start: number;
  /** Bytes. */
  readonly atOnce: number;
}

async function readPieces(
  path: string,
  { start, atOnce }: PieceRange,
  onPiece: OnPiece,
  alive: () => void,
): Promise<boolean> {
  // A pipe or a device would hold the read for ever: only a plain file is opened, and should one have taken its place
  // meanwhile, opening it waits for nobody.
  if (!(await stat(path)).isFile()) return false;
  alive();
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  let ahead: Promise<Buffer> | null = null;
  try {
    alive();
    const found = await handle.stat();
    alive();
    if (!found.isFile()) return false;
    // A file that grows while it is read has an end, too.
    const read = async (buffer: Buffer, at: number): Promise<Buffer> => {
      const { bytesRead } = await handle.read(buffer, 0, Math.min(buffer.length, found.size - at), at);
      return buffer.subarray(0, bytesRead);
    };
    const bufferOf = (at: number): Buffer => Buffer.allocUnsafe(Math.max(1, Math.min(found.size - at, atOnce)));
    let buffers: readonly [Buffer, Buffer | null] = [bufferOf(start), null];
    if (start < found.size) ahead = read(buffers[0], start);
    for (let at = start; ahead !== null; ) {
      const piece = await ahead;
      ahead = null;
      alive();
      if (piece.length === 0) break;
      at += piece.length;
      // The next one is read while this one is looked at.
      buffers = [buffers[1] ?? bufferOf(at), buffers[0]];
      if (at < found.size) ahead = read(buffers[0], at);
      if (!onPiece(piece)) break;
    }
    return true;
  } finally {
    // It writes to what is no longer read by then.
    await ahead?.catch(() => {});
    await handle.close();
  }
}

function virtualDisk(root: Root, facts: WorkspaceFacts): Disk {
  const files: VirtualFiles = facts.virtual;
  const at = (path: string) => facts.uriOf(root, path);
  const ask = <T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> => virtualDoor.run(root.uri, work, signal);
  const read: Disk['read'] = async (path, maxBytes, signal) => {
    const found = await ask(() => files.stat(at(path)), signal);
    if (found?.kind !== 'file' || found.size > maxVirtualBytes) return null;
    return (await ask(() => files.read(at(path)), signal)).subarray(0, maxBytes);
  };
  return {
    stat: async (path, signal) => {
      const found = await ask(() => files.stat(at(path)), signal);
      return found === null ? null : { ...found, stamp: null };
    },
    read,
    pieces: async (path, start, onPiece, signal) => {
      const bytes = await read(path, maxVirtualBytes, signal);
      if (bytes === null) return false;
      if (start < bytes.length) onPiece(Buffer.from(bytes.subarray(start)));
      return true;
    },
    list: async (path, limit, signal) => {
      const entries = await ask(() => files.list(at(path)), signal);
      return entries.slice(0, limit).map(([name, kind]) => ({ name, kind }));
    },
  };
}
