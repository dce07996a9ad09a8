import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip } from 'node:zlib';

const unbrotli = promisify(brotliDecompress);
const ungzip = promisify(gunzip);
const blockSize = 512;

/** What to take out of an archive. */
export interface UnpackOptions {
  /** Maps a path in the archive (with `/`) to the path below the target, or to undefined to leave it out. */
  readonly place?: (path: string) => string | undefined;
}

/** Decompresses one brotli file to a buffer. */
export async function readBrotli(file: string): Promise<Buffer> {
  return unbrotli(await readFile(file));
}

/** Unpacks a gzipped tar, as `npm pack` makes it, into a folder. */
export async function unpackTgz(file: string, target: string, options: UnpackOptions = {}): Promise<void> {
  unpackTar(await ungzip(await readFile(file)), target, options);
}

interface Header {
  readonly path: string;
  readonly link: string;
  readonly size: number;
  readonly mode: number;
  readonly type: string;
}

function text(block: Buffer, start: number, length: number): string {
  const slice = block.subarray(start, start + length);
  const end = slice.indexOf(0);
  return slice.toString('utf8', 0, end < 0 ? length : end);
}

/** A number field: octal digits, or big-endian binary with the top bit set (GNU, for large files). */
function numeric(block: Buffer, start: number, length: number): number {
  const first = block[start] ?? 0;
  if (first & 0x80) return Number(block.readBigUInt64BE(start + length - 8));
  return Number.parseInt(text(block, start, length).trim() || '0', 8);
}

function readHeader(block: Buffer): Header {
  const ustar = text(block, 257, 5) === 'ustar';
  const prefix = ustar ? text(block, 345, 155) : '';
  const name = text(block, 0, 100);
  return {
    path: prefix ? `${prefix}/${name}` : name,
    link: text(block, 157, 100),
    size: numeric(block, 124, 12),
    mode: numeric(block, 100, 8),
    type: text(block, 156, 1) || '0',
  };
}

/** The `length key=value\n` records of a pax header that override the next entry's fields. */
function readPax(data: Buffer): Map<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < data.length; ) {
    const space = data.indexOf(0x20, at);
    const length = Number.parseInt(data.toString('latin1', at, space), 10);
    if (space < 0 || !(length > 0)) break;
    const record = data.toString('utf8', space + 1, at + length - 1);
    const equals = record.indexOf('=');
    records.set(record.slice(0, equals), record.slice(equals + 1));
    at += length;
  }
  return records;
}

function safePath(target: string, path: string): string {
  const local = normalize(path);
  if (isAbsolute(local) || local === '..' || local.startsWith(`..${sep}`)) {
    throw new Error(`The archive holds a path that leads outside: ${path}`);
  }
  return join(target, local);
}

/** Unpacks a tar (ustar, pax and GNU long names) into a folder. Modes are kept, owners and times are not. */
export function unpackTar(archive: Buffer, target: string, { place = (path) => path }: UnpackOptions = {}): void {
  let longPath: string | undefined;
  let longLink: string | undefined;
  for (let at = 0; at + blockSize <= archive.length; ) {
    const block = archive.subarray(at, at + blockSize);
    if (block[0] === 0) break;
    const header = readHeader(block);
    const data = archive.subarray(at + blockSize, at + blockSize + header.size);
    if (data.length < header.size) throw new Error(`The archive is cut short at ${header.path}.`);
    at += blockSize + Math.ceil(header.size / blockSize) * blockSize;
    switch (header.type) {
      case 'L':
        longPath = text(data, 0, data.length);
        continue;
      case 'K':
        longLink = text(data, 0, data.length);
        continue;
      case 'x': {
        const records = readPax(data);
        longPath = records.get('path') ?? longPath;
        longLink = records.get('linkpath') ?? longLink;
        continue;
      }
      case 'g':
        continue;
    }
    const placed = place(longPath ?? header.path);
    const link = longLink ?? header.link;
    longPath = undefined;
    longLink = undefined;
    if (placed === undefined || placed === '') continue;
    const path = safePath(target, placed);
    if (header.type === '5') {
      mkdirSync(path, { recursive: true });
    } else if (header.type === '0' || header.type === '7') {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, data);
      if (header.mode & 0o111) chmodSync(path, 0o755);
    } else if (header.type === '2') {
      safePath(target, join(dirname(placed), link));
      mkdirSync(dirname(path), { recursive: true });
      symlinkSync(link, path);
    }
  }
}
