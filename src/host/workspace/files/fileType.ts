/** What a file is, by its first bytes and its name: text in some encoding, or not for reading as text. */

/** What the bytes themselves say; 'settings' where they say nothing and `files.encoding` decides. */
type TextEncoding = 'utf8' | 'utf16le' | 'utf16be' | 'settings';

/** Text with its encoding, or what else it is, by name. */
export type FileType =
  /** `skip`: bytes of the byte order mark. */
  | { readonly kind: 'text'; readonly encoding: TextEncoding; readonly skip: number }
  | { readonly kind: 'image' | 'pdf' | 'binary'; readonly name: string };

/** First bytes that are looked at. */
export const headBytes = 64 * 1024;
/** First bytes in which VS Code looks for NULs. */
const zeroBytes = 512;

/** What begins so; with `mayBeText` only among bytes that are no text. */
const signatures: readonly {
  readonly bytes: string;
  readonly kind: 'image' | 'pdf' | 'binary';
  readonly name: string;
  readonly at?: number;
  readonly mayBeText?: true;
}[] = [
  { bytes: '\x89PNG\r\n\x1a\n', kind: 'image', name: 'PNG image' },
  { bytes: '\xff\xd8\xff', kind: 'image', name: 'JPEG image' },
  { bytes: 'GIF87a', kind: 'image', name: 'GIF image', mayBeText: true },
  { bytes: 'GIF89a', kind: 'image', name: 'GIF image', mayBeText: true },
  { bytes: 'WEBP', at: 8, kind: 'image', name: 'WebP image', mayBeText: true },
  { bytes: '%PDF-', kind: 'pdf', name: 'PDF document' },
  { bytes: 'PK\x03\x04', kind: 'binary', name: 'ZIP archive' },
  { bytes: '\x1f\x8b', kind: 'binary', name: 'gzip archive' },
  { bytes: '7z\xbc\xaf\x27\x1c', kind: 'binary', name: '7-Zip archive' },
  { bytes: '\xfd7zXZ\0', kind: 'binary', name: 'xz archive' },
  { bytes: '\x28\xb5\x2f\xfd', kind: 'binary', name: 'Zstandard archive' },
  { bytes: 'BZh', kind: 'binary', name: 'bzip2 archive', mayBeText: true },
  { bytes: 'ustar', at: 257, kind: 'binary', name: 'tar archive', mayBeText: true },
  { bytes: '\x7fELF', kind: 'binary', name: 'program (ELF)' },
  { bytes: 'MZ', kind: 'binary', name: 'program (Windows)', mayBeText: true },
  { bytes: '\xcf\xfa\xed\xfe', kind: 'binary', name: 'program (Mach-O)' },
  { bytes: '\xca\xfe\xba\xbe', kind: 'binary', name: 'Java class or program (Mach-O)' },
  { bytes: '\0asm', kind: 'binary', name: 'WebAssembly module' },
  { bytes: 'SQLite format 3\0', kind: 'binary', name: 'SQLite database' },
  { bytes: 'wOFF', kind: 'binary', name: 'font', mayBeText: true },
  { bytes: 'wOF2', kind: 'binary', name: 'font', mayBeText: true },
  { bytes: 'OTTO', kind: 'binary', name: 'font', mayBeText: true },
  { bytes: '\0\x01\0\0', kind: 'binary', name: 'font' },
  { bytes: '\0\0\x01\0', kind: 'binary', name: 'icon' },
  { bytes: 'BM', kind: 'binary', name: 'BMP image', mayBeText: true },
  { bytes: 'II*\0', kind: 'binary', name: 'TIFF image' },
  { bytes: 'MM\0*', kind: 'binary', name: 'TIFF image' },
  { bytes: 'ftyp', at: 4, kind: 'binary', name: 'video or picture (MP4, HEIF)', mayBeText: true },
  { bytes: 'ID3', kind: 'binary', name: 'MP3 audio', mayBeText: true },
  { bytes: 'OggS', kind: 'binary', name: 'Ogg audio or video', mayBeText: true },
  { bytes: 'WAVE', at: 8, kind: 'binary', name: 'WAV audio', mayBeText: true },
];

/** Judges by the first bytes, of which there should be `headBytes` unless the file is shorter. */
export function fileTypeOf(head: Uint8Array): FileType {
  const bytes = Buffer.from(head.buffer, head.byteOffset, Math.min(head.byteLength, headBytes));
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { kind: 'text', encoding: 'utf16le', skip: 2 };
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { kind: 'text', encoding: 'utf16be', skip: 2 };
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return { kind: 'text', encoding: 'utf8', skip: 3 };
  const wide = wideEncoding(bytes);
  if (wide !== null) return { kind: 'text', encoding: wide, skip: 0 };
  const isBinary = seemsBinary(bytes);
  const start = bytes.toString('latin1', 0, zeroBytes);
  const known = signatures.find((one) => (isBinary || one.mayBeText !== true) && start.startsWith(one.bytes, one.at));
  if (known !== undefined) return { kind: known.kind, name: known.name };
  return isBinary ? { kind: 'binary', name: 'binary file' } : { kind: 'text', encoding: 'settings', skip: 0 };
}

/** UTF-16 without a mark, as VS Code sees it: every second one of the first bytes is NUL, and no other; but no controls. */
function wideEncoding(bytes: Buffer): 'utf16le' | 'utf16be' | null {
  const length = Math.min(bytes.length, zeroBytes) & ~1;
  if (length === 0) return null;
  let little = true;
  let big = true;
  for (let at = 0; at < length && (little || big); at += 2) {
    const first = bytes[at] === 0;
    const second = bytes[at + 1] === 0;
    const isControl = isControlByte((bytes[at] ?? 0) | (bytes[at + 1] ?? 0));
    if (first || !second || isControl) little = false;
    if (!first || second || isControl) big = false;
  }
  return little ? 'utf16le' : big ? 'utf16be' : null;
}

/**
 * A NUL where VS Code looks for one, or any in bytes that are full of control characters. A log with a stray NUL further
 * down is text in the editor, too.
 */
function seemsBinary(bytes: Buffer): boolean {
  if (bytes.subarray(0, zeroBytes).includes(0)) return true;
  if (!bytes.includes(0)) return false;
  let controls = 0;
  for (const byte of bytes) if (isControlByte(byte)) controls += 1;
  return controls > bytes.length / 100;
}

/** One that texts do not have. */
function isControlByte(byte: number): boolean {
  return byte < 32 && (byte < 7 || byte > 13) && byte !== 27;
}
