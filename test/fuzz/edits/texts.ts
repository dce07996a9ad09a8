/** Texts in which each line can be told from all others, in the encodings and with the line ends that files have. */

/** How the files of a case are written. */
export type Kind = 'lf' | 'crlf' | 'mixed' | 'mark' | 'open';

export const kinds: readonly Kind[] = ['lf', 'crlf', 'mixed', 'mark', 'open'];

const mark = Buffer.of(0xef, 0xbb, 0xbf);

/** A line's name: who wrote it (o: there from the beginning, m: the model, u: the user, g: another program), and which. */
const tag = /\b[omug]\d+\b/g;

/** All names in a text. */
export function tagsIn(text: string): readonly string[] {
  return text.match(tag) ?? [];
}

/** The lines of a text with their line ends. */
export function linesOf(text: string): readonly string[] {
  return text.match(/[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+$/g) ?? [];
}

/** The same without them. */
export function bareLines(text: string): readonly string[] {
  return linesOf(text).map((line) => line.replace(/[\r\n]+$/, ''));
}

/** Without its byte order mark; what is no UTF-8 is Latin-1. */
export function decoded(bytes: Uint8Array): string {
  const all = Buffer.from(bytes);
  const body = all.subarray(0, 3).equals(mark) ? all.subarray(3) : all;
  const text = body.toString('utf8');
  return text.includes('\ufffd') ? body.toString('latin1') : text;
}

/** How a text is written again in the place of these bytes. */
export function encodedLike(text: string, before: Uint8Array | null, latin1: boolean): Buffer {
  if (before !== null && Buffer.from(before).subarray(0, 3).equals(mark))
    return Buffer.concat([mark, Buffer.from(text)]);
  return Buffer.from(text, latin1 ? 'latin1' : 'utf8');
}

/** One kind of line end, as an editor makes it: the one that most lines have. */
export function evenEnds(text: string): string {
  const crlf = (text.match(/\r\n/g) ?? []).length;
  const others = (text.match(/\r\n|\n|\r/g) ?? []).length - crlf;
  return text.replace(/\r\n|\n|\r/g, crlf > others ? '\r\n' : '\n');
}

/** The line end that an editor has for a text. */
export function endOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

/** The bytes of a file of a kind; `next` names its lines. */
export function originalOf(kind: Kind, latin1: boolean, lines: number, next: () => string): Buffer {
  const ends: Readonly<Record<Kind, readonly string[]>> = {
    lf: ['\n'],
    crlf: ['\r\n'],
    mixed: ['\n', '\r\n', '\r\n', '\n', '\n'],
    mark: ['\n'],
    open: ['\n'],
  };
  const own = ends[kind];
  const all = Array.from({ length: lines }, (_, index) => {
    // Some lines stand there more than once.
    const words = index % 7 === 3 ? '}' : index % 7 === 5 ? '' : `${next()} caf\u00e9${index % 4 === 0 ? '  ' : ''}`;
    return words + (own[index % own.length] ?? '\n');
  }).join('');
  const text = kind === 'open' ? all.replace(/\n$/, '') : all;
  if (kind === 'mark') return Buffer.concat([mark, Buffer.from(text)]);
  return Buffer.from(text, latin1 ? 'latin1' : 'utf8');
}
