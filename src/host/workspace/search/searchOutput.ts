/** Reads `rg --json` as it streams, without holding the longest of its lines (LESSONS L36). */
import { wholeCharacters } from '../../../core/tools/words/text';

/** A line with a match; `line` is one-based, `text` cut around the match. */
export interface FoundLine {
  /** As ripgrep names it: relative, forward slashes. */
  readonly path: string;
  readonly line: number;
  readonly text: string;
  /** It has no match: it stands around one that has. */
  readonly context?: true;
}

/** Characters of a matching line that are shown. */
const shown = 300;
const shownBefore = 100;

/** The part of a line around a match, whose place is given in UTF-16 units. */
export function around(line: string, start: number): string {
  if (line.length <= shown) return line;
  const from = Math.max(0, Math.min(start - shownBefore, line.length - shown));
  // Not in the middle of a surrogate pair.
  const begin = from > 0 && /^[\udc00-\udfff]/.test(line.slice(from, from + 1)) ? from + 1 : from;
  const part = wholeCharacters(line.slice(begin), shown);
  return `${begin > 0 ? '…' : ''}${part}${begin + part.length < line.length ? '…' : ''}`;
}

/** Bytes of one event that are kept; a longer one stands for a very long line. */
const maxEvent = 256 * 1024;
const maxTail = 4 * 1024;
/** Stands behind the line's text; inside of it every quote is escaped. */
const tailMark = Buffer.from('"line_number":');

interface Text {
  readonly text?: string;
  /** Base64, where it is not UTF-8. */
  readonly bytes?: string;
}

interface Event {
  readonly type: string;
  readonly data: {
    readonly path: Text | null;
    readonly lines?: Text;
    readonly line_number?: number;
    readonly binary_offset?: number | null;
    /** One a line, from the line's start to the end of its first match. */
    readonly submatches?: readonly { readonly end: number }[];
  };
}

/** What was found in a file. */
interface FoundFile {
  readonly lines: FoundLine[];
  /** Lines that match, those that are not kept included. */
  count: number;
}

/** What to keep of a search. */
interface Kept {
  /** Files, with their lines, that come first by path; of the others nothing is kept. */
  readonly lines: number;
  /** Lines of each file. */
  readonly perFile: number;
}

/** Where the name of an event's type begins. */
const typeAt = '{"type":"'.length;

/**
 * Collects matches by file, of the first files by path, whatever the order in which they come. Files that turn out to be
 * binary, and names that are not UTF-8, are left out.
 */
export class SearchOutput {
  readonly #files = new Map<string, FoundFile>();
  /** Files and lines that are kept. */
  #count = 0;
  /** Files behind it are not kept; null: all are. */
  #last: string | null = null;
  #isSkipping = false;
  #head: Buffer[] = [];
  #headBytes = 0;
  /** What follows the text of a very long line: its number. */
  #tail: Buffer | null = null;
  /** The end of a very long event: where the match ends, and what stands before that. */
  #carry: Buffer = Buffer.alloc(0);

  constructor(readonly kept: Kept) {}

  get files(): ReadonlyMap<string, { readonly lines: readonly FoundLine[]; readonly count: number }> {
    return this.#files;
  }

  /** True when there are files of which nothing was kept. */
  get isCut(): boolean {
    return this.#last !== null;
  }

  add(piece: Buffer): void {
    let from = 0;
    for (let end = piece.indexOf(10); end >= 0; end = piece.indexOf(10, from)) {
      if (this.#headBytes > 0 || !this.#isSkipped(piece, from)) {
        this.#extend(piece.subarray(from, end));
        this.#finish();
      }
      from = end + 1;
    }
    this.#extend(piece.subarray(from));
  }

  /** A line of a file of which nothing is kept need not be read: `{"type":"match"…`, `{"type":"context"…`. */
  #isSkipped(piece: Buffer, from: number): boolean {
    if (!this.#isSkipping) return false;
    const letter = piece[from + typeAt];
    // Its end, `{"type":"end"…`, with many figures.
    if (letter === 101) this.#isSkipping = false;
    return letter === 109 || letter === 99 || letter === 101;
  }

  #extend(part: Buffer): void {
    if (this.#headBytes < maxEvent) {
      this.#head.push(part);
      this.#headBytes += part.length;
      if (this.#headBytes < maxEvent) return;
      // Inside the line's own text every quote is escaped: the mark cannot stand there.
      part = Buffer.concat(this.#head);
      this.#head = [part.subarray(0, maxEvent)];
    }
    const window = Buffer.concat([this.#carry, part]);
    if (this.#tail === null) {
      const at = window.indexOf(tailMark);
      if (at >= 0) this.#tail = Buffer.from(window.subarray(at, at + maxTail));
    }
    this.#carry = Buffer.from(window.subarray(-maxTail));
  }

  #finish(): void {
    const head = Buffer.concat(this.#head);
    if (this.#headBytes < maxEvent) this.#take(JSON.parse(head.toString('utf8')) as Event);
    else this.#takeLong(head.toString('utf8'), this.#tail?.toString('utf8') ?? '', this.#carry.toString('utf8'));
    this.#head = [];
    this.#headBytes = 0;
    this.#tail = null;
    this.#carry = Buffer.alloc(0);
  }

  #take({ type, data }: Event): void {
    const path = clean(data.path?.text);
    if (path === null) return;
    if (type === 'begin') this.#isSkipping = this.#last !== null && path > this.#last;
    if (type === 'end') {
      this.#isSkipping = false;
      if (typeof data.binary_offset === 'number') this.#drop(path);
    }
    if ((type !== 'match' && type !== 'context') || data.line_number === undefined) return;
    const isMatch = type === 'match';
    const { bytes: base64, text = '' } = data.lines ?? {};
    const bytes = base64 === undefined ? Buffer.from(text) : Buffer.from(base64, 'base64');
    const line = bytes.toString('utf8').replace(/\r?\n$/, '');
    const end = bytes.subarray(0, data.submatches?.[0]?.end ?? 0).toString('utf8').length;
    this.#push(path, data.line_number, around(line, Math.max(0, end - shownBefore)), isMatch);
  }

  #takeLong(head: string, tail: string, last: string): void {
    const path = /^\{"type":"match","data":\{"path":\{"text":("(?:[^"\\]|\\.)*")/.exec(head)?.[1];
    const number = /^"line_number":(\d+)/.exec(tail)?.[1];
    if (path === undefined || number === undefined) return;
    const match = /([^"]*)"\},"start":\d+,"end":(\d+)\}\]\}\}\s*$/.exec(last.replace(/\\"/g, "'"));
    const text = unescaped((match?.[1] ?? '').slice(-shown));
    const at = match?.[2] === undefined ? '' : ` ends at byte ${match[2]}`;
    const name = clean(JSON.parse(path) as string);
    if (name !== null) this.#push(name, Number(number), `…${text}… [a very long line; the match${at}]`, true);
  }

  #push(path: string, line: number, text: string, isMatch: boolean): void {
    if (this.#isSkipping) return;
    const known = this.#files.get(path);
    const file = known ?? { lines: [], count: 0 };
    this.#files.set(path, file);
    if (isMatch) file.count += 1;
    const isKept = file.count <= this.kept.perFile;
    if (isKept) file.lines.push(isMatch ? { path, line, text } : { path, line, text, context: true });
    this.#count += (known === undefined ? 1 : 0) + (isKept ? 1 : 0);
    if (this.#count > 2 * this.kept.lines) this.#prune();
  }

  /** Takes a file that was found otherwise. */
  include(path: string, file: { readonly lines: readonly FoundLine[]; readonly count: number }): void {
    if (this.#last !== null && path > this.#last) return;
    this.#drop(path);
    this.#files.set(path, { lines: [...file.lines], count: file.count });
    this.#count += 1 + file.lines.length;
  }

  /** Lets go of the files that come last. */
  #prune(): void {
    let room = this.kept.lines;
    for (const path of [...this.#files.keys()].sort()) {
      if (room <= 0) this.#drop(path);
      else this.#last = path;
      room -= 1 + (this.#files.get(path)?.lines.length ?? 0);
    }
    this.#isSkipping = false;
  }

  #drop(path: string): void {
    const file = this.#files.get(path);
    if (file !== undefined) this.#count -= 1 + file.lines.length;
    this.#files.delete(path);
  }
}

function clean(path: string | undefined): string | null {
  if (path === undefined) return null;
  return path.startsWith('./') ? path.slice(2) : path;
}

/** A part of a JSON string's inside, which may begin in the middle of an escape. */
function unescaped(part: string): string {
  for (let from = 0; from < 12; from += 1) {
    try {
      return wholeCharacters(JSON.parse(`"${part.slice(from)}"`) as string, shown);
    } catch {
      // The next character may be where an escape ends.
    }
  }
  return '';
}
