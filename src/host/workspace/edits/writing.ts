/**
 * Bytes of files, written in place after a look at what is there: links and rights of a file stay, and what cannot be
 * written whole is put back as it was.
 */
import { constants } from 'node:fs';
import {
  access,
  type FileHandle,
  lstat,
  mkdir,
  open,
  rename as renameFile,
  rmdir,
  stat,
  unlink,
} from 'node:fs/promises';
import { dirname } from 'node:path';
import { ToolError } from '../../../core/tools/workspace';
import { diskOf } from '../files/disk';
import { type DiskDoor, DiskSilent, diskDoor, virtualDoor } from '../files/door';
import { asFile, sizeText } from '../readLines';
import type { EditFacts } from './facts';
import type { Place } from './places';
import { assertNotReadonly } from './readonly';

/** Bytes of a file that is kept whole, so that its deletion can be undone. */
export const maxKeptBytes: number = 20 * 1024 * 1024;

/** The disk has gone silent while it was written: what has become of that is not known. */
export class MaybeWritten extends ToolError {
  constructor(path: string) {
    super(
      `The disk does not answer, so it is not known whether ${path} was changed. Read it before you go on, or tell the user.`,
    );
  }
}

/**
 * Begins to write. What was given up before does not begin: it throws, and nothing has changed.
 */
type Begin = () => void;

/** Reads and writes the places of one look at the workspace. */
export interface Files {
  /** All bytes of a plain file. Throws a ToolError for what is none, and for what is too large. */
  read(place: Place, maxBytes: number, signal: AbortSignal): Promise<Uint8Array>;
  /** Throws a ToolError where it is known that a file cannot be written. */
  assertWritable(place: Place): Promise<void>;
  /** Writes a file if its bytes are still these; false when they are others. Throws a ToolError when it fails. */
  replace(place: Place, expected: Uint8Array, bytes: Uint8Array): Promise<boolean>;
  /** Writes a file where nothing is, with the folders that it needs. Throws a ToolError when it fails. */
  create(place: Place, bytes: Uint8Array): Promise<void>;
  /** Nothing is overwritten. Throws a ToolError when it fails. */
  rename(from: Place, to: Place): Promise<void>;
  /** To the trash where there is one. Throws a ToolError when it fails. */
  remove(place: Place): Promise<void>;
}

/** Of this machine through Node, of other schemes through VS Code. */
export function filesOf(facts: Parameters<typeof diskOf>[1], edits: EditFacts): Files {
  const read: Files['read'] = async (place, maxBytes, signal) => {
    const disk = diskOf(place.root, facts);
    const found = asFile(place, await disk.stat(place.relative, signal));
    if (found.size > maxBytes) {
      throw new ToolError(
        `${place.path} has ${sizeText(found.size)}: files of up to ${sizeText(maxBytes)} can be changed.`,
      );
    }
    const bytes = await disk.read(place.relative, maxBytes + 1, signal);
    if (bytes === null) throw new ToolError(`${place.path} is gone: it went while it was read.`);
    if (bytes.length > maxBytes) throw new ToolError(`${place.path} grows while it is read, so it is not changed.`);
    return bytes;
  };
  const virtual = <T>(place: Place, work: (begin: Begin) => Promise<T>): Promise<T> =>
    through(virtualDoor, place.root.uri, place, work);
  return {
    read,
    assertWritable: async (place) => {
      assertNotReadonly(edits, place);
      if (place.file === null) {
        if (!edits.virtual.isWritable(place.uri)) throw readOnly(place);
      } else await onDisk(place, async (file) => await assertFileWritable(place, file));
    },
    replace: async (place, expected, bytes) => {
      if (place.file !== null)
        return await onDisk(place, async (file, begin) => await replaceFile(file, expected, bytes, begin));
      const now = await read(place, Math.max(expected.length, 1), new AbortController().signal).catch(() => null);
      if (now === null || Buffer.compare(now, expected) !== 0) return false;
      await virtual(place, async (begin) => {
        begin();
        await edits.virtual.write(place.uri, bytes);
      });
      return true;
    },
    create: async (place, bytes) => {
      if (place.file !== null)
        return await onDisk(place, async (file, begin) => await createFile(place, file, bytes, begin));
      await virtual(place, async (begin) => {
        if ((await facts.virtual.stat(place.uri)) !== null) throw isThere(place);
        begin();
        const folder = place.relative.includes('/') ? place.relative.slice(0, place.relative.lastIndexOf('/')) : '';
        if (folder !== '') await edits.virtual.createFolder(facts.uriOf(place.root, folder));
        await edits.virtual.write(place.uri, bytes);
      });
    },
    rename: async (from, to) => {
      if (from.file !== null && to.file !== null) {
        const target = to.file;
        return await onDisk(from, async (file, begin) => await moveFile(to, file, target, begin));
      }
      await virtual(from, async (begin) => {
        begin();
        await edits.virtual.rename(from.uri, to.uri);
      });
    },
    remove: async (place) => {
      const door = place.file === null ? virtualDoor : diskDoor;
      await through(door, place.root.folder ?? place.root.uri, place, async (begin) => {
        begin();
        // Where there is no trash it says so by failing.
        await edits.remove(place.uri, true).catch(async () => await edits.remove(place.uri, false));
      });
    },
  };
}

async function onDisk<T>(place: Place, work: (file: string, begin: Begin) => Promise<T>): Promise<T> {
  const file = place.file ?? '';
  return await through(diskDoor, place.root.folder ?? file, place, async (begin) => await work(file, begin));
}

async function through<T>(door: DiskDoor, disk: string, place: Place, work: (begin: Begin) => Promise<T>): Promise<T> {
  let hasBegun = false;
  const run = (alive: () => void): Promise<T> =>
    work(() => {
      alive();
      hasBegun = true;
    });
  return await door.run(disk, run).catch((error: unknown) => {
    throw hasBegun && error instanceof DiskSilent ? new MaybeWritten(place.path) : failed(place, error);
  });
}

/** Bits of the rights to write, of anybody. */
const anyWrite = 0o222;

async function assertFileWritable(place: Place, file: string): Promise<void> {
  // Whoever may write all the same should not: somebody has locked it.
  if (((await stat(file)).mode & anyWrite) === 0) throw readOnly(place);
  await access(file, constants.W_OK);
}

/** In place. A link that has come to stand there meanwhile is not followed. */
async function replaceFile(file: string, expected: Uint8Array, bytes: Uint8Array, begin: Begin): Promise<boolean> {
  const handle = await open(file, constants.O_RDWR | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  try {
    const found = await handle.stat();
    if (!found.isFile() || found.size !== expected.length) return false;
    const now = Buffer.alloc(found.size);
    for (let at = 0; at < now.length; ) {
      const { bytesRead } = await handle.read(now, at, now.length - at, at);
      if (bytesRead === 0) return false;
      at += bytesRead;
    }
    if (Buffer.compare(now, expected) !== 0) return false;
    begin();
    try {
      await writeAll(handle, bytes);
    } catch (error) {
      // The blocks of what was there are still its own: this needs no room.
      await writeAll(handle, expected);
      throw error;
    }
    return true;
  } finally {
    await handle.close();
  }
}

async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, at, bytes.length - at, at);
    at += bytesWritten;
  }
  await handle.truncate(bytes.length);
  await handle.sync();
}

async function createFile(place: Place, file: string, bytes: Uint8Array, begin: Begin): Promise<void> {
  begin();
  const made = await mkdir(dirname(file), { recursive: true });
  let handle: FileHandle;
  try {
    handle = await open(file, 'wx');
  } catch (error) {
    if (made !== undefined) await removeFolders(dirname(file), made);
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw isThere(place);
    throw error;
  }
  let written = false;
  try {
    await writeAll(handle, bytes);
    written = true;
  } finally {
    await handle.close();
    if (!written) {
      await unlink(file);
      if (made !== undefined) await removeFolders(dirname(file), made);
    }
  }
}

/** Those that were made, if nobody has put anything into them. */
async function removeFolders(from: string, to: string): Promise<void> {
  for (let folder = from; ; folder = dirname(folder)) {
    try {
      await rmdir(folder);
    } catch {
      return;
    }
    if (folder === to || folder === dirname(folder)) return;
  }
}

async function moveFile(to: Place, file: string, target: string, begin: Begin): Promise<void> {
  const there = await lstat(target).catch(() => null);
  if (there !== null) {
    const own = await lstat(file);
    // Another case of its own name, on a disk that does not tell them apart.
    if (own.dev !== there.dev || own.ino !== there.ino || own.nlink > 1) throw isThere(to);
  }
  begin();
  await mkdir(dirname(target), { recursive: true });
  await renameFile(file, target);
}

/** What is said where something is in the way. */
export function isThere({ path }: { readonly path: string }): ToolError {
  return new ToolError(`There is something at ${path} already, so nothing was written. edit_file changes a file.`);
}

function readOnly({ path }: Place): ToolError {
  return new ToolError(`${path} is read-only, so it is not changed. Tell the user.`);
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'it may not be written (no permission)',
  EPERM: 'it may not be written (no permission)',
  EROFS: 'its disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  ENOENT: 'it is gone, or its folder is',
  EFBIG: 'it would be too large for the disk',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is a file',
  EEXIST: 'a part of its path is a file',
  ENAMETOOLONG: 'its name is too long for the disk',
  EBUSY: 'another program holds it',
  ELOOP: 'a link has come to stand there',
  EXDEV: 'it would go to another disk',
  NoPermissions: 'it may not be written (no permission)',
  FileNotFound: 'it is gone, or its folder is',
  FileExists: 'something is there already',
  Unavailable: 'its file system does not answer',
};

/** A failure in words; what is already said so stays. */
function failed({ path }: Place, error: unknown): Error {
  if (error instanceof ToolError) return error;
  const { code = '', message = String(error) } = error as { readonly code?: string; readonly message?: string };
  return new ToolError(`${path} could not be written: ${reasons[code] ?? message.slice(0, 200)}. It is as it was.`);
}
