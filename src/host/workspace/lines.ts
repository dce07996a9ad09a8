/** Lines of a text by range, without ever holding more of it than is asked for (LESSONS L36). */
import { StringDecoder } from 'node:string_decoder';
import { byteLength, cutLine, maxLineCharacters } from '../../core/tools/text';
import type { Disk } from './files/disk';
import type { LineMark } from './files/fileScan';
import type { FileType } from './files/fileType';

/** Which lines of a text are wanted. */
export interface LineRange {
  /** One-based. */
  readonly startLine: number;
  readonly maxLines: number;
  /** Of the lines in UTF-8, line ends counted. */
  readonly maxBytes: number;
}

/** The lines that there were in the range, and how many the text has. */
export interface LinesRead {
  readonly lines: readonly string[];
  /** null when counting on would have meant to read too much. */
  readonly totalLines: number | null;
}

/** Takes text in pieces and keeps the lines of the range. A line end at the very end begins no further line. */
class LineCollector {
  readonly lines: string[] = [];
  #bytes = 0;
  #number: number;
  /** The start of the line that is not yet complete; a little more than is shown of any line. */
  #head = '';
  #length = 0;
  #full = false;

  constructor(
    readonly range: LineRange,
    /** The number of the first line that is added. */
    first = 1,
  ) {
    this.#number = first;
  }

  /** True once nothing that follows can be taken. */
  get full(): boolean {
    return this.#full;
  }

  add(text: string): void {
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      this.#extend(text, from, end);
      this.#finish();
      from = end + 1;
    }
    this.#extend(text, from, text.length);
  }

  /** Lines in all, once everything was added. */
  end(): number {
    if (this.#length > 0) this.#finish();
    return this.#number - 1;
  }

  #extend(text: string, from: number, to: number): void {
    const room = maxLineCharacters + 2 - this.#head.length;
    if (room > 0 && this.#wanted()) this.#head += text.slice(from, Math.min(to, from + room));
    this.#length += to - from;
  }

  #wanted(): boolean {
    return !this.#full && this.#number >= this.range.startLine;
  }

  #finish(): void {
    if (this.#wanted()) this.#take();
    this.#number += 1;
    this.#head = '';
    this.#length = 0;
  }

  #take(): void {
    let line = this.#head;
    if (line.length === this.#length && line.endsWith('\r')) line = line.slice(0, -1);
    if (line.length > maxLineCharacters || line.length + 1 < this.#length) line = cutLine(line, this.#length);
    const bytes = byteLength(line) + 1;
    if (this.lines.length > 0 && this.#bytes + bytes > this.range.maxBytes) this.#full = true;
    else {
      this.lines.push(line);
      this.#bytes += bytes;
      if (this.lines.length >= this.range.maxLines) this.#full = true;
    }
  }
}

/** Lines of a text that is in memory. */
export function linesOfText(text: string, range: LineRange): LinesRead {
  const collector = new LineCollector(range);
  collector.add(text);
  return { lines: collector.lines, totalLines: collector.end() };
}

interface LinesSource {
  readonly disk: Disk;
  readonly path: string;
  /** How many lines it has; null where that is not known. */
  readonly lines: number | null;
  /** A line at or before the first wanted one, and where it begins; without one the start of the file. */
  readonly from?: LineMark;
}

/** Lines of a text file, read in pieces; null when it is gone. Reads no further than the last wanted line. */
export async function linesOfFile(
  { disk, path, lines: totalLines, from }: LinesSource,
  type: Extract<FileType, { kind: 'text' }>,
  range: LineRange,
  signal: AbortSignal,
): Promise<LinesRead | null> {
  const collector = new LineCollector(range, from?.line);
  const decode = decoder(type);
  const take = (bytes: Buffer): boolean => {
    collector.add(decode(bytes));
    return !collector.full;
  };
  if (!(await disk.pieces(path, from?.offset ?? type.skip, take, signal))) return null;
  if (collector.full) return { lines: collector.lines, totalLines };
  collector.add(decode(null));
  return { lines: collector.lines, totalLines: collector.end() };
}

/** Decodes in pieces; null asks for what is left at the end. */
function decoder({ encoding }: Extract<FileType, { kind: 'text' }>): (bytes: Buffer | null) => string {
  const strings = new StringDecoder(encoding === 'utf16be' ? 'utf16le' : encoding);
  if (encoding !== 'utf16be') return (bytes) => (bytes === null ? strings.end() : strings.write(bytes));
  let odd: Buffer = Buffer.alloc(0);
  return (bytes) => {
    if (bytes === null) return strings.end();
    const all = Buffer.concat([odd, bytes]);
    const even = all.length & ~1;
    odd = Buffer.from(all.subarray(even));
    return strings.write(all.subarray(0, even).swap16());
  };
}
