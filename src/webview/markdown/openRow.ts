/** The open end of a table: its last row, cell by cell. */
import type { Token, Tokens } from 'marked';
import { isUndecided, type LexRun, type NextLine, type OpenEnd, splitHeld } from './openEnd';
import { GrowingRun } from './run';

/** The last row of a table, while it is written. */
export class OpenRow implements OpenEnd {
  readonly #rows: readonly Tokens.TableCell[][];
  #cells: Tokens.TableCell[] = [];
  /** The cell that is being written; null while nothing but blanks stands in it. */
  #run: GrowingRun | null = null;
  /** Blanks that belong to it once something follows them. */
  #blanks = '';
  #begun = false;
  #raw: string;
  #built: Token | null = null;

  /** `rows` are those before the last one; `raw` is the source up to that. */
  constructor(
    private readonly table: Tokens.Table,
    rows: readonly Tokens.TableCell[][],
    raw: string,
    private readonly lexRun: LexRun,
  ) {
    this.#rows = rows;
    this.#raw = raw;
  }

  get token(): Token {
    this.#built ??= { ...this.table, raw: this.#raw, rows: [...this.#rows, this.row] };
    return this.#built;
  }

  /** As many cells as the header has. */
  get row(): Tokens.TableCell[] {
    const cells = this.#run === null ? this.#cells : [...this.#cells, this.#cell(this.#run)];
    return this.table.header.map((_, column) => cells[column] ?? this.#empty(column));
  }

  /** Not where a bar may be part of a cell: behind a backslash, and where there are too many. */
  grow(text: string): boolean {
    if (text.includes('\\')) return false;
    this.#raw += text;
    this.#built = null;
    for (const [index, piece] of text.split('|').entries()) {
      if (index > 0) this.#bar();
      if (!this.#write(piece)) return false;
    }
    return true;
  }

  next(held: string): NextLine {
    const { lead, blank, line } = splitHeld(held);
    if (blank) return { kind: 'ended', length: lead };
    // The lexer counts the cells that are missing.
    const cells = this.#cells.length + (this.#run === null ? 0 : 1);
    if (cells < this.table.header.length) return { kind: 'unknown' };
    if (line.startsWith('|')) return { kind: 'row' };
    return isUndecided(line) ? { kind: 'wait' } : { kind: 'unknown' };
  }

  begin(next: NextLine): OpenEnd | null {
    if (next.kind !== 'row') return null;
    return new OpenRow(this.table, [...this.#rows, this.row], `${this.#raw}\n`, this.lexRun);
  }

  /** The first one opens the row. */
  #bar(): void {
    if (this.#run !== null) this.#cells.push(this.#cell(this.#run));
    else if (this.#begun) this.#cells.push(this.#empty(this.#cells.length));
    this.#begun = true;
    this.#run = null;
    this.#blanks = '';
  }

  #write(piece: string): boolean {
    const words = this.#run === null ? piece.trimStart() : piece;
    const text = words.trimEnd();
    const blanks = words.slice(text.length);
    if (text === '') {
      if (this.#run !== null) this.#blanks += blanks;
      return true;
    }
    if (this.#cells.length >= this.table.header.length) return false;
    this.#run ??= new GrowingRun('', [], this.lexRun);
    this.#run.grow(this.#blanks + text);
    this.#blanks = blanks;
    return true;
  }

  #cell(run: GrowingRun): Tokens.TableCell {
    return { ...this.#empty(this.#cells.length), text: run.source, tokens: run.tokens };
  }

  #empty(column: number): Tokens.TableCell {
    return { text: '', tokens: [], header: false, align: this.table.align[column] ?? null };
  }
}

/**
 * The open end of a table whose source ends with `source`; `before` is what of it is there already. Null where its end
 * is no row that can be told cell by cell. What is behind the row is `rest`.
 */
export function openRow(
  table: Tokens.Table,
  before: string,
  source: string,
  lexRun: LexRun,
): { readonly end: OpenRow; readonly rest: string } | null {
  const body = source.trimEnd();
  const start = body.lastIndexOf('\n') + 1;
  const line = body.slice(start);
  if (table.rows.length === 0 || !line.startsWith('|')) return null;
  const end = new OpenRow(table, table.rows.slice(0, -1), before + source.slice(0, start), lexRun);
  return end.grow(line) ? { end, rest: source.slice(body.length) } : null;
}
