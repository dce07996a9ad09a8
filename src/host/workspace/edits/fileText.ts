/** Text of a file that can be written back to the byte: its encoding is known, and proved on the bytes that are there. */
import { isAscii } from 'node:buffer';
import { ToolError } from '../../../core/tools/workspace';
import { decodeFile, maxDecodedBytes } from '../files/decode';
import type { EditorDecoder } from '../files/facts';
import { fileTypeOf } from '../files/fileType';
import { sizeText } from '../readLines';
import type { EditFacts } from './facts';

/** Bytes of a file that is changed as text. */
export const maxTextBytes: number = maxDecodedBytes;

/** How a text becomes bytes. */
export interface FileEncoding {
  /** VS Code's name for it. */
  readonly name: string;
  /** Bytes of the byte order mark that stands in front; empty: none. */
  readonly mark: Uint8Array;
}

/** What is in a text file, and how it is written back. */
export interface FileText {
  /** Without its byte order mark, with its own line ends. */
  readonly text: string;
  readonly encoding: FileEncoding;
}

/** Turns text into bytes and back. */
export interface Encodings {
  readonly decoder: EditorDecoder;
  readonly edits: Pick<EditFacts, 'encode' | 'encodingOf'>;
}

/** A file that is not changed as text, and why. */
class NotWritableError extends ToolError {
  override readonly name = 'NotWritableError';
}

const noMark = new Uint8Array();

/**
 * The text of a file. `known`: the encoding of the editor that holds it. Throws a ToolError for what is no text, and where
 * the text, written again, would not give the very bytes.
 */
export async function textOfFile(
  { path, uri, bytes, known }: { path: string; uri: string; bytes: Uint8Array; known: string | null },
  encodings: Encodings,
): Promise<FileText> {
  if (bytes.length > maxTextBytes) {
    throw new NotWritableError(`${path} has ${sizeText(bytes.length)}: files of up to 5 MB can be changed.`);
  }
  const type = fileTypeOf(bytes);
  if (type.kind !== 'text') {
    throw new NotWritableError(`${path} is not text (${type.name}), so it cannot be changed as text.`);
  }
  const mark = bytes.slice(0, type.skip);
  const names = type.encoding !== 'settings' ? [type.encoding] : await candidates(bytes, uri, known, encodings);
  for (const name of names) {
    const text = await decodedAs(bytes, { name, mark }, uri, encodings);
    if (text === null) continue;
    const again = await encoded(text, { name, mark }, encodings);
    if (Buffer.compare(again, bytes) === 0) return { text, encoding: { name, mark } };
  }
  throw new NotWritableError(
    `${path} is not changed: its text, written again in ${names.join(' or ')} (files.encoding), would not give the same ` +
      'bytes, so that other places of it would be damaged. Tell the user; its encoding may be another one.',
  );
}

/** Encodings that the bytes of a file may be in where they do not tell it themselves, the likeliest first. */
async function candidates(
  bytes: Uint8Array,
  uri: string,
  known: string | null,
  { decoder, edits }: Encodings,
): Promise<readonly string[]> {
  const { encoding, guesses } = decoder.settingsOf(uri);
  if (known !== null) return [plain(known)];
  if (!guesses || isAscii(bytes)) return [plain(encoding)];
  return [...new Set([plain(await edits.encodingOf(uri)), plain(encoding)])];
}

/** A setting that would add a mark does not to a file that has none. */
function plain(name: string): string {
  return name === 'utf8bom' ? 'utf8' : name;
}

async function decodedAs(
  bytes: Uint8Array,
  { name, mark }: FileEncoding,
  uri: string,
  { decoder }: Encodings,
): Promise<string | null> {
  const body = Buffer.from(bytes.buffer, bytes.byteOffset + mark.length, bytes.byteLength - mark.length);
  if (name === 'utf8') return body.toString('utf8');
  if (name === 'utf16le') return body.toString('utf16le');
  if (name === 'utf16be') return body.length % 2 === 0 ? Buffer.from(body).swap16().toString('utf16le') : null;
  try {
    const text = await decoder.decodeAs(body, name);
    return text.startsWith('\ufeff') ? text.slice(1) : text;
  } catch {
    // An encoding that VS Code does not know: what it reads instead.
    return (await decodeFile(bytes, uri, decoder))?.text ?? null;
  }
}

/** The bytes of a text, whatever becomes of characters that have no place in its encoding. */
async function encoded(text: string, { name, mark }: FileEncoding, { edits }: Encodings): Promise<Uint8Array> {
  if (name === 'utf8') return Buffer.concat([mark, Buffer.from(text, 'utf8')]);
  if (name === 'utf16le') return Buffer.concat([mark, Buffer.from(text, 'utf16le')]);
  if (name === 'utf16be') return Buffer.concat([mark, Buffer.from(text, 'utf16le').swap16()]);
  try {
    return Buffer.concat([mark, await edits.encode(text, name)]);
  } catch {
    return Buffer.concat([mark, Buffer.from(text, 'utf8')]);
  }
}

/** The bytes of a new text of a file. Throws a ToolError where a character has no place in its encoding. */
export async function bytesOfText(
  text: string,
  encoding: FileEncoding,
  { path, uri }: { readonly path: string; readonly uri: string },
  encodings: Encodings,
): Promise<Uint8Array> {
  const bytes = await encoded(text, encoding, encodings);
  const again = await decodedAs(bytes, encoding, uri, encodings);
  if (again === text) {
    if (bytes.length <= maxTextBytes) return bytes;
    throw new NotWritableError(`${path} would have ${sizeText(bytes.length)}: files of up to 5 MB can be written.`);
  }
  const lost = firstDifference(text, again ?? '');
  throw new NotWritableError(
    `${path} is in ${encoding.name} (files.encoding), which has no place for ${JSON.stringify(lost)}. Nothing was ` +
      'changed. Write it otherwise (an escape, a plain letter), or ask the user to change the encoding of the file.',
  );
}

/** Bytes that were made of a text in this encoding, as that text again; null where they were not. */
export async function textOfBytes(
  bytes: Uint8Array,
  { name, mark }: FileEncoding,
  uri: string,
  encodings: Encodings,
): Promise<string | null> {
  const isMarked = Buffer.compare(bytes.subarray(0, mark.length), mark) === 0;
  const encoding = { name, mark: isMarked ? mark : noMark };
  const text = await decodedAs(bytes, encoding, uri, encodings);
  if (text === null || Buffer.compare(await encoded(text, encoding, encodings), bytes) !== 0) return null;
  return text;
}

/** How an editor's text is saved. `bytes`: what is on disk; null for nothing. Throws a ToolError as `textOfFile`. */
export async function encodingOfOpen(
  { path, uri, bytes }: { readonly path: string; readonly uri: string; readonly bytes: Uint8Array | null },
  known: string,
  encodings: Encodings,
): Promise<FileEncoding> {
  if (bytes === null) return encodingOfNew(known);
  return (await textOfFile({ path, uri, bytes, known }, encodings)).encoding;
}

/** How a new file is written at a place whose setting says so. */
export function encodingOfNew(setting: string): FileEncoding {
  if (setting === 'utf8bom') return { name: 'utf8', mark: Uint8Array.of(0xef, 0xbb, 0xbf) };
  // VS Code writes the mark of these into a new file.
  if (setting === 'utf16le') return { name: 'utf16le', mark: Uint8Array.of(0xff, 0xfe) };
  if (setting === 'utf16be') return { name: 'utf16be', mark: Uint8Array.of(0xfe, 0xff) };
  return { name: setting, mark: noMark };
}

function firstDifference(text: string, again: string): string {
  const others = again[Symbol.iterator]();
  for (const character of text) if (others.next().value !== character) return character.toWellFormed();
  return '';
}

/** The one line end that a text has, null where it has none; 'mixed' for what an editor would make one kind. */
export function lineEndOf(text: string): '\n' | '\r\n' | 'mixed' | null {
  const crlf = (text.match(/\r\n/g) ?? []).length;
  const lf = (text.match(/\n/g) ?? []).length - crlf;
  const cr = (text.match(/\r/g) ?? []).length - crlf;
  if (cr > 0 || (crlf > 0 && lf > 0)) return 'mixed';
  return crlf > 0 ? '\r\n' : lf > 0 ? '\n' : null;
}

/** Whether two texts are the same but for their line ends. */
export function sameLines(a: string, b: string): boolean {
  return a === b || a.replace(/\r\n?/g, '\n') === b.replace(/\r\n?/g, '\n');
}
