/**
 * Judges files by all that is in them, whatever part of them is wanted and wherever it comes from (LESSONS L59). Each is
 * looked through once: what was found is kept for as long as device, inode, size and times stay the same.
 */

import { orAborted } from '../../../core/base/orAborted';
import { TimeSlice } from '../../../core/base/timeSlice';
import { isSecretText } from '../../../core/tools/secrets/secretFiles';
import { KeyScan } from '../../../core/tools/secrets/secretMarks';
import type { Disk, DiskStat } from './disk';
import type { OpenDocument } from './facts';
import { type FileScan, FileScanner } from './fileScan';

/** Bytes of a file that is looked through; a larger one needs the user's word. */
export const maxJudgedBytes = 256 * 1024 * 1024;

const maxFiles = 2_000;
const maxDocuments = 200;
/** Characters at a stretch: about 2 ms. */
const pieceLength = 256 * 1024;

/** True when a text holds a key; in parts, between which the rest of the extension host goes on. */
export async function holdsKey(text: string, signal?: AbortSignal): Promise<boolean> {
  const scan = new KeyScan();
  const slice = new TimeSlice();
  for (let at = 0; at < text.length; at += pieceLength) {
    if (slice.isOver) await slice.yieldToOthers(signal);
    if (scan.add(text.slice(at, at + pieceLength))) return true;
  }
  return false;
}

/** The same of bytes in whatever encoding. */
export async function bytesHoldKey(bytes: Uint8Array): Promise<boolean> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const scan = new KeyScan();
  const slice = new TimeSlice();
  for (let at = 0; at < buffer.length; at += pieceLength) {
    if (slice.isOver) await slice.yieldToOthers();
    if (scan.add(buffer.toString('latin1', at, Math.min(buffer.length, at + pieceLength)))) return true;
  }
  return false;
}

interface Running {
  readonly scan: Promise<FileScan | null>;
  readonly controller: AbortController;
  waiting: number;
}

/** What readers ask: whether there is a key in what they are about to give out. */
export type Judging = Pick<Judge, 'file' | 'document' | 'bytes' | 'text' | 'short'>;

/** Looks at what is in files as ever, and finds no keys: the user has allowed them. */
export function blindToKeys(judge: Judging): Judging {
  return {
    file: async (...args) => {
      const scan = await judge.file(...args);
      return scan === null ? null : { ...scan, holdsKey: false };
    },
    document: async () => false,
    bytes: async () => false,
    text: async () => false,
    short: () => false,
  };
}

/**
 * Whether a file of this machine has in its bytes what every key has; null where that cannot be told. Faster than
 * looking through it here.
 */
export type KeyHints = (file: string, signal: AbortSignal) => Promise<boolean | null>;

/** Bytes from which on hints are asked for. */
const hintedBytes = 4 * 1024 * 1024;

/** Looks through whole files for keys, each once for each state that it has, and remembers what it saw. */
export class Judge {
  /** By stamp, the latest used last. */
  readonly #files = new Map<string, FileScan>();
  readonly #running = new Map<string, Running>();
  /** By URI. */
  readonly #documents = new Map<string, { readonly version: number; readonly holdsKey: boolean }>();

  constructor(private readonly hints: KeyHints = async () => null) {}

  /**
   * What is in a file of at most `maxJudgedBytes`; null when it is gone. `found` is what its `stat` just said; `file` is
   * where it lies on this machine's disk, symlinks resolved.
   */
  async file(
    disk: Disk,
    path: string,
    found: DiskStat,
    signal: AbortSignal,
    file: string | null = null,
  ): Promise<FileScan | null> {
    const { stamp } = found;
    if (stamp === null) return await scanFile(disk, path, signal);
    const known = this.#files.get(stamp);
    if (known !== undefined) {
      this.#keep(stamp, known);
      return known;
    }
    const hinted = found.size >= hintedBytes ? file : null;
    return await this.#share(stamp, disk, path, signal, hinted);
  }

  /** Whether a text holds a key. */
  text(text: string, signal?: AbortSignal): Promise<boolean> {
    return holdsKey(text, signal);
  }

  /** The same at once, for what is short. */
  short(text: string): boolean {
    return isSecretText(text);
  }

  /** The same of bytes in whatever encoding. */
  bytes(bytes: Uint8Array): Promise<boolean> {
    return bytesHoldKey(bytes);
  }

  /** Whether the text of an editor holds a key. */
  async document(document: OpenDocument, signal?: AbortSignal): Promise<boolean> {
    const { uri, version } = document;
    const known = this.#documents.get(uri);
    if (known !== undefined && known.version === version) return known.holdsKey;
    const found = await holdsKey(document.text(), signal);
    if (version !== undefined) {
      this.#documents.delete(uri);
      this.#documents.set(uri, { version, holdsKey: found });
      for (const oldest of this.#documents.keys()) {
        if (this.#documents.size <= maxDocuments) break;
        this.#documents.delete(oldest);
      }
    }
    return found;
  }

  /** Several ranges of one file are often read side by side: it is looked through once for all of them. */
  async #share(
    stamp: string,
    disk: Disk,
    path: string,
    signal: AbortSignal,
    hinted: string | null,
  ): Promise<FileScan | null> {
    signal.throwIfAborted();
    const running = this.#running.get(stamp) ?? this.#start(stamp, disk, path, hinted);
    running.waiting += 1;
    try {
      return await orAborted(running.scan, signal);
    } finally {
      running.waiting -= 1;
      // Nobody waits for it any more.
      if (running.waiting === 0 && this.#running.get(stamp) === running) {
        this.#running.delete(stamp);
        running.controller.abort(signal.reason);
      }
    }
  }

  #start(stamp: string, disk: Disk, path: string, hinted: string | null): Running {
    const controller = new AbortController();
    const scan = this.#scan(stamp, disk, path, controller.signal, hinted).finally(() => {
      if (this.#running.get(stamp)?.controller === controller) this.#running.delete(stamp);
    });
    // Whoever waits is told; that nobody waits any more is no fault.
    scan.catch(() => {});
    const running = { scan, controller, waiting: 0 };
    this.#running.set(stamp, running);
    return running;
  }

  async #scan(
    stamp: string,
    disk: Disk,
    path: string,
    signal: AbortSignal,
    hinted: string | null,
  ): Promise<FileScan | null> {
    const quick = hinted === null ? null : await this.#quickScan(stamp, disk, path, signal, hinted);
    const scan = quick ?? (await scanFile(disk, path, signal));
    // It may have changed while it was read: then this is what it was at no time.
    if (scan !== null && (await disk.stat(path, signal))?.stamp === stamp) this.#keep(stamp, scan);
    return scan;
  }

  /** Without looking for keys, while others say that there can be none; null where they do not. */
  async #quickScan(
    stamp: string,
    disk: Disk,
    path: string,
    signal: AbortSignal,
    file: string,
  ): Promise<FileScan | null> {
    const scanner = new FileScanner(false);
    const [there, mayHold] = await Promise.all([
      disk.pieces(path, 0, (bytes) => scanner.add(bytes), signal),
      this.hints(file, signal).catch(() => null),
    ]);
    signal.throwIfAborted();
    if (!there || mayHold !== false || scanner.hasNul) return null;
    const scan = scanner.end();
    // Where bytes are not those of ASCII, or may be another's by now, the hint says nothing.
    if (scan.type.kind !== 'text' || scan.type.encoding.startsWith('utf16')) return null;
    return (await disk.stat(path, signal))?.stamp === stamp ? scan : null;
  }

  #keep(stamp: string, scan: FileScan): void {
    this.#files.delete(stamp);
    this.#files.set(stamp, scan);
    for (const oldest of this.#files.keys()) {
      if (this.#files.size <= maxFiles) break;
      this.#files.delete(oldest);
    }
  }
}

async function scanFile(disk: Disk, path: string, signal: AbortSignal): Promise<FileScan | null> {
  const scanner = new FileScanner();
  const there = await disk.pieces(path, 0, (bytes) => scanner.add(bytes), signal);
  signal.throwIfAborted();
  return there ? scanner.end() : null;
}
