/** Text out of bytes as VS Code's editor shows it: by its own decoder and settings, in any encoding (LESSONS L55, L56). */
import { isAscii, isUtf8 } from 'node:buffer';
import { StringDecoder } from 'node:string_decoder';
import type { EditorDecoder } from './facts';
import { type FileType, fileTypeOf } from './fileType';

/** Bytes of a file that VS Code's decoder is given; it wants all of them at once. */
export const maxDecodedBytes = 5 * 1024 * 1024;

/** The text of a file. */
export interface Decoded {
  readonly text: string;
  /** A sentence for the model on how it was read, where the settings' encoding is not the whole story. */
  readonly note: string | null;
}

/** Turns the bytes of a text into text, piece by piece. */
export interface PieceDecoder {
  write(bytes: Buffer): string;
  /** What was held back of a last character that is not whole. */
  end(): string;
}

/**
 * The text of a whole file as its editor would show it; null for what is not text. `bytes` are all of the file. A byte
 * order mark is left out. What cannot be decoded shows as U+FFFD. Beyond `maxDecodedBytes` nothing is guessed.
 */
export async function decodeFile(bytes: Uint8Array, uri: string, editor: EditorDecoder): Promise<Decoded | null> {
  const type = fileTypeOf(bytes);
  if (type.kind !== 'text') return null;
  const body = Buffer.from(bytes.buffer, bytes.byteOffset + type.skip, bytes.byteLength - type.skip);
  // What the bytes themselves say comes before any setting, as in VS Code.
  if (type.encoding !== 'settings') return { text: wholeText(body, type.encoding), note: null };
  const { encoding, guesses } = editor.settingsOf(uri);
  // The same in every encoding but UTF-16.
  if (isAscii(bytes) && !encoding.startsWith('utf16')) return { text: body.toString('latin1'), note: null };
  if (bytes.length > maxDecodedBytes) {
    const { decoder, encoding: used, note } = decoderOf(type, uri, editor);
    const text = decoder.write(body) + decoder.end();
    return { text, note: note ?? lossNote(text, bytes, used) };
  }
  try {
    const text = withoutMark(await editor.decode(bytes, uri));
    const guessed = guesses && withoutMark(await editor.decodeAs(bytes, encoding)) !== text;
    return { text, note: guessed ? guessedNote(encoding) : lossNote(text, bytes, encoding) };
  } catch {
    // A setting that VS Code does not know, or bytes that it takes for binary.
    const text = wholeText(body, 'utf8');
    return { text, note: lossNote(text, bytes, 'utf8') };
  }
}

/**
 * A decoder for a text that is too large to be decoded at once: of what its first bytes say, else of the settings.
 * `note` as in `Decoded`; it says so when the settings' encoding can only be read in smaller files.
 */
export function decoderOf(
  type: Extract<FileType, { kind: 'text' }>,
  uri: string,
  editor: EditorDecoder,
): { readonly decoder: PieceDecoder; readonly encoding: string; readonly note: string | null } {
  if (type.encoding !== 'settings') {
    return { decoder: pieceDecoder(type.encoding) ?? utf8(), encoding: type.encoding, note: null };
  }
  const { encoding } = editor.settingsOf(uri);
  const decoder = pieceDecoder(encoding);
  if (decoder !== null) return { decoder, encoding, note: null };
  return {
    decoder: utf8(),
    encoding: 'utf8',
    note: `Read as UTF-8: files.encoding is ${encoding}, which can be decoded in files of up to 5 MB only.`,
  };
}

/** By VS Code's name of an encoding; null for one that can only be decoded by VS Code itself, whole. */
export function pieceDecoder(encoding: string): PieceDecoder | null {
  if (encoding === 'utf8' || encoding === 'utf8bom') return utf8();
  // What the web calls so is Windows-1252.
  if (encoding === 'iso88591') return fromStrings(new StringDecoder('latin1'));
  const label = labels[encoding] ?? encoding.replace(/^iso8859(\d+)$/, 'iso-8859-$1');
  try {
    const decoder = new TextDecoder(label, { ignoreBOM: true });
    return { write: (bytes) => decoder.decode(bytes, { stream: true }), end: () => decoder.decode() };
  } catch {
    return null;
  }
}

/** How the web names what VS Code names otherwise. */
const labels: Readonly<Record<string, string>> = {
  utf16le: 'utf-16le',
  utf16be: 'utf-16be',
  windows1250: 'windows-1250',
  windows1251: 'windows-1251',
  windows1252: 'windows-1252',
  windows1253: 'windows-1253',
  windows1254: 'windows-1254',
  windows1255: 'windows-1255',
  windows1256: 'windows-1256',
  windows1257: 'windows-1257',
  windows1258: 'windows-1258',
  windows874: 'windows-874',
  macroman: 'macintosh',
  cp866: 'ibm866',
  koi8r: 'koi8-r',
  koi8u: 'koi8-u',
  cp950: 'big5',
  big5hkscs: 'big5-hkscs',
  shiftjis: 'shift_jis',
  eucjp: 'euc-jp',
  euckr: 'euc-kr',
};

function utf8(): PieceDecoder {
  return fromStrings(new StringDecoder('utf8'));
}

function fromStrings(strings: StringDecoder): PieceDecoder {
  return { write: (bytes) => strings.write(bytes), end: () => strings.end() };
}

function wholeText(body: Buffer, encoding: 'utf8' | 'utf16le' | 'utf16be'): string {
  if (encoding !== 'utf16be') return body.toString(encoding);
  return Buffer.from(body.subarray(0, body.length & ~1))
    .swap16()
    .toString('utf16le');
}

function withoutMark(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

function guessedNote(encoding: string): string {
  return `The encoding was guessed from the bytes (files.autoGuessEncoding); as ${encoding} (files.encoding) the text would be another.`;
}

function lossNote(text: string, bytes: Uint8Array, encoding: string): string | null {
  if (!text.includes('\ufffd') || isUtf8(bytes)) return null;
  return `Some bytes are no text in ${encoding} (files.encoding) and show as \ufffd, as in the editor.`;
}
