/** One pass over a file: what it is, whether it holds a key anywhere, and where its lines begin. */
import { isAscii, isUtf8 } from 'node:buffer';
import { KeyScan } from '../../../core/tools/secrets/secretMarks';
import { type FileType, fileTypeOf, headBytes } from './fileType';

/** Where a line begins. */
export interface LineMark {
  /** One-based. */
  readonly line: number;
  /** Bytes from the start of the file. */
  readonly offset: number;
}

/** What the bytes of a text say of its characters and its line ends. */
export interface Written {
  readonly isAscii: boolean;
  readonly isUtf8: boolean;
  readonly hasCr: boolean;
  /** A CR that no LF follows. */
  readonly hasLoneCr: boolean;
}

/** Looks at all bytes of a text. */
export function writtenOf(bytes: Uint8Array): Written {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const hasCr = buffer.includes(13);
  return {
    isAscii: isAscii(buffer),
    isUtf8: isUtf8(buffer),
    hasCr,
    hasLoneCr: hasCr && hasLoneCr(buffer),
  };
}

function hasLoneCr(bytes: Buffer): boolean {
  for (let at = bytes.indexOf(13); at >= 0; at = bytes.indexOf(13, at + 1)) if (bytes[at + 1] !== 10) return true;
  return false;
}

/** What is known of a file that was read once. */
export interface FileScan {
  readonly type: FileType;
  /** True: the rest was not looked at. */
  readonly holdsKey: boolean;
  /** A line end at the very end begins no further line. */
  readonly lines: number;
  /** Some of the places where lines begin, in order. */
  readonly marks: readonly LineMark[];
  /** Of all its bytes; null for what came in several pieces: it is looked at again where that matters. */
  readonly written: Written | null;
}

/** Bytes between two marks, at least. */
export const markBytes = 64 * 1024;

/** Takes the bytes of a file in pieces. */
export class FileScanner {
  /** True once there was a NUL in it that is no half of a UTF-16 unit. */
  hasNul = false;
  #type: FileType | null = null;
  readonly #keys = new KeyScan();
  readonly #marks: LineMark[] = [];
  #holdsKey = false;
  #written: Written | null = null;
  #offset = 0;
  /** Line ends so far, and where the line after the last of them begins. */
  #ends = 0;
  #lineStart = 0;
  /** A CR was the last that came: an LF behind it belongs to it. */
  #return = false;
  /** The last byte of a UTF-16 unit that is not complete; -1 when there is none. */
  #half = -1;

  constructor(
    /** False where others look for keys. */
    readonly looksForKeys: boolean = true,
  ) {}

  /** Takes a piece; the first one has to be `headBytes` long unless the file is shorter. False when it is enough. */
  add(bytes: Buffer): boolean {
    if (this.#type === null) {
      this.#type = fileTypeOf(bytes.subarray(0, headBytes));
      this.#lineStart = this.#type.kind === 'text' ? this.#type.skip : 0;
      this.#written = writtenOf(bytes);
    } else this.#written = null;
    if (this.#type.kind === 'text') {
      if (this.#type.encoding === 'utf16le' || this.#type.encoding === 'utf16be') {
        this.#countWide(bytes, this.#type.encoding === 'utf16be');
      } else this.#count(bytes);
    }
    this.#offset += bytes.length;
    // A key is written in ASCII, which is the same in all encodings but for the NULs of UTF-16 that KeyScan leaves out.
    if (this.looksForKeys) this.#holdsKey = this.#keys.add(bytes.toString('latin1'));
    return !this.#holdsKey;
  }

  end(): FileScan {
    const type: FileType = this.#type ?? { kind: 'text', encoding: 'settings', skip: 0 };
    if (this.#return) this.#lineEnd(this.#offset);
    this.#return = false;
    const lines = this.#ends + (this.#offset > this.#lineStart ? 1 : 0);
    // Behind a key nothing was looked at.
    const written = this.#holdsKey ? null : this.#written;
    return { type, holdsKey: this.#holdsKey, lines, marks: this.#marks, written };
  }

  #count(bytes: Buffer): void {
    if (!this.#return && !bytes.includes(13)) this.#countFeeds(bytes);
    else this.#countReturns(bytes);
  }

  /** Without a CR every LF is a line end, and none but those for marks need be found. */
  #countFeeds(bytes: Buffer): void {
    if (!this.hasNul) this.hasNul = bytes.includes(0);
    for (let from = 0; from < bytes.length; ) {
      const due = (this.#marks.at(-1)?.offset ?? 0) + markBytes - this.#offset;
      const marked = due > bytes.length ? -1 : bytes.indexOf(10, Math.max(from, due - 1));
      const to = marked < 0 ? bytes.length : marked + 1;
      const part = bytes.subarray(from, to);
      this.#ends += feedsIn(part);
      const last = part.lastIndexOf(10);
      if (last >= 0) this.#lineStart = this.#offset + from + last + 1;
      if (marked >= 0) this.#marks.push({ line: this.#ends + 1, offset: this.#offset + to });
      from = to;
    }
  }

  #countReturns(bytes: Buffer): void {
    // Not indexOf: where lines are short, calling it takes ten times as long. Four bytes at a time where they lie so.
    const isAligned = bytes.byteOffset % 4 === 0;
    const words = new Uint32Array(
      isAligned ? bytes.buffer : new ArrayBuffer(0),
      isAligned ? bytes.byteOffset : 0,
      isAligned ? bytes.length >> 2 : 0,
    );
    for (let index = 0; index < words.length; index += 1) {
      const word = words[index] ?? 0;
      // True when one of the four is below 14.
      if (this.#return || ((word - 0x0e0e0e0e) & ~word & 0x80808080) !== 0)
        this.#narrow(bytes, index * 4, index * 4 + 4);
    }
    this.#narrow(bytes, words.length * 4, bytes.length);
  }

  #narrow(bytes: Buffer, from: number, to: number): void {
    for (let at = from; at < to; at += 1) {
      const byte = bytes[at] ?? 0;
      if (byte > 13 && !this.#return) continue;
      if (byte === 0) this.hasNul = true;
      this.#unit(byte, this.#offset + at, 1);
    }
  }

  #countWide(bytes: Buffer, bigEndian: boolean): void {
    for (let at = 0; at < bytes.length; at += 1) {
      const byte = bytes[at] ?? 0;
      if (this.#half < 0) {
        this.#half = byte;
        continue;
      }
      const unit = bigEndian ? this.#half * 256 + byte : byte * 256 + this.#half;
      this.#half = -1;
      this.#unit(unit, this.#offset + at - 1, 2);
    }
  }

  /** Line ends are those of the editor: LF, CR LF and CR alone. `at`: where the unit begins. */
  #unit(unit: number, at: number, width: number): void {
    if (this.#return && unit !== 10) this.#lineEnd(at);
    this.#return = unit === 13;
    if (unit === 10) this.#lineEnd(at + width);
  }

  #lineEnd(next: number): void {
    this.#ends += 1;
    this.#lineStart = next;
    const last = this.#marks.at(-1)?.offset ?? 0;
    if (next - last >= markBytes) this.#marks.push({ line: this.#ends + 1, offset: next });
  }
}

/** The LFs among bytes: four of them at a time where they lie so, without a branch. */
function feedsIn(bytes: Buffer): number {
  let feeds = 0;
  const head = Math.min((4 - (bytes.byteOffset % 4)) % 4, bytes.length);
  const count = (bytes.length - head) >> 2;
  const words = count === 0 ? new Int32Array(0) : new Int32Array(bytes.buffer, bytes.byteOffset + head, count);
  for (let at = 0; at < head; at += 1) if (bytes[at] === 10) feeds += 1;
  // Each byte of `sum` counts those in its place, up to 255.
  for (let from = 0; from < count; from += 255) {
    let sum = 0;
    for (let at = from, to = Math.min(count, from + 255); at < to; at += 1) {
      // A byte is 0 where there is an LF, and only there its high bit is not set by what is added.
      const word = (words[at] ?? 0) ^ 0x0a0a0a0a;
      const others = ((word & 0x7f7f7f7f) + 0x7f7f7f7f) | 0 | word | 0x7f7f7f7f;
      sum = (sum + (~others >>> 7)) | 0;
    }
    feeds += (sum & 255) + ((sum >>> 8) & 255) + ((sum >>> 16) & 255) + (sum >>> 24);
  }
  for (let at = head + count * 4; at < bytes.length; at += 1) if (bytes[at] === 10) feeds += 1;
  return feeds;
}
