/** Lines of a text by range, without ever holding more of it than is asked for (LESSONS L36). */
import { byteLength, cutLine, maxLineCharacters } from '../../core/tools/words/text';
import type { PieceDecoder } from './files/decode';
import type { Disk } from './files/disk';
import type { LineMark } from './files/fileScan';

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
  /** The start of the line that is not yet complete; one character more than is shown of any line. */
  #head = '';
  #length = 0;
  #full = false;
  /** What was added last ends in a CR: an LF behind it belongs to it. */
  #return = false;

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

  /** Line ends are those of the editor: LF, CR LF and CR alone. */
  add(text: string): void {
    let from = this.#return && text.startsWith('\n') ? 1 : 0;
    if (text !== '') this.#return = text.endsWith('\r');
    const hasReturns = text.includes('\r');
    // Where lines are short, a regular expression takes several times as long.
    for (let end = endAfter(text, from, hasReturns); end >= 0; end = endAfter(text, from, hasReturns)) {
      this.#extend(text, from, end);
      this.#finish();
      from = end + (text.startsWith('\r\n', end) ? 2 : 1);
    }
    this.#extend(text, from, text.length);
  }

  /** Lines in all, once everything was added. */
  end(): number {
    if (this.#length > 0) this.#finish();
    return this.#number - 1;
  }

  #extend(text: string, from: number, to: number): void {
    const room = maxLineCharacters + 1 - this.#head.length;
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
    if (this.#length > maxLineCharacters) line = cutLine(line, this.#length);
    const bytes = byteLength(line) + 1;
    if (this.lines.length > 0 && this.#bytes + bytes > this.range.maxBytes) this.#full = true;
    else {
      this.lines.push(line);
      this.#bytes += bytes;
      if (this.lines.length >= this.range.maxLines) this.#full = true;
    }
  }
}

/** Where the next line end begins; -1 for none. */
function endAfter(text: string, from: number, hasReturns: boolean): number {
  if (!hasReturns) return text.indexOf('\n', from);
  for (let at = from; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === 10 || unit === 13) return at;
  }
  return -1;
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
  { decoder, skip }: { readonly decoder: PieceDecoder; readonly skip: number },
  range: LineRange,
  signal: AbortSignal,
): Promise<LinesRead | null> {
  const collector = new LineCollector(range, from?.line);
  const take = (bytes: Buffer): boolean => {
    collector.add(decoder.write(bytes));
    return !collector.full;
  };
  if (!(await disk.pieces(path, from?.offset ?? skip, take, signal))) return null;
  if (collector.full) return { lines: collector.lines, totalLines };
  collector.add(decoder.end());
  return { lines: collector.lines, totalLines: collector.end() };
}
