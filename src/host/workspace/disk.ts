/** One way to look at files, whether they lie on this machine's disk or behind another scheme. */
import { open, opendir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileKind, ForeignFiles, Root, WorkspaceFacts } from './facts';

/** Other schemes hand over whole files only: larger ones are not asked for. */
export const maxForeignBytes = 8 * 1024 * 1024;

export interface DiskEntry {
  readonly name: string;
  readonly kind: FileKind;
}

/** The files below one root; paths are relative to it, with forward slashes, '' being the root. */
export interface Disk {
  /** With symlinks followed; null when there is nothing. */
  stat(path: string): Promise<{ readonly kind: FileKind; readonly size: number } | null>;
  /** The first bytes of a file, at most `maxBytes`; null when there is no such file. */
  read(path: string, maxBytes: number): Promise<Uint8Array | null>;
  /** The entries of a folder, symlinks not followed. Stops after `limit`. */
  list(path: string, limit: number, signal: AbortSignal): Promise<readonly DiskEntry[]>;
}

export function diskOf(root: Root, facts: WorkspaceFacts): Disk {
  return root.folder === null ? foreignDisk(root, facts) : nodeDisk(root.folder);
}

/** True for the errors of a path that leads nowhere. */
export function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG' || code === 'EINVAL' || code === 'ELOOP';
}

/** The path with all symlinks resolved and in the case that the disk has; null when there is nothing. */
export async function realPathOf(path: string): Promise<string | null> {
  return await realpath(path).catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
}

function nodeDisk(folder: string): Disk {
  const at = (path: string) => join(folder, path);
  return {
    stat: async (path) => {
      try {
        const found = await stat(at(path));
        const kind = found.isFile() ? 'file' : found.isDirectory() ? 'directory' : 'other';
        return { kind, size: found.size };
      } catch (error) {
        if (isMissing(error)) return null;
        throw error;
      }
    },
    read: async (path, maxBytes) => await readHead(at(path), maxBytes),
    list: async (path, limit, signal) => {
      const entries: DiskEntry[] = [];
      for await (const entry of await opendir(at(path), { bufferSize: 512 })) {
        signal.throwIfAborted();
        if (entries.length === limit) break;
        entries.push({ name: entry.name, kind: kindOf(entry) });
      }
      return entries;
    },
  };
}

function kindOf(entry: { isFile(): boolean; isDirectory(): boolean; isSymbolicLink(): boolean }): FileKind {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'directory';
  return entry.isSymbolicLink() ? 'symlink' : 'other';
}

async function readHead(path: string, maxBytes: number): Promise<Uint8Array | null> {
  try {
    // A pipe or a device would hold the read for ever: only a plain file is opened.
    if (!(await stat(path)).isFile()) return null;
    const handle = await open(path, 'r');
    try {
      const size = Math.min((await handle.stat()).size, maxBytes);
      const buffer = Buffer.alloc(size);
      let length = 0;
      while (length < size) {
        const { bytesRead } = await handle.read(buffer, length, size - length, length);
        if (bytesRead === 0) break;
        length += bytesRead;
      }
      return buffer.subarray(0, length);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

function foreignDisk(root: Root, facts: WorkspaceFacts): Disk {
  const files: ForeignFiles = facts.foreign;
  const at = (path: string) => facts.uriOf(root, path);
  return {
    stat: (path) => files.stat(at(path)),
    read: async (path, maxBytes) => {
      const found = await files.stat(at(path));
      if (found?.kind !== 'file' || found.size > maxForeignBytes) return null;
      return (await files.read(at(path))).subarray(0, maxBytes);
    },
    list: async (path, limit, signal) => {
      const entries = await files.list(at(path));
      signal.throwIfAborted();
      return entries.slice(0, limit).map(([name, kind]) => ({ name, kind }));
    },
  };
}
