/** Reads `rg --json` as it streams, without holding the longest of its lines (LESSONS L36). */
import { wholeCharacters } from '../../../core/tools/text';

/** A line with a match; `line` is one-based, `text` cut around the match. */
export interface FoundLine {
  /** As ripgrep names it: relative, forward slashes. */
  readonly path: string;
  readonly line: number;
  readonly text: string;
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

/** Collects matches by file. Files that turn out to be binary, and names that are not UTF-8, are left out. */
export class SearchOutput {
  readonly #files = new Map<string, FoundLine[]>();
  #count = 0;
  #head: Buffer[] = [];
  #headBytes = 0;
  /** What follows the text of a very long line: its number. */
  #tail: Buffer | null = null;
  /** The end of a very long event: where the match ends, and what stands before that. */
  #carry: Buffer = Buffer.alloc(0);

  constructor(readonly maxMatches: number) {}

  get files(): ReadonlyMap<string, readonly FoundLine[]> {
    return this.#files;
  }

  /** False once there are more matches than anyone asks for. */
  add(piece: Buffer): boolean {
    let from = 0;
    for (let end = piece.indexOf(10); end >= 0; end = piece.indexOf(10, from)) {
      this.#extend(piece.subarray(from, end));
      this.#finish();
      from = end + 1;
    }
    this.#extend(piece.subarray(from));
    return this.#count < this.maxMatches;
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
    const path = data.path?.text;
    if (path === undefined) return;
    if (type === 'end' && typeof data.binary_offset === 'number') {
      this.#count -= this.#files.get(path)?.length ?? 0;
      this.#files.delete(path);
    }
    if (type !== 'match' || data.line_number === undefined) return;
    const bytes =
      data.lines?.bytes === undefined ? Buffer.from(data.lines?.text ?? '') : Buffer.from(data.lines.bytes, 'base64');
    const line = bytes.toString('utf8').replace(/\r?\n$/, '');
    const end = bytes.subarray(0, data.submatches?.[0]?.end ?? 0).toString('utf8').length;
    this.#push(path, data.line_number, around(line, Math.max(0, end - shownBefore)));
  }

  #takeLong(head: string, tail: string, last: string): void {
    const path = /^\{"type":"match","data":\{"path":\{"text":("(?:[^"\\]|\\.)*")/.exec(head)?.[1];
    const number = /^"line_number":(\d+)/.exec(tail)?.[1];
    if (path === undefined || number === undefined) return;
    const match = /([^"]*)"\},"start":\d+,"end":(\d+)\}\]\}\}\s*$/.exec(last.replace(/\\"/g, "'"));
    const text = unescaped((match?.[1] ?? '').slice(-shown));
    const at = match?.[2] === undefined ? '' : ` ends at byte ${match[2]}`;
    this.#push(JSON.parse(path) as string, Number(number), `…${text}… [a very long line; the match${at}]`);
  }

  #push(path: string, line: number, text: string): void {
    const clean = path.startsWith('./') ? path.slice(2) : path;
    const lines = this.#files.get(clean);
    if (lines === undefined) this.#files.set(clean, [{ path: clean, line, text }]);
    else lines.push({ path: clean, line, text });
    this.#count += 1;
  }
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
