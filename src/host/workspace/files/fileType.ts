/** What a file is, by its first bytes and its name: text in some encoding, or not for reading as text. */

type TextEncoding = 'utf8' | 'utf16le' | 'utf16be' | 'latin1';

/** Text with its encoding, or what else it is, by name. */
export type FileType =
  /** `skip`: bytes of the byte order mark. */
  | { readonly kind: 'text'; readonly encoding: TextEncoding; readonly skip: number }
  | { readonly kind: 'image' | 'binary'; readonly name: string };

/** Enough to see a NUL in any binary format that has them. */
export const headBytes = 64 * 1024;

const signatures: readonly { readonly bytes: string; readonly kind: 'image' | 'binary'; readonly name: string }[] = [
  { bytes: '\x89PNG\r\n\x1a\n', kind: 'image', name: 'PNG image' },
  { bytes: '\xff\xd8\xff', kind: 'image', name: 'JPEG image' },
  { bytes: 'GIF87a', kind: 'image', name: 'GIF image' },
  { bytes: 'GIF89a', kind: 'image', name: 'GIF image' },
  { bytes: '%PDF-', kind: 'binary', name: 'PDF document' },
  { bytes: 'PK\x03\x04', kind: 'binary', name: 'ZIP archive' },
  { bytes: '\x1f\x8b', kind: 'binary', name: 'gzip archive' },
  { bytes: '\x7fELF', kind: 'binary', name: 'program (ELF)' },
  { bytes: '\0asm', kind: 'binary', name: 'WebAssembly module' },
  { bytes: 'SQLite format 3\0', kind: 'binary', name: 'SQLite database' },
  { bytes: 'wOFF', kind: 'binary', name: 'font' },
  { bytes: 'wOF2', kind: 'binary', name: 'font' },
];

/** Judges by the first bytes, of which there should be `headBytes` unless the file is shorter. */
export function fileTypeOf(head: Uint8Array): FileType {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { kind: 'text', encoding: 'utf16le', skip: 2 };
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { kind: 'text', encoding: 'utf16be', skip: 2 };
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return { kind: 'text', encoding: 'utf8', skip: 3 };
  const start = bytes.toString('latin1', 0, 16);
  if (start.startsWith('RIFF') && start.slice(8, 12) === 'WEBP') return { kind: 'image', name: 'WebP image' };
  const known = signatures.find((signature) => start.startsWith(signature.bytes));
  if (known !== undefined) return { kind: known.kind, name: known.name };
  if (bytes.subarray(0, headBytes).includes(0)) return { kind: 'binary', name: 'binary file' };
  return { kind: 'text', encoding: isUtf8(bytes.subarray(0, headBytes)) ? 'utf8' : 'latin1', skip: 0 };
}

/** Judges like the decoder; a character that the end of the head cuts in two is no fault. */
function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** The text of a whole file; null for what is not text. */
export function decodeText(bytes: Uint8Array): string | null {
  const type = fileTypeOf(bytes);
  if (type.kind !== 'text') return null;
  const body = Buffer.from(bytes.subarray(type.skip));
  if (type.encoding !== 'utf16be') return body.toString(type.encoding);
  return body
    .subarray(0, body.length & ~1)
    .swap16()
    .toString('utf16le');
}
